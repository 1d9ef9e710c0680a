"""One transaction over the database: the log, and the views that follow it.

What only writing needs is imported where it is used: reading one dossier starts with this module.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from typing import TYPE_CHECKING

from ocop_flow.domain import codes, dossier_json
from ocop_flow.domain import dossier as dossiers
from ocop_flow.domain.event import Event, time_text
from ocop_flow.domain.names import fold
from ocop_flow.store import statements
from ocop_flow.store.at_once import AtOnce
from ocop_flow.store.faults import is_taken
from ocop_flow.store.law_rows import CalendarSource, Laws
from ocop_flow.store.log_rows import Log
from ocop_flow.store.order_rows import Ordering
from ocop_flow.store.transaction import Row
from ocop_flow.store.unit_rows import Units, day_of
from ocop_flow.store.writing import taken

if TYPE_CHECKING:
    from ocop_flow.domain.authority import Person
    from ocop_flow.domain.deadlines import Deadline
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.ports import Content, Row
    from ocop_flow.store.connections import Connections
    from ocop_flow.store.reference import Memory


_INSERT = statements.insert(
    "event", ("subject_kind", "subject", "seq", "hash", "action", "recorded_at", "occurred_on", "body")
)

_PERSON = """
SELECT p.name, p.can_login, p.office AS of_office, t.role, t.unit, t.unit_from, t.unit_name, t.tier, t.office,
       t.decision, t.valid_from, t.valid_to
