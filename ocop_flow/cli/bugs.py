"""What no one expected: a fault of the program, told with a reference and the traceback; or one of the database."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from ocop_flow.errors import Reason, Unavailable, reason

if TYPE_CHECKING:
    from ocop_flow.service.office import Office

#: Exit code of a fault of the program itself (sysexits: EX_SOFTWARE); none of the contract's.
EXIT = 70
#: Events of a log that is checked where something failed.
_CHECKED = 100_000


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


def altered(office: Office) -> Reason | None:
    """What to do about records that were changed past the program, so that reading them may fail anywhere; else None.

    Asked only after something failed that nobody expected, and of a log that is checked within some seconds.
    """
    from ocop_flow.service import deadline_view, rebuild

    try:
        with office.reader() as uow:
            duty = deadline_view.unreadable(uow)
            events = uow.query("SELECT count(*) AS n FROM event")[0]["n"]
        if duty is not None:
            return reason("deadline_unreadable", deadline=duty)
        return reason("records_altered") if events <= _CHECKED and not rebuild.check(office)["ok"] else None
    except Exception:  # noqa: BLE001 - what cannot be checked is not known to be altered
        return None


def told(error: Exception) -> Reason:
    """The reason with its reference, after the traceback went to stderr for whoever is to mend it."""
    import contextlib
    import traceback

    with contextlib.suppress(OSError):
        traceback.print_exception(error, file=sys.stderr)
    return reason("bug", reference=f"{type(error).__name__}-{abs(hash(str(error))) % 100000:05d}")
