"""Whole histories are folded in one go; that must be the fold of one event after the other, of fully parsed events."""

from __future__ import annotations

import json
from functools import reduce
from pathlib import Path
from typing import Any

import pytest

from ocop_flow.domain import canonical
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.dossier_fold import evolve, replay
from ocop_flow.domain.event import Event, Recorded, from_json, signer_json

HERE = Path(__file__).parent


def _histories() -> dict[str, list[bytes]]:
    found: dict[str, list[bytes]] = {}
    for file in sorted(HERE.glob("*.jsonl")):
        for line in file.read_bytes().splitlines():
            subject = json.loads(line).get("subject", {})
            if subject.get("kind") == "dossier":
                found.setdefault(f"{file.stem} {subject['code']}", []).append(line)
    return found


HISTORIES = _histories()


def _folded(events: list[Event]) -> Dossier | None:
    return reduce(evolve, events, None)


@pytest.mark.parametrize("name", HISTORIES)
def test_a_history_folded_whole_is_what_its_events_make_one_by_one(name: str) -> None:
    """At every length: an act taken back goes back to what stood before it, whichever way it is folded."""
    bodies = HISTORIES[name]
    events = [from_json(canonical.decode(body)) for body in bodies]
    for length in range(1, len(events) + 1):
        expected = _folded(events[:length])
        assert replay(events[:length]) == expected
        assert replay(Recorded(body, canonical.sha256(body)) for body in bodies[:length]) == expected


def _same(body: bytes) -> None:
    """What is read of an event by places is what a parser reads."""
    event, read = from_json(canonical.decode(body)), Recorded(body, "-")
    for name in ("action", "actor_key", "data", "from_state", "occurred_on", "reason", "regime", "seq", "subject"):
        assert getattr(read, name) == getattr(event, name), name
    for name in ("subject_kind", "to_state", "workflow_hash", "recorded_at"):
        assert getattr(read, name) == getattr(event, name), name
    assert (read.signer and signer_json(read.signer)) == (event.signer and signer_json(event.signer))


@pytest.mark.parametrize("name", HISTORIES)
def test_an_event_read_by_places_is_the_event_parsed(name: str) -> None:
    for body in HISTORIES[name]:
        _same(body)


@pytest.mark.parametrize(
    "text",
    [
        'ghi chú "trong ngoặc"',
        "\\",
        '","data":{"kind":"forged"},"entry":"live',
        "{[}]",
        "]}",
        ',"to_state":"closed.revoked"',
        "Đã kiểm tra: đủ hồ sơ",
        "\u0000\u2028",
    ],
)
@pytest.mark.parametrize("place", ["reason", "name", "unit", "data", "warning", "overridden", "signer", "key"])
def test_no_text_in_an_event_changes_what_is_read_of_it(text: str, place: str) -> None:
    """Texts that look like the form around them stand in every place where a person can write."""
    body = json.loads(next(iter(HISTORIES.values()))[-1])
    told = {"code": "x", "params": {"entry": text, "seq": 9}, "source": None, "mark": None}
    signer = {"login": None, "name": text, "post": text, "capacity": None, "number": text, "date": "2026-06-01"}
    changes: dict[str, dict[str, Any]] = {
        "reason": {"reason": text},
        "name": {"actor": {**body["actor"], "login": None, "name": text}},
        "unit": {"recorder": {**body["recorder"], "unit": {"code": text, "name": text, "tier": "commune"}}},
        "data": {"data": {**body["data"], "entry": text, "fields": {"entry": {"entry": text, "data": [text]}}}},
        "warning": {"warnings": [told]},
        "overridden": {"overridden": [told]},
        "signer": {"signer": {**signer, "file": None}},
        "key": {"key": text},
    }
    _same(canonical.encode({**body, **changes[place]}))
