"""Years before the measured one: copies of dossiers that were decided here, written in big groups.

A model is a dossier with its entity, its product and the declared certificate that it started from: their events, and
the rows of every view and of the outbox that belong to them. A copy has codes, names and certificates of its own and
lies in another commune of the same province; its events are chained and hashed anew. Rows go to the database by
``executemany`` on SQLite and ``COPY`` on PostgreSQL, beside the store; what is left is what commands would have
left, so that a check finds the log whole and a replay finds the views equal.
"""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from time import perf_counter
from typing import Any, Protocol

import psycopg
from sqlalchemy import make_url

from ocop_flow.config import Settings, file_of
from ocop_flow.demo.desk import Desk
from ocop_flow.domain import codes
from ocop_flow.domain.names import fold, search_key
from ocop_flow.ports import Row, UnitOfWork
from ocop_flow.store import schema, statements

Json = dict[str, Any]
#: Dossiers whose rows are committed together.
GROUP = 500
#: Communes over which copies of one model are spread, at least, where there are as many.
SPREAD = 20
#: Kibibytes of pages that SQLite keeps while it takes the history: hashes come in no order.
LOAD_CACHE = 3_000_000
_EVENT = ("subject_kind", "subject", "seq", "hash", "action", "recorded_at", "occurred_on", "body")
#: What the database numbers by itself.
_NUMBERED = {"reminder": "id"}
_KINDS = ("dossier", "entity", "product")
_COUNTER = statements.upsert("counter", ("kind", "year", "last"))
_Value = str | int | bool | bytes | None
_Render = Callable[[Sequence[str]], _Value]


# --- one text with places for what differs ---------------------------------------------------------------------------


class Words:
    """What differs from copy to copy; each word has a place in the list of values."""

    def __init__(self) -> None:
        self._places: dict[str, int] = {}
        self.count = 0

    def add(self, *texts: str) -> int:
        """Texts that stand for one value; its place."""
        for text in texts:
            self._places.setdefault(text, self.count)
        self.count += 1
        return self.count - 1

    def pattern(self) -> re.Pattern[str]:
        """The longest word wins; none within a longer number or word."""
        words = sorted(self._places, key=len, reverse=True)
        return re.compile(r"(?<!\w)(" + "|".join(map(re.escape, words)) + r")(?!\w)")

    def template(self, pattern: re.Pattern[str], text: str) -> tuple[list[str], list[tuple[int, int]]]:
        """Pieces of the text, and (piece, place of the value that goes there)."""
        pieces = pattern.split(text)
        return pieces, [(at, self._places[pieces[at]]) for at in range(1, len(pieces), 2)]


def _filled(pieces: list[str], holes: list[tuple[int, int]]) -> Callable[[Sequence[str]], str]:
    def render(values: Sequence[str]) -> str:
        own = pieces.copy()
        for at, place in holes:
            own[at] = values[place]
        return "".join(own)

    return render


def _always(value: _Value) -> _Render:
    return lambda _values: value


# --- a model ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _EventOf:
    """One event to be made: its row but hash and body, the template of its body, and the place of its hash."""

    kind: str
    subject: _Render
    fixed: tuple[Any, ...]
    body: _Render
    place: int


