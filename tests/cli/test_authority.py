"""Who may do what: DESIGN section 5, through the command line."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.cli.office import dump, ocop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.office import Json, Office

COMMUNE, NEIGHBOUR, PROVINCE = "12103", "12127", "33"


@pytest.fixture
def dossier(office: Office) -> str:
    """Lies with the commune, which checks it; 26/2026/QĐ-TTg, 1 June 2026."""
    return office.open(COMMUNE, "Cà phê", track="existing_product")


def last(office: Office, dossier: str) -> Json:
    event: Json = office.do("dossier", "history", dossier)[-1]
    return event


def return_words(dossier: str) -> list[str]:
    return ["advance", dossier, "return_for_supplement", "--reason", "thiếu mẫu"]


def opening(product: str) -> list[str]:
    words = ["--entity", "HTX số 1", "--entity-kind", "cooperative", "--product-set", "coffee_cacao", "--kind", "first"]
    return ["dossier", "open", "--commune", COMMUNE, "--product", product, *words, "--track", "existing_product"]


# --- actor and recorder ----------------------------------------------------------------------------------------------


def test_the_doer_and_the_recorder_are_frozen_as_they_were(office: Office, dossier: str) -> None:
    """Each with name, role and unit; a later post changes nothing in the history (DESIGN section 4)."""
    officer = office.holder("officer", COMMUNE)
    office.do(*return_words(dossier), who=officer)
    unit = {"code": COMMUNE, "name": "Phường Mỹ Hào", "tier": "commune"}
    expected = {"login": officer, "name": f"Cán bộ {officer}", "role": "officer", "unit": unit}
    office.appoint(officer, "leader", COMMUNE, "2026-06-01")
    event = last(office, dossier)
    assert event["actor"] == event["recorder"] == expected
    assert event["signer"] is None


@pytest.mark.parametrize("unit", [COMMUNE, PROVINCE, "central"])
def test_an_officer_of_the_unit_or_of_one_above_types_for_another(office: Office, dossier: str, unit: str) -> None:
    """One person types for many: the recorder is the actor, or an officer of that unit or of a unit above it."""
    leader = office.holder("leader", COMMUNE)
    typist = office.appoint("typist", "officer", unit, "2026-05-31")
    office.do(*return_words(dossier), "--by", leader, who=typist)
    event = last(office, dossier)
    assert (event["actor"]["login"], event["actor"]["role"]) == (leader, "leader")
    assert (event["recorder"]["login"], event["recorder"]["role"]) == (typist, "officer")
    assert event["recorder"]["unit"]["code"] == unit


def test_a_council_secretary_of_the_unit_types_for_another(office: Office, dossier: str) -> None:
    leader = office.holder("leader", COMMUNE)
    secretary = office.holder("council_secretary", PROVINCE)
    office.do(*return_words(dossier), "--by", leader, who=secretary)
    assert last(office, dossier)["recorder"]["role"] == "council_secretary"


@pytest.mark.parametrize(
    ("role", "unit"),
    [
        ("officer", NEIGHBOUR),
        ("officer", "01"),
        ("leader", COMMUNE),
        ("leader", PROVINCE),
        ("advisory_team", PROVINCE),
        ("council_member", PROVINCE),
        ("auditor", "central"),
        ("admin", "central"),
    ],
)
def test_a_stranger_does_not_type_for_another(office: Office, dossier: str, role: str, unit: str) -> None:
    """Not an officer of a neighbour, and no other role of the unit itself or above."""
    leader = office.holder("leader", COMMUNE)
    stranger = office.appoint("stranger", role, unit, "2025-07-01")
    codes = office.refuses(3, *return_words(dossier), "--by", leader, who=stranger)
    assert codes == ["recorder_not_allowed"]


def test_the_recorder_must_hold_the_post_on_the_recording_day(office: Office, dossier: str) -> None:
    """Appointed on the recording day: an officer of last month types nothing today, even about last month."""
    leader = office.holder("leader", COMMUNE)
    former = office.appoint("former", "officer", COMMUNE, "2025-07-01", "2026-06-01")
    office.day = "2026-06-05"
    words = [*return_words(dossier), "--by", leader, "--on", "2026-06-01"]
    assert office.refuses(3, *words, who=former) == ["recorder_not_allowed"]
    newcomer = office.appoint("newcomer", "officer", COMMUNE, "2026-06-05")
    office.do(*words, who=newcomer)
    assert last(office, dossier)["occurred_on"] == "2026-06-01"


def test_the_actor_must_hold_the_post_on_the_legal_day(office: Office, dossier: str) -> None:
    """The actor holds the role exactly there on that day: who came on 5 June did nothing on 2 June."""
    office.day = "2026-06-05"
    newcomer = office.appoint("newcomer", "officer", COMMUNE, "2026-06-05")
    assert office.refuses(3, *return_words(dossier), "--on", "2026-06-02", who=newcomer) == ["post_not_valid"]
    former = office.appoint("former", "officer", COMMUNE, "2025-07-01", "2026-06-03")
    office.do(*return_words(dossier), "--on", "2026-06-02", "--by", former, who=newcomer)


@pytest.mark.parametrize("role", ["auditor", "admin"])
@pytest.mark.parametrize("unit", [COMMUNE, PROVINCE, "central"])
def test_auditors_and_administrators_never_move_dossiers(office: Office, dossier: str, role: str, unit: str) -> None:
    """An auditor reads all and changes nothing; an administrator never touches dossiers."""
    watcher = office.appoint("watcher", role, unit, "2025-07-01")
    for words in (
        return_words(dossier),
        ["advance", dossier, "withdraw", "--reason", "x"],
        ["attach", dossier, "--kind", "sample"],
        ["fix", dossier, "product", "Ca cao", "--reason", "x"],
        opening("Trà"),
    ):
        assert set(office.refuses(3, *words, who=watcher)) == {"role_missing"}
    assert office.do("dossier", "show", dossier, who=None)["code"] == dossier


def test_a_delegation_lets_another_act_for_its_days_only(office: Office, dossier: str) -> None:
    """Persons hold posts by a numbered decision, or by delegation for a period."""
    leader = office.holder("leader", COMMUNE)
    office.do("person", "add", "deputy", "--name", "Phó Chủ tịch số 1", who="admin")
    period = ["--from", "2026-06-02", "--to", "2026-06-03"]
    words = ["--unit", COMMUNE, "--role", "leader", "--decision", "20/QĐ-UBND", *period]
    office.do("person", "delegate", leader, "deputy", *words, who=leader)
    assert office.refuses(3, *return_words(dossier), who="deputy") == ["post_not_valid"]
    office.day = "2026-06-03"
    office.do(*return_words(dossier), who="deputy")
    office.day = "2026-06-04"
    assert office.refuses(3, "advance", dossier, "reject_at_commune", "--reason", "x", who="deputy") == [
        "post_not_valid"
    ]


def test_an_office_login_must_say_who_did_it(office: Office, dossier: str) -> None:
    """Several people use it: the doer is named, and the login is only the recorder."""
    office.do("person", "add", "desk", "--name", "Văn phòng UBND phường", "--office-login", who="admin")
    office.appoint("desk", "officer", COMMUNE, "2025-07-01")
    assert office.refuses(3, *return_words(dossier), who="desk") == ["doer_not_named"]
    officer = office.holder("officer", COMMUNE)
    office.do(*return_words(dossier), "--by", officer, who="desk")
    event = last(office, dossier)
    assert (event["actor"]["login"], event["recorder"]["login"]) == (officer, "desk")


# --- units and their two lives ---------------------------------------------------------------------------------------


def test_two_lives_of_a_code_are_not_confused(office: Office) -> None:
    """12103 was Phường Bần Yên Nhân to 30 June 2025, and is Phường Mỹ Hào since: a code is read on a day."""
    old = office.do("unit", "show", COMMUNE, "--on", "2025-06-30")
    new = office.do("unit", "show", COMMUNE, "--on", "2025-07-01")
    assert (old["name"], old["valid_to"], old["parent"]["code"]) == ("Phường Bần Yên Nhân", "2025-06-30", "328")
    assert (new["name"], new["valid_from"], new["parent"]["code"]) == ("Phường Mỹ Hào", "2025-07-01", PROVINCE)
    assert [item["code"] for item in old["successors"]] == [COMMUNE]


def test_a_post_at_the_former_unit_of_a_code_gives_nothing_at_the_new_one(office: Office, dossier: str) -> None:
    """An officer of Phường Bần Yên Nhân without a last day is no officer of Phường Mỹ Hào."""
    former = office.appoint("former", "officer", COMMUNE, "2020-01-01")
    assert office.refuses(3, *return_words(dossier), who=former) == ["post_of_former_unit"]


def test_a_post_at_the_new_unit_gives_nothing_on_a_day_of_the_former_one(office: Office) -> None:
    """An opening dated 30 June 2025 is an act of Phường Bần Yên Nhân, whoever types it today."""
    new = office.holder("officer", COMMUNE)
    old = office.appoint("old", "officer", COMMUNE, "2020-01-01", "2025-06-30")
    words = [*opening("Cà phê"), "--on", "2025-06-30", "--entry", "paper:hồ sơ 2025"]
    assert len(office.refuses(3, *words, who=new)) == 1
    opened = office.do(*words, "--by", old, who=new)
    assert opened["commune"]["name"] == "Phường Bần Yên Nhân"
    event = last(office, opened["code"])
    assert event["actor"]["unit"]["name"] == "Phường Bần Yên Nhân"
    assert event["recorder"]["unit"]["name"] == "Phường Mỹ Hào"
    assert event["entry"] == "paper:hồ sơ 2025"


# --- the signer ------------------------------------------------------------------------------------------------------


def proposing(office: Office, dossier: str) -> list[str]:
    """The commune's letter to the province, everything handed in; without its number."""
    action = office.actions(dossier)["propose_to_province"]
    office.hand_in(dossier, action)
    words = office.words_for(dossier, action)
    at = words.index("--decision")
    return [*words[:at], *words[at + 2 :]]


