"""``ocop_flow/store/columns.py`` as the schema has it: ``python -m tests.columns`` writes it anew."""

from __future__ import annotations

import textwrap
from pathlib import Path
from typing import TYPE_CHECKING

from ocop_flow.store import columns
from ocop_flow.store.schema import metadata

if TYPE_CHECKING:
    from sqlalchemy import Column, Table

FILE = Path(columns.__file__)
_HEAD = '''"""The columns of every table, said apart from ``store.schema``: loading that takes longer than a command.

Written by ``python -m tests.columns``; a test holds it to the schema.
"""

#: Table -> its columns in order; ``*`` after those of the primary key, ``?`` after those that SQLite gives as 0 or 1.
TABLES = {
'''


def text() -> str:
    """The module's text, tables by name."""
    tables = sorted(metadata.tables.values(), key=lambda table: str(table.name))
    return f"{_HEAD}{''.join(map(_entry, tables))}}}\n"


def _entry(table: Table) -> str:
    said = " ".join(map(_column, table.columns))
    line = f'    "{table.name}": "{said}",\n'
    if len(line) <= 121:
        return line
    parts = textwrap.wrap(said, 108)
    ended = [f'        "{part} "\n' for part in parts[:-1]] + [f'        "{parts[-1]}"\n']
    return f'    "{table.name}": (\n{"".join(ended)}    ),\n'


def _column(column: Column[object]) -> str:
    marks = "*" * column.primary_key + "?" * (column.type.python_type is bool)
    return f"{column.name}{marks}"


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
