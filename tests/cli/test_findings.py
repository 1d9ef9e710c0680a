"""What an auditor asks about first: every detector with a history that has its sign and one that has not.

Histories come from walks through the command line; where no lawful command makes the sign, one act is altered in
memory. None of these signs is a rule of OCOP: where a law stands behind one, the finding carries its article.
"""

from __future__ import annotations

import csv
import dataclasses
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import openpyxl
import pytest

from ocop_flow import bootstrap, config
from ocop_flow.domain.beside import Beside, Margin
from ocop_flow.domain.event import UnitRef
from ocop_flow.domain.findings import ALONE, Case, Found, Held, Limits, Step
from ocop_flow.domain.findings_across import ACROSS, Numbered, Used, number_gap
from ocop_flow.domain.findings_paid import ON_PAYMENT, Supported
from ocop_flow.errors import Text
from ocop_flow.service import findings, laws
from tests.cli.conftest import copied
from tests.cli.contract import held
from tests.cli.office import Office

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from ocop_flow.domain.event import Event

COMMUNE, PROVINCE = "12103", "33"
UNIT = UnitRef(PROVINCE, "Tỉnh Hưng Yên", "province")


@pytest.fixture(scope="module")
def office(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(copied(sandbox_database, tmp_path_factory.mktemp("findings")))


@pytest.fixture(scope="module")
def code(office: Office) -> str:
    """A dossier of 26/2026 from registration to promotion with four stars; every act recorded on its day."""
    dossier = office.open(COMMUNE, "Cà phê kiểm toán", track="existing_product")
    assert office.walk(dossier, "promotion") == "promotion.active"
    return dossier


@pytest.fixture(scope="module")
def case(office: Office, code: str) -> Case:
    wired = bootstrap.open_office(config.read(str(office.db), "en", None))
    with wired.reader() as uow:
        return findings.case_of(uow, wired, code, Limits(), laws.kept(uow))


def altered(case: Case, action: str, change: Callable[[Step], Step]) -> Case:
    """The case with every step of an action changed."""
    return dataclasses.replace(
        case, steps=tuple(change(step) if step.event.action == action else step for step in case.steps)
    )


def event_with(**values: Any) -> Callable[[Step], Step]:
    return lambda step: dataclasses.replace(step, event=dataclasses.replace(step.event, **values))


def codes(kind: str, case: Case) -> list[tuple[int | None, str]]:
    return [(found.seq, found.because.code) for found in ALONE[kind](case)]


def seq_of(case: Case, action: str) -> int:
    return next(step.event.seq for step in case.steps if step.event.action == action)


@pytest.mark.parametrize("kind", ALONE)
def test_a_plain_history_shows_no_sign(case: Case, kind: str) -> None:
    """Recorded at once, by different persons, on a mean of 75 points, without a correction."""
    assert codes(kind, case) == []


def test_an_act_recorded_live_more_than_thirty_days_after_is_late(case: Case) -> None:
    late = altered(case, "recognise", lambda step: dataclasses.replace(step, late=31))
    assert codes("recorded_late", late) == [(seq_of(case, "recognise"), "found_late")]
    on_time = altered(case, "recognise", lambda step: dataclasses.replace(step, late=30))
    assert codes("recorded_late", on_time) == []


@pytest.mark.parametrize(
    ("mean", "told"), [("139/2", "found_edge_below"), ("70", "found_edge_above"), ("69", None), ("71", None)]
)
def test_a_decision_within_half_a_point_of_seventy_is_at_the_edge(case: Case, mean: str, told: str | None) -> None:
    """Four stars begin at 70 points (26/2026/QĐ-TTg, as every decision before)."""

    def rated(step: Step) -> Step:
        assert step.before is not None
        assert step.before.result is not None
        result = dataclasses.replace(step.before.result, mean_total=Fraction(mean))
        return dataclasses.replace(step, before=step.before._replace(result=result))

    found = list(ALONE["edge_of_band"](altered(case, "recognise", rated)))
    assert [each.because.code for each in found] == ([told] if told else [])
    assert all("26/2026" in (each.because.source or "") for each in found)


def test_what_a_decision_overrode_is_told_with_its_article(case: Case) -> None:
    from ocop_flow.errors import reason

    rule = reason("evidence_missing", source="26/2026/QĐ-TTg art. 5", mark="one_source")
    found = list(ALONE["as_decided"](altered(case, "recognise", event_with(overridden=(rule,)))))
    assert [(each.because.source, each.because.mark) for each in found] == [("26/2026/QĐ-TTg art. 5", "one_source")]


def test_who_prepared_a_dossier_and_signed_its_decision_is_told(case: Case) -> None:
    officer = case.steps[0].event.actor

    def signed(step: Step) -> Step:
        assert step.event.signer is not None
        signer = dataclasses.replace(step.event.signer, login=officer.login, name=officer.name)
        return event_with(signer=signer)(step)

    assert codes("same_person", altered(case, "recognise", signed)) == [
        (seq_of(case, "recognise"), "found_same_person")
    ]


def test_a_taking_back_and_a_correction_are_told(office: Office) -> None:
    dossier = office.open(COMMUNE, "Trà sửa tên", track="existing_product")
    officer = office.holder("officer", COMMUNE)
    office.do("fix", dossier, "product", "Trà xanh", "--reason", "gõ nhầm", who=officer)
    office.take(dossier, "withdraw")
    office.do("undo", dossier, who=officer)
    answer = held(office.do("audit", "findings", "--unit", COMMUNE), "audit findings")
    told = [item["reason"]["code"] for item in answer["findings"] if item["subject"] == dossier]
    assert [each for each in told if each.startswith("found_changed")] == ["found_changed_fix", "found_changed_undo"]


def test_a_sheet_keyed_twice_is_told(case: Case) -> None:
    score = next(step for step in case.steps if step.event.action == "score")
    again = dataclasses.replace(case, steps=(*case.steps, score))
    assert codes("reopened", again) == [(score.event.seq, "found_changed_score")]


@pytest.mark.parametrize(("met", "told"), [(False, True), (True, False), (None, False)])
def test_a_recognition_on_a_sitting_without_quorum_is_told(case: Case, met: bool | None, told: bool) -> None:
    """Whether there was one is what the sitting recorded under its rules; where no rule said, nothing is told."""

    def sat(step: Step) -> Step:
        quorum = {"present": 3, "members": 9, "required": None if met is None else 6, "met": met, "chair": True}
        return event_with(data={**step.event.data, "quorum": quorum})(step)

    found = codes("no_quorum", altered(case, "close_sitting", sat))
    assert found == ([(seq_of(case, "recognise"), "found_no_quorum")] if told else [])


# --- across histories -------------------------------------------------------------------------------------------------


def across(kind: str, *cases: Case, limits: Limits | None = None) -> list[Found]:
    items = [item for each in cases for item in ACROSS[kind].gather(each)]
    return list(ACROSS[kind].judge(items, limits or Limits()))


def from_paper(campaign: str, late: int) -> Callable[[Step], Step]:
    return lambda step: dataclasses.replace(event_with(entry=f"paper:{campaign}")(step), late=late)


def test_late_acts_from_paper_are_one_finding_for_each_campaign(case: Case) -> None:
    two = altered(altered(case, "recognise", from_paper("2025", 400)), "score", from_paper("2024", 40))
    found = across("recorded_late", two, two)
    assert [(each.because.params["campaign"], each.because.params["count"]) for each in found] == [
        ("2024", 2),
        ("2025", 2),
    ]
    assert across("recorded_late", altered(case, "recognise", from_paper("2025", 5))) == []


def test_units_are_ranked_by_how_long_they_hold_a_dossier_on_average(case: Case) -> None:
    """10 and 30 days make 20 on average, more than one stay of 15; a stay of no day is not told."""
    slow, quick = UnitRef("1", "Xã số 1", "commune"), UnitRef("2", "Xã số 2", "commune")
    day = date(2026, 6, 1)
    stays = (Held(slow, "a", 1, day, 10), Held(quick, "a", 2, day, 15), Held(slow, "b", 3, day, 30))
    found = across("held_longest", dataclasses.replace(case, held=stays))
    assert [(each.unit, each.because.params["average"], each.seq) for each in found] == [(slow, 20, 3), (quick, 15, 2)]
    assert across("held_longest", dataclasses.replace(case, held=(Held(quick, "a", 2, day, 0),))) == []
    one = across("held_longest", dataclasses.replace(case, held=stays), limits=Limits(longest=1))
    assert [each.unit for each in one] == [slow]


def test_a_file_handed_in_for_two_products_is_told_at_the_second(office: Office, tmp_path: Path) -> None:
    """Sealed digests are salted and differ; the file's own SHA-256 is what is compared."""
    paper, other = tmp_path / "phiếu.pdf", tmp_path / "khác.pdf"
    paper.write_bytes(b"%PDF-1.7 cung mot phieu")
    other.write_bytes(b"%PDF-1.7 phieu khac")
    first, second = (office.open(COMMUNE, name, track="existing_product") for name in ("Mật ong rừng", "Mật ong vườn"))
    officer = office.holder("officer", COMMUNE)
    for dossier, file in ((first, paper), (first, paper), (second, other)):
        office.do("attach", dossier, str(file), "--kind", "registration_form", who=officer)
    assert _kinds(office, "evidence_reused") == []
    office.do("attach", second, str(paper), "--kind", "registration_form", who=officer)
    [told] = _kinds(office, "evidence_reused")
    assert (told["subject"], first in told["reason"]["message"]) == (second, True)


def _kinds(office: Office, kind: str, *words: str) -> list[dict[str, Any]]:
    answer = held(office.do("audit", "findings", *words), "audit findings")
    return [item for item in answer["findings"] if item["kind"] == kind]


def test_the_same_file_twice_for_one_product_is_no_finding() -> None:
    label = Text("Phiếu", "Form")
    twice = [Used(date(2026, 6, day), "a" * 64, label, "SP-1", "HS-1", day, UNIT) for day in (1, 2)]
    assert list(ACROSS["evidence_reused"].judge(twice, Limits())) == []


def numbered(*numbers: int, issuer: UnitRef | None = UNIT, year: int = 2026, kind: str = "QĐ-UBND") -> list[Numbered]:
    return [Numbered(date(year, 1, 1), issuer, year, kind, number, "dossier", f"HS-{number}") for number in numbers]


def test_numbers_lacking_within_one_issuer_year_and_kind_are_told_once_for_the_series() -> None:
    """Numbers of documents run within issuer, year and kind (Decree 30/2020/NĐ-CP)."""
    [found] = number_gap(numbered(12, 15, 18, 12), Limits())
    assert (found.because.params["numbers"], found.because.params["count"]) == ("13, 14, 16, 17", 4)
    other = UnitRef("01", "Hà Nội", "province")
    apart = [*numbered(12), *numbered(14, issuer=other), *numbered(16, year=2025), *numbered(18, kind="QĐ-SNN")]
    assert list(number_gap(apart, Limits())) == []
    assert list(number_gap(numbered(7, 8, 9), Limits())) == []


def test_numbers_of_signed_papers_and_of_certificates_are_gathered(case: Case) -> None:
    """The walk signs with 12/QĐ-UBND; the certificate bears the first number of 2026."""
    gathered = {(item.kind, item.number, item.year) for item in ACROSS["number_gap"].gather(case)}
    assert ("QĐ-UBND", 12, 2026) in gathered
    assert ("CN", 1, 2026) in gathered


# --- support ----------------------------------------------------------------------------------------------------------


def paid(*days: str, kind: str = "support", **changes: Any) -> Supported:
    """Support of 5 million VND on some days, for a certificate valid from 1 March 2026 to 1 March 2029."""
    records = tuple(
        Beside(f"x:promotion:{seq}", "promotion", kind, date.fromisoformat(on), seq, {"cost": "5000000"}, None, None)
        for seq, on in enumerate(days, start=1)
    )
    about = Supported(
        "certificate", "8/GCN", Margin(records), True, date(2026, 3, 1), date(2029, 3, 1), None, {1: UNIT, 2: UNIT}
    )
    return dataclasses.replace(about, **changes)


PAID: dict[str, tuple[Supported, dict[str, list[int]]]] = {
    "once, in time": (paid("2026-05-01"), {}),
    "on the day of the decision": (paid("2026-03-01"), {}),
    "on the last day of validity": (paid("2029-03-01"), {}),
    "twice": (paid("2026-05-01", "2026-07-01"), {"paid_twice": [2]}),
    "no payment": (paid("2026-05-01", "2026-07-01", kind="fair"), {}),
    "the day before the decision": (paid("2026-02-28"), {"paid_before_decision": [1]}),
    "without any certificate": (
        paid("2026-05-01", certified=False, issued_on=None, valid_to=None),
        {"paid_before_decision": [1]},
    ),
    "the day after the end": (paid("2029-03-02"), {"paid_after_end": [1]}),
    "on the day of revocation": (paid("2026-09-01", revoked_on=date(2026, 9, 1)), {"paid_after_end": [1]}),
    "before revocation": (paid("2026-08-31", revoked_on=date(2026, 9, 1)), {}),
    "of a certificate of unknown days": (paid("2026-05-01", issued_on=None, valid_to=None), {}),
}


@pytest.mark.parametrize("name", PAID)
def test_support_is_held_against_the_days_of_its_certificate(name: str) -> None:
    about, wanted = PAID[name]
    found = {kind: [each.seq for each in judge(about)] for kind, judge in ON_PAYMENT.items()}
    assert {kind: seqs for kind, seqs in found.items() if seqs} == wanted


def test_support_beside_a_dossier_is_found_through_the_command(office: Office, code: str) -> None:
    officer = office.holder("officer", PROVINCE)
    waiting = office.open(COMMUNE, "Tương chưa công nhận", track="existing_product")
    for dossier in (waiting, code):
        office.do("promotion", "add", dossier, "--kind", "support", "--cost", "5.000.000", who=officer)
    [told] = _kinds(office, "paid_before_decision")
    assert (told["subject"], "5.000.000" in told["reason"]["message"]) == (waiting, True)


# --- the command ------------------------------------------------------------------------------------------------------


def test_unit_and_period_narrow_the_findings(office: Office, code: str) -> None:
    """By area and by legal day; another province has nothing to show, and neither has a year to come."""
    assert held(office.do("audit", "findings", "--unit", "01"), "audit findings")["findings"] == []
    assert office.do("audit", "findings", "--from", "2027-01-01")["findings"] == []
    whole = office.do("audit", "findings", "--unit", PROVINCE)
    assert whole["findings"] == office.do("audit", "findings", "--to", office.day)["findings"]
    assert sum(whole["counts"].values()) == len(whole["findings"])
    assert office.refuses(4, "audit", "findings", "--unit", "99999") == ["unit_absent"]
    assert office.refuses(2, "audit", "findings", "--edge", "-1") == ["edge_negative"]


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
def test_findings_are_written_as_a_table(office: Office, code: str, tmp_path: Path, suffix: str) -> None:
    file = tmp_path / f"phát hiện.{suffix}"
    found = office.do("audit", "findings", "--out", str(file))
    if suffix == "csv":
        lines: list[Any] = list(csv.reader(file.read_text("utf-8-sig").splitlines()))
    else:
        lines = list(openpyxl.load_workbook(file).worksheets[0].values)
    assert len(lines) == 1 + len(found["findings"])
    assert lines[1][1] == found["findings"][0]["subject"]
    assert office.refuses(3, "audit", "findings", "--out", str(file)) == ["target_exists"]


def test_every_event_kept_its_place(case: Case) -> None:
    """A case holds the history as it is: as many steps as events, the first one without a dossier before it."""
    events: list[Event] = [step.event for step in case.steps]
    assert [event.seq for event in events] == list(range(1, case.dossier.version + 1))
    assert case.steps[0].before is None
