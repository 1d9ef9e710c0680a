"""Regimes beside one another, as ``ocop workflow lint`` judges them: one for each day, states that go on."""

from __future__ import annotations

from typing import Any

import pytest

from ocop_flow import regimes
from ocop_flow.domain import lint as lint_domain
from ocop_flow.domain.regime_document import from_document
from ocop_flow.errors import InputInvalid


def family(**changes: dict[str, Any]) -> list[tuple[str, str]]:
    documents = {name: regimes.load_document(name) for name in regimes.shipped()}
    for name, fields in changes.items():
        documents[name].update(fields)
    found = lint_domain.lint_family([from_document(document) for document in documents.values()])
    return [(id_, each.reason.code) for id_, each in found]


def test_regimes_follow_one_another_without_gap_or_overlap() -> None:
    """148 ends on the eve of 1489 (6 July 2025), so that every day has one regime."""
    assert family(qd_148_2023={"effective_to": "2025-07-06"}) == [("qd_148_2023", "lint_family_days")]
    assert family(qd_148_2023={"effective_to": None, "transition": None}) == [("qd_148_2023", "lint_family_days")]


def test_a_later_regime_keeps_the_states_by_which_dossiers_are_filed() -> None:
    """Pinning: a dossier opened under an older regime is filed under the one in force, into the same state."""
    states = [s for s in regimes.load_document("qd_26_2026")["states"] if s["id"] != "registration.intake"]
    assert ("qd_26_2026", "lint_family_filing") in family(qd_26_2026={"states": states})


def test_transition_rules_name_every_kind_once() -> None:
    """26/2026/QĐ-TTg art. 12: 60 days for first ratings and upgrades, 30 for re-ratings."""
    document = regimes.load_document("qd_148_2023")
    document["transition"]["limits"].pop()
    found = lint_domain.lint(document, ladders=("standard",))
    assert [each.reason.code for each in found] == ["lint_transition_kind"]


def test_a_regime_file_is_named_after_its_identifier() -> None:
    """A regime is found by its file's name."""
    assert [regimes.load_document(name)["id"] for name in regimes.shipped()] == list(regimes.shipped())


def test_an_unknown_regime_is_not_in_the_list() -> None:
    """Exit code 2: not in a fixed list."""
    with pytest.raises(InputInvalid):
        regimes.effective("qd_1_1999")
    with pytest.raises(InputInvalid):
        regimes.load_document("../qd_26_2026")
