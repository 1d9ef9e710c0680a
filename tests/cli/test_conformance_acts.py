"""Acts beside the moves judged again: sheets, sittings, extensions, hand-overs, certificates, decisions.

Each act is done lawfully through the command line and has no breach; altered in memory in one respect, it is found by
the rule that it breaks (DESIGN sections 4, 5).
"""

from __future__ import annotations

import dataclasses
from datetime import date
from typing import TYPE_CHECKING, Any

import pytest

from ocop_flow.criteriadata import load_set
from tests.cli.conftest import copied
from tests.cli.office import Office
from tests.cli.test_certificate_after import done
from tests.cli.test_conformance import changed, judged
from tests.cli.test_law_change import BAN_YEN_NHAN, DECIDED, MIGRATE_1489, chair, hand_over, opened
from tests.cli.test_revoking import revoke

if TYPE_CHECKING:
    from pathlib import Path

    from ocop_flow.domain.event import Event
    from tests.cli.test_conformance import Alteration

COMMUNE, PROVINCE = "12103", "33"
NUMBER = "45/QĐ-UBND"


def data(**values: Any) -> Alteration:
    return lambda event: dataclasses.replace(event, data={**event.data, **values})


def within(name: str, **values: Any) -> Alteration:
    """One object of an event's data changed."""
    return lambda event: dataclasses.replace(event, data={**event.data, name: {**event.data[name], **values}})


def posted(role: str) -> Alteration:
    return lambda event: dataclasses.replace(event, actor=dataclasses.replace(event.actor, role=role))


def unposted(event: Event) -> Event:
    """The same act said to be of a person who holds no post anywhere."""
    return dataclasses.replace(event, actor=dataclasses.replace(event.actor, login="admin", name="admin"))


def unsigned(event: Event) -> Event:
    return dataclasses.replace(event, signer=None)


def breaches(office: Office, dossier: str, alter: dict[str, Alteration] | None = None) -> set[tuple[str, str]]:
    return {(action, rule) for action, mark, rule in judged(office, dossier, alter) if mark == "breach"}


# --- one dossier with every act of a council, an office and a certificate ---------------------------------------------


