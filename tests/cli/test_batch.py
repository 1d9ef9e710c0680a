"""Many lines from one file: ``advance --batch`` and ``dossier import``.

A bad line stops only itself; exit 1 if any failed; an array of {line, exit, result|error} (DESIGN section 7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ocop_flow.cli import batch
from ocop_flow.errors import Unavailable, reason
from ocop_flow.service.office import ATTEMPTS
from tests.cli.office import dump, ocop

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.cli.office import Json, Office

COMMUNE = "12103"
#: Columns as the contract names them.
ADVANCE = "dossier,action,on,by,signed_by,capacity,entry,decision,decision_date,reason,expect_version,key"
IMPORT = "commune,product,entity,entity_kind,product_set,kind,track"


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Writes lines to a CSV file; its path."""

    def to_file(*lines: str, encoding: str = "utf-8") -> str:
        file = tmp_path / "lines.csv"
        file.write_bytes("\n".join(lines).encode(encoding) + b"\n")
        return str(file)

    return to_file


@pytest.fixture
def officer(office: Office) -> str:
    return office.holder("officer", COMMUNE)


@pytest.fixture
def dossiers(office: Office) -> list[str]:
    return [office.open(COMMUNE, f"Cà phê số {number}", track="existing_product") for number in (1, 2, 3)]


def run(office: Office, exit_code: int, *words: str, who: str) -> list[Json]:
    answer = office.ask(*words, who=who)
    assert answer.exit == exit_code, answer.out + answer.err
    lines: list[Json] = answer.document
    for item in lines:
        assert ("result" in item) == (item["exit"] == 0)
        assert ("error" in item) == (item["exit"] != 0)
    return lines


def test_every_line_is_a_move_of_its_own(
    office: Office, officer: str, dossiers: list[str], write: Callable[..., str]
) -> None:
    """Line numbers are those of the file, the heading being line 1; all done is exit 0."""
    file = write(ADVANCE, *(f"{code},return_for_supplement,1/6/2026,,,,,,,thiếu mẫu,1,k-{code}" for code in dossiers))
    lines = run(office, 0, "advance", "--batch", file, who=officer)
    assert [item["line"] for item in lines] == [2, 3, 4]
    assert [item["result"]["to_state"] for item in lines] == ["registration.supplement"] * 3
    assert {office.state(code) for code in dossiers} == {"registration.supplement"}


def test_a_bad_line_stops_only_itself_and_says_what_is_wrong(
    office: Office, officer: str, dossiers: list[str], write: Callable[..., str]
) -> None:
    """Each line has the exit code that the command alone would have had."""
    first, second, third = dossiers
    file = write(
        ADVANCE,
        f"{first},return_for_supplement,,,,,,,,thiếu mẫu,,",
        f"{second},return_for_supplement,,,,,,,,,,",  # no reason: 3
        "HS-2026-999999,return_for_supplement,,,,,,,,x,,",  # absent: 4
        f"{second},teleport,,,,,,,,x,,",  # unknown: 2
        f"{second},return_for_supplement,31/2/2026,,,,,,,x,,",  # no such day: 2
        f"{second},return_for_supplement,,,,,,,,x,7,",  # stale: 5
        f"{second},return_for_supplement,,nobody,,,,,,x,,",  # no such person: 4
        f"{second},return_for_supplement,,,,,,,,x,many,",  # no number: 2
        f"{third},return_for_supplement,,,,,,,,thiếu phiếu,,",
    )
    lines = run(office, 1, "advance", "--batch", file, who=officer)
    assert [(item["line"], item["exit"]) for item in lines] == [
        (2, 0),
        (3, 3),
        (4, 4),
        (5, 2),
        (6, 2),
        (7, 5),
        (8, 4),
        (9, 2),
        (10, 0),
    ]
    assert lines[1]["error"]["reasons"][0]["code"] == "reason_missing"
    assert lines[1]["error"]["reasons"][0]["remedy"]
    assert [office.show(code)["version"] for code in dossiers] == [2, 1, 2]
    assert office.do("audit", "verify")["ok"]


