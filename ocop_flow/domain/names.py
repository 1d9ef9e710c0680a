"""Vietnamese names: how they are kept, compared, searched for and sorted.

The same name reaches an office in several Unicode forms (one or two code points for ``ế``), with the tone on either
vowel (``Hoà``, ``Hòa``) and often without any diacritics. What is kept is NFC as typed; the keys here only compare.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from ocop_flow.errors import InputInvalid, Reason, Text, reason

#: Combining marks of the five written tones, in dictionary order after the unmarked one (ngang = 0).
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
#: Letters in the order of a Vietnamese dictionary; f, j, w, z stand where Latin order puts them.
_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_LETTER_RANK = {ord(letter): chr(0x41 + rank) for rank, letter in enumerate(_ALPHABET)}
#: Letters that look like đ and replace it in badly converted files.
_D_LOOKALIKES = {ord("ð"): "đ", ord("ɖ"): "đ"}
#: Categories that no name may hold: control, hidden formatting, half a surrogate pair, line and paragraph separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

#: What word processors and Vietnamese keyboards make of quotation marks, hyphens, spaces and full-width letters -> what
#: is on a plain keyboard.
_PLAIN = {
    **dict.fromkeys(map(ord, "\u2018\u2019\u201a\u201b\u2032\u02bc"), "'"),
    **dict.fromkeys(map(ord, "\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb"), '"'),
    **dict.fromkeys(map(ord, "\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63"), "-"),
    **dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000"), " "),
    **{code_point: chr(code_point - 0xFEE0) for code_point in range(0xFF01, 0xFF5F)},
}

_TONE_CLASS = "[" + "".join(_TONES) + "]"
_OLD_PLACEMENT = re.compile(f"(o)({_TONE_CLASS})([ae])|(u)({_TONE_CLASS})(y)")
_DIGITS = re.compile(r"[0-9]+")


def plain(text: str) -> str:
    """A code, number or day as it would be typed on a plain keyboard: composed, trimmed, no typographic signs."""
    text = text.strip()
    return text if text.isascii() else unicodedata.normalize("NFC", text).translate(_PLAIN).strip()


def clean_name(text: str, *, limit: int, field: str | Text = "name") -> str:
    """A name as it is kept: NFC, trimmed, single spaces.

    limit   most characters (code points) after cleaning
    field   what the name is, shown in the reasons
    raises  InputInvalid with every fault: name_empty, name_too_long, name_control_character (the first one, with its
            1-based position in the trimmed text); a line break or tab inside the name is such a character
    """
    trimmed = unicodedata.normalize("NFC", text.strip())
    cleaned = " ".join(trimmed.split())
    faults = _hidden_character(trimmed, field)
    if not cleaned:
        faults.append(reason("name_empty", field=field))
    if len(cleaned) > limit:
        faults.append(reason("name_too_long", field=field, length=len(cleaned), limit=limit))
    if faults:
        raise InputInvalid(*faults)
    return cleaned


def _hidden_character(text: str, field: str | Text) -> list[Reason]:
    if text.isprintable():  # nearly every name, and decided in C
        return []
    for position, character in enumerate(text, start=1):
        if unicodedata.category(character) in _HIDDEN or _is_noncharacter(ord(character)):
            shown = f"U+{ord(character):04X}"
            return [reason("name_control_character", field=field, character=shown, position=position)]
    return []


def _is_noncharacter(code_point: int) -> bool:
    """Code points that Unicode reserves for ever; XML, so .xlsx and .docx, cannot hold some of them."""
    return code_point & 0xFFFE == 0xFFFE or 0xFDD0 <= code_point <= 0xFDEF


class _Folding(dict[int, str | None]):
    """Translation table of ``fold``, filled as characters turn up: marks and hidden characters go, đ becomes d."""

    def __missing__(self, code_point: int) -> str | None:
        character = chr(code_point)
        kept = None if unicodedata.category(character) in ("Mn", "Me", "Cf") else _PLAIN.get(code_point, character)
        self[code_point] = "d" if character in "đðɖ" else kept
        return self[code_point]


_FOLDING = _Folding()


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Search key: equal for every Unicode normal form; lower case, no diacritics (đ is d), single spaces.

    Quotation marks and dashes count as those of a keyboard, for word processors change them while one types.
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_FOLDING)
    return " ".join(text.lower().split())


#: What offices write short, as ``fold`` leaves it: cooperative, cooperative group, company.
_SHORT = {"htx": "hop tac xa", "tht": "to hop tac", "cty": "cong ty"}


def search_key(text: str) -> str:
    """What a search looks into and for: ``fold``, with the usual abbreviations of kinds of entity written out."""
    return " ".join(_SHORT.get(word, word) for word in fold(text).replace(".", " ").split())


def spelling(text: str) -> str:
    """Comparison key that keeps diacritics: NFC, lower case, single spaces, one placement of the tone.

    ``Hoà`` and ``Hòa``, ``Thuý`` and ``Thúy`` are the same spelling: official lists mix both placements.
    """
    decomposed = unicodedata.normalize("NFD", text.lower().translate(_PLAIN)).translate(_D_LOOKALIKES)
    moved = _OLD_PLACEMENT.sub(r"\1\3\2\4\6\5", decomposed)
    return " ".join(unicodedata.normalize("NFC", moved).split())


def has_diacritics(text: str) -> bool:
    """Whether ``text`` says more than its search key: then an equally spelled name is what was meant."""
    return spelling(text) != fold(text)


def sort_key(text: str) -> str:
    """Key for the order of a Vietnamese dictionary, comparable as plain text (binary collation).

    Syllable by syllable: first the letters (a ă â b c d đ e ê …), then the tone (ngang, huyền, hỏi, ngã, sắc, nặng).
    Numbers come before letters and by value, so ``Phường 2`` stands before ``Phường 10``; case and punctuation do not
    count, so different texts may have equal keys.
    """
    decomposed = unicodedata.normalize("NFD", text.lower()).translate(_D_LOOKALIKES)
    words = "".join(c if c.isalnum() or unicodedata.combining(c) else " " for c in decomposed).split()
    return " ".join(_syllable_key(word) for word in words)


def _syllable_key(word: str) -> str:
    tone = next((_TONES[c] for c in word if c in _TONES), "0")
    letters = unicodedata.normalize("NFC", "".join(c for c in word if c not in _TONES))
    return f"{_DIGITS.sub(_by_value, letters).translate(_LETTER_RANK)} {tone}"


def _by_value(digits: re.Match[str]) -> str:
    number = digits.group().lstrip("0")
    return f"{len(number):03d}{number}"
