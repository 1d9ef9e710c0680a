"""The training database of the command-line tests, and an office over a copy of it."""

from __future__ import annotations

from tests.cli.conftest import database_kind, office, sandbox, sandbox_database

__all__ = ["database_kind", "office", "sandbox", "sandbox_database"]
