"""Who keys a score sheet, what a sheet may hold, and what closing a sitting says (DESIGN section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.acts import COMMUNE, PROVINCE, last

if TYPE_CHECKING:
    from tests.cli.office import Office


@pytest.fixture
def sitting(office: Office) -> tuple[str, str, str, str]:
    """(sitting, dossier, scoring chair, secretary) of the provincial council, nothing scored yet."""
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    office.walk(dossier, "evaluation.province_council")
    code, chair, secretary = office.council(PROVINCE)
    words = ["--present", f"{chair},{secretary}", "--dossiers", dossier]
    return office.do("council", "convene", code, *words, who=secretary)["sitting"], dossier, chair, secretary


def sheet(found: tuple[str, str, str, str]) -> list[str]:
    return ["council", "score", found[0], found[1], "--member", found[2], "--parts", "30,20,25"]


def test_a_member_keys_the_own_sheet_and_the_secretary_any(office: Office, sitting: tuple[str, str, str, str]) -> None:
    """``council score``: the member, or that council's secretary keying the member's sheet (DESIGN section 5)."""
    _, dossier, chair, secretary = sitting
    office.do(*sheet(sitting), who=chair)
    event = last(office, dossier)
    assert (event["actor"]["login"], event["recorder"]["login"]) == (chair, chair)
    office.do(*sheet(sitting), "--reason", "gõ nhầm", who=secretary)
    event = last(office, dossier)
    assert (event["actor"]["login"], event["recorder"]["login"]) == (chair, secretary)


def test_nobody_else_keys_a_members_sheet(office: Office, sitting: tuple[str, str, str, str]) -> None:
    """Not the unit's leader or officer, not another unit's secretary, not a secretary whose post has ended."""
    strangers = [
        office.holder("leader", PROVINCE),
        office.holder("officer", PROVINCE),
        office.holder("council_secretary", "01"),
        office.appoint("former-secretary", "council_secretary", PROVINCE, "2025-07-01", "2026-05-31"),
    ]
    for stranger in strangers:
        assert office.refuses(3, *sheet(sitting), who=stranger) == ["sheet_of_another"]


def test_the_secretary_has_no_sheet(office: Office, sitting: tuple[str, str, str, str]) -> None:
    """The secretary writes the minutes and does not score."""
    code, dossier, _, secretary = sitting
    words = ["council", "score", code, dossier, "--member", secretary, "--parts", "30,20,25"]
    assert "member_not_present" in office.refuses(3, *words, who=secretary)


def test_points_above_the_parts_maxima_are_wrong_usage(office: Office, sitting: tuple[str, str, str, str]) -> None:
    """26/2026/QĐ-TTg annex I: A 40, B 25, C 35 points."""
    code, dossier, chair, _ = sitting
    for parts in ("41,20,25", "30,26,25", "30,20,36", "-1,20,25", "30,20", "a,b,c"):
        office.refuses(2, "council", "score", code, dossier, "--member", chair, f"--parts={parts}", who=chair)


def test_a_closed_sitting_takes_no_more_sheets(office: Office, sitting: tuple[str, str, str, str]) -> None:
    code, dossier, chair, secretary = sitting
    assert office.refuses(3, "council", "close", code, dossier, who=secretary) == ["no_scores"]
    office.do(*sheet(sitting), who=chair)
    office.do("council", "close", code, dossier, who=secretary)
    assert "sitting_closed" in office.refuses(3, *sheet(sitting), who=chair)
    assert "sitting_closed" in office.refuses(3, "council", "close", code, dossier, who=secretary)


def test_closing_a_sitting_gives_the_exact_mean_and_moves_nothing(
    office: Office, sitting: tuple[str, str, str, str]
) -> None:
    """Closing appends the result and moves nothing; exact numbers are strings that ``Fraction`` reads."""
    code, dossier, chair, secretary = sitting
    office.do("council", "score", code, dossier, "--member", chair, "--parts", "30,20,20.1", who=chair)
    closed = office.do("council", "close", code, dossier, who=secretary)
    assert closed["mean_total"] in ("70.1", "701/10")
    assert (closed["stars"], closed["stars_by_total"]) == (4, 4)
    assert closed["quorum"]["met"] is None
    assert office.state(dossier) == "evaluation.province_council"
    assert "submit_province_result" in closed["next"]
