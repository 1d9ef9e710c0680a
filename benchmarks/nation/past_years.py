"""Years before the measured one: copies of dossiers that were decided here, written in big groups.

A model is a dossier with its entity, its product and the declared certificate that it started from: their events, and
the rows of every view and of the outbox that belong to them. A copy has codes, names and certificates of its own and
lies in another commune of the same province; its events are chained and hashed anew. Rows go to the database by
``executemany`` on SQLite and ``COPY`` on PostgreSQL, beside the store; what is left is what commands would have
left, so that a check finds the log whole and a replay finds the views equal.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from hashlib import sha256
from time import perf_counter
from typing import Any

from benchmarks.nation.models import EVENT, KINDS, Model, Place
from benchmarks.nation.sinks import PostgresSink, Sink, SqliteSink
from ocop_flow.config import Settings, file_of
from ocop_flow.demo.desk import Desk
from ocop_flow.domain import codes
from ocop_flow.domain.names import fold, search_key
from ocop_flow.ports import UnitOfWork
from ocop_flow.store import statements

Json = dict[str, Any]
#: Dossiers whose rows are committed together.
GROUP = 500
#: Communes over which copies of one model are spread, at least, where there are as many.
SPREAD = 20
_COUNTER = statements.upsert("counter", ("kind", "year", "last"))


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
        found: dict[tuple[str, tuple[str, ...]], list[tuple[Any, ...]]] = {("event", EVENT): []}
        for number in range(first, end):
            model = self._models[number % len(self._models)]
            values = self._values(model, number)
            found["event", EVENT].extend(_events(model, values))
            for row in model.rows:
                found.setdefault((row.table, row.columns), []).append(tuple([cell(values) for cell in row.cells]))
        return found

    def _values(self, model: Model, number: int) -> list[str]:
        place = model.targets[number // len(self._models) % len(model.targets)]
        product, entity = (f"{name} {number:06d}" for name in model.names)
        values = [self._next(kind) for kind in KINDS]
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
        last = {kind: uow.next_number(kind, year) - 1 for kind in (*KINDS, "certificate")}
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
        events += len(found["event", EVENT])
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
