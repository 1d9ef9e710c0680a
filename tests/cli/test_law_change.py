"""Dossiers under way when the law or the units change: what the rules say of each, done by one event each.

148/QĐ-TTg names districts, which ended on 30 June 2025 (Resolution 202/2025/QH15); 1489/QĐ-TTg has none from 6 July
2025; 26/2026/QĐ-TTg art. 12 lets dossiers filed before 22 May 2026 finish under the old rules within 60 days, a
re-rating within 30 (REGULATIONS.md sections 1 and 10).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.contract import held
from tests.cli.office import Json, Office

if TYPE_CHECKING:
    from pathlib import Path

#: Phường Bần Yên Nhân until 30 June 2025, then Phường Mỹ Hào, which took over Xã Cẩm Xá (12109) too.
BAN_YEN_NHAN, MY_HAO, CAM_XA = "12103", "12103", "12109"
#: Phường Cống Vị of Hà Nội: parts of it went to Ngọc Hà (00008) and to Giảng Võ (00025).
CONG_VI, NGOC_HA = "00007", "00008"
#: Xã Mỹ Hưng of Cao Bằng ended on 30 June 2025; the list of units names no successor.
MY_HUNG = "01651"
#: Thị xã Mỹ Hào, of which both were communes.
DISTRICT = "328"
MIGRATE_1489 = ("workflow", "migrate", "--from", "qd_148_2023", "--to", "qd_1489_2025")
MIGRATE_26 = ("workflow", "migrate", "--from", "qd_1489_2025", "--to", "qd_26_2026")
DECIDED = ("--decision", "12/QĐ-UBND")
MINUTES = ("--minutes", "05/BB-UBND")


def opened(office: Office, commune: str, day: str, product: str = "Tương Bần", **options: str) -> str:
    """A dossier of an existing product, filed with the district on a day."""
    today, office.day = office.day, day
    dossier = office.open(commune, product, **{"track": "existing_product", **options})
    office.day = today
    return dossier


def minister(office: Office) -> str:
    return office.appoint("minister", "leader", "central", "2018-01-01")


def chair(office: Office, province: str = "33") -> str:
    """The provincial Chair, appointed anew to the province as it is since 1 July 2025."""
    return office.appoint(f"chair-{province}", "leader", province, "2025-07-01")


def lines(answer: Json) -> dict[str, Json]:
    held(answer, "workflow migrate" if "migrated" in answer else "unit succeed")
    return {item["dossier"]: item for item in answer["dossiers"]}


def hand_over(office: Office, code: str, *words: str) -> Json:
    found: Json = office.do("unit", "succeed", code, *MINUTES, *words, who=minister(office))
    return found


def events(office: Office, dossier: str) -> list[Json]:
    found: list[Json] = office.do("dossier", "history", dossier)
    return found


def whole(office: Office) -> None:
    """Chains hold, and the views are what a rebuild makes."""
    assert office.do("audit", "verify")["ok"]
    rebuilt = office.do("doctor", "--rebuild", who="admin")
    assert rebuilt["ok"], rebuilt["problems"]


def test_a_dossier_of_a_merged_commune_crosses_1_july_2025_to_promotion(office: Office) -> None:
    """Filed with the district of Mỹ Hào in March 2025 under 148, handed over on 1 July, under 1489 from 6 July."""
    dossier = opened(office, CAM_XA, "2025-03-10")
    office.day = "2025-07-01"
    assert office.show(dossier)["holder"] is None

    handed = hand_over(office, CAM_XA)
    assert handed["counts"] == {"follows": 1, "person_decides": 0}
    assert office.show(dossier)["commune"] == {"code": MY_HAO, "name": "Phường Mỹ Hào"}
    office.communes[dossier] = MY_HAO

    office.day = "2025-07-06"
    migrated = office.do(*MIGRATE_1489, *DECIDED, who=chair(office))
    assert lines(migrated)[dossier]["answer"] == "moves"
    shown = office.show(dossier)
    assert (shown["regime"], shown["state"]) == ("qd_1489_2025", "registration.intake")
    assert shown["holder"] == {"code": MY_HAO, "name": "Phường Mỹ Hào", "tier": "commune"}

    office.day = "2025-08-20"
    assert office.walk(dossier, "promotion", stars=4) == "promotion.active"
    certificate = office.do("certificate", "show", office.show(dossier)["certificate"])
    assert certificate["issuer"]["name"] == "Tỉnh Hưng Yên"
    whole(office)
    judged = office.ask("audit", "conformance").document["findings"]
    assert {item["mark"] for item in judged if item["action"] in ("succeed", "migrate")} == {"doubtful"}


def test_a_hand_over_is_one_event_that_names_the_minutes_and_both_communes(office: Office) -> None:
    """Each act cites the hand-over minutes; the dossier follows its commune and stays in its state."""
    dossier = opened(office, BAN_YEN_NHAN, "2025-03-10")
    office.day = "2025-07-03"
    hand_over(office, "328", "--on", "2025-07-01")
    last = events(office, dossier)[-1]
    assert (last["action"], last["from_state"], last["to_state"]) == (
        "succeed",
        "registration.intake",
        "registration.intake",
    )
    assert last["occurred_on"] == "2025-07-01"
    assert last["actor"]["login"] == "minister"
    assert (last["data"]["former"]["name"], last["data"]["commune"]["name"]) == ("Phường Bần Yên Nhân", "Phường Mỹ Hào")
    assert last["data"]["minutes"] == "05/BB-UBND"
    again = hand_over(office, "328", "--on", "2025-07-01")
    assert again["dossiers"] == []
    assert len(events(office, dossier)) == 2


def test_a_split_commune_and_one_without_successor_go_to_a_persons_list(office: Office, tmp_path: Path) -> None:
    """Partial successors, and communes that have none, are a person's to decide; a list answers."""
    split, unknown = opened(office, CONG_VI, "2025-03-10"), opened(office, MY_HUNG, "2025-03-10", "Miến dong")
    office.day = "2025-07-01"
    tried = office.do("unit", "succeed", "--all", "--dry-run", who=minister(office))
    assert tried["counts"] == {"follows": 0, "person_decides": 2}
    assert [each["code"] for each in lines(tried)[split]["candidates"]] == [NGOC_HA, "00025"]
    assert lines(tried)[unknown]["why"]["code"] == "succession_unknown"

    answers = tmp_path / "answers.csv"
    answers.write_text(f"dossier,unit\n{split},{NGOC_HA}\n", encoding="utf-8")
    done = office.do("unit", "succeed", "--all", "--list", str(answers), *MINUTES, who=minister(office))
    assert done["counts"] == {"follows": 1, "person_decides": 1}
    assert office.show(split)["commune"]["code"] == NGOC_HA
    assert office.show(unknown)["commune"]["code"] == MY_HUNG


