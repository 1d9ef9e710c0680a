"""``ocop workflow lint``: each check of DESIGN section 3 finds its fault, names the line, and says how to mend it."""

from __future__ import annotations

import copy
import json
import string
from importlib import resources
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ocop_flow import regimes, yamlfile
from ocop_flow.domain import lint as lint_domain
from ocop_flow.domain import lint_names
from ocop_flow.domain.regime_document import from_document
from ocop_flow.errors import InputInvalid
from ocop_flow.messages.files import MESSAGES as FILE_MESSAGES
from ocop_flow.messages.workflow import MESSAGES

FOLDER = resources.files("ocop_flow.workflows")
REFERENCE = (FOLDER / "qd_26_2026.yaml").read_text(encoding="utf-8")
DECLARED = (FOLDER / "provincial_provisional.yaml").read_text(encoding="utf-8")
OVERLAY = (FOLDER / "overlays" / "example_province.yaml").read_text(encoding="utf-8")
BESIDE = (FOLDER / "beside" / "kinds.yaml").read_text(encoding="utf-8")
LADDER = (FOLDER / "ladders" / "standard.yaml").read_text(encoding="utf-8")

INTAKE = "  - id: return_for_supplement\n"


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, (old, text.count(old))
    return text.replace(old, new)


def lint(text: str) -> list[regimes.Problem]:
    return regimes.lint_file(text.encode("utf-8"), "own.yaml")


def line_of(text: str, needle: str) -> int:
    return text[: text.index(needle)].count("\n") + 1


def expect(text: str, code: str, needle: str) -> None:
    """Exactly this fault among others that may follow from it, at the line where ``needle`` stands."""
    found = lint(text)
    assert (code, f"own.yaml:{line_of(text, needle)}") in [(each.code, each.where) for each in found], found
    for each in found:
        message = (MESSAGES | FILE_MESSAGES)[each.code]
        assert message.message.format(**each.reason.params)
        assert message.remedy.format(**each.reason.params)


def test_every_shipped_file_is_clean() -> None:
    """A published workflow has passed lint: five regimes, ladders, the example of a province, and the family."""
    assert regimes.lint_shipped() == []


STATE = "  - {id: evaluation.province_council,"
DETOUR = (
    "  - {id: evaluation.waiting_room, label: {vi: A, en: A}, step: 5, tier: province, limit: none, ladder: standard}\n"
    "  - {id: evaluation.other_room, label: {vi: B, en: B}, step: 5, tier: province, limit: none, ladder: standard}\n"
)


def action(id_: str, source: str, to: str, kind: str = "forward", more: str = "") -> str:
    return (
        f"  - {{id: {id_}, label: {{vi: A, en: A}}, kind: {kind}, from: [{source}], to: {to}, "
        f"roles: [officer@holder], source: test, mark: derived{more}}}\n"
    )


def with_states(*actions: str, states: str = DETOUR) -> str:
    text = changed(REFERENCE, STATE, states + STATE)
    return changed(text, INTAKE, "".join(actions) + INTAKE)


def test_a_cycle_without_a_way_out_is_found_although_the_entity_could_withdraw() -> None:
    """Withdrawing leaves almost every state; it is no way to complete a dossier."""
    text = with_states(
        action("step_in", "evaluation.province_check", "evaluation.waiting_room"),
        action("step_on", "evaluation.waiting_room", "evaluation.other_room"),
        action("step_back", "evaluation.other_room", "evaluation.waiting_room"),
    )
    expect(text, "lint_cycle_without_exit", "  - {id: evaluation.waiting_room")
    assert [each.code for each in lint(text)] == ["lint_cycle_without_exit"]


def test_a_state_that_nothing_leaves_is_found() -> None:
    """A trap of one state."""
    text = with_states(
        action("step_in", "evaluation.province_check", "evaluation.waiting_room"),
        action("step_on", "evaluation.waiting_room", "evaluation.other_room"),
    )
    expect(text, "lint_state_without_exit", "  - {id: evaluation.other_room")


def test_a_state_that_nothing_reaches_is_found() -> None:
    """Two rooms that lead out, but into which nothing leads."""
    text = with_states(
        action("step_on", "evaluation.waiting_room", "evaluation.other_room"),
        action("step_out", "evaluation.other_room", "evaluation.province_council"),
    )
    expect(text, "lint_state_unreachable", "  - {id: evaluation.waiting_room")
    expect(text, "lint_state_unreachable", "  - {id: evaluation.other_room")


