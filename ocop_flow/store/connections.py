"""Connections of an office that stay at hand between its transactions.

The way through the pool costs more than a short statement. What comes from here is a pooled connection that is not
given back at once; when the engine is disposed of, those at hand are closed with the pool's own.
"""

from __future__ import annotations

from collections import deque
from typing import TYPE_CHECKING, Any

from sqlalchemy import event
from sqlalchemy.pool import StaticPool

from ocop_flow.store import samefile

if TYPE_CHECKING:
    from sqlalchemy import Engine
    from sqlalchemy.pool import PoolProxiedConnection

#: Connections that wait for the next transaction; more than one only where threads work side by side.
_AT_HAND = 4


class Connections:
    """Taken and given back by any thread."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.sqlite = engine.dialect.name == "sqlite"
        self.url = str(engine.url)
        self._idle: deque[PoolProxiedConnection] = deque()
        self._most = 0 if isinstance(engine.pool, StaticPool) else _AT_HAND
        idle = self._idle
        event.listen(engine, "engine_disposed", lambda _engine: _close(idle))

    @property
    def errors(self) -> type[Exception]:
        found: type[Exception] = self.engine.dialect.loaded_dbapi.Error
        return found

    @property
    def refusals(self) -> tuple[type[Exception], ...]:
        """What the driver raises, and what the pool makes of it."""
        from sqlalchemy.exc import DBAPIError

        return DBAPIError, self.errors

    def take(self) -> PoolProxiedConnection:
        while self._idle:
            try:
                borrowed = self._idle.pop()
            except IndexError:
                break
            if not self.sqlite or samefile.stands(borrowed):
                return borrowed
            borrowed.invalidate()
        borrowed = self.engine.raw_connection()
        driver: Any = borrowed.driver_connection
        if not self.sqlite and not driver.autocommit:
            driver.autocommit = True
        return borrowed

    def give(self, borrowed: PoolProxiedConnection, *, broken: bool) -> None:
        """``broken``: it cannot be used again."""
        if broken:
            borrowed.invalidate()
        elif len(self._idle) < self._most:
            self._idle.append(borrowed)
        else:
            borrowed.close()


def _close(idle: deque[PoolProxiedConnection]) -> None:
    while idle:
        try:
            idle.pop().invalidate()
        except IndexError:
            return
