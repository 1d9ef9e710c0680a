"""Reports: figures as printed, and what does not follow from what (seed 002 is the reason for them)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocop_flow.domain.report import figure_json, figures_of, identity
from ocop_flow.domain.report_check import check
from ocop_flow.errors import InputInvalid


def figure(name: str, value: Any, *relations: dict[str, Any], **more: Any) -> dict[str, Any]:
    title = {"vi": name, "en": name}
    return {"id": name, "metric": "products", "title": title, "value": value, "relations": list(relations), **more}


def codes(*docs: dict[str, Any]) -> list[str]:
    return [fault.code for fault in check(figures_of(docs))]


def refused(*docs: dict[str, Any]) -> list[str]:
    with pytest.raises(InputInvalid) as caught:
        figures_of(docs)
    return [reason.code for reason in caught.value.reasons]


def share(of: str, stated: str) -> dict[str, Any]:
    return {"kind": "share", "of": [of], "stated": stated}


def test_a_share_that_does_not_follow_is_told_with_what_it_would_be() -> None:
    """Seed 002: 900 / 2,400 = 37.5 %, printed as 33.16 %, which would be about 796 (0.3316 x 2400 = 795.84)."""
    (fault,) = check(figures_of([figure("whole", 2400), figure("part", 900, share("whole", "33.16"))]))
    assert (fault.params["actual"], fault.params["stated"], fault.params["would_be"]) == ("37.5", "33.16", 796)


@given(st.integers(1, 10_000), st.integers(0, 10_000), st.integers(0, 3))
def test_a_share_rounded_as_printed_is_no_fault(whole: int, part: int, decimals: int) -> None:
    """Any number printed to its last decimal agrees, whichever way a half was rounded; one unit more never does."""
    exact = Fraction(100 * part, whole)
    unit = Fraction(1, 10**decimals)
    nearest = round(exact / unit) * unit
    printed, beyond = (_decimal(number, decimals) for number in (nearest, nearest + 2 * unit))
    docs = figure("whole", whole), figure("part", part, share("whole", printed))
    assert codes(*docs) == []
    assert codes(docs[0], figure("part", part, share("whole", beyond))) == ["figure_share_wrong"]


def _decimal(number: Fraction, decimals: int) -> str:
    whole, rest = divmod(int(number * 10**decimals), 10**decimals)
    return f"{whole}.{rest:0{decimals}d}" if decimals else str(whole)


def test_a_multiple_is_tested_to_the_decimals_printed() -> None:
    """Seed 002: 3,843 / 2,400 = 1.60125 agrees with 1.6 and 1.60, not with 1.61."""
    for stated, expected in (("1.6", []), ("1.60", []), ("1.61", ["figure_times_wrong"])):
        relation = {"kind": "times", "of": ["target"], "stated": stated}
        assert codes(figure("target", 2400), figure("planned", 3843, relation)) == expected


def test_what_is_to_reach_a_target_is_added_up() -> None:
    """Seed 002: 900 + 1,200 = 2,100 is 300 short of 2,400; an exact number is short, a lower bound at the least."""
    reaches = {"kind": "reaches", "of": ["target", "now"]}
    for qualifier, code in (("exact", "figure_short"), ("at_least", "figure_short_at_least")):
        docs = figure("target", 2400), figure("now", 900), figure("more", 1200, reaches, qualifier=qualifier)
        (fault,) = check(figures_of(docs))
        assert (fault.code, fault.params["sum"], fault.params["missing"]) == (code, 2100, 300)
    assert codes(figure("target", 2100), figure("now", 900), figure("more", 1200, reaches)) == []


def test_a_sum_is_a_fault_only_if_no_reading_of_its_parts_allows_it() -> None:
    """Exact parts must add up; a lower bound leaves room above, a range between its ends, `about` anywhere."""
    total = figure("total", 10, {"kind": "sum", "of": ["a", "b"]})
    assert codes(total, figure("a", 4), figure("b", 6)) == []
    assert codes(total, figure("a", 4), figure("b", 5)) == ["figure_sum_wrong"]
    assert codes(total, figure("a", 4), figure("b", 5, qualifier="at_least")) == []
    assert codes(total, figure("a", 6), figure("b", 5, qualifier="at_least")) == ["figure_sum_wrong"]
    assert codes(total, figure("a", 4), figure("b", 5, qualifier="range", high=7)) == []
    assert codes(total, figure("a", 4), figure("b", 7, qualifier="range", high=9)) == ["figure_sum_wrong"]
    assert codes(total, figure("a", 4), figure("b", 90, qualifier="about")) == []


def test_a_part_is_not_more_than_its_whole() -> None:
    """Of 19 provinces that run the cycle (seed 002) no 20 can have recognised products."""
    within = {"kind": "within", "of": ["cycle"]}
    assert codes(figure("cycle", 19), figure("recognising", 19, within)) == []
    assert codes(figure("cycle", 19), figure("recognising", 20, within)) == ["figure_above_whole"]


def test_every_fault_of_a_report_is_told_at_once() -> None:
    """Nothing is recorded of a report that contradicts itself in form."""
    assert refused() == ["report_empty"]
    assert refused(figure("a", 1), figure("a", 2)) == ["figure_repeated"]
    assert refused(figure("A b", -1, qualifier="roughly", standing="hoped", counting="often")) == [
        "figure_code_wrong",
        "figure_value_wrong",
        "figure_word_unknown",
        "figure_word_unknown",
        "figure_word_unknown",
    ]
    assert refused(figure("a", 9, qualifier="range", high=3)) == ["figure_range_wrong"]
    assert refused(figure("a", 9, high=12)) == ["figure_range_wrong"]
    assert refused(figure("a", True)) == ["figure_value_wrong"]


@pytest.mark.parametrize(
    ("relation", "code"),
    [
        ({"kind": "guess", "of": ["b"]}, "figure_word_unknown"),
        ({"kind": "sum", "of": []}, "figure_relation_empty"),
        ({"kind": "sum", "of": ["c"]}, "figure_unknown"),
        ({"kind": "sum", "of": ["a"]}, "figure_unknown"),
        ({"kind": "share", "of": ["b"]}, "figure_relation_empty"),
        ({"kind": "sum", "of": ["b"], "stated": "3"}, "figure_relation_empty"),
        ({"kind": "share", "of": ["b"], "stated": "33,16"}, "number_comma"),
    ],
)
def test_a_relation_names_other_figures_of_the_report(relation: dict[str, Any], code: str) -> None:
    """A share prints a number, a sum prints none; decimals are written with a point."""
    assert refused(figure("a", 1, relation), figure("b", 2)) == [code]


def test_a_figure_is_written_as_it_was_read() -> None:
    """What the event holds is what was printed; what was not said is left out."""
    doc = figure("a", 8, qualifier="range", high=10, standing="wanted", by="2020-12-31", stars=[3, 4])
    (read,) = figures_of([doc])
    written = figure_json(read)
    assert {**written, "relations": []} == doc
    assert figures_of([written]) == (read,)


def test_the_stream_of_a_report_is_its_issuer_day_and_title() -> None:
    """One report has one stream however often it is corrected; the title is folded to plain letters."""
    assert identity("36", date(2020, 4, 14), "Sản phẩm được công nhận (đợt 1)") == (
        "36:2020-04-14:san-pham-duoc-cong-nhan-dot-1"
    )
