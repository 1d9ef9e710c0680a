"""``withhold``: personal data put out of reach by a numbered decision (DESIGN section 4)."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli.office import dump, files
from tests.databases import raw

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.office import Office

COMMUNE = "12103"
DECISION = ["--decision", "12/QĐ-UBND", "--reason", "theo đơn của chủ thể"]
SCAN = b"a scan of an identity card"


@pytest.fixture
def held(office: Office, tmp_path: Path) -> tuple[Office, str, str]:
    """(office, an entity with two contacts, a dossier with one file)."""
    officer = office.holder("officer", COMMUNE)
    contacts = ["--phone", "0912345678", "--email", "htx@example.vn"]
    words = ["entity", "add", "HTX số 9", "--kind", "cooperative", "--commune", COMMUNE, *contacts]
    entity = office.do(*words, who=officer)["code"]
    dossier = office.open(COMMUNE, "Mật ong", entity=entity)
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(SCAN)
    office.do("attach", dossier, str(scan), "--kind", "registration_form", who=officer)
    return office, entity, dossier


def personal(office: Office) -> list[dict[str, Any]]:
    with raw(office.db) as connection:
        names = ("digest", "salt", "value", "withheld")
        rows = connection.execute("SELECT digest, salt, value, withheld FROM personal ORDER BY digest")
        return [dict(zip(names, row, strict=True)) for row in rows]


def test_erased_values_are_gone_and_verification_counts_them(held: tuple[Office, str, str]) -> None:
    """Withheld, not modified; the event in the entity's stream names the decision and no value."""
    office, entity, _ = held
    leader = office.holder("leader", COMMUNE)
    before = len(personal(office))
    done = office.do("withhold", entity, *DECISION, "--mode", "erase", who=leader)
    assert (done["kind"], done["withheld"]) == ("entity", 2)
    found = office.do("audit", "verify")
    assert (found["ok"], found["withheld"]) == (True, 2)
    gone = [row for row in personal(office) if row["withheld"]]
    assert [(row["value"], row["salt"]) for row in gone] == [(None, "")] * 2
    assert len(personal(office)) == before
    assert office.refuses(3, "withhold", entity, *DECISION, "--mode", "erase", who=leader) == ["nothing_to_withhold"]


def test_one_field_is_sealed_and_may_be_erased_later(held: tuple[Office, str, str]) -> None:
    """Sealing keeps the value in the database, out of the program's reach."""
    office, entity, _ = held
    leader = office.holder("leader", COMMUNE)
    assert office.do("withhold", entity, "--field", "phone", *DECISION, "--mode", "seal", who=leader)["withheld"] == 1
    (row,) = [row for row in personal(office) if row["withheld"]]
    assert json.loads(row["value"]) == "0912345678"
    assert row["withheld"] == "seal:12/QĐ-UBND"
    shown = json.dumps(office.do("entity", "show", entity))
    assert "0912345678" not in shown
    assert office.do("audit", "verify")["withheld"] == 1
    assert office.do("withhold", entity, *DECISION, "--mode", "erase", who=leader)["withheld"] == 2
    assert office.do("audit", "verify")["withheld"] == 2


def test_an_evidence_file_is_destroyed_with_what_stands_for_it(held: tuple[Office, str, str]) -> None:
    """The dossier does not move; its history says who withheld what by which decision."""
    office, _, dossier = held
    leader = office.holder("leader", COMMUNE)
    state = office.state(dossier)
    assert len(files(office.db)) == 1
    office.do("withhold", dossier, *DECISION, "--mode", "erase", who=leader)
    assert files(office.db) == []
    assert office.state(dossier) == state
    last = office.do("dossier", "history", dossier)[-1]
    assert (last["action"], last["data"]["decision"], last["reason"]) == (
        "withhold",
        "12/QĐ-UBND",
        "theo đơn của chủ thể",
    )
    assert office.do("audit", "verify")["ok"]
    assert office.refuses(3, "undo", dossier, who=leader) == ["nothing_to_undo"]
    before = dump(office.db)
    office.do("doctor", "--rebuild")
    assert dump(office.db) == before


def test_a_file_that_another_dossier_has_too_stays(held: tuple[Office, str, str], tmp_path: Path) -> None:
    """The same bytes are kept once; they go when nothing stands for them."""
    office, _, dossier = held
    other = office.open(COMMUNE, "Chè")
    officer, leader = office.holder("officer", COMMUNE), office.holder("leader", COMMUNE)
    office.do("attach", other, str(tmp_path / "scan.pdf"), "--kind", "registration_form", who=officer)
    office.do("withhold", dossier, *DECISION, "--mode", "erase", who=leader)
    assert len(files(office.db)) == 1
    assert office.do("audit", "verify")["ok"]
    office.do("withhold", other, *DECISION, "--mode", "erase", who=leader)
    assert files(office.db) == []


def test_a_dry_run_withholds_nothing(held: tuple[Office, str, str]) -> None:
    """Neither value nor file."""
    office, _, dossier = held
    before = dump(office.db)
    office.do("withhold", dossier, *DECISION, "--mode", "erase", "--dry-run", who=office.holder("leader", COMMUNE))
    assert (len(files(office.db)), dump(office.db)) == (1, dump(office.db))
    assert before.keys() == dump(office.db).keys()


def test_only_a_leader_of_the_commune_or_above_withholds_and_says_why(held: tuple[Office, str, str]) -> None:
    """Neither officer nor administrator; a decision number and a reason are required."""
    office, entity, dossier = held
    leader = office.holder("leader", COMMUNE)
    province = office.unit_at(COMMUNE, "province")
    for who in (office.holder("officer", COMMUNE), "admin"):
        office.refuses(3, "withhold", dossier, *DECISION, "--mode", "seal", who=who)
    bare = ["--decision", "12/QĐ-UBND", "--mode", "seal"]
    assert office.refuses(3, "withhold", entity, *bare, who=leader) == ["reason_missing"]
    wrong = ["--decision", "mười hai", "--mode", "seal", "--reason", "x"]
    office.refuses(2, "withhold", entity, *wrong, who=leader)
    unknown = ["--field", "shoe_size", *DECISION, "--mode", "seal"]
    assert office.refuses(2, "withhold", entity, *unknown, who=leader) == ["withhold_field_unknown"]
    office.refuses(4, "withhold", "CT-2026-999999", *DECISION, "--mode", "seal", who=leader)
    office.do("withhold", entity, *DECISION, "--mode", "seal", who=office.holder("leader", province))


def test_a_value_taken_away_without_a_decision_is_a_fault(held: tuple[Office, str, str]) -> None:
    """Marking it withheld by hand does not help: the decision is looked for in the log."""
    office, _, _ = held
    with raw(office.db) as connection:
        connection.execute("UPDATE personal SET value = NULL, withheld = 'erase:1/QĐ-UBND'")
    kinds = {item["kind"] for item in office.ask("audit", "verify").document["problems"]}
    assert kinds == {"evidence_differs"}
