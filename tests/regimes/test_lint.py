"""``ocop workflow lint``: each fault in a regime is found, with its line and how to mend it (DESIGN section 3)."""

from __future__ import annotations

import string

import pytest

from ocop_flow import regimes
from ocop_flow.domain import lint as lint_domain
from ocop_flow.domain import lint_names
from ocop_flow.messages.workflow import MESSAGES
from tests.regimes.linting import FOLDER, REFERENCE, changed, expect, lint

DECLARED = (FOLDER / "provincial_provisional.yaml").read_text(encoding="utf-8")


def test_every_shipped_file_is_clean() -> None:
    """A published workflow has passed lint: five regimes, ladders, the example of a province, and the family."""
    assert regimes.lint_shipped() == []


# (old, new, code, where the line is)
FAULTS: list[tuple[str, str, str, str]] = [
    # names
    ("to: proposal.business_plan\n", "to: proposal.plan\n", "lint_state_unknown", "to: proposal.plan\n"),
    (
        "from: [registration.supplement]",
        "from: [registration.suplement]",
        "lint_state_unknown",
        "from: [registration.sup",
    ),
    (
        "  existing_product: registration.intake",
        "  existing_product: registration.desk",
        "lint_state_unknown",
        "  existing_product",
    ),
    ("{kind: province_letter,", "{kind: province_note,", "lint_evidence_unknown", "{kind: province_note"),
    (
        "separate_from: [submit_central_result]",
        "separate_from: [submit_result]",
        "lint_action_unknown",
        "separate_from: [submit_result]",
    ),
    (
        "tier: commune, limit: commune_handling,",
        "tier: commune, limit: handling,",
        "lint_limit_unknown",
        "  - {id: registration.intake",
    ),
    ("  - id: withdraw\n", "  - id: state\n", "lint_action_name_reserved", "  - id: state\n"),
    ("  - id: withdraw\n", "  - id: to_the_entity\n", "lint_action_name_reserved", "  - id: to_the_entity\n"),
    ("  - id: withdraw\n", "  - id: may_withdraw\n", "lint_action_name_reserved", "  - id: may_withdraw\n"),
    (
        "  - id: withdraw\n",
        "  - id: revoke\n",
        "lint_name_twice",
        "  - id: revoke\n    label: {vi: Thu hồi giấy chứng nhận,",
    ),
    (
        "en: Provincial council}, step: 5, tier: province",
        "en: Provincial council}, step: 5, tier: central",
        "lint_council_tier",
        "  - {id: evaluation.province_council",
    ),
    ("step: 6, tier: province", "step: 5, tier: province", "lint_state_step", "  - {id: promotion.active"),
    (
        "kinds: [first, upgrade, re_rating]\ntracks",
        "kinds: [first, upgrade]\ntracks",
        "lint_kind_unknown",
        "    kinds: [re_rating]",
    ),
    (
        "en: Withdrawn by the entity}}",
        "en: Withdrawn by the entity}, tier: commune}",
        "lint_closed_state_key",
        "  - {id: closed.withdrawn",
    ),
    # ways
    (
        "    to: evaluation.province_check\n    roles: [leader@holder]",
        "    to: proposal.implementation\n    roles: [leader@holder]",
        "lint_forward_goes_back",
        "    to: proposal.implementation\n    roles: [leader@holder]",
    ),
    (
        "    to: closed.not_recognised\n",
        "    to: rating.province_choice\n",
        "lint_end_expected",
        "    to: rating.province_choice\n    roles: [leader@holder]\n    decision: true\n    reason",
    ),
    (
        "    from: [proposal, registration, evaluation, rating]",
        "    from: [proposal, registration, evaluation, rating, closed]",
        "lint_leaves_final_state",
        "    from: [proposal, registration, evaluation, rating, closed]",
    ),
    ("    files: true\n", "", "lint_filing_not_one", "actions:\n"),
    (
        "    to: registration.supplement\n",
        "    to: evaluation.province_supplement\n",
        "lint_return_other_tier",
        "    to: evaluation.province_supplement\n    roles: [officer@holder, leader",
    ),
    (
        "ladder: standard, clock: stopped}\n  - {id: evaluation.province_check",
        "ladder: standard}\n  - {id: evaluation.province_check",
        "lint_return_keeps_clock",
        "    to: registration.supplement\n",
    ),
    (
        "    from: [proposal.implementation]\n    to: registration.intake",
        "    from: [proposal.business_plan]\n    to: registration.intake",
        "lint_state_without_exit",
        "  - {id: proposal.implementation",
    ),
    # duties
    (
        "    to: rating.central_decision\n    roles: [council_secretary@holder]\n",
        "    to: rating.central_decision\n",
        "lint_action_without_role",
        "  - id: submit_central_result",
    ),
    (
        "roles: [officer@commune, leader@commune]",
        "roles: [officer@commune, leader@province]",
        "lint_roles_at_two_tiers",
        "    roles: [officer@commune, leader@province]",
    ),
    (
        "roles: [officer@commune, leader@commune]",
        "roles: [admin@commune]",
        "lint_role_never_moves",
        "    roles: [admin@commune]",
    ),
    (
        "    kind: system\n    from: [promotion.active]\n    to: closed.expired",
        "    kind: system\n    roles: [leader@holder]\n    from: [promotion.active]\n    to: closed.expired",
        "lint_system_action_key",
        "    roles: [leader@holder]\n    from: [promotion.active]\n    to: closed.expired",
    ),
    (
        "    roles: [leader@holder]\n    reason: true\n    recordable: true\n    source: 26/2026/QĐ-TTg art. 7.4",
        "    roles: [leader@holder]\n    recordable: true\n    source: 26/2026/QĐ-TTg art. 7.4",
        "lint_recordable_without_paper",
        "    recordable: true\n    source: 26/2026/QĐ-TTg art. 7.4",
    ),
    (
        "en: Central council}, step: 5, tier: central, limit: central_re_rating_finish, ladder: standard}",
        "en: Central council}, step: 5, tier: central, ladder: standard}",
        "lint_state_without_limit",
        "  - {id: evaluation.central_council",
    ),
    (
        "en: Central council}, step: 5, tier: central, limit: central_re_rating_finish, ladder: standard}",
        "en: Central council}, step: 5, tier: central, limit: central_re_rating_finish, ladder: none}",
        "lint_state_without_ladder",
        "  - {id: evaluation.central_council",
    ),
    (
        "en: Central council}, step: 5, tier: central, limit: central_re_rating_finish, ladder: standard}",
        "en: Central council}, step: 5, tier: central, limit: supplement, ladder: standard}",
        "lint_limit_omits_state",
        "  - {id: evaluation.central_council",
    ),
    ("limit: commune_handling, ladder", "limit: none, ladder", "lint_limit_unnamed", "  - {id: registration.intake"),
    # outcomes
    (
        "    separate_from: [submit_province_result]\n    guards: [{stars_between: [3, 4],",
        "    separate_from: [submit_province_result]\n    guards: [{stars_between: [3, 3],",
        "lint_outcome_without_action",
        "  - {id: rating.province_decision",
    ),
    (
        "    separate_from: [submit_province_result]\n    guards: [{stars_between: [3, 4],",
        "    separate_from: [submit_province_result]\n    guards: [{stars_between: [3, 5],",
        "lint_outcome_with_two_actions",
        "  - {id: rating.province_decision",
    ),
    (
        "    separate_from: [submit_province_result]\n    guards: [{stars_between: [3, 4],",
        "    separate_from: [submit_province_result]\n    guards: [{stars_between: [4, 3],",
        "lint_guard_range",
        "guards: [{stars_between: [4, 3]",
    ),
    (
        "{decided_stars_between: [5, 5],",
        "{decided_stars_between: [4, 4],",
        "lint_stars_not_revocable",
        "  - {id: promotion.active",
    ),
    # points
    ("{stars: 4, from: 70,", "{stars: 4, from: 90,", "lint_band_overlap", "{stars: 4, from: 90"),
    ("{stars: 3, from: 50,", "{stars: 3, from: 75,", "lint_band_overlap", "{stars: 3, from: 75"),
    ("{stars: 1, from: 0,", "{stars: 1, from: 10,", "lint_band_gap", "{stars: 1, from: 10"),
    ("    - {stars: 2, from: 30, recognised_by: null}\n", "", "lint_band_stars", "  bands:"),
    (
        "{stars: 2, from: 30, recognised_by: null}",
        "{stars: 2, from: 30, recognised_by: province}",
        "lint_band_recognition",
        "{stars: 2, from: 30",
    ),
    ("parts: {A: 40, B: 25, C: 35}", "parts: {A: 40, B: 25, C: 30}", "lint_parts_sum", "parts: {A: 40"),
    ("parts: {A: 40, B: 25, C: 35}", "parts: {A: 35, B: 25, C: 40}", "lint_criteria_parts", "parts: {A: 35"),
    (
        "services: [community_eco_tourism]",
        "services: [eco_tourism]",
        "lint_product_set_unknown",
        "services: [eco_tourism]",
    ),
    ("  kind: scored\n", "  kind: declared\n", "lint_declared_rating_key", "  bands:"),
    ("  earliest_days: 180", "  earliest_days: 100", "lint_window_order", "re_rating_window:"),
    # days
    ("effective_to: null", 'effective_to: "2026-05-21"', "lint_ends_before_start", "effective_to:"),
    # parameters
    ("    value: province\n", "    value: provinces\n", "parameter_wrong_type", "    value: provinces"),
    (
        "    type: integer_or_none\n    value: null",
        "    type: integer_or_none\n    value: ten",
        "parameter_wrong_type",
        "    value: ten",
    ),
    (
        "    type: integer_or_none\n    value: null",
        "    type: integer\n    value: null",
        "parameter_wrong_type",
        "    value: null",
    ),
    (
        "    type: integer_or_none\n    value: null",
        "    type: integer_or_none\n    value: true",
        "parameter_wrong_type",
        "    value: true",
    ),
    (
        "choices: [accept_with_warning, refuse, treat_as_first]\n    value: accept_with_warning",
        "choices: [accept_with_warning, refuse, treat_as_first]\n    value: shrug",
        "parameter_wrong_type",
        "    value: shrug",
    ),
    ("choices: [cap, no_recognition]", "choices: [cap, guess]", "schema_not_in_list", "choices: [cap, guess]"),
    ("{parameter: minima_by}", "{parameter: minima}", "parameter_unknown", "{parameter: minima}"),
    # form
    ("{stars_at_most: 4,", "{os.system: 4,", "guard_unknown", "{os.system"),
    ("{stars_at_most: 4,", "{mean_above: 4,", "guard_unknown", "{mean_above"),
    ("{stars_at_most: 4,", "{stars_at_most: [1, 4],", "schema_wrong_type", "{stars_at_most: [1, 4]"),
    ("{stars_at_most: 4,", "{stars_at_most: 4, mean_below: 90,", "schema_not_one", "{stars_at_most: 4, mean_below"),
    ("  - id: withdraw\n", "  - id: os.system\n", "schema_form_name", "  - id: os.system"),
    ("  - id: withdraw\n", "  - id: withdraw\n    before: os.system\n", "schema_key_unknown", "    before: os.system"),
    ("mark: two_sources\n\nparameters", "mark: certain\n\nparameters", "schema_not_in_list", "mark: certain"),
    ("en: Idea registration}", 'en: ""}', "schema_form_text", "  - {id: proposal.idea"),
    (
        "{vi: Đăng ký ý tưởng, en: Idea registration}",
        "{vi: Đăng ký ý tưởng}",
        "schema_key_missing",
        "  - {id: proposal.idea",
    ),
    ("{vi: Rút hồ sơ, en: Withdraw}", "{vi: Rút hồ sơ, en: 12}", "schema_unquoted", "{vi: Rút hồ sơ, en: 12}"),
    (
        "roles: [officer@commune, leader@commune]",
        "roles: [chairman@commune]",
        "schema_form_role",
        "roles: [chairman@commune]",
    ),
    ('effective_from: "2026-05-22"', 'effective_from: "2026-02-30"', "schema_form_date", "effective_from:"),
    ('effective_from: "2026-05-22"', "effective_from: 2026-05-22", "yaml_unquoted", "effective_from:"),
    ("id: qd_26_2026\n", "id: qd_26_2026\nid: qd_26_2027\n", "yaml_duplicate_key", "id: qd_26_2027"),
    ("kinds: [first, upgrade, re_rating]\ntracks", "kinds: &k [first]\nothers: *k\ntracks", "yaml_alias", "others: *k"),
    ("schema: ocop-regime/1", "schema: ocop-regime/2", "workflow_schema_unknown", "schema: ocop-regime/2"),
    ("source: 26/2026/QĐ-TTg\nmark", "criteria: {}\nsource: 26/2026/QĐ-TTg\nmark", "lint_key_computed", "criteria: {}"),
]


