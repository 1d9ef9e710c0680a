"""One numbered, signed decision for many dossiers: all lines or none (DESIGN sections 4 and 5).

A recognition decision lists many products; its number runs within its issuer and year (Decree 30/2020/NĐ-CP).
"""

from __future__ import annotations

import csv
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import copied
from tests.cli.contract import held
from tests.cli.office import Json, Office, dump

if TYPE_CHECKING:
    from pathlib import Path

COMMUNE, PROVINCE = "12103", "33"
NUMBER = "45/QĐ-UBND"


@pytest.fixture(scope="module")
def decided_on(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, str], Office]:
    """Three dossiers before the provincial Chair on 1 June 2026: found worth 4, 3 and 2 stars; never written to."""
    office = Office(copied(sandbox_database, tmp_path_factory.mktemp("decisions")))
    codes = {}
    for product, stars in (("Cà phê bột", 4), ("Chè xanh", 3), ("Ca cao", 2)):
        codes[product] = office.open(COMMUNE, product, track="existing_product")
        office.walk(codes[product], "rating", stars=stars)
    for role in ("leader", "officer"):
        office.holder(role, PROVINCE)
    return office.db, codes, office


@pytest.fixture
def waiting(decided_on: tuple[Path, dict[str, str], Office], tmp_path: Path) -> Waiting:
    db, codes, office = decided_on
    mine = Office(copied(db, tmp_path), people=dict(office.people), communes=dict(office.communes))
    return Waiting(mine, codes, tmp_path)


class Waiting:
    """The office with its three dossiers, a folder, and the signed paper."""

    def __init__(self, office: Office, codes: dict[str, str], folder: Path) -> None:
        self.office, self.codes, self.folder = office, codes, folder
        self.officer, self.leader = office.holder("officer", PROVINCE), office.holder("leader", PROVINCE)
        self.paper = folder / "quyet-dinh.pdf"
        self.paper.write_bytes(b"%PDF-1.7 quyet dinh so 45")

    def listing(self, *rows: tuple[str, ...], heading: str = "dossier,product,stars") -> str:
        file = self.folder / f"danh-sach-{len(list(self.folder.iterdir()))}.csv"
        file.write_text("\n".join([heading, *(",".join(row) for row in rows)]), encoding="utf-8")
        return str(file)

    def words(self, file: str, *more: str, number: str = NUMBER) -> list[str]:
        signed = ["--signed-by", self.leader, "--capacity", "TM", "--file", str(self.paper)]
        return ["decision", "record", number, "--list", file, "--on", self.office.day, *signed, *more]

    def record(self, file: str, *more: str, number: str = NUMBER) -> Json:
        answer = self.office.do(*self.words(file, *more, number=number), who=self.officer)
        recorded: Json = held(answer, "decision record")
        return recorded

    def both(self) -> str:
        return self.listing((self.codes["Cà phê bột"], "Cà phê bột", "4"), (self.codes["Chè xanh"], "Chè xanh", "3"))


def test_a_kind_that_is_none_is_told_wherever_it_is_typed(waiting: Waiting) -> None:
    """DESIGN section 7: exit 2 for what is not in a fixed list."""
    office = waiting.office
    for words in (["draft", "--unit", PROVINCE], ["list"], ["record", "9/QĐ-UBND"]):
        told = office.refuses(2, "decision", *words, "--kind", "zzz", who=waiting.officer)
        assert told == ["decision_kind_unknown"]


def test_a_draft_tells_what_awaits_a_decision_of_the_unit_and_what_it_would_say(waiting: Waiting) -> None:
    """26/2026/QĐ-TTg art. 6: three and four stars are the provincial Chair's; below 50 points nothing is recognised."""
    drafted = held(waiting.office.do("decision", "draft", who=waiting.officer), "decision draft")
    said = {line["product"]: (line["decision_kind"], line["action"], line["stars"]) for line in drafted["lines"]}
    assert said == {
        "Cà phê bột": ("recognition", "recognise", 4),
        "Chè xanh": ("recognition", "recognise", 3),
        "Ca cao": ("not_recognised", "not_recognise", 2),
    }
    assert all(line["ready"] for line in drafted["lines"])
    assert waiting.office.do("decision", "draft", "--unit", COMMUNE, who=waiting.officer)["lines"] == []


