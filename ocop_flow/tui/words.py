"""Recorded and recordable things as lines that people read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ocop_flow import i18n
from ocop_flow.cli.base import Desk
from ocop_flow.cli.output import reason_json, word
from ocop_flow.errors import OcopFlowError

Json = dict[str, Any]
#: What an event keeps for the program, or what other lines show already.
_SHOWN_ELSEWHERE = frozenset({"kind", "files", "filing_checked", "evidence", "fields", "certificate", "stars_decided"})
#: What the acts of a council keep, as people say it.
COUNCIL_LABELS = {
    "sitting": "Sitting",
    "turn": "Turn",
    "total": "Total",
    "paper_total": "Total on paper",
    "mean_total": "Mean total",
    "stars": "Stars",
    "stars_by_total": "Stars by total alone",
    "spread": "Spread",
    "opinion": "Opinion on the whole",
    "field": "Field",
    "value": "Value",
    "before": "Before",
}


def day_text(day: str | None) -> str:
    """``2026-06-01`` as it is written in Viet Nam, empty where there is none."""
    if not day:
        return ""
    year, month, number = day[:10].split("-")
    return f"{number}/{month}/{year}"


def act_name(table: Desk, event: Json) -> str:
    """What was done: the law's word for it, else the engine's."""
    return str(event["label"] or i18n.act(event["action"], table.language))


def doer(table: Desk, found: Json) -> str:
    """Name and role, with the unit where there is one."""
    unit = found["unit"]["name"] if found.get("unit") else None
    return f"{found['name']} ({', '.join(each for each in (word(table, found['role']), unit) if each)})"


def event_lines(table: Desk, event: Json) -> list[tuple[str, str]]:
    """(label, value) of everything an event says, as it would be or was recorded."""
    data = event["data"]
    lines = [
        (table.tr("Act"), act_name(table, event)),
        (table.tr("State"), _states(event)),
        (table.tr("Day"), day_text(event["occurred_on"])),
        (table.tr("Done by"), doer(table, event["actor"])),
        (table.tr("Typed by"), doer(table, event["recorder"]) if event["recorder"] != event["actor"] else ""),
        (table.tr("Document"), _document(table, event["signer"])),
        *((table.tr("Evidence"), _evidence(table, item)) for item in event["evidence"]),
        *_fields(table, event),
        *_certificate(table, data),
        *_council(table, data),
        (table.tr("Reason"), event["reason"] or ""),
        *((table.tr("Decided against"), item["code"]) for item in event["overridden"]),
    ]
    return [(label, value) for label, value in lines if value]


def _states(event: Json) -> str:
    before = event.get("from_label") or event["from_state"]
    after = event.get("to_label") or event["to_state"]
    return str(after) if before in (None, after) else f"{before} → {after}"


def _document(table: Desk, signer: Json | None) -> str:
    if signer is None:
        return ""
    capacity = f" {signer['capacity']}." if signer.get("capacity") else ""
    parts = [
        signer["number"] or "-",
        day_text(signer.get("date")),
        table.tr("signed:") + f"{capacity} {signer['name']}",
    ]
    return ", ".join(part for part in parts if part)


def _evidence(table: Desk, item: Json) -> str:
    held = table.tr("file") if item.get("file") else table.tr("paper or sample held")
    valid = [day_text(item.get(name)) for name in ("issued_on", "expires_on")]
    period = f", {' – '.join(valid)}" if any(valid) else ""
    return f"{item['label']} × {item['copies']} ({held}{period})"


def _fields(table: Desk, event: Json) -> Iterator[tuple[str, str]]:
    labels = event.get("field_labels", {})
    for name, value in event["data"].get("fields", {}).items():
        yield str(labels.get(name) or word(table, name)), said(table, value)


def _certificate(table: Desk, data: Json) -> Iterator[tuple[str, str]]:
    found = data.get("certificate")
    if isinstance(found, Mapping):
        period = f"{day_text(found.get('issued_on'))} – {day_text(found.get('valid_to'))}"
        yield table.tr("Certificate"), f"{found['number']}, {found['stars']}★, {period}"


def _council(table: Desk, data: Json) -> Iterator[tuple[str, str]]:
    if isinstance(data.get("member"), Mapping):
        yield table.tr("Member"), str(data["member"]["name"] or data["member"]["login"])
    if data.get("parts"):
        yield table.tr("Parts"), " + ".join(str(each) for each in data["parts"])
    for name, label in COUNCIL_LABELS.items():
        if data.get(name) not in (None, "") and name not in _SHOWN_ELSEWHERE:
            yield table.tr(label), said(table, data[name])


def said(table: Desk, value: object) -> str:
    """A value of an event as people say it."""
    if isinstance(value, bool):
        return table.tr("yes" if value else "no")
    if isinstance(value, str) and len(value) == 10 and value[4] == value[7] == "-":
        return day_text(value)
    if isinstance(value, str) and value.isascii() and "_" in value:
        return word(table, value)
    return str(value)


def reason_lines(table: Desk, error: OcopFlowError) -> list[Json]:
    """The reasons of an error as the screens show them."""
    return [reason_json(item, table.language) for item in error.reasons]
