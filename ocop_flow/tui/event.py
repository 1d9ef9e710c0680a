"""One event as it was recorded, with its article and its hash."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from textual.binding import Binding

from ocop_flow.tui.bench import Bench
from ocop_flow.tui.confirm import Confirm
from ocop_flow.tui.words import event_lines

Json = dict[str, Any]


class EventPanel(Confirm):
    """A panel that asks nothing."""

    BINDINGS: ClassVar = [Binding("enter", "decline")]
    KEY_LABELS: ClassVar[Mapping[str, str]] = {"decline": "Back"}

    def __init__(self, bench: Bench, event: Json) -> None:
        lines = [
            *event_lines(bench.table, event),
            (bench.tr("Source"), event["article"] or ""),
            (bench.tr("Entry"), "" if event["entry"] == "live" else event["entry"]),
            (bench.tr("Hash"), event["hash"]),
        ]
        super().__init__(bench, f"{bench.tr('Event')} {event['seq']}", [pair for pair in lines if pair[1]])
