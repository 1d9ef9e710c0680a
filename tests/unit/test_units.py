"""Units through time, and the lists they are read from."""

from __future__ import annotations

import gzip
import hashlib
import unicodedata
from collections import Counter
from datetime import date, timedelta
from functools import cache
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ocop_flow.domain.units import (
    CENTRAL,
    TIERS,
    TREE_KNOWN_FROM,
    Succession,
    Unit,
    UnitTree,
    ambiguous,
    approximation,
    describe,
    tier_rank,
)
from ocop_flow.errors import InputInvalid, reason
from ocop_flow.messages.units import MESSAGES
from ocop_flow.unitdata import packaged_units, read_successors_csv, read_units_csv

REFORM = date(2025, 7, 1)  # Resolution 202/2025/QH15, REGULATIONS section 10
EVE = date(2025, 6, 30)
SEED_DAY = date(2020, 6, 16)  # a day of the seeds, under districts


@cache
def country() -> UnitTree:
    return UnitTree(*packaged_units())


def unit(code: str, day: date) -> Unit:
    found = country().on(code, day)
    assert found is not None
    return found


# The packaged list


def test_the_packaged_list_holds_every_row() -> None:
    """units.csv has 14,736 rows, unit_successors.csv 10,629 (DESIGN section 5 names both files)."""
    units, successions = packaged_units()
    assert (len(units), len(successions)) == (14_736, 10_629)


@pytest.mark.parametrize(
    ("name", "digest"),
    [
        ("units.csv", "42cf9b542367dd33295431f0fd8afacb226f9be072513d47e8fe32d2fb90d365"),
        ("unit_successors.csv", "97c3b58d4f26f27818715ff1c42fbb89d8a9cb40c6c275f7216e2899a38957dd"),
    ],
)
def test_the_packed_files_are_the_documented_ones_without_name_or_time(name: str, digest: str) -> None:
    """SOURCE.md states the digests. RFC 1952: byte 3 holds the flags (no file name), bytes 4 to 7 the time (none)."""
    folder = files("ocop_flow.workflows") / "units"
    packed = (folder / f"{name}.gz").read_bytes()
    assert packed[3:8] == bytes(5)
    assert hashlib.sha256(gzip.decompress(packed)).hexdigest() == digest
    assert digest in (folder / "SOURCE.md").read_text(encoding="utf-8")


def test_today_has_34_provinces_and_3321_communes_of_three_kinds() -> None:
    """REGULATIONS section 10 [2]: 34 provinces, 2,621 communes + 687 wards + 13 special zones, no districts."""
    today = [u for u in country() if u.valid_on(REFORM)]
    assert Counter(u.tier for u in today) == {"province": 34, "commune": 3_321, "central": 1}
    assert Counter(u.kind for u in today if u.tier == "commune") == {"xã": 2_621, "phường": 687, "đặc khu": 13}


def test_before_the_reform_there_were_63_provinces_and_696_districts() -> None:
    """REGULATIONS section 10 [1: NA24]: 63, 696 and 10,035; of communes the list holds 16 more (SOURCE.md says why)."""
    tiers = Counter(u.tier for u in country() if u.valid_on(EVE))
    assert (tiers["province"], tiers["district"]) == (63, 696)
    assert tiers["commune"] == 10_035 + 16


def test_3349_codes_have_two_lives() -> None:
    """DESIGN section 5."""
    lives = Counter(len(country().lives(code)) for code in {u.code for u in country()})
    assert lives[2] == 3_349
    assert set(lives) == {1, 2}


def test_every_unit_has_a_full_line_of_ancestors_on_its_last_day() -> None:
    """Communes under districts until 2025-06-30, under provinces since; the centre above all (DESIGN section 5)."""
    old, new = ("district", "province", "central"), ("province", "central")
    for one in country():
        if one.tier == "commune":
            day = one.nearest_valid_day(date.max)
            above = tuple(u.tier for u in country().ancestors(one, day))
            assert above == (new if one.valid_from else old), one


# A code on a day


@pytest.mark.parametrize(
    ("day", "name"),
    [(SEED_DAY, "Phường Bần Yên Nhân"), (EVE, "Phường Bần Yên Nhân"), (REFORM, "Phường Mỹ Hào")],
)
def test_a_code_means_the_unit_of_the_day(day: date, name: str) -> None:
    """DESIGN section 5: 12103 was Phường Bần Yên Nhân, then Phường Mỹ Hào."""
    assert unit("12103", day).name == name


