"""A superuser of the server, whom no trigger holds back, leaves traces that the same check names."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from ocop_flow.domain import canonical
from ocop_flow.store.engine import open_engine
from ocop_flow.store.partitions import split
from tests.cli.office import Office
from tests.databases import raw

pytestmark = pytest.mark.postgres
COMMUNE, PROVINCE = "12103", "33"
Change = Callable[[Any, str], None]


def _body(server: Any, code: str, seq: int) -> Any:
    found = server.execute("SELECT body FROM event WHERE subject = %s AND seq = %s", (code, seq)).fetchone()
    return canonical.decode(bytes(found[0]))


def _other_bytes(server: Any, code: str) -> None:
    data = canonical.encode({**_body(server, code, 2), "reason": "khác"})
    server.execute("UPDATE event SET body = %s WHERE subject = %s AND seq = 2", (data, code))


def _other_bytes_and_hash(server: Any, code: str) -> None:
    data = canonical.encode({**_body(server, code, 2), "reason": "khác"})
    digest = hashlib.sha256(data).hexdigest()
    server.execute("UPDATE event SET body = %s, hash = %s WHERE subject = %s AND seq = 2", (data, digest, code))


def _last_gone(server: Any, code: str) -> None:
    server.execute("DELETE FROM event WHERE subject = %s AND seq = 3", (code,))


def _one_gone(server: Any, code: str) -> None:
    server.execute("DELETE FROM event WHERE subject = %s AND seq = 2", (code,))


def _other_column(server: Any, code: str) -> None:
    server.execute("UPDATE event SET occurred_on = '2020-01-01' WHERE subject = %s AND seq = 2", (code,))


def _other_state(server: Any, code: str) -> None:
    server.execute("UPDATE dossier SET state = 'closed.withdrawn' WHERE code = %s", (code,))


def _swapped(server: Any, code: str) -> None:
    for place, other in ((0, -1), (1, 0), (-1, 1)):
        server.execute("UPDATE log_order SET position = %s WHERE position = %s", (other, place))


CASES: tuple[tuple[str, Change], ...] = (
    ("modified", _other_bytes),
    ("modified", _other_bytes_and_hash),
    ("missing", _last_gone),
    ("missing", _one_gone),
    ("modified", _other_column),
    ("view_differs", _other_state),
    ("reordered", _swapped),
)


@pytest.mark.parametrize(("kind", "change"), CASES, ids=[change.__name__.strip("_") for _, change in CASES])
def test_what_a_superuser_changes_is_named(office: Office, kind: str, change: Change) -> None:
    """DESIGN section 4: what a head covers cannot be changed without its being found."""
    dossier = office.open(COMMUNE, "Mật ong", track="existing_product")
    office.take(dossier, "return_for_supplement")
    office.take(dossier, "receive_supplement")
    office.do("audit", "checkpoint", who="admin")
    assert office.do("audit", "verify", who="admin")["ok"]
    with raw(office.db) as server:
        for table in ("event", "log_order"):
            server.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        change(server, dossier)
    answer = office.ask("audit", "verify", who="admin")
    assert answer.exit == 1
    assert kind in {item["kind"] for item in answer.document["problems"]}


@pytest.mark.parametrize(
    "change",
    [
        "DROP TRIGGER event_no_change ON event",
        "ALTER TABLE event DISABLE TRIGGER event_no_change",
        "ALTER TABLE event ENABLE REPLICA TRIGGER event_no_change",
        (
            "DROP TRIGGER event_no_change ON event; "
            "CREATE TRIGGER event_no_change BEFORE UPDATE ON heartbeat FOR EACH ROW EXECUTE FUNCTION append_only()"
        ),
    ],
)
def test_a_guard_that_a_superuser_took_away_is_told_by_the_doctor(office: Office, change: str) -> None:
    """The log is append-only by the server itself (DESIGN section 4): dropped, switched off or put elsewhere."""
    assert "guards_gone" not in {item["code"] for item in office.do("doctor")["warnings"]}
    with raw(office.db) as server:
        server.execute(change)
    told = {item["code"]: item["message"] for item in office.do("doctor")["warnings"]}
    assert "event_no_change" in told["guards_gone"]
    assert "head_no_change" not in told["guards_gone"]


def test_a_part_of_a_parted_log_that_is_not_guarded_is_told(office: Office) -> None:
    """Each part of the log has the guards of the whole: what is changed in a part is changed in the log."""
    engine = open_engine(str(office.db))
    split(engine, 2)
    engine.dispose()
    assert "guards_gone" not in {item["code"] for item in office.do("doctor")["warnings"]}
    with raw(office.db) as server:
        server.execute("ALTER TABLE event_p1 DISABLE TRIGGER ALL")
    told = {item["code"]: item["message"] for item in office.do("doctor")["warnings"]}
    assert "event_no_change" in told["guards_gone"]


#: (view, a column of text in it): what people may do, under which law, and what was decided is read from these.
_COLUMNS = (
    ("person", "name"),
    ("post", "role"),
    ("entity", "name"),
    ("product", "name"),
    ("council", "decision"),
    ("certificate", "issuer_name"),
    ("decision", "title"),
    ("law", "regime_to"),
    ("dossier", "sought"),
)


def test_rows_of_views_that_no_event_led_to_are_told_on_a_server(office: Office) -> None:
    """DESIGN sections 2 and 7: a view is a cache, row for row equal to what the log gives; else ``view_differs``."""
    dossier = office.open(COMMUNE, "Mật ong", track="existing_product")
    office.walk(dossier, "promotion", stars=3)
    officer, leader = office.holder("officer", PROVINCE), office.holder("leader", PROVINCE)
    about = ["--kind", "council", "--title", "Về việc thành lập", "--signed-by", leader]
    office.do("decision", "record", "9/QĐ-UBND", *about, who=officer)
    assert office.do("audit", "verify")["ok"]
    with raw(office.db) as server:
        for table, column in _COLUMNS:
            row, kept = server.execute(f"SELECT ctid, {column} FROM {table} LIMIT 1").fetchone()
            (row,) = server.execute(
                f"UPDATE {table} SET {column} = 'x' WHERE ctid = %s RETURNING ctid", (row,)
            ).fetchone()
            found = office.ask("audit", "verify").document["problems"]
            assert {item["kind"] for item in found} == {"view_differs"}, (table, found)
            server.execute(f"UPDATE {table} SET {column} = %s WHERE ctid = %s", (kept, row))
        assert office.do("audit", "verify")["ok"]
        server.execute("UPDATE post SET role = 'leader' WHERE handle = %s", (officer,))
        server.execute("DELETE FROM post WHERE handle = %s", (leader,))
    found = office.ask("audit", "verify").document["problems"]
    assert {(item["kind"], item["dossier"]) for item in found} == {("view_differs", officer), ("view_differs", leader)}


@pytest.mark.parametrize(
    "change",
    [
        "DELETE FROM event WHERE subject_kind = 'dossier' AND seq = 1",
        "UPDATE document SET body = '{' WHERE kind = 'regime'",
    ],
)
def test_records_that_a_superuser_changed_are_no_fault_of_the_program(office: Office, change: str) -> None:
    """Every reader says what to do (exit 6, DESIGN section 7), and the check names what was changed."""
    dossier = office.open(COMMUNE, "Mật ong", track="existing_product")
    office.do("attach", dossier, "--kind", "registration_form", who=office.holder("officer", COMMUNE))
    with raw(office.db) as server:
        for table in ("event", "document"):
            server.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        server.execute(change)
    for words in (["audit", "replay", dossier], ["dossier", "show", dossier], ["audit", "conformance", dossier]):
        assert office.ask(*words).exit != 70, words
    assert office.ask("audit", "verify").exit == 1
