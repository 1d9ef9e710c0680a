"""How far long work has come: one bar on a terminal, nothing for machines and pipes."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from ocop_flow.cli.base import Desk

#: Called with what is done and the total.
Progress = Callable[[int, int], None]
#: Items from which work is long enough for a bar: about a second's worth.
_LONG = 200


@contextmanager
def progress(table: Desk, title: str) -> Iterator[Progress]:
    """A bar that appears once the work is seen to be long; ``title`` is a source text."""
    if table.as_json or not sys.stderr.isatty():
        yield lambda _done, _total: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    parts = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*parts, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(table.tr(title), visible=False)

        def show(done: int, total: int) -> None:
            if total >= _LONG:
                shown.update(task, completed=done, total=total, visible=True)

        yield show
