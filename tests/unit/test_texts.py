"""Everything a person reads stands in two languages, with values for all it names (DESIGN section 7)."""

from __future__ import annotations

import ast
import gettext
import os
import re
import string
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from io import BytesIO
from pathlib import Path

import click
import pytest
from babel.messages.pofile import read_po

from ocop_flow import i18n, mofile
from ocop_flow.cli import ALIASES, COMMANDS, ocop, run
from ocop_flow.cli.base import TranslatedOption
from ocop_flow.notify import catalogue

ROOT = Path(__file__).parents[2]
PO = ROOT / "ocop_flow" / "locale" / "vi" / "LC_MESSAGES" / "ocop.po"
#: Values that are added where a fault is placed in its file.
PLACED = {"where"}


def commands(group: click.Group = ocop, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], click.Command]]:
    """(names, command) of the whole program, the root first."""
    context = click.Context(group)
    if not path:
        yield (), group
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield (*path, name), found
        if isinstance(found, click.Group):
            yield from commands(found, (*path, name))


ALL = tuple(commands())


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    run(list(arguments))
    captured = capsys.readouterr()
    return captured.out + captured.err


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def _forms(text: str) -> set[tuple[str, str]]:
    """(field, form) of every field that asks for a form."""
    return {(name, form) for _, name, form, _ in string.Formatter().parse(text) if name and form}


def given() -> Iterator[tuple[str, str, set[str] | None]]:
    """(place, code, names of the values) of every ``reason("code", …)``; None where values come in a mapping."""
    for file in sorted((ROOT / "ocop_flow").rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_bytes())):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "reason" and node.args:
                first = node.args[0]
                names = {keyword.arg for keyword in node.keywords}
                values = None if None in names else {str(name) for name in names} - {"source", "mark"}
                for each in (first.body, first.orelse) if isinstance(first, ast.IfExp) else (first,):
                    if isinstance(each, ast.Constant):
                        yield f"{file.relative_to(ROOT)}:{node.lineno}", str(each.value), values


def codes() -> dict[str, str]:
    """Every code that has texts, with its area."""
    return {code: area for area in i18n.AREAS for code in import_module(f"ocop_flow.messages.{area}").MESSAGES}


def test_every_text_has_its_vietnamese_and_the_compiled_catalogue_is_fresh() -> None:
    """``.ci/translations --check`` finds no text without Vietnamese, no field that differs, no stale file."""
    done = subprocess.run([sys.executable, ROOT / ".ci" / "translations", "--check"], capture_output=True, check=False)
    assert done.returncode == 0, done.stdout.decode() + done.stderr.decode()


def test_both_languages_ask_for_a_value_in_the_same_form() -> None:
    """``{tier:word}`` in English and ``{tier}`` in Vietnamese would show the id to a Vietnamese reader."""
    with PO.open("rb") as file:
        both = {str(each.id): str(each.string) for each in read_po(file) if isinstance(each.id, str) and each.id}
    formed = [english for english in both if _forms(english)]
    assert formed and [english for english in formed if _forms(english) != _forms(both[english])] == []


def test_every_reason_code_belongs_to_one_area() -> None:
    """A code with two texts would show the first one with the values of the other."""
    total = sum(len(import_module(f"ocop_flow.messages.{area}").MESSAGES) for area in i18n.AREAS)
    twice = [
        code
        for area in i18n.AREAS
        for code in import_module(f"ocop_flow.messages.{area}").MESSAGES
        if codes()[code] != area
    ]
    assert (twice, total) == ([], len(codes()))


def test_every_area_of_messages_is_looked_up() -> None:
    """A module of texts that i18n does not list would be found by nobody."""
    files = {file.stem for file in (ROOT / "ocop_flow" / "messages").glob("*.py")} - {"__init__"}
    assert files == set(i18n.AREAS)


def test_every_reason_that_is_given_has_texts() -> None:
    """A code without texts would end as a fault of the program; some are the ending of one, as after ``plan_due_``."""
    endings = {code[position + 1 :] for code in codes() for position in range(len(code)) if code[position] == "_"}
    assert [(place, code) for place, code, _ in given() if code not in codes() and code not in endings] == []


def test_every_reason_brings_the_values_that_its_texts_name() -> None:
    """Each {field} of message and remedy is a keyword of the call; where a file is read, its place is added later."""
    lacking = []
    for place, code, values in given():
        if values is not None and code in codes():
            texts = i18n.message(code)
            missing = (fields(texts.message) | fields(texts.remedy)) - values - PLACED
            if missing:
                lacking.append((place, code, sorted(missing)))
    assert lacking == []


@pytest.mark.parametrize(("path", "command"), ALL, ids=[" ".join(path) or "ocop" for path, _ in ALL])
def test_help_is_vietnamese_by_default_and_english_on_demand(
    path: tuple[str, ...], command: click.Command, capsys: pytest.CaptureFixture[str]
) -> None:
    """Every help text, heading and option of a command stands in the language asked for, and in no other."""
    vietnamese, english = shown(capsys, *path, "--help"), shown(capsys, *path, "--help", "--lang", "en")
    options = [each for each in command.params if isinstance(each, click.Option)]
    texts = [each.help or "" for each in options] + [command.help or ""]
    assert all(isinstance(each, TranslatedOption) for each in options)
    assert [text for text in texts if not text or i18n.translate(text, "vi") == text] == []
    assert vietnamese.startswith("Cách dùng: ocop") and english.startswith("Usage: ocop")
    assert "Tùy chọn:\n" in vietnamese and "Options:\n" in english
    flat = re.sub(r"\s+", " ", vietnamese)
    left = [text for text in [*texts, "Usage:", "[OPTIONS]", "Options:", "Commands:", "[required]"] if text in flat]
    left += [word for word in ("Show this message", "Show the version", "default:", "COMMAND") if word in flat]
    assert left == []


