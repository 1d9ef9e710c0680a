"""Other libraries at the same moves, each as its documentation shows it; tables of its own in the same database.

Each guards the move by the post and the papers and logs the facts that an event of ocop_flow has. They do less: none
chains hashes, keeps an answer under a key, moves a duty or writes an outbox. Installed by ``pip install -r
benchmarks/requirements.txt``; a library that is absent is left out and named.
"""

# Not every environment has the libraries.
# mypy: disable-error-code="import-not-found,misc,untyped-decorator,import-untyped"

from __future__ import annotations

import importlib.metadata
import os
import sqlite3
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs, urlsplit
from uuid import NAMESPACE_URL, uuid5

from benchmarks.bare import facts, text
from benchmarks.dossiers import COMMUNE, MOVES, OFFICER, PAPERS

if TYPE_CHECKING:
    from collections.abc import Callable

    from benchmarks.dossiers import Move

    Run = Callable[[Move], object]


#: What ends the peers that were begun.
_leaving: list[Callable[[], object]] = []
POSTS = {OFFICER: ("officer", COMMUNE)}
STATES = ("registration.intake", "registration.supplement")
#: Row -> the distributions that it needs.
NEEDS = {
    "eventsourcing": ("eventsourcing",),
    "django-fsm-2 + log": ("Django", "django-fsm-2", "django-fsm-log"),
    "dbos, a workflow per move": ("dbos",),
}


def installed() -> tuple[dict[str, Callable[[str], Run]], list[str]]:
    """The peers that are here, and words on each: its versions, or that it is not installed."""
    made = {
        "eventsourcing": over_eventsourcing,
        "django-fsm-2 + log": over_django,
        "dbos, a workflow per move": over_dbos,
    }
    found: dict[str, Callable[[str], Run]] = {}
    said: list[str] = []
    for name, needs in NEEDS.items():
        try:
            said.append(", ".join(f"{each} {importlib.metadata.version(each)}" for each in needs))
            found[name] = made[name]
        except importlib.metadata.PackageNotFoundError:
            said.append(f"{name}: not installed")
    return found, said


def _codes(db: str) -> list[str]:
    asked = "SELECT code FROM dossier ORDER BY code"
    if "://" not in db:
        connection = sqlite3.connect(db)
        try:
            return [row[0] for row in connection.execute(asked)]
        finally:
            connection.close()
    import psycopg

    with psycopg.connect(db.replace("+psycopg", "")) as server:
        return [row[0] for row in server.execute(asked)]


def _server(url: str) -> dict[str, str]:
    """Where a server's database is: name, user, host, port."""
    parts = urlsplit(url)
    asked = parse_qs(parts.query)
    host, port = asked.get("host", [parts.hostname or ""])[0], asked.get("port", [str(parts.port or "")])[0]
    return {"name": parts.path.lstrip("/"), "user": parts.username or "", "host": host, "port": port}


@cache
def _aggregate() -> Any:
    """The class, made once: the library knows it by its name."""
    from eventsourcing.domain import Aggregate, event

    class PeerDossier(Aggregate):
        @event("Opened")
        def __init__(self, code: str) -> None:
            self.code, self.state, self.papers = code, STATES[0], PAPERS

        @staticmethod
        def create_id(code: str) -> Any:
            return uuid5(NAMESPACE_URL, code)

        @event("Moved")
        def move(self, told: dict[str, Any]) -> None:
            self.state = told["to_state"]

    return PeerDossier


def over_eventsourcing(db: str) -> Run:
    """An aggregate a dossier: loaded, moved, saved."""
    from eventsourcing.application import Application

    environment = {"PERSISTENCE_MODULE": "eventsourcing.sqlite", "SQLITE_DBNAME": db}
    if "://" in db:
        where = {"POSTGRES_DBNAME" if name == "name" else f"POSTGRES_{name.upper()}": value
                 for name, value in _server(db).items()}  # fmt: skip
        environment = {"PERSISTENCE_MODULE": "eventsourcing.postgres", "POSTGRES_PASSWORD": "-", **where}
    app: Any = Application(env=environment)
    _leaving.append(app.close)
    opened = _aggregate()
    for code in _codes(db):
        app.save(opened(code))

    def move(one: Move) -> None:
        dossier = app.repository.get(uuid5(NAMESPACE_URL, one.dossier))
        assert POSTS[OFFICER] == ("officer", COMMUNE)
        assert dossier.papers >= PAPERS
        assert dossier.state == STATES[one.number % 2]
        dossier.move(facts(one, dossier.state, STATES[1 - one.number % 2]))
        app.save(dossier)

    return move


