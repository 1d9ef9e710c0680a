"""Start-up times: two ``ocop`` commands beside the smallest scripts that do the like.

Run ``python benchmarks/startup.py``. Each repetition runs every variant once as a fresh process, in turn, so that a
slow minute of the machine touches all of them; a ratio is the median of the ratios within a repetition.
``--check`` exits 1 when a ratio misses the aim printed beside it.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from ocop_flow.cli import run

HELLO = """
import click
@click.command()
@click.option("--name", default="world", help="Whom to greet.")
def hello(name):
    click.echo(f"hello {name}")
hello(["--help"])
"""
BARE = """
import sys
import click
import sqlalchemy
engine = sqlalchemy.create_engine(f"sqlite:///{sys.argv[1]}")
with engine.connect() as connection:
    found = connection.execute(sqlalchemy.text("SELECT * FROM dossier WHERE code = :code"), {"code": sys.argv[2]})
    row = found.one()
click.echo(row)
"""
BAREST = """
import sqlite3
import sys
import click
with sqlite3.connect(sys.argv[1]) as connection:
    row = connection.execute("SELECT * FROM dossier WHERE code = ?", (sys.argv[2],)).fetchone()
click.echo(row)
"""
NOW = "2026-06-01T08:00:00+07:00"
COMMUNE = "12103"


@dataclass(frozen=True)
class Variant:
    """One command to time; ``beside`` names the variant that it is compared with, ``aim`` the largest wished ratio."""

    name: str
    command: list[str]
    beside: str | None = None
    aim: float | None = None


def ocop(*arguments: str) -> str:
    """One ``ocop`` command inside this process: what it printed. The set-up of the benchmark, not timed."""
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        code = run(list(arguments))
    if code:
        raise SystemExit(f"ocop {' '.join(arguments)}: exit {code}")
    return printed.getvalue()


def dossier_in(database: str) -> str:
    """A training database with one dossier: the dossier's code."""
    os.environ["OCOP_NOW"] = NOW
    # An installed program has its bytecode: the first run, which is not timed, may write it here too.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    common = ("--db", database, "--lang", "en", "--as")
    ocop("--db", database, "init", "--sandbox")
    ocop(*common, "admin", "person", "add", "officer1", "--name", "Officer 1")
    appointment = ("--role", "officer", "--decision", "01/QĐ-UBND", "--from", "2026-01-01")
    ocop(*common, "admin", "person", "appoint", "officer1", "--unit", COMMUNE, *appointment)
    kinds = ("--entity-kind", "cooperative", "--product-set", "honey_other_raw_food", "--kind", "first")
    named = ("--product", "Mật ong hoa nhãn", "--entity", "Hợp tác xã số 1", "--track", "existing_product")
    opened = ocop(*common, "officer1", "dossier", "open", "--json", "--commune", COMMUNE, *named, *kinds)
    return str(json.loads(opened)["code"])


def variants(database: str, dossier: str, folder: Path) -> list[Variant]:
    """What is timed: all with this interpreter, the scripts from files as a person would have them."""
    (folder / "hello.py").write_text(HELLO, encoding="utf-8")
    (folder / "bare.py").write_text(BARE, encoding="utf-8")
    (folder / "barest.py").write_text(BAREST, encoding="utf-8")
    python, program = sys.executable, _program()
    return [
        Variant("python -c pass", [python, "-c", "pass"]),
        Variant("Click hello-world --help", [python, str(folder / "hello.py")]),
        Variant("ocop --help", [*program, "--help"], "Click hello-world --help", 1.5),
        Variant("Click + sqlite3, one row", [python, str(folder / "barest.py"), database, dossier]),
        Variant("Click + SQLAlchemy, one row", [python, str(folder / "bare.py"), database, dossier]),
        Variant(
            "ocop dossier show",
            [*program, "--db", database, "dossier", "show", dossier],
            "Click + SQLAlchemy, one row",
            1.4,
        ),
    ]


def _program() -> list[str]:
    """The installed console script, else the module."""
    for name in ("ocop", "ocop.exe"):
        script = Path(sys.executable).with_name(name)
        if script.exists():
            return [str(script)]
    return [sys.executable, "-m", "ocop_flow"]


def milliseconds(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - started) * 1000


def measure(listed: list[Variant], repetitions: int) -> list[dict[str, float]]:
    """One dict of times per repetition; a first, uncounted round warms the file cache."""
    rounds = [{each.name: milliseconds(each.command) for each in listed} for _ in range(repetitions + 1)]
    return rounds[1:]


def ratio(each: Variant, rounds: list[dict[str, float]]) -> float:
    if each.beside is None:
        return 1.0
    return statistics.median(times[each.name] / times[each.beside] for times in rounds)


def show(listed: list[Variant], rounds: list[dict[str, float]]) -> bool:
    """Print the table; whether every aim is met."""
    print(f"{len(rounds)} repetitions, {sys.executable}, Python {sys.version.split()[0]}")
    print(f"{'':<30}{'median ms':>10}{'min':>8}{'max':>8}{'ratio':>8}{'aim':>7}")
    met = True
    for each in listed:
        times = [found[each.name] for found in rounds]
        line = f"{each.name:<30}{statistics.median(times):>10.1f}{min(times):>8.1f}{max(times):>8.1f}"
        if each.aim is not None:
            reached = ratio(each, rounds)
            met = met and reached <= each.aim
            line += f"{reached:>8.2f}{each.aim:>7.1f}"
        print(line)
    return met


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--repetitions", type=int, default=15)
    parser.add_argument("--check", action="store_true", help="exit 1 when a ratio misses its aim")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        database = str(folder / "training.db")
        listed = variants(database, dossier_in(database), folder)
        met = show(listed, measure(listed, options.repetitions))
    return 1 if options.check and not met else 0


if __name__ == "__main__":
    sys.exit(main())
