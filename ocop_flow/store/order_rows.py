"""The order of the whole log as rows, and the log read in streams for those who check it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from ocop_flow.store.transaction import Transaction

#: Events that may still lack a position: committed after ``settled``, or by a transaction that was under way then.
#: One event has a hash; a second is somebody else's hand and gets no position.
_UNORDERED = (
    "SELECT min(e.id) AS id, e.hash FROM event e "
    "WHERE e.id > :settled AND NOT EXISTS (SELECT 1 FROM log_order o WHERE o.hash = e.hash) GROUP BY e.hash"
)
_COLUMNS = (
    "SELECT e.subject_kind, e.subject, e.seq, e.hash, e.action, e.recorded_at, e.occurred_on, e.body, e.id, {position} "
)
# A hash lies anywhere in its index: asking there for each event would read all of a large log's index at random. Where
# one writer works at a time an event's position follows from its id; only what is not found there is looked for.
_SAME = "o.hash = e.hash AND o.event = e.id"
_ABOUT_ID = _COLUMNS.format(
    position=f"CASE WHEN {_SAME} THEN o.position ELSE (SELECT o.position FROM log_order o WHERE {_SAME}) END"
)
_STREAM = {
    True: f"{_ABOUT_ID}FROM event e LEFT JOIN log_order o ON o.position = e.id - 1 ",
    False: f"{_COLUMNS.format(position='o.position')}FROM event e LEFT JOIN log_order o ON {_SAME} ",
}
_PLACED = f"{_COLUMNS.format(position='o.position')}FROM log_order o JOIN event e ON {_SAME} "

#: (subject kind, subject): where a part of the log ends.
Subject = tuple[str, str]
#: Kind, subject, seq, hash, action, recorded_at, occurred_on, bytes, id, position (None: not ordered yet).
LogRow = tuple[str, str, int, str, str, str, str, bytes, int, int | None]


class Ordering(Transaction):
    """Positions are given under a lock that writers of events never take."""

    def order_log(self) -> int:
        """Give the next positions to every committed event that has none; the size of the order afterwards."""
        if not self._sqlite:
            self.execute("LOCK TABLE log_order IN EXCLUSIVE MODE")
        size = self.order_size()
        found = self.query("SELECT value FROM meta WHERE name = 'log_settled'")
        # What cannot be read is asked anew: that is slower, and no event is left out.
        settled = int(found[0]["value"]) if found and str(found[0]["value"]).isdecimal() else 0
        highest = self.query("SELECT coalesce(max(id), 0) AS id FROM event")[0]["id"]
        # Asked after the highest id was read: whoever holds a lower one and has not committed is seen here.
        quiet = self._sqlite or not self._others_write()
        self.execute(
            "INSERT INTO log_order (position, hash, event) "
            "SELECT :size - 1 + row_number() OVER (ORDER BY n.id), n.hash, n.id "
            f"FROM ({_UNORDERED}) n",
            settled=settled,
            size=size,
        )
        if quiet and highest > settled:
            self.execute("DELETE FROM meta WHERE name = 'log_settled'")
            self.execute("INSERT INTO meta (name, value) VALUES ('log_settled', :id)", id=str(highest))
        return self.order_size()

    def _others_write(self) -> bool:
        """Whether another transaction is under way that may have written events: every writer locks ``notice``."""
        found = self.query(
            "SELECT 1 FROM pg_locks WHERE relation = 'notice'::regclass AND pid <> pg_backend_pid() "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
            "AND mode <> 'AccessShareLock' LIMIT 1"
        )
        return bool(found)

    def order_size(self) -> int:
        size: int = self.query("SELECT coalesce(max(position), -1) + 1 AS size FROM log_order")[0]["size"]
        return size

    def log(self, after: Subject | None = None, until: Subject | None = None) -> Iterator[LogRow]:
        """Every event of the subjects in ]after, until] with its position; of the one subject where both are it."""
        conditions: list[str] = []
        values: list[Any] = []
        for sign, bound in (("=", after),) if after == until else ((">", after), ("<=", until)):
            if bound is not None:
                conditions.append(f"(e.subject_kind, e.subject) {sign} (?, ?)")
                values += bound
        where = f"WHERE {' AND '.join(conditions)} " if conditions else ""
        return self.flow(f"{_STREAM[self._sqlite]}{where}ORDER BY e.subject_kind, e.subject, e.seq", values)

    def lost(self, size: int) -> list[int]:
        """Positions below ``size`` that name no event by its id and hash, ascending."""
        found = self.query(
            "SELECT position FROM log_order o WHERE position < :size "
            f"AND NOT EXISTS (SELECT 1 FROM event e WHERE {_SAME}) ORDER BY position LIMIT 10000",
            size=size,
        )
        return [row["position"] for row in found]

    def placed(self, first: int, end: int) -> Iterator[LogRow]:
        """The events at the positions [first, end) in their order."""
        where = "WHERE o.position >= ? AND o.position < ? ORDER BY o.position"
        return self.flow(_PLACED + where, [first, end])

    def order(self, first: int, end: int) -> Iterator[tuple[int, str]]:
        """(position, hash) of the positions [first, end)."""
        sql = "SELECT position, hash FROM log_order WHERE position >= ? AND position < ? ORDER BY position"
        return self.flow(sql, [first, end])