def test_a_dry_run_writes_nothing_needs_no_minutes_and_may_look_ahead(office: Office) -> None:
    """The list of July is wanted in June."""
    dossier = opened(office, CAM_XA, "2025-03-10")
    office.day = "2025-06-20"
    tried = office.do("unit", "succeed", "--all", "--on", "2025-07-01", "--dry-run", who=minister(office))
    assert lines(tried)[dossier]["unit"]["code"] == MY_HAO
    assert len(events(office, dossier)) == 1
    words = ("unit", "succeed", "--all", "--on", "2025-07-01", *MINUTES)
    assert office.refuses(3, *words, who=minister(office)) == ["day_in_future"]
    office.day = "2025-07-01"
    assert office.refuses(3, "unit", "succeed", "--all", who=minister(office)) == ["succession_needs_minutes"]


def test_only_a_leader_of_the_province_or_the_centre_hands_over_or_migrates(office: Office) -> None:
    """DESIGN section 5: `unit succeed`, `workflow migrate`: leader at province or centre."""
    opened(office, CAM_XA, "2025-03-10")
    office.day = "2025-07-06"
    officer, elsewhere = office.holder("officer", "33"), chair(office, "01")
    for who in (officer, elsewhere, "admin"):
        assert office.refuses(3, "unit", "succeed", CAM_XA, *MINUTES, who=who) == ["role_missing"]
    for who in (officer, "admin"):
        assert office.refuses(3, *MIGRATE_1489, *DECIDED, who=who) == ["role_missing"]
    assert office.do(*MIGRATE_1489, *DECIDED, who=elsewhere)["dossiers"] == []
    assert office.do("unit", "succeed", CAM_XA, *MINUTES, who=chair(office))["handed_over"] == 1


