"""Checks that a published workflow has passed (DESIGN section 3): one finding per fault, with its place in the file.

The schema has already said which keys and values a file may hold. Here is asked whether the whole makes sense: can
every dossier come to an end, does someone owe each next step, does every result lead somewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ocop_flow.domain import lint_duties, lint_graph, lint_names, lint_outcomes, lint_rating
from ocop_flow.domain.lint_family import lint_family, validity_is_sane, window_is_sane
from ocop_flow.domain.lint_subject import CriteriaSummary, Subject
from ocop_flow.domain.regime_document import from_document

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

    from ocop_flow.domain.finding import Finding
    from ocop_flow.domain.regime import Document

__all__ = ["CHECKS", "CriteriaSummary", "lint", "lint_family"]

CHECKS: tuple[Callable[[Subject], Iterator[Finding]], ...] = (
    lint_names.names_stand_once,
    lint_names.references_lead_somewhere,
    lint_names.fixed_names_are_kept,
    lint_names.states_say_where_they_stand,
    lint_names.action_names_are_free,
    lint_names.computed_keys_are_absent,
    lint_graph.states_are_reached,
    lint_graph.states_can_be_left,
    lint_graph.recognition_is_reached,
    lint_graph.phases_keep_their_order,
    lint_graph.recognition_is_decided,
    lint_graph.filing_is_one_action,
    lint_graph.returns_come_back,
    lint_duties.roles_may_act,
    lint_duties.recorded_decisions_say_why,
    lint_duties.fields_are_answerable,
    lint_duties.waiting_states_have_owner,
    lint_duties.limits_and_states_agree,
    lint_duties.council_rules_make_sense,
    lint_outcomes.guards_make_sense,
    lint_outcomes.outcomes_lead_somewhere,
    lint_outcomes.certificates_can_be_revoked,
    lint_outcomes.causes_are_the_grounds,
    lint_rating.rating_has_its_keys,
    lint_rating.bands_cover_all_points,
    lint_rating.parts_add_up,
    lint_rating.criteria_add_up,
    lint_rating.product_sets_are_known,
    lambda subject: validity_is_sane(subject.regime),
    lambda subject: window_is_sane(subject.regime),
)


def lint(
    document: Document, *, ladders: Collection[str], criteria: Collection[CriteriaSummary] | None = None
) -> list[Finding]:
    """Every fault of a regime.

    document  passed ``workflows/schema/regime.schema.json``, every parameter reference resolved
    ladders   ids of the ladders that exist
    criteria  its criteria sets; None where they are not known
    returns   no finding twice, in the order of CHECKS
    """
    subject = Subject(document, from_document(document), ladders, criteria)
    found = [each for check in CHECKS for each in check(subject)]
    return [each for index, each in enumerate(found) if each not in found[:index]]
