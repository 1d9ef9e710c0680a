"""Rows written in big groups beside the store: ``executemany`` on SQLite, ``COPY`` on PostgreSQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, Protocol

import psycopg
from sqlalchemy import make_url

from ocop_flow.store.schema import SQLITE_TRIGGERS

#: Kibibytes of pages that SQLite keeps while it takes the history: hashes come in no order.
LOAD_CACHE = 3_000_000


class Sink(Protocol):
    """Takes rows in big groups."""

    def write(self, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None: ...

    def commit(self) -> None: ...

    def close(self) -> None:
        """Leave the database as the product keeps it."""


class SqliteSink:
    """A connection of its own, so that nothing of it is left for what is measured."""

    def __init__(self, file: str) -> None:
        self._guard = next(text for text in SQLITE_TRIGGERS if " event_no_replace " in text)
        self._driver = sqlite3.connect(file, isolation_level=None)
        self._driver.execute("PRAGMA synchronous = OFF")
        self._driver.execute(f"PRAGMA cache_size = -{LOAD_CACHE}")
        # It looks three times for every row whether it is there already; the keys say so as well.
        self._driver.execute("DROP TRIGGER event_no_replace")
        self._driver.execute("BEGIN IMMEDIATE")

    def write(self, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
        holders = ", ".join("?" for _ in columns)
        self._driver.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({holders})", rows)

    def commit(self) -> None:
        self._driver.execute("COMMIT")
        self._driver.execute("BEGIN IMMEDIATE")

    def close(self) -> None:
        self._driver.execute(self._guard)
        self._driver.execute("COMMIT")
        self._driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        self._driver.close()


class PostgresSink:
    """``COPY``; then the statistics that autovacuum would have made over the years."""

    def __init__(self, url: str) -> None:
        server = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self._driver = psycopg.connect(server)
        self._driver.execute("SET synchronous_commit = off")

    def write(self, table: str, columns: tuple[str, ...], rows: Iterable[tuple[Any, ...]]) -> None:
        with self._driver.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)

    def commit(self) -> None:
        self._driver.commit()

    def close(self) -> None:
        self._driver.commit()
        self._driver.autocommit = True
        self._driver.execute("VACUUM ANALYZE")
        self._driver.close()
