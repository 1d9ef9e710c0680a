"""``audit diff``: what differs between two points of a history, as an auditor reads it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import click

from ocop_flow import i18n
from ocop_flow.cli.base import Desk
from ocop_flow.cli.histories import act_text
from ocop_flow.cli.output import label, moment, rows, say, word

Json = dict[str, Any]

#: Facts of a dossier as people say them, in the order in which they are shown.
FACT_LABELS = {
    "state": "State",
    "product_name": "Product",
    "product": "Product code",
    "product_set": "Product set",
    "entity_name": "Entity",
    "entity": "Code of the entity",
    "entity_kind": "Kind of entity",
    "kind": "Kind of dossier",
    "track": "Track",
    "commune_name": "Commune",
    "commune": "Code of the commune",
    "commune_from": "First day of the commune",
    "former": "Earlier communes",
    "regime": "Regime",
    "workflow_hash": "Hash of the law",
    "plan": "Plan",
    "previous": "Earlier certificate",
    "previous_valid_to": "Earlier certificate valid to",
    "opened_on": "Opened on",
    "filed_on": "Filed on",
    "filing_checked": "Filing evidence asked for",
    "last_move_on": "Day of the last move",
    "closed_on": "Closed on",
    "evidence": "Evidence",
    "missing": "Evidence that did not come over",
    "fields": "Details",
    "assessments": "Points given before the council",
    "scores": "Score sheets",
    "result": "Result of the sitting",
    "rated": "Stars found by each tier",
    "rounds_ended": "Rounds ended",
    "stars_decided": "Stars (decided)",
    "certificate": "Certificate",
    "earlier_certificates": "Certificates replaced",
    "first_recognised": "First recognised on",
    "scored_on": "Latest sheet of",
    "kept": "Who keeps the certificate",
    "extensions": "Deadlines extended",
    "margin": "Recorded beside the state",
    "version": "Number of the last event",
}
#: Facts whose value is a code of the glossary.
_WORDS = frozenset({"kind", "track", "entity_kind"})


def show(table: Desk, v: Json) -> None:
    points = {side: _point(table, v[side]) for side in ("one", "other")}
    for side, point in points.items():
        if v[f"only_{side}"]:
            click.echo(table.tr("Recorded only at this point: {point}", point=point))
        for event in v[f"only_{side}"]:
            say(table, f"  {event['seq']:>3}. {event['occurred_on']}  {act_text(table, event)}")
    order = {name: place for place, name in enumerate(FACT_LABELS)}
    changes = sorted(v["changes"], key=lambda change: order.get(change["fact"], len(order)))
    rows(
        table,
        ["What", points["one"], points["other"]],
        [
            (_name(table, each["fact"]), *(_said(table, v, each["fact"], each[side]) for side in points))
            for each in changes
        ],
        empty="Nothing differs.",
    )


def _name(table: Desk, fact: str) -> str:
    return table.tr(FACT_LABELS[fact]) if fact in FACT_LABELS else fact


def _point(table: Desk, text: str) -> str:
    """An event's number, a legal day, a moment of recording or now, as it was typed."""
    if text == "now":
        return table.tr("now")
    if text.isdigit():
        return table.tr("event {seq}", seq=text)
    return table.tr("as known at {moment}", moment=moment(text)) if "T" in text else i18n.days(text, table.language)


def _said(table: Desk, v: Json, fact: str, value: Any) -> str:
    """A fact at a point; what was not there yet is a dash."""
    if value in (None, [], {}, ""):
        return "-"
    if isinstance(value, bool):
        return table.tr("yes" if value else "no")
    if fact in _SAID:
        return _SAID[fact](table, v, value)
    if fact in _WORDS:
        return word(table, value)
    if isinstance(value, list):
        return str(len(value))
    if isinstance(value, dict):
        return ", ".join(f"{name}: {item}" for name, item in value.items() if not isinstance(item, (list, dict)))
    return str(value)


def _state(table: Desk, v: Json, value: str) -> str:
    return label(table, v["states"].get(value, value))


def _evidence(table: Desk, v: Json, value: list[Any]) -> str:
    """Every kind with its copies."""
    copies: Counter[str] = Counter()
    for _seq, kind, count, *_ in value:
        copies[kind] += count
    return "; ".join(f"{label(table, v['evidence'].get(kind, kind))} × {count}" for kind, count in copies.items())


def _fields(table: Desk, v: Json, value: Json) -> str:
    named = ((label(table, v["fields"].get(name, name)), item) for name, item in value.items())
    return "; ".join(f"{name}: {_said(table, v, '', item)}" for name, item in named)


def _scores(table: Desk, _v: Json, value: list[Any]) -> str:
    """Every sheet with its total."""
    return "; ".join(f"{member} {_number(sum(map(Fraction, parts)))}" for _sitting, member, parts, *_ in value)


def _number(value: Fraction | int) -> str:
    return str(value) if Fraction(value).denominator == 1 else f"{float(value):.2f}"


def _result(table: Desk, _v: Json, value: Json) -> str:
    return table.tr(
        "{mean} points, {stars} stars (sitting {sitting}, {day})",
        mean=_number(Fraction(value["mean_total"])),
        stars=value["stars"] or "-",
        sitting=value["sitting"],
        day=value["on"],
    )


def _rated(table: Desk, _v: Json, value: list[Any]) -> str:
    found = ((word(table, tier), stars or "-") for tier, stars in value)
    return "; ".join(table.tr("{tier}: {stars} stars", tier=tier, stars=stars) for tier, stars in found)


def _certificate(table: Desk, _v: Json, value: Json) -> str:
    return table.tr(
        "{number}, {stars} stars, {since} – {until}, {status}",
        number=value["number"],
        stars=value["stars"],
        since=value["issued_on"],
        until=value["valid_to"],
        status=table.tr(value["status"]),
    )


def _margin(table: Desk, _v: Json, value: Json) -> str:
    count = table.tr("{count} records", count=len(value.get("records") or ()))
    return f"{count}, {table.tr('disputed')}" if value.get("disputed") else count


_SAID: dict[str, Callable[[Desk, Json, Any], str]] = {
    "state": _state,
    "evidence": _evidence,
    "fields": _fields,
    "scores": _scores,
    "result": _result,
    "rated": _rated,
    "certificate": _certificate,
    "margin": _margin,
}