def test_vietnamese_names_commands_by_their_vietnamese_alias() -> None:
    """Aliases stand first in Vietnamese help, so remedies use them too; every command named exists."""
    aliased = {name for name, (_, alias, _) in COMMANDS.items() if alias}
    texts = [line for line in PO.read_text(encoding="utf-8").splitlines() if line.startswith("msgstr")]
    named = {name for text in texts for name in re.findall(r"\bocop ([a-z]+)", text)}
    assert named & aliased == set()
    assert named <= set(COMMANDS) | set(ALIASES)


@pytest.mark.parametrize(("language", "names"), [("vi", ALIASES), ("en", {name: name for name in COMMANDS})])
def test_letters_name_commands_that_there_are(language: str, names: dict[str, str]) -> None:
    """In the words of their language, as the help has them."""
    told = [form for name, form in catalogue.load().words[language].forms.items() if name.startswith("show_")]
    for form in told:
        program, noun, verb, _code = form.split()
        group = ocop.get_command(click.Context(ocop), names[noun])
        assert program == "ocop" and isinstance(group, click.Group) and verb in group.commands
    assert len(told) == 3


@pytest.mark.parametrize(
    ("arguments", "lang", "wanted"),
    [
        (["hoso", "open"], "vi", "Thiếu tùy chọn '--commune'."),
        (["dossier", "open"], "en", "Missing option '--commune'."),
        (["dossier", "show"], "vi", "Thiếu tham số 'HỒ_SƠ'."),
        (["nosuch"], "vi", "Không có lệnh 'nosuch'."),
        (["nosuch"], "en", "No such command 'nosuch'."),
        (["inbox", "--nosuch"], "vi", "Không có tùy chọn '--nosuch'."),
    ],
)
def test_wrong_usage_is_told_in_the_language_asked_for(
    arguments: list[str], lang: str, wanted: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Click's own words come from the same catalogue, before or after --lang is read."""
    assert run([*arguments, "--lang", lang]) == 2
    told = capsys.readouterr().err
    assert wanted in told
    assert ("Đề nghị xem hướng dẫn: ocop" if lang == "vi" else "See the help: ocop") in told


def test_the_catalogue_read_text_by_text_says_what_gettext_reads_whole() -> None:
    """The texts are found by halving, so the standard library's own reader of the whole file is the model."""
    with PO.with_suffix(".mo").open("rb") as file:
        whole = gettext.GNUTranslations(file)
    texts = [each.id for each in read_po(BytesIO(PO.read_bytes())) if isinstance(each.id, str)]
    assert len(texts) > 3000
    read = i18n.catalogue("vi")
    for text in (*texts, "!", "~~~", "no such text", "đ", texts[-1][:-1]):
        assert read.gettext(text) == whole.gettext(text), text


def test_a_catalogue_that_is_none_is_refused() -> None:
    with pytest.raises(OSError, match="not a catalogue"):
        mofile.Catalogue(BytesIO(bytes(28)))


def test_the_language_of_the_process_is_as_before_after_a_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever calls the program from Python keeps gettext's domain and LANGUAGE."""
    monkeypatch.setenv("LANGUAGE", "fr")
    before = gettext.textdomain()
    with i18n.spoken("vi"):
        assert gettext.gettext("Usage:") == "Cách dùng:"
    assert (gettext.textdomain(), os.environ["LANGUAGE"]) == (before, "fr")


def test_placeholders_are_translated_word_by_word() -> None:
    """Only words in capitals are asked for; what is typed as it stands keeps its letters."""
    assert i18n.placeholders("live|paper:CAMPAIGN", "vi") == "live|paper:ĐỢT_NHẬP"
    assert i18n.placeholders("[FILE|FOLDER]", "vi") == "[TỆP|THƯ_MỤC]"
    assert i18n.placeholders("TM|KT|TL|TUQ|Q", "vi") == "TM|KT|TL|TUQ|Q"
    assert i18n.placeholders("[FILE|FOLDER]", "en") == "[FILE|FOLDER]"


#: Term of the OCOP decisions and their forms -> spellings of the same thing that they do not use.
TERMS = {
    "phiếu đánh giá": ("phiếu chấm", "phiếu điểm"),
    "nhãn hiệu OCOP": ("nhãn ocop",),
    "mã số sản phẩm": ("mã sản phẩm",),
    "quá hạn": ("trễ hạn",),
    "kéo dài hiệu lực": ("tạm gia hạn", "kéo dài chuyển tiếp"),
    "giấy chứng nhận": ("chứng chỉ",),
    "thu hồi": ("hủy giấy", "rút giấy"),
}


def _vietnamese() -> Iterator[tuple[str, str]]:
    """(place, text) of what Vietnamese readers see: screens, letters, fields and texts of papers."""
    with PO.open("rb") as file:
        yield from ((str(entry.id), str(entry.string)) for entry in read_po(file) if entry.id)
    data = [ROOT / "notifications" / "catalogue.yaml", ROOT / "notifications" / "papers" / "kinds.yaml"]
    for path in (*data, *sorted((ROOT / ".ci" / "papers").glob("*.txt")), *sorted((ROOT / "workflows").glob("*.yaml"))):
        yield path.name, path.read_text(encoding="utf-8")


@pytest.mark.parametrize("term", TERMS)
def test_one_thing_has_one_name_on_screens_papers_and_letters(term: str) -> None:
    """The names are those of 26/2026/QĐ-TTg and its annexes; an official looks for them by these words."""
    wrong = [(place, other) for place, text in _vietnamese() for other in TERMS[term] if other in text.lower()]
    assert not wrong