@pytest.mark.parametrize("suffix", ["csv", "xlsx"])
@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_drafted_list_is_recorded_as_it_was_written(waiting: Waiting, suffix: str, lang: str) -> None:
    """What ``draft --out`` writes is what ``record --list`` reads, in either language."""
    out = str(waiting.folder / f"du-thao.{suffix}")
    waiting.office.lang = lang
    waiting.office.do("decision", "draft", "--kind", "recognition", "--out", out, who=waiting.officer)
    recorded = waiting.record(out)
    assert recorded["differences"] == []
    assert {line["product"]: line["stars"] for line in recorded["lines"]} == {"Cà phê bột": 4, "Chè xanh": 3}


def test_every_line_moves_its_dossier_by_the_leader_who_signed_and_names_the_decision(waiting: Waiting) -> None:
    """The signer decided, the officer only typed: both stand in the event, with the number and the sealed file."""
    recorded = waiting.record(waiting.both())
    assert [line["to_state"] for line in recorded["lines"]] == ["promotion.active"] * 2
    assert recorded["identity"] == f"{PROVINCE}:2026:{NUMBER}"
    for line in recorded["lines"]:
        event = waiting.office.do("dossier", "history", line["dossier"])[-1]
        assert (event["seq"], event["action"]) == (line["seq"], "recognise")
        assert (event["actor"]["login"], event["recorder"]["login"]) == (waiting.leader, waiting.officer)
        assert (event["signer"]["number"], event["signer"]["capacity"]) == (NUMBER, "TM")
        assert event["data"]["decision"] == recorded["identity"]
        assert waiting.office.do("certificate", "show", line["certificate"])["decision"] == NUMBER
    shown = held(waiting.office.do("decision", "show", NUMBER), "decision show")
    assert (shown["status"], shown["file"], len(shown["lines"])) == ("in_force", recorded["file"], 2)
    assert [item["identity"] for item in waiting.office.do("decision", "list")] == [recorded["identity"]]
    assert waiting.office.do("audit", "verify")["ok"]
    assert waiting.office.do("doctor", "--rebuild")["problems"] == []


def test_one_line_against_the_rules_keeps_all_lines_out(waiting: Waiting) -> None:
    """All lines or none: two stars are recognised by nobody (26/2026/QĐ-TTg art. 6), so nothing at all is written."""
    file = waiting.listing((waiting.codes["Chè xanh"], "Chè xanh", "3"), (waiting.codes["Ca cao"], "Ca cao", "3"))
    codes = waiting.office.refuses(3, *waiting.words(file), who=waiting.officer)
    assert codes == ["decision_line_at", "stars_between", "stars_differ"]
    assert waiting.office.state(waiting.codes["Chè xanh"]) == "rating.province_decision"


def test_a_signed_decision_that_departs_from_the_rules_is_recorded_as_decided(waiting: Waiting) -> None:
    """A signed decision is a legal fact: the failed conditions and both stars are kept apart (DESIGN section 5)."""
    file = waiting.listing((waiting.codes["Ca cao"], "Ca cao", "3"))
    recorded = waiting.record(file, "--as-decided", "--reason", "theo quyết định đã ký")
    line = recorded["lines"][0]
    assert (line["stars"], line["computed"]) == (3, 2)
    assert [item["code"] for item in line["overridden"]] == ["stars_between", "stars_differ"]
    shown = waiting.office.show(waiting.codes["Ca cao"])
    assert (shown["stars"], shown["stars_decided"]) == (2, 3)
    stored = waiting.office.do("decision", "show", NUMBER)["lines"][0]
    assert (stored["stars"], stored["computed"], stored["overridden"]) == (3, 2, ["stars_between", "stars_differ"])


def test_differences_between_list_and_records_are_told(waiting: Waiting) -> None:
    """Missing, other star, other name; a dry run shows them and changes nothing."""
    before = dump(waiting.office.db)
    file = waiting.listing((waiting.codes["Cà phê bột"], "Cà phê hạt", "3"))
    words = waiting.words(file, "--as-decided", "--reason", "theo quyết định đã ký", "--dry-run")
    tried = waiting.office.do(*words, who=waiting.officer)
    kinds = [(item["kind"], item["dossier"]) for item in tried["differences"]]
    mine, left = waiting.codes["Cà phê bột"], waiting.codes["Chè xanh"]
    assert kinds == [("other_star", mine), ("other_name", mine), ("missing", left)]
    assert dump(waiting.office.db) == before