def test_lives_stand_in_order_of_time_whatever_the_order_of_rows() -> None:
    """26929 stands in units.csv with its later life first, and has none from 1 January to 30 June 2025."""
    assert [life.name for life in country().lives("26929")] == ["Phường 24", "Phường Bình Thạnh"]
    assert country().on("26929", date(2025, 3, 1)) is None
    latest = country().latest("26929")
    assert latest is not None
    assert latest.name == "Phường Bình Thạnh"


def test_an_unknown_code_means_nobody() -> None:
    """DESIGN section 7: exit 4 is the caller's to raise."""
    tree = country()
    assert (tree.on("99999", REFORM), tree.latest("99999"), tree.lives("99999")) == (None, None, ())


def test_the_centre_is_always_there() -> None:
    """DESIGN section 5: ``central`` is one unit, parent of the provinces; units.csv does not hold it."""
    assert UnitTree([]).on("central", date(1975, 1, 1)) == CENTRAL
    assert UnitTree([]).parent(CENTRAL, REFORM) is None
    assert country().parent(unit("33", SEED_DAY), SEED_DAY) == CENTRAL


def test_tiers_stand_from_commune_to_centre() -> None:
    """DESIGN section 5: commune < district < province < central."""
    assert sorted(TIERS, key=tier_rank) == ["commune", "district", "province", "central"]


# Upwards


def test_the_line_upwards_is_that_of_the_day() -> None:
    """REGULATIONS section 10: Mỹ Hào was a district-level town of Hưng Yên (seed 001); no districts since."""
    ancestors = country().ancestors
    before = [u.name for u in ancestors(unit("12103", SEED_DAY), SEED_DAY)]
    since = [u.name for u in ancestors(unit("12103", REFORM), REFORM)]
    assert before == ["Thị xã Mỹ Hào", "Tỉnh Hưng Yên", CENTRAL.name]
    assert since == ["Tỉnh Hưng Yên", CENTRAL.name]


def test_a_commune_reaches_one_unit_of_each_tier_that_exists() -> None:
    """DESIGN section 5: a move belongs to the unit reached from the commune up to the action's tier on the day."""
    tree = country()

    def codes(day: date) -> list[str | None]:
        reached = [tree.reach(unit("12103", day), tier, day) for tier in TIERS]
        return [u.code if u else None for u in reached]

    assert codes(SEED_DAY) == ["12103", "328", "33", "central"]
    assert codes(REFORM) == ["12103", None, "33", "central"]


@pytest.mark.parametrize("tier", TIERS)
def test_an_ended_commune_reaches_nobody(tier: str) -> None:
    """DESIGN section 3, when a unit has ended: ``holder`` is null, though its code lives on under another name."""
    past = unit("12103", EVE)
    assert country().reach(past, tier, REFORM) is None
    assert country().ancestors(past, REFORM) == ()


def test_a_tier_that_does_not_exist_is_a_programming_error() -> None:
    """Tiers are a closed list; None would look like an ended unit."""
    with pytest.raises(ValueError):
        country().reach(unit("12103", EVE), "village", EVE)


def test_a_tree_of_a_handful_of_rows_answers_like_the_whole_country() -> None:
    """A store hands over only the rows of one question."""
    some = [u for u in country() if u.code in ("12103", "328", "33")]
    for day in (SEED_DAY, EVE, REFORM):
        assert UnitTree(some).ancestors(unit("12103", day), day) == country().ancestors(unit("12103", day), day)


def test_rows_that_go_round_in_circles_are_no_ancestors() -> None:
    """A parent must be of a higher tier, or walking up would never end."""
    one, other = (Unit(code, code, "xã", "commune", parent, None, None) for code, parent in ("ab", "ba"))
    assert UnitTree([one, other]).ancestors(one, REFORM) == ()


# Afterwards


def test_a_merged_province_is_continued_by_the_new_one() -> None:
    """REGULATIONS section 10: Nam Định, Hà Nam and Ninh Bình became Ninh Bình (37); Thái Bình went to Hưng Yên (33)."""
    heirs = {code: country().heir(unit(code, EVE), REFORM) for code in ("36", "35", "37", "34", "33")}
    assert {code: u.name if u else None for code, u in heirs.items()} == {
        "36": "Tỉnh Ninh Bình", "35": "Tỉnh Ninh Bình", "37": "Tỉnh Ninh Bình",
        "34": "Tỉnh Hưng Yên", "33": "Tỉnh Hưng Yên",
    }  # fmt: skip