def test_papers_lost_at_the_hand_over_are_asked_for_again(office: Office, tmp_path: Path) -> None:
    """The minutes say of a file that it is lost or was not received: it is held no longer."""
    today, office.day = office.day, "2025-03-10"
    dossier = office.open(CAM_XA, "Tương Bần", track="existing_product")
    office.hand_in(dossier, office.actions(dossier)["accept_dossier"])
    office.day = "2025-07-01"
    said = tmp_path / "minutes.csv"
    said.write_text(f"dossier,file,answer\n{dossier},registration_form,lost\n{dossier},sample,not_received\n", "utf-8")
    done = hand_over(office, CAM_XA, "--list", str(said))
    assert [(each["kind"], each["copies"], each["answer"]) for each in lines(done)[dossier]["missing"]] == [
        ("registration_form", 1, "lost"),
        ("sample", 5, "not_received"),
    ]
    office.day = "2025-07-06"
    office.communes[dossier] = MY_HAO
    office.do(*MIGRATE_1489, *DECIDED, who=chair(office))
    needs = {each["kind"]: each for each in office.actions(dossier)["propose_to_province"]["needs"]["evidence"]}
    assert (needs["registration_form"]["required"], needs["registration_form"]["have"]) == (1, 0)
    assert (needs["sample"]["required"], needs["sample"]["have"]) == (5, 0)
    assert needs["self_assessment"]["have"] == 1
    office.day = today
    assert office.walk(dossier, "promotion", stars=3) == "promotion.active"
    whole(office)


def test_a_list_at_fault_is_refused_whole(office: Office, tmp_path: Path) -> None:
    """Answers that nobody asked for, papers that are not there, words that are none."""
    dossier = opened(office, CAM_XA, "2025-03-10")
    office.day = "2025-07-01"
    faults = {
        f"dossier,unit\n{dossier},{NGOC_HA}\n": (2, ["succession_not_asked"]),
        f"dossier,file,answer\n{dossier},sample,lost\n": (2, ["list_file_unknown"]),
        f"dossier,file,answer\n{dossier},sample,gone\n": (2, ["list_answer_unknown"]),
        f"dossier,file\n{dossier},sample\n": (2, ["list_line_empty"]),
        f"dossier,unit\n{dossier},{MY_HAO}\n{dossier},{MY_HAO}\n": (2, ["list_dossier_twice"]),
    }
    for text, (code, reasons) in faults.items():
        path = tmp_path / "list.csv"
        path.write_text(text, encoding="utf-8")
        words = ("unit", "succeed", "--all", "--list", str(path), *MINUTES)
        assert office.refuses(code, *words, who=minister(office)) == reasons


def test_a_certificate_of_a_district_keeps_its_issuer_and_its_end_is_the_provinces_to_mind(office: Office) -> None:
    """Names on what was issued stay; certificates and files of a district go to the province."""
    office.day = "2025-03-10"
    dossier = office.open(CAM_XA, "Tương Bần", track="existing_product")
    assert office.walk(dossier, "promotion", stars=3) == "promotion.active"
    number = office.show(dossier)["certificate"]
    office.day = "2025-07-01"
    handed = hand_over(office, CAM_XA)
    assert lines(handed)[dossier]["certificate"]["kept_by"]["name"] == "Tỉnh Hưng Yên"
    issuer = office.do("certificate", "show", number)["issuer"]
    assert (issuer["name"], issuer["tier"]) == ("Thị xã Mỹ Hào", "district")
    units = {item["unit"]["name"] for item in office.do("deadline", "list") if item["subject"] == number}
    assert units == {"Tỉnh Hưng Yên"}
    whole(office)


def declared_by_district(office: Office, number: str, product: str) -> None:
    """A certificate that Thị xã Mỹ Hào issued before this system."""
    words = ["certificate", "declare", "--product", product, "--entity", "Hợp tác xã số 1", "--stars", "3"]
    words += ["--entity-kind", "cooperative", "--commune", CAM_XA, "--issuer", DISTRICT, "--source", "sổ của thị xã"]
    words += ["--number", number, "--issued-on", "2024-05-20", "--product-set", "spices"]
    office.do(*words, who=office.holder("officer", DISTRICT))


