"""Every past act judged again by the rules of its own day (DESIGN sections 2, 4, 5).

Honest histories come from walks through the command line; dishonest ones are honest ones with one act altered in
memory, as someone who holds the database could alter it, hashes and all.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from ocop_flow import bootstrap, config
from ocop_flow.domain.event import Doer, Event, UnitRef
from ocop_flow.service import conformance
from tests.cli.conftest import copied
from tests.cli.office import Office
from tests.cli.test_walks import COMMUNE, DAYS, KINDS, TRACKS, opened

if TYPE_CHECKING:
    from pathlib import Path

Alteration = Callable[[Event], Event]


@pytest.fixture(scope="module")
def office(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(copied(sandbox_database, tmp_path_factory.mktemp("conformance")))


@pytest.fixture(scope="module")
def promoted(office: Office) -> str:
    """A dossier of 26/2026 from idea to promotion; recorded on 1 June 2026."""
    dossier = office.open(COMMUNE, "Cà phê đối chiếu")
    assert office.walk(dossier, "promotion") == "promotion.active"
    return dossier


def judged(office: Office, dossier: str, alter: dict[str, Alteration] | None = None) -> list[tuple[str, str, str]]:
    """(action, mark, rule) of every finding, with some acts altered in memory."""
    wired = bootstrap.open_office(config.read(str(office.db), "en", None))
    with wired.reader() as uow:
        history = [(alter or {}).get(event.action, _same)(event) for event in uow.events("dossier", dossier)]
        return [(item.action, item.mark, item.because.code) for item in conformance.of_dossier(uow, wired, history)]


def _same(event: Event) -> Event:
    return event


def changed(**values: Any) -> Alteration:
    return lambda event: dataclasses.replace(event, **values)


@pytest.mark.parametrize("regime", DAYS)
@pytest.mark.parametrize("kind", KINDS)
def test_an_honest_walk_under_each_law_breaks_no_rule(
    sandbox_database: Path, tmp_path: Path, regime: str, kind: str
) -> None:
    """What the engine let pass on its day is lawful when judged again: no finding is a breach.

    What is doubtful stays so: a rule that is only derived warned then and is told now.
    """
    office = Office(copied(sandbox_database, tmp_path), DAYS[regime])
    for track in TRACKS:
        office.walk(opened(office, kind, track, "conformance"), "promotion", stars=4 if kind != "re_rating" else 3)
    answer = office.ask("audit", "conformance")
    assert [item for item in answer.document["findings"] if item["mark"] != "doubtful"] == []
    assert (answer.exit, answer.document["ok"], answer.document["dossiers"]) == (0, True, 2)


def test_an_honest_history_has_no_finding_at_all(office: Office, promoted: str) -> None:
    assert judged(office, promoted) == []


ALTERED: dict[str, tuple[str, Alteration, tuple[str, str]]] = {
    # DESIGN section 5: a move belongs to a post held at the unit on its day
    "by a person without the post": (
        "accept_idea",
        changed(actor=Doer("admin", "admin", "officer", UnitRef(COMMUNE, "Phường Mỹ Hào", "commune"))),
        ("breach", "role_missing"),
    ),
    # DESIGN section 4: the post is frozen as it was
    "in another post than the one held": (
        "accept_idea",
        lambda event: dataclasses.replace(event, actor=dataclasses.replace(event.actor, role="leader")),
        ("breach", "doer_differs"),
    ),
    # DESIGN principle 7: never before the previous move, never in the future
    "before the previous move": (
        "approve_business_plan",
        changed(occurred_on=date(2026, 5, 29)),
        ("breach", "day_before_previous"),
    ),
    "on a day still to come": (
        "recognise",
        changed(occurred_on=date(2026, 7, 29)),
        ("breach", "day_in_future"),
    ),
    # DESIGN section 3: the machine of the pinned regime decides what leads where
    "to another state": (
        "accept_idea",
        changed(to_state="evaluation.province_council"),
        ("breach", "step_ends_elsewhere"),
    ),
    "from another state": (
        "accept_idea",
        changed(from_state="rating.province_decision"),
        ("breach", "step_not_in_law"),
    ),
    # DESIGN section 2: decisions and audits read the stored law, never the disk
    "under a law that nobody keeps": ("file_dossier", changed(workflow_hash="0" * 64), ("breach", "law_unknown")),
    # A typed-over result of the machine itself
    "as if by itself": (
        "recognise",
        changed(actor=Doer("system", "system", "system", None)),
        ("breach", "step_not_by_system"),
    ),
    # 26/2026/QĐ-TTg: recognition is a decision of the Chair; a move that needs one names it
    "without its decision": ("recognise", changed(signer=None), ("breach", "decision_missing")),
}


@pytest.mark.parametrize("name", ALTERED)
def test_an_altered_act_is_found_by_the_rule_that_it_breaks(office: Office, promoted: str, name: str) -> None:
    """Each alteration breaks one rule of DESIGN; the finding names the act, the rule and how certain it is."""
    action, alter, (mark, rule) = ALTERED[name]
    assert (action, mark, rule) in judged(office, promoted, {action: alter})


def test_a_filing_under_the_repealed_law_is_found(office: Office) -> None:
    """Filing is judged by the law in force that day (DESIGN section 3): 26/2026 from 22 May 2026, not 1489/QĐ-TTg."""
    first = office.day
    try:
        office.day = "2026-05-21"
        dossier = office.open(COMMUNE, "Mật ong qua ngày đổi luật")
        old = office.show(dossier)["workflow_hash"]
        office.day = "2026-05-22"
        office.walk(dossier, "registration")
    finally:
        office.day = first
    assert judged(office, dossier) == []
    kept = {"file_dossier": changed(workflow_hash=old, regime="qd_1489_2025")}
    assert ("file_dossier", "breach", "law_of_another_day") in judged(office, dossier, kept)


def test_a_move_without_its_evidence_is_a_breach_with_its_article(office: Office, promoted: str) -> None:
    """26/2026/QĐ-TTg asks for Form 01 and Form 02 at filing: with what was attached left out, filing was unlawful."""
    bare = {"attach": lambda event: dataclasses.replace(event, data={**event.data, "evidence": []})}
    found = judged(office, promoted, bare)
    assert ("file_dossier", "breach", "evidence_missing") in found


def test_a_certificate_typed_for_longer_than_the_law_gives_is_found(office: Office, promoted: str) -> None:
    """36 months from its issue date (REGULATIONS section 0)."""

    def longer(event: Event) -> Event:
        issued = event.data.get("certificate")
        more = {**event.data, "certificate": {**issued, "valid_to": "2031-06-01"}} if issued else event.data
        return dataclasses.replace(event, data=more)

    assert ("recognise", "breach", "certificate_day_differs") in judged(office, promoted, {"recognise": longer})


def test_what_a_decision_overrode_is_listed_for_ever(office: Office, tmp_path: Path) -> None:
    """A signed decision is a legal fact; conformance lists it as decided, with the rule that it left aside."""
    dossier = office.open(COMMUNE, "Trà theo quyết định")
    office.walk(dossier, "rating", stars=2)
    paper = tmp_path / "quyết định.pdf"
    paper.write_bytes(b"%PDF-1.4 decision")
    leader = office.holder("leader", office.unit_at(COMMUNE, "province"))
    words = ["advance", dossier, "recognise", "--as-decided", "--decision", "77/QĐ-UBND", "--decision-file", str(paper)]
    office.do(*words, "--reason", "theo quyết định đã ký", "--set", "stars=3", who=leader)
    answer = office.ask("audit", "conformance", dossier)
    assert answer.exit == 1
    assert {item["mark"] for item in answer.document["findings"]} == {"as_decided"}
    assert all(item["action"] == "recognise" and item["article"] for item in answer.document["findings"])


def test_a_limit_overrun_is_found_with_its_article_and_days(office: Office) -> None:
    """26/2026/QĐ-TTg: the commune handles a dossier within 15 working days of its receipt.

    Received on Monday 1 June 2026 with the evidence at hand, 15 working days end on Monday 22 June; sent on Thursday
    25 June it is three days late. June 2026 has no day off on a weekday (REGULATIONS section 10).
    """
    dossier = office.open(COMMUNE, "Chè quá hạn", track="existing_product")
    first = office.day
    try:
        office.day = "2026-06-25"
        office.walk(dossier, "evaluation")
    finally:
        office.day = first
    found = office.ask("audit", "conformance", dossier).document["findings"]
    late = [item for item in found if item["rule"] == "limit_exceeded"]
    assert [item["mark"] for item in late] == ["breach"]
    assert "26/2026" in late[0]["article"]
    assert "2026-06-22" in late[0]["reason"]["message"]
    assert "3 days" in late[0]["reason"]["message"]


def test_a_period_and_a_unit_narrow_the_findings(office: Office, promoted: str) -> None:
    """``--from``/``--to`` count by legal day, ``--unit`` by area."""
    day_after = (date.fromisoformat(office.day) + timedelta(365)).isoformat()
    assert office.do("audit", "conformance", "--from", day_after, "--unit", "01")["findings"] == []
    assert office.do("audit", "conformance", "--unit", "01")["dossiers"] == 0


def test_bad_points_and_dossiers_are_refused(office: Office, promoted: str) -> None:
    """A moment needs its offset (exit 2); a dossier that is not there is exit 4."""
    assert office.refuses(2, "audit", "replay", promoted, "--known-at", "2026-06-01") == ["moment_unreadable"]
    assert office.refuses(4, "audit", "conformance", "HS-2026-009999") == ["dossier_absent"]
    assert office.refuses(4, "audit", "replay", promoted, "--at", "2019-01-01") == ["dossier_absent_on_day"]
    last = office.do("dossier", "show", promoted)["version"]
    assert len(office.do("audit", "replay", promoted, "--to", str(last))["events"]) == last
    for number in (0, last + 1):
        assert office.refuses(4, "audit", "replay", promoted, "--to", str(number)) == ["event_absent"]
    told = office.ask("audit", "replay", promoted, "--to", str(last + 1)).document["reasons"]
    assert str(last) in told[0]["remedy"]
