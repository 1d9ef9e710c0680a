"""A workflow file with one fault put into it, and what ``ocop workflow lint`` says of it."""

from __future__ import annotations

from importlib import resources

from ocop_flow import regimes
from ocop_flow.messages.files import MESSAGES as FILE_MESSAGES
from ocop_flow.messages.workflow import MESSAGES

FOLDER = resources.files("ocop_flow.workflows")
REFERENCE = (FOLDER / "qd_26_2026.yaml").read_text(encoding="utf-8")
OVERLAY = (FOLDER / "overlays" / "example_province.yaml").read_text(encoding="utf-8")


def changed(text: str, old: str, new: str) -> str:
    assert text.count(old) == 1, (old, text.count(old))
    return text.replace(old, new)


def lint(text: str) -> list[regimes.Problem]:
    return regimes.lint_file(text.encode("utf-8"), "own.yaml")


def line_of(text: str, needle: str) -> int:
    return text[: text.index(needle)].count("\n") + 1


def expect(text: str, code: str, needle: str) -> None:
    """Exactly this fault among others that may follow from it, at the line where ``needle`` stands."""
    found = lint(text)
    assert (code, f"own.yaml:{line_of(text, needle)}") in [(each.code, each.where) for each in found], found
    told_with_remedies(found)


def told_with_remedies(problems: list[regimes.Problem]) -> None:
    """Each problem has a text that says what is wrong, and one that says how to mend it."""
    texts = MESSAGES | FILE_MESSAGES
    for each in problems:
        assert texts[each.code].message.format(**each.reason.params)
        assert texts[each.code].remedy.format(**each.reason.params)
