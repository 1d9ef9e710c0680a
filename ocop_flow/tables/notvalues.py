"""What stands in a cell where a value should: a formula, or the error that one came to."""

from __future__ import annotations

from ocop_flow.domain.columns import Cell
from ocop_flow.errors import Reason, reason

#: As spreadsheets show them.
_ERRORS = frozenset({"#NULL!", "#DIV/0!", "#VALUE!", "#REF!", "#NAME?", "#NUM!", "#N/A"})


def formula(text: str) -> Reason:
    """A cell that holds a formula, its text kept: a list of what was left out gives it back."""
    return reason("cell_formula", text=text)


def error(text: str) -> Reason:
    """A cell that shows an error."""
    return reason("cell_error", text=text)


def as_read(text: str) -> Cell:
    """A text as a cell; a Reason where it is the text of a formula or of an error, which no name or day is.

    So what ``text_of`` wrote into a list of what was left out is refused again until a person writes the value.
    """
    if text.startswith("="):
        return formula(text)
    return error(text) if text in _ERRORS else text


def text_of(cell: Cell) -> Cell:
    """What the person had in a cell from which nothing can be read; other cells as they are."""
    return str(cell.params.get("text", "")) or None if isinstance(cell, Reason) else cell
