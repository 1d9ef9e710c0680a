"""A desk whose commands are timed, each from its call to its commit."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from time import perf_counter
from typing import Any

from ocop_flow.demo.desk import Desk
from ocop_flow.domain.commands import Advance
from ocop_flow.service.office import Office

Json = dict[str, Any]


@dataclass
class Watch:
    """Seconds of each command by its name."""

    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))

    def table(self) -> dict[str, Json]:
        return {name: _spread(found) for name, found in sorted(self.seconds.items())}


def _spread(found: list[float]) -> Json:
    ordered = sorted(found)
    return {
        "n": len(ordered),
        "p50_ms": round(ordered[len(ordered) // 2] * 1000, 2),
        "p99_ms": round(ordered[min(len(ordered) - 1, len(ordered) * 99 // 100)] * 1000, 2),
    }


class TimedDesk(Desk):
    """A desk with a watch: each command is timed from its call to its commit."""

    def __init__(self, office: Office, papers: Path) -> None:
        super().__init__(office, papers)
        self.watch = Watch()

    def do(self, handle: str, service: Any, command: Any) -> Any:
        name = command.action if isinstance(command, Advance) else service.__name__
        began = perf_counter()
        answer = super().do(handle, service, command)
        self.watch.seconds[name].append(perf_counter() - began)
        return answer
