"""The way of a dossier up through the tiers, and back where the higher tier finds less.

REGULATIONS.md section 2 (who recognises which star), section 3 "Score lower at the higher tier", section 5 (re-rating).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from ocop_flow import bootstrap, config
from ocop_flow.domain.figures.chains import recognised as counted_as_recognised
from tests.cli.conftest import copied
from tests.cli.office import PARTS, Json, Office

if TYPE_CHECKING:
    from pathlib import Path

COMMUNE, PROVINCE = "12103", "33"
#: A day on which the regime is in force.
DAYS = {"qd_1048_2019": "2020-07-01", "qd_148_2023": "2024-03-01", "qd_1489_2025": "2025-09-01"}
DAYS["qd_26_2026"] = "2026-06-01"
PAPERS = ("another_must_sign", "evidence_missing")
SENT_BACK = ("qd_148_2023", "qd_1489_2025", "qd_26_2026")
#: (first day, last day known here, tier that recognises 3, 4, 5 stars): REGULATIONS.md sections 1 and 2.
RECOGNISED_BY = {
    "qd_1048_2019": ("2019-08-21", "2023-02-23", ("province", "province", "central")),
    "qd_148_2023": ("2023-02-24", "2025-07-05", ("district", "province", "central")),
    "qd_1489_2025": ("2025-07-06", "2026-05-21", ("province", "province", "central")),
    "qd_26_2026": ("2026-05-22", "2026-11-01", ("province", "province", "central")),
}


@pytest.fixture(scope="module")
def offices(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Office]:
    return {
        regime: Office(copied(sandbox_database, tmp_path_factory.mktemp(regime)), day) for regime, day in DAYS.items()
    }


def sent_up(office: Office, product: str, kind: str = "first", **options: str) -> str:
    """A dossier that the province rated with five stars and sent to the centre."""
    dossier = office.open(COMMUNE, product, track="existing_product", kind=kind, **options)
    office.walk(dossier, "evaluation.central_check", stars=5)
    return dossier


def sent_back(office: Office, product: str, *, stars: int, kind: str = "first", **options: str) -> str:
    """The same, found worth ``stars`` by the centre and sent back to the province."""
    dossier = sent_up(office, product, kind, **options)
    office.walk(dossier, "rating.central_decision", stars=stars)
    assert office.take(dossier, "send_back_to_province")["to_state"] == "rating.province_choice"
    return dossier


def refusals(office: Office, dossier: str, action: str) -> list[str]:
    """Codes of the reasons why an action is not allowed from where the dossier stands, papers apart."""
    listed = office.actions(dossier)[action]
    assert not listed["allowed"]
    return [item["code"] for item in listed["reasons"] if item["code"] not in PAPERS]


def certificate(office: Office, dossier: str) -> Json:
    found: Json = office.do("certificate", "show", office.show(dossier)["certificate"])
    return found


# --- who recognises ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("regime", RECOGNISED_BY)
def test_each_star_is_recognised_by_the_tier_of_the_decision_in_force(offices: dict[str, Office], regime: str) -> None:
    """On the first and the last day of each decision; one and two stars are recognised by nobody."""
    first, last, tiers = RECOGNISED_BY[regime]
    office = offices["qd_26_2026"]
    for day in (first, last):
        for stars, tier in zip((2, 3, 4, 5), (None, *tiers), strict=True):
            office_day, office.day = office.day, max(office.day, day)
            checked = office.do("rating", "check", "--regime", regime, "--on", day, "--parts", PARTS[stars])
            office.day = office_day
            assert (checked["stars_by_total"], checked["recognised_by"]) == (stars, tier)


def test_three_stars_are_the_districts_under_148_and_the_certificate_names_it(offices: dict[str, Office]) -> None:
    """148/QĐ-TTg annex II point b: the district recognises three stars, and they do not go up."""
    office = offices["qd_148_2023"]
    dossier = office.open(COMMUNE, "Ba sao của huyện", track="existing_product")
    office.walk(dossier, "rating.district_decision", stars=3)
    assert refusals(office, dossier, "send_to_province") == ["stars_between"]
    office.take(dossier, "recognise_three_stars")
    assert (certificate(office, dossier)["issuer"]["tier"], certificate(office, dossier)["stars"]) == ("district", 3)


# --- less at the higher tier ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("regime", SENT_BACK)
@pytest.mark.parametrize("kind", ["first", "re_rating"])
def test_the_provincial_chair_may_recognise_on_the_central_result(
    offices: dict[str, Office], regime: str, kind: str
) -> None:
    """26/2026/QĐ-TTg art. 7.4, also for a re-rating: province five stars, centre four, four are recognised."""
    office = offices[regime]
    product = f"Theo kết quả trung ương {kind}"
    options = {"previous": recognised(office, product, 4)} if kind == "re_rating" else {}
    dossier = sent_back(office, product, stars=4, kind=kind, **options)
    office.take(dossier, "recognise_on_central_result")
    shown = certificate(office, dossier)
    assert (shown["stars"], shown["issuer"]["tier"]) == (4, "province")


@pytest.mark.parametrize("regime", SENT_BACK)
def test_or_the_province_rates_again_and_its_new_result_counts(offices: dict[str, Office], regime: str) -> None:
    """26/2026/QĐ-TTg art. 7.4: rating again needs a new sitting; older results, central or provincial, do not do."""
    office = offices[regime]
    dossier = sent_back(office, "Tỉnh đánh giá lại", stars=3)
    assert office.take(dossier, "rate_again")["to_state"] == "evaluation.province_council"
    assert refusals(office, dossier, "submit_province_result") == ["scores_missing"]
    office.walk(dossier, "rating.province_decision", stars=4)
    assert refusals(office, dossier, "send_to_central") == ["stars_between"]
    office.take(dossier, "recognise")
    assert certificate(office, dossier)["stars"] == 4


@pytest.mark.parametrize("regime", ["qd_1489_2025", "qd_26_2026"])
def test_what_the_centre_finds_below_three_stars_is_recognised_by_nobody(
    offices: dict[str, Office], regime: str
) -> None:
    """26/2026/QĐ-TTg art. 6 and 7.4: three or four stars may be recognised on the central result, fewer may not."""
    office = offices[regime]
    dossier = sent_back(office, "Trung ương hai sao", stars=2)
    assert refusals(office, dossier, "recognise_on_central_result") == ["stars_between"]
    assert office.take(dossier, "not_recognise")["to_state"] == "closed.not_recognised"


def test_not_passed_in_the_national_round_keeps_the_rating_of_the_province(offices: dict[str, Office]) -> None:
    """1048/QĐ-TTg, national round of 2020: 22 of 43 dossiers were not passed; the province's rating stays (derived).

    The product counts as potentially five stars, not as five.
    """
    office = offices["qd_1048_2019"]
    dossier = sent_back(office, "Tiềm năng năm sao", stars=3)
    assert office.show(dossier)["potential_five_stars"]
    officer_words = office.words_for(dossier, office.actions(dossier)["keep_province_rating"])
    leader = office.rightful(dossier, office.actions(dossier)["keep_province_rating"])
    words = [word if word != "stars=3" else "stars=4" for word in officer_words]
    moved = office.do(*words, who=leader)
    assert moved["warnings"] == [], "the province's own rating is what is kept, whatever the centre found"
    shown = office.show(dossier)
    assert (shown["stars_decided"], shown["potential_five_stars"]) == (4, True)
    assert certificate(office, dossier)["issuer"]["tier"] == "province"


def test_a_product_recognised_with_five_stars_is_no_longer_a_potential_one(offices: dict[str, Office]) -> None:
    """Statistics tell potential five-star products (TQ, OV) from those that the Ministry has recognised."""
    office = offices["qd_26_2026"]
    dossier = sent_up(office, "Năm sao")
    assert office.show(dossier)["potential_five_stars"]
    office.walk(dossier, "promotion", stars=5)
    assert (office.show(dossier)["stars_decided"], office.show(dossier)["potential_five_stars"]) == (5, False)
    plain = office.open(COMMUNE, "Bốn sao", track="existing_product")
    office.walk(plain, "promotion", stars=4)
    assert not office.show(plain)["potential_five_stars"]


def below_70(office: Office, product: str, stars: int) -> str:
    """A dossier under 148 that the district rated with four stars and the province with fewer, before its decision."""
    dossier = office.open(COMMUNE, product, track="existing_product")
    office.walk(dossier, "evaluation.province_check", stars=4)
    office.walk(dossier, "rating.province_decision", stars=stars)
    assert {item["action"] for item in office.forward(dossier)} == {"return_result_to_district"}
    return dossier


def test_a_provincial_result_below_70_goes_back_and_the_district_decides_on_three_stars(
    offices: dict[str, Office],
) -> None:
    """148/QĐ-TTg: what the district then does was not found; recalled: it decides on the province's result."""
    office = offices["qd_148_2023"]
    dossier = below_70(office, "Tỉnh dưới 70", 3)
    assert office.take(dossier, "return_result_to_district")["to_state"] == "rating.district_decision"
    assert refusals(office, dossier, "send_to_province") == ["stars_between"]
    office.take(dossier, "recognise_three_stars")
    assert (certificate(office, dossier)["stars"], certificate(office, dossier)["issuer"]["tier"]) == (3, "district")
    low = below_70(office, "Tỉnh dưới 50", 2)
    office.take(low, "return_result_to_district")
    assert refusals(office, low, "recognise_three_stars") == ["stars_between"]
    assert office.take(low, "not_recognise")["to_state"] == "closed.not_recognised"