def test_a_trap_for_one_kind_of_dossier_alone_is_found() -> None:
    """Re-ratings have their own ways; an action limited to other kinds leaves them stuck."""
    text = changed(
        REFERENCE,
        "    to: rating.province_decision\n",
        "    to: rating.province_decision\n    kinds: [first, upgrade]\n",
    )
    text = changed(text, "  - id: reject_at_province\n", "  - id: reject_at_province\n    kinds: [first]\n")
    assert "lint_cycle_without_exit" in [each.code for each in lint(text)]


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


OVERLAY_FAULTS: list[tuple[str, str, str, str]] = [
    ('province: "37"', "province: 37", "schema_unquoted", "province: 37"),
    ('province: "37"', 'province: "037"', "schema_form_unit_code", 'province: "037"'),
    ("base: qd_26_2026", "base: qd_27_2027", "overlay_base_unknown", "base: qd_27"),
    ("decision: 00/2026/QĐ-UBND", "decision: next year", "schema_form_document_number", "decision:"),
    ('effective_from: "2026-09-01"', 'effective_from: "2026-05-01"', "overlay_outside_regime", "effective_from:"),
    ("  supplement_days: 10", '  supplement_days: "10"', "parameter_wrong_type", "  supplement_days:"),
    ("  supplement_days: 10", "  supplement_day: 10", "parameter_unknown", "  supplement_day:"),
    (
        "  re_rating_outside_window: refuse",
        "  re_rating_outside_window: forbid",
        "parameter_wrong_type",
        "  re_rating_outside",
    ),
    (
        "  commune_handling: {working_days: 10}",
        "  handling: {working_days: 10}",
        "overlay_limit_unknown",
        "  handling:",
    ),
    (
        "  commune_handling: {working_days: 10}",
        "  commune_handling: {hours: 10}",
        "schema_key_unknown",
        "  commune_handling:",
    ),
    (
        "  commune_handling: {working_days: 10}",
        "  commune_handling: {days: 1, months: 1}",
        "schema_not_one",
        "  commune_handling:",
    ),
    ("  chair_present: true", "  chair_absent: true", "schema_key_unknown", "  chair_absent"),
    ("  quorum: {share: [3, 4]}", "  quorum: {share: [5, 4]}", "lint_quorum_share", "schema: ocop"),
    ("  round_ended: decision", "  round_ended: sometimes", "schema_not_in_list", "  round_ended:"),
    (", gap: 10}", "}", "schema_key_missing", "  signs:"),
    ("  promotion:\n", "  fairs:\n", "schema_key_unknown", "  fairs:"),
    ("label: {vi: Bán hàng trực tuyến, en: Live sale}", "reply_days: 3", "schema_key_missing", "{id: live_sale"),
    ("{id: complaint, reply_days: 30}", "{id: complaint}", "schema_key_missing", "{id: complaint}"),
    ("{id: complaint, reply_days: 30}", "{id: complaint, reply_days: 0}", "schema_out_of_range", "{id: complaint"),
    ("  standard: [over_15_above]", "  standard: [over_7]", "overlay_rung_unknown", "  standard:"),
    ("  standard: [over_15_above]", "  private: [over_15_above]", "overlay_ladder_unknown", "  private:"),
]


@pytest.mark.parametrize(
    ("old", "new", "code", "needle"), OVERLAY_FAULTS, ids=[f"{f[2]}-{i}" for i, f in enumerate(OVERLAY_FAULTS)]
)
def test_a_fault_in_a_provinces_file_is_named_with_its_line(old: str, new: str, code: str, needle: str) -> None:
    """A province's own file is linted before it is adopted."""
    expect(changed(OVERLAY, old, new), code, needle)


BESIDE_FAULTS: list[tuple[str, str, str, str]] = [
    ("{id: shop, label", "{id: fair, label", "lint_name_twice", '{id: fair, label: {vi: "Điểm'),
    ("- id: promotion", "- id: fairs", "schema_not_in_list", "- id: fairs"),
    ("name: cost, type: money", "name: cost, type: number", "schema_not_in_list", "name: cost"),
    (
        "mark: recalled}\n      - id: denunciation",
        "mark: sure}\n      - id: denunciation",
        "schema_not_in_list",
        "mark: sure",
    ),
    (
        "name: result, type: text, label",
        "name: place, type: text, label",
        "lint_name_twice",
        "name: place, type: text, label: {vi: Kết",
    ),
]


