"""A command about one dossier on a server: one question, then one statement that writes everything and is its commit.

Nothing is held in between. The statement writes only if the dossier's row is the one that was read and the law is of
the version it was decided by; while it runs, nobody adopts days off. Where another came between, the command is decided
anew, and holds the dossier from its first question on: who waits in turn is not overtaken again.

A command that asks for anything else (other rows, a row held, a number, a savepoint) goes on in a transaction, which
begins by holding the dossier if it still is as it was: nothing else is read unheld but what every office remembers
(``store.reference``).
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, NamedTuple

from ocop_flow.domain import canonical, codes, dossier_json
from ocop_flow.domain.dossier import Dossier
from ocop_flow.errors import Conflict, Unavailable, reason
from ocop_flow.store import statements
from ocop_flow.store.faults import is_taken
from ocop_flow.store.log_rows import Log
from ocop_flow.store.reference import VERSIONS, Reference
from ocop_flow.store.transaction import BEGIN_WRITER, with_names
from ocop_flow.store.writing import TOGETHER, numbered, of_event

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime

    from ocop_flow.store.transaction import Row
    from ocop_flow.store.writing import Write

_PREFIX = codes.PREFIXES["dossier"] + "-"
_KEY = "FROM dossier d LEFT JOIN command c ON c.key = :key WHERE d.code = :code"
_DUTIES = "(SELECT json_agg(t ORDER BY t.id) FROM deadline t WHERE t.subject = :code) AS duties"
#: The first question of a command about a dossier: who has written its key meanwhile is found at the commit.
_ON_SQLITE = f"SELECT d.fold, c.digest, c.answer, {VERSIONS} {_KEY}"
_UNHELD = f"SELECT d.fold, c.digest, c.answer, {VERSIONS}, {_DUTIES}, d.xmin::text {_KEY}"
#: A dossier that was waited for is newer than all else that is read with it: then the last two differ.
_HELD = (
    f"SELECT d.fold, c.digest, c.answer, {VERSIONS}, {_DUTIES}, d.xmin::text, "
    f"(SELECT s.xmin::text FROM dossier s WHERE s.code = :code) {_KEY} FOR UPDATE OF d"
)
_ALL_HELD = """
SELECT d.code, d.fold, (SELECT json_agg(t ORDER BY t.id) FROM deadline t WHERE t.subject = d.code) AS duties,
       d.xmin::text, (SELECT s.xmin::text FROM dossier s WHERE s.code = d.code)
FROM dossier d WHERE d.code = ANY(%(codes)s) ORDER BY d.code FOR UPDATE OF d
"""
_USED = f"SELECT {VERSIONS}, ARRAY(SELECT key FROM command WHERE key = ANY(%(keys)s))"
_STILL_SO = (
    "SELECT 1 FROM dossier d, reference r WHERE d.code = %(code)s AND d.xmin::text = %(row)s "
    "AND r.name = 'law' AND r.version = %(law)s FOR UPDATE OF d"
)
_NOT_NULL = "23502"
#: What a move of a held dossier writes; of it a server refuses nothing but a key that another has used meanwhile.
_OF_HELD = frozenset({"event", "dossier", "deadline", "entity_notice", "personal", "command"})


class Seen(NamedTuple):
    """What was read and not held: the dossier's row by its transaction, and the version of the law."""

    code: str
    version: int
    row: str
    law: int