def test_a_province_may_settle_that_the_district_council_rates_again(sandbox: Path, tmp_path: Path) -> None:
    """The same question answered the other way by a province's own decision: parameter ``province_below_70``."""
    office = Office(sandbox, DAYS["qd_148_2023"])
    adopt(office, tmp_path, "qd_148_2023", "province_below_70: evaluation.district_council")
    dossier = below_70(office, "Huyện chấm lại", 3)
    assert office.take(dossier, "return_result_to_district")["to_state"] == "evaluation.district_council"
    assert refusals(office, dossier, "submit_district_result") == ["scores_missing"]
    office.walk(dossier, "rating.district_decision", stars=3)
    assert office.take(dossier, "recognise_three_stars")["to_state"] == "promotion.active"


# --- upgrades and re-ratings ------------------------------------------------------------------------------------------


def recognised(office: Office, product: str, stars: int) -> str:
    """Number of the certificate of a product recognised today."""
    dossier = office.open(COMMUNE, product, track="existing_product")
    office.walk(dossier, "promotion", stars=stars)
    return str(office.show(dossier)["certificate"])


def test_a_refused_upgrade_leaves_the_old_star_and_its_end_untouched(office: Office) -> None:
    """DESIGN section 3: nothing changes until it is decided, and a refusal changes nothing at all."""
    old = office.do("certificate", "show", recognised(office, "Ba sao", 3))
    dossier = office.open(COMMUNE, "Ba sao", track="existing_product", kind="upgrade", previous=old["number"])
    office.walk(dossier, "rating", stars=2)
    office.take(dossier, "not_recognise")
    assert office.do("certificate", "show", old["number"]) == old


