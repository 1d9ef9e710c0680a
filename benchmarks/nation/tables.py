"""Tables of what was measured: of one year, and of how it grows with the history."""

from __future__ import annotations

from typing import Any

from benchmarks.nation.measuring import Json


def shown(found: Json) -> str:
    told = {name: "not run" if value is None else value for name, value in found.items() if name != "by_command"}
    lines = [f"{name:<26}{value}" for name, value in told.items()]
    lines.append(f"\n{'command':<28}{'n':>8}{'p50 ms':>10}{'p99 ms':>10}")
    for name, each in found["by_command"].items():
        lines.append(f"{name:<28}{each['n']:>8}{each['p50_ms']:>10}{each['p99_ms']:>10}")
    return "\n".join(lines)


#: Figures of the table that are not of one command.
_FIGURES = (
    *("dossiers", "events", "commands_per_second", "bytes_per_dossier", "verify_seconds", "replay_seconds"),
    *("history_seconds", "history_events_per_second"),
)


def growth_table(found: list[Json]) -> str:
    """p99 of each command and of the scan, then the other figures; each beside its growth since the scale before."""
    heads = "".join(f"{'x' + str(each['scale']):>12}" + (f"{'growth':>8}" if n else "") for n, each in enumerate(found))
    lines = [f"{'p99 ms':<28}{heads}"]
    for name in found[-1]["by_command"]:
        lines.append(f"{name:<28}{_grown([each['by_command'].get(name, {}).get('p99_ms') for each in found])}")
    lines.append("")
    lines += [f"{name:<28}{_grown([each.get(name) for each in found])}" for name in _FIGURES]
    return "\n".join(lines)


def _grown(values: list[Any]) -> str:
    cells = []
    for number, value in enumerate(values):
        before = values[number - 1] if number else None
        cells.append(f"{'not run' if value is None else value:>12}")
        if number:
            cells.append(f"{value / before:>8.2f}" if value and before else f"{'':>8}")
    return "".join(cells)
