"""``certificate revoke``, and what a certificate is worth on a day.

Source of the grounds, of who revokes and of the fifteen days: REGULATIONS section 7 (26/2026/QĐ-TTg art. 9); of the
grace: section 1 (art. 12). Ward 12103 lay in the district Thị xã Mỹ Hào until districts ended on 1 July 2025.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.conftest import copied
from tests.cli.office import Json, Office

if TYPE_CHECKING:
    from pathlib import Path

COMMUNE = "12103"
PROVINCE = "33"
#: Letter and meaning in 26/2026/QĐ-TTg art. 9.
CAUSES = {
    "a": "false_information",
    "b": "criteria_not_met",
    "c": "law_breach",
    "d": "mark_misuse",
    "e": "production_stopped",
    "f": "other_conclusion",
}
PAPER = ("--decision", "77/QĐ-UBND")


@pytest.fixture(scope="module")
def recognised(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, str, str]:
    """An office on 1 June 2026 with a dossier of four stars in promotion; dossier and certificate."""
    office = Office(copied(sandbox_database, tmp_path_factory.mktemp("recognised")))
    dossier = office.open(COMMUNE, "Tương bần", track="existing_product")
    office.walk(dossier, "promotion", stars=4)
    return office, dossier, office.show(dossier)["certificate"]


@pytest.fixture
def issued(recognised: tuple[Office, str, str], tmp_path: Path) -> tuple[Office, str, str]:
    """The same in a database of this test alone, ten days later."""
    made, dossier, certificate = recognised
    office = Office(copied(made.db, tmp_path), "2026-06-11", people=dict(made.people), communes=dict(made.communes))
    return office, dossier, certificate


def declared(office: Office, *words: str, stars: int = 4) -> str:
    """The number of a certificate from before this system."""
    product = ["--product", "Chè", "--entity", "HTX số 4", "--entity-kind", "cooperative", "--source", "Sổ của tỉnh"]
    officer = office.holder("officer", PROVINCE)
    return str(office.do("certificate", "declare", *product, "--stars", str(stars), *words, who=officer)["number"])


def revoke(office: Office, number: str, cause: str, *words: str, who: str | None = None) -> Json:
    leader = who or office.holder("leader", PROVINCE)
    answer: Json = office.do("certificate", "revoke", number, "--cause", cause, *PAPER, *words, who=leader)
    return answer


def seen(office: Office, number: str, *days: str) -> list[str]:
    """The status of a certificate on each day."""
    return [office.do("certificate", "show", number, "--on", day)["status"] for day in days]


@pytest.mark.parametrize("letter", CAUSES)
def test_each_of_the_six_grounds_revokes_a_certificate_and_closes_its_dossier(
    issued: tuple[Office, str, str], letter: str
) -> None:
    """Art. 9: the provincial Chair revokes three and four stars; the dossier ends as revoked, not as expired."""
    office, dossier, number = issued
    answer = revoke(office, number, letter)
    assert (answer["status"], answer["cause"]["id"]) == ("revoked", CAUSES[letter])
    assert answer["warnings"] == []
    shown = office.show(dossier)
    assert (shown["state"], shown["closed_on"]) == ("closed.revoked", "2026-06-11")
    last = office.do("dossier", "history", dossier)[-1]
    assert (last["action"], last["signer"]["number"]) == ("revoke", "77/QĐ-UBND")
    assert office.do("certificate", "show", number, "--on", "2026-06-10")["status"] == "valid"
    assert office.do("doctor", "--rebuild")["ok"] is True


@pytest.mark.parametrize(("decided", "late"), [("2026-06-29", False), ("2026-06-30", True)])
def test_a_decision_after_fifteen_days_is_recorded_with_a_warning(
    issued: tuple[Office, str, str], decided: str, late: bool
) -> None:
    """Art. 9: fifteen days from the conclusion; 12 June + 15 = 27 June 2026, a Saturday, so Monday the 29th."""
    office, _, number = issued
    office.day = decided
    answer = revoke(office, number, "c", "--concluded", "2026-06-12")
    assert answer["decide_by"] == "2026-06-29"
    assert [item["code"] for item in answer["warnings"]] == (["revocation_late"] if late else [])


def test_who_may_not_revoke_and_what_cannot_be_revoked(issued: tuple[Office, str, str]) -> None:
    """DESIGN section 5: a leader of the issuer or of its successor; a ground of the law; once."""
    office, _, number = issued
    leader = office.holder("leader", PROVINCE)
    words = ["certificate", "revoke", number, *PAPER]
    assert "role_missing" in office.refuses(3, *words, "--cause", "a", who=office.holder("officer", PROVINCE))
    assert "cause_unknown" in office.refuses(2, *words, "--cause", "g", who=leader)
    assert "decision_missing" in office.refuses(3, "certificate", "revoke", number, "--cause", "a", who=leader)
    assert "conclusion_after_decision" in office.refuses(
        3, *words, "--cause", "a", "--concluded", "2026-06-12", who=leader
    )
    assert "certificate_absent" in office.refuses(
        4, "certificate", "revoke", "99/GCN", "--cause", "a", *PAPER, who=leader
    )
    revoke(office, number, "a")
    assert "certificate_revoked" in office.refuses(3, *words, "--cause", "b", who=leader)


def test_five_stars_are_revoked_by_the_centre(office: Office) -> None:
    """Art. 9: the Minister revokes five stars, whoever kept the list."""
    number = declared(office, "--commune", COMMUNE, "--issued-on", "2025-03-01", stars=5)
    words = ["certificate", "revoke", number, "--cause", "d", *PAPER]
    assert "role_missing" in office.refuses(3, *words, who=office.holder("leader", PROVINCE))
    assert revoke(office, number, "d", who=office.holder("leader", "central"))["status"] == "revoked"


def test_the_province_of_today_revokes_what_an_abolished_district_issued(office: Office) -> None:
    """Names on what was issued stay; districts ended without successors, so the province above the commune acts."""
    place = ["--commune", COMMUNE, "--issuer", "328", "--issued-on", "2024-03-01", "--number", "5/GCN"]
    number = declared(office, *place, stars=3)
    before = office.do("certificate", "show", number)["issuer"]
    assert (before["name"], before["tier"]) == ("Thị xã Mỹ Hào", "district")
    answer = revoke(office, number, "e")
    assert (answer["status"], answer["issuer"]) == ("revoked", before)


def test_a_dossier_of_a_former_district_is_revoked_by_the_province_of_today(sandbox: Path) -> None:
    """148/QĐ-TTg: the district recognised three stars; its certificates went to the province on 1 July 2025."""
    office = Office(sandbox, "2024-03-01")
    dossier = office.open(COMMUNE, "Tương bần", track="existing_product")
    office.walk(dossier, "promotion", stars=3)
    number = office.show(dossier)["certificate"]
    issuer = office.do("certificate", "show", number)["issuer"]
    assert issuer["tier"] == "district"
    office.day = "2026-06-11"
    answer = revoke(office, number, "not_re_rated")
    assert (answer["dossier_state"], answer["issuer"]) == ("closed.revoked", issuer)
    assert [item["code"] for item in answer["warnings"]] == ["cause_of_earlier_practice"]


def test_a_certificate_that_ran_out_may_still_be_revoked_and_its_dossier_stays_expired(sandbox: Path) -> None:
    """Before 26/2026 provinces also revoked what had merely expired; expired and revoked are different states."""
    office = Office(sandbox, "2024-03-01")
    dossier = office.open(COMMUNE, "Tương bần", track="existing_product")
    office.walk(dossier, "promotion", stars=4)
    number = office.show(dossier)["certificate"]
    office.day = "2027-04-01"
    office.do("scheduler", "run", "--once")
    assert office.state(dossier) == "closed.expired"
    answer = revoke(office, number, "not_re_rated")
    assert (answer["status"], office.state(dossier)) == ("revoked", "closed.expired")
    assert office.do("doctor", "--rebuild")["ok"] is True


# --- grace ------------------------------------------------------------------------------------------------------------


def test_grace_lasts_180_days_past_the_end_while_the_re_rating_is_undecided(office: Office) -> None:
    """Art. 12: issued before, and the window (last day 120 days before 1 August 2026: 3 April) closed before 22 May."""
    place = ["--commune", COMMUNE, "--issued-on", "2023-08-01", "--valid-to", "2026-08-01"]
    number = declared(office, *place)
    assert seen(office, number, "2026-08-02") == ["expired"]
    dossier = office.open(
        COMMUNE, "Chè", kind="re_rating", track="existing_product", previous=number, entity="HTX số 4"
    )
    days = ("2026-08-01", "2026-08-02", "2027-01-28", "2027-01-29")
    assert seen(office, number, *days) == ["valid", "grace", "grace", "expired"]
    office.walk(dossier, "promotion", stars=3)
    assert office.do("certificate", "show", number)["status"] == "replaced"
    assert office.do("certificate", "show", number)["replaced_by"] == office.show(dossier)["certificate"]
    assert office.do("doctor", "--rebuild")["ok"] is True


def test_who_could_meet_the_window_has_no_grace(office: Office) -> None:
    """The last day to file before 1 December 2026 is 3 August, after the decision: the ordinary rule holds."""
    place = ["--commune", COMMUNE, "--issued-on", "2023-12-01", "--valid-to", "2026-12-01"]
    number = declared(office, *place)
    office.open(COMMUNE, "Chè", kind="re_rating", track="existing_product", previous=number, entity="HTX số 4")
    assert office.do("certificate", "show", number, "--on", "2026-12-02")["status"] == "expired"


#: End of a certificate of three years before -> what the last day to file, 120 days before, is: 21 and 22 May 2026.
LAST_TO_FILE = {"2026-09-18": None, "2026-09-19": "2026-05-22"}


@pytest.mark.parametrize("ends", LAST_TO_FILE)
def test_a_window_that_was_over_before_the_decision_binds_nobody(office: Office, ends: str) -> None:
    """26/2026/QĐ-TTg is in force from 22 May 2026: who could still file on that day had a window (art. 8), who could
    not goes on for 180 days (art. 12). No duty falls due before the decision that makes it.
    """
    number = declared(office, "--commune", COMMUNE, "--issued-on", f"2023-{ends[5:]}", "--valid-to", ends)
    duties = {each["kind"]: each["due_on"] for each in office.do("deadline", "list") if each["subject"] == number}
    assert duties.get("re_rating_filing") == LAST_TO_FILE[ends]
    words = ["--product", "Chè", "--entity", "HTX số 4", "--entity-kind", "cooperative", "--previous", number]
    words += ["--product-set", "coffee_cacao", "--kind", "re_rating", "--track", "existing_product"]
    opened = office.do("dossier", "open", "--commune", COMMUNE, *words, who=office.holder("officer", COMMUNE))
    told = [(each["code"], each["source"]) for each in opened["warnings"]]
    if LAST_TO_FILE[ends] is None:
        assert told == [("re_rating_before_window", "26/2026/QĐ-TTg art. 12")]
        assert seen(office, number, "2026-09-19", "2027-03-17", "2027-03-18") == ["grace", "grace", "expired"]
    else:
        assert told == [("re_rating_outside_window", "26/2026/QĐ-TTg art. 8")]
        assert seen(office, number, "2026-09-20") == ["expired"]


@pytest.mark.parametrize("answer", ["refuse", "treat_as_first"])
def test_a_province_refuses_nobody_whom_the_decision_lets_go_on(office: Office, tmp_path: Path, answer: str) -> None:
    """What follows outside the window is a province's to settle (art. 8 is silent); whom art. 12 lets go on is not."""
    file = tmp_path / "quy-dinh-rieng.yaml"
    head = f'schema: ocop-overlay/1\nprovince: "{PROVINCE}"\nbase: qd_26_2026\ndecision: 5/2026/QĐ-UBND\n'
    head += 'effective_from: "2026-06-01"\ntitle: {vi: Quy định riêng của tỉnh, en: Own settings}\n'
    file.write_text(f"{head}parameters: {{re_rating_outside_window: {answer}}}\n", encoding="utf-8")
    decision = ["--unit", PROVINCE, "--decision", "5/2026/QĐ-UBND", "--from", "2026-06-01"]
    office.do("workflow", "adopt", str(file), *decision, who="admin")
    number = declared(office, "--commune", COMMUNE, "--issued-on", "2023-08-01", "--valid-to", "2026-08-01")
    options = {"kind": "re_rating", "track": "existing_product", "previous": number, "entity": "HTX số 4"}
    dossier = office.open(COMMUNE, "Chè", **options)
    assert office.show(dossier)["kind"] == "re_rating"
    assert seen(office, number, "2026-08-02") == ["grace"]