def test_declared_certificates_of_a_district_and_their_files_go_to_the_province(office: Office, tmp_path: Path) -> None:
    """Each by an event that cites the minutes, with "lost" and "not received" as answers; the issuer's name stays."""
    office.day = "2025-03-10"
    for number in ("01/GCN", "02/GCN", "03/GCN"):
        declared_by_district(office, number, f"Tương {number[:2]}")
    office.day = "2025-07-01"
    answers = tmp_path / "list.csv"
    answers.write_text("dossier,answer\n02/GCN,lost\n03/GCN,not_received\n", encoding="utf-8")
    words = ("unit", "succeed", "--all", "--list", str(answers))
    tried = office.do(*words, "--dry-run", who=minister(office))
    assert [(each["answer"], each["missing"]) for each in tried["certificates"]] == [
        ("follows", None),
        ("follows", "lost"),
        ("follows", "not_received"),
    ]
    assert office.do("certificate", "show", "02/GCN")["kept"] is None
    done = office.do(*words, *MINUTES, who=minister(office))
    assert {each["kept_by"]["name"] for each in done["certificates"]} == {"Tỉnh Hưng Yên"}
    shown = office.do("certificate", "show", "02/GCN")
    assert (shown["issuer"]["name"], shown["status"]) == ("Thị xã Mỹ Hào", "valid")
    assert {name: shown["kept"][name] for name in ("name", "since", "minutes", "missing")} == {
        "name": "Tỉnh Hưng Yên",
        "since": "2025-07-01",
        "minutes": "05/BB-UBND",
        "missing": "lost",
    }
    units = {item["unit"]["name"] for item in office.do("deadline", "list") if item["subject"] == "02/GCN"}
    assert units == {"Tỉnh Hưng Yên"}
    anew = ("certificate", "reissue", "01/GCN", "--decision", "9/QĐ-UBND", "--reason", "giấy bị hỏng")
    renewed = office.do(*anew, who=office.holder("leader", "33"))
    assert (renewed["issuer"]["name"], renewed["kept"]["minutes"]) == ("Thị xã Mỹ Hào", "05/BB-UBND")
    again = office.do("unit", "succeed", "--all", *MINUTES, who=minister(office))
    assert again["certificates"] == []
    whole(office)


def test_a_paper_of_a_declared_certificate_cannot_be_named_alone(office: Office, tmp_path: Path) -> None:
    office.day = "2025-03-10"
    declared_by_district(office, "01/GCN", "Tương")
    office.day = "2025-07-01"
    answers = tmp_path / "list.csv"
    answers.write_text("dossier,file,answer\n01/GCN,sample,lost\n", encoding="utf-8")
    words = ("unit", "succeed", "--all", "--list", str(answers), *MINUTES)
    assert office.refuses(2, *words, who=minister(office)) == ["list_file_unknown"]


def test_duties_beside_the_state_go_to_who_took_over_the_unit_that_owed_them(office: Office) -> None:
    """A reply owed by a district is the province's since 1 July 2025, that of a commune the successor's."""
    office.day = "2025-06-20"
    dossier = office.open(CAM_XA, "Tương Bần", track="existing_product")
    declared_by_district(office, "01/GCN", "Tương")
    words = ("--about", "nhãn sai", "--kind", "complaint")
    ids = [
        office.do("complaint", "add", subject, *words, who=office.holder("officer", unit))["id"]
        for subject, unit in ((dossier, CAM_XA), (dossier, DISTRICT), ("01/GCN", DISTRICT))
    ]
    office.day = "2025-07-01"
    tried = office.do("unit", "succeed", "--all", "--dry-run", who=minister(office))
    wanted = ["Phường Mỹ Hào", "Tỉnh Hưng Yên", "Tỉnh Hưng Yên"]
    owed = [each for each in tried["duties"] if each["beside"]]
    assert sorted(each["unit"]["name"] for each in owed) == wanted
    office.do("unit", "succeed", "--all", *MINUTES, who=minister(office))
    duties = [each for each in office.do("deadline", "list") if each["kind"] == "reply"]
    assert sorted(each["unit"]["name"] for each in duties) == wanted
    assert {each["due_on"] for each in duties} == {"2025-07-21"}, "the day stays; 20 July 2025 is a Sunday"
    assert [each["data"]["minutes"] for each in events(office, dossier) if each["action"] == "pass_on"] == [
        "05/BB-UBND"
    ] * 2
    office.do("complaint", "answer", ids[1], "--result", "đã trả lời", who=office.holder("officer", "33"))
    assert office.do("unit", "succeed", "--all", *MINUTES, who=minister(office))["duties"] == []
    whole(office)
    assert office.do("audit", "conformance", dossier)["ok"]