def test_a_dossier_that_awaits_no_decision_is_told_by_its_row(waiting: Waiting) -> None:
    """An extra line: the dossier is not before this unit for a decision of the kind."""
    extra = waiting.office.open(COMMUNE, "Mật ong", track="existing_product")
    file = waiting.listing((waiting.codes["Chè xanh"], "Chè xanh", "3"), (extra, "Mật ong", "3"))
    assert waiting.office.refuses(2, *waiting.words(file), who=waiting.officer) == [
        "decision_line_at",
        "decision_line_extra",
    ]


def test_every_fault_of_a_list_is_told_by_its_row(waiting: Waiting) -> None:
    """Bad rows are all told at once, and nothing is written."""
    file = waiting.listing(("", "", "3"), ("HS-9", "Chè", "bảy"), ("", "Chè xanh", "3"))
    told = waiting.office.refuses(2, *waiting.words(file), who=waiting.officer)
    assert told == ["decision_line_nameless", "decision_line_stars"]
    chè = waiting.codes["Chè xanh"]
    twice = waiting.listing((chè, "Chè xanh", "3"), ("", "Chè xanh", "3"), ("HS-2026-999999", "Bưởi", "3"))
    told = waiting.office.refuses(2, *waiting.words(twice), who=waiting.officer)
    assert told == ["decision_line_twice", "decision_line_at", "dossier_absent"]
    strange = waiting.listing(("1", "2"), heading="một,hai")
    assert waiting.office.refuses(2, *waiting.words(strange), who=waiting.officer) == ["decision_list_no_heading"]


def test_a_number_is_its_issuers_once_in_a_year(waiting: Waiting) -> None:
    """Decree 30/2020/NĐ-CP: documents are numbered anew each year; the same number twice is refused."""
    waiting.record(waiting.both())
    again = waiting.listing((waiting.codes["Ca cao"], "Ca cao", "2"))
    words = waiting.words(again, "--kind", "not_recognised", "--reason", "dưới 50 điểm")
    assert waiting.office.refuses(3, *words, who=waiting.officer) == ["decision_taken"]
    other = waiting.words(again, "--kind", "not_recognised", "--reason", "dưới 50 điểm", number="46/QĐ-UBND")
    assert waiting.office.do(*other, who=waiting.officer)["lines"][0]["to_state"] == "closed.not_recognised"


def test_a_decision_of_a_day_to_come_is_refused(waiting: Waiting) -> None:
    words = waiting.words(waiting.both(), "--on", "2026-06-02")
    assert waiting.office.refuses(3, *words, who=waiting.officer) == ["day_in_future"]


def test_officer_leader_or_secretary_of_the_issuer_record_and_nobody_else(waiting: Waiting) -> None:
    """DESIGN section 5; and somebody who may sign must have signed."""
    file = waiting.both()
    commune = waiting.office.holder("officer", COMMUNE)
    told = waiting.office.refuses(3, *waiting.words(file, "--unit", PROVINCE), who=commune)
    assert told == ["role_missing"]
    unsigned = ["decision", "record", NUMBER, "--list", file]
    assert waiting.office.refuses(3, *unsigned, who=waiting.officer) == ["decision_signer_missing"]
    secretary = waiting.office.holder("council_secretary", PROVINCE)
    assert waiting.office.do(*waiting.words(file), who=secretary)["status"] == "in_force"


def test_decisions_on_councils_rules_and_posts_are_recorded_as_documents(waiting: Waiting) -> None:
    """The same mechanism without a list, for acts that name the document by its number."""
    for position, kind in enumerate(("council", "rules", "appointment", "other"), start=1):
        words = ["decision", "record", f"{position}/QĐ-UBND", "--kind", kind, "--title", "Về việc thành lập"]
        recorded = waiting.office.do(*words, "--signed-by", waiting.leader, who=waiting.officer)
        assert (recorded["kind"], recorded["lines"]) == (kind, [])
        assert [item["code"] for item in recorded["warnings"]] == ["decision_without_file"]
    with_list = ["decision", "record", "9/QĐ-UBND", "--kind", "council", "--list", waiting.both()]
    assert waiting.office.refuses(2, *with_list, who=waiting.officer) == ["decision_list_unused"]
    without = ["decision", "record", "9/QĐ-UBND", "--signed-by", waiting.leader]
    assert waiting.office.refuses(2, *without, who=waiting.officer) == ["decision_list_missing"]


