"""Wires ports to adapters; nothing else knows both sides."""

from __future__ import annotations

import os
import tempfile
import weakref
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ocop_flow.clock import FixedClock, SystemClock, today_at
from ocop_flow.config import Settings, file_of, server_files, server_keys, shown
from ocop_flow.content import FileContent
from ocop_flow.errors import Refused, Unavailable, reason
from ocop_flow.service.office import Caller, Office
from ocop_flow.signing import KeyRing

if TYPE_CHECKING:
    from sqlalchemy import Engine

    from ocop_flow.domain.beside_kinds import Group
    from ocop_flow.domain.calendar import Calendar, Notice
    from ocop_flow.domain.ladder import Ladder
    from ocop_flow.domain.reminding import Hours
    from ocop_flow.domain.units import Succession, Unit
    from ocop_flow.ports import Channel, Renderer
    from ocop_flow.store.connections import Connections
    from ocop_flow.store.unit_of_work import SqlUnitOfWork


#: Stands in ``meta`` until the database is whole.
_BUILDING = "building"


def open_office(settings: Settings) -> Office:
    """The product over an existing database.

    raises  Unavailable: absent, not ours, of another schema, on a network share, not answering
    """
    from ocop_flow.store.connections import open_connections

    connections = open_connections(settings.db)
    try:
        return wire(connections, settings)
    except Unavailable:
        connections.dispose()
        raise


def wire(connections: Connections, settings: Settings, *, building: bool = False) -> Office:
    """An office over a database whose schema fits; ``building``: for ``ocop init`` itself, which fills it."""
    meta = read_meta(connections)
    if _BUILDING in meta and not building:
        raise Unavailable(reason("database_unfinished", path=shown(settings.db)))
    sandbox = meta.get("sandbox") == "1"
    if settings.now is not None and not sandbox:
        raise Refused(reason("now_only_in_sandbox"))
    from ocop_flow.store.reference import Memory
    from ocop_flow.store.unit_of_work import SqlUnitOfWork

    memory = Memory()
    content = FileContent(files_beside(settings.db))
    if not connections.sqlite:
        # Who leaves says goodbye: a server logs each connection that just breaks off. The content is held by the office
        # and by every unit of work. SQLite's last connection to close would checkpoint the log, after every command.
        weakref.finalize(content, connections.dispose)

    def begin(writes: bool) -> SqlUnitOfWork:
        return SqlUnitOfWork(connections, calendar, memory, content, writes=writes)

    clock = FixedClock(settings.now) if settings.now else SystemClock()
    ring = KeyRing(keys_beside(settings.db))
    log = meta.get("log", "ocop_flow")
    return Office(clock, begin, content, today_at, sandbox, ring, log, connections.dispose, _shipped_units)


def calendar(adopted: Sequence[Notice] = ()) -> Calendar:
    """The calendar in use: the shipped notices, those adopted since, and the statutory days."""
    from ocop_flow.calendars import load_calendar

    return load_calendar(adopted)


def files_beside(url: str) -> Path:
    """The evidence folder of a database: beside its file; of one on a server as ``config.server_files`` says."""
    file = file_of(url)
    if file is not None:
        return file.with_name(file.name + ".files")
    return Path(tempfile.gettempdir()) / "ocop_flow.files" if url.startswith("sqlite") else server_files(url)


def keys_beside(url: str) -> Path:
    """The key ring of a database: ``OCOP_KEYS``, else beside its file, else in the user's data folder."""
    named = os.environ.get("OCOP_KEYS")
    if named:
        return Path(named)
    file = file_of(url)
    return file.with_name(file.name + ".keys") if file is not None else server_keys(url)


def read_meta(connections: Connections) -> dict[str, str]:
    """What the database says of itself; raises Unavailable if it is not ours or of another schema."""
    from ocop_flow.store.faults import is_foreign, unavailable
    from ocop_flow.store.revision import REVISION

    path = shown(connections.url)
    try:
        lent = connections.take()
        ask = lent.driver_connection.execute
        try:
            found = dict(ask("SELECT name, value FROM meta").fetchall())
            revision = (ask("SELECT version_num FROM alembic_version").fetchone() or (None,))[0]
        except BaseException:
            connections.give(lent, broken=True)
            raise
        connections.give(lent, broken=False)
    except connections.refusals as error:
        if is_foreign(error):
            raise Unavailable(reason("database_not_ours", path=path)) from error
        raise unavailable(error, connections.url) from error
    if found.get("product") != "ocop_flow":
        raise Unavailable(reason("database_not_ours", path=path))
    if revision != REVISION:
        newer = str(revision) > REVISION
        code = "database_newer" if newer else "database_older"
        raise Unavailable(reason(code, path=path, found=str(revision), known=REVISION))
    return found