def test_a_living_unit_is_its_own_heir_and_has_no_successors() -> None:
    """Nothing has happened to it yet on that day."""
    past = unit("36", EVE)
    assert country().heir(past, EVE) == past
    assert country().successors(past, EVE) == ()


def test_the_past_life_of_a_code_is_continued_by_its_later_life() -> None:
    """unit_successors.csv: 12103, 12106, 12109 and 12118 all became 12103 on 2025-07-01."""
    ward = unit("12103", REFORM)
    for code in ("12103", "12106", "12109", "12118"):
        assert country().successors(unit(code, EVE), REFORM) == ((ward, False),)


def test_a_split_unit_has_parts_and_no_heir() -> None:
    """unit_successors.csv: 00007 went to 00008 and 00025 in parts."""
    split = unit("00007", EVE)
    assert [(u.code, partial) for u, partial in country().successors(split, REFORM)] == [
        ("00008", True),
        ("00025", True),
    ]
    assert country().heir(split, REFORM) is None


def test_districts_have_no_successor() -> None:
    """REGULATIONS section 10: the district level ended; no row of unit_successors.csv continues one."""
    districts = [u for u in country() if u.tier == "district"]
    assert len(districts) == 707
    assert all(country().successors(u, REFORM) == () for u in districts)


def test_units_that_ended_in_2024_are_mostly_without_a_recorded_successor() -> None:
    """units.csv: 571 end on 2024-12-31; unit_successors.csv continues seven, and only from 2025-07-01."""
    ended = [u for u in country() if u.valid_to == date(2024, 12, 31)]
    assert len(ended) == 571
    assert sum(bool(country().successors(u, REFORM)) for u in ended) == 7
    assert all(country().successors(u, EVE) == () for u in ended)


def test_a_succession_of_a_code_without_an_earlier_life_is_passed_over() -> None:
    """unit_successors.csv: 03980 continues itself although units.csv has no such unit before 2025-07-01."""
    ward = unit("03980", REFORM)
    assert country().successors(ward, date(2030, 1, 1)) == ()
    assert country().heir(ward, date(2030, 1, 1)) == ward


def lives_in_turn(*periods: tuple[str, date | None, date | None]) -> list[Unit]:
    return [Unit(code, f"Xã {code}", "xã", "commune", None, start, end) for code, start, end in periods]


def test_successions_are_followed_through_several_reorganisations() -> None:
    """A became B in 2021, B was split into C and D in 2023, D became E in 2025: A has parts in C and E."""
    days = [date(year, 1, 1) for year in (2021, 2023, 2025)]
    eves = [day - timedelta(days=1) for day in days]
    a, b, c, d, e = lives_in_turn(
        ("a", None, eves[0]),
        ("b", days[0], eves[1]),
        ("c", days[1], None),
        ("d", days[1], eves[2]),
        ("e", days[2], None),
    )
    rows = [("a", "b", False, 0), ("b", "c", True, 1), ("b", "d", True, 1), ("d", "e", False, 2)]
    steps = [Succession(old, new, "commune", partial, days[when]) for old, new, partial, when in rows]
    tree = UnitTree([a, b, c, d, e], steps)
    assert tree.successors(a, date(2022, 5, 5)) == ((b, False),)
    assert tree.successors(a, date(2024, 5, 5)) == ((c, True), (d, True))
    assert tree.successors(a, date(2026, 5, 5)) == ((c, True), (e, True))
    assert tree.heir(d, date(2026, 5, 5)) == e
    assert tree.successors(c, date(2020, 5, 5)) == ()


def test_a_way_without_a_split_makes_the_successor_whole() -> None:
    """Two ways lead to c; one is whole, so all of a is in c."""
    day = date(2021, 1, 1)
    a, c = lives_in_turn(("a", None, date(2020, 12, 31)), ("c", day, None))
    steps = [Succession("a", "c", "commune", partial, day) for partial in (True, False)]
    assert UnitTree([a, c], steps).successors(a, day) == ((c, False),)


