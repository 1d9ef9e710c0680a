"""The training database of the command-line tests, and an office over a copy of it."""

from __future__ import annotations

from tests.cli.conftest import office, sandbox, sandbox_database

__all__ = ["office", "sandbox", "sandbox_database"]
