"""Rows of workbooks whose cells wrap are as high as their fullest cell; LibreOffice prints them as high as they say."""

from __future__ import annotations

import pytest

from ocop_flow.rowheight import height, lines


@pytest.mark.parametrize(
    ("text", "width", "wanted"),
    [
        ("", 10, 1),
        ("Cà phê", 10, 1),
        ("Đã công nhận - xúc tiến thương mại", 20, 2),
        ("a\nb\nc", 20, 3),
        ("x" * 40, 20, 3),
    ],
)
def test_a_text_breaks_between_words_where_its_column_ends(text: str, width: float, wanted: int) -> None:
    """A column of 20 holds 18 letters: they are wider than the digits by which columns are measured."""
    assert lines(text, width) == wanted


def test_a_row_is_as_high_as_its_fullest_cell() -> None:
    assert height([("một", 10), (None, 1), ("một hai ba bốn năm sáu", 10)]) == 45
    assert height([]) == 15
