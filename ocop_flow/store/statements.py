"""The text of statements: written once with named parameters, spelled for the driver at hand, and kept."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from ocop_flow.store.columns import TABLES

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

#: ``:name``, but neither a cast (``::text``) nor a time of day.
_PARAMETER = re.compile(r"(?<![:\w]):([A-Za-z_]\w*)")


@lru_cache(maxsize=1024)
def for_psycopg(sql: str) -> str:
    """``:name`` as ``%(name)s``. SQLite's driver takes it as it is."""
    return _PARAMETER.sub(r"%(\1)s", sql.replace("%", "%%"))


@cache
def keys(table: str) -> tuple[str, ...]:
    """Columns of the primary key."""
    return tuple(name for name, marks in _marked(table) if "*" in marks)


@cache
def booleans(table: str) -> tuple[str, ...]:
    """Columns that SQLite gives back as 0 or 1."""
    return tuple(name for name, marks in _marked(table) if "?" in marks)


@cache
def columns(table: str) -> tuple[str, ...]:
    return tuple(name for name, _ in _marked(table))


def _marked(table: str) -> list[tuple[str, str]]:
    """Each column and its marks."""
    names = [(each.rstrip("*?"), each) for each in TABLES[table].split()]
    return [(name, each.removeprefix(name)) for name, each in names]


@cache
def values_of(table: str) -> Callable[[Mapping[str, Any]], tuple[Any, ...]]:
    """Takes the values of a row in the order of ``columns``."""
    return itemgetter(*columns(table))


@cache
def of(table: str, column: str) -> str:
    """Every column of the rows with a value in one of them, in no order."""
    return f"SELECT {', '.join(columns(table))} FROM {table} WHERE {column} = :{column}"


@lru_cache(maxsize=1024)
def select(table: str, equals: tuple[str, ...], absent: tuple[str, ...]) -> str:
    """Every column of a view's rows, in key order; ``absent``: columns that must be null."""
    conditions = [f"{name} = :{name}" for name in equals] + [f"{name} IS NULL" for name in absent]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    return f"SELECT {', '.join(columns(table))} FROM {table}{where} ORDER BY {', '.join(keys(table))}"


@lru_cache(maxsize=1024)
def insert(table: str, columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({', '.join(':' + name for name in columns)})"


@lru_cache(maxsize=1024)
def upsert(table: str, columns: tuple[str, ...]) -> str:
    """One row whole, in place of the one with its key; two writers of one row wait for each other."""
    changed = [f"{name} = excluded.{name}" for name in columns if name not in keys(table)]
    then = f"UPDATE SET {', '.join(changed)}" if changed else "NOTHING"
    return f"{insert(table, columns)} ON CONFLICT ({', '.join(keys(table))}) DO {then}"


@lru_cache(maxsize=1024)
def delete(table: str, equals: tuple[str, ...]) -> str:
    return f"DELETE FROM {table} WHERE {' AND '.join(f'{name} = :{name}' for name in equals)}"


@lru_cache(maxsize=1024)
def update(table: str, columns: tuple[str, ...]) -> str:
    """Some columns of the row with a key of one column."""
    changed = ", ".join(f"{name} = :{name}" for name in columns)
    (key,) = keys(table)
    return f"UPDATE {table} SET {changed} WHERE {key} = :{key}"


@lru_cache(maxsize=1024)
def together(texts: tuple[str, ...]) -> str:
    """One statement of several that write different rows, spelled for the server.

    The parameters of each have its number at their end: ``code_0``.
    """
    *earlier, last = _numbered(texts)
    return f"{_with(earlier)}{last}"


@lru_cache(maxsize=1024)
def at_once(texts: tuple[str, ...]) -> str | None:
    """As ``together`` for one event and the change of its dossier; None for anything else.

    The event is refused for want of its hash (SQLSTATE 23502) unless the dossier's row is the one that transaction
    ``row`` wrote and the law is of version ``law``. While it runs nobody adopts days off (``Laws.hold_calendar``).
    """
    events = [number for number, text in enumerate(texts) if text.startswith("INSERT INTO event ")]
    dossiers = [number for number, text in enumerate(texts) if text.startswith("UPDATE dossier ")]
    if len(events) != 1 or len(dossiers) != 1:
        return None
    parts, event, dossier = _numbered(texts), events[0], dossiers[0]
    parts[dossier] += " AND xmin::text = %(row)s RETURNING code"
    digest = f"%(hash_{event})s"
    guarded = (
        f"(SELECT {digest} FROM w{dossier}, reference WHERE reference.name = 'law' AND reference.version = %(law)s "
        "AND NOT EXISTS (SELECT 1 FROM notice WHERE false FOR SHARE))"
    )
    last = parts[event].replace(digest, guarded)
    return f"{_with(parts, without=event)}{last}"


def _numbered(texts: tuple[str, ...]) -> list[str]:
    return [_PARAMETER.sub(rf"%(\1_{number})s", text.replace("%", "%%")) for number, text in enumerate(texts)]


def _with(parts: list[str], without: int | None = None) -> str:
    found = [f"w{number} AS ({part})" for number, part in enumerate(parts) if number != without]
    return f"WITH {', '.join(found)} " if found else ""
