"""Dossiers before the councils that the caller keeps or sits in, newest sitting first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, ClassVar

from textual.binding import Binding
from textual.widget import Widget

from ocop_flow.domain.council import Council, Sitting
from ocop_flow.domain.scoring import closed, sheets
from ocop_flow.ports import UnitOfWork
from ocop_flow.service import lists
from ocop_flow.service.councils import find_council
from ocop_flow.service.desk import person
from ocop_flow.service.office import Caller, Office
from ocop_flow.tui.bench import Bench
from ocop_flow.tui.page import Page
from ocop_flow.tui.rows import Rows
from ocop_flow.tui.words import day_text

Json = dict[str, Any]
COLUMN_LABELS = ("Day", "Product", "Council", "Sheets", "Sitting", "Dossier")


class Sittings(Page):
    """Enter opens the grid of a dossier."""

    BINDINGS: ClassVar = [Binding("enter", "open"), Binding("r", "reload"), Binding("escape", "back")]
    KEY_LABELS: ClassVar[Mapping[str, str]] = {"open": "Key the sheets", "reload": "Read again", "back": "Back"}

    def __init__(self, bench: Bench) -> None:
        super().__init__(bench)
        self.found = list[Json]()

    def heading(self) -> str:
        return self.tr("Council sheets")

    def body(self) -> Iterable[Widget]:
        yield Rows()

    def on_mount(self) -> None:
        self.query_one(Rows).focus()

    def load(self) -> None:
        self.found = self.bench.read(found)
        self.tell("" if self.found else self.tr("No sitting of a council of yours."))
        lines = [(f"{place}", self._cells(item)) for place, item in enumerate(self.found)]
        self.query_one(Rows).fill([self.tr(label) for label in COLUMN_LABELS], lines, (1, 2))

    def _cells(self, item: Json) -> tuple[object, ...]:
        stars = self.tr("closed") if item["closed"] else f"{item['have']}/{item['members']}"
        return day_text(item["on"]), item["product"], item["unit"], stars, item["sitting"], item["dossier"]

    def action_open(self) -> None:
        from ocop_flow.tui.grid import Grid

        place = self.query_one(Rows).chosen()
        if place is not None:
            item = self.found[int(place)]
            opened = self.attempt(lambda: Grid(self.bench, item["sitting"], item["dossier"]))
            if opened is not None:
                self.app.push_screen(opened)

    def action_reload(self) -> None:
        self.reload()


def found(uow: UnitOfWork, _office: Office, caller: Caller) -> list[Json]:
    """One row for each dossier of each sitting of the councils of the caller."""
    me = person(uow, caller.known())
    units = {post.unit for post in me.posts}
    rows: list[Json] = []
    for row in lists.councils(uow):
        council = find_council(uow, row["code"])
        if council.unit.code in units or council.seat(me.handle) is not None:
            rows += [item for sitting in council.sittings for item in _dossiers(uow, council, sitting)]
    return sorted(rows, key=lambda item: (item["on"], item["sitting"], item["dossier"]), reverse=True)


def _dossiers(uow: UnitOfWork, council: Council, sitting: Sitting) -> Iterator[Json]:
    for code in sitting.dossiers:
        dossier = uow.dossier(code)
        if dossier is not None:
            yield {
                "sitting": sitting.code,
                "on": sitting.on.isoformat(),
                "unit": council.unit.name,
                "dossier": code,
                "product": dossier.product_name,
                "have": len(sheets(dossier, sitting)),
                "members": len(council.seated(sitting)),
                "closed": closed(council, dossier, sitting),
            }
