"""Exact numbers as people write them: read, written back, and rounded for the screen alone (DESIGN principle 11)."""

from __future__ import annotations

import re
from fractions import Fraction

from ocop_flow.errors import InputInvalid, reason

#: The contract's form of an exact number; the length keeps a typed number from becoming an hour of arithmetic.
_EXACT = re.compile(r"-?[0-9]{1,30}(\.[0-9]{1,30}|/[0-9]{1,30})?")
_COMMA = re.compile(r"-?[0-9]+,[0-9]+")


def parse_exact(text: str) -> Fraction:
    """Read ``85``, ``85.7`` or ``857/10`` without rounding.

    raises  InputInvalid for anything else: a comma (it separates parts, and thousands elsewhere), an exponent,
            spaces inside, a denominator of zero
    """
    written = text.strip()
    if _COMMA.fullmatch(written):
        raise InputInvalid(reason("number_comma", value=written, suggestion=written.replace(",", ".")))
    if not _EXACT.fullmatch(written) or re.search(r"/0+$", written):
        raise InputInvalid(reason("number_unreadable", value=written))
    return Fraction(written)


def exact(number: Fraction | int) -> str:
    """Write a number so that ``Fraction`` reads the same one: ``85.7`` where the decimal ends, else ``257/3``."""
    fraction = Fraction(number)
    digits = _decimal_digits(fraction.denominator)
    if digits is None:
        return f"{fraction.numerator}/{fraction.denominator}"
    return _decimal(fraction.numerator * 10**digits // fraction.denominator, digits)


def mean_decimal(number: Fraction, digits: int = 2) -> str:
    """A rounded decimal for the screen, halves away from zero; never compare or store it.

    digits  decimals shown, >= 0
    source  rounding is nowhere prescribed, so bands and minima are tested on the exact number
    """
    scaled = abs(number) * 10**digits
    rounded = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return _decimal(-rounded if number < 0 else rounded, digits)


def _decimal_digits(denominator: int) -> int | None:
    """Decimals a reduced fraction needs, or None if it never ends."""
    twos = fives = 0
    while denominator % 2 == 0:
        denominator, twos = denominator // 2, twos + 1
    while denominator % 5 == 0:
        denominator, fives = denominator // 5, fives + 1
    return max(twos, fives) if denominator == 1 else None


def _decimal(scaled: int, digits: int) -> str:
    sign = "-" if scaled < 0 else ""
    whole, rest = divmod(abs(scaled), 10**digits)
    return f"{sign}{whole}.{rest:0{digits}d}" if digits else f"{sign}{whole}"
