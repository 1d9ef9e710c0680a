"""Text of old fonts: told apart from Unicode, and converted without loss."""

from __future__ import annotations

import unicodedata

import pytest

from ocop_flow import legacytext

#: Letters of the Vietnamese alphabet with marks, small.
LETTERS = "àảãáạăằẳẵắặâầẩẫấậđèẻẽéẹêềểễếệìỉĩíịòỏõóọôồổỗốộơờởỡớợùủũúụưừửữứựỳỷỹýỵ"
SAMPLES = {
    "tcvn3": (
        ("Hîp t¸c x·", "Hợp tác xã"),
        ("§Æc khu Phó Quèc", "Đặc khu Phú Quốc"),
        ("R­îu nÕp c¸i hoa vµng", "Rượu nếp cái hoa vàng"),
        ("Th¸i B×nh", "Thái Bình"),
    ),
    "vni": (
        ("Hôïp taùc xaõ", "Hợp tác xã"),
        ("Ñaëc khu Phuù Quoác", "Đặc khu Phú Quốc"),
        ("Röôïu neáp caùi hoa vaøng", "Rượu nếp cái hoa vàng"),
        ("Thaùi Bình", "Thái Bình"),
        ("ÑAØ NAÜNG", "ĐÀ NẴNG"),
    ),
}  # fmt: skip


@pytest.mark.parametrize(("encoding", "old", "new"), [(e, o, n) for e, pairs in SAMPLES.items() for o, n in pairs])
def test_words_typed_with_an_old_font_are_read(encoding: legacytext.Encoding, old: str, new: str) -> None:
    """Samples as the fonts .VnTime and VNI-Times show them."""
    assert legacytext.to_unicode(old, encoding) == unicodedata.normalize("NFC", new)


def test_tcvn3_writes_every_small_letter_at_a_place_of_its_own() -> None:
    """TCVN 5712:1993, table 3: 67 small letters with marks; no two share a byte."""
    table = legacytext._TCVN3
    printed = [table[code] for code in range(0xA8, 0xFF) if code in table]
    assert sorted(map(chr, printed)) == sorted(LETTERS)


def test_vni_writes_every_letter_in_both_cases() -> None:
    """What VNI prints for one or two places covers the alphabet, small and capital."""
    assert set(LETTERS) | set(LETTERS.upper()) == set(legacytext._VNI.values())


@pytest.mark.parametrize("text", ["Hợp tác xã", "Cà phê", "Chè xã Hoà Bình", "Gà ác", "Ê Đê", "CÔNG TY", "Nhãn"])
def test_unicode_is_never_taken_for_an_old_font(text: str) -> None:
    """Each of these reads as Vietnamese as it is: none is certainly TCVN3 or VNI."""
    assert legacytext.certain(text) in ("unicode", None)


@pytest.mark.parametrize("text", ["Café Nestlé", "Müsli", "señor 100°C"])
def test_words_of_other_languages_are_no_old_font(text: str) -> None:
    assert legacytext.certain(text) is None


def test_a_text_that_may_be_either_follows_its_column() -> None:
    """``cã`` is a word in Unicode and ``có`` in TCVN3: among certain TCVN3 it is TCVN3."""
    verdict = legacytext.judge(["Hîp t¸c x·", "R­îu", "cã"])
    assert verdict == legacytext.Verdict("tcvn3", mixed=False)
    assert legacytext.converted("cã", verdict) == ("có", False)


def test_in_a_mixed_column_what_may_be_either_is_left_and_doubted() -> None:
    """Where some cells are certainly Unicode, nobody can tell: the cell stays and is shown to a person."""
    verdict = legacytext.judge(["Hîp t¸c x·", "Hợp tác xã"])
    assert legacytext.converted("cã", verdict) == ("cã", True)
    assert legacytext.converted("Hợp tác xã", verdict) == ("Hợp tác xã", False)
    assert legacytext.converted("Hîp t¸c x·", verdict) == ("Hợp tác xã", False)
