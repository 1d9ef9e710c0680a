"""Councils, decisions and certificates from before these records, judged again by the rules of their day.

DESIGN section 5 says whose acts they are; 26/2026/QĐ-TTg art. 9 on which grounds a recognition is revoked. Dishonest
streams are honest ones with one act altered in memory, as someone who holds the database could alter it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ocop_flow import bootstrap, config
from ocop_flow.domain.event import Doer, Event, UnitRef
from ocop_flow.service.conformance_streams import JUDGES
from tests.cli.conftest import copied
from tests.cli.office import Json, Office

if TYPE_CHECKING:
    from pathlib import Path

COMMUNE, PROVINCE = "12103", "33"
Alteration = Callable[[Event], Event]
STRANGER = Doer("admin", "admin", "leader", UnitRef(PROVINCE, "Tỉnh Hưng Yên", "province"))


@pytest.fixture(scope="module")
def world(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """A sitting, a recognition decision on its dossier, corrected; a certificate declared, handed over and revoked."""
    folder = tmp_path_factory.mktemp("streams")
    office = Office(copied(sandbox_database, folder))
    dossier = office.open(COMMUNE, "Cà phê bột", track="existing_product")
    office.walk(dossier, "rating")
    officer, leader = office.holder("officer", PROVINCE), office.holder("leader", PROVINCE)
    listed = folder / "danh-sach.csv"
    listed.write_text(f"dossier,product,stars\n{dossier},Cà phê bột,4\n", encoding="utf-8")
    signed = ["--signed-by", leader, "--capacity", "TM", "--on", office.day]
    office.do("decision", "record", "45/QĐ-UBND", "--list", str(listed), *signed, who=officer)
    words = ["--set", "title=Công nhận sản phẩm OCOP đợt 1", "--reason", "sai tiêu đề"]
    office.do("decision", "correct", "45/QĐ-UBND", *words, who=officer)
    declared = ["--product", "Chè xanh", "--entity", "Hợp tác xã số 9", "--entity-kind", "cooperative", "--stars", "3"]
    paper = ["--number", "7/GCN", "--commune", COMMUNE, "--issued-on", "2025-01-02", "--source", "Sổ của tỉnh"]
    office.do("certificate", "declare", *declared, *paper, who=officer)
    decision = ["--decision", "77/QĐ-UBND", "--signed-by", leader]
    other = office.do("entity", "add", "Hợp tác xã số 10", "--kind", "cooperative", "--commune", COMMUNE, who=officer)
    office.do("certificate", "transfer", "7/GCN", "--to", other["code"], *decision, "--reason", "sáp nhập", who=leader)
    office.do("certificate", "revoke", "7/GCN", "--cause", "a", *decision, who=leader)
    return office


def judged(office: Office, kind: str, action: str, alter: Alteration) -> list[tuple[str, str, str]]:
    """(action, mark, rule) of every finding on the streams of a kind, with the acts of one name altered."""
    wired = bootstrap.open_office(config.read(str(office.db), "en", None))
    found = []
    with wired.reader() as uow:
        for row in uow.query("SELECT DISTINCT subject FROM event WHERE subject_kind = :kind", kind=kind):
            acts = uow.events(kind, row["subject"])
            history = [alter(event) if event.action == action else event for event in acts]
            found += [(each.action, each.mark, each.because.code) for each in JUDGES[kind](uow, wired, history)]
    wired.close()
    return found


def test_honest_streams_break_no_rule(world: Office) -> None:
    """What the engine let pass on its day is lawful when judged again; the answer counts these streams too."""
    answer = world.ask("audit", "conformance")
    assert [item for item in answer.document["findings"] if item["mark"] != "doubtful"] == []
    assert (answer.exit, answer.document["ok"], answer.document["dossiers"]) == (0, True, 1)
    assert answer.document["beside"] >= 3


def test_one_dossier_asked_for_is_judged_alone(world: Office) -> None:
    code = next(each["code"] for each in world.do("dossier", "list"))
    assert world.ask("audit", "conformance", code).document["beside"] == 0


def test_a_unit_is_judged_with_its_own_streams(world: Office) -> None:
    """Those of the unit's area: council, issuer, commune."""
    assert world.ask("audit", "conformance", "--unit", "01").document["beside"] == 0
    assert world.ask("audit", "conformance", "--unit", PROVINCE).document["beside"] >= 3


def changed(**values: Any) -> Alteration:
    return lambda event: dataclasses.replace(event, **values)


def saying(**values: Any) -> Alteration:
    return lambda event: dataclasses.replace(event, data={**event.data, **values})


def _line(**values: Any) -> Alteration:
    def alter(event: Event) -> Event:
        lines: list[Json] = [{**line, **values} for line in event.data["lines"]]
        return dataclasses.replace(event, data={**event.data, "lines": lines})

    return alter


def _signed_by(**values: Any) -> Alteration:
    def alter(event: Event) -> Event:
        assert event.signer is not None
        return dataclasses.replace(event, signer=dataclasses.replace(event.signer, **values))

    return alter


