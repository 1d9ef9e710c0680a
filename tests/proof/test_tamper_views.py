"""Rows of views changed behind the program's back: ``audit verify`` holds each against the stream that it follows from.

DESIGN section 2: views are caches, row for row equal to what the log gives; section 7: ``view_differs``. Who may act,
and under which law, is read from these rows. Duties and what entities are told follow from days off adopted since, too,
and are left to ``ocop doctor --rebuild --dry-run``.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from tests.cli.conftest import copied
from tests.cli.office import Office
from tests.proof.test_tamper import attacked, problems

__all__ = ["attacked"]
pytestmark = pytest.mark.sqlite
Attacked = tuple[Office, sqlite3.Connection]
COMMUNE, PROVINCE = "12103", "33"
VIEWS = (
    "person",
    "post",
    "entity",
    "product",
    "council",
    "sitting",
    "certificate",
    "decision",
    "sending",
    "law",
    "dossier",
)
FLAGS = (
    ("person", "can_login"),
    ("person", "office"),
    ("certificate", "disputed"),
    ("certificate", "unreconciled"),
)
#: Another text, bytes that are no text, a large number, nothing.
VALUES = ("x", b"\xff\xfe", 1 << 40, None)


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory, sandbox_database: Path) -> tuple[Office, Path]:
    """(an office in which each of ``VIEWS`` has rows, a folder): a dossier with its certificate, and one declared."""
    folder = tmp_path_factory.mktemp("views")
    office = Office(copied(sandbox_database, folder))
    dossier = office.open(COMMUNE, "Mật ong", track="existing_product")
    office.walk(dossier, "promotion", stars=3)
    officer, leader = office.holder("officer", PROVINCE), office.holder("leader", PROVINCE)
    known = ["--product", "Chè", "--entity", "HTX 4", "--entity-kind", "cooperative", "--source", "Sổ", "--stars", "4"]
    office.do("certificate", "declare", *known, "--commune", COMMUNE, "--number", "8/GCN", who=officer)
    about = ["--kind", "council", "--title", "Về việc thành lập", "--signed-by", leader]
    office.do("decision", "record", "9/QĐ-UBND", *about, who=officer)
    office.do("worklist", "make", "--unit", COMMUNE, "--out", str(folder / "viec.xlsx"), who=officer)
    return office, folder


def columns(connection: sqlite3.Connection, table: str) -> list[str]:
    return [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]


@pytest.mark.parametrize("table", VIEWS)
def test_any_value_in_any_column_of_a_view_is_a_row_that_differs(attacked: Attacked, table: str) -> None:
    """In its newest row; each is told with the name of its subject and of the view."""
    office, connection = attacked
    assert problems(office) == []
    (row,) = connection.execute(f"SELECT max(rowid) FROM {table}").fetchone()
    assert row is not None
    for column in columns(connection, table):
        (kept,) = connection.execute(f"SELECT {column} FROM {table} WHERE rowid = ?", (row,)).fetchone()
        value = 1 - kept if (table, column) in FLAGS else next(each for each in VALUES if each != kept)
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, row))
        found = problems(office)
        assert found, f"{table}.{column}"
        assert {each["kind"] for each in found} == {"view_differs"}, (column, found)
        assert all(each["dossier"] and each["detail"] for each in found)
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (kept, row))
    assert problems(office) == []


@pytest.mark.parametrize("table", VIEWS)
@pytest.mark.parametrize("value", [VALUES[1], VALUES[3]])
def test_no_value_stops_the_check(attacked: Attacked, table: str, value: object) -> None:
    """Bytes or nothing where a text belongs: told, and the rest is still checked."""
    office, connection = attacked
    for column in columns(connection, table):
        kept = connection.execute(f"SELECT rowid, {column} FROM {table}").fetchall()
        try:
            connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (value, kept[0][0]))
        except sqlite3.IntegrityError:
            # What the table itself refuses.
            continue
        # Of a flag every value but 0 says yes.
        if value != kept[0][1] and ((table, column) not in FLAGS or kept[0][1] == 0):
            assert problems(office), f"{table}.{column} = {value!r}"
        connection.execute(f"UPDATE {table} SET {column} = ? WHERE rowid = ?", (kept[0][1], kept[0][0]))


@pytest.mark.parametrize("table", VIEWS)
def test_a_row_gone_and_a_row_that_no_event_led_to_are_told(attacked: Attacked, table: str) -> None:
    """A post nobody gave, a certificate nobody issued, an appointment taken away."""
    office, connection = attacked
    names = columns(connection, table)
    row = connection.execute(f"SELECT * FROM {table} ORDER BY rowid DESC LIMIT 1").fetchone()
    key = next(each[1] for each in connection.execute(f"PRAGMA table_info({table})") if each[5])
    connection.execute(f"DELETE FROM {table} WHERE rowid = (SELECT max(rowid) FROM {table})")
    assert [each["kind"] for each in problems(office)] == ["view_differs"]
    insert = f"INSERT INTO {table} VALUES ({', '.join('?' * len(names))})"
    connection.execute(insert, row)
    assert problems(office) == []
    connection.execute(insert, [f"{value}0" if name == key else value for name, value in zip(names, row, strict=True)])
    assert "view_differs" in {each["kind"] for each in problems(office)}


def test_a_post_at_the_centre_that_nobody_gave_is_told_with_its_holder(attacked: Attacked) -> None:
    """The row from which authority is read: without a decision in the log it is an intruder's."""
    office, connection = attacked
    connection.execute(
        "UPDATE post SET role = 'leader', unit = 'central', tier = 'central' WHERE rowid = "
        "(SELECT rowid FROM post WHERE role = 'officer' LIMIT 1)"
    )
    (handle,) = connection.execute("SELECT handle FROM post WHERE unit = 'central' AND role = 'leader'").fetchone()
    (found,) = problems(office)
    assert (found["kind"], found["dossier"], found["detail"]) == ("view_differs", handle, "person: post")