@cache
def _django_model() -> Any:
    """The model; Django is set up once in a process."""
    import django
    from django.conf import settings

    settings.configure(
        INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth", "django_fsm", "django_fsm_log"],
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}},
        DEFAULT_AUTO_FIELD="django.db.models.BigAutoField",
        USE_TZ=True,
    )
    django.setup()
    from django.db import models
    from django_fsm import FSMField, transition
    from django_fsm_log.decorators import fsm_log_description

    def allowed(dossier: Any) -> bool:
        return POSTS[OFFICER] == ("officer", COMMUNE) and bool(dossier.papers >= PAPERS)

    class PeerDossier(models.Model):
        code = models.CharField(max_length=40, unique=True)
        state = FSMField(default=STATES[0])
        papers = models.IntegerField(default=PAPERS)

        class Meta:
            app_label = "django_fsm_log"
            db_table = "peer_django_dossier"

        @fsm_log_description
        @transition(field=state, source=STATES[0], target=STATES[1], conditions=[allowed])
        def return_for_supplement(self, description: str | None = None) -> None:
            """Sent back."""

        @fsm_log_description
        @transition(field=state, source=STATES[1], target=STATES[0], conditions=[allowed])
        def receive_supplement(self, description: str | None = None) -> None:
            """Received again."""

    return PeerDossier


def over_django(db: str) -> Run:
    """A model with a state field, and the log of its transitions, in one transaction."""
    model = _django_model()
    from django.contrib.contenttypes.models import ContentType
    from django.core.management import call_command
    from django.db import connections, transaction

    _leaving.append(lambda: connections["default"].close())
    place: dict[str, Any] = {"ENGINE": "django.db.backends.sqlite3", "NAME": db}
    if "://" in db:
        place = {name.upper(): value for name, value in _server(db).items()} | {
            "ENGINE": "django.db.backends.postgresql"
        }
    connections.databases["default"].update(place)
    del connections["default"]
    call_command("migrate", verbosity=0)
    ContentType.objects.clear_cache()
    with connections["default"].schema_editor() as editor:
        editor.create_model(model)
    model.objects.bulk_create([model(code=code) for code in _codes(db)])

    def move(one: Move) -> None:
        with transaction.atomic():
            dossier = model.objects.select_for_update().get(code=one.dossier)
            told = text(facts(one, dossier.state, STATES[1 - one.number % 2]))
            getattr(dossier, MOVES[one.number % 2])(description=told)
            dossier.save()

    return move


def over_dbos(db: str) -> Run:
    """A durable workflow with one step of the database, keyed by the command's key."""
    from dbos import DBOS, DBOSConfig, SetWorkflowID, SQLAlchemyDatasource
    from sqlalchemy import text as sql

    url = db if "://" in db else f"sqlite:///{db}"
    os.environ.setdefault("DBOS__VMID", "benchmark")
    config: DBOSConfig = {
        "name": "benchmark",
        "system_database_url": url,
        "log_level": "ERROR",
        "run_admin_server": False,
    }
    DBOS(config=config)
    source_of_data = SQLAlchemyDatasource.create(url)

    @source_of_data.transaction()
    def moved(code: str, told: dict[str, Any]) -> None:
        session = source_of_data.sql_session()
        asked = sql("SELECT state, papers FROM peer_dbos WHERE code = :code")
        state, papers = session.execute(asked, {"code": code}).one()
        assert POSTS[told["actor"]["login"]] == ("officer", COMMUNE)
        assert (state, papers) == (told["from_state"], PAPERS)
        moving = sql("UPDATE peer_dbos SET state = :state WHERE code = :code")
        session.execute(moving, {"state": told["to_state"], "code": code})
        row = {"code": code, "action": told["action"], "facts": text(told)}
        session.execute(sql("INSERT INTO peer_dbos_log VALUES (:code, :action, :facts)"), row)

    @DBOS.workflow()
    def advance(code: str, told: dict[str, Any]) -> None:
        moved(code, told)

    DBOS.launch()
    with source_of_data.engine.begin() as connection:
        connection.execute(sql("CREATE TABLE peer_dbos (code text PRIMARY KEY, state text, papers integer)"))
        connection.execute(sql("CREATE TABLE peer_dbos_log (code text, action text, facts text)"))
        rows = [{"code": code, "state": STATES[0], "papers": PAPERS} for code in _codes(db)]
        connection.execute(sql("INSERT INTO peer_dbos VALUES (:code, :state, :papers)"), rows)
    _leaving.append(lambda: DBOS.destroy(destroy_registry=True))
    _leaving.append(source_of_data.engine.dispose)

    def move(one: Move) -> None:
        turn = one.number % 2
        with SetWorkflowID(one.command.act.key or ""):
            advance(one.dossier, facts(one, STATES[turn], STATES[1 - turn]))

    return move


def leave() -> None:
    """Let go of every connection: a server removes no database that somebody uses."""
    while _leaving:
        _leaving.pop()()
