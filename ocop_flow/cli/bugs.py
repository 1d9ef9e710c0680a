"""What no one expected: a fault of the program, told with a reference and the traceback; or one of the database."""

from __future__ import annotations

import sys

from ocop_flow.errors import Reason, Unavailable, reason

#: Exit code of a fault of the program itself (sysexits: EX_SOFTWARE); none of the contract's.
EXIT = 70


def of_database(error: Exception) -> bool:
    """Whether a database's driver raised it; none can have before one is loaded."""
    if not {"sqlalchemy", "sqlite3", "psycopg"} & sys.modules.keys():
        return False
    from ocop_flow.store import faults

    return faults.of_database(error)


def unavailable(error: Exception) -> Unavailable:
    """A driver's error in the words of the database."""
    from ocop_flow.store import faults

    return faults.unavailable(error, "sqlite://")


def told(error: Exception) -> Reason:
    """The reason with its reference, after the traceback went to stderr for whoever is to mend it."""
    import contextlib
    import traceback

    with contextlib.suppress(OSError):
        traceback.print_exception(error, file=sys.stderr)
    return reason("bug", reference=f"{type(error).__name__}-{abs(hash(str(error))) % 100000:05d}")