def test_with_a_number_alone_the_doer_signs_on_the_day_of_the_act(office: Office, dossier: str) -> None:
    """``--decision`` suffices: its date defaults to ``--on``, the signer to the actor, without capacity."""
    words = proposing(office, dossier)
    leader = office.holder("leader", COMMUNE)
    assert office.refuses(3, *words, who=leader) == ["decision_missing"]
    office.do(*words, "--decision", "12/CV-UBND", who=leader)
    signer = last(office, dossier)["signer"]
    assert (signer["name"], signer["post"], signer["capacity"]) == (f"Cán bộ {leader}", "leader", None)
    assert (signer["number"], signer["date"]) == ("12/CV-UBND", "2026-06-01")


def test_the_signers_post_is_checked_on_the_documents_date(office: Office, dossier: str) -> None:
    """Who was Chair in May signed in May, and not in June."""
    words = [*proposing(office, dossier), "--decision", "12/CV-UBND"]
    leader = office.holder("leader", COMMUNE)
    former = office.appoint("former-chair", "leader", COMMUNE, "2025-07-01", "2026-05-31")
    signed = ["--signed-by", former, "--capacity", "TM"]
    assert "post_not_valid" in office.refuses(3, *words, *signed, who=leader)
    assert "post_not_valid" in office.refuses(3, *words, *signed, "--decision-date", "2026-06-01", who=leader)
    office.do(*words, *signed, "--decision-date", "2026-05-31", who=leader)
    signer = last(office, dossier)["signer"]
    assert (signer["login"], signer["capacity"], signer["date"]) == (former, "TM", "2026-05-31")


