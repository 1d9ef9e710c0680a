"""Every regime, walked from open to promotion and to every kind of closed, through the command line alone.

The driver reads what is needed from ``dossier actions --all`` and knows no regime (DESIGN sections 3 and 7).
``expired``, ``revoked`` and ``replaced`` are not walked to here: they end what promotion began.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import copied
from tests.cli.office import Json, Office

if TYPE_CHECKING:
    from pathlib import Path

#: A day on which the regime is in force (REGULATIONS.md, the dates from which each decision holds), before the first
#: of which is the time of the provinces' own rules.
DAYS = {
    "provincial_provisional": "2019-05-06",
    "qd_1048_2019": "2020-07-01",
    "qd_148_2023": "2024-03-01",
    "qd_1489_2025": "2025-09-01",
    "qd_26_2026": "2026-06-01",
}
KINDS = ("first", "upgrade", "re_rating")
TRACKS = {"new_product": "proposal.idea", "existing_product": "registration.intake"}
#: Stars that the councils find on the way to promotion: every kind takes another way through the tiers.
FOUND = {"first": 4, "upgrade": 5, "re_rating": 3}
#: A commune that exists on every one of the days: Phường Bần Yên Nhân, then Phường Mỹ Hào.
COMMUNE = "12103"

EachRegime = pytest.mark.parametrize("regime", DAYS)
EachKind = pytest.mark.parametrize("kind", KINDS)
EachTrack = pytest.mark.parametrize("track", TRACKS)


@pytest.fixture(scope="module")
def offices(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Office]:
    """One office for each regime, on a day of that regime, shared by the walks of this file."""
    return {
        regime: Office(copied(sandbox_database, tmp_path_factory.mktemp(regime)), day) for regime, day in DAYS.items()
    }


@pytest.fixture
def office(offices: dict[str, Office], regime: str) -> Office:
    return offices[regime]


def opened(office: Office, kind: str, track: str, end: str) -> str:
    """A dossier of a kind and track; an upgrade or re-rating names the certificate that it starts from."""
    product = f"Sản phẩm {kind} {track} {end}"
    if kind == "first":
        return office.open(COMMUNE, product, kind=kind, track=track)
    return office.open(COMMUNE, product, kind=kind, track=track, previous=declared(office, product))


def declared(office: Office, product: str) -> str:
    """A four-star certificate from before this system that ends five months from today; its number."""
    ends = {"02": "07", "03": "08", "05": "10", "06": "11", "07": "12", "09": "02"}[office.day[5:7]]
    year = int(office.day[:4]) + (ends == "02")
    recognition = ["--stars", "4", "--issued-on", f"{year - 3}-{ends}-01", "--valid-to", f"{year}-{ends}-01"]
    entity = ["--product", product, "--entity", "Hợp tác xã số 1", "--entity-kind", "cooperative"]
    place = ["--commune", COMMUNE, "--product-set", "coffee_cacao", "--source", "Sổ theo dõi của tỉnh"]
    province = office.holder("officer", office.unit_at(COMMUNE, "province"))
    return str(office.do("certificate", "declare", *entity, *recognition, *place, who=province)["number"])


def stream_is_whole(office: Office, dossier: str, opened_in: str) -> list[Json]:
    """The history: gapless, each event starting where the one before ended, chained by hash; and nothing is wrong."""
    events: list[Json] = office.do("dossier", "history", dossier)
    assert [item["seq"] for item in events] == list(range(1, len(events) + 1))
    assert events[0]["to_state"] == opened_in
    for before, after in pairwise(events):
        assert after["from_state"] == before["to_state"]
        assert after["prev_hash"] == before["hash"]
        assert after["recorded_at"] >= before["recorded_at"]
    return events


@EachRegime
@EachKind
@EachTrack
def test_a_dossier_walks_to_promotion_and_gets_its_certificate(
    office: Office, regime: str, kind: str, track: str
) -> None:
    """Steps 2-6 of the cycle: a recognised product is promoted and holds a certificate for 36 months.

    Source: GLOSSARY (the six steps); 1048/QĐ-TTg, 148/QĐ-TTg and 26/2026/QĐ-TTg: 36 months from the day of issue.
    """
    dossier = opened(office, kind, track, "promotion")
    assert office.walk(dossier, "promotion", stars=FOUND[kind]) == "promotion.active"

    shown = office.show(dossier)
    assert (shown["regime"], shown["kind"], shown["track"], shown["phase"]) == (regime, kind, track, "promotion")
    certificate = office.do("certificate", "show", shown["certificate"])
    assert certificate["stars"] == shown["stars_decided"] == (3 if regime == "provincial_provisional" else FOUND[kind])
    assert certificate["issued_on"] == office.day
    assert certificate["valid_to"] == f"{int(office.day[:4]) + 3}{office.day[4:]}"
    assert certificate["status"] == "valid"
    stream_is_whole(office, dossier, TRACKS[track])


@EachRegime
@EachKind
@EachTrack
def test_a_dossier_of_too_few_points_walks_to_not_recognised(
    office: Office, regime: str, kind: str, track: str
) -> None:
    """Two stars are shown and recognised by nobody: the only way on is not to recognise.

    Source: every decision recognises from three stars, 50 points, up (REGULATIONS.md).
    """
    dossier = opened(office, kind, track, "not_recognised")
    office.walk(dossier, "rating", stars=2)
    if regime != "provincial_provisional":  # its stars are declared, not scored: nothing is computed to go by
        assert office.show(dossier)["stars"] == 2
        assert office.forward(dossier) == []
    assert office.take(dossier, "not_recognise")["to_state"] == "closed.not_recognised"
    shown = office.show(dossier)
    assert (shown["phase"], shown["closed_on"], shown["certificate"]) == ("closed", office.day, None)
    assert shown["holder"] is None
    assert office.actions(dossier) == {}
    stream_is_whole(office, dossier, TRACKS[track])


@EachRegime
@EachKind
@EachTrack
def test_a_dossier_is_rejected_at_the_first_check_during_a_supplement_or_in_evaluation(
    office: Office, regime: str, kind: str, track: str
) -> None:
    """Grounds for rejecting a dossier may turn up at the first check, in what is supplemented, or before a council.

    Source: 26/2026/QĐ-TTg annex I and the earlier decisions' grounds for rejecting. Each kind takes another stage.
    """
    dossier = opened(office, kind, track, "rejected")
    office.walk(dossier, "evaluation" if kind == "re_rating" else "registration.intake")
    if kind == "upgrade":
        office.take(dossier, "return_for_supplement")
    action = next(item for item in office.actions(dossier).values() if item["to_state"] == "closed.rejected")
    assert action["kind"] == "reject"
    assert office.take(dossier, action)["to_state"] == "closed.rejected"
    assert office.show(dossier)["closed_on"] == office.day
    assert office.actions(dossier) == {}
    stream_is_whole(office, dossier, TRACKS[track])


@EachRegime
@EachKind
@EachTrack
def test_an_entity_withdraws_its_dossier_from_any_phase_before_promotion(
    office: Office, regime: str, kind: str, track: str
) -> None:
    """The entity's own application: withdrawing is open in each phase before promotion, through the commune."""
    dossier = opened(office, kind, track, "withdrawn")
    phase = {"first": "", "upgrade": "evaluation", "re_rating": "rating"}[kind]
    office.walk(dossier, phase)
    action = next(item for item in office.actions(dossier).values() if item["kind"] == "withdraw")
    assert action["roles"][0].endswith("@commune")
    assert office.take(dossier, action)["to_state"] == "closed.withdrawn"
    assert office.show(dossier)["closed_on"] == office.day
    assert office.actions(dossier) == {}
    stream_is_whole(office, dossier, TRACKS[track])