def test_a_lower_re_rating_changes_nothing_until_it_is_decided(office: Office) -> None:
    """A re-rating may end lower: the old certificate holds until the decision, then the new one takes its place."""
    old = office.do("certificate", "show", recognised(office, "Bốn sao", 4))
    office.day = "2028-12-15"  # 168 days before 1 June 2029
    dossier = office.open(COMMUNE, "Bốn sao", track="existing_product", kind="re_rating", previous=old["number"])
    office.walk(dossier, "rating", stars=3)
    waiting = office.do("certificate", "show", old["number"])
    assert (waiting["stars"], waiting["valid_to"], waiting["status"]) == (4, old["valid_to"], "re_rating_window")
    office.take(dossier, "recognise")
    assert office.do("certificate", "show", old["number"])["status"] == "replaced"
    assert (certificate(office, dossier)["stars"], certificate(office, dossier)["valid_to"]) == (3, "2031-12-15")


# --- the window of filing ---------------------------------------------------------------------------------------------

#: The certificate of 1 June 2026 ends on 1 June 2029: the window runs from 3 December 2028 to 1 February 2029.
EARLY, INSIDE = "2028-12-02", "2028-12-03"
OUTSIDE = [
    ("accept_with_warning", "existing_product"),
    ("refuse", "new_product"),
    ("treat_as_first", "existing_product"),
    ("treat_as_first", "new_product"),
]


def adopt(office: Office, folder: Path, regime: str, parameter: str) -> None:
    """The province's own file with one answer, taken into use today."""
    file = folder / "quy-dinh-rieng.yaml"
    head = [f'schema: ocop-overlay/1\nprovince: "{PROVINCE}"\nbase: {regime}\ndecision: 5/2026/QĐ-UBND']
    head += [f'effective_from: "{office.day}"', "title: {vi: Quy định riêng của tỉnh, en: Own settings}"]
    file.write_text("\n".join([*head, "parameters:", f"  {parameter}\n"]), encoding="utf-8")
    decision = ["--unit", PROVINCE, "--decision", "5/2026/QĐ-UBND", "--from", office.day]
    office.do("workflow", "adopt", str(file), *decision, who="admin")


