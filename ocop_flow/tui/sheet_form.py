"""The columns of a grid recorded as sheets: the scan of the signed paper, and a reason where a sheet is corrected."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from ocop_flow.cli.base import day
from ocop_flow.domain.commands import Act
from ocop_flow.ports import UnitOfWork
from ocop_flow.service import score_books
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.scoring import at
from ocop_flow.tui.bench import Bench, Json, Step
from ocop_flow.tui.form import FormPage, Prompt
from ocop_flow.tui.keyed import Keyed, shown


class SheetForm(FormPage):
    """What goes with the sheets."""

    def __init__(self, bench: Bench, sitting: str, dossier: str, keyed: Keyed) -> None:
        self.sitting, self.dossier, self.keyed = sitting, dossier, keyed
        self.corrected = [member for member in keyed.changed() if member in keyed.recorded]
        prompts = [
            Prompt("scan", bench.tr("Scan of the sheets"), hint=bench.tr("path of the file, may stay empty")),
            Prompt("on", bench.tr("Day"), hint=bench.tr("empty: today")),
            Prompt("reason", bench.tr("Reason"), required=bool(self.corrected)),
        ]
        super().__init__(bench, prompts)

    def heading(self) -> str:
        return f"{self.tr('Record the sheets')} · {self.sitting} · {self.dossier}"

    def told(self) -> str:
        names = {sheet.member: sheet.name for sheet in self.keyed.sheets}
        lines = [f"{names[member]}: {shown(self.keyed.total(member))}" for member in self.keyed.changed()]
        if self.corrected:
            lines.append(self.tr("A sheet that was recorded is corrected: give the reason; both stay in the record."))
        return "\n".join(lines)

    def step(self, values: Mapping[str, str]) -> Step:
        from ocop_flow.cli.evidence import reference

        scan = reference(Path(values["scan"])) if values["scan"] else None
        act = Act(on=day(values["on"] or None), reason=values["reason"] or None)
        command = score_books.TakeBack(self.sitting, None, self.dossier, None, scan, act)
        sheets = self.keyed.filled(self.tr("Keying grid"))

        def work(uow: UnitOfWork, office: Office, caller: Caller) -> Json:
            return score_books.take_back(at(uow, office, caller, act, self.sitting), command, sheets)

        return Step("council score", command, work, (self.dossier,))