FROM person p LEFT JOIN post t ON t.handle = p.handle WHERE p.handle = :handle ORDER BY t.source, t.seq
"""


def _row(event: Event) -> Row:
    body = event.body()
    return {
        "subject_kind": event.subject_kind,
        "subject": event.subject,
        "seq": event.seq,
        "hash": event.hash(),
        "action": event.action,
        "recorded_at": time_text(event.recorded_at),
        "occurred_on": event.occurred_on.isoformat(),
        "body": body,
    }


class SqlUnitOfWork(AtOnce, Log, Ordering, Units, Laws):
    """``ports.UnitOfWork`` over SQLAlchemy; ``writes``: whether this is a writer."""

    def __init__(
        self,
        connections: Connections,
        calendar: CalendarSource,
        memory: Memory,
        content: Content,
        *,
        writes: bool = True,
    ) -> None:
        super().__init__(connections, content, writes=writes, calendar=calendar, memory=memory)

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        kept = dict(self._dossiers)
        try:
            with super().savepoint():
                yield
        except BaseException:
            self._dossiers = kept
            raise

    # --- the log -------------------------------------------------------------------------------------------------

    def append(self, event: Event) -> None:
        self._record([event])
        self.project(event)

    def append_new(self, events: Sequence[Event]) -> None:
        from ocop_flow.store import views

        self._record(events)
        views.project_new(self, events)

    def _record(self, events: Sequence[Event]) -> None:
        rows = [_row(event) for event in events]
        if len(rows) == 1 and not self._sqlite:
            # What a server refuses is told as it is sent (``store.writing``).
            self.insert("event", rows[0])
            return
        self._go_on()
        try:
            if len(rows) == 1:
                self._run(_INSERT, rows[0])
            else:
                self.execute_many(_INSERT, rows)
        except self._errors as error:
            if is_taken(error):
                raise taken(rows, error) from error
            raise

    def project(self, event: Event) -> None:
        """Bring the views that depend on an appended event up to date."""
        if event.subject_kind == "dossier":
            self._project_dossier(event)
        else:
            from ocop_flow.store import views

            views.project(self, event)

    def _project_dossier(self, event: Event) -> None:
        from ocop_flow.domain import dossier_fold
        from ocop_flow.store import dossier_rows

        before = None if event.seq == 1 else self._dossier_before(event)
        after = dossier_fold.evolve(before, event)
        self._dossiers[after.code] = after
        # An undo goes back behind the dossier that the rows are of.
        dossier_rows.save_dossier(self, after, None if event.action == "undo" else before)
        if before is None or event.action == "undo" or before.filed_on != after.filed_on:
            dossier_rows.refresh_previous(self, after)
        if after.plan is not None:
            from ocop_flow.store import plan_rows

            plan_rows.follow_dossier(self, before, after, event.recorded_at)

    def _dossier_before(self, event: Event) -> dossiers.Dossier | None:
        if event.action == "undo":
            from ocop_flow.domain import dossier_fold

            return dossier_fold.replay(e for e in self.events("dossier", event.subject) if e.seq < event.seq)
        return self.dossier(event.subject)

    # --- numbers and views ----------------------------------------------------------------------------------------

    def next_number(self, kind: str, year: int) -> int:
        if self._writes and not self._sqlite:
            # Who looks for a number means to use it: the next one waits, and gets the one after it.
            self._run("SELECT pg_advisory_xact_lock(hashtext(:numbers))", {"numbers": f"{kind} {year}"})
        found = self.query("SELECT last FROM counter WHERE kind = :kind AND year = :year", kind=kind, year=year)
        return (found[0]["last"] if found else 0) + 1

    def dossier(self, code: str) -> dossiers.Dossier | None:
        kept = self._dossiers.get(code)
        if kept is not None:
            return kept
        lock = " FOR UPDATE" if self._writes and not self._sqlite else ""
        found = self._run(f"SELECT fold FROM dossier WHERE code = :code{lock}", {"code": code}).fetchone()
        if found is None:
            return None
        dossier = self._dossiers[code] = dossier_json.of_row(code, found[0])
        return dossier

    def open_dossiers(
        self, *, regime: str | None = None, communes: Iterable[str] | None = None
    ) -> Iterator[dossiers.Dossier]:
        wanted = None if communes is None else frozenset(communes)
        found: list[Row] = [{"code": ""}]
        while found:
            # No page begins with a row that is only half read: the reader may write between two dossiers.
            found = self.query(
                "SELECT code, commune, fold FROM dossier WHERE code > :after AND phase <> 'closed' "
                "AND (:regime = '' OR regime = :regime) ORDER BY code LIMIT 2000",
                after=found[-1]["code"],
                regime=regime or "",
            )
            for row in found:
                if wanted is None or row["commune"] in wanted:
                    yield dossier_json.of_row(row["code"], row["fold"])

    def save(self, dossier: Dossier) -> None:
        """Write the view rows that follow from a dossier's fold."""
        from ocop_flow.store import dossier_rows

        dossier_rows.save_dossier(self, dossier)

    def differing(self, dossier: Dossier) -> Sequence[str]:
        from ocop_flow.store import dossier_rows

        return dossier_rows.differing(self, dossier)

    def differing_rows(self, kind: str, bodies: Iterable[bytes]) -> Sequence[str]:
        from ocop_flow.domain import canonical
        from ocop_flow.domain.event import from_json
        from ocop_flow.store import views

        return views.differing(self, kind, [from_json(canonical.decode(body)) for body in bodies])

    def bare_rows(self) -> Iterable[tuple[str, str]]:
        from ocop_flow.store import views

        return views.bare(self)

    def duties(self, dossier: Dossier) -> Sequence[Deadline]:
        from ocop_flow.store import dossier_rows

        return dossier_rows.duties_of(self, dossier)

    def re_rated_on(self, numbers: Iterable[str]) -> date | None:
        from ocop_flow.store import certificate_rows

        return certificate_rows.re_rated_on(self, numbers)

    def find_dossiers(self, typed: str) -> list[str]:
        parsed = codes.parse(typed, "dossier")
        if parsed is not None:
            year = f"{parsed.prefix}-{parsed.year}-%" if parsed.year else f"{parsed.prefix}-%"
            found = self.query(
                "SELECT code FROM dossier WHERE number = :number AND code LIKE :year ORDER BY code",
                number=parsed.number,
                year=year,
            )
        else:
            found = self.query("SELECT code FROM dossier WHERE folded = :name ORDER BY code", name=fold(typed))
        return [row["code"] for row in found]

    def person(self, handle: str) -> Person | None:
        people = self.known("people").people
        try:
            return people[handle]
        except KeyError:
            found = people[handle] = self._read_person(handle)
            return found

    def _read_person(self, handle: str) -> Person | None:
        from ocop_flow.domain.authority import Person, Post

        found = self.remembered(_PERSON, handle=handle)
        if not found:
            return None
        posts = tuple(
            Post(
                role=row["role"],
                unit=row["unit"],
                unit_from=day_of(row["unit_from"]),
                unit_name=row["unit_name"],
                tier=row["tier"],
                office=row["office"],
                decision=row["decision"],
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_to=day_of(row["valid_to"]),
            )
            for row in found
            if row["role"] is not None
        )
        return Person(handle, found[0]["name"], bool(found[0]["can_login"]), posts, bool(found[0]["of_office"]))

    def depending(self, year: int, unit: str | None) -> tuple[list[str], list[str]]:
        from ocop_flow.store import notice_rows

        return notice_rows.depending(self, year, unit)
