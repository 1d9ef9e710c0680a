"""The training database of the command-line tests."""

from __future__ import annotations

from tests.cli.conftest import database_kind, sandbox_database

__all__ = ["database_kind", "sandbox_database"]
