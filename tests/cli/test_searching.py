"""Search, the answer on the telephone, the board and the inbox."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import copied
from tests.cli.contract import held
from tests.cli.office import Office, ocop

COMMUNE, PROVINCE = "12103", "33"


@pytest.fixture(scope="module")
def office(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    """Three dossiers of one commune: one at the commune, one back with its entity, one recognised with four stars."""
    office = Office(copied(sandbox_database, tmp_path_factory.mktemp("search")))
    new = {"track": "existing_product"}
    office.open(COMMUNE, "Đậu phụ Mỹ Hào", entity="HTX Mỹ Hào", **new)
    returned = office.open(COMMUNE, "Dưa muối", entity="Hợp tác xã Bần", **new)
    office.take(returned, "return_for_supplement")
    recognised = office.open(COMMUNE, "Mật ong hoa nhãn", entity="Hợp tác xã Phố Nối", **new)
    office.walk(recognised, "promotion", stars=4)
    office.day = "2026-08-01"
    return office


def found(office: Office, *words: str) -> list[Any]:
    hits: list[Any] = held(office.do("search", *words), "search")
    return [item for item in hits if item["type"] == "dossier"]


def products(office: Office, *words: str) -> list[str]:
    return [item["product"] for item in found(office, *words)]


@pytest.mark.parametrize(
    "words",
    ["dau phu", "ĐẬU", "phụ mỹ", "htx dau", "hop tac xa my hao", "hao phu", "1", "HS-2026-000001", "HS-1"],
)
def test_any_part_of_a_name_of_product_or_entity_finds_it(office: Office, words: str) -> None:
    """With or without diacritics, in any order, the cooperative written short or out; the code may be short."""
    assert products(office, words) == ["Đậu phụ Mỹ Hào"]


def test_names_come_in_vietnamese_order_and_wildcards_mean_themselves(office: Office) -> None:
    """Đ is a letter of its own and comes after D."""
    assert products(office, "a")[:2] == ["Dưa muối", "Đậu phụ Mỹ Hào"]
    assert products(office, "%") == products(office, "_") == []


def test_the_answer_says_where_it_is_what_is_missing_and_until_when(office: Office) -> None:
    (item,) = found(office, "dau phu")
    told = item["answer"]
    assert (told["since"], told["days"]) == ("2026-06-01", 61)
    assert told["turn"]["code"] == COMMUNE
    assert {each["kind"] for each in told["missing"]} >= {"registration_form", "commune_report"}
    assert told["days_left"] < 0, "the commune's fifteen working days are over"
    (other,) = found(office, "dua muoi")
    assert other["answer"]["turn"] == {"kind": "entity", "code": other["entity_code"], "name": "Hợp tác xã Bần"}


def test_the_answer_says_whether_it_is_valid_and_what_the_next_star_lacks(office: Office) -> None:
    """Five stars begin at 90 points (REGULATIONS.md section 4); the sitting gave 30 + 20 + 25 = 75."""
    (item,) = found(office, "mat ong")
    told = item["answer"]
    assert (told["certificate"]["stars"], told["certificate"]["status"]) == (4, "valid")
    assert (told["next_star"]["stars"], told["next_star"]["points"]) == (5, "15")
    assert told["missing"] == []


def test_the_answer_is_five_lines_to_read_aloud(office: Office) -> None:
    words = ["search", "mat", "ong", "--db", str(office.db)]
    for lang in ("vi", "en"):
        told = ocop(*words, now="2026-08-01T10:00:00+07:00", lang=lang)
        assert told.exit == 0, told.err
        lines = told.out.strip().splitlines()
        assert len(lines) == 5, told.out
    assert "Mật ong hoa nhãn" in lines[0]


def test_a_certificate_is_found_by_number_and_by_its_products_name(office: Office) -> None:
    (item,) = found(office, "mat ong")
    number = item["certificate"]
    assert products(office, number) == ["Mật ong hoa nhãn"]
    assert office.do("certificate", "show", "mat ong hoa nhan")["number"] == number
    assert office.do("entity", "show", "3")["name"] == "Hợp tác xã Phố Nối"
    assert office.do("product", "show", "dua muoi")["name"] == "Dưa muối"


def test_the_board_counts_by_unit_and_phase_with_the_oldest_and_the_late(office: Office) -> None:
    """Counted here by hand: the first is 40 days past its fifteen working days, the second waits for its entity."""
    board = held(office.do("board", "--unit", PROVINCE), "board")
    shown = [(row["unit"]["code"], row["phase"], row["count"], row["late"], row["oldest_days"]) for row in board]
    assert shown == [(COMMUNE, "registration", 2, 1, 61), (PROVINCE, "promotion", 1, 0, 61)]
    assert held(office.do("board", "--unit", "11977"), "board") == []


def test_the_inbox_says_whose_turn_it_is_and_since_how_long(office: Office) -> None:
    rows = held(office.do("inbox", "--unit", COMMUNE), "inbox")
    assert [(row["product"], row["turn"]["kind"], row["waiting_days"]) for row in rows] == [
        ("Đậu phụ Mỹ Hào", "unit", 61),
        ("Dưa muối", "entity", 61),
    ]


@pytest.mark.sqlite
def test_a_rebuild_renews_the_search_keys_of_a_database_from_before(
    sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Earlier programs kept curly quotes and long dashes in the keys (docs/upgrading.md): names are facts of the log,
    keys are made from them. The keys of then are put back into a database of today."""
    office = Office(copied(sandbox_database, tmp_path_factory.mktemp("keys")))
    office.open(COMMUNE, "Trà “Hoa Nhãn” – loại 1", entity="HTX “Phố Nối”", track="existing_product")
    with sqlite3.connect(office.db) as connection:
        for table, column in (
            ("product", "folded"),
            ("entity", "folded"),
            ("dossier", "folded"),
            ("dossier", "sought"),
        ):
            renewed = f"replace(replace({column}, '\"hoa nhan\" -', '“hoa nhan” –'), '\"pho noi\"', '“pho noi”')"
            assert connection.execute(f"UPDATE {table} SET {column} = {renewed}").rowcount == 1
    assert products(office, '"hoa nhan" - loai') == products(office, '"pho noi"') == []
    rebuilt = office.ask("doctor", "--rebuild").document
    assert {item["detail"] for item in rebuilt["problems"]} == {"entity", "product", "dossier"}
    assert products(office, '"hoa nhan" - loai') == products(office, '"pho noi"') == ["Trà “Hoa Nhãn” – loại 1"]
    assert office.do("doctor", "--rebuild")["ok"] is True