def re_rating(office: Office, number: str, track: str) -> list[str]:
    """The command line that opens a re-rating of a certificate."""
    words = ["dossier", "open", "--commune", COMMUNE, "--product", "Chè", "--entity", "Hợp tác xã số 1"]
    words += ["--entity-kind", "cooperative", "--product-set", "coffee_cacao", "--kind", "re_rating"]
    return [*words, "--track", track, "--previous", number]


@pytest.mark.parametrize(("value", "track"), OUTSIDE)
def test_filing_outside_180_to_120_days_follows_the_parameter(
    office: Office, tmp_path: Path, value: str, track: str
) -> None:
    """26/2026/QĐ-TTg art. 8 sets the window and not what follows outside it: ``re_rating_outside_window``.

    What counts is the day of filing: opening for an existing product, the filing action for a new one.
    """
    number = recognised(office, "Chè", 4)
    office.day = "2028-01-10"
    adopt(office, tmp_path, "qd_26_2026", f"re_rating_outside_window: {value}")
    office.day = EARLY
    officer = office.holder("officer", COMMUNE)
    words = re_rating(office, number, track)
    if track == "new_product":
        opened = office.do(*words, who=officer)
        assert opened["warnings"] == []
        dossier = str(opened["code"])
        office.communes[dossier] = COMMUNE
        office.walk(dossier, "proposal.implementation")
        action = office.actions(dossier)["file_dossier"]
        office.hand_in(dossier, action)
        words = office.words_for(dossier, action)
    if value == "refuse":
        assert office.refuses(3, *words, who=officer) == ["re_rating_outside_window"]
        office.day = INSIDE
        assert office.do(*words, who=officer)["warnings"] == []
        return
    filed = office.do(*words, who=officer)
    assert [item["code"] for item in filed["warnings"]] == ["re_rating_outside_window"]
    kind = "first" if value == "treat_as_first" else "re_rating"
    assert office.show(filed["code"])["kind"] == kind


@pytest.mark.parametrize("kind", ["re_rating", "first"])
def test_a_re_rating_ends_in_45_days_and_follows_no_round(office: Office, kind: str) -> None:
    """26/2026/QĐ-TTg art. 8: at most 45 days from the complete dossier; rounds are for first ratings and upgrades."""
    number = recognised(office, "Chè", 4)
    office.day = "2028-12-15"
    options = {"previous": number} if kind == "re_rating" else {}
    product = "Chè" if kind == "re_rating" else "Cà phê"
    dossier = office.open(COMMUNE, product, track="existing_product", kind=kind, **options)
    office.walk(dossier, "evaluation.province_check")
    duties = {item["kind"]: item["due_on"] for item in office.do("deadline", "list", "--dossier", dossier)}
    if kind == "re_rating":
        assert duties["re_rating_finish"] == "2029-01-29"
        assert not {"round_intake", "round_finish"} & set(duties)
    else:
        assert "re_rating_finish" not in duties
        assert "round_finish" in duties


def re_rated(office: Office, product: str, previous: str) -> str:
    """A re-rating of a certificate that waits for the provincial council."""
    dossier = office.open(COMMUNE, product, track="existing_product", kind="re_rating", previous=previous)
    office.walk(dossier, "evaluation.province_council")
    return dossier


def test_a_re_rating_is_judged_by_written_opinions_unless_a_meeting_is_called(office: Office) -> None:
    """26/2026/QĐ-TTg: written opinions by default; a meeting where opinions differ or matters are complex."""
    number = recognised(office, "Chè", 4)
    office.day = "2028-12-15"
    dossier = re_rated(office, "Chè", number)
    first = office.open(COMMUNE, "Cà phê", track="existing_product")
    office.walk(first, "evaluation.province_council")
    council, chair, secretary = office.council(PROVINCE)
    words = ["council", "convene", council, "--present", f"{chair},{secretary}", "--dossiers"]
    usual = office.do(*words, dossier, who=secretary)
    assert (usual["manner"], usual["warnings"]) == ("written", [])
    assert office.do(*words, first, who=secretary)["manner"] == "meeting"
    called = office.do(*words, dossier, "--meeting", who=secretary)
    assert (called["manner"], [item["code"] for item in called["warnings"]]) == ("meeting", ["meeting_without_ground"])
    assert [(item["source"], item["mark"]) for item in called["warnings"]] == [("26/2026/QĐ-TTg art. 8", "one_source")]
    told = office.do(*words, dossier, "--meeting", "--reason", "ý kiến khác nhau", who=secretary)
    assert (told["manner"], told["warnings"]) == ("meeting", [])


