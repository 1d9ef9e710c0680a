"""The text of statements: written once with named parameters, spelled for the driver at hand, and kept."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy import Table

#: ``:name``, but neither a cast (``::text``) nor a time of day.
_PARAMETER = re.compile(r"(?<![:\w]):([A-Za-z_]\w*)")


@cache
def _table(name: str) -> Table:
    """Imported when first asked for: the models of all tables take longer to make than one dossier to read."""
    from ocop_flow.store import schema

    return schema.metadata.tables[name]


@lru_cache(maxsize=1024)
def for_psycopg(sql: str) -> str:
    """``:name`` as ``%(name)s``. SQLite's driver takes it as it is."""
    return _PARAMETER.sub(r"%(\1)s", sql.replace("%", "%%"))


@cache
def keys(table: str) -> tuple[str, ...]:
    """Columns of the primary key."""
    return tuple(column.name for column in _table(table).primary_key.columns)


@cache
def booleans(table: str) -> tuple[str, ...]:
    """Columns that SQLite gives back as 0 or 1."""
    return tuple(column.name for column in _table(table).columns if column.type.python_type is bool)


@lru_cache(maxsize=1024)
def select(table: str, equals: tuple[str, ...], absent: tuple[str, ...]) -> str:
    """Every column of a view's rows, in key order; ``absent``: columns that must be null."""
    conditions = [f"{name} = :{name}" for name in equals] + [f"{name} IS NULL" for name in absent]
    where = f" WHERE {' AND '.join(conditions)}" if conditions else ""
    columns = ", ".join(column.name for column in _table(table).columns)
    return f"SELECT {columns} FROM {table}{where} ORDER BY {', '.join(keys(table))}"


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


def _each(table: str, columns: tuple[str, ...]) -> str:
    """The beginning of a statement that writes any number of rows, given as one text of JSON."""
    listed = ", ".join(columns)
    return f"INSERT INTO {table} ({listed}) SELECT {listed} FROM json_populate_recordset(NULL::{table}, :rows::json) w"


def _in_place(table: str, columns: tuple[str, ...]) -> str:
    return upsert(table, columns).removeprefix(insert(table, columns))


@lru_cache(maxsize=1024)
def insert_each(table: str, columns: tuple[str, ...]) -> str:
    return _each(table, columns)


@lru_cache(maxsize=1024)
def upsert_each(table: str, columns: tuple[str, ...]) -> str:
    # Between SELECT and ON CONFLICT there must be a condition.
    return f"{_each(table, columns)} WHERE true{_in_place(table, columns)}"


@lru_cache(maxsize=1024)
def upsert_changed(table: str, columns: tuple[str, ...], note: str) -> str:
    """Only the rows that are new or differ in more than ``note``."""
    same = f"to_jsonb(k) - '{note}' = to_jsonb(w) - '{note}'"
    matched = " AND ".join(f"k.{name} = w.{name}" for name in keys(table))
    known = f"SELECT FROM {table} k WHERE {matched} AND {same}"
    return f"{_each(table, columns)} WHERE NOT EXISTS ({known}){_in_place(table, columns)}"


@lru_cache(maxsize=1024)
def delete_others(table: str, column: str, key: str) -> str:
    """Rows whose ``column`` is ``among`` and whose key is not among those ``kept``."""
    return (
        f"DELETE FROM {table} WHERE {column} IN (SELECT json_array_elements_text(:rows::json -> 0 -> 'among')) "
        f"AND {key} NOT IN (SELECT json_array_elements_text(:rows::json -> 0 -> 'kept'))"
    )


@lru_cache(maxsize=1024)
def together(texts: tuple[str, ...]) -> str:
    """One statement of several that write different rows, spelled for the server; its parameters are numbered."""
    parts = [for_psycopg(text).replace("%(rows)s", f"%(rows_{number})s") for number, text in enumerate(texts)]
    first = ", ".join(f"w{number} AS ({part})" for number, part in enumerate(parts[:-1]))
    return f"WITH {first} {parts[-1]}" if first else parts[-1]