@pytest.mark.parametrize("kind", ["criteria", "regime"])
def test_a_law_or_a_criteria_tree_that_is_gone_is_told_though_no_dossier_names_it(
    attacked: Attacked, kind: str
) -> None:
    """Law documents are kept by their hash (DESIGN section 3); the next dossier would find none."""
    office, connection = attacked
    for (digest,) in connection.execute("SELECT hash FROM document WHERE kind = ?", (kind,)).fetchall()[-3:]:
        (body,) = connection.execute("SELECT body FROM document WHERE hash = ?", (digest,)).fetchone()
        connection.execute("DELETE FROM document WHERE hash = ?", (digest,))
        found = problems(office)
        assert any(digest in each["detail"] for each in found if each["kind"] == "evidence_differs"), found
        connection.execute("INSERT INTO document VALUES (?, ?, ?)", (digest, kind, body))
    assert problems(office) == []


@pytest.mark.parametrize(
    ("change", "kind", "detail"),
    [
        ("DELETE FROM unit", "missing", "unit: 14736"),
        ("DELETE FROM unit_successor", "missing", "unit_successor: 10629"),
        ("DELETE FROM unit WHERE code = '12103' AND valid_to IS NULL", "missing", "unit"),
        ("UPDATE unit SET parent_code = '01' WHERE code = '12103' AND valid_to IS NULL", "modified", "unit"),
        ("UPDATE unit SET name = NULL WHERE code = '12103'", "modified", "unit"),
        ("UPDATE unit SET valid_to = 'x' WHERE code = '12103' AND valid_to IS NULL", "modified", "unit"),
        ("UPDATE unit SET tier = x'ff' WHERE code = '12103'", "modified", "unit"),
        ("UPDATE unit_successor SET partial = 1 - partial WHERE new_code = '12103'", "modified", "unit_successor"),
        ("UPDATE unit_successor SET new_code = '00004' WHERE new_code = '12103'", "inserted", "unit_successor"),
        (
            (
                "INSERT INTO unit SELECT code, '2026-01-01', NULL, name, folded, kind, tier, '01' FROM unit "
                "WHERE code = '12103' AND valid_to IS NULL"
            ),
            "inserted",
            "unit",
        ),
    ],
)
def test_units_that_are_not_those_of_the_national_list_are_told(
    attacked: Attacked, change: str, kind: str, detail: str
) -> None:
    """Who may act on a dossier is read from the units (DESIGN section 5), which are the national list as it came; no
    reader fails over them as over a fault of the program (section 7).
    """
    office, connection = attacked
    connection.execute("CREATE TABLE unit_new AS SELECT * FROM unit")
    connection.execute("DROP TABLE unit")
    connection.execute("ALTER TABLE unit_new RENAME TO unit")
    assert problems(office) == []
    connection.execute(change)
    found = problems(office)
    assert (kind, detail) in {(each["kind"], each["detail"]) for each in found}, found
    assert len(found) < 30
    (code, *_) = [row[0] for row in connection.execute("SELECT code FROM dossier")]
    for words in READERS:
        answer = office.ask(*(code if word == "DOSSIER" else word for word in words))
        assert answer.exit in (0, 1, 3, 4, 6), (words, answer.err)


READERS = (
    ("dossier", "list"),
    ("dossier", "show", "DOSSIER"),
    ("dossier", "actions", "DOSSIER", "--all"),
    ("deadline", "list"),
    ("inbox", "--unit", COMMUNE),
    ("audit", "replay", "DOSSIER"),
    ("audit", "conformance"),
    ("unit", "show", COMMUNE),
    ("unit", "list", "Mỹ", "Hào"),
    ("certificate", "list"),
    ("report", "summary", "--unit", PROVINCE),
    ("scheduler", "run", "--once"),
)


def test_units_that_an_administrator_added_are_no_finding(attacked: Attacked, tmp_path: Path) -> None:
    """``unit import`` (DESIGN section 7)."""
    office, _ = attacked
    file = tmp_path / "units.csv"
    file.write_text(
        "code,name,kind,tier,parent_code,valid_from,valid_to\n99999,Xã Mới,xã,commune,33,2026-01-01,\n", "utf-8"
    )
    assert office.do("unit", "import", str(file), who="admin")["units"] == 1
    assert problems(office) == []