def test_a_number_that_two_units_bear_is_asked_for_in_full(waiting: Waiting) -> None:
    """Document identity is issuer, year and number; the bare number alone works where it is unambiguous."""
    waiting.office.holder("leader", COMMUNE)
    for unit in (PROVINCE, COMMUNE):
        who = waiting.office.holder("leader", unit)
        waiting.office.do("decision", "record", "7/QĐ-UBND", "--kind", "rules", "--unit", unit, who=who)
    told = waiting.office.refuses(2, "decision", "show", "7/QĐ-UBND")
    assert told == ["decision_ambiguous"] * 2
    assert waiting.office.do("decision", "show", f"{COMMUNE}:7/QĐ-UBND")["issuer"]["code"] == COMMUNE
    assert waiting.office.refuses(4, "decision", "show", "8/QĐ-UBND") == ["decision_absent"]


def test_a_repeated_key_gets_the_first_answer_again(waiting: Waiting) -> None:
    words = waiting.words(waiting.both(), "--key", "qd-45")
    first = waiting.office.do(*words, who=waiting.officer)
    assert waiting.office.do(*words, who=waiting.officer) == first


def test_advance_by_the_number_of_a_recorded_decision_is_linked_to_it_and_held_against_it(waiting: Waiting) -> None:
    """The event names the recorded decision; another date or signer, or a dossier that it does not list, warns."""
    recorded = waiting.record(waiting.listing((waiting.codes["Chè xanh"], "Chè xanh", "3")))
    other = waiting.office.holder("leader", PROVINCE, 2)
    waiting.office.day = "2026-06-03"
    move = ["advance", waiting.codes["Cà phê bột"], "recognise", "--decision", NUMBER]
    tried = waiting.office.do(*move, "--decision-date", "2026-06-01", "--dry-run", who=other)
    assert [item["code"] for item in tried["warnings"]] == ["decision_signer_differs", "decision_lists_not"]
    moved = waiting.office.do(*move, who=waiting.leader)
    assert [item["code"] for item in moved["warnings"]] == ["decision_date_differs", "decision_lists_not"]
    event = waiting.office.do("dossier", "history", waiting.codes["Cà phê bột"])[-1]
    assert event["data"]["decision"] == recorded["identity"]


def test_a_number_that_only_a_move_cites_is_known_and_not_free(waiting: Waiting) -> None:
    """A number is its issuer's once a year (30/2020/NĐ-CP): another day, signer or kind is told and recorded; it is
    derived that a paper has one day and one signer, so nothing is refused (DESIGN principle 10)."""
    office, other = waiting.office, waiting.office.holder("leader", PROVINCE, 2)
    first, second = waiting.codes["Cà phê bột"], waiting.codes["Chè xanh"]
    assert office.refuses(4, "decision", "show", NUMBER) == ["decision_absent"]
    office.do("advance", first, "recognise", "--decision", NUMBER, who=waiting.leader)
    shown = office.ask("decision", "show", NUMBER)
    assert (shown.exit, shown.codes) == (4, ["decision_only_cited"])
    assert first in shown.document["reasons"][0]["message"]
    office.day = "2026-06-03"
    move = ["advance", second, "recognise", "--decision", NUMBER]
    same = office.do(*move, "--decision-date", "2026-06-01", "--dry-run", who=waiting.leader)
    assert same["warnings"] == []
    for words, who in (([], waiting.leader), (["--decision-date", "2026-06-01"], other)):
        tried = office.do(*move, *words, "--dry-run", who=who)
        assert [item["code"] for item in tried["warnings"]] == ["decision_number_used"]
    office.do(*move, who=waiting.leader)
    recorded = office.do("dossier", "history", second)[-1]
    assert [item["code"] for item in recorded["warnings"]] == ["decision_number_used"]
    elsewhere = ["decision", "record", NUMBER, "--kind", "other", "--on", "2026-06-01"]
    told = office.do(*elsewhere, "--signed-by", waiting.leader, "--dry-run", who=waiting.officer)["warnings"]
    assert [item["code"] for item in told] == ["decision_without_file", *["decision_number_used"] * 2]
    found = office.do("audit", "findings", who="admin")["findings"]
    (reused,) = [item for item in found if item["kind"] == "number_reused" and NUMBER in item["reason"]["message"]]
    assert (reused["subject"], reused["seq"]) == (second, recorded["seq"])


def test_a_number_whose_act_was_taken_back_is_free_again(waiting: Waiting) -> None:
    first, second = waiting.codes["Cà phê bột"], waiting.codes["Chè xanh"]
    waiting.office.do("advance", first, "recognise", "--decision", NUMBER, who=waiting.leader)
    waiting.office.do("undo", first, who=waiting.leader)
    waiting.office.day = "2026-06-03"
    moved = waiting.office.do("advance", second, "recognise", "--decision", NUMBER, who=waiting.leader)
    assert moved["warnings"] == []


