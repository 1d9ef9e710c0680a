"""A filled sheet without a sitting: a workbook of one dossier, or any table of criterion and points."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

from ocop_flow.domain.asked import written
from ocop_flow.domain.columns import Cell
from ocop_flow.errors import InputInvalid, Reason, reason
from ocop_flow.tables import read

_CODE = re.compile(r"\[?([0-9]{1,2}(?:\.[0-9]{1,2}){0,3}[a-z]?)\]?")
#: Column of the points on the sheets that we give out, and on a plain table of two columns.
_OURS, _PLAIN = 4, 1


def answers(path: Path) -> tuple[str, ...]:
    """``CRITERION=POINTS[:CASE]`` of each row that begins with a code and has points, in order.

    raises  InputInvalid as ``tables.read``, and where no row or more than one table has any
    """
    found = [each for grid in read(path) if (each := _answers(grid.rows))]
    if len(found) != 1:
        raise InputInvalid(reason("sheet_unreadable", file=path.name, tables=len(found)))
    return tuple(found[0])


def _answers(rows: Sequence[tuple[int, Sequence[Cell]]]) -> list[str]:
    found = []
    for _, cells in rows:
        code = _CODE.fullmatch(written(cells[0]) or "") if cells and not isinstance(cells[0], Reason) else None
        place = _OURS if len(cells) > 3 else _PLAIN
        value = cells[place] if place < len(cells) else None
        points = None if value is None or isinstance(value, Reason) else written(value)
        if code is not None and points is not None:
            found.append(f"{code[1]}={points}")
    return found
