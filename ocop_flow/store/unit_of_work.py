"""One transaction over the database: the log, and the views that follow it.

What only writing or rating needs is imported where it is used: reading one dossier starts with this module.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError, IntegrityError

from ocop_flow.domain import canonical, codes, dossier_json
from ocop_flow.domain import dossier as dossiers
from ocop_flow.domain.event import Event, from_json, parse_time, time_text
from ocop_flow.domain.names import fold
from ocop_flow.domain.record import Head
from ocop_flow.domain.units import Succession, Unit, UnitTree
from ocop_flow.errors import Conflict, reason
from ocop_flow.store.engine import unavailable

if TYPE_CHECKING:
    from types import TracebackType

    from sqlalchemy import Connection, Engine

    from ocop_flow.domain.authority import Person
    from ocop_flow.domain.calendar import Calendar, Notice
    from ocop_flow.domain.commands import FileRef
    from ocop_flow.domain.criteria import CriteriaSet, StarCondition
    from ocop_flow.domain.deadlines import Deadline
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.regime import Document
    from ocop_flow.domain.registry import PersonRecord
    from ocop_flow.domain.situation import Law
    from ocop_flow.ports import Content

Row = dict[str, Any]
#: From the adopted notices that hold somewhere to the calendar there.
CalendarSource = Callable[[Sequence["Notice"]], "Calendar"]


class SqlUnitOfWork:
    """``ports.UnitOfWork`` over SQLAlchemy.

    writes    whether this is a writer: on SQLite it then takes the write lock at once (BEGIN IMMEDIATE), since a
              reader that turns writer later is refused by the database when another came between
    """

    def __init__(
        self,
        engine: Engine,
        calendar: CalendarSource,
        laws: dict[str, Law],
        content: Content,
        *,
        writes: bool = True,
    ) -> None:
        self._engine = engine
        self._content = content
        self._files: list[FileRef] = []
        self._calendar = calendar
        self._laws = laws
        self._writes = writes
        self._connection: Connection | None = None
        self._begun = False
        self._dossiers: dict[str, dossiers.Dossier] = {}
        self._states: dict[str, dict[str, Row]] = {}
        self._trees: dict[frozenset[str], UnitTree] = {}
        self._notices: tuple[Notice, ...] | None = None
        self._calendars: dict[tuple[str, ...], Calendar] = {}

    # --- the transaction ---------------------------------------------------------------------------------------

    def __enter__(self) -> SqlUnitOfWork:
        try:
            self._connection = self._engine.connect()
            self._begin()
        except DBAPIError as error:
            self._close()
            raise unavailable(error, str(self._engine.url)) from error
        return self

    def _begin(self) -> None:
        self._begun = True
        self._dossiers.clear()
        self._trees.clear()
        self.forget_notices()
        if self._engine.dialect.name == "sqlite":
            self.connection.exec_driver_sql("BEGIN IMMEDIATE" if self._writes else "BEGIN")
        elif self._writes:
            # Writers count days side by side; who adopts a notice waits for them and they for it (hold_calendar).
            self.connection.exec_driver_sql("LOCK TABLE notice IN ROW SHARE MODE")

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self._close()
        if isinstance(error, DBAPIError):
            raise unavailable(error, str(self._engine.url)) from error

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.rollback()
            if self._engine.dialect.name == "sqlite" and self._connection.connection.dbapi_connection is not None:
                driver: Any = self._connection.connection.dbapi_connection
                if driver.in_transaction:
                    driver.rollback()
            self._connection.close()
            self._connection = None

    @property
    def connection(self) -> Connection:
        if self._connection is None:
            raise RuntimeError("the unit of work is not entered")
        if not self._begun:
            self._begin()
        return self._connection

    def keep_file(self, file: FileRef) -> None:
        self._files.append(file)

    def commit(self) -> None:
        """Make it durable, files first: one without its event is litter, an event without its file would be a loss.

        The next transaction begins with its first statement: what is committed is never reported as failed because
        another writer came between.
        """
        for file in self._files:
            if self._content.put(Path(file.path).read_bytes()) != file.sha256:
                raise Conflict(reason("file_changed", file=file.name))
        self._files.clear()
        if self._engine.dialect.name == "sqlite":
            self.connection.exec_driver_sql("COMMIT")
            self.connection.commit()
        else:
            self.connection.commit()
        self._begun = False

    @contextmanager
    def savepoint(self) -> Iterator[None]:
        self.connection.exec_driver_sql("SAVEPOINT line")
        kept, files = dict(self._dossiers), len(self._files)
        try:
            yield
        except BaseException:
            self._dossiers = kept
            self.forget_notices()
            del self._files[files:]
            self.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT line")
            self.connection.exec_driver_sql("RELEASE SAVEPOINT line")
            raise
        self.connection.exec_driver_sql("RELEASE SAVEPOINT line")

    def execute(self, sql: str, **params: Any) -> None:
        self.connection.execute(text(sql), params)

    def execute_many(self, sql: str, rows: Sequence[Mapping[str, Any]]) -> int:
        return self.connection.execute(text(sql), list(rows)).rowcount if rows else 0

    def hold(self, name: str, **equals: Any) -> None:
        """Keep other writers from a view row until the end of the transaction; SQLite has one writer anyway."""
        if self._writes and self._engine.dialect.name != "sqlite":
            where = " AND ".join(f"{column} = :{column}" for column in equals)
            self.query(f"SELECT 1 FROM {name} WHERE {where} FOR UPDATE", **equals)

    def insert_many(self, name: str, rows: Sequence[Mapping[str, Any]]) -> None:
        if rows:
            from ocop_flow.store import views

            self.connection.execute(views.TABLES[name].insert(), list(rows))

    def query(self, sql: str, **params: Any) -> list[Row]:
        return [dict(row._mapping) for row in self.connection.execute(text(sql), params)]

    def rows(self, name: str, **equals: Any) -> list[Row]:
        from ocop_flow.store import views

        table = views.TABLES[name]
        query = table.select().order_by(*table.primary_key.columns)
        for column, value in equals.items():
            query = query.where(table.c[column] == value)
        return [dict(row._mapping) for row in self.connection.execute(query)]

    # --- the log -------------------------------------------------------------------------------------------------

    def append(self, event: Event) -> None:
        body = event.body()
        try:
            self.execute(
                "INSERT INTO event (subject_kind, subject, seq, hash, action, recorded_at, occurred_on, body) "
                "VALUES (:kind, :subject, :seq, :hash, :action, :recorded_at, :occurred_on, :body)",
                kind=event.subject_kind,
                subject=event.subject,
                seq=event.seq,
                hash=canonical.sha256(body),
                action=event.action,
                recorded_at=time_text(event.recorded_at),
                occurred_on=event.occurred_on.isoformat(),
                body=body,
            )
        except (IntegrityError, DBAPIError) as error:
            if isinstance(error, IntegrityError) or "append-only" in str(error.orig):
                raise Conflict(reason("sequence_taken", subject=event.subject, seq=event.seq)) from error
            raise
        self.project(event)

    def append_new(self, events: Sequence[Event]) -> None:
        from ocop_flow.store import schema, views

        rows = []
        for event in events:
            body = event.body()
            rows.append(
                {
                    "subject_kind": event.subject_kind,
                    "subject": event.subject,
                    "seq": event.seq,
                    "hash": canonical.sha256(body),
                    "action": event.action,
                    "recorded_at": time_text(event.recorded_at),
                    "occurred_on": event.occurred_on.isoformat(),
                    "body": body,
                }
            )
        try:
            if rows:
                self.connection.execute(schema.event.insert(), rows)
        except (IntegrityError, DBAPIError) as error:
            if isinstance(error, IntegrityError) or "append-only" in str(error.orig):
                raise Conflict(reason("sequence_taken", subject=events[0].subject, seq=1)) from error
            raise
        views.project_new(self, events)

    def project(self, event: Event) -> None:
        """Bring the views that depend on an appended event up to date."""
        if event.subject_kind == "dossier":
            self._project_dossier(event)
        else:
            from ocop_flow.store import views

            views.project(self, event)

    def _project_dossier(self, event: Event) -> None:
        from ocop_flow.store import views

        before = None if event.seq == 1 else self._dossier_before(event)
        after = dossiers.evolve(before, event)
        self._dossiers[after.code] = after
        self.save(after)
        if event.seq == 1 or event.action == "undo":
            views.refresh_previous(self, after)
        if after.plan is not None:
            from ocop_flow.store import plan_rows

            plan_rows.follow_dossier(self, before, after, event.recorded_at)

    def _dossier_before(self, event: Event) -> dossiers.Dossier | None:
        if event.action == "undo":
            return dossiers.replay(e for e in self.events("dossier", event.subject) if e.seq < event.seq)
        return self.dossier(event.subject)

    def head(self, kind: str, code: str) -> Head | None:
        found = self.query(
            "SELECT seq, hash, recorded_at FROM event WHERE subject_kind = :kind AND subject = :code "
            "ORDER BY seq DESC LIMIT 1",
            kind=kind,
            code=code,
        )
        return Head(found[0]["seq"], found[0]["hash"], parse_time(found[0]["recorded_at"])) if found else None

    def events(self, kind: str, code: str) -> list[Event]:
        found = self.query(
            "SELECT body FROM event WHERE subject_kind = :kind AND subject = :code ORDER BY seq", kind=kind, code=code
        )
        return [from_json(canonical.decode(row["body"])) for row in found]

    def stored(self, kind: str | None = None) -> Iterator[tuple[str, str, int, str, bytes]]:
        where = "WHERE subject_kind = :kind " if kind else ""
        result = self.connection.execution_options(yield_per=1000).execute(
            text(
                f"SELECT subject_kind, subject, seq, hash, body FROM event {where}ORDER BY subject_kind, subject, seq"
            ),
            {"kind": kind} if kind else {},
        )
        for row in result:
            # Text instead of bytes is somebody else's hand: it is handed on for the hash to tell.
            yield row[0], row[1], row[2], row[3], row[4].encode() if isinstance(row[4], str) else bytes(row[4])

    def answered(self, key: str) -> tuple[str, Any] | None:
        found = self.query("SELECT digest, answer FROM command WHERE key = :key", key=key)
        return (found[0]["digest"], json.loads(found[0]["answer"])) if found else None

    def remember(self, key: str, digest: str, answer: Any, at: datetime) -> None:
        self.execute(
            "INSERT INTO command (key, digest, answer, recorded_at) VALUES (:key, :digest, :answer, :at)",
            key=key,
            digest=digest,
            answer=json.dumps(answer, ensure_ascii=False),
            at=time_text(at),
        )

    # --- personal data -------------------------------------------------------------------------------------------

    def seal(self, value: Any) -> str:
        import secrets

        salt = secrets.token_hex(16)
        digest = canonical.sha256(bytes.fromhex(salt) + canonical.encode(value))
        self.execute(
            "INSERT INTO personal (digest, salt, value, withheld) VALUES (:digest, :salt, :value, NULL)",
            digest=digest,
            salt=salt,
            value=canonical.encode(value).decode(),
        )
        return digest

    def unseal(self, digest: str) -> Any:
        found = self.query("SELECT value FROM personal WHERE digest = :digest", digest=digest)
        return json.loads(found[0]["value"]) if found and found[0]["value"] is not None else None

    # --- numbers and views ----------------------------------------------------------------------------------------

    def next_number(self, kind: str, year: int) -> int:
        found = self.query("SELECT last FROM counter WHERE kind = :kind AND year = :year", kind=kind, year=year)
        return (found[0]["last"] if found else 0) + 1

    def dossier(self, code: str) -> dossiers.Dossier | None:
        if code in self._dossiers:
            return self._dossiers[code]
        lock = " FOR UPDATE" if self._writes and self._engine.dialect.name != "sqlite" else ""
        found = self.query(f"SELECT fold FROM dossier WHERE code = :code{lock}", code=code)
        return dossier_json.from_json(json.loads(found[0]["fold"])) if found else None

    def save(self, dossier: Dossier) -> None:
        """Write the view rows that follow from a dossier's fold."""
        from ocop_flow.store import views

        views.save_dossier(self, dossier)

    def duties(self, dossier: Dossier) -> Sequence[Deadline]:
        from ocop_flow.store import views

        return views.duties_of(self, dossier)

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
        from ocop_flow.domain.authority import Person, Post

        found = self.query("SELECT name, can_login, office FROM person WHERE handle = :handle", handle=handle)
        if not found:
            return None
        posts = tuple(
            Post(
                role=row["role"],
                unit=row["unit"],
                unit_from=_day(row["unit_from"]),
                unit_name=row["unit_name"],
                tier=row["tier"],
                office=row["office"],
                decision=row["decision"],
                valid_from=date.fromisoformat(row["valid_from"]),
                valid_to=_day(row["valid_to"]),
            )
            for row in self.rows("post", handle=handle)
        )
        return Person(handle, found[0]["name"], bool(found[0]["can_login"]), posts, bool(found[0]["office"]))

    def person_record(self, handle: str) -> PersonRecord | None:
        from ocop_flow.domain import registry

        return registry.replay_person(self.events("person", handle))

    # --- units ---------------------------------------------------------------------------------------------------

    def tree(self, codes: Iterable[str]) -> UnitTree:
        """The codes in all their lives, everything above them, and their successors with everything above those."""
        key = frozenset(codes)
        if key not in self._trees:
            self._trees[key] = self._read_tree(key)
        return self._trees[key]

    def _read_tree(self, codes: frozenset[str]) -> UnitTree:
        wanted, units, links = set(codes), dict[tuple[str, str], Unit](), set[Succession]()
        asked: set[str] = set()
        while wanted - asked:
            code = (wanted - asked).pop()
            asked.add(code)
            for row in self.query("SELECT * FROM unit WHERE code = :code", code=code):
                found = unit_of(row)
                units[(found.code, row["valid_from"])] = found
                if found.parent_code:
                    wanted.add(found.parent_code)
            for row in self.query("SELECT * FROM unit_successor WHERE old_code = :code", code=code):
                links.add(_succession(row))
                wanted.add(row["new_code"])
        return UnitTree(units.values(), links)

    def area(self, code: str, also: Iterable[str] = ()) -> UnitTree:
        from ocop_flow.store import areas

        units, links = areas.read(self.connection, code, also)
        return UnitTree([unit_of(row) for row in units], [_succession(row) for row in links])

    def units_named(self, name: str) -> list[Unit]:
        key = fold(name)
        rows = self.query("SELECT * FROM unit WHERE folded LIKE :key ORDER BY code, valid_from", key=f"%{key}%")
        return [unit_of(row) for row in rows]

    # --- the law -------------------------------------------------------------------------------------------------

    def store_document(self, kind: str, document: Document) -> str:
        body = canonical.encode(document)
        digest = canonical.sha256(body)
        if not self.query("SELECT hash FROM document WHERE hash = :hash", hash=digest):
            self.execute(
                "INSERT INTO document (hash, kind, body) VALUES (:hash, :kind, :body)",
                hash=digest,
                kind=kind,
                body=body,
            )
        return digest

    def document(self, digest: str) -> Document | None:
        found = self.query("SELECT body FROM document WHERE hash = :hash", hash=digest)
        if not found:
            return None
        document: Document = canonical.decode(found[0]["body"])
        return document

    def law(self, digest: str) -> Law:
        if digest not in self._laws:
            from ocop_flow.domain import machine
            from ocop_flow.domain.regime import from_document
            from ocop_flow.domain.situation import Law

            regime = from_document(self._pinned(digest))
            self._laws[digest] = Law(regime, digest, machine.table_of(regime))
        return self._laws[digest]

    def states(self, digest: str) -> dict[str, Row]:
        if digest not in self._states:
            self._states[digest] = {row["id"]: row for row in self._pinned(digest)["states"]}
        return self._states[digest]

    def _pinned(self, digest: str) -> Document:
        document = self.document(digest)
        if document is None:
            raise Conflict(reason("document_absent", hash=digest))
        return document

    def law_on(self, day: date, province: str | None, regime: str | None = None) -> Law | None:
        """National documents hold by their own dates; a province's adopted form from the day it says."""
        rows = self.query(
            "SELECT regime, province, hash, effective_from FROM law "
            "WHERE province IN ('', :province) AND (:regime = '' OR regime = :regime) "
            "AND (:regime <> '' OR ((regime_from = '' OR regime_from <= :day) "
            "AND (regime_to = '' OR regime_to >= :day))) "
            "AND (province = '' OR effective_from <= :day) "
            "ORDER BY province DESC, effective_from DESC, seq DESC LIMIT 1",
            province=province or "",
            regime=regime or "",
            day=day.isoformat(),
        )
        return self.law(rows[0]["hash"]) if rows else None

    def criteria(self, workflow: str, product_set: str) -> CriteriaSet | None:
        """The tree that a stored regime names for a product set; None where it has none."""
        from ocop_flow.domain.criteria import set_from_document

        digest = ((self.document(workflow) or {}).get("criteria") or {}).get(product_set)
        document = self.document(digest) if digest else None
        return set_from_document(document) if document else None

    def conditions(self, workflow: str, product_set: str, on: date) -> tuple[StarCondition, ...]:
        """The named star minima that a stored regime asks of a product set on a day."""
        from ocop_flow.domain.criteria import conditions_for, conditions_from_document

        hashes = ((self.document(workflow) or {}).get("star_conditions") or {}).values()
        documents = [self.document(digest) for digest in hashes]
        sets = [conditions_from_document(document) for document in documents if document]
        tree = self.criteria(workflow, product_set)
        without = (each.sets_without_tree.get(product_set) for each in sets)
        industry = tree.industry.code if tree else next((found for found in without if found), None)
        return conditions_for(sets, on, industry)

    def calendar(self, units: Iterable[str] = ()) -> Calendar:
        notices = self.notices()
        local = {notice.unit for notice in notices}
        key = tuple(unit for unit in units if unit in local)
        if key not in self._calendars:
            from ocop_flow.domain.calendar import notices_for

            self._calendars[key] = self._calendar(notices_for(notices, key))
        return self._calendars[key]

    def notices(self) -> tuple[Notice, ...]:
        """The adopted notices, read once in a transaction."""
        if self._notices is None:
            from ocop_flow.store import notice_rows

            self._notices = notice_rows.read(self)
        return self._notices

    def forget_notices(self) -> None:
        self._notices = None
        self._calendars.clear()

    @contextmanager
    def supposing(self, notice: Notice) -> Iterator[None]:
        from ocop_flow.domain.calendar import replaced

        supposed = replaced(self.notices(), notice)
        self.forget_notices()
        self._notices = supposed
        try:
            yield
        finally:
            self.forget_notices()

    def depending(self, year: int, unit: str | None) -> tuple[list[str], list[str]]:
        from ocop_flow.store import notice_rows

        return notice_rows.depending(self, year, unit)

    def hold_calendar(self) -> None:
        """SQLite has one writer anyway."""
        if self._writes and self._engine.dialect.name != "sqlite":
            self.connection.exec_driver_sql("LOCK TABLE notice IN EXCLUSIVE MODE")
            self.forget_notices()


def unit_of(row: Row) -> Unit:
    """A row of the unit table as a unit."""
    return Unit(
        code=row["code"],
        name=row["name"],
        kind=row["kind"],
        tier=row["tier"],
        parent_code=row["parent_code"],
        valid_from=_day(row["valid_from"]),
        valid_to=_day(row["valid_to"]),
    )


def _succession(row: Row) -> Succession:
    return Succession(
        row["old_code"], row["new_code"], row["tier"], bool(row["partial"]), date.fromisoformat(row["effective"])
    )


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None