def test_a_chair_who_never_logs_in_signs(office: Office, dossier: str) -> None:
    """A person need not be able to log in (DESIGN principle 9)."""
    words = [*proposing(office, dossier), "--decision", "12/CV-UBND"]
    office.do("person", "add", "chair", "--name", "Chủ tịch số 1", "--no-login", who="admin")
    office.appoint("chair", "leader", COMMUNE, "2025-07-01")
    officer = office.holder("officer", COMMUNE)
    office.do(*words, "--by", "chair", who=officer)
    event = last(office, dossier)
    assert (event["actor"]["login"], event["signer"]["login"]) == ("chair", "chair")
    assert event["recorder"]["login"] == officer


def test_a_document_of_tomorrow_is_not_signed_yet(office: Office, dossier: str) -> None:
    words = [*proposing(office, dossier), "--decision", "12/CV-UBND", "--decision-date", "2026-06-02"]
    assert "day_in_future" in office.refuses(3, *words, who=office.holder("leader", COMMUNE))


def test_a_stranger_does_not_sign(office: Office, dossier: str) -> None:
    words = [*proposing(office, dossier), "--decision", "12/CV-UBND"]
    stranger = office.appoint("stranger", "leader", NEIGHBOUR, "2025-07-01")
    assert "role_missing" in office.refuses(3, *words, "--signed-by", stranger, who=office.holder("leader", COMMUNE))


