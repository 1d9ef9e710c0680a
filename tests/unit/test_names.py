"""Names: what is kept, what compares equal, what is sorted where."""

from __future__ import annotations

import itertools
import unicodedata
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocop_flow.domain.names import clean_name, fold, has_diacritics, sort_key, spelling
from ocop_flow.errors import InputInvalid

FORMS: tuple[Literal["NFC", "NFD", "NFKC", "NFKD"], ...] = ("NFC", "NFD", "NFKC", "NFKD")


def codes_of(text: str, limit: int = 100) -> list[str]:
    with pytest.raises(InputInvalid) as caught:
        clean_name(text, limit=limit, field="product")
    assert all(fault.params["field"] == "product" for fault in caught.value.reasons)
    return [fault.code for fault in caught.value.reasons]


def test_a_name_is_kept_composed_trimmed_and_with_single_spaces() -> None:
    """One stored form for what different keyboards and spreadsheets send (no-break space U+00A0 included)."""
    typed = unicodedata.normalize("NFD", "  Chả\u00a0 mực   Hạ Long ")
    assert clean_name(typed, limit=100) == "Chả mực Hạ Long"


@pytest.mark.parametrize("text", ["", "   ", "\t\n", "\u00a0\u3000"])
def test_a_name_of_spaces_only_is_empty(text: str) -> None:
    """A record without a readable name cannot be told from another."""
    assert codes_of(text) == ["name_empty"]


@pytest.mark.parametrize(
    "hidden", ["\n", "\t", "\x00", "\x1b", "\x7f", "\u200b", "\u202e", "\ufeff", "\u2028", "\ud800", "\ufffe", "\ufdd0"]
)
def test_a_hidden_character_inside_a_name_is_refused_with_its_place(hidden: str) -> None:
    """Line breaks split letters and work lists, direction marks forge names, U+FFFE cannot be written into .xlsx."""
    with pytest.raises(InputInvalid) as caught:
        clean_name(f" Mật{hidden}ong", limit=100)
    (fault,) = caught.value.reasons
    assert fault.code == "name_control_character"
    assert fault.params["position"] == 4
    assert fault.params["character"] == f"U+{ord(hidden):04X}"


def test_the_limit_counts_characters_after_cleaning() -> None:
    """``ế`` typed as three code points is one character; the limit itself is allowed."""
    assert clean_name(unicodedata.normalize("NFD", "ế" * 5) + "  ", limit=5) == "ế" * 5
    assert codes_of("ế" * 6, limit=5) == ["name_too_long"]


def test_all_faults_of_a_name_are_reported_at_once() -> None:
    """STYLE: every fault of an input, not the first."""
    assert codes_of("a\tbcdefgh", limit=3) == ["name_control_character", "name_too_long"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Đồng Đăng", "dong dang"),
        ("  BẦN   Yên Nhân ", "ban yen nhan"),
        ("Ðắk Lắk", "dak lak"),  # U+00D0 for Đ, as old converters write it
        ("Thuỷ sản\u200b", "thuy san"),
        ("Mỹ Hào", "my hao"),
        ("Ngưỡng Ưu Ơ", "nguong uu o"),
    ],
)
def test_folding_drops_case_diacritics_and_extra_spaces(text: str, key: str) -> None:
    """Officials search without diacritics; đ is a letter of its own and becomes d."""
    assert fold(text) == key


@given(st.text(max_size=30))
def test_folding_does_not_depend_on_the_normal_form_and_is_stable(text: str) -> None:
    """Unicode Standard Annex 15: the four forms are the same text here; a key is its own key."""
    keys = {fold(unicodedata.normalize(form, text)) for form in FORMS}
    assert keys == {fold(text)}
    assert fold(fold(text)) == fold(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hoà Bình", "Hòa Bình"), ("Thuý", "THÚY"), ("Khoẻ", "Khỏe"), ("Uỷ ban", "Ủy ban"), ("Hoằng", "Hoằng")],
)
def test_both_placements_of_the_tone_are_one_spelling(one: str, other: str) -> None:
    """The list of units itself mixes them: 264 names with ``oà``, 564 with ``òa`` (units.csv)."""
    assert spelling(one) == spelling(other)
    assert spelling(unicodedata.normalize("NFD", one)) == spelling(other)


@pytest.mark.parametrize(("one", "other"), [("của", "cuả"), ("Hào", "Hảo"), ("mận", "mân"), ("da", "đa")])
def test_different_spellings_stay_different(one: str, other: str) -> None:
    """Only o+a, o+e and u+y have two accepted placements."""
    assert spelling(one) != spelling(other)


def test_a_text_has_diacritics_if_its_search_key_loses_something() -> None:
    """Case and spaces are no diacritics; đ and tones are."""
    assert [has_diacritics(text) for text in ("My  HAO", "Mỹ Hào", "Dak", "Đak")] == [False, True, False, True]


def test_names_sort_by_the_vietnamese_alphabet() -> None:
    """29 letters: a ă â b c d đ e ê g h i k l m n o ô ơ p q r s t u ư v x y."""
    alphabet = list("aăâbcdđeêghiklmnoôơpqrstuưvxy")
    assert sorted(set(alphabet), key=sort_key) == alphabet
    assert sorted(["Đà Lạt", "Dầu Tiếng", "Ea Kar", "Duy Tiên"], key=sort_key) == [
        "Dầu Tiếng", "Duy Tiên", "Đà Lạt", "Ea Kar",
    ]  # fmt: skip


def test_tones_sort_after_letters_within_a_syllable() -> None:
    """Dictionary order of tones: ngang, huyền, hỏi, ngã, sắc, nặng; the syllable decides before the next one."""
    tones = ["ma", "mà", "mả", "mã", "má", "mạ", "mai", "mái", "măm"]
    assert sorted(set(tones), key=sort_key) == tones
    assert sorted(["cá mè", "ca vát", "cà chua", "cam", "cá"], key=sort_key) == [
        "ca vát",
        "cà chua",
        "cá",
        "cá mè",
        "cam",
    ]


def test_numbers_in_names_sort_by_value() -> None:
    """Numbered wards: Phường 2 before Phường 10, as officials list them."""
    assert sorted(["Phường 10", "Phường 2", "Phường 09", "Phường An"], key=sort_key) == [
        "Phường 2", "Phường 09", "Phường 10", "Phường An",
    ]  # fmt: skip


@given(st.lists(st.sampled_from([*"aàảãáạăằâầbcdđeêiklmnôơtuưy", " ", "1", "2"]), max_size=8).map("".join))
def test_the_sort_key_does_not_depend_on_case_or_normal_form(text: str) -> None:
    """A list must not change its order with the keyboard that typed it."""
    keys = {
        sort_key(unicodedata.normalize(form, cased)) for form, cased in itertools.product(FORMS, (text, text.upper()))
    }
    assert keys == {sort_key(text)}


@pytest.mark.parametrize("typed", ["HTX “Sớm Mai” – chè", "HTX «Sớm Mai»\u00a0— chè", 'HTX "Sớm Mai" \u2011 chè'])
def test_a_word_processors_quotation_marks_and_dashes_make_no_other_name(typed: str) -> None:
    """Word and Excel change them while one types: the same entity would stand in the register twice."""
    assert fold(typed) == fold('HTX "Sớm Mai" - chè')
    assert spelling(typed) == spelling('HTX "Sớm Mai" - chè')
