"""The order between milestones: ``after`` names known milestones, has no circle, and agrees with the days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from ocop_flow.domain.finding import Finding, finding

Document = dict[str, Any]


def check_order(milestones: list[Document], due: Mapping[str, date]) -> Iterator[Finding]:
    """Every contradiction between ids, ``after`` and days.

    due  id -> day, for the milestones whose day could be read
    """
    ids = [milestone["id"] for milestone in milestones if "id" in milestone]
    for index, milestone in enumerate(milestones):
        for place, earlier in enumerate(milestone.get("after", ())):
            if earlier not in ids:
                yield finding(("milestones", index, "after", place), "plan_after_unknown", milestone=earlier)
        yield from _days(milestone, index, due)
    yield from _circles(milestones)


def _days(milestone: Document, index: int, due: Mapping[str, date]) -> Iterator[Finding]:
    own = due.get(milestone.get("id", ""))
    for earlier in milestone.get("after", ()):
        before = due.get(earlier)
        if own is not None and before is not None and own < before:
            days = {"due_on": own.isoformat(), "earlier_on": before.isoformat()}
            yield finding(
                ("milestones", index), "plan_order_broken", milestone=milestone["id"], earlier=earlier, **days
            )


def _circles(milestones: list[Document]) -> Iterator[Finding]:
    """One finding for each circle, at the first of its milestones in the file."""
    after = {milestone["id"]: tuple(milestone.get("after", ())) for milestone in milestones if "id" in milestone}
    index = {milestone["id"]: place for place, milestone in reversed(list(enumerate(milestones))) if "id" in milestone}
    finished: set[str] = set()
    for start in after:
        circle = _circle_from(start, after, finished)
        if circle:
            first = min(circle, key=index.__getitem__)
            turned = circle[circle.index(first) :] + circle[: circle.index(first)]
            # "a after b": the arrow is read from the earlier to the later one.
            shown = " → ".join([first, *reversed(turned)])
            yield finding(("milestones", index[first], "after"), "plan_after_circle", circle=shown)


def _circle_from(start: str, after: Mapping[str, tuple[str, ...]], finished: set[str]) -> list[str]:
    """The milestones of the first circle met on the way from ``start``; walks without recursion."""
    path: list[str] = []
    waiting: list[tuple[str, bool]] = [(start, True)]
    circle: list[str] = []
    while waiting:
        node, entering = waiting.pop()
        if not entering:
            path.pop()
            finished.add(node)
        elif node in path:
            circle = circle or path[path.index(node) :]
        elif node not in finished:
            path.append(node)
            waiting.append((node, False))
            waiting.extend((earlier, True) for earlier in after.get(node, ()) if earlier in after)
    return circle
