"""What an official reads on a terminal: tables of any width, and words instead of ids, in both languages.

DESIGN section 7: texts in Vietnamese or English, JSON keys and ids never; officials read the output.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import click
import pytest

from ocop_flow.cli import ocop as program
from ocop_flow.cli import output
from tests.cli.conftest import copied
from tests.cli.office import Answer, Office, ocop

if TYPE_CHECKING:
    from pathlib import Path

pytestmark = pytest.mark.sqlite

RECOGNISED, WAITING = "HS-2026-000001-L", "HS-2026-000002-B"


@pytest.fixture(scope="module")
def settled(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recognised product, a dossier at the province and one that has just come in; never written to."""
    office = Office(copied(sandbox_database, tmp_path_factory.mktemp("screens")))
    office.walk(office.open("12103", "Mật ong hoa nhãn của hợp tác xã"), "promotion")
    office.walk(office.open("12103", "Tương bần truyền thống"), "evaluation.province_check")
    office.open("12103", "Rượu nếp")
    office.do("remind", "scan")
    return office.db


@pytest.fixture
def office(settled: Path, tmp_path: Path) -> Office:
    """The same, of one test alone."""
    return Office(copied(settled, tmp_path))


def seen(office: Office, *words: str, lang: str = "vi") -> Answer:
    """One command as a person sees it."""
    return ocop(*words, "--db", str(office.db), now=f"{office.day}T10:00:00+07:00", lang=lang)


# --- tables -----------------------------------------------------------------------------------------------------------


def lists() -> list[tuple[str, ...]]:
    """Every list command of the program, and others that print tables."""
    context = click.Context(program)
    groups = {name: program.get_command(context, name) for name in program.list_commands(context)}
    listing = [name for name, group in groups.items() if isinstance(group, click.Group) and "list" in group.commands]
    assert len(listing) > 12
    return [
        *((name, "list") for name in listing),
        ("inbox", "--unit", "33"),
        ("search", "mat", "ong"),
        ("unit", "list", "Hào"),
        ("dossier", "history", RECOGNISED),
        ("calendar", "show", "2026"),
        ("council", "show", "HD-2026-000001-L"),
        ("certificate", "show", "CN-2026-000001-L"),
        ("conformance",),
    ]


@pytest.mark.parametrize("width", [80, 60])
@pytest.mark.parametrize("words", lists(), ids=" ".join)
def test_no_word_of_a_table_is_broken_or_lost_on_a_narrow_terminal(
    words: tuple[str, ...], width: int, settled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each code, day and number is whole, so that it can be copied into the next command; and nothing is left out.

    Expected is the same command in a pipe, which prints every cell as it is.
    """
    plain = seen(Office(settled), *words)
    monkeypatch.setattr(output, "is_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", str(width))
    drawn = seen(Office(settled), *words)
    rows = [line for line in plain.out.splitlines()[1:] if "\t" in line]
    assert {word for line in rows for word in line.split()} <= set(drawn.out.split())
    assert drawn.exit == plain.exit
    table = [line.rstrip() for line in drawn.out.splitlines() if line not in plain.out.splitlines()]
    assert all(len(line) <= width or " " not in line[width // 2 :] for line in table), "wider than the terminal"