def test_a_sign_that_looks_like_a_number_stops_only_its_line(
    office: Office, officer: str, dossiers: list[str], write: Callable[..., str]
) -> None:
    """``²`` is a digit to Unicode and no number: as a version it cannot be read (2), as a dossier there is none (4)."""
    file = write(
        "dossier,action,reason,expect_version",
        f"{dossiers[0]},return_for_supplement,x,1",
        f"{dossiers[1]},return_for_supplement,x,²",
        f"{dossiers[1]},return_for_supplement,x,99999999999999999999999",
        "²,return_for_supplement,x,",
        f"{dossiers[2]},return_for_supplement,x,1",
    )
    lines = run(office, 1, "advance", "--batch", file, who=officer)
    assert [item["exit"] for item in lines] == [0, 2, 2, 4, 0]


def test_a_fault_of_the_program_stops_only_its_line_and_is_told_with_a_reference(
    office: Office,
    officer: str,
    dossiers: list[str],
    write: Callable[..., str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was done is told and stays done: an array of {line, exit, result|error}, whatever happens in a line."""
    prepared = batch._advance_line

    def faulty(table: Any, cells: dict[str, str]) -> Any:
        if cells["dossier"] == dossiers[1]:
            raise ZeroDivisionError("nobody thought of this")
        return prepared(table, cells)

    monkeypatch.setattr(batch, "_advance_line", faulty)
    file = write("dossier,action,reason", *(f"{code},return_for_supplement,x" for code in dossiers))
    lines = run(office, 1, "advance", "--batch", file, who=officer)
    assert [item["exit"] for item in lines] == [0, 70, 0]
    (told,) = lines[1]["error"]["reasons"]
    assert told["code"] == "bug"
    assert "ZeroDivisionError-" in told["message"]
    assert [office.show(code)["version"] for code in dossiers] == [2, 1, 2]


def test_what_stops_a_later_group_as_a_whole_does_not_take_the_answers_of_those_before(
    office: Office, officer: str, write: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A fault of the program at a group's commit, then Ctrl-C in the next: both are told with their lines."""
    carried_out, tried = batch._group, list[int]()

    def group(table: Any, listed: Any, *rest: Any) -> Any:
        tried.append(listed[0][0])
        if len(tried) == 2:
            raise ZeroDivisionError("nobody thought of this")
        if len(tried) == 3:
            raise KeyboardInterrupt
        return carried_out(table, listed, *rest)

    monkeypatch.setattr(batch, "_group", group)
    file = write(ADVANCE, *["HS-2026-000001-L,return_for_supplement,,,,,,,,x,,"] * (4 * batch.GROUP))
    lines = run(office, 1, "advance", "--batch", file, who=officer)
    assert [item["exit"] for item in lines] == [4] * batch.GROUP + [70] * batch.GROUP + [3] * 2 * batch.GROUP
    assert lines[-1]["error"]["reasons"][0]["code"] == "interrupted"
    assert len(tried) == 3


def test_a_text_with_a_separator_outside_quotation_marks_stops_its_line(
    office: Office, officer: str, dossiers: list[str], write: Callable[..., str]
) -> None:
    """Nothing typed is dropped: a cell beyond the headings is a fault; empty ones, as Excel adds, are none."""
    file = write(
        "dossier,action,reason",
        f"{dossiers[0]},return_for_supplement,thiếu mẫu, thiếu phiếu",
        f"{dossiers[1]},return_for_supplement,thiếu mẫu,,",
    )
    lines = run(office, 1, "advance", "--batch", file, who=officer)
    assert [item["exit"] for item in lines] == [2, 0]
    assert [item["code"] for item in lines[0]["error"]["reasons"]] == ["batch_row_width"]
    row = f"{COMMUNE},Cà phê,HTX số 1,cooperative,coffee_cacao,first,new_product,x"
    (line,) = run(office, 1, "dossier", "import", write(IMPORT, row), who=officer)
    assert line["error"]["reasons"][0]["code"] == "batch_row_width"


def test_a_line_with_too_many_cells_is_named_once_on_the_screen(
    office: Office, officer: str, dossiers: list[str], write: Callable[..., str]
) -> None:
    """``Line 2 has 4 cells``, not ``Line 2: Line 2 has 4 cells``."""
    file = write("dossier,action,reason", f"{dossiers[0]},return_for_supplement,thiếu mẫu, thiếu phiếu")
    words = ["advance", "--batch", file, "--db", str(office.db), "--as", officer]
    told = ocop(*words, now=f"{office.day}T10:00:00+07:00", lang="en").err
    assert told.startswith("Line 2 has 4 cells")


@pytest.mark.parametrize(
    "lines",
    [
        ["dossier,action,reason", "1,withdraw,x", '1,withdraw,"no end', *["1,withdraw,x"] * 9],
        ["dossier,action,reason", "1,withdraw,x", f"1,withdraw,{'x' * 200_000}"],
        ["dossier,action,reason", "1,withdraw,x", "1,withdraw,x\0"],
    ],
)
@pytest.mark.parametrize("command", [("advance", "--batch"), ("dossier", "import"), ("unit", "succeed", "--list")])
def test_a_file_that_is_no_csv_is_wrong_usage_with_its_line(
    office: Office, officer: str, write: Callable[..., str], lines: list[str], command: tuple[str, ...]
) -> None:
    """A quotation mark that never closes, a cell of 200,000 characters, a NUL: exit 2, the line named."""
    heading = {"dossier": IMPORT, "unit": "dossier,answer"}.get(command[0], lines[0])
    words = [*command, write(heading, *lines[1:])]
    if command[0] == "unit":
        words += ["--all", "--minutes", "1/BB-UBND"]
        officer = "admin"
    assert office.refuses(2, *words, who=officer) == ["csv_syntax"]
    (told,) = office.ask(*words, who=officer).document["reasons"]
    assert "row 3" in told["message"]


def test_options_beside_a_batch_hold_for_lines_that_leave_them_out(
    office: Office, officer: str, dossiers: list[str], write: Callable[..., str]
) -> None:
    """--by, --on, --entry, --key and --reason are accepted by every command that records an act (DESIGN section 7).

    A line's own cell comes first; a key gets the number of the line.
    """
    file = write(
        "dossier,action,reason,on",
        f"{dossiers[0]},return_for_supplement,của dòng,",
        f"{dossiers[1]},return_for_supplement,,1/6/2026",
    )
    office.day = "2026-06-03"
    common = ["--reason", "chung", "--on", "2026-06-02", "--entry", "paper:2026", "--by", officer, "--key", "K"]
    first = run(office, 0, "advance", "--batch", file, *common, who=officer)
    before = dump(office.db)
    assert run(office, 0, "advance", "--batch", file, *common, who=officer) == first
    assert dump(office.db) == before
    events = [office.do("dossier", "history", code)[-1] for code in dossiers[:2]]
    assert [event["reason"] for event in events] == ["của dòng", "chung"]
    assert [event["occurred_on"] for event in events] == ["2026-06-02", "2026-06-01"]
    assert [event["entry"] for event in events] == ["paper:2026"] * 2
    alone = ["advance", dossiers[2], "return_for_supplement", "--reason", "x", "--key", "K-3"]
    assert office.refuses(5, *alone, who=officer) == ["key_reused"]


def test_options_of_an_import_hold_for_its_lines(office: Office, officer: str, write: Callable[..., str]) -> None:
    """The same for ``dossier import``: typed days after the fact, the file says nothing of the day."""
    row = f"{COMMUNE},Cà phê,HTX số 1,cooperative,coffee_cacao,first,new_product"
    words = ["--on", "2026-05-29", "--entry", "paper:2026", "--reason", "sổ giấy"]
    (line,) = run(office, 0, "dossier", "import", write(IMPORT, row), *words, who=officer)
    assert office.show(line["result"]["code"])["opened_on"] == "2026-05-29"


@pytest.mark.parametrize(
    "beside",
    [
        ["HS-2026-000001-L", "withdraw"],
        ["--expect-version", "1"],
        ["--set", "local_origin=true"],
        ["--decision", "12/QĐ-UBND"],
        ["--signed-by", "lanhdao"],
        ["--as-decided"],
    ],
)
def test_what_only_a_line_can_say_is_refused_beside_a_batch(
    office: Office, officer: str, dossiers: list[str], write: Callable[..., str], beside: list[str]
) -> None:
    """Nothing that was typed is left aside in silence: exit 2, named, nothing done."""
    file = write("dossier,action,reason", f"{dossiers[0]},return_for_supplement,x")
    words = ["advance", "--batch", file, *beside]
    assert office.refuses(2, *words, who=officer) == ["batch_options"]
    (told,) = office.ask(*words, who=officer).document["reasons"]
    assert ("DOSSIER, ACTION" if beside[0].startswith("HS") else beside[0]) in told["message"]
    (faulty,) = office.ask("advance", "--batch", file, "--on", "31/2/2026", who=officer).document["reasons"]
    assert faulty["code"] == "date_does_not_exist"


def test_a_line_may_build_on_the_one_before(
    office: Office, officer: str, dossiers: list[str], write: Callable[..., str]
) -> None:
    """Lines are done in the order of the file."""
    code = dossiers[0]
    office.hand_in(code, office.actions(code)["propose_to_province"])
    seen = office.show(code)["version"]
    names = ["return_for_supplement", "receive_supplement", "return_for_supplement"]
    moves = [f"{code},{name},x,{seen + number}" for number, name in enumerate(names)]
    file = write("dossier,action,reason,expect_version", *moves)
    lines = run(office, 0, "advance", "--batch", file, who=officer)
    assert [item["result"]["version"] for item in lines] == [seen + 1, seen + 2, seen + 3]


def test_a_batch_that_is_repeated_with_its_keys_does_nothing_twice(
    office: Office, officer: str, dossiers: list[str], write: Callable[..., str]
) -> None:
    """After a crash the same file is given again: each line answers as it did at first."""
    file = write("dossier,action,reason,key", *(f"{code},return_for_supplement,x,k-{code}" for code in dossiers))
    first = run(office, 0, "advance", "--batch", file, who=officer)
    before = dump(office.db)
    assert run(office, 0, "advance", "--batch", file, who=officer) == first
    assert dump(office.db) == before


def test_fields_and_documents_stand_in_columns_of_their_own(
    office: Office, write: Callable[..., str], tmp_path: Path
) -> None:
    """``set.NAME`` and ``doc.KIND`` (DESIGN section 7)."""
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    action = office.actions(dossier)["propose_to_province"]
    office.hand_in(dossier, {**action, "needs": {"evidence": action["needs"]["evidence"][1:]}})
    lacking = action["needs"]["evidence"][0]["kind"]
    scan = tmp_path / "scan.pdf"
    scan.write_bytes(b"%PDF")
    names = ["local_origin", "local_labour", "idea_origin", "local_identity"]
    heading = "dossier,action,decision," + ",".join(f"set.{name}" for name in names) + f",doc.{lacking}"
    file = write(heading, f'{dossier},propose_to_province,12/CV-UBND,true,true,"gốc, địa phương",bản sắc,{scan}')
    leader = office.holder("leader", COMMUNE)
    (line,) = run(office, 0, "advance", "--batch", file, who=leader)
    assert line["result"]["to_state"] == "evaluation.province_check"
    event = office.do("dossier", "history", dossier)[-1]
    assert event["data"]["fields"]["idea_origin"] == "gốc, địa phương"


def test_spreadsheets_of_a_vietnamese_office_are_read(
    office: Office, officer: str, dossiers: list[str], write: Callable[..., str]
) -> None:
    """Semicolons and a byte-order mark, as Excel writes them here."""
    file = write("dossier;action;reason", f"{dossiers[0]};return_for_supplement;thiếu, mẫu", encoding="utf-8-sig")
    (line,) = run(office, 0, "advance", "--batch", file, who=officer)
    assert line["exit"] == 0
    assert office.do("dossier", "history", dossiers[0])[-1]["reason"] == "thiếu, mẫu"


@pytest.mark.parametrize(
    ("lines", "code"),
    [
        (["dossier,act", "1,withdraw"], "batch_columns"),
        (["dossier,action,colour", "1,withdraw,red"], "batch_columns"),
        (["dossier,reason", "1,x"], "batch_column_missing"),
        (["dossier,action,reason,reason", "1,withdraw,x,y"], "batch_column_twice"),
    ],
)
def test_a_file_with_wrong_columns_is_wrong_usage_as_a_whole(
    office: Office, officer: str, write: Callable[..., str], lines: list[str], code: str
) -> None:
    """A faulty import file: exit 2, nothing done."""
    assert code in office.refuses(2, "advance", "--batch", write(*lines), who=officer)


def test_a_file_that_cannot_be_read_is_wrong_usage(
    office: Office, officer: str, write: Callable[..., str], tmp_path: Path
) -> None:
    assert office.refuses(2, "advance", "--batch", str(tmp_path / "absent.csv"), who=officer) == ["file_unreadable"]
    latin = write("dossier,action,reason", "1,withdraw,thiếu", encoding="utf-16")
    assert office.refuses(2, "advance", "--batch", latin, who=officer) == ["file_not_utf8"]
    workbook = tmp_path / "lines.csv.xlsx"
    workbook.write_bytes(b"PK\x03\x04" + bytes(100))
    assert office.refuses(2, "advance", "--batch", str(workbook), who=officer) == ["batch_is_workbook"]


def test_a_dry_run_of_a_batch_tells_every_fault_and_writes_nothing(
    office: Office, officer: str, dossiers: list[str], write: Callable[..., str]
) -> None:
    before = dump(office.db)
    moves = [f"{dossiers[0]},return_for_supplement,x", f"{dossiers[1]},return_for_supplement,"]
    file = write("dossier,action,reason", *moves)
    lines = run(office, 1, "advance", "--batch", file, "--dry-run", who=officer)
    assert [item["exit"] for item in lines] == [0, 3]
    assert dump(office.db) == before


def test_more_lines_than_one_commit_holds_are_all_done(office: Office, officer: str, write: Callable[..., str]) -> None:
    """Group commit takes up to 100 lines a transaction (DESIGN principle 4); a bad one in the middle stops itself."""
    lines = [
        f"{COMMUNE},Cà phê số {number},HTX số 1,cooperative,coffee_cacao,first,new_product" for number in range(105)
    ]
    lines[50] = f"{COMMUNE},Cà phê hỏng,HTX số 1,cooperative,spaceships,first,new_product"
    found = run(office, 1, "dossier", "import", write(IMPORT, *lines), who=officer)
    assert [item["line"] for item in found if item["exit"]] == [52]
    assert len({item["result"]["code"] for item in found if not item["exit"]}) == 104
    assert len(office.do("dossier", "list")) == 104
    assert office.do("audit", "verify")["ok"]


def test_a_group_in_whose_way_another_writer_is_is_tried_again_and_each_after_it_once(
    office: Office, officer: str, write: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who holds the database for long does not keep every group waiting; what was committed stays reported."""
    carried_out, tried = batch._group, list[int]()

    def group(table: Any, listed: Any, *rest: Any) -> Any:
        tried.append(listed[0][0])
        if len(tried) > 2:
            raise Unavailable(reason("database_locked", path="-", detail="locked"), again=True)
        return carried_out(table, listed, *rest)

    monkeypatch.setattr(batch, "_group", group)
    file = write(ADVANCE, *["HS-2026-000001-L,return_for_supplement,,,,,,,,x,,"] * (4 * batch.GROUP))
    lines = run(office, 1, "advance", "--batch", file, who=officer)
    second, third, fourth = (2 + number * batch.GROUP for number in (1, 2, 3))
    assert tried == [2, second, *[third] * ATTEMPTS, fourth]
    assert [item["exit"] for item in lines] == [4] * 2 * batch.GROUP + [6] * 2 * batch.GROUP


def test_opening_many_dossiers_finds_the_entity_of_an_earlier_line(
    office: Office, officer: str, write: Callable[..., str]
) -> None:
    """Entity and product are objects: two products of one cooperative make one entity (DESIGN section 4)."""
    rows = [f"{COMMUNE},{name},HTX số 1,cooperative,coffee_cacao,first,new_product" for name in ("Cà phê", "Ca cao")]
    run(office, 0, "dossier", "import", write(IMPORT, *rows), who=officer)
    assert len(office.do("entity", "list")) == 1
    assert len(office.do("product", "list")) == 2


def test_a_faulty_opening_leaves_no_entity_or_product_behind(
    office: Office, officer: str, write: Callable[..., str]
) -> None:
    """What a line wrote is undone with it."""
    good = f"{COMMUNE},Cà phê,HTX số 1,cooperative,coffee_cacao,first,new_product,1/6/2026"
    bad = [
        f"{COMMUNE},Trà,HTX số 2,association,coffee_cacao,first,new_product,1/6/2026",
        f"{COMMUNE},Trà,HTX số 3,cooperative,coffee_cacao,first,new_product,2/6/2026",
        f"{COMMUNE},,HTX số 4,cooperative,coffee_cacao,first,new_product,1/6/2026",
        "99999,Trà,HTX số 5,cooperative,coffee_cacao,first,new_product,1/6/2026",
        f"{COMMUNE},Trà,HTX số 6,cooperative,coffee_cacao,second,new_product,1/6/2026",
    ]
    found = run(office, 1, "dossier", "import", write(IMPORT + ",on", good, *bad), who=officer)
    assert [item["exit"] for item in found] == [0, 3, 3, 2, 4, 2]
    assert [item["name"] for item in office.do("entity", "list")] == ["HTX số 1"]
    assert [item["name"] for item in office.do("product", "list")] == ["Cà phê"]


def test_a_repeated_file_is_told_on_the_screen_and_a_tab_parts_its_cells(
    office: Office, officer: str, write: Callable[..., str]
) -> None:
    """A backlog typed twice would stand twice: what each line was told is shown, the first five and how many more.

    Excel writes tabs where it says "Unicode text".
    """
    rows = [f"{COMMUNE},Cà phê {n},HTX số 1,HTX,coffee_cacao,first,new_product" for n in range(7)]
    file = write(*(line.replace(",", "\t") for line in (IMPORT, *rows, rows[0].replace("HTX,", "x,"))))
    words = ["dossier", "import", file, "--db", str(office.db), "--as", officer]
    first, again = (ocop(*words, now=f"{office.day}T10:00:00+07:00", lang="en") for _ in range(2))
    assert "7 lines done, 1 failed." in first.out
    assert "run those lines alone" in first.err
    assert again.err.count("already") >= 5 and "… and 2 more lines of the same." in again.err


def test_a_product_set_is_named_by_words_also_where_the_law_lists_none(
    office: Office, officer: str, write: Callable[..., str]
) -> None:
    """148/QĐ-TTg has sets that were not read: a name that another decision has stands for its id."""
    row = f"{COMMUNE},Chè,HTX số 1,HTX,%s,first,new_product,2026-03-02"
    file = write(f"{IMPORT},on", row % '"Cà phê, ca cao"', row % "Rượu gì")
    done, failed = run(office, 1, "dossier", "import", file, who=officer)
    assert office.show(done["result"]["code"])["product_set"] == "coffee_cacao"
    (told,) = failed["error"]["reasons"]
    assert told["code"] == "product_set_no_id"
    assert "[a-z" not in told["remedy"] and "qd_" not in told["message"]
