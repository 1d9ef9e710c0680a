"""A province's own file: what lint finds in it, and what its adoption changes (DESIGN principle 10)."""

from __future__ import annotations

from typing import Any

import pytest

from ocop_flow import regimes
from ocop_flow.domain.overlay import ADOPTED
from ocop_flow.domain.regime_document import from_document
from ocop_flow.errors import InputInvalid
from tests.regimes.linting import OVERLAY, REFERENCE, changed, expect

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
    # The commune has 15 working days from receipt (26/2026/QĐ-TTg art. 5), which no province lengthens.
    (
        "  commune_handling: {working_days: 10}",
        "  commune_handling: {working_days: 16}",
        "overlay_limit_longer",
        "  commune_handling:",
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
    for name in ("quorum", "chair_present", "spread_at_most", "round_ended"):
        assert rules.source_of(name) == ("00/2026/QĐ-UBND", "adopted")
    assert own.states["proposal.business_plan"].tier == "commune"


def test_a_council_rule_that_a_province_did_not_set_keeps_its_source() -> None:
    """DESIGN principle 10: who settled the quorum has said nothing of written opinions, which 26/2026/QĐ-TTg art. 8
    foresees for re-ratings, nor of the number of sittings, which nobody set.
    """
    for rules in (from_document(regimes.effective("qd_26_2026")).council_rules, from_document(adopted()).council_rules):
        assert rules.source_of("written_opinion") == ("26/2026/QĐ-TTg art. 8", "one_source")
        assert rules.source_of("sittings")[1] == "unknown"


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
    """DESIGN section 6; reminders read them from the effective document."""
    assert ADOPTED not in regimes.effective("qd_26_2026")
    ladders = adopted()[ADOPTED]["ladder"]
    assert (ladders["standard"], "certificate_expiry" in ladders) == (["over_15_above"], False)


def test_a_faulty_or_foreign_file_is_not_adopted() -> None:
    """``workflow adopt`` lints first; the error lists every fault with its place."""
    with pytest.raises(InputInvalid) as caught:
        regimes.read_overlay(changed(OVERLAY, "  supplement_days: 10", "  supplement_day: 10").encode(), "own.yaml")
    assert [(r.code, r.params["where"]) for r in caught.value.reasons] == [("parameter_unknown", "own.yaml:14")]
    with pytest.raises(InputInvalid):
        regimes.read_overlay(REFERENCE.encode("utf-8"), "own.yaml")
