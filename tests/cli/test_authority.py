"""Who may act and who may type for another, on which day and at which unit (DESIGN section 5)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.acts import COMMUNE, NEIGHBOUR, PROVINCE, last, return_words

if TYPE_CHECKING:
    from tests.cli.office import Office


def opening(product: str) -> list[str]:
    words = ["--entity", "HTX số 1", "--entity-kind", "cooperative", "--product-set", "coffee_cacao", "--kind", "first"]
    return ["dossier", "open", "--commune", COMMUNE, "--product", product, *words, "--track", "existing_product"]


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
