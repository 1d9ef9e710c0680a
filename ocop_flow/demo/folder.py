"""Where a demo lies: a folder of its own; a demo is replaced by a new one, anything else is left alone."""

from __future__ import annotations

import shutil
from pathlib import Path

from ocop_flow import bootstrap
from ocop_flow.config import url_of
from ocop_flow.errors import Unavailable, reason

#: The folder if none is named, and the database in it.
FOLDER = "ocop-demo"
DATABASE = "ocop.db"
#: The row of ``meta`` that says a training database is a demo.
_MARK = "demo"


def prepare(named: str | None) -> Path:
    """The database file to be made: in the folder named, else in a fresh one here (ocop-demo, ocop-demo-2, …).

    raises  Unavailable if the folder named holds a database that is no demo, or is no folder
    """
    if named is None:
        return _fresh(Path.cwd()) / DATABASE
    folder = Path(named).expanduser().absolute()
    if folder.exists() and not folder.is_dir():
        raise Unavailable(reason("folder_not_writable", path=str(folder)))
    file = folder / DATABASE
    if file.exists():
        _remove_demo(file)
    return file


def _fresh(here: Path) -> Path:
    names = (FOLDER, *(f"{FOLDER}-{number}" for number in range(2, 1000)))
    return next((here / name for name in names if not (here / name).exists()), here / f"{FOLDER}-1000")


def _remove_demo(file: Path) -> None:
    url = url_of(str(file))
    from ocop_flow.store.connections import open_connections

    connections = open_connections(url)
    found = bootstrap.read_meta(connections)
    connections.dispose()
    if _MARK not in found or found.get("sandbox") != "1":
        raise Unavailable(reason("demo_not_a_demo", path=str(file)))
    for end in ("", "-wal", "-shm", "-journal"):
        file.with_name(file.name + end).unlink(missing_ok=True)
    shutil.rmtree(bootstrap.files_beside(url), ignore_errors=True)
    # Messages of the demo before; nothing else is ever put there.
    shutil.rmtree(file.with_name("outgoing"), ignore_errors=True)


def mark(url: str, seed: int | str) -> None:
    """Write into a new training database that it is a demo, and of which simulated year or seed documents."""
    from ocop_flow.store.engine import open_engine
    from ocop_flow.store.schema.record import meta

    with open_engine(url).begin() as connection:
        connection.execute(meta.insert(), [{"name": _MARK, "value": str(seed)}])