class AtOnce(Log, Reference):
    """Reads a command's dossier first, and on a server writes without a transaction of several statements if it can."""

    def __init__(self, *args: Any, **named: Any) -> None:
        super().__init__(*args, **named)
        self._dossiers: dict[str, Dossier] = {}
        self._seen: Seen | None = None
        #: Held from before the first savepoint on, and keys that nobody had used by then.
        self._held: set[str] = set()
        self._unused: set[str] = set()

    def _reset(self) -> None:
        self._dossiers.clear()
        self._seen = None
        self._held.clear()
        self._unused.clear()
        super()._reset()

    def answered(self, key: str | None, dossier: str | None = None) -> tuple[str, Any] | None:
        if dossier is None or not self._writes or not dossier.startswith(_PREFIX) or dossier in self._dossiers:
            return None if self._is_unused(key, dossier) else super().answered(key)
        asked = {"key": key, "code": dossier}
        if self._sqlite:
            found = self._run(_ON_SQLITE, asked).fetchone()
        elif self._begun or self._seen is not None or self._overtaken(dossier):
            found = self._run(_HELD, asked).fetchone()
        else:
            found = self._first(lambda: self._driver.execute(statements.for_psycopg(_UNHELD), asked)).fetchone()
        if found is None:
            return super().answered(key)
        fold, digest, answer, law, people, *more = found
        self.take_versions(law, people)
        read = self._dossiers[dossier] = dossier_json.of_row(dossier, fold)
        if more:
            duties, *rows = more
            if not self._begun:
                self._seen = Seen(dossier, read.version, rows[0], law)
            if rows[0] == rows[-1]:
                self._ahead["deadline", "subject", dossier] = duties or []
        return (digest, canonical.decode(answer)) if digest is not None else None

    def answered_meanwhile(self, key: str | None, dossier: str | None) -> tuple[str, Any] | None:
        # Key and dossier were seen in one moment: whoever used the key since has moved the dossier after that.
        if self._seen is not None or self._is_unused(key, dossier):
            return None
        return super().answered_meanwhile(key, dossier)

    def _is_unused(self, key: str | None, dossier: str | None) -> bool:
        """Nobody else can have used a key since for a dossier that was held before."""
        return dossier in self._held and key in self._unused

    def remember(self, key: str, digest: str, answer: Any, at: datetime) -> None:
        self._unused.discard(key)
        super().remember(key, digest, answer, at)

    def hold_dossiers(self, dossiers: Iterable[str], keys: Iterable[str]) -> None:
        if self._sqlite:
            return
        assert len(self._parts) == 1
        wanted = {"codes": [*dossiers], "keys": [*keys]}
        # In order of their codes: two batches never wait for each other.
        held = self.driver.execute(_ALL_HELD, wanted).fetchall() if wanted["codes"] else ()
        for code, fold, duties, row, newest in held:
            # A row that cannot be read is for its line to tell.
            with suppress(Unavailable):
                self._dossiers[code] = dossier_json.of_row(code, fold)
                self._held.add(code)
            if row == newest:
                self._ahead["deadline", "subject", code] = duties or []
        # Whom it waited for may have used a key: asked afterwards.
        law, people, used = self.driver.execute(_USED, wanted).fetchone()
        self.take_versions(law, people)
        self._unused = set(wanted["keys"]).difference(used)

    def _may_wait(self, writes: Sequence[Write]) -> bool:
        moved = {write.row["subject"] for write in writes if write.table == "event"}
        return moved <= self._held and _OF_HELD.issuperset(write.table for write in writes)

    def remembered(self, sql: str, /, **params: Any) -> list[Row]:
        """Held by nobody in a transaction either; the version of the law is looked at again at the end."""
        if self._seen is None or self._begun or self._changed:
            return super().remembered(sql, **params)
        return with_names(self._driver.execute(statements.for_psycopg(sql), params))

    def _overtaken(self, dossier: str) -> bool:
        """Whether the last command about a dossier came too late: this is its next attempt."""
        overtaken = dossier in self._memory.overtaken
        self._memory.overtaken.discard(dossier)
        return overtaken

    def _begin(self) -> None:
        seen = self._seen
        if seen is None:
            super()._begin()
            return
        self._hold(seen)

    def _hold(self, seen: Seen) -> None:
        """Go on in a transaction with what was read."""
        self._begun = True
        self._driver.execute(BEGIN_WRITER)
        if self._driver.execute(_STILL_SO, seen._asdict()).fetchone() is None:
            raise self._came_between(seen)
        self._seen = None

    def _end(self) -> None:
        if self._seen is not None and self._begun:
            # It was told already that another came between.
            raise self._came_between(self._seen)
        if self._seen is None or not self._written_at_once(self._seen):
            super()._end()

    def _written_at_once(self, seen: Seen) -> bool:
        """Whether one statement could write it all, and has."""
        writes = self._parts[0].writes
        if not writes:
            return True
        if len(writes) > TOGETHER:
            return False
        codes_moved = [write.row["code"] for write in writes if write.sql.startswith("UPDATE dossier ")]
        sql = statements.at_once(tuple(write.sql for write in writes))
        if sql is None or codes_moved != [seen.code]:
            return False
        try:
            self._driver.execute(sql, {**numbered(writes), "row": seen.row, "law": seen.law})
        except self._errors as error:
            if _refused(error):
                raise self._came_between(seen) from error
            raise
        return True

    def _came_between(self, seen: Seen) -> Conflict:
        self._memory.overtaken.add(seen.code)
        return Conflict(reason("sequence_taken", subject=seen.code, seq=seen.version + 1))


def _refused(error: Any) -> bool:
    """Whether an event was refused: another has its number, or what it was decided by is no longer so."""
    return of_event(error) and (is_taken(error) or error.sqlstate == _NOT_NULL)