@dataclass(frozen=True, slots=True)
class _RowOf:
    table: str
    columns: tuple[str, ...]
    cells: tuple[_Render, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """A commune: ``lives`` are (valid from, name) of each of its lives, the oldest first."""

    code: str
    province: str
    lives: tuple[tuple[str, str], ...]

    def form(self, lives: int) -> tuple[tuple[str, int], ...]:
        """The days of its newest lives, and which names are the same: one commune stands for another of its form."""
        names = [name for _, name in self.lives[-lives:]]
        return tuple((day, names.index(name)) for day, name in self.lives[-lives:])


class Model:
    """One dossier with what belongs to it. ``over``: whether nothing is left to be done about it."""

    def __init__(self, uow: UnitOfWork, code: str, places: dict[str, Place]) -> None:
        row = uow.rows("dossier", code=code)[0]
        self.dossier, self.entity, self.product = row["code"], row["entity"], row["product"]
        self.names = tuple(str(uow.rows(kind, code=row[kind])[0]["name"]) for kind in ("product", "entity"))
        self.previous = row["previous"]
        certificates = uow.rows("certificate", dossier=code)
        self.issued = certificates[0]["number"] if certificates else None
        self.product_code = certificates[0]["product_code"] if certificates else None
        self.place = places[row["commune"]]
        # A dossier names its commune of today; what was declared names it as it was, too.
        self.lives = 1 if self.previous is None else 2
        self.targets = [
            each
            for each in sorted(places.values(), key=lambda each: each.code)
            if each.province == self.place.province and each.form(self.lives) == self.place.form(self.lives)
        ]
        found = _rows_of(uow, self)
        self.looked_on = [row["next_rung_on"] for table, row in found if row.get("next_rung_on") is not None]
        self.over = not any(table == "deadline" and row["outcome"] is None for table, row in found)
        self._words(found, _events_of(uow, self))

    def _words(self, rows: list[tuple[str, Row]], events: list[Row]) -> None:
        words = self.words = Words()
        for code in (self.dossier, self.entity, self.product):
            words.add(code)
        words.add(self.issued or "-no certificate-")
        words.add(self.product_code or "-no product code-")
        words.add(self.previous or "-no certificate before-")
        product, entity = self.names
        words.add(product)
        words.add(entity)
        words.add(fold(product))
        words.add(fold(entity))
        words.add(search_key(f"{product} {entity}"))
        words.add(self.place.code)
        for _, name in self.place.lives[-self.lives :]:
            words.add(name)
        hashes = [words.add(row["hash"]) for row in events]
        pattern = words.pattern()
        self.events = [self._event(pattern, row, place) for row, place in zip(events, hashes, strict=True)]
        self.rows = [self._row(pattern, table, row) for table, row in rows]

    def _event(self, pattern: re.Pattern[str], row: Row, place: int) -> _EventOf:
        fixed = row["seq"], row["action"], row["recorded_at"], row["occurred_on"]
        body = _filled(*self.words.template(pattern, bytes(row["body"]).decode()))
        return _EventOf(row["subject_kind"], self._cell(pattern, row["subject"]), fixed, body, place)

    def _row(self, pattern: re.Pattern[str], table: str, row: Row) -> _RowOf:
        kept = {name: value for name, value in row.items() if name != _NUMBERED.get(table)}
        cells = [
            self._running if (table, name) == ("dossier", "number") else self._cell(pattern, value)
            for name, value in kept.items()
        ]
        return _RowOf(table, tuple(kept), tuple(cells))

    def _cell(self, pattern: re.Pattern[str], value: _Value) -> _Render:
        if not isinstance(value, str):
            return _always(value)
        pieces, holes = self.words.template(pattern, value)
        return _filled(pieces, holes) if holes else _always(value)

    @staticmethod
    def _running(values: Sequence[str]) -> int:
        """The running number of the dossier's code."""
        return int(values[0].split("-")[2])


def _events_of(uow: UnitOfWork, model: Model) -> list[Row]:
    """In the order of the log."""
    subjects = [("dossier", model.dossier), ("entity", model.entity), ("product", model.product)]
    if model.previous is not None:
        subjects.append(("certificate", model.previous))
    columns = ", ".join(_EVENT)
    found = [
        row
        for kind, subject in subjects
        for row in uow.query(
            f"SELECT id, {columns} FROM event WHERE subject_kind = :kind AND subject = :subject",
            kind=kind,
            subject=subject,
        )
    ]
    return sorted(found, key=lambda row: int(row["id"]))


def _rows_of(uow: UnitOfWork, model: Model) -> list[tuple[str, Row]]:
    """(table, row) of every view and of the outbox; letters themselves stay those of the model."""
    found = [(kind, row) for kind in _KINDS for row in uow.rows(kind, code=getattr(model, kind))]
    numbers = [number for number in (model.issued, model.previous) if number is not None]
    found += [("certificate", row) for number in numbers for row in uow.rows("certificate", number=number)]
    for subject in (model.dossier, *numbers):
        found += [(table, row) for table in ("deadline", "beside") for row in uow.rows(table, subject=subject)]
    found += [("entity_notice", row) for row in uow.rows("entity_notice", dossier=model.dossier)]
    duties = [row["id"] for table, row in found if table in ("deadline", "entity_notice")]
    return found + [("reminder", row) for duty in duties for row in uow.rows("reminder", deadline=duty)]


# --- copies ----------------------------------------------------------------------------------------------------------


class Copies:
    """Rows of copies, one model after the other, with numbers that go on from those given."""

    def __init__(self, models: Sequence[Model], year: int, last: dict[str, int], issued: Counter[str]) -> None:
        """``last``: kind -> last number in use; ``issued``: certificates by commune so far."""
        self._models = models
        self._year = year
        self.last = last
        self._issued = issued

    def rows(self, first: int, end: int) -> dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]]:
        """(table, columns) -> rows of the copies from ``first`` up to ``end``."""
        found: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = {("event", _EVENT): []}
        for number in range(first, end):
            model = self._models[number % len(self._models)]
            values = self._values(model, number)
            found["event", _EVENT].extend(_events(model, values))
            for row in model.rows:
                found.setdefault((row.table, row.columns), []).append(tuple([cell(values) for cell in row.cells]))
        return found

    def _values(self, model: Model, number: int) -> list[str]:
        place = model.targets[number // len(self._models) % len(model.targets)]
        product, entity = (f"{name} {number:06d}" for name in model.names)
        values = [self._next(kind) for kind in _KINDS]
        values.append(self._next("certificate") if model.issued else "")
        values.append(self._product_code(model, place) if model.product_code else "")
        values.append(f"{model.previous}.{number}")
        values += [product, entity, fold(product), fold(entity), search_key(f"{product} {entity}"), place.code]
        values += [name for _, name in place.lives[-model.lives :]]
        values += [""] * (model.words.count - len(values))
        return values

    def _next(self, kind: str) -> str:
        self.last[kind] += 1
        return codes.make(kind, self._year, self.last[kind])

    def _product_code(self, model: Model, place: Place) -> str:
        self._issued[place.code] += 1
        parts = str(model.product_code).split("-")
        return "-".join([*parts[:-3], place.code, str(self._issued[place.code]), parts[-1]])


def _events(model: Model, values: list[str]) -> Iterator[tuple[Any, ...]]:
    """Rows of the events; each hash becomes a value for what comes after it."""
    for event in model.events:
        body = str(event.body(values)).encode()
        digest = values[event.place] = sha256(body).hexdigest()
        seq, action, recorded_at, occurred_on = event.fixed
        yield event.kind, event.subject(values), seq, digest, action, recorded_at, occurred_on, body


# --- into the database -----------------------------------------------------------------------------------------------


class Sink(Protocol):
    """Takes rows in big groups."""

    def write(self, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None: ...

    def commit(self) -> None: ...

    def close(self) -> None:
        """Leave the database as the product keeps it."""


class SqliteSink:
    """A connection of its own, so that nothing of it is left for what is measured."""

    def __init__(self, file: str) -> None:
        self._guard = next(text for text in schema.SQLITE_TRIGGERS if " event_no_replace " in text)
        self._driver = sqlite3.connect(file, isolation_level=None)
        self._driver.execute("PRAGMA synchronous = OFF")
        self._driver.execute(f"PRAGMA cache_size = -{LOAD_CACHE}")
        # It looks three times for every row whether it is there already; the keys say so as well.
        self._driver.execute("DROP TRIGGER event_no_replace")
        self._driver.execute("BEGIN IMMEDIATE")

    def write(self, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
        holders = ", ".join("?" for _ in columns)
        self._driver.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({holders})", rows)

    def commit(self) -> None:
        self._driver.execute("COMMIT")
        self._driver.execute("BEGIN IMMEDIATE")

    def close(self) -> None:
        self._driver.execute(self._guard)
        self._driver.execute("COMMIT")
        self._driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._driver.close()


class PostgresSink:
    """``COPY``; then the statistics that autovacuum would have made over the years."""

    def __init__(self, url: str) -> None:
        server = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._driver = psycopg.connect(server)
        self._driver.execute("SET synchronous_commit = off")

    def write(self, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
        with self._driver.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def commit(self) -> None:
        self._driver.commit()

    def close(self) -> None:
        self._driver.commit()
        self._driver.autocommit = True
        self._driver.execute("VACUUM ANALYZE")
        self._driver.close()


# --- the whole -------------------------------------------------------------------------------------------------------


def places(uow: UnitOfWork, communes: Iterable[tuple[str, str]]) -> dict[str, Place]:
    """The communes at work by code, each with its lives."""
    lives: dict[str, list[tuple[str, str]]] = {}
    for row in uow.query("SELECT code, valid_from, name FROM unit WHERE tier = 'commune' ORDER BY code, valid_from"):
        lives.setdefault(row["code"], []).append((row["valid_from"], row["name"]))
    return {code: Place(code, province, tuple(lives[code])) for code, province in communes}


def write(
    desk: Desk, settings: Settings, opened: Sequence[str], communes: Iterable[tuple[str, str]], count: int, until: str
) -> Json:
    """``count`` copies of dossiers; of those alone about which nothing is to be done up to a day.

    Work to be done is that of one year, however many years lie behind; what waits beyond that day is passed by.
    returns  seconds, events, how many of the copies are over and how many have open duties
    """
    with desk.reading() as (uow, _):
        known = places(uow, communes)
        every = [Model(uow, code, known) for code in opened]
        models = [each for each in every if all(day > until for day in each.looked_on)]
        # One with few places to go would fill a commune as none is filled.
        models = [each for each in models if len(each.targets) >= SPREAD] or models
        year = int(models[0].dossier.split("-")[1])
        last = {kind: uow.next_number(kind, year) - 1 for kind in (*_KINDS, "certificate")}
        issued = Counter(row["commune"] for row in uow.query("SELECT commune FROM certificate WHERE dossier <> ''"))
    began = perf_counter()
    copies = Copies(models, year, last, issued)
    file = file_of(settings.db)
    sink: Sink = SqliteSink(str(file)) if file else PostgresSink(settings.db)
    events = 0
    for first in range(0, count, GROUP):
        found = copies.rows(first, min(first + GROUP, count))
        for (table, columns), rows in found.items():
            sink.write(table, columns, rows)
        events += len(found["event", _EVENT])
        sink.commit()
    sink.close()
    with desk.office.writer() as uow:
        for kind, number in last.items():
            if number:
                uow.execute(_COUNTER, kind=kind, year=year, last=number)
        uow.commit()
    seconds = perf_counter() - began
    over = sum(models[number % len(models)].over for number in range(count))
    return {
        "history_seconds": round(seconds, 1),
        "history_events": events,
        "history_events_per_second": round(events / seconds),
        "history_over": over,
        "history_with_open_duties": count - over,
    }