@pytest.fixture(scope="module")
def office(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    return Office(copied(sandbox_database, tmp_path_factory.mktemp("acts")))


@pytest.fixture(scope="module")
def whole(office: Office) -> str:
    """Under 26/2026/QĐ-TTg from June 2026 to a revocation after the certificate had run out in June 2029."""
    dossier = office.open(COMMUNE, "Tương bần", track="existing_product")
    officer, leader = office.holder("officer", COMMUNE), office.holder("leader", COMMUNE)
    duty = next(row for row in office.do("deadline", "list", "--dossier", dossier) if row["status"] == "open")
    later = ["--to", "2026-12-31", "--decision", "12/QĐ-UBND", "--reason", "nghỉ lễ dài ngày"]
    office.do("deadline", "extend", duty["id"], *later, who=leader)
    office.do("council", "assess", dossier, "--source", "entity", "--parts", "30,20,30", who=officer)
    office.walk(dossier, "promotion", stars=4)
    _beside(office, dossier)
    number = office.show(dossier)["certificate"]
    number = done(office, "reissue", number)["number"]
    number = done(office, "correct", number, "--set", "product=Tương bần Mỹ Hào")["number"]
    other = ["entity", "add", "HTX số 9", "--kind", "cooperative", "--commune", COMMUNE]
    entity = office.do(*other, who=office.holder("officer", COMMUNE))["code"]
    done(office, "transfer", number, "--to", entity)
    office.day = "2029-07-05"
    office.do("scheduler", "run", "--once")
    revoke(office, number, "c")
    return dossier


def _beside(office: Office, dossier: str) -> None:
    officer = office.holder("officer", PROVINCE)
    office.do("promotion", "add", dossier, "--kind", "fair", "--cost", "1000000", who=officer)
    asked = office.do("complaint", "add", dossier, "--about", "nhãn", "--reply-by", "2026-07-20", who=officer)["id"]
    office.do("complaint", "answer", asked, "--result", "đã sửa nhãn", who=officer)
    office.do("dispute", "set", dossier, "--reason", "tranh chấp nhãn hiệu", who=officer)
    office.do("dispute", "lift", dossier, "--reason", "đã giải quyết", who=officer)
    words = ["--field", "from", "--decision", "20/QĐ-UBND", "--mode", "seal", "--reason", "theo đề nghị"]
    more = ["--about", "bao bì", "--from", "Người gửi số 1", "--reply-by", "2026-07-20"]
    office.do("complaint", "add", dossier, *more, who=officer)
    office.do("withhold", dossier, *words, who=office.holder("leader", COMMUNE))


ALL = frozenset(
    {
        *("open", "attach", "extend", "assess", "score", "close_sitting", "record_beside", "answer", "dispute"),
        *("lift_dispute", "withhold", "reissue_certificate", "correct_certificate", "transfer_certificate"),
        "revoke_certificate",
    }
)


def test_no_lawful_act_is_a_breach(office: Office, whole: str) -> None:
    """From opening to a late revocation, every kind of act once."""
    acts = {event["action"] for event in office.do("dossier", "history", whole)}
    assert acts >= ALL
    assert breaches(office, whole) == set()


ALTERED: dict[str, tuple[str, Alteration, str]] = {
    # DESIGN section 5: the sheet is the member's own; only who sits there scores
    "a sheet of somebody not seated": ("score", within("member", login="admin"), "not_seated"),
    "a sheet in another seat": ("score", posted("council_member"), "doer_differs"),
    # 26/2026/QĐ-TTg: parts of 40, 25 and 35 points
    "a part above its maximum": ("score", data(parts=["41", "20", "25"], total="86"), "part_out_of_range"),
    "a total that the parts do not give": ("score", data(total="99"), "sheet_differs"),
    "a sheet at a sitting that nobody held": ("score", data(sitting="PH-2026-000099-X"), "sitting_absent"),
    # The result follows from the sheets: mean, stars, minima, spread
    "a better mean": ("close_sitting", data(mean_total="90"), "result_differs"),
    "a star more": ("close_sitting", data(stars=5, stars_by_total=5), "result_differs"),
    "a minimum said to be met": ("close_sitting", data(minima=[{"criterion": "x", "met": True}]), "result_differs"),
    "other members": ("close_sitting", data(members=["admin"]), "result_differs"),
    "a quorum that was not there": ("close_sitting", within("quorum", present=9), "result_differs"),
    "a sitting closed by nobody": ("close_sitting", unposted, "role_missing"),
    # DESIGN section 6: a leader, by a numbered decision, to a later day, with a reason
    "an extension by no leader": ("extend", unposted, "role_missing"),
    "an extension of another duty": ("extend", data(deadline="HS-2026-000001:none:1"), "deadline_absent"),
    "an extension backwards": ("extend", data(to="2026-01-01"), "deadline_not_later"),
    "an extension without decision": ("extend", data(decision=None), "extension_undecided"),
    "an extension without reason": ("extend", changed(reason=None), "reason_missing"),
    "an assessment that does not add up": ("assess", data(total="1"), "sheet_differs"),
    "a record by nobody": ("record_beside", unposted, "role_missing"),
    "a dispute without reason": ("dispute", changed(reason=None), "reason_missing"),
    "a withholding by no leader": ("withhold", unposted, "role_missing"),
    # What stands on a certificate is changed by a signed, numbered paper of a leader, and said
    "a re-issue without paper": ("reissue_certificate", unsigned, "paper_missing"),
    "a re-issue for longer": (
        "reissue_certificate",
        within("new", valid_to="2031-01-01"),
        "certificate_changed_unsaid",
    ),
    "a correction that adds a star": ("correct_certificate", within("new", stars=5), "certificate_changed_unsaid"),
    "a correction of another one": ("correct_certificate", data(replaces="9/GCN"), "certificate_not_in_force"),
    "a transfer without paper": ("transfer_certificate", unsigned, "paper_missing"),
    "a transfer by nobody": ("transfer_certificate", unposted, "role_missing"),
    "a revocation without ground": ("revoke_certificate", data(fields={}), "cause_unknown"),
    "a revocation without paper": ("revoke_certificate", unsigned, "paper_missing"),
}


@pytest.mark.parametrize("name", ALTERED)
def test_an_altered_act_is_found_by_the_rule_that_it_breaks(office: Office, whole: str, name: str) -> None:
    action, alter, rule = ALTERED[name]
    assert (action, rule) in breaches(office, whole, {action: alter})


# --- the change of units and of the law in 2025 -----------------------------------------------------------------------


@pytest.fixture(scope="module")
def crossed(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, str]:
    """Filed with the district in March 2025, handed over with a paper lost, taken under 1489/QĐ-TTg."""
    folder = tmp_path_factory.mktemp("crossed")
    office = Office(copied(sandbox_database, folder))
    dossier = opened(office, BAN_YEN_NHAN, "2025-03-10")
    office.day = "2025-03-10"
    words = ["attach", dossier, "--kind", "registration_form"]
    office.do(*words, who=office.holder("officer", BAN_YEN_NHAN))
    office.day = "2025-07-01"
    lost = folder / "mất.csv"
    lost.write_text(f"dossier,file,answer\n{dossier},registration_form,lost\n", encoding="utf-8")
    hand_over(office, "328", "--list", str(lost))
    office.day = "2025-07-06"
    office.do(*MIGRATE_1489, *DECIDED, who=chair(office))
    return office, dossier


CROSSED: dict[str, tuple[str, Alteration, str]] = {
    "a hand-over by nobody": ("succeed", unposted, "role_missing"),
    "a hand-over to another commune": (
        "succeed",
        data(commune={"code": "12109", "name": "Xã Cẩm Xá", "valid_from": None}),
        "succeeded_elsewhere",
    ),
    "a hand-over without minutes": ("succeed", data(minutes=None), "succession_needs_minutes"),
    "a lost paper that was never there": (
        "succeed",
        data(missing=[{"kind": "sample", "copies": 5, "answer": "lost"}]),
        "missing_never_held",
    ),
    "a migration by nobody": ("migrate", unposted, "role_missing"),
    "a migration without decision": ("migrate", unsigned, "migrate_needs_decision"),
    "a migration to another state": ("migrate", changed(to_state="rating.province_decision"), "step_ends_elsewhere"),
    "a migration from elsewhere": ("migrate", data(from_hash="0" * 64), "migrated_from_elsewhere"),
    "a migration that keeps what ends": ("migrate", data(keeps_result=True), "migrated_result"),
    "a migration before its law": ("migrate", changed(occurred_on=date(2025, 7, 3)), "migrated_to_no_law"),
}


def test_the_crossing_of_2025_has_no_breach(crossed: tuple[Office, str]) -> None:
    assert breaches(*crossed) == set()


@pytest.mark.parametrize("name", CROSSED)
def test_an_altered_crossing_is_found(crossed: tuple[Office, str], name: str) -> None:
    office, dossier = crossed
    action, alter, rule = CROSSED[name]
    assert (action, rule) in breaches(office, dossier, {action: alter})


# --- decisions --------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def decided(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, str]:
    """Recognised by a recorded decision whose line was corrected, then annulled."""
    folder = tmp_path_factory.mktemp("decided")
    office = Office(copied(sandbox_database, folder))
    dossier = office.open(COMMUNE, "Cà phê bột", track="existing_product")
    office.walk(dossier, "rating", stars=4)
    leader, officer = office.holder("leader", PROVINCE), office.holder("officer", PROVINCE)
    listed = folder / "danh sách.csv"
    listed.write_text(f"dossier,stars\n{dossier},4\n", encoding="utf-8")
    words = ["decision", "record", NUMBER, "--list", str(listed), "--on", office.day, "--signed-by", leader]
    office.do(*words, who=officer)
    why = ["--line", dossier, "--by", "55/UBND-KT", "--reason", "đính chính"]
    office.do("decision", "correct", NUMBER, "--set", "stars=3", *why, who=officer)
    office.do("decision", "annul", NUMBER, "--by", "56/QĐ-UBND", "--reason", "sai thẩm quyền", who=officer)
    return office, dossier


DECISIONS: dict[str, tuple[str, Alteration, str]] = {
    "a decision that the log has not": ("recognise", data(decision=f"{PROVINCE}:2026:99/QĐ-UBND"), "decision_gone"),
    "other stars than its line": ("recognise", data(stars_decided=5), "decision_says_other"),
    "an annulment to elsewhere": ("annul_decision", changed(to_state="promotion.active"), "step_ends_elsewhere"),
    "an annulment by nobody": ("annul_decision", unposted, "role_missing"),
    "a correction without reason": ("correct_decision", changed(reason=None), "reason_missing"),
}


def test_a_decision_corrected_and_annulled_has_no_breach(decided: tuple[Office, str]) -> None:
    assert breaches(*decided) == set()


@pytest.mark.parametrize("name", DECISIONS)
def test_what_a_decision_is_said_to_have_done_is_held_against_its_lines(decided: tuple[Office, str], name: str) -> None:
    office, dossier = decided
    action, alter, rule = DECISIONS[name]
    assert (action, rule) in breaches(office, dossier, {action: alter})


def test_a_sheet_over_the_tree_is_held_against_what_the_form_offers(office: Office) -> None:
    """A criterion has the options that the form prints, each with its points; no others (forms of 26/2026/QĐ-TTg)."""
    first, office.day = office.day, "2026-06-01"
    try:
        dossier = office.open(COMMUNE, "Chè theo tiêu chí", track="existing_product")
        office.walk(dossier, "evaluation.province_council")
        tree = load_set("qd_26_2026", office.show(dossier)["product_set"])
        answers = {leaf.code: leaf.maximum for leaf in tree.leaves}
        code, chair_, secretary = office.council(office.unit_at(COMMUNE, "province"))
        present = ["--present", f"{chair_},{secretary}", "--dossiers", dossier]
        sitting = office.do("council", "convene", code, *present, who=secretary)["sitting"]
        given = [part for name, points in answers.items() for part in ("--set", f"{name}={points}")]
        office.do("council", "score", sitting, dossier, "--member", chair_, *given, who=secretary)
    finally:
        office.day = first
    assert breaches(office, dossier) == set()
    one = next(iter(answers))

    def odd(event: Event) -> Event:
        points = {**event.data["points"], one: "99"}
        return dataclasses.replace(event, data={**event.data, "points": points})

    found = breaches(office, dossier, {"score": odd})
    assert {("score", "points_not_offered"), ("score", "sheet_differs")} <= found