@pytest.mark.parametrize(("old", "new", "code", "needle"), BESIDE_FAULTS, ids=[f[2] + f[3][:9] for f in BESIDE_FAULTS])
def test_a_fault_in_the_kinds_of_records_is_named_with_its_line(old: str, new: str, code: str, needle: str) -> None:
    """What is recorded beside the state is data that is checked like the rest of the law."""
    expect(changed(BESIDE, old, new), code, needle)


LADDER_FAULTS: list[tuple[str, str, str, str]] = [
    ("{id: before_7, days: -7", "{id: before_30, days: -7", "ladder_rung_twice", "{id: before_30, days: -7"),
    ("days: -7", "days: -30", "ladder_day_twice", "{id: before_7"),
    ("days: -7", "days: -40", "ladder_order", "{id: before_7"),
    ("{id: over_3, days: 3, to: leader}", "{id: over_3, days: 3, to: mayor}", "schema_not_in_list", "{id: over_3"),
    (
        "{id: before_3, days: -3, to: officer}",
        "{id: before_3, days: -3, to: leader}",
        "ladder_climbs_down",
        "{id: before_1,",
    ),
    ("to: unit_above, switched_by: province", "to: unit_above", "ladder_above_unswitched", "{id: over_15_above"),
    ("to: chair_office}", "to: chair_office, switched_by: province}", "ladder_switch_inside", "{id: over_7"),
]


@pytest.mark.parametrize(
    ("old", "new", "code", "needle"), LADDER_FAULTS, ids=[f"{f[2]}-{i}" for i, f in enumerate(LADDER_FAULTS)]
)
def test_a_fault_in_a_ladder_is_named_with_its_line(old: str, new: str, code: str, needle: str) -> None:
    """DESIGN section 6: a rung twice, out of order, an unknown recipient, the unit above without a decision."""
    expect(changed(LADDER, old, new), code, needle)


def test_a_regime_file_is_named_after_its_identifier() -> None:
    """A regime is found by its file's name."""
    assert [regimes.load_document(name)["id"] for name in regimes.shipped()] == list(regimes.shipped())


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


@pytest.mark.parametrize(
    "data",
    [b"", b"\xff\xfe", b"just text", b"- 1\n", b"a: [", b"schema: 1\n", b"[" * 10_000, b"a: &a [1]\nb: [*a, *a]\n"],
)
def test_what_is_no_workflow_file_is_a_problem_and_not_a_crash(data: bytes) -> None:
    """Anything may be handed in: not text, not YAML, not ours, nested or multiplied to exhaust the machine."""
    found = regimes.lint_file(data, "own.yaml")
    assert found
    assert all(each.where.startswith("own.yaml:") for each in found)


SHAPES: tuple[Any, ...] = (None, True, 7, -1, "", "text", [], [[]], [{}], [None], {}, {"id": {}}, {"parameter": {}})
NAMES = ("os.system", "rating.province_decision", {"parameter": "minima_by"}, {"parameter": "none"})
ODD = st.sampled_from((*SHAPES, *NAMES))