# --- the Ministry has the province rate again -------------------------------------------------------------------------


def counted(office: Office, dossier: str) -> tuple[bool, str]:
    """Whether statistics count a dossier as recognised, and since which day."""
    opened = bootstrap.open_office(config.read(str(office.db), "vi", None, {}))
    with opened.reader() as uow:
        found = uow.dossier(dossier)
        assert found is not None and found.certificate is not None
        return counted_as_recognised(found), (found.first_recognised or found.certificate.issued_on).isoformat()


def test_the_ministry_may_have_the_province_rate_again_and_the_new_result_counts(office: Office) -> None:
    """26/2026/QĐ-TTg art. 10; the recognition stands until the province has decided anew (derived)."""
    dossier = office.open(COMMUNE, "Đánh giá lại theo yêu cầu", track="existing_product")
    office.walk(dossier, "promotion", stars=4)
    old = certificate(office, dossier)
    ordered = office.actions(dossier)["order_new_rating"]
    assert ordered["roles"] == ["leader@central"]
    assert office.take(dossier, ordered)["to_state"] == "evaluation.province_council"
    assert certificate(office, dossier) == old
    assert refusals(office, dossier, "submit_province_result") == ["scores_missing"]
    before, office.day = counted(office, dossier), "2027-02-01"
    office.walk(dossier, "promotion", stars=3)
    new = certificate(office, dossier)
    assert (new["stars"], new["status"]) == (3, "valid")
    assert (before, counted(office, dossier)) == ((True, "2026-06-01"), (True, "2026-06-01")), "no new product"
    gone = office.do("certificate", "show", old["number"])
    assert (gone["status"], gone["replaced_by"], gone["stars"]) == ("replaced", new["number"], 4)
    assert office.do("doctor", "--rebuild", who="admin")["ok"]


def test_what_is_no_longer_found_worth_three_stars_loses_its_certificate(office: Office) -> None:
    """26/2026/QĐ-TTg art. 10 and 6: rated again below three stars, the recognition ends with the decision."""
    dossier = office.open(COMMUNE, "Không còn đạt", track="existing_product")
    office.walk(dossier, "promotion", stars=3)
    number = office.show(dossier)["certificate"]
    office.take(dossier, "order_new_rating")
    office.walk(dossier, "rating.province_decision", stars=2)
    assert office.take(dossier, "not_recognise")["to_state"] == "closed.not_recognised"
    assert office.do("certificate", "show", number)["status"] == "revoked"


def test_a_recognition_is_ended_by_decision_while_the_province_rates_again(office: Office) -> None:
    """26/2026/QĐ-TTg art. 9 and 10: who recognised revokes, by decision; the entity, which did not apply for the rating
    that the Ministry ordered, cannot take it back, nor is its recognition rejected without a number.
    """
    dossier = office.open(COMMUNE, "Đang đánh giá lại", track="existing_product")
    office.walk(dossier, "promotion", stars=4)
    number = office.show(dossier)["certificate"]
    office.take(dossier, "order_new_rating")
    withdraw = ("advance", dossier, "withdraw", "--reason", "Chủ thể đề nghị")
    leader = office.holder("leader", COMMUNE)
    assert office.refuses(3, *withdraw, who=leader) == ["recognition_not_withdrawn"]
    [why] = office.actions(dossier)["withdraw"]["reasons"]
    assert (why["source"], why["mark"]) == ("26/2026/QĐ-TTg art. 9", "one_source")
    reject = ("advance", dossier, "reject_at_province", "--reason", "Hồ sơ giả mạo")
    chair = office.holder("leader", PROVINCE)
    assert office.actions(dossier)["reject_at_province"]["needs"]["decision"]
    assert office.refuses(3, *reject, who=chair) == ["decision_missing"]
    assert office.do("certificate", "show", number)["status"] == "valid"
    office.do(*reject, "--decision", "12/QĐ-UBND", who=chair)
    assert office.do("certificate", "show", number)["status"] == "revoked"
    assert office.do("audit", "conformance", dossier)["ok"]
    first = office.open(COMMUNE, "Mới nộp", track="existing_product")
    assert not office.actions(first)["reject_at_commune"]["needs"]["decision"], "nothing was recognised yet"


