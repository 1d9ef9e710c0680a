"""Days on Vietnamese screens stand as people write them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.acts import COMMUNE
from tests.cli.office import ocop

if TYPE_CHECKING:
    from tests.cli.office import Office


def test_days_in_vietnamese_sentences_are_written_as_people_write_them(office: Office) -> None:
    dossier = office.open(COMMUNE, "Mật ong", track="existing_product")
    officer = office.holder("officer", COMMUNE)
    words = ["advance", dossier, "withdraw", "--on", "2026-07-01", "--reason", "x"]
    assert "01/07/2026" in office.ask(*words, who=officer, lang="vi").document["reasons"][0]["message"]
    assert "2026-07-01" in office.ask(*words, who=officer, lang="en").document["reasons"][0]["message"]


@pytest.mark.parametrize(
    "words",
    [
        *("inbox --unit {unit}", "dossier show 1", "dossier history 1", "dossier list", "deadline list", "board"),
        *("deadline explain {duty}", "audit replay 1", "unit show {unit}", "search mat", "decision draft --unit 33"),
        *("calendar due trước\N{NO-BREAK SPACE}tháng\N{NO-BREAK SPACE}8 --year 2026", "person list", "whoami"),
    ],
)
def test_no_screen_in_vietnamese_writes_a_day_backwards(office: Office, words: str) -> None:
    """Days in codes and machine texts (``--json``) stay as they are; times are those of Viet Nam."""
    office.open(COMMUNE, "Mật ong", track="existing_product")
    duty = office.do("deadline", "list")[0]["id"]
    asked = [each.replace("\N{NO-BREAK SPACE}", " ") for each in words.format(unit=COMMUNE, duty=duty).split(" ")]
    who = office.holder("officer", COMMUNE)
    found = ocop(*asked, "--db", str(office.db), "--as", who, now="2026-06-02T01:30:00+07:00", lang="vi")
    assert found.exit == 0, found.err
    assert re.findall(r"(?<![\w:])20[0-9]{2}-[0-9]{2}-[0-9]{2}", found.out + found.err) == []