def test_a_decision_recorded_after_its_dossiers_were_moved_by_its_number_takes_them_as_they_are(
    waiting: Waiting,
) -> None:
    """The move made one by one stays the only one; the decision lists it and the rest is moved with it."""
    moved = waiting.office.do(
        "advance", waiting.codes["Cà phê bột"], "recognise", "--decision", NUMBER, who=waiting.leader
    )
    recorded = waiting.record(waiting.both())
    assert [(line["seq"], line["done_before"]) for line in recorded["lines"][:1]] == [(moved["seq"], True)]
    assert recorded["lines"][1]["done_before"] is False
    assert waiting.office.show(waiting.codes["Cà phê bột"])["version"] == moved["seq"]
    undo = ["undo", waiting.codes["Cà phê bột"]]
    assert waiting.office.refuses(3, *undo, who=waiting.leader) == ["undo_of_decision"]


def test_the_list_out_of_a_draft_opens_in_a_spreadsheet_with_its_headings(waiting: Waiting) -> None:
    out = waiting.folder / "du-thao.csv"
    waiting.office.lang = "vi"
    waiting.office.do("decision", "draft", "--out", str(out), who=waiting.officer)
    lines = list(csv.reader(out.read_text(encoding="utf-8-sig").splitlines()))
    assert lines[0][:4] == ["Mã hồ sơ", "Tên sản phẩm", "Tên chủ thể", "Số sao"]
    assert len(lines) == 4
    assert waiting.office.refuses(3, "decision", "draft", "--out", str(out), who=waiting.officer) == ["target_exists"]


def test_what_cites_an_annulled_number_or_another_document_is_refused(waiting: Waiting) -> None:
    """A council, a post, a delegation and a substitute rest on a numbered decision: one that holds, and says so."""
    office, by = waiting.office, ["--signed-by", waiting.leader]
    for number, kind in (("60/QĐ-UBND", "council"), ("61/QĐ-UBND", "appointment"), ("62/QĐ-UBND", "annulment")):
        office.do("decision", "record", number, "--kind", kind, *by, who=waiting.officer)
    waiting.record(waiting.both())
    office.do("person", "add", "moi.1", "--name", "Cán bộ mới số 1", who="admin")
    founded = ["council", "create", "--unit", PROVINCE, "--round", "1", "--year", "2026", "--decision"]
    post = ["person", "appoint", "moi.1", "--unit", PROVINCE, "--role", "officer", "--decision"]
    assert office.refuses(3, *founded, NUMBER, who=waiting.officer) == ["decision_cited_other"]
    assert office.refuses(3, *post, NUMBER, who="admin") == ["decision_cited_other"]
    given = ["person", "delegate", waiting.leader, "moi.1", "--unit", PROVINCE, "--role", "leader"]
    given += ["--from", "2026-06-01", "--to", "2026-06-30", "--decision"]
    assert office.refuses(3, *given, NUMBER, who="admin") == ["decision_cited_other"]
    for number in ("60/QĐ-UBND", "61/QĐ-UBND"):
        office.do("decision", "annul", number, "--by", "62/QĐ-UBND", "--reason", "sai thẩm quyền", who=waiting.officer)
    assert office.refuses(3, *founded, "60/QĐ-UBND", who=waiting.officer) == ["decision_cited_annulled"]
    assert office.refuses(3, *post, "61/QĐ-UBND", who="admin") == ["decision_cited_annulled"]
    first = office.do(*founded, "63/QĐ-UBND", who=waiting.officer)
    assert first["warnings"] == []
    second = office.do(*founded, "63/QĐ-UBND", who=waiting.officer)
    assert [item["code"] for item in second["warnings"]] == ["council_decision_used"]
    office.do(*post, "64/QĐ-UBND", who="admin")


def test_a_number_of_another_year_is_another_document(waiting: Waiting) -> None:
    """Decree 30/2020/NĐ-CP: numbers begin anew each year, so that of 2026 says nothing of a post given in 2025."""
    waiting.record(waiting.both())
    post = ["person", "appoint", waiting.officer, "--unit", PROVINCE, "--role", "advisory_team", "--decision", NUMBER]
    waiting.office.do(*post, "--from", "2025-12-01", who="admin")
