"""Whole numbers as they are typed: the digits 0 to 9 and no other, and no more than a database keeps."""

from __future__ import annotations

import sys
import unicodedata

import pytest

from ocop_flow.domain.codes import parse
from ocop_flow.domain.numerals import whole


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("007", 7), ("9223372036854775807", 2**63 - 1)])
def test_digits_write_a_number(text: str, number: int) -> None:
    assert whole(text) == number


@pytest.mark.parametrize("text", ["", "-1", "+1", "1_000", " 1", "1.0", "²", "①", "٣", "9223372036854775808"])
def test_everything_else_writes_none(text: str) -> None:
    assert whole(text) is None


def test_no_sign_that_unicode_calls_a_digit_stops_the_reading_of_a_code() -> None:
    """``str.isdigit`` holds for hundreds of signs that ``int`` does not read; typed as a code they are none."""
    signs = [sign for sign in map(chr, range(sys.maxunicode + 1)) if sign.isdigit() and not sign.isascii()]
    assert len(signs) > 100
    for sign in signs:
        assert whole(sign) is None
        assert unicodedata.digit(sign) < 10
        read = parse(sign, "dossier")
        # Only the full-width digits of a word processor are read as meant (``names.plain``).
        meant = unicodedata.digit(sign) if "０" <= sign <= "９" else None
        assert (read.number if read else None) == meant
