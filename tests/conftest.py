"""Which database a test runs on.

``--database postgres`` (or ``OCOP_TEST_DB=postgres``) runs every test on PostgreSQL that is not about SQLite's own
files. Without it tests marked ``both_databases`` run on both and the others on SQLite.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

from tests import postgres

# How long an example takes is the machine's affair; a test never asserts a time.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

#: A test that runs on one database keeps its name.
_HIDDEN = [pytest.HIDDEN_PARAM]
_WORKER = "PYTEST_XDIST_WORKER"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--database",
        choices=("sqlite", "postgres"),
        default=os.environ.get("OCOP_TEST_DB", "sqlite"),
        help="the database of every test that is not about one of them",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "both_databases: run on SQLite and on PostgreSQL")
    config.addinivalue_line("markers", "postgres: run on PostgreSQL, whatever --database says")
    config.addinivalue_line("markers", "sqlite: about the SQLite file itself, whatever --database says")
    if _WORKER not in os.environ:
        postgres.begin_run()


def pytest_unconfigure() -> None:
    if _WORKER not in os.environ:
        postgres.end_run()


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for a database gets the one it is about, else the one of the run; on request both."""
    if "database_kind" not in metafunc.fixturenames:
        return
    marks = {mark.name for mark in metafunc.definition.iter_markers()}
    chosen: list[str] = [metafunc.config.getoption("--database")]
    if "both_databases" in marks:
        chosen = ["sqlite", "postgres"]
    for name in ("sqlite", "postgres"):
        chosen = [name] if name in marks else chosen
    metafunc.parametrize(
        "database_kind", chosen, indirect=True, scope="session", ids=chosen if len(chosen) > 1 else _HIDDEN
    )