@given(
    st.lists(
        st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd"), st.booleans(), st.integers(2001, 2006)), max_size=12
    )
)
def test_following_successions_always_ends_and_yields_living_units(rows: list[tuple[str, str, bool, int]]) -> None:
    """Whatever circles a faulty file may hold: every unit found exists on the day asked."""
    units = lives_in_turn(*((code, None, date(2003, 12, 31)) for code in "abcd"), *((c, REFORM, None) for c in "ab"))
    steps = [Succession(old, new, "commune", partial, date(year, 1, 1)) for old, new, partial, year in rows]
    tree = UnitTree(units, steps)
    for one in units:
        for day in (date(2002, 6, 1), date(2005, 6, 1), REFORM):
            assert all(successor.valid_on(day) for successor, _ in tree.successors(one, day))


# What is approximated


def test_the_tree_before_2025_is_approximated_and_says_so() -> None:
    """DESIGN section 5: the tree of 2020 is approximated by the last known parents: say so where it matters."""
    past = unit("12103", SEED_DAY)
    assert past.approximate_on(TREE_KNOWN_FROM - timedelta(days=1))
    assert not past.approximate_on(TREE_KNOWN_FROM)
    warning = approximation(past, SEED_DAY)
    assert warning is not None
    assert warning.code == "unit_tree_approximate"
    assert approximation(past, TREE_KNOWN_FROM) is None
    assert approximation(unit("12103", REFORM), REFORM) is None
    assert approximation(CENTRAL, SEED_DAY) is None


def test_the_tree_is_known_from_the_day_after_the_last_undated_reorganisation() -> None:
    """units.csv: units with an unknown beginning end on two days only, 2024-12-31 and 2025-06-30."""
    ends = {u.valid_to for u in country() if u.valid_from is None and u != CENTRAL}
    assert ends == {TREE_KNOWN_FROM - timedelta(days=1), EVE}


# Names


@pytest.mark.parametrize(
    "typed",
    ["Phường Mỹ Hào", "phuong my hao", "P. Mỹ Hào", "  MỸ HÀO ", "my hao", unicodedata.normalize("NFD", "Mỹ Hào")],
)
def test_a_unit_is_found_by_name_however_it_is_typed(typed: str) -> None:
    """Kind word, its short form, diacritics, case and normal form are all left to the person."""
    assert [u.code for u in country().named(typed, on=REFORM)] == ["12103"]


def test_a_kind_word_tells_namesakes_apart() -> None:
    """Nam Định was a province (36) and a city in it (356)."""
    tree = country()
    assert [u.code for u in tree.named("Tỉnh Nam Định", on=EVE)] == ["36"]
    assert [u.code for u in tree.named("TP. Nam Định", on=EVE)] == ["356"]
    assert {"36", "356"} <= {u.code for u in tree.named("Nam Định", on=EVE)}
    assert [u.code for u in tree.named("Nam Định", tier="province")] == ["36"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("MĐrắk", "652"),
        ("huyện m’đrăk", "652"),
        ("Bà Rịa-Vũng Tàu", "77"),
        ("tp ho chi minh", "79"),
        ("Hòa Bình", "17"),
    ],
)
def test_apostrophes_dashes_and_tone_placement_do_not_matter(typed: str, code: str) -> None:
    """units.csv writes M'Đrắk, Bà Rịa - Vũng Tàu and Tỉnh Hoà Bình."""
    assert code in {u.code for u in country().named(typed, on=EVE)}


def test_a_name_with_diacritics_means_the_unit_spelled_so() -> None:
    """Folded, Yên Hòa and Yên Hoa are one; typed with diacritics they are two."""
    units = [
        Unit(str(n), name, "xã", "commune", None, None, None) for n, name in enumerate(["Xã Yên Hoa", "Xã Yên Hòa"])
    ]
    tree = UnitTree(units)
    assert [u.name for u in tree.named("Yên Hòa")] == ["Xã Yên Hòa"]
    assert [u.name for u in tree.find("Yên Hòa")] == ["Xã Yên Hòa", "Xã Yên Hoa"]
    assert len(tree.named("yen hoa")) == 2
    assert len(tree.named("Yen Hoà")) == 2  # no unit is spelled so: both are candidates


def test_equal_names_come_before_beginnings_and_these_before_parts() -> None:
    """Search: what was typed in full stands first."""
    names = ["Xã Tân Hưng", "Xã Hưng Yên", "Xã Hưng"]
    tree = UnitTree([Unit(str(n), name, "xã", "commune", None, None, None) for n, name in enumerate(names)])
    assert [u.name for u in tree.find("hung")] == ["Xã Hưng", "Xã Hưng Yên", "Xã Tân Hưng"]
    assert [u.name for u in tree.named("hung")] == ["Xã Hưng"]


