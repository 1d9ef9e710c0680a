"""What an official reads on a terminal: tables of any width, and words instead of ids, in both languages.

DESIGN section 7: texts in Vietnamese or English, JSON keys and ids never; officials read the output.
"""

from __future__ import annotations

import csv
import re
import sqlite3
from typing import TYPE_CHECKING

import click
import pytest

from ocop_flow import i18n
from ocop_flow.cli import ocop as program
from ocop_flow.cli import output
from ocop_flow.cli.differences import FACT_LABELS
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.dossier_fold import ENGINE_ACTIONS
from ocop_flow.service.history import _BOOKKEEPING
from ocop_flow.tables import workform
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
    office.open("12103", "Rượu nếp", track="existing_product")
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
        ("certificate", "list", "--ending", "60m"),
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


def test_certificates_that_end_are_drawn_with_days_as_people_write_them(
    settled: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On a terminal as in a pipe; those whose time to file is over stand there marked."""
    monkeypatch.setattr(output, "is_terminal", lambda: True)
    monkeypatch.setenv("COLUMNS", "200")
    shown = seen(Office(settled), "certificate", "list", "--ending", "60m").out
    assert "CN-2026-000001-L" in shown and re.search(r"[0-9]{2}/[0-9]{2}/[0-9]{4}", shown)
    assert re.findall(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}", shown) == []


# --- words ------------------------------------------------------------------------------------------------------------

#: Ids that no sentence for officials may hold where the law or the glossary has a word (GLOSSARY.md).
_ID = re.compile(
    r"(?<![\w@.=-])(?:[a-z]+_[a-z_]+|evaluation\.\w+|registration\.\w+|officer|leader|cooperative|boolean)\b(?!\.)"
)


def wordless(text: str) -> list[str]:
    """Ids that a screen shows bare; in brackets behind their word, or in a command to be typed, they are in place."""
    without = re.sub(r"\[[\w.]+\]|\([a-z_]+\)|--[a-z-]+ \S+|ocop .*", "", text)
    return _ID.findall(without)


def test_evidence_and_acts_are_named_as_the_law_names_them(office: Office) -> None:
    """Filed, taken back, listed: the law's label, the id in brackets; the engine's acts have names of their own."""
    officer = office.holder("officer", "12103")
    papers = ["attach", WAITING, "--kind", "registration_form"]
    filed = seen(office, *papers, "--as", officer)
    assert "Phiếu đăng ký" in filed.out and "(registration_form)" in filed.out
    undone = seen(office, "undo", WAITING, "--reason", "nhầm", "--as", officer)
    assert "“nộp minh chứng”" in undone.out
    for answer in (filed, undone, seen(office, "dossier", "history", WAITING)):
        assert wordless(answer.out) == []


@pytest.mark.parametrize(
    ("lang", "handling", "intake", "ending"),
    [
        ("vi", "UBND cấp xã xử lý hồ sơ", "Chuyển hồ sơ lên cấp trên trước ngày chốt đợt", "Giấy chứng nhận hết hạn"),
        ("en", "Handling by the commune", "Hand the dossier up before the round closes", "End of the certificate"),
    ],
)
def test_a_duty_is_listed_under_the_name_that_its_law_gives_it(
    settled: Path, lang: str, handling: str, intake: str, ending: str
) -> None:
    """The label of the limit in the file of 26/2026/QĐ-TTg, in the language of the screen; JSON keeps the ids."""
    shown = seen(Office(settled), "deadline", "list", lang=lang)
    named = {line.split("\t")[0]: line.split("\t")[1] for line in shown.out.splitlines()}
    assert named[f"{WAITING}:commune_handling:1"] == handling
    assert intake in named.values()
    assert named["CN-2026-000001-L:expiry"] == ending
    assert [name for text in named.values() for name in wordless(text)] == []
    duty = next(each for each in Office(settled).do("deadline", "list") if each["id"].startswith(WAITING))
    assert duty["subject"] == WAITING and "name" not in duty


def test_every_act_of_the_engine_has_a_name_in_both_languages(office: Office) -> None:
    """Of dossiers those that no workflow file may use; of other subjects every act in a log of the year's work."""
    assert set(i18n.ACT_LABELS) >= ENGINE_ACTIONS
    with sqlite3.connect(office.db) as connection:
        done = {
            row[0] for row in connection.execute("SELECT DISTINCT action FROM event WHERE subject_kind != 'dossier'")
        }
    assert done <= set(i18n.ACT_LABELS) | {"init"}
    assert all(i18n.act(code, "vi") != i18n.act(code, "en") for code in i18n.ACT_LABELS)


def test_tiers_states_and_types_are_said_in_words(office: Office) -> None:
    """A unit of another tier, a dossier that is not before the council, a field that lacks: words, not ids."""
    officer = office.holder("officer", "33")
    given = {"entity": "HTX", "entity-kind": "cooperative", "product-set": "coffee_cacao", "kind": "first"}
    words = [part for name, value in given.items() for part in (f"--{name}", value)]
    place = seen(
        office,
        "dossier",
        "open",
        "--commune",
        "33",
        "--product",
        "a",
        "--track",
        "new_product",
        *words,
        "--as",
        officer,
    )
    assert "là đơn vị cấp tỉnh, không phải cấp xã" in place.err
    council, chair, secretary = "HD-2026-000001-L", "council-chair.33.1.new", "council-secretary.33.1.new"
    called = ["council", "convene", council, "--present", f"{chair},{secretary}", "--dossiers", WAITING]
    early = seen(office, *called, "--as", secretary)
    assert "đang ở Tổ tư vấn cấp tỉnh kiểm tra, không phải Hội đồng cấp tỉnh đánh giá" in early.err
    lacking = seen(
        office, "advance", "HS-2026-000003-R", "propose_to_province", "--as", office.holder("leader", "12103")
    )
    assert "(có hoặc không)" in lacking.err and "boolean" not in lacking.err


def test_people_entities_and_products_are_listed_in_words(office: Office) -> None:
    """GLOSSARY.md: roles and kinds of entity; days as they are written in Viet Nam."""
    handle = office.holder("officer", "12103")
    post = ["--unit", "12103", "--role", "leader", "--decision", "03/QĐ-UBND", "--from", "2026-01-01"]
    given = seen(office, "person", "appoint", handle, *post, "--as", "admin")
    assert "lãnh đạo" in given.out and "01/01/2026" in given.out
    assert wordless(seen(office, "person", "list").out) == []
    entities, products = seen(office, "entity", "list").out, seen(office, "product", "list").out
    assert "hợp tác xã" in entities
    # Units, entities and product sets by name, too; the codes that commands take stand behind.
    assert re.search(r"[^\W\d_]+ \(\d{5}\)", entities) and not re.search(r"\t\d{5}$", entities, re.MULTILINE)
    assert "\tCT-" not in products and wordless(products) == []


def test_each_language_has_one_way_of_writing_days(office: Office) -> None:
    """29/04/2026 in Vietnamese, 2026-04-29 in English, whatever the screen."""
    for words in (
        ["board"],
        ["search", "mat", "ong"],
        ["dossier", "history", RECOGNISED],
        ["audit", "replay", RECOGNISED],
    ):
        assert re.search(r"\b\d\d/\d\d/20\d\d\b", seen(office, *words).out)
        english = seen(office, *words, lang="en").out
        assert re.search(r"\b20\d\d-\d\d-\d\d\b", english) and not re.search(r"\b\d\d/\d\d/20\d\d\b", english)


def test_an_auditor_reads_what_differs_between_two_points_in_words(office: Office) -> None:
    """DESIGN section 1: an auditor replays any history; facts have labels, days are days, yes and no are words."""
    told = seen(office, "audit", "diff", RECOGNISED, "1", "now").out
    assert "sự kiện 1\thiện nay" in told
    assert "Sản phẩm mẫu × 5" in told and "4 sao" in told and "\tkhông\tcó\n" in told
    assert not re.search(r"True|False|\b\d{4}-\d\d-\d\d\b", told)
    assert wordless(told) == []
    assert set(Dossier._fields) <= {*FACT_LABELS, *_BOOKKEEPING, "code"}


def test_what_the_system_says_of_a_file_is_said_in_the_callers_language(office: Office, tmp_path: Path) -> None:
    """A file that does not exist is told as such, before its kind is asked for (exit 2)."""
    absent = str(tmp_path / "khongco.pdf")
    for more in ([], ["--kind", "sample"]):
        told = seen(office, "attach", WAITING, absent, *more, "--as", office.holder("officer", "12103"))
        assert told.exit == 2 and "không có tệp hoặc thư mục này" in told.err and "No such" not in told.err


# --- remedies ---------------------------------------------------------------------------------------------------------


def test_a_decision_dated_ahead_names_the_option_that_dates_it(office: Office) -> None:
    """``--on`` is the day of the act, ``--decision-date`` that of the paper (DESIGN section 7)."""
    leader = office.holder("leader", "12103")
    move = ["advance", "HS-2026-000003-R", "propose_to_province", "--decision", "9/TTr-UBND"]
    told = seen(office, *move, "--decision-date", "25/6/2026", "--as", leader)
    assert told.exit == 3
    assert "--decision-date" in told.err and "--on" not in told.err


def test_what_would_satisfy_a_lack_of_samples_is_printed_whole(office: Office) -> None:
    """26/2026/QĐ-TTg art. 5: five samples; they are recorded without a file, and all that lack at once."""
    officer, leader = office.holder("officer", "12103"), office.holder("leader", "12103")
    office.do("attach", "HS-2026-000003-R", "--kind", "sample", "--copies", "2", who=officer)
    told = seen(office, "advance", "HS-2026-000003-R", "propose_to_province", "--as", leader)
    assert "ocop dinhkem HS-2026-000003-R --kind sample --copies 3." in told.err
    assert "ocop dinhkem HS-2026-000003-R TỆP --kind registration_form." in told.err


def test_an_empty_field_is_not_called_a_name(office: Office) -> None:
    leader = office.holder("leader", "12103")
    told = seen(office, "advance", "HS-2026-000003-R", "propose_to_province", "--set", "idea_origin=", "--as", leader)
    assert told.exit == 2 and "ít nhất một ký tự" in told.err and " tên " not in told.err


# --- words typed ------------------------------------------------------------------------------------------------------


def typed(office: Office, **words: str) -> Answer:
    """A dossier opened with the words given, the others as ids."""
    usual = {"entity-kind": "cooperative", "product-set": "white_spirit", "kind": "first", "track": "existing_product"}
    options = [part for name, value in {**usual, **words}.items() for part in (f"--{name}", value)]
    officer = office.holder("officer", "12103")
    named = ["--commune", "12103", "--product", "Rượu", "--entity", "Cơ sở Bần"]
    return seen(office, "dossier", "open", *named, *options, "--as", officer, "--json")


@pytest.mark.parametrize(
    ("option", "word", "code"),
    [
        ("entity-kind", "HTX", "cooperative"),
        ("entity-kind", "hợp tác xã", "cooperative"),
        ("entity-kind", "ho kinh doanh", "household"),
        ("entity-kind", "Tổ hợp tác", "cooperative_group"),
        ("product-set", "Rượu trắng", "white_spirit"),
        ("product-set", "ruou trang", "white_spirit"),
        ("kind", "Lần đầu", "first"),
        ("track", "sản phẩm đã có", "existing_product"),
        ("track", "new product", "new_product"),
    ],
)
def test_codes_are_taken_as_lists_to_choose_from_show_them(office: Office, option: str, word: str, code: str) -> None:
    """Labels of either language, usual abbreviations, with or without diacritics; what is kept is the code."""
    opened = typed(office, **{option: word})
    assert opened.exit == 0, opened.out
    assert office.show(opened.document["code"])[option.replace("-", "_")] == code


@pytest.mark.parametrize("lang", ["vi", "en"])
def test_a_file_of_new_dossiers_may_be_headed_as_the_lists_of_work_are(
    office: Office, tmp_path: Path, lang: str
) -> None:
    """What ``worklist make`` prints above new dossiers heads a file of them too; numbered lines left empty are none."""
    cells = ("1", "Rượu", "HTX Bần", "HTX", "Rượu trắng", "lần đầu", "sản phẩm đã có", "1/6/2026", "0912345678", "")
    heads = [i18n.translate(text, lang) for text in (*workform.NEW_LABELS, workform.COMMUNE_LABEL)]
    file = tmp_path / "dossiers.csv"
    with file.open("w", encoding="utf-8-sig", newline="") as out:
        csv.writer(out, delimiter=";").writerows([heads, [*cells, "12103"], ["2", *[""] * 10]])
    office.day = "2026-06-10"
    (line,) = office.do("dossier", "import", str(file), who=office.holder("officer", "12103"))
    shown = office.show(line["result"]["code"])
    assert (shown["product"], shown["opened_on"], shown["entity_kind"]) == ("Rượu", "2026-06-01", "cooperative")


def test_a_file_of_new_dossiers_takes_the_same_words(office: Office, tmp_path: Path) -> None:
    file = tmp_path / "dossiers.csv"
    file.write_text(
        "commune,product,entity,entity_kind,product_set,kind,track\n"
        "12103,Rượu,HTX Bần,HTX,Rượu trắng,lần đầu,sản phẩm đã có\n",
        encoding="utf-8",
    )
    (line,) = office.do("dossier", "import", str(file), who=office.holder("officer", "12103"))
    assert line["exit"] == 0
    assert office.show(line["result"]["code"])["entity_kind"] == "cooperative"


@pytest.mark.parametrize(
    ("option", "code", "offered"),
    [
        ("entity-kind", "entity_kind_unknown", "hợp tác xã (cooperative)"),
        ("kind", "kind_unknown", "lần đầu (first)"),
        ("track", "track_unknown", "sản phẩm đã có (existing_product)"),
        ("product-set", "product_set_unknown", "Rượu trắng (white_spirit)"),
    ],
)
def test_an_unknown_word_is_answered_with_the_words_and_codes_there_are(
    office: Office, option: str, code: str, offered: str
) -> None:
    told = typed(office, **{option: "không có"})
    assert (told.exit, told.codes) == (2, [code])
    assert offered in told.document["reasons"][0]["remedy"]