def caller(settings: Settings, office: Office) -> Caller:
    """Who is at the keyboard: in a sandbox who ``--as`` names, else who has logged in here."""
    if settings.handle is not None:
        if not office.sandbox:
            raise Refused(reason("as_only_in_sandbox", person=settings.handle))
        return Caller(settings.handle)
    if office.sandbox:
        return Caller(None)
    from ocop_flow import sessions

    return Caller(sessions.current(settings, office))


def initialise(
    settings: Settings, *, sandbox: bool, admin: str, password: str | None, partitions: int | None = None
) -> dict[str, Any]:
    """Make a new database: schema, units, law, first administrator.

    partitions  into how many tables the log is parted on a server; None: one

    raises  Unavailable if it exists already, or is a real one where a sandbox was asked for; InputInvalid for a
            password that is too short, or parts that cannot be made, before anything is made
    """
    from ocop_flow import sessions
    from ocop_flow.store.engine import open_engine

    if password is not None:
        sessions.check_password(password)
    path = shown(settings.db)
    engine = open_engine(settings.db, create=True)
    try:
        if partitions is not None:
            from ocop_flow.store.partitions import check

            check(engine.dialect.name, partitions)
        _clear_unfinished(engine)
        existing = _existing(settings.db)
        if existing is not None:
            real = existing.get("sandbox") != "1"
            code = "database_exists" if sandbox and real else "database_already"
            raise Unavailable(reason(code, path=path))
        _guard_foreign(engine, path)
    finally:
        engine.dispose()
    target = file_of(settings.db)
    if target is None:
        counts = _build(settings, sandbox, admin, password, partitions)
    else:
        # Built beside and renamed when whole: a power cut in the middle leaves nothing that looks like a database.
        building = target.with_name(target.name + ".building")
        # The journal of a build that died would be replayed into the new file: it goes with it.
        for ending in ("", "-wal", "-shm"):
            building.with_name(building.name + ending).unlink(missing_ok=True)
        counts = _build(replace(settings, db=f"sqlite:///{building}"), sandbox, admin, password)
        building.replace(target)
    KeyRing(keys_beside(settings.db)).begin(today_at((settings.now if sandbox else None) or SystemClock().now()))
    return {"database": path, "sandbox": sandbox, "admin": admin, **counts}


def _build(
    settings: Settings, sandbox: bool, admin: str, password: str | None, partitions: int | None = None
) -> dict[str, Any]:
    from ocop_flow import sessions
    from ocop_flow.service import setup
    from ocop_flow.store import migrate
    from ocop_flow.store.connections import open_connections
    from ocop_flow.store.engine import open_engine

    engine = open_engine(settings.db, create=True)
    try:
        migrate.upgrade(engine)
        if partitions is not None:
            from ocop_flow.store.partitions import split

            split(engine, partitions)
        meta = {"product": "ocop_flow", "sandbox": "1" if sandbox else "0", "log": _log_name(), _BUILDING: "1"}
        _write_meta(engine, meta)
    finally:
        engine.dispose()
    connections = open_connections(settings.db)
    try:
        settings = replace(settings, handle=None, now=settings.now if sandbox else None)
        office = wire(connections, settings, building=True)
        with office.writer() as uow:
            counts = setup.fill(uow, office, office.national_list(), _shipped_laws(), admin)
            if password is not None:
                sessions.store_password(uow, admin, password)
            uow.execute("DELETE FROM meta WHERE name = :name", name=_BUILDING)
            uow.commit()
    finally:
        # A file's last connection moves its log into it: what is renamed then is whole.
        connections.dispose()
    return counts


def _log_name() -> str:
    """What tells the heads of this log from those of any other."""
    import secrets

    return f"ocop_flow/{secrets.token_hex(8)}"