@pytest.mark.parametrize("typed", ["", "  ", "-", "không có xã này"])
def test_nothing_is_found_by_nothing(typed: str) -> None:
    """An empty search must not return the country."""
    assert country().find(typed) == []
    assert country().named(typed) == ()


def test_every_unit_is_found_by_its_own_name() -> None:
    """A sample over the whole list: a name as printed always leads to its unit."""
    tree = country()
    for one in list(tree)[::997]:
        assert one in tree.named(one.name)
        assert one in tree.named(one.name.upper(), tier=one.tier, on=one.nearest_valid_day(EVE))


def test_a_unit_is_described_with_units_above_and_period() -> None:
    """DESIGN section 5: a code is echoed with name and period."""
    since = describe(unit("12103", REFORM), country())
    assert since == reason(
        "unit_described_from", place="Phường Mỹ Hào (12103), Tỉnh Hưng Yên", unit="12103", valid_from="2025-07-01"
    )
    until = describe(unit("12103", EVE), country())
    assert until.code == "unit_described_until"
    assert until.params["place"] == "Phường Bần Yên Nhân (12103), Thị xã Mỹ Hào, Tỉnh Hưng Yên"
    assert describe(CENTRAL, country()).code == "unit_described"


def test_an_ambiguous_name_lists_its_candidates() -> None:
    """DESIGN section 7: ambiguous is exit 2 with the candidates."""
    error = ambiguous("Nam Định", country().named("Nam Định", on=EVE), country())
    assert error.exit_code == 2
    assert error.reasons[0].code == "unit_ambiguous"
    assert {fault.params["unit"] for fault in error.reasons[1:]} >= {"36", "356"}
    for fault in error.reasons:
        assert MESSAGES[fault.code].message.format(**fault.params)
        assert MESSAGES[fault.code].remedy.format(**fault.params)


# Files of others

HEADER = "code,name,kind,tier,parent_code,valid_from,valid_to\n"
PROVINCE = "97,Tỉnh Thử,tỉnh,province,,2026-01-01,\n"


def unit_faults(text: str, known: list[Unit] | None = None) -> list[tuple[object, str]]:
    with pytest.raises(InputInvalid) as caught:
        read_units_csv(text.encode(), "units.csv", known or [])
    for fault in caught.value.reasons:
        assert MESSAGES[fault.code].message.format(**fault.params)
        assert MESSAGES[fault.code].remedy.format(**fault.params)
    return [(fault.params["line"], fault.code) for fault in caught.value.reasons]


def test_a_list_is_read_however_a_spreadsheet_saved_it() -> None:
    """Byte order mark, semicolons, Vietnamese dates, other order of columns, blank lines, ``central`` as parent."""
    header = "\ufefftier;code;name;kind;parent_code;valid_to;valid_from\r\n"
    text = header + "province;97;Tỉnh  Thử;tỉnh;central;;1/1/2026\r\n;;;;;;\r\n"
    assert read_units_csv(text.encode(), "units.csv") == [
        Unit("97", "Tỉnh Thử", "tỉnh", "province", None, date(2026, 1, 1), None)
    ]


def test_every_fault_of_a_list_is_reported_with_its_line() -> None:
    """DESIGN section 7: a faulty import file is exit 2 with every fault listed by line."""
    text = HEADER + PROVINCE + (
        "99001,Xã A,xã,village,97,2026-01-01,\n"
        "99002,Xã B,xã,commune,97,2026-02-30,\n"
        "99003,,xã,commune,97,2026-01-01,\n"
        "99004,Xã D,xã,commune,97,2026-05-01,2026-04-01\n"
        "1234,Xã E,xã,commune,97,2026-01-01,\n"
        "99 06,Xã F,xã,commune,97,2026-01-01,\n"
        "99007,Xã G,xã,commune\n"
        "central,Xã H,xã,commune,97,2026-01-01,\n"
        '99009,"Xã\nI",xã,commune,97,2026-01-01,\n'
    )  # fmt: skip
    assert unit_faults(text) == [
        (3, "unit_tier_unknown"),
        (4, "unit_date_invalid"),
        (5, "name_empty"),
        (6, "unit_period_reversed"),
        (7, "unit_code_short"),
        (8, "unit_code_malformed"),
        (9, "unit_row_width"),
        (10, "unit_central_reserved"),
        (12, "name_control_character"),
    ]


