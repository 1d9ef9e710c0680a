"""Evidence filed with a dossier: one paper, one file or a sample."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ocop_flow.cli.base import day
from ocop_flow.domain.attachments import MOST_COPIES
from ocop_flow.domain.commands import Act
from ocop_flow.domain.numerals import whole
from ocop_flow.errors import InputInvalid, reason
from ocop_flow.service import dossier_find, dossiers
from ocop_flow.tui.bench import Bench, Step
from ocop_flow.tui.form import DossierForm, Prompt
from ocop_flow.tui.move_form import act_prompts

Json = dict[str, Any]


class Filing(DossierForm):
    """``need`` is the line of the checklist it is for, None for any kind that the law knows."""

    def __init__(self, bench: Bench, shown: Json, need: Json | None) -> None:
        kinds = ((need["kind"], need["label"]),) if need else _kinds(bench, shown["code"])
        copies = str(max(1, need["required"] - need["have"])) if need else "1"
        prompts = [
            Prompt("kind", bench.tr("Kind of evidence"), choices=kinds),
            Prompt("file", bench.tr("File"), hint=bench.tr("path of the file; empty: paper or a sample held")),
            Prompt("copies", bench.tr("Number of copies"), copies, required=True),
            Prompt("issued", bench.tr("Day of issue"), hint=bench.tr("may stay empty")),
            Prompt("expires", bench.tr("Last valid day"), hint=bench.tr("may stay empty")),
            *act_prompts(bench),
        ]
        super().__init__(bench, shown, prompts)

    def heading(self) -> str:
        return f"{self.tr('File evidence')} · {self.shown['code']}"

    def step(self, values: Mapping[str, str]) -> Step:
        from ocop_flow.cli.evidence import attachments

        code = self.shown["code"]
        dates = (day(values["issued"] or None), day(values["expires"] or None))
        file, copies = values["file"] or None, _count(values["kind"], values["copies"])
        items = attachments(self.bench.table, code, file, values["kind"], copies, dates)
        act = Act(on=day(values["on"] or None), by=values["by"] or None)
        command = dossiers.Attach(code, items, self.shown["version"], act)
        return Step(
            "attach", command, lambda uow, office, caller: dossiers.attach(uow, office, caller, command), (code,)
        )


def _count(kind: str, text: str) -> int:
    copies = whole(text)
    if copies is None:
        raise InputInvalid(reason("evidence_copies", kind=kind, copies=text or "-", most=MOST_COPIES))
    return copies


def _kinds(bench: Bench, code: str) -> tuple[tuple[str, str], ...]:
    """Kinds that the dossier's law knows, by their names."""
    found = bench.read(
        lambda uow, _office, _caller: [
            [kind, item.label]
            for kind, item in uow.law(dossier_find.find(uow, code).workflow_hash).regime.evidence.items()
        ]
    )
    return tuple((kind, label) for kind, label in found)
