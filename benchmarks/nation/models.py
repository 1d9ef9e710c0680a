"""A decided dossier as a model: its events and rows, with places for what differs from copy to copy."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from ocop_flow.domain.names import fold, search_key
from ocop_flow.ports import Row, UnitOfWork

Json = dict[str, Any]
#: Columns of an event.
EVENT = ("subject_kind", "subject", "seq", "hash", "action", "recorded_at", "occurred_on", "body")
#: What the database numbers by itself.
_NUMBERED = {"reminder": "id"}
#: Subjects of a model that have codes of their own.
KINDS = ("dossier", "entity", "product")
_Value = str | int | bool | bytes | None
_Render = Callable[[Sequence[str]], _Value]


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
    """One row to be made in a view or in the outbox."""

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
    columns = ", ".join(EVENT)
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
    found = [(kind, row) for kind in KINDS for row in uow.rows(kind, code=getattr(model, kind))]
    numbers = [number for number in (model.issued, model.previous) if number is not None]
    found += [("certificate", row) for number in numbers for row in uow.rows("certificate", number=number)]
    for subject in (model.dossier, *numbers):
        found += [(table, row) for table in ("deadline", "beside") for row in uow.rows(table, subject=subject)]
    found += [("entity_notice", row) for row in uow.rows("entity_notice", dossier=model.dossier)]
    duties = [row["id"] for table, row in found if table in ("deadline", "entity_notice")]
    return found + [("reminder", row) for duty in duties for row in uow.rows("reminder", deadline=duty)]