def test_posts_and_mailboxes_follow_where_one_successor_is_certain(office: Office) -> None:
    """A post goes on only where the code kept its name; a mailbox goes to the only successor that has none."""
    office.day = "2025-06-20"
    office.holder("officer", CAM_XA)
    office.do("unit", "contact", CAM_XA, "--email", "camxa@example.vn", who="admin")
    office.holder("officer", "00229")
    office.day = "2025-07-01"
    tried = office.do("unit", "succeed", "--all", "--dry-run", who=minister(office))
    posts = {item["former"]["code"]: item for item in tried["posts"]}
    assert (posts[CAM_XA]["answer"], posts[CAM_XA]["unit"]["code"]) == ("person_decides", MY_HAO)
    assert posts["00229"]["answer"] == "follows"
    assert [(each["email"], each["answer"], each["unit"]["code"]) for each in tried["contacts"]] == [
        ("camxa@example.vn", "follows", MY_HAO)
    ]
    office.do("unit", "succeed", CAM_XA, *MINUTES, who=minister(office))
    again = office.do("unit", "succeed", CAM_XA, "--dry-run", who=minister(office))
    assert [each["answer"] for each in again["contacts"]] == ["person_decides"]


@pytest.fixture
def under_1489(office: Office) -> tuple[Office, dict[str, str]]:
    """Dossiers under 1489 in every position that art. 12 of 26/2026/QĐ-TTg tells apart, on 22 May 2026."""
    office.day = "2026-03-02"
    found = {
        "first": office.open(MY_HAO, "Tương Bần", track="existing_product"),
        "not filed": office.open(MY_HAO, "Miến dong", track="new_product"),
        "recognised": office.open(MY_HAO, "Mật ong", track="existing_product"),
    }
    office.walk(found["recognised"], "promotion", stars=3)
    previous = office.show(found["recognised"])["certificate"]
    found["re-rating"] = office.open(MY_HAO, "Mật ong", track="existing_product", kind="re_rating", previous=previous)
    office.day = "2026-05-22"
    return office, found


#: Day -> what is said that day of a first rating and of a re-rating, both filed before 22 May 2026. Thirty days end on
#: Sunday 21 June, and so on Monday 22 June (Civil Code 2015 art. 148); sixty on Tuesday 21 July.
AFTER_22_MAY = {
    "2026-05-22": ("stays", "stays"),
    "2026-06-21": ("stays", "stays"),
    "2026-06-22": ("stays", "stays"),
    "2026-06-23": ("stays", "person_decides"),
    "2026-07-21": ("stays", "person_decides"),
    "2026-07-22": ("person_decides", "person_decides"),
}


def test_dossiers_filed_before_22_may_2026_finish_under_the_old_rules_for_60_or_30_days(
    under_1489: tuple[Office, dict[str, str]],
) -> None:
    """26/2026/QĐ-TTg art. 12: 60 days for a first rating, 30 for a re-rating; what follows is not said."""
    office, dossiers = under_1489
    for office.day, (first, re_rating) in AFTER_22_MAY.items():
        found = lines(office.do(*MIGRATE_26, "--dry-run", who=chair(office)))
        answers = {name: found[code]["answer"] for name, code in dossiers.items()}
        assert answers == {"first": first, "re-rating": re_rating, "not filed": "stays", "recognised": "stays"}
        assert found[dossiers["first"]]["last_day"] == "2026-07-21"
        assert found[dossiers["re-rating"]]["last_day"] == "2026-06-22"
        assert found[dossiers["first"]]["why"]["source"] == "26/2026/QĐ-TTg art. 12"