def test_the_ministry_may_withdraw_a_recognition_of_the_province(office: Office) -> None:
    """26/2026/QĐ-TTg art. 10, beside the provincial Chair's own revocation (art. 9)."""
    dossier = office.open(COMMUNE, "Bộ thu hồi", track="existing_product")
    office.walk(dossier, "promotion", stars=4)
    number = office.show(dossier)["certificate"]
    assert office.actions(dossier)["revoke"]["roles"] == ["leader@province"]
    assert office.take(dossier, "withdraw_recognition")["to_state"] == "closed.revoked"
    assert office.do("certificate", "show", number)["status"] == "revoked"


# --- taken back -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("declared", [False, True])
def test_an_undone_recognition_leaves_the_earlier_certificate_as_it_was(office: Office, declared: bool) -> None:
    """DESIGN section 5: an act is undone by a further event; what it had replaced holds again."""
    if declared:
        words = ["certificate", "declare", "--product", "Chè", "--entity", "Hợp tác xã số 1", "--stars", "3"]
        words += ["--entity-kind", "cooperative", "--commune", COMMUNE, "--issuer", PROVINCE, "--source", "sổ cũ"]
        words += ["--number", "12/GCN", "--issued-on", "2026-05-25", "--product-set", "coffee_cacao"]
        number = office.do(*words, who=office.holder("officer", PROVINCE))["number"]
    else:
        number = recognised(office, "Chè", 3)
    old = office.do("certificate", "show", number)
    dossier = office.open(COMMUNE, "Chè", track="existing_product", kind="upgrade", previous=number)
    office.walk(dossier, "promotion", stars=4)
    new = office.show(dossier)["certificate"]
    assert office.do("certificate", "show", number)["replaced_by"] == new
    leader = office.holder("leader", PROVINCE)
    assert office.do("undo", dossier, "--reason", "gõ nhầm", who=leader)["to_state"] == "rating.province_decision"
    assert office.do("certificate", "show", number) == old
    assert office.ask("certificate", "show", new).exit == 4
    checked = office.do("doctor", "--rebuild", who="admin")
    assert checked["ok"] and office.do("certificate", "show", number) == old
    office.take(dossier, "recognise")
    assert office.do("certificate", "show", number)["status"] == "replaced"
    assert office.do("audit", "verify")["ok"]
    assert office.do("audit", "conformance")["findings"] == []


def test_a_recognition_is_not_undone_once_the_earlier_certificate_has_gone_on(office: Office) -> None:
    """DESIGN section 5: an act may be undone while nobody has acted on it."""
    number = recognised(office, "Chè", 3)
    dossier = office.open(COMMUNE, "Chè", track="existing_product", kind="upgrade", previous=number)
    office.walk(dossier, "promotion", stars=4)
    office.do("dispute", "set", number, "--reason", "khiếu nại", who=office.holder("officer", PROVINCE))
    leader = office.holder("leader", PROVINCE)
    assert office.refuses(3, "undo", dossier, "--reason", "gõ nhầm", who=leader) == ["undo_replaced_went_on"]


# --- when a round has ended -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("rule", "met"), [("result", True), ("decision", False)])
def test_a_round_ends_with_the_result_or_with_the_decision_as_the_council_rules_say(
    office: Office, rule: str, met: bool
) -> None:
    """Council rules say what "round ended" means; the duty to finish the round is counted to that."""
    rules = office.db.with_name("rules.yaml")
    rules.write_text(f"round_ended: {rule}\n", encoding="utf-8")
    secretary, chair = office.holder("council_secretary", PROVINCE), office.holder("council_chair", PROVINCE)
    words = ["--unit", PROVINCE, "--decision", "10/QĐ-HĐOCOP", "--round", "1", "--year", "2026", "--rules", str(rules)]
    code = office.do("council", "create", *words, who=secretary)["code"]
    for handle, role in ((chair, "council_chair"), (secretary, "council_secretary")):
        office.do("council", "member", code, handle, "--role", role, who=secretary)
    office.councils[PROVINCE, "2026"] = (code, chair, secretary)
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    office.walk(dossier, "evaluation.province_council")
    office.hold_sitting(dossier, office.actions(dossier)["submit_province_result"], 4)
    duty = next(each for each in office.do("deadline", "list", "--dossier", dossier) if each["kind"] == "round_finish")
    assert duty["status"] == ("met" if met else "open")
    office.walk(dossier, "promotion", stars=4)
    duty = next(each for each in office.do("deadline", "list", "--dossier", dossier) if each["kind"] == "round_finish")
    assert duty["status"] == "met"
    assert office.do("doctor", "--rebuild", who="admin")["ok"]
