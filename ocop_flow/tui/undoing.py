"""The caller's newest act on a dossier, taken back with a reason."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ocop_flow.domain.commands import Act
from ocop_flow.service import dossiers
from ocop_flow.tui.bench import Bench, Step
from ocop_flow.tui.form import DossierForm, Prompt

Json = dict[str, Any]


class Undoing(DossierForm):
    """Asks why."""

    def __init__(self, bench: Bench, shown: Json) -> None:
        super().__init__(bench, shown, [Prompt("reason", bench.tr("Reason"), required=True)])

    def heading(self) -> str:
        return f"{self.tr('Take back')} · {self.shown['code']}"

    def step(self, values: Mapping[str, str]) -> Step:
        code = self.shown["code"]
        command = dossiers.Undo(code, Act(reason=values["reason"] or None))
        return Step("undo", command, lambda uow, office, caller: dossiers.undo(uow, office, caller, command), (code,))
