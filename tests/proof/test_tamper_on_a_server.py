"""A superuser of the server, whom no trigger holds back, leaves traces that the same check names."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from ocop_flow.domain import canonical
from tests.cli.office import Office
from tests.databases import raw

pytestmark = pytest.mark.postgres
COMMUNE = "12103"
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