def test_a_dossier_in_grace_is_not_moved_to_expired(sandbox: Path) -> None:
    """The scheduler ends it when the grace is over, not when the 36 months are."""
    office = Office(sandbox, "2023-08-01")
    first = office.open(COMMUNE, "Tương bần", track="existing_product")
    office.walk(first, "promotion", stars=4)
    office.day = "2026-06-01"
    number = office.show(first)["certificate"]
    office.open(COMMUNE, "Tương bần", kind="re_rating", track="existing_product", previous=number)
    office.day = "2026-08-05"
    office.do("scheduler", "run", "--once")
    assert (office.state(first), office.do("certificate", "show", number)["status"]) == ("promotion.active", "grace")
    office.day = "2027-02-01"
    office.do("scheduler", "run", "--once")
    assert office.state(first) == "closed.expired"


def test_the_window_of_the_re_rating_is_that_of_the_law_of_the_day(office: Office) -> None:
    """26/2026/QĐ-TTg art. 8: from 180 to 120 days before the end; before that decision there was no window."""
    number = declared(office, "--commune", COMMUNE, "--issued-on", "2024-01-01", "--valid-to", "2027-01-01")
    assert seen(office, number, "2026-07-05", "2026-09-03") == ["re_rating_window", "re_rating_window"]
    assert seen(office, number, "2026-07-04", "2026-09-04") == ["valid", "valid"]
    older = declared(office, "--commune", COMMUNE, "--number", "8/GCN", "--issued-on", "2021-06-01")
    assert office.do("certificate", "show", older, "--on", "2024-01-15")["status"] == "valid"
