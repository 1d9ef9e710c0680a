"""The tables of the database.

``record`` is what is true, ``views`` are folds of it, ``outbox`` is what was done about duties; ``triggers`` is what
the database itself refuses or counts. Importing this package registers every table in ``metadata``.
"""

from __future__ import annotations

from ocop_flow.store.schema import outbox, record, views
from ocop_flow.store.schema.metadata import metadata
from ocop_flow.store.schema.triggers import COUNTED, POSTGRES_GUARDS, POSTGRES_UNGUARDS, SQLITE_TRIGGERS

__all__ = [
    "COUNTED",
    "POSTGRES_GUARDS",
    "POSTGRES_UNGUARDS",
    "SQLITE_TRIGGERS",
    "metadata",
    "outbox",
    "record",
    "views",
]
