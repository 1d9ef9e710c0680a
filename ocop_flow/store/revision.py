"""Version of the schema, alone in a module: every command compares it, few need the tables."""

from __future__ import annotations

from typing import Final

#: The newest Alembic revision carries the same name.
REVISION: Final = "0003"
