"""Codes that people type, and numbers of signed documents.

Codes read ``HS-2026-000123-K``: kind, year, running number, check character. The check character finds any single
wrong digit and any swap of two neighbours, so a mistyped code is a question and not another dossier.
Document numbers follow Decree 30/2020/NĐ-CP: number[/year]/kind-issuer, or number/issuer-office for a letter.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ocop_flow.domain.names import plain
from ocop_flow.domain.numerals import whole
from ocop_flow.errors import InputInvalid, reason

#: Kinds of codes and their prefixes: hồ sơ, chủ thể, sản phẩm, hội đồng, phiên họp, giấy chứng nhận, danh sách việc,
#: gói hồ sơ.
PREFIXES = {
    "dossier": "HS",
    "entity": "CT",
    "product": "SP",
    "council": "HD",
    "sitting": "PH",
    "certificate": "CN",
    "worklist": "DS",
    "packet": "GT",
}
#: 23 letters, none that reads like a digit; a prime number of them lets the weights find swaps.
_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXY"
_CODE = re.compile(r"(?P<prefix>[A-Z]{2})-(?:(?P<year>\d{4})-)?(?P<number>\d{1,9})(?:-(?P<check>[A-Z]))?", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,5}(?:/[0-9]{4})?/[A-ZĐ][A-Za-zĐđ]{0,9}(?:-[A-Za-zĐđÀ-ỹ0-9&.]{1,20}){0,4}")
#: What people write before a number, and the spaces within it.
_NUMBER_WORD = re.compile(r"^[Ss]ố\s*:?\s*")
_NUMBER_SPACES = re.compile(r"\s*([/-])\s*")
_PRODUCT_CODE = re.compile(
    r"(?P<province>\d{2})-(?:(?P<district>\d{3})-)?(?P<commune>\d{5})-(?P<index>[1-9]\d{0,5})-(?P<year>20\d{2})",
    re.ASCII,
)
_IDENTITY = re.compile(r"(?:(?P<issuer>[0-9a-z]{2,8}):)?(?:(?P<year>\d{4}):)?(?P<number>.+)")


@dataclass(frozen=True, slots=True)
class TypedCode:
    """A code as typed; ``year`` None where it was left out."""

    prefix: str
    year: int | None
    number: int


@dataclass(frozen=True, slots=True)
class DocumentIdentity:
    """Issuer + year + number of a signed document; issuer and year may be left out when typed."""

    issuer: str | None
    year: int | None
    number: str


def make(kind: str, year: int, number: int) -> str:
    """The full code of the ``number``-th object of ``kind`` in ``year``."""
    return f"{PREFIXES[kind]}-{year}-{number:06d}-{check_letter(year, number)}"


def check_letter(year: int, number: int) -> str:
    digits = f"{year:04d}{number:09d}"
    return _LETTERS[sum(weight * int(digit) for weight, digit in enumerate(digits, start=2)) % len(_LETTERS)]


def letters(number: int, count: int) -> str:
    """The last ``count`` digits of a number written in the letters of codes."""
    found = ""
    for _ in range(count):
        number, digit = divmod(number, len(_LETTERS))
        found = _LETTERS[digit] + found
    return found


def letter_check(text: str) -> str:
    """The check letter of up to 21 letters: finds any single wrong letter and any swap of two neighbours."""
    return _LETTERS[sum(weight * _LETTERS.index(each) for weight, each in enumerate(text, start=2)) % len(_LETTERS)]


def is_letters(text: str) -> bool:
    return all(each in _LETTERS for each in text)


def parse(text: str, kind: str) -> TypedCode | None:
    """Read a typed code of ``kind``: full, without check, without year, or the bare number; None if it is no code.

    Quotation marks around it, and the dashes and full-width letters of a word processor, are forgiven.
    raises  InputInvalid if it is one but its check character does not fit
    """
    typed = plain(text).strip("\"' ").upper()
    alone = whole(typed) if len(typed) <= 9 else None
    if alone is not None:
        return TypedCode(PREFIXES[kind], None, alone)
    match = _CODE.fullmatch(typed)
    if match is None or match["prefix"] != PREFIXES[kind]:
        return None
    year = int(match["year"]) if match["year"] else None
    number = int(match["number"])
    if match["check"] and year is not None and match["check"] != check_letter(year, number):
        raise InputInvalid(reason("code_check_wrong", code=text))
    return TypedCode(match["prefix"], year, number)


def written(text: str, kind: str) -> str:
    """A typed code as it is written, where it has its year; any other text as it is.

    raises  InputInvalid if its check character does not fit
    """
    typed = parse(text, kind)
    return text if typed is None or typed.year is None else make(kind, typed.year, typed.number)


@dataclass(frozen=True, slots=True)
class ProductCode:
    """A product's code on its certificate; ``district`` None in the form of 26/2026/QĐ-TTg."""

    province: str
    district: str | None
    commune: str
    index: int
    year: int

    @property
    def text(self) -> str:
        parts = (self.province, self.district, self.commune, str(self.index), str(self.year))
        return "-".join(part for part in parts if part is not None)


def product_code(text: str) -> ProductCode:
    """``83-829-28780-3-2022`` (province, district, commune, index, year), or without the district.

    raises  InputInvalid
    source  OM for the form of 1048/QĐ-TTg; 26/2026/QĐ-TTg for the other
    """
    match = _PRODUCT_CODE.fullmatch(text.strip())
    if match is None:
        raise InputInvalid(reason("product_code_unreadable", code=text))
    return ProductCode(match["province"], match["district"], match["commune"], int(match["index"]), int(match["year"]))


def document_number(text: str) -> str:
    """A document number in its written form; spaces, typographic dashes and the word ``Số`` are forgiven.

    raises  InputInvalid if it cannot be one
    """
    number = _NUMBER_SPACES.sub(r"\1", _NUMBER_WORD.sub("", plain(text)))
    if not _NUMBER.fullmatch(number):
        raise InputInvalid(reason("document_number_unreadable", number=text))
    return number


def document_identity(text: str) -> DocumentIdentity:
    """``27/KH-UBND`` or ``36:2020:27/KH-UBND``.

    raises  InputInvalid if the number part cannot be one
    """
    match = _IDENTITY.fullmatch(plain(text))
    if match is None:
        raise InputInvalid(reason("document_number_unreadable", number=text))
    year = int(match["year"]) if match["year"] else None
    return DocumentIdentity(match["issuer"], year, document_number(match["number"]))
