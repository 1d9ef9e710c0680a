"""What is recorded of the recognitions in a table: certificates, entities and products, read in few statements."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import codes
from ocop_flow.domain.names import fold
from ocop_flow.domain.opening import commune_json
from ocop_flow.domain.record import stream_event
from ocop_flow.service.declared_line import JudgedLine, agreement, loose, may_be
from ocop_flow.service.numbers import chunks

if TYPE_CHECKING:
    from datetime import date

    from ocop_flow.domain.commands import Act
    from ocop_flow.domain.event import Event
    from ocop_flow.ports import Row, UnitOfWork

Json = dict[str, Any]


class RecordedCertificates:
    """What the database holds of a table's certificates, read in few statements."""

    def __init__(self, uow: UnitOfWork, judged: Sequence[JudgedLine]) -> None:
        self._numbers: dict[str, Row] = {}
        self._open: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self.entities: dict[str, Row] = {}
        wanted = sorted({each.line.number for each in judged if each.line.number})
        for holders, params in chunks(wanted):
            for row in uow.query(f"SELECT * FROM certificate WHERE number IN ({holders})", **params):
                self._numbers[row["number"]] = row
        names = sorted({fold(each.line.entity) for each in judged})
        for holders, params in chunks(names):
            for row in uow.query(f"SELECT * FROM entity WHERE folded IN ({holders})", **params):
                self.entities[row["code"]] = row
        for row in uow.query("SELECT * FROM certificate WHERE unreconciled AND status <> 'replaced'"):
            self._put(row)
        products: list[str] = []
        for holders, params in chunks(sorted(self.entities)):
            products += [
                r["code"] for r in uow.query(f"SELECT code FROM product WHERE entity IN ({holders})", **params)
            ]
        for holders, params in chunks(products):
            for row in uow.query(
                f"SELECT * FROM certificate WHERE NOT unreconciled AND product IN ({holders})", **params
            ):
                self._put(row)

    def _put(self, row: Row) -> None:
        self._open[(loose(row["product_name"]), loose(row["entity_name"]))].append(row)

    def of(self, each: JudgedLine, used: set[str]) -> Row | None:
        """The certificate that a line speaks of: by its number, else by what it says."""
        found = self._numbers.get(each.line.number) if each.line.number else None
        if found is None:
            pool = self._open.get((loose(each.line.product), loose(each.line.entity)), [])
            pool = [row for row in pool if row["number"] not in used and may_be(each, row)]
            found = max(pool, key=lambda row: agreement(each, row), default=None)
        if found is not None:
            used.add(found["number"])
        return found


class RunningNumbers:
    """Running numbers for what has none of its own, given out without asking the database each time."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._next: dict[int, int] = {}

    def take(self, year: int, kind: str = "certificate") -> str:
        number = self._next.get(year) or self._uow.next_number(kind, year)
        self._next[year] = number + 1
        return codes.make(kind, year, number)


class RecordedNames:
    """Entities and products of the table: those recorded, and those that its lines bring."""

    def __init__(self, uow: UnitOfWork, judged: Sequence[JudgedLine], on: date) -> None:
        self._year = on.year
        self._entities: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        self._products: dict[tuple[str, str], str] = {}
        self._numbers = {kind: RunningNumbers(uow) for kind in ("entity", "product")}
        names = sorted({fold(each.line.entity) for each in judged})
        recorded: list[str] = []
        for holders, params in chunks(names):
            for row in uow.query(
                f"SELECT * FROM entity WHERE merged_into IS NULL AND folded IN ({holders}) ORDER BY code", **params
            ):
                self._entities[(row["folded"], row["commune"])].append((row["kind"], row["code"]))
                recorded.append(row["code"])
        for holders, params in chunks(recorded):
            for row in uow.query(
                f"SELECT * FROM product WHERE merged_into IS NULL AND entity IN ({holders}) ORDER BY code", **params
            ):
                self._products.setdefault((row["entity"], row["folded"]), row["code"])

    def registered(self, each: JudgedLine, part: Act, facts: Json) -> Iterator[Event]:
        """Events that add the line's entity and product where they are new; their codes go into ``facts``."""
        if each.commune is None:
            return
        line, key = each.line, (fold(each.line.entity), each.commune.code)
        kinds = self._entities[key]
        entity = next((code for kind, code in kinds if kind == line.entity_kind), None)
        if entity is None and line.kind_guessed and len(kinds) == 1:
            entity = kinds[0][1]
        if entity is None:
            entity = self._numbers["entity"].take(self._year, "entity")
            kinds.append((str(line.entity_kind), entity))
            commune = commune_json(each.commune)
            data: Json = {"name": line.entity, "kind": line.entity_kind, "commune": commune, "contacts": {}}
            yield stream_event(each.base, ("entity", entity), None, "add", each.who, part, data)
        product = self._products.get((entity, fold(line.product)))
        if product is None:
            product = self._numbers["product"].take(self._year, "product")
            self._products[(entity, fold(line.product))] = product
            data = {"name": line.product, "entity": entity, "product_set": facts.get("product_set") or "unknown"}
            yield stream_event(each.base, ("product", product), None, "add", each.who, part, data)
        facts["entity_code"], facts["product_code"] = entity, product