@pytest.mark.parametrize(("old", "new", "code", "needle"), FAULTS, ids=[f"{f[2]}-{i}" for i, f in enumerate(FAULTS)])
def test_a_fault_in_a_regime_is_named_with_its_line_and_remedy(old: str, new: str, code: str, needle: str) -> None:
    """DESIGN section 3, one fault at a time in the file of Decision 26/2026/QĐ-TTg."""
    expect(changed(REFERENCE, old, new), code, needle)


def test_a_parameter_stands_only_where_the_schema_lets_it() -> None:
    """An identifier or a kind of action is never the answer to an open question."""
    text = changed(REFERENCE, "  - id: withdraw\n", "  - id: {parameter: minima_by}\n")
    expect(text, "schema_wrong_type", "  - id: {parameter: minima_by}")


def test_several_faults_are_reported_together_and_by_line() -> None:
    """An author mends a file in one go."""
    text = changed(REFERENCE, "{stars: 1, from: 0,", "{stars: 1, from: 10,")
    text = changed(text, "roles: [officer@commune, leader@commune]", "roles: [auditor@commune]")
    text = changed(text, "{kind: province_letter,", "{kind: province_note,")
    found = lint(text)
    assert [each.code for each in found] == ["lint_band_gap", "lint_evidence_unknown", "lint_role_never_moves"]