# --- separation of duties --------------------------------------------------------------------------------------------


@pytest.fixture
def submitted(office: Office) -> tuple[str, str]:
    """A four-star dossier before the provincial Chair, and who submitted the council's result."""
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    office.walk(dossier, "rating.province_decision", stars=4)
    return dossier, office.holder("council_secretary", PROVINCE)


RECOGNISE = ["recognise", "--decision", "30/QĐ-UBND"]


def test_who_prepared_the_result_does_not_sign_the_decision(office: Office, submitted: tuple[str, str]) -> None:
    """Separation of duties compares who prepared with who signed (DESIGN section 5)."""
    dossier, secretary = submitted
    office.appoint(secretary, "leader", PROVINCE, "2025-07-01")
    reasons = {item["code"] for item in office.actions(dossier)["recognise"]["reasons"]}
    assert "another_must_sign" in reasons  # a duty to have another person sign is one of the reasons
    assert office.refuses(3, "advance", dossier, *RECOGNISE, who=secretary) == ["same_person_signs"]


def test_the_recorder_is_never_compared(office: Office, submitted: tuple[str, str]) -> None:
    """The secretary who submitted the result may type the Chair's decision."""
    dossier, secretary = submitted
    chair = office.holder("leader", PROVINCE)
    office.do("advance", dossier, *RECOGNISE, "--by", chair, who=secretary)
    event = last(office, dossier)
    assert (event["recorder"]["login"], event["signer"]["login"]) == (secretary, chair)


def test_another_rightful_person_signs_for_one_who_prepared(office: Office, submitted: tuple[str, str]) -> None:
    dossier, secretary = submitted
    office.appoint(secretary, "leader", PROVINCE, "2025-07-01")
    chair = office.holder("leader", PROVINCE)
    office.do("advance", dossier, *RECOGNISE, "--signed-by", chair, who=secretary)
    assert office.state(dossier) == "promotion.active"


def test_a_recognition_dated_before_the_councils_result_is_a_warning(office: Office) -> None:
    """The decision stands on the result (26/2026/QĐ-TTg art. 7); no source says what an older date means: it warns."""
    office.day = "2026-06-02"
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    office.walk(dossier, "rating.province_decision", stars=4)
    words = ["advance", dossier, *RECOGNISE, "--decision-date"]
    chair = office.holder("leader", PROVINCE)
    told = {}
    for day in ("2026-06-01", "2026-06-02"):
        trial = office.do(*words, day, "--dry-run", who=chair)
        told[day] = "decision_before_result" in [item["code"] for item in trial["warnings"]]
    assert told == {"2026-06-01": True, "2026-06-02": False}


