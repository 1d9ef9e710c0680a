"""Many lines from one file: ``advance --batch`` and ``dossier import``.

A bad line stops only itself; exit 1 if any failed; an array of {line, exit, result|error} (DESIGN section 7).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from ocop_flow.cli import batch
from ocop_flow.errors import Unavailable, reason
from ocop_flow.service.office import ATTEMPTS
from tests.cli.office import dump

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