FUTURE = changed(occurred_on=date(2027, 1, 1))
BREACHES: dict[str, tuple[str, str, Alteration, str]] = {
    # DESIGN section 5: who keeps the papers of a council
    "a council set up by a stranger": ("council", "create", changed(actor=STRANGER), "role_missing"),
    "a council without its decision": ("council", "create", saying(decision=""), "paper_missing"),
    "a member seated on a day to come": ("council", "seat", FUTURE, "day_in_future"),
    "a seat that no council has": ("council", "seat", saying(role="observer"), "role_unknown"),
    "a substitute for nobody": ("council", "seat", saying(stands_for="nobody", decision="1/UQ"), "not_seated"),
    "a substitute without authorisation": (
        "council",
        "seat",
        saying(stands_for="nobody", decision=None),
        "authorisation_missing",
    ),
    "a sitting of strangers": ("council", "convene", saying(present=["admin"]), "not_seated"),
    "a sitting of nobody": ("council", "convene", saying(present=[]), "nobody_present"),
    "a sitting in another post": (
        "council",
        "convene",
        lambda event: dataclasses.replace(event, actor=dataclasses.replace(event.actor, role="auditor")),
        "doer_differs",
    ),
    # Decree 30/2020/NĐ-CP: a number runs within its issuer and year; who signs holds a post there
    "a decision recorded by a stranger": ("decision", "decision_recorded", changed(actor=STRANGER), "role_missing"),
    "a decision on a day to come": ("decision", "decision_recorded", FUTURE, "day_in_future"),
    "a decision under another number": (
        "decision",
        "decision_recorded",
        saying(number="46/QĐ-UBND"),
        "decision_identity_differs",
    ),
    "a decision that nobody signed": ("decision", "decision_recorded", changed(signer=None), "paper_missing"),
    "a decision signed without a post": (
        "decision",
        "decision_recorded",
        _signed_by(login="admin", name="admin"),
        "role_missing",
    ),
    "a line that was never carried out": (
        "decision",
        "decision_recorded",
        _line(action="not_recognise"),
        "decision_line_unlike",
    ),
    "a line on another event": ("decision", "decision_recorded", _line(seq=1), "decision_line_unlike"),
    "a moving decision without lines": ("decision", "decision_recorded", saying(lines=[]), "decision_list_missing"),
    "a correction without a reason": ("decision", "decision_corrected", changed(reason=None), "reason_missing"),
    "a correction before the decision": (
        "decision",
        "decision_corrected",
        changed(occurred_on=date(2026, 5, 1)),
        "decision_not_yet",
    ),
    # DESIGN section 5: a recognition from before is declared at its issuer, changed by a leader's signed paper
    "a declaration by a stranger": ("certificate", "declare", changed(actor=STRANGER), "role_missing"),
    "a certificate issued on a day to come": (
        "certificate",
        "declare",
        saying(issued_on="2027-01-01"),
        "day_in_future",
    ),
    "a period that runs backwards": ("certificate", "declare", saying(valid_to="2024-01-01"), "period_crossed"),
    "stars that there are not": ("certificate", "declare", saying(stars=6), "stars_unreadable"),
    "a transfer that nobody signed": ("certificate", "transfer", changed(signer=None), "paper_missing"),
    "a transfer by a stranger": ("certificate", "transfer", changed(actor=STRANGER), "role_missing"),
    "a transfer as if by itself": (
        "certificate",
        "transfer",
        changed(actor=Doer("system", "system", "system", None)),
        "step_not_by_system",
    ),
    # 26/2026/QĐ-TTg art. 9: six grounds, a time limit
    "a revocation on no ground": ("certificate", "revoke", saying(fields={"cause": "whim"}), "cause_unknown"),
    "a revocation that nobody signed": ("certificate", "revoke", changed(signer=None), "paper_missing"),
    "a revocation after its limit": (
        "certificate",
        "revoke",
        saying(concluded_on="2026-01-05", decide_by="2026-02-04"),
        "revocation_late",
    ),
}


@pytest.mark.parametrize("name", BREACHES)
def test_an_altered_act_is_found_by_the_rule_that_it_breaks(world: Office, name: str) -> None:
    """Each alteration breaks one rule; the finding names the act and the rule."""
    kind, action, alter, rule = BREACHES[name]
    before = judged(world, kind, action, lambda event: event)
    assert rule not in {found for done, _, found in before if done == action}
    assert (action, rule) in {(done, found) for done, _, found in judged(world, kind, action, alter)}


def test_a_certificate_revoked_twice_was_not_in_force(world: Office) -> None:
    wired = bootstrap.open_office(config.read(str(world.db), "en", None))
    with wired.reader() as uow:
        history = uow.events("certificate", "7/GCN")
        found = JUDGES["certificate"](uow, wired, [*history, history[-1]])
    wired.close()
    assert [(each.mark, each.because.code) for each in found] == [("breach", "certificate_not_in_force")]