def test_reserved_names_cover_what_transitions_puts_on_a_model() -> None:
    """DESIGN section 3: action ids never collide with it. Asked of the library itself."""
    from transitions import Machine

    class Model:
        pass

    model = Model()
    machine = Machine(
        model, states=["a", "b"], transitions=[{"trigger": "go", "source": "a", "dest": "b"}], initial="a"
    )
    taken = {name for each in (model, machine) for name in dir(each) if not name.startswith("_")} - {"go"}
    free = {n for n in taken if n not in lint_names.RESERVED and not n.startswith(lint_names.RESERVED_PREFIXES)}
    assert free == set()


def test_a_declared_regime_has_no_bands() -> None:
    """Provincial provisional criteria: stars are declared, never computed."""
    text = changed(DECLARED, "  kind: declared\n", "  kind: declared\n  parts: {A: 40, B: 25, C: 35}\n")
    expect(text, "lint_declared_rating_key", "  parts: {A: 40")


def test_a_criteria_set_adds_up_or_says_that_it_does_not() -> None:
    """Three sets of 1048 lack points in the source; they are marked and take part totals."""
    document = regimes.load_document("qd_26_2026")
    parts = {"A": 40, "B": 25, "C": 35}
    summary = lint_domain.CriteriaSummary("community_eco_tourism", parts, sums_ok=False, part_totals=False)
    found = lint_domain.lint(document, ladders=("standard",), criteria=[summary])
    assert [each.reason.code for each in found] == ["lint_criteria_sum"]
    marked = summary._replace(part_totals=True)
    assert lint_domain.lint(document, ladders=("standard",), criteria=[marked]) == []


def test_every_text_has_a_way_to_mend_it() -> None:
    """One line per problem: what is wrong and how to mend it; the remedy asks for no more than is known."""

    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for code, message in MESSAGES.items():
        assert message.message, code
        assert message.remedy, code
        assert all(name.isidentifier() for name in fields(message.message) | fields(message.remedy)), code