# --- decided against the rules ---------------------------------------------------------------------------------------


def test_a_signed_decision_against_the_rules_is_recorded_with_its_number_file_and_reason(
    office: Office, submitted: tuple[str, str], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A signed decision is a legal fact: the event keeps the failed conditions, the view decided and computed stars."""
    dossier, _ = submitted
    paper = signed_paper(tmp_path_factory)
    chair = office.holder("leader", PROVINCE)
    words = ["advance", dossier, *RECOGNISE, "--set", "stars=3"]
    assert office.refuses(3, *words, who=chair) == ["stars_differ"]
    assert {"as_decided_needs_paper", "reason_missing"} <= set(office.refuses(3, *words, "--as-decided", who=chair))
    moved = office.do(*words, "--as-decided", "--reason", "theo biên bản", "--decision-file", str(paper), who=chair)
    assert [item["code"] for item in moved["overridden"]] == ["stars_differ"]
    event = last(office, dossier)
    assert [item["code"] for item in event["overridden"]] == ["stars_differ"]
    assert event["signer"]["number"] == "30/QĐ-UBND"
    assert event["signer"]["file"]
    shown = office.show(dossier)
    assert (shown["stars"], shown["stars_decided"]) == (4, 3)
    assert office.do("certificate", "show", shown["certificate"])["stars"] == 3


def test_missing_evidence_and_a_wrong_result_can_be_overridden_but_not_the_lack_of_a_post(
    office: Office, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Against failed conditions, never against who may sign: a stranger's paper is no decision."""
    dossier = office.open(COMMUNE, "Cà phê", track="existing_product")
    office.walk(dossier, "rating.province_decision", stars=2)
    paper = ["--as-decided", "--reason", "x", "--decision-file", str(signed_paper(tmp_path_factory))]
    words = ["advance", dossier, *RECOGNISE, "--set", "stars=3", *paper]
    stranger = office.appoint("stranger", "leader", "01", "2025-07-01")
    assert "role_missing" in office.refuses(3, *words, who=stranger)
    moved = office.do(*words, who=office.holder("leader", PROVINCE))
    assert {item["code"] for item in moved["overridden"]} == {"stars_between", "stars_differ"}
    assert (office.show(dossier)["stars"], office.show(dossier)["stars_decided"]) == (2, 3)


def test_an_action_that_is_not_recordable_cannot_be_forced(
    office: Office, dossier: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """Only an action marked ``recordable`` may be entered as decided."""
    officer = office.holder("officer", COMMUNE)
    paper = ["--decision", "1/CV-UBND", "--decision-file", str(signed_paper(tmp_path_factory))]
    codes = office.refuses(3, *return_words(dossier), "--as-decided", *paper, who=officer)
    assert "not_recordable" in codes


def signed_paper(factory: pytest.TempPathFactory) -> Path:
    file = factory.mktemp("papers") / "decision.pdf"
    file.write_bytes(b"%PDF signed")
    return file


# --- undo and fix ----------------------------------------------------------------------------------------------------


def test_ones_own_newest_act_can_be_taken_back_and_both_stay_in_the_record(office: Office, dossier: str) -> None:
    """Nothing is deleted: a mistake is undone by a further event (DESIGN principle 8)."""
    before = office.show(dossier)
    office.take(dossier, "return_for_supplement")
    undone = office.do("undo", dossier, who=office.holder("officer", COMMUNE))
    assert (undone["undone"], undone["to_state"]) == ("return_for_supplement", "registration.intake")
    events = office.do("dossier", "history", dossier)
    assert [item["action"] for item in events] == ["open", "return_for_supplement", "undo"]
    after = office.show(dossier)
    assert {**after, "version": 1} == {**before, "version": 1}
    assert after["version"] == 3


def test_evidence_filed_by_mistake_is_taken_back(office: Office, dossier: str) -> None:
    officer = office.holder("officer", COMMUNE)
    office.do("attach", dossier, "--kind", "sample", "--copies", "5", who=officer)
    office.do("undo", dossier, who=officer)
    (need,) = [
        item for item in office.actions(dossier)["propose_to_province"]["needs"]["evidence"] if item["kind"] == "sample"
    ]
    assert need["have"] == 0


def test_anothers_act_is_not_taken_back(office: Office, dossier: str) -> None:
    office.take(dossier, "return_for_supplement")
    colleague = office.holder("officer", COMMUNE, 2)
    assert office.refuses(3, "undo", dossier, who=colleague) == ["undo_of_another"]


def test_an_act_on_which_another_has_acted_is_not_taken_back(office: Office, dossier: str) -> None:
    """While nobody has acted on it: the newest act is now another's."""
    officer, colleague = office.holder("officer", COMMUNE), office.holder("officer", COMMUNE, 2)
    office.do(*return_words(dossier), who=officer)
    office.do("attach", dossier, "--kind", "sample", who=colleague)
    assert office.refuses(3, "undo", dossier, who=officer) == ["undo_of_another"]


def test_an_opening_and_an_undoing_are_not_taken_back(office: Office, dossier: str) -> None:
    officer = office.holder("officer", COMMUNE)
    assert office.refuses(3, "undo", dossier, who=officer) == ["nothing_to_undo"]
    office.do(*return_words(dossier), who=officer)
    office.do("undo", dossier, who=officer)
    assert office.refuses(3, "undo", dossier, who=officer) == ["undone_already"]
    stale = ["attach", dossier, "--kind", "sample", "--expect-version", "1"]
    assert office.refuses(5, *stale, who=officer) == ["version_conflict"]
    assert "last act undo" in office.ask(*stale, who=officer).document["reasons"][0]["message"]


# --- evidence withdrawn ----------------------------------------------------------------------------------------------


def held(office: Office, dossier: str, kind: str) -> int:
    """Copies of a kind that the dossier holds, as any forward action counts them."""
    needs = [need for each in office.actions(dossier).values() for need in each["needs"]["evidence"]]
    return max(int(need["have"]) for need in needs if need["kind"] == kind)


def test_evidence_filed_wrongly_is_withdrawn_and_its_filing_stays(office: Office, dossier: str) -> None:
    """A mistake is corrected by a further event with a reason (DESIGN principle 8), also after another was undone."""
    officer = office.holder("officer", COMMUNE)
    wrong = office.do("attach", dossier, "--kind", "registration_form", who=officer)["version"]
    office.do("attach", dossier, "--kind", "sample", "--copies", "50", who=officer)
    office.do("undo", dossier, who=officer)
    words = ["detach", dossier, str(wrong)]
    assert office.refuses(3, *words, who=officer) == ["reason_missing"]
    assert office.refuses(3, *words, "--reason", "x", who=office.holder("officer", NEIGHBOUR)) == ["role_missing"]
    taken = office.do(*words, "--reason", "nộp nhầm hồ sơ", who=officer)
    form = {"kind": "registration_form", "label": "Registration form (Form 01)", "copies": 1, "have": 0}
    assert (taken["withdrawn"], taken["warnings"]) == ([form], [])
    assert held(office, dossier, "registration_form") == 0
    events = office.do("dossier", "history", dossier)
    assert [each["action"] for each in events] == ["open", "attach", "attach", "undo", "detach"]
    assert events[-1]["data"]["withdrawn"] == [{"kind": "registration_form", "copies": 1, "file": None}]
    shown = ocop("audit", "replay", dossier, "--db", str(office.db), "--lang", "en").out
    assert "Evidence withdrawn: 1 × " in shown
    assert office.refuses(4, *words, "--reason", "lần nữa", who=officer) == ["evidence_not_held"]
    assert office.do("audit", "conformance", dossier)["ok"]
    before = dump(office.db)
    office.do("doctor", "--rebuild", who="admin")
    assert dump(office.db) == before


def test_one_kind_of_what_was_filed_together_is_withdrawn_and_may_be_undone(
    office: Office, dossier: str, tmp_path: Path
) -> None:
    officer = office.holder("officer", COMMUNE)
    folder = tmp_path / "hồ sơ"
    folder.mkdir()
    for kind in ("registration_form", "commune_report"):
        (folder / f"{kind}.pdf").write_bytes(b"%PDF-1.7 " + kind.encode())
    filed = office.do("attach", dossier, str(folder), who=officer)["version"]
    part = ["detach", dossier, str(filed), "--kind", "commune_report", "--reason", "bản cũ"]
    assert office.refuses(4, *part, "--kind", "sample", who=officer) == ["evidence_not_held"]
    office.do(*part, who=officer)
    assert (held(office, dossier, "commune_report"), held(office, dossier, "registration_form")) == (0, 1)
    office.do("undo", dossier, who=officer)
    assert (held(office, dossier, "commune_report"), held(office, dossier, "registration_form")) == (1, 1)


def test_withdrawing_what_a_move_has_counted_is_told(office: Office, dossier: str) -> None:
    """Moves made with it stand: no law undoes them, so it warns (DESIGN principle 10)."""
    officer = office.holder("officer", COMMUNE)
    filed = office.do("attach", dossier, "--kind", "sample", "--copies", "5", who=officer)["version"]
    office.take(dossier, "return_for_supplement")
    words = ["detach", dossier, str(filed), "--reason", "mẫu của hồ sơ khác"]
    assert [item["code"] for item in office.do(*words, who=officer)["warnings"]] == ["evidence_counted"]
    assert office.state(dossier) == "registration.supplement"


def test_an_undone_recognition_leaves_no_valid_certificate(office: Office, submitted: tuple[str, str]) -> None:
    """What never happened certifies nothing."""
    dossier, _ = submitted
    chair = office.holder("leader", PROVINCE)
    number = office.do("advance", dossier, *RECOGNISE, who=chair)["certificate"]
    office.do("undo", dossier, who=chair)
    assert office.state(dossier) == "rating.province_decision"
    assert office.show(dossier)["certificate"] is None
    answer = office.ask("certificate", "show", number)
    assert answer.exit == 4 or answer.document["status"] == "revoked"
    assert office.do("audit", "verify")["ok"]
    assert office.do("doctor", "--rebuild")["problems"] == []


def test_a_fix_changes_set_name_or_commune_before_scoring_with_a_reason(office: Office, dossier: str) -> None:
    """``fix`` changes product set, name or commune before scoring, with a reason (DESIGN section 5)."""
    officer = office.holder("officer", COMMUNE)
    assert office.refuses(3, "fix", dossier, "product", "Ca cao", who=officer) == ["reason_missing"]
    for field, value in (("product", "Ca cao"), ("product_set", "honey_other_raw_food"), ("commune", NEIGHBOUR)):
        office.do("fix", dossier, field, value, "--reason", "gõ nhầm", who=officer)
    shown = office.show(dossier)
    assert (shown["product"], shown["product_set"]) == ("Ca cao", "honey_other_raw_food")
    assert shown["commune"]["code"] == NEIGHBOUR
    assert shown["holder"]["code"] == NEIGHBOUR
    assert office.do("doctor", "--rebuild")["problems"] == []


def test_a_fix_of_anything_else_or_to_nonsense_is_wrong_usage(office: Office, dossier: str) -> None:
    officer = office.holder("officer", COMMUNE)
    assert office.refuses(2, "fix", dossier, "stars", "5", "--reason", "x", who=officer) == ["fix_field_unknown"]
    assert office.refuses(2, "fix", dossier, "product_set", "none", "--reason", "x", who=officer) == [
        "product_set_unknown"
    ]
    assert office.refuses(2, "fix", dossier, "product", " ", "--reason", "x", who=officer) == ["name_empty"]


def test_after_scoring_nothing_is_fixed(office: Office, submitted: tuple[str, str]) -> None:
    dossier, _ = submitted
    officer = office.holder("officer", COMMUNE)
    codes = office.refuses(3, "fix", dossier, "product", "Ca cao", "--reason", "x", who=officer)
    assert codes == ["fix_after_scoring"]


# --- councils --------------------------------------------------------------------------------------------------------


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


# --- what the refused learn -------------------------------------------------------------------------------------------


def test_who_lacks_a_post_learns_where_it_stands_and_who_holds_it(office: Office) -> None:
    """26/2026/QĐ-TTg art. 5: the commune proposes; its leader is named, so that the next command can name them."""
    dossier = office.open(COMMUNE, "Mật ong", track="existing_product")
    leader, officer = office.holder("leader", COMMUNE), office.holder("officer", COMMUNE)
    words = ["advance", dossier, "propose_to_province", "--decision", "15/TTr-UBND"]
    for lang in ("vi", "en"):
        (told,) = [
            each
            for each in office.ask(*words, who=officer, lang=lang).document["reasons"]
            if each["code"] == "role_missing"
        ]
        assert f"({leader})" in told["remedy"] and "--by" in told["remedy"]
        assert told["source"] == "26/2026/QĐ-TTg art. 5"
    province = ["council", "create", "--unit", "33", "--decision", "1/QĐ-UBND", "--round", "1", "--year", "2026"]
    (told,) = office.ask(*province, who=officer, lang="en").document["reasons"]
    assert "Nobody holds it there on that day." in told["remedy"]


def test_days_in_vietnamese_sentences_are_written_as_people_write_them(office: Office) -> None:
    dossier = office.open(COMMUNE, "Mật ong", track="existing_product")
    officer = office.holder("officer", COMMUNE)
    words = ["advance", dossier, "withdraw", "--on", "2026-07-01", "--reason", "x"]
    assert "01/07/2026" in office.ask(*words, who=officer, lang="vi").document["reasons"][0]["message"]
    assert "2026-07-01" in office.ask(*words, who=officer, lang="en").document["reasons"][0]["message"]


@pytest.mark.parametrize(
    "words",
    [
        *("inbox --unit {unit}", "dossier show 1", "dossier history 1", "dossier list", "deadline list", "board"),
        *("deadline explain {duty}", "audit replay 1", "unit show {unit}", "search mat", "decision draft --unit 33"),
        *("calendar due trước\N{NO-BREAK SPACE}tháng\N{NO-BREAK SPACE}8 --year 2026", "person list", "whoami"),
    ],
)
def test_no_screen_in_vietnamese_writes_a_day_backwards(office: Office, words: str) -> None:
    """Days in codes and machine texts (``--json``) stay as they are; times are those of Viet Nam."""
    office.open(COMMUNE, "Mật ong", track="existing_product")
    duty = office.do("deadline", "list")[0]["id"]
    asked = [each.replace("\N{NO-BREAK SPACE}", " ") for each in words.format(unit=COMMUNE, duty=duty).split(" ")]
    who = office.holder("officer", COMMUNE)
    found = ocop(*asked, "--db", str(office.db), "--as", who, now="2026-06-02T01:30:00+07:00", lang="vi")
    assert found.exit == 0, found.err
    assert re.findall(r"(?<![\w:])20[0-9]{2}-[0-9]{2}-[0-9]{2}", found.out + found.err) == []
