"""The same year on top of longer and longer histories."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import psycopg
from sqlalchemy import make_url

from benchmarks.nation.measuring import DOSSIERS, SCALES, Json, Wanted, measured
from benchmarks.nation.tables import shown
from ocop_flow.config import Settings, url_of


@contextmanager
def database(given: str | None, scale: int) -> Iterator[Settings]:
    """An empty database of its own, removed afterwards: a file, or one beside the given one on its server."""
    if given is None:
        with tempfile.TemporaryDirectory() as folder:
            yield Settings(url_of(str(Path(folder) / "ocop.db")), "vi", None, None)
        return
    url, name = make_url(given), f"ocop_national_year_x{scale}"
    with psycopg.connect(url.set(drivername="postgresql").render_as_string(hide_password=False), autocommit=True) as c:
        c.execute(f"CREATE DATABASE {name}")
        try:
            own = url.set(database=name).render_as_string(hide_password=False)
            yield Settings(own, "vi", None, None)
        finally:
            c.execute(f"DROP DATABASE {name} WITH (FORCE)")


def growth(given: str | None, wanted: Wanted, verify_up_to: int, replay_up_to: int) -> list[Json]:
    """The same year on top of 0, 9 and 99 years of the nation."""
    found = []
    for scale in SCALES:
        asked = replace(wanted, past=(scale - 1) * DOSSIERS, verify=scale <= verify_up_to, replay=scale <= replay_up_to)
        with database(given, scale) as settings:
            found.append({"scale": scale, **measured(settings, asked)})
        sys.stderr.write(f"x{scale}: {shown(found[-1])}\n\n")
    return found
