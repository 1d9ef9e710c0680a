"""Tables on a terminal: no word, so no code, day or number, is ever broken; what is too wide becomes blocks."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console
from rich.table import Table
from rich.text import Text

Cells = Sequence[str]

#: Columns of the screen between two columns of a table.
_GAP = 2
#: A column of sentences is not squeezed below this: about the longest word of Vietnamese.
_FLOOR = 8


def draw(titles: Cells, lines: Sequence[Cells], red: Sequence[bool] = ()) -> None:
    """Print a table as wide as the terminal allows: whole, else without its empty columns, else row by row.

    red  which lines are printed in red; none where it is empty
    """
    console = Console(highlight=False, markup=False, emoji=False)
    for chosen in (range(len(titles)), _filled(titles, lines)):
        heads = [titles[at] for at in chosen]
        body = [[line[at] for at in chosen] for line in lines]
        found = widths(heads, body, console.width)
        if found is not None:
            console.print(_table(heads, body, found, red))
            return
    _blocks(console, titles, lines, red)


def widths(titles: Cells, lines: Sequence[Cells], room: int) -> list[int] | None:
    """The width of each column within ``room``; None where a word would have to be broken.

    A column gets what its longest text takes, or as much as is left for every column of that kind alike.
    """
    columns = list(zip(titles, *lines, strict=True))
    whole = [max(_longest(text.splitlines()) for text in column) for column in columns]
    words = [max(_longest(text.split()) for text in column) for column in columns]
    cells = [max(_longest(text.splitlines()) for text in column[1:]) for column in columns]
    least = [max(word, min(text, _FLOOR)) for word, text in zip(words, cells, strict=True)]
    for cap in range(max(whole, default=0), -1, -1):
        found = [min(full, max(low, cap)) for full, low in zip(whole, least, strict=True)]
        if sum(found) + _GAP * (len(found) - 1) <= room:
            return found
    return None


def _longest(parts: Cells) -> int:
    return max(map(cell_len, parts), default=0)


def _filled(titles: Cells, lines: Sequence[Cells]) -> list[int]:
    """Places of the columns in which some row says something."""
    return [at for at in range(len(titles)) if any(line[at] for line in lines)]


def _table(titles: Cells, lines: Sequence[Cells], found: Sequence[int], red: Sequence[bool]) -> Table:
    drawn = Table(box=None, pad_edge=False, padding=(0, _GAP, 0, 0), header_style="bold")
    for title, width in zip(titles, found, strict=True):
        drawn.add_column(Text(title), width=width)
    for number, line in enumerate(lines):
        drawn.add_row(*map(Text, line), style=_style(red, number))
    return drawn


def _style(red: Sequence[bool], number: int) -> str | None:
    return "red" if red and red[number] else None


def _blocks(console: Console, titles: Cells, lines: Sequence[Cells], red: Sequence[bool]) -> None:
    """Each row as ``label  value`` lines, empty ones left out; a value goes on below itself, broken at blanks only."""
    margin = max(map(cell_len, titles)) + _GAP
    for number, line in enumerate(lines):
        if number:
            console.print()
        for title, value in zip(titles, line, strict=True):
            for at, part in enumerate(_wrapped(value, console.width - margin) if value else ()):
                head = Text("" if at else title, "bold")
                head.append(" " * (margin - cell_len(head.plain)))
                # A word longer than the screen goes on at its edge, as the terminal does it: it can still be copied.
                console.print(head.append(part, "not bold"), style=_style(red, number), soft_wrap=True)


def _wrapped(text: str, room: int) -> list[str]:
    """A text in lines of at most ``room``, but for words that are longer."""
    found: list[str] = []
    for part in text.splitlines():
        line = ""
        for word in part.split():
            if line and cell_len(f"{line} {word}") > room:
                found.append(line)
                line = word
            else:
                line = f"{line} {word}" if line else word
        found.append(line)
    return found
