"""Figures counted from values: places on a map, targets against results, printed figures beside the records."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

from ocop_flow.domain.beside import EMPTY
from ocop_flow.domain.figures import duties, printed, targets
from ocop_flow.domain.figures.duties import Due
from ocop_flow.domain.figures.facts import Facts, Period, Recognition
from ocop_flow.domain.figures.place import Places
from ocop_flow.domain.figures.renewal import within
from ocop_flow.domain.report import Report, figures_of
from ocop_flow.domain.units import CENTRAL, Succession, Unit, UnitTree
from ocop_flow.errors import Text

EVE, DAY = date(2025, 6, 30), date(2025, 7, 1)
OLD = Unit("36", "Tỉnh Nam Định", "tỉnh", "province", None, None, EVE)
NEW = Unit("37", "Tỉnh Ninh Bình", "tỉnh", "province", None, DAY, None)
DISTRICT = Unit("366", "Huyện Hải Hậu", "huyện", "district", "36", None, EVE)
WHOLE = Unit("14224", "Xã Hải Nam", "xã", "commune", "366", None, EVE)
SPLIT = Unit("14227", "Xã Hải Trung", "xã", "commune", "366", None, EVE)
FIRST = Unit("14248", "Xã Hải Hậu", "xã", "commune", "37", DAY, None)
SECOND = Unit("14250", "Xã Hải Anh", "xã", "commune", "37", DAY, None)
TREE = UnitTree(
    [OLD, NEW, DISTRICT, WHOLE, SPLIT, FIRST, SECOND],
    [
        Succession("36", "37", "province", False, DAY),
        Succession("14224", "14248", "commune", False, DAY),
        Succession("14227", "14248", "commune", True, DAY),
        Succession("14227", "14250", "commune", True, DAY),
    ],
)
MADE = Recognition(
    number="01",
    product="SP-1",
    product_name="Nước mắm",
    product_set="fish_sauce",
    entity="CT-1",
    entity_kind="household",
    stars=4,
    issued_on=date(2020, 3, 1),
    valid_to=date(2023, 3, 1),
    ended_on=None,
    kind="first",
    track="new_product",
    before=None,
    units=(OLD, CENTRAL),
    dossier="HS-1",
    margin=EMPTY,
    issuer="36",
)


def test_a_commune_lies_in_its_heir_and_a_split_one_in_what_its_parts_share() -> None:
    """On the map after 1 July 2025 (Resolution 202/2025/QH15); a district has no heir and lies in its province's."""
    after = Places(TREE, DAY)
    assert after.of(WHOLE) == (FIRST, NEW, CENTRAL)
    assert after.of(SPLIT) == (NEW, CENTRAL)
    assert after.of(DISTRICT) == (NEW, CENTRAL)


def test_a_new_commune_lies_on_the_old_map_where_all_it_was_made_of_lay() -> None:
    """14248 was made of two communes of one district; 14250 of a part of one."""
    before = Places(TREE, EVE)
    assert before.of(FIRST) == (DISTRICT, OLD, CENTRAL)
    assert before.of(SECOND) == (SPLIT, DISTRICT, OLD, CENTRAL)
    assert before.of(WHOLE) == (WHOLE, DISTRICT, OLD, CENTRAL)


def test_a_target_tells_what_is_missing_for_the_unit_and_each_below() -> None:
    """What is more than wanted is not missing; an open range has no least number and misses nothing."""
    plan: dict[str, Any] = {
        "number": "27/KH-UBND",
        "issued_by": "Tỉnh Nam Định",
        "targets": [
            {
                "id": "upgrades",
                "title": "Nâng hạng",
                "metric": "upgraded_products",
                "target": {"at_least": 15, "at_most": 20},
                "actual": 11,
                "met": False,
                "units": [{"name": "Huyện Hải Hậu", "target": {"at_least": 2}, "actual": 3, "met": True}],
            },
            {
                "id": "shape",
                "title": "",
                "metric": "star_distribution",
                "target": {"distribution": {"5": 1, "3": 6}},
                "actual": {"3": 4},
                "met": None,
                "units": [],
            },
        ],
    }
    rows = targets.reached([plan]).rows
    assert [(row["wanted"], row["actual"], row["missing"], row["met"]) for row in rows] == [
        (15, 11, 4, "not_met"),
        (2, 3, 0, "met"),
        (1, 0, 1, "unknown"),
        (6, 4, 2, "unknown"),
    ]


def test_a_printed_figure_stands_beside_the_records_and_neither_is_repaired() -> None:
    """By the day of the figure, of its stars and its issuer; what the records do not answer stays without a number."""
    docs = [
        {"id": "all", "metric": "recognised_products", "title": {"vi": "a", "en": "a"}, "value": 3},
        {"id": "five", "metric": "recognised_products", "title": {"vi": "b", "en": "b"}, "value": 0, "stars": [5]},
        {"id": "shops", "metric": "shops", "title": {"vi": "c", "en": "c"}, "value": 2},
        {
            "id": "later",
            "metric": "recognised_products",
            "title": {"vi": "d", "en": "d"},
            "value": 9,
            "standing": "wanted",
        },
    ]
    issuer = {"code": "36", "name": "Tỉnh Nam Định", "tier": "province"}
    day = date(2020, 4, 14)
    said = Report("36:x", issuer, Text("x", "x"), day, figures_of(docs), "Kế hoạch 27", day, 1)
    later = replace(MADE, number="02", product="SP-2", issued_on=date(2020, 4, 15))
    rows = printed.beside([said], [MADE, later]).rows
    assert [(row["printed"], row["records"], row["difference"]) for row in rows] == [
        (3, 1, 2),
        (0, 0, 0),
        (2, None, None),
    ]


def test_what_ends_on_the_last_day_of_a_horizon_is_within_it() -> None:
    """6 months after 31 August is the last day of February."""
    ending = replace(MADE, valid_to=date(2023, 2, 28))
    facts = Facts(Period(None, date(2022, 8, 31)), (), (ending,))
    assert [row["total"] for row in within(facts).rows] == [1, 1, 1]
    facts = Facts(Period(None, date(2022, 8, 27)), (), (ending,))
    assert [row["total"] for row in within(facts).rows] == [0, 1, 1]


def test_duties_are_counted_by_day_and_kind_with_the_late_among_them() -> None:
    found = duties.by_day([Due(DAY, "limit", False), Due(DAY, "limit", False), Due(EVE, "supplement", True)])
    assert [(row["due_on"], row["duties"], row["late"]) for row in found.rows] == [(EVE, 1, 1), (DAY, 2, 0)]
    assert found.total == {"duties": 3, "late": 1}