def upgrade(settings: Settings) -> dict[str, Any]:
    """Bring schema and law of an existing database up to this program."""
    from ocop_flow.service import laws
    from ocop_flow.store import migrate
    from ocop_flow.store.engine import open_engine

    engine = open_engine(settings.db)
    migrate.upgrade(engine)
    engine.dispose()
    office = open_office(Settings(settings.db, settings.lang, None, None))
    with office.writer() as uow:
        changed = laws.publish(uow, office.clock.now(), office.today, _shipped_laws())
        uow.commit()
    KeyRing(keys_beside(settings.db)).begin(office.today)
    return {"database": shown(settings.db), "regimes": changed}


def postgres_roles(application: str, auditor: str) -> str:
    """SQL for the administrator of a PostgreSQL server; see ``store.roles``."""
    from ocop_flow.store.roles import grants

    return grants(application, auditor)


class PostRoom(NamedTuple):
    """What sending needs: the ladders, the words, the way out and its hours; ``folder`` if the way out is one.

    lease  makes a name for one run that no other sender has
    """

    ladders: Mapping[str, Ladder]
    renderer: Renderer
    channel: Channel
    hours: Hours
    folder: str | None
    lease: Callable[[], str]


def beside_groups() -> Mapping[str, Group]:
    """What may be recorded beside the state: its kinds and their words."""
    from ocop_flow import regimes

    return regimes.beside_groups()


def ladders() -> Mapping[str, Ladder]:
    """The ladders of reminders."""
    from ocop_flow import regimes

    return regimes.ladders()


def post_room(settings: Settings) -> PostRoom:
    """The way out that ``OCOP_MAIL`` names; raises Unavailable for one that cannot be read."""
    return _post_room(settings, os.environ)


def folder_room(settings: Settings) -> PostRoom:
    """The folder ``outgoing`` beside the database, whatever way out is set: nothing leaves this machine."""
    return _post_room(settings, {})


def _post_room(settings: Settings, environment: Mapping[str, str]) -> PostRoom:
    import secrets

    from ocop_flow.notify import catalogue, channels
    from ocop_flow.notify.render import JinjaRenderer

    file = file_of(settings.db)
    default = (file.parent if file is not None else Path.cwd()) / "outgoing"
    channel, sender = channels.from_environment(environment, default)
    return PostRoom(
        ladders(),
        JinjaRenderer(sender, settings.lang),
        channel,
        catalogue.load().hours,
        str(channel.path) if isinstance(channel, channels.Folder) else None,
        lambda: secrets.token_hex(16),
    )


def _existing(url: str) -> dict[str, str] | None:
    from ocop_flow.store.connections import open_connections

    try:
        connections = open_connections(url)
        try:
            return read_meta(connections)
        finally:
            connections.dispose()
    except Unavailable as error:
        if error.reasons[0].code in ("database_not_ours", "database_missing"):
            return None
        raise


def _clear_unfinished(engine: Engine) -> None:
    """What an ``ocop init`` that died has left on a server holds nothing yet: it goes, and all begins anew."""
    from sqlalchemy import inspect, text

    tables = set(inspect(engine).get_table_names()) if engine.dialect.name != "sqlite" else set()
    if not {"meta", "alembic_version"} <= tables:
        return
    from ocop_flow.store import migrate

    with engine.connect() as connection:
        noted = {row[0] for row in connection.execute(text("SELECT name FROM meta"))}
    if _BUILDING in noted or (not noted and migrate.only_ours(tables)):
        migrate.clear(engine)


def _guard_foreign(engine: Engine, path: str) -> None:
    """Never build our tables into somebody else's database."""
    from sqlalchemy import inspect

    if set(inspect(engine).get_table_names()):
        raise Unavailable(reason("database_not_ours", path=path))


def _write_meta(engine: Engine, values: dict[str, str]) -> None:
    from ocop_flow.store.schema.record import meta

    with engine.begin() as connection:
        connection.execute(meta.insert(), [{"name": name, "value": value} for name, value in values.items()])


@cache
def _shipped_units() -> tuple[Sequence[Unit], Sequence[Succession]]:
    from ocop_flow.unitdata import packaged_units

    return packaged_units()


def _shipped_laws() -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Every shipped regime's effective document with the criteria documents it names by hash."""
    from ocop_flow import criteriadata, regimes

    found = []
    for regime in regimes.shipped():
        parts = [criteriadata.load_set(regime, each).document for each in criteriadata.product_sets(regime)]
        parts += [each.document for each in criteriadata.load_conditions(regime)]
        found.append((regimes.effective(regime), parts))
    return found
