"""What goes in and out of the program: words that are no text, an answer that does not reach its reader.

Exit codes: DESIGN section 7. What was recorded stays recorded, whatever becomes of the answer.
"""

from __future__ import annotations

import contextlib
import errno
import io
import json
import os
from typing import TYPE_CHECKING, TextIO

import pytest

from ocop_flow.cli import run
from tests.cli.office import environment

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.cli.office import Office

COMMUNE = "12103"
#: ``c`` and a byte that begins no letter of UTF-8, as Python hands it on.
NO_TEXT = b"c\xe0".decode("utf-8", "surrogateescape")


class Full(io.StringIO):
    """A stream to a disk without room: nothing of it goes out."""

    def write(self, _text: str, /) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@contextlib.contextmanager
def unread() -> Iterator[TextIO]:
    """A pipe whose reader has gone."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w", encoding="utf-8") as stream:
        yield stream


def told(office: Office, stdout: TextIO, *words: str, who: str) -> tuple[int, str]:
    """Exit code and stderr of a command whose answer goes to ``stdout``."""
    err = io.StringIO()
    values = {"OCOP_NOW": f"{office.day}T10:00:00+07:00", "OCOP_LANG": "en"}
    with environment(values), contextlib.redirect_stdout(stdout), contextlib.redirect_stderr(err):
        code = run([*words, "--db", str(office.db), "--as", who])
    return code, err.getvalue()


def opening(product: str) -> list[str]:
    words = ["--commune", COMMUNE, "--product", product, "--entity", "HTX số 1", "--entity-kind", "cooperative"]
    more = ["--product-set", "coffee_cacao", "--kind", "first", "--track", "new_product", "--key", "open-1"]
    return ["dossier", "open", *words, *more]


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_who_stops_reading_has_read_enough(office: Office, form: list[str]) -> None:
    """``ocop … | head -1``: the act is recorded and was done (exit 0), and nobody is told of a failure."""
    officer = office.holder("officer", COMMUNE)
    with unread() as stdout:
        assert told(office, stdout, *opening("Cà phê"), *form, who=officer) == (0, "")
    assert [item["product"] for item in office.do("dossier", "list")] == ["Cà phê"]
    with unread() as stdout:
        assert told(office, stdout, "--help", who=officer) == (0, "")


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_an_act_whose_answer_finds_no_room_is_told_as_recorded(office: Office, form: list[str]) -> None:
    """Exit 6, and how to see what became of it; the same key answers again and opens no second dossier."""
    officer = office.holder("officer", COMMUNE)
    code, err = told(office, Full(), *opening("Cà phê"), *form, who=officer)
    assert code == 6
    assert "is recorded" in err
    assert "--key" in err
    assert "Traceback" not in err
    assert office.do(*opening("Cà phê"), who=officer)["code"] == office.do("dossier", "list")[0]["code"]
    assert len(office.do("dossier", "list")) == 1


def test_a_refusal_that_finds_no_room_keeps_its_exit_code(office: Office) -> None:
    assert told(office, Full(), "dossier", "show", "HS-2026-999999", "--json", who="admin") == (4, "")
    with unread() as stdout:
        assert told(office, stdout, "dossier", "show", "HS-2026-999999", "--json", who="admin") == (4, "")


@pytest.mark.parametrize(
    "words",
    [
        ["dossier", "show"],
        ["dossier", "history"],
        ["search"],
        ["unit", "show"],
        ["entity", "show"],
        ["product", "show"],
        ["certificate", "show"],
        ["deadline", "explain"],
        ["audit", "replay"],
        ["workflow", "show"],
        ["rating", "check", "--regime"],
        ["dossier", "open", "--key"],
        ["fly"],
    ],
    ids=" ".join,
)
def test_a_word_that_is_no_text_cannot_be_read(office: Office, words: list[str]) -> None:
    """Exit 2 in whatever command, before anything looks for it."""
    assert office.refuses(2, *words, NO_TEXT) == ["word_not_utf8"]
    (reason,) = office.ask(*words, NO_TEXT).document["reasons"]
    assert r"c\xe0" in reason["message"]


def test_a_setting_that_is_no_text_cannot_be_read(office: Office) -> None:
    out = io.StringIO()
    with environment({"OCOP_AS": NO_TEXT}), contextlib.redirect_stdout(out):
        assert run(["inbox", "--json", "--db", str(office.db)]) == 2
    assert [item["code"] for item in json.loads(out.getvalue())["reasons"]] == ["word_not_utf8"]


def test_a_question_whose_answer_finds_no_room_is_not_called_an_act(office: Office) -> None:
    """Only what records something may have been recorded; a question, and a trial, are asked again."""
    officer = office.holder("officer", COMMUNE)
    for words in (["inbox"], [*opening("Cà phê"), "--dry-run"]):
        code, err = told(office, Full(), *words, who=officer)
        assert code == 6 and "ask again" in err and "recorded" not in err
