"""Histories as IEEE XES (1849-2016), the event log that process-mining programs read: one trace for each dossier.

``time:timestamp`` is midnight in Viet Nam of the legal day, for waiting and lateness are counted by it; events of one
day keep their order in the trace, and ``recorded_at`` says when each was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta, timezone
from typing import Any
from xml.sax.saxutils import quoteattr

from ocop_flow.domain.open_log import ABOUT, COLUMNS, Row, Trace, values

#: Viet Nam has had no other time since 1975, and no summer time.
VIET_NAM = timezone(timedelta(hours=7))
_EXTENSIONS = (
    ("Concept", "concept", "http://www.xes-standard.org/concept.xesext"),
    ("Time", "time", "http://www.xes-standard.org/time.xesext"),
    ("Lifecycle", "lifecycle", "http://www.xes-standard.org/lifecycle.xesext"),
    ("Organizational", "org", "http://www.xes-standard.org/org.xesext"),
)
_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<log xes.version="1849-2016" xes.features="" xmlns="http://www.xes-standard.org/">
"""
#: What the standard has a key of its own for.
_STANDARD = {"action": "concept:name", "actor": "org:resource", "actor_unit": "org:group"}


def lines(traces: Iterable[Trace]) -> Iterator[str]:
    """The document, piece by piece."""
    yield _HEAD
    for name, prefix, uri in _EXTENSIONS:
        yield f'  <extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n'
    yield f'  <global scope="trace">{_one("concept:name", "-")}</global>\n'
    moment = _one("time:timestamp", datetime(1970, 1, 1, tzinfo=VIET_NAM))
    yield f'  <global scope="event">{_one("concept:name", "-")}{moment}</global>\n'
    yield '  <classifier name="Action" keys="concept:name"/>\n'
    yield f"  {_one('concept:name', 'OCOP')}\n"
    for trace in traces:
        yield "  <trace>\n"
        yield f"    {_one('concept:name', trace.dossier)}"
        yield "".join(_one(name, value) for name, value in values(trace, ABOUT).items() if name != "dossier")
        yield "\n"
        yield from (f"    <event>{''.join(_event(row))}</event>\n" for row in trace.rows)
        yield "  </trace>\n"
    yield "</log>\n"


def _event(row: Row) -> Iterator[str]:
    yield _one("time:timestamp", midnight(row.on))
    yield _one("lifecycle:transition", "complete")
    yield _one("org:role", row.actor.partition("@")[0])
    for name, value in values(row, COLUMNS).items():
        if name not in ("dossier", "on"):
            yield _one(_STANDARD.get(name, name), value)


def midnight(on: date) -> datetime:
    """The beginning of a day in Viet Nam."""
    return datetime.combine(on, time(), VIET_NAM)


def _one(key: str, value: Any) -> str:
    if isinstance(value, bool):
        kind, text = "boolean", str(value).lower()
    elif isinstance(value, int):
        kind, text = "int", str(value)
    elif isinstance(value, datetime):
        kind, text = "date", value.isoformat(timespec="milliseconds")
    else:
        kind, text = "string", str(value)
    return f"<{kind} key={quoteattr(key)} value={quoteattr(text)}/>"