def places(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    """Every path of a document, the root left out."""
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [inner for key, item in items for inner in [(*path, key), *places(item, (*path, key))]]


BASE: dict[str, Any] = yamlfile.read(REFERENCE, "own.yaml").data


@settings(max_examples=150)
@given(st.lists(st.tuples(st.sampled_from(places(BASE)), ODD), min_size=1, max_size=3))
def test_no_value_anywhere_makes_the_checks_stumble(changes: list[tuple[tuple[str | int, ...], Any]]) -> None:
    """Whatever stands where: a list of problems with texts, never a crash. JSON is YAML, so it is a file like any."""
    document = copy.deepcopy(BASE)
    for path, value in changes:
        parent: Any = document
        try:
            for step in path[:-1]:
                parent = parent[step]
            parent[path[-1]] = copy.deepcopy(value)
        except (KeyError, IndexError, TypeError):
            continue
    for each in lint(json.dumps(document, ensure_ascii=False)):
        message = (MESSAGES | FILE_MESSAGES)[each.code]
        assert message.message.format(**each.reason.params)
        assert message.remedy.format(**each.reason.params)


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


def test_every_choice_that_a_province_has_leaves_a_sound_regime() -> None:
    """A parameter that sends dossiers to a state without a way on is found although it is not the answer in use."""
    text = (FOLDER / "qd_148_2023.yaml").read_text(encoding="utf-8")
    text = changed(
        text,
        "choices: [rating.district_decision, evaluation.district_council]",
        "choices: [rating.district_decision, closed.replaced, proposal.idea]",
    )
    text = text.replace("id: qd_148_2023", "id: qd_148_own")
    expect(text, "lint_forward_goes_back", "choices: [rating.district_decision, closed.replaced")


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


def adopted(text: str = OVERLAY) -> dict[str, Any]:
    return regimes.effective("qd_26_2026", regimes.read_overlay(text.encode("utf-8"), "own.yaml"))


def test_what_a_province_adopts_becomes_binding_under_its_own_decision() -> None:
    """DESIGN principle 10: an unknown rule warns until a province adopts it in its own file."""
    base, own = from_document(regimes.effective("qd_26_2026")), from_document(adopted())
    assert (base.parameters["supplement_days"].mark, own.parameters["supplement_days"].mark) == ("unknown", "adopted")
    assert own.parameters["supplement_days"].source == "00/2026/QĐ-UBND"
    assert own.parameters["supplement_days"].value == 10
    limit = own.limits["commune_handling"]
    assert (limit.period.unit, limit.period.count, limit.mark) == ("working_days", 10, "adopted")
    rules = own.council_rules
    assert (dict(rules.quorum or {}), rules.chair_present, rules.spread_at_most) == ({"share": [3, 4]}, True, 10)
    assert (rules.source, rules.mark) == ("00/2026/QĐ-UBND", "adopted")
    assert own.states["proposal.business_plan"].tier == "commune"


def test_a_rule_that_depends_on_an_adopted_answer_is_adopted_and_others_stay_as_they_were() -> None:
    """The supplement limit was unknown and takes its days from the parameter; the re-rating window is the law's own."""
    base, own = from_document(regimes.effective("qd_26_2026")), from_document(adopted())
    supplement = own.limits["supplement"]
    assert (supplement.period.count, supplement.source, supplement.mark) == (10, "00/2026/QĐ-UBND", "adopted")
    assert base.limits["supplement"].mark == "unknown"
    assert own.re_rating_window is not None
    assert (own.re_rating_window.outside, own.re_rating_window.mark) == ("refuse", "one_source")
    assert own.rating.mark == base.rating.mark
    assert own.mark == base.mark


def test_an_adopted_file_changes_the_hash_and_leaves_the_packaged_regime_alone() -> None:
    """Dossiers are pinned to the effective regime; another province's stay as they are."""
    before = regimes.workflow_hash(regimes.effective("qd_26_2026"))
    assert regimes.workflow_hash(adopted()) != before
    assert regimes.workflow_hash(regimes.effective("qd_26_2026")) == before


def test_rungs_to_the_unit_above_are_switched_on_by_the_province_alone() -> None:
    """DESIGN section 6."""
    assert regimes.rungs_switched_on(regimes.effective("qd_26_2026"), "standard") == frozenset()
    assert regimes.rungs_switched_on(adopted(), "standard") == {"over_15_above"}
    assert regimes.rungs_switched_on(adopted(), "certificate_expiry") == frozenset()


def test_a_faulty_or_foreign_file_is_not_adopted() -> None:
    """``workflow adopt`` lints first; the error lists every fault with its place."""
    with pytest.raises(InputInvalid) as caught:
        regimes.read_overlay(changed(OVERLAY, "  supplement_days: 10", "  supplement_day: 10").encode(), "own.yaml")
    assert [(r.code, r.params["where"]) for r in caught.value.reasons] == [("parameter_unknown", "own.yaml:14")]
    with pytest.raises(InputInvalid):
        regimes.read_overlay(REFERENCE.encode("utf-8"), "own.yaml")


def test_an_unknown_regime_is_not_in_the_list() -> None:
    """Exit code 2: not in a fixed list."""
    with pytest.raises(InputInvalid):
        regimes.effective("qd_1_1999")
    with pytest.raises(InputInvalid):
        regimes.load_document("../qd_26_2026")


def test_every_text_has_a_way_to_mend_it() -> None:
    """One line per problem: what is wrong and how to mend it; the remedy asks for no more than is known."""

    def fields(text: str) -> set[str]:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name}

    for code, message in MESSAGES.items():
        assert message.message, code
        assert message.remedy, code
        assert all(name.isidentifier() for name in fields(message.message) | fields(message.remedy)), code