@pytest.mark.parametrize(
    ("row", "fault"),
    [
        ("99001,Xã A,xã,commune,98,2026-01-01,", "unit_parent_absent"),
        ("99001,Xã A,xã,commune,,2026-01-01,", "unit_parent_absent"),
        ("98,Tỉnh B,tỉnh,province,97,2026-01-01,", "unit_parent_tier"),
        ("99001,Xã A,xã,commune,97,2025-12-31,", "unit_parent_not_valid"),
        ("99001,Xã A,xã,commune,97,,2025-12-31", "unit_parent_not_valid"),
        ("97,Tỉnh Thử hai,tỉnh,province,,2027-01-01,", "unit_lives_overlap"),
        ("97,Tỉnh Thử,tỉnh,province,,2026-01-01,", "unit_row_repeated"),
    ],
)
def test_rows_must_fit_together(row: str, fault: str) -> None:
    """A code is one unit on a day, and every unit but the centre has one above it on every day of its life."""
    assert unit_faults(HEADER + PROVINCE + row + "\n") == [(3, fault)]


def test_a_list_may_build_on_recorded_units() -> None:
    """``unit import`` of new communes under a recorded province; what is recorded may be repeated, not contradicted."""
    known = read_units_csv((HEADER + PROVINCE).encode(), "units.csv")
    commune = "99001,Xã A,xã,commune,97,2026-01-01,\n"
    assert [u.code for u in read_units_csv((HEADER + PROVINCE + commune).encode(), "units.csv", known)] == [
        "97",
        "99001",
    ]
    assert unit_faults(HEADER + commune) == [(2, "unit_parent_absent")]
    assert unit_faults(HEADER + PROVINCE.replace("Thử", "Khác"), known) == [(2, "unit_lives_overlap")]


@pytest.mark.parametrize(
    ("content", "fault"),
    [
        (b"", "file_empty"),
        ("code,name\n".encode("utf-16"), "file_not_utf8"),
        (b"code,name\n01,x\n", "unit_columns"),
        (HEADER.encode() + b'97,"T\xe1\xbb\x89nh', "unit_csv_syntax"),
        (b"x" * 8_000_001, "file_too_large"),
    ],
)
def test_a_file_that_cannot_be_read_says_why(content: bytes, fault: str) -> None:
    """DESIGN section 7, exit 2: something that cannot be read."""
    with pytest.raises(InputInvalid) as caught:
        read_units_csv(content, "units.csv")
    assert [one.code for one in caught.value.reasons] == [fault]


@given(st.binary(max_size=60).map(lambda tail: HEADER.encode() + tail))
def test_no_file_makes_the_reader_fail_otherwise(content: bytes) -> None:
    """Unreadable input is InputInvalid, never a crash."""
    try:
        read_units_csv(content, "units.csv")
    except InputInvalid as error:
        assert error.reasons


def test_faults_of_a_list_of_successions_are_reported_with_their_lines() -> None:
    """DESIGN section 7, exit 2; the successor must exist on the day it takes over."""
    rows = [
        "commune,12103,12103,0,2025-07-01",
        "commune,12103,12103,1,2025-07-01",
        "commune,12106,12103,maybe,2025-07-01",
        "commune,12106,12103,0,",
        "village,12106,12103,0,2025-07-01",
        "commune,12106,99999,0,2025-07-01",
        "commune,12106,12103,0,2025-13-01",
    ]
    content = "\n".join(["tier,old_code,new_code,partial,effective", *rows]).encode()
    with pytest.raises(InputInvalid) as caught:
        read_successors_csv(content, "s.csv", country())
    assert [(fault.params["line"], fault.code) for fault in caught.value.reasons] == [
        (3, "unit_row_repeated"),
        (4, "unit_partial_unreadable"),
        (5, "unit_date_invalid"),
        (6, "unit_tier_unknown"),
        (7, "unit_successor_absent"),
        (8, "unit_date_invalid"),
    ]


def test_every_packaged_succession_leads_to_a_unit_of_the_day() -> None:
    """unit_successors.csv against units.csv."""
    packed = (files("ocop_flow.workflows") / "units" / "unit_successors.csv.gz").read_bytes()
    assert len(read_successors_csv(gzip.decompress(packed), "unit_successors.csv", country())) == 10_629