def test_the_transitional_period_is_that_of_dossiers_filed_and_ends_on_a_working_day(
    under_1489: tuple[Office, dict[str, str]],
) -> None:
    """26/2026/QĐ-TTg art. 12 speaks of dossiers filed and not yet rated; 30 days end on Monday 22 June 2026 (Civil Code
    2015 art. 148). A dossier still at the proposal steps will be filed under the new decision and is told nothing.
    """
    office, dossiers = under_1489
    told = {}
    for office.day in ("2026-06-22", "2026-06-23", "2026-07-21", "2026-07-22"):
        for name in ("first", "re-rating", "not filed"):
            step = next(each for each in office.actions(dossiers[name]).values() if each["kind"] == "forward")
            told[name, office.day] = "transition_over" in {each["code"] for each in step["reasons"]}
    over = {key for key, found in told.items() if found}
    assert over == {("re-rating", "2026-06-23"), ("re-rating", "2026-07-21"), ("re-rating", "2026-07-22")} | {
        ("first", "2026-07-22")
    }


def test_what_a_person_decides_is_done_by_a_list_and_can_be_undone(
    under_1489: tuple[Office, dict[str, str]], tmp_path: Path
) -> None:
    """After the 60 days a person decides where the dossier goes on; a further event takes it back."""
    office, dossiers = under_1489
    office.day = "2026-08-03"
    answers = tmp_path / "answers.csv"
    answers.write_text(f"dossier,state\n{dossiers['first']},registration.intake\n", encoding="utf-8")
    done = office.do(*MIGRATE_26, "--list", str(answers), *DECIDED, who=chair(office))
    assert done["migrated"] == 1
    before = office.show(dossiers["first"])
    assert (before["regime"], before["state"]) == ("qd_26_2026", "registration.intake")
    assert events(office, dossiers["first"])[-1]["signer"]["number"] == "12/QĐ-UBND"
    office.do("undo", dossiers["first"], "--reason", "nhầm", who=chair(office))
    assert office.show(dossiers["first"])["regime"] == "qd_1489_2025"
    whole(office)


def test_a_dossier_at_the_province_keeps_its_place_and_its_result_under_1489(office: Office) -> None:
    """1489 amends points a and c of annex II of 148: what the province found in June counts in July."""
    office.day = "2025-06-02"
    dossier = office.open(CAM_XA, "Tương Bần", track="existing_product")
    office.walk(dossier, "rating.province_decision", stars=4)
    office.day = "2025-07-06"
    hand_over(office, CAM_XA)
    office.communes[dossier] = MY_HAO
    line = lines(office.do(*MIGRATE_1489, *DECIDED, who=chair(office)))[dossier]
    assert (line["answer"], line["to_state"]) == ("moves", "rating.province_decision")
    assert office.show(dossier)["stars"] == 4
    assert office.walk(dossier, "promotion") == "promotion.active"


def test_migrating_needs_a_decision_a_known_law_and_a_day_on_which_it_holds(office: Office) -> None:
    """A numbered decision orders it; the new law must hold on the day."""
    opened(office, CAM_XA, "2025-03-10")
    office.day = "2025-07-05"
    leader = minister(office)
    assert office.refuses(3, *MIGRATE_1489, *DECIDED, who=leader) == ["migrate_too_early"]
    office.day = "2025-07-06"
    assert office.refuses(3, *MIGRATE_1489, who=leader) == ["migrate_needs_decision"]
    words = ("workflow", "migrate", "--from", "qd_148_2023", "--to", "qd_9999")
    assert office.refuses(2, *words, "--dry-run", who=leader) == ["regime_unknown"]


def test_a_repeated_key_gets_the_first_answer_and_a_second_run_finds_nothing_left(office: Office) -> None:
    """Resumable: what has moved is asked about no more; a key keeps the first answer."""
    dossier = opened(office, CAM_XA, "2025-03-10")
    office.day = "2025-07-06"
    words = (*MIGRATE_1489, *DECIDED, "--key", "k1")
    first = office.do(*words, who=minister(office))
    assert first["migrated"] == 1
    assert office.do(*words, who=minister(office)) == first
    assert office.do(*MIGRATE_1489, *DECIDED, who=minister(office))["dossiers"] == []
    assert [item["action"] for item in events(office, dossier)] == ["open", "migrate"]