@pytest.mark.parametrize("regime", [regime for regime in DAYS if regime != "provincial_provisional"])
def test_a_dossier_that_the_centre_finds_below_five_stars_goes_back_to_its_province(
    office: Office, regime: str
) -> None:
    """Rated five stars by the province and four by the centre: the province acts on the central result.

    Source: 26/2026/QĐ-TTg art. 7.4; the earlier decisions send the result back likewise.
    """
    dossier = opened(office, "first", "existing_product", "sent back")
    office.walk(dossier, "evaluation.central_check", stars=5)
    office.walk(dossier, "rating.central_decision", stars=4)
    assert office.take(dossier, "send_back_to_province")["to_state"] == "rating.province_choice"
    assert office.walk(dossier, "promotion") == "promotion.active"
    shown = office.show(dossier)
    assert office.do("certificate", "show", shown["certificate"])["stars"] == shown["stars_decided"]
    assert shown["stars_decided"] in (3, 4)


@EachRegime
@EachTrack
def test_a_dossier_returned_for_supplement_comes_back_to_the_same_tier(office: Office, regime: str, track: str) -> None:
    """A return stops the clock and comes back to the tier that returned it (DESIGN section 3)."""
    dossier = opened(office, "first", track, "returned")
    office.walk(dossier, "registration.intake")
    tier = office.show(dossier)["tier"]
    assert office.take(dossier, "return_for_supplement")["to_state"] == "registration.supplement"
    assert office.show(dossier)["tier"] == tier
    assert office.take(dossier, "receive_supplement")["to_state"] == "registration.intake"
    assert office.show(dossier)["tier"] == tier


@EachRegime
def test_after_all_walks_the_log_verifies_and_the_views_can_be_rebuilt_row_for_row(office: Office, regime: str) -> None:
    """DESIGN principle 1: views are caches that can be dropped and rebuilt, row for row equal."""
    verified = office.do("audit", "verify")
    assert verified["ok"]
    assert verified["problems"] == []
    assert verified["dossiers"] == len(office.do("dossier", "list"))
    rebuilt = office.do("doctor", "--rebuild")
    assert rebuilt["problems"] == []
