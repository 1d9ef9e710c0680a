"""One move: a prompt for each thing that it needs, then the confirmation."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from ocop_flow.cli.dossiers import advance_command
from ocop_flow.cli.output import word
from ocop_flow.domain.commands import Attachment
from ocop_flow.service import dossiers
from ocop_flow.tui.bench import Bench, Step
from ocop_flow.tui.form import DossierForm, Prompt

Json = dict[str, Any]
#: What is typed for a paper or sample that lies in the office and has no file.
HELD = "+"
#: How a field of each type is written.
TYPE_LABELS = {
    "text": "text",
    "date": "date, e.g. 29/4/2027",
    "integer": "whole number",
    "decimal": "number, e.g. 85.7",
    "document_number": "document number, e.g. 12/QĐ-UBND",
    "unit": "unit, by code or name",
    "person": "account",
}
CAPACITY_LABELS = {"": "in the own name", "TM": "TM", "KT": "KT", "TL": "TL", "TUQ": "TUQ", "Q": "Q"}


class MoveForm(DossierForm):
    """The prompts of a move; the version that was seen goes with it."""

    def __init__(self, bench: Bench, shown: Json, action: Json) -> None:
        super().__init__(bench, shown, [*_prompts(bench, action)])
        self.action = action

    def heading(self) -> str:
        return f"{self.action['label']} · {self.shown['code']}"

    def told(self) -> str:
        lines = [
            f"{self.shown['product']} – {self.shown['entity']}",
            f"{self.shown['state_label']} → {self.action['to_label']}",
        ]
        lines += [each["message"] for each in self.action["reasons"] if each["code"] == "another_must_sign"]
        return "\n".join(lines)

    def recorded_text(self, answer: Any) -> str:
        issued = answer["certificate"]
        return self.tr("Certificate issued: {certificate}", certificate=issued) if issued else self.tr("Recorded.")

    def step(self, values: Mapping[str, str]) -> Step:
        code = self.shown["code"]
        command = advance_command(self.bench.table, code, self.action["action"], self._options(values))
        command = replace(command, attachments=(*self._attachments(values), *self._held(values)))
        return Step(
            "advance", command, lambda uow, office, caller: dossiers.advance(uow, office, caller, command), (code,)
        )

    def _options(self, values: Mapping[str, str]) -> Json:
        """What the command line would have been given."""
        given = {name: values.get(name) or None for name in _PLAIN}
        fields = [
            f"{need['name']}={values[_field(need)]}" for need in self.action["needs"]["fields"] if values[_field(need)]
        ]
        return {
            **given,
            "entry": "live",
            "key": None,
            "fields": fields,
            "docs": (),
            "as_decided": False,
            "expect_version": self.shown["version"],
        }

    def _attachments(self, values: Mapping[str, str]) -> tuple[Attachment, ...]:
        from ocop_flow.cli.evidence import handed_in

        needs = [need for need in self.action["needs"]["evidence"] if values.get(_paper(need)) not in (None, "", HELD)]
        files = handed_in({need["kind"]: values[_paper(need)] for need in needs})
        return tuple(replace(each, copies=_lacking(need)) for each, need in zip(files, needs, strict=True))

    def _held(self, values: Mapping[str, str]) -> tuple[Attachment, ...]:
        needs = self.action["needs"]["evidence"]
        return tuple(Attachment(need["kind"], _lacking(need)) for need in needs if values.get(_paper(need)) == HELD)


_PLAIN = (
    *("on", "by", "reason_text"),
    *("decision", "decision_date", "decision_file", "signed_by", "capacity"),
)


def _field(need: Json) -> str:
    return f"set.{need['name']}"


def _paper(need: Json) -> str:
    return f"doc.{need['kind']}"


def _lacking(need: Json) -> int:
    lacking: int = need["required"] - need["have"]
    return max(1, lacking)


def _prompts(bench: Bench, action: Json) -> Iterator[Prompt]:
    needs = action["needs"]
    for need in needs["fields"]:
        yield _field_prompt(bench, need)
    for need in needs["evidence"]:
        if need["have"] < need["required"]:
            count = f"{need['have']}/{need['required']}"
            hint = bench.tr("path of the file; + for paper or a sample held")
            yield Prompt(_paper(need), f"{need['label']} ({count})", hint=hint)
    if needs["decision"]:
        yield Prompt("decision", bench.tr("Number of the document"), hint=bench.tr("e.g. 12/QĐ-UBND"), required=True)
        yield Prompt("decision_date", bench.tr("Its date"), hint=bench.tr("empty: the day of the act"))
        yield Prompt("signed_by", bench.tr("Signed by"), hint=bench.tr("account; empty: who did it"))
        choices = tuple((code, bench.tr(label)) for code, label in CAPACITY_LABELS.items())
        yield Prompt("capacity", bench.tr("Capacity of the signer"), choices=choices)
        yield Prompt(
            "decision_file", bench.tr("Scan of the document"), hint=bench.tr("path of the file, may stay empty")
        )
    yield Prompt("reason_text", bench.tr("Reason"), required=needs["reason"])
    yield from act_prompts(bench)


def act_prompts(bench: Bench) -> Iterator[Prompt]:
    """When it was done and by whom."""
    yield Prompt("on", bench.tr("Day"), hint=bench.tr("empty: today"))
    yield Prompt("by", bench.tr("Done by"), hint=bench.tr("account; empty: you"))


def _field_prompt(bench: Bench, need: Json) -> Prompt:
    name, label, required = _field(need), need["label"], need["required"]
    nothing = () if required else (("", "–"),)
    if need["type"] == "boolean":
        both = (("true", bench.tr("yes")), ("false", bench.tr("no")))
        return Prompt(name, label, choices=(("", "–"), *both), required=required)
    if need.get("choices"):
        named = tuple((each, word(bench.table, each)) for each in need["choices"])
        return Prompt(
            name, label, choices=(*nothing, *named) if not required else (("", "–"), *named), required=required
        )
    return Prompt(name, label, hint=bench.tr(TYPE_LABELS[need["type"]]), required=required)
