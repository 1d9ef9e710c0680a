"""What becomes of a recorded decision: annulled wholly or for one dossier, corrected; nothing is edited or deleted.

DESIGN principle 8: a mistake is undone or corrected by a further event with a reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.cli.contract import held
from tests.cli.test_decisions import COMMUNE, NUMBER, PROVINCE, Waiting, decided_on, waiting

if TYPE_CHECKING:
    from tests.cli.office import Json

__all__ = ["decided_on", "waiting"]
BY = "50/QĐ-UBND"
WHY = ("--reason", "quyết định ban hành sai thẩm quyền")


@pytest.fixture
def recorded(waiting: Waiting) -> Waiting:
    """The decision on two dossiers, and two days later the document that changes it."""
    waiting.record(waiting.both())
    waiting.office.day = "2026-06-03"
    document = ["decision", "record", BY, "--kind", "annulment", "--signed-by", waiting.leader]
    waiting.office.do(*document, who=waiting.officer)
    return waiting


def annul(case: Waiting, *more: str, number: str = NUMBER) -> Json:
    shown: Json = held(
        case.office.do("decision", "annul", number, "--by", BY, *WHY, *more, who=case.officer), "decision show"
    )
    return shown


def status(case: Waiting, certificate: str) -> str:
    return str(case.office.do("certificate", "show", certificate)["status"])


def whole(case: Waiting) -> None:
    """The log verifies and the views can be rebuilt row for row."""
    assert case.office.do("audit", "verify")["ok"]
    assert case.office.do("doctor", "--rebuild")["problems"] == []


def test_an_annulled_decision_leaves_its_dossiers_before_a_decision_again(recorded: Waiting) -> None:
    """What it issued is void and still known by its number; another decision may be taken on the same result."""
    issued = [line["certificate"] for line in recorded.office.do("decision", "show", NUMBER)["lines"]]
    after = annul(recorded)
    assert (after["status"], [line["status"] for line in after["lines"]]) == ("annulled", ["annulled"] * 2)
    assert [change["by"] for change in after["changes"]] == [f"{PROVINCE}:2026:{BY}"] * 2
    assert [status(recorded, number) for number in issued] == ["revoked"] * 2
    # The duty to finish the round stands again as before the decision, with its own day.
    for code in recorded.codes.values():
        (round_,) = [
            row
            for row in recorded.office.do("deadline", "list", "--dossier", code)
            if row["kind"] == "round_finish" and row["status"] == "open"
        ]
        assert recorded.office.show(code)["due_on"] == round_["due_on"]
    drafted = recorded.office.do("decision", "draft", "--kind", "recognition", who=recorded.officer)
    assert {line["product"] for line in drafted["lines"]} == {"Cà phê bột", "Chè xanh"}
    again = recorded.record(recorded.both(), number="51/QĐ-UBND")
    assert [status(recorded, line["certificate"]) for line in again["lines"]] == ["valid"] * 2
    assert [status(recorded, number) for number in issued] == ["revoked"] * 2
    whole(recorded)


def test_a_decision_is_annulled_for_one_dossier_and_stands_for_the_others(recorded: Waiting) -> None:
    after = annul(recorded, "--line", recorded.codes["Chè xanh"])
    assert after["status"] == "partly_annulled"
    assert {line["product"]: line["status"] for line in after["lines"]} == {
        "Cà phê bột": "in_force",
        "Chè xanh": "annulled",
    }
    assert recorded.office.state(recorded.codes["Cà phê bột"]) == "promotion.active"
    assert recorded.office.state(recorded.codes["Chè xanh"]) == "rating.province_decision"
    shown = recorded.office.show(recorded.codes["Chè xanh"])
    assert (shown["stars"], shown["stars_decided"]) == (3, None)
    again = ["decision", "annul", NUMBER, "--line", recorded.codes["Chè xanh"], "--by", BY, *WHY]
    assert recorded.office.refuses(3, *again, who=recorded.officer) == ["decision_annulled_before"]
    whole(recorded)


def test_annulling_an_upgrade_brings_the_certificate_before_it_back(recorded: Waiting) -> None:
    """The earlier star and its end hold again, as if the upgrade had been refused."""
    office = recorded.office
    old = office.do("certificate", "show", office.show(recorded.codes["Chè xanh"])["certificate"])
    upgrade = office.open(COMMUNE, "Chè xanh", track="existing_product", kind="upgrade", previous=old["number"])
    office.walk(upgrade, "rating", stars=4)
    recorded.record(recorded.listing((upgrade, "Chè xanh", "4")), number="52/QĐ-UBND")
    assert status(recorded, old["number"]) == "replaced"
    annul(recorded, number="52/QĐ-UBND")
    back = office.do("certificate", "show", old["number"])
    assert (back["status"], back["stars"], back["valid_to"]) == ("valid", 3, old["valid_to"])
    assert office.state(recorded.codes["Chè xanh"]) == "promotion.active"
    whole(recorded)


def test_annulling_what_was_rated_again_brings_the_first_recognition_back(recorded: Waiting) -> None:
    """26/2026/QĐ-TTg art. 10: rated again in the same dossier; without the new decision the first one holds."""
    office, dossier = recorded.office, recorded.codes["Chè xanh"]
    old = office.do("certificate", "show", office.show(dossier)["certificate"])
    office.communes[dossier] = COMMUNE
    office.take(dossier, "order_new_rating")
    office.walk(dossier, "rating", stars=4)
    recorded.record(recorded.listing((dossier, "Chè xanh", "4")), number="52/QĐ-UBND")
    new = office.show(dossier)["certificate"]
    assert (status(recorded, old["number"]), status(recorded, new)) == ("replaced", "valid")
    annul(recorded, number="52/QĐ-UBND")
    assert (status(recorded, old["number"]), status(recorded, new)) == ("valid", "revoked")
    assert office.show(dossier)["certificate"] == old["number"]
    whole(recorded)


def test_an_annulled_revocation_lets_the_certificate_hold_again(recorded: Waiting) -> None:
    """A revocation is a numbered decision too (26/2026/QĐ-TTg art. 9), with its ground for every line."""
    file = recorded.listing((recorded.codes["Chè xanh"], "Chè xanh"), heading="dossier,product")
    words = ["--kind", "revocation", "--set", "cause=production_stopped", "--reason", "đã ngừng sản xuất"]
    revoked = recorded.record(file, *words, number="53/QĐ-UBND")
    assert revoked["lines"][0]["to_state"] == "closed.revoked"
    certificate = recorded.office.show(recorded.codes["Chè xanh"])["certificate"]
    assert status(recorded, certificate) == "revoked"
    annul(recorded, number="53/QĐ-UBND")
    assert status(recorded, certificate) == "valid"
    assert recorded.office.state(recorded.codes["Chè xanh"]) == "promotion.active"
    whole(recorded)


def test_a_dossier_that_went_on_is_left_for_a_person_to_decide(recorded: Waiting) -> None:
    """The annulment is recorded; what was done since is not swept away with it."""
    revoke = ["advance", recorded.codes["Chè xanh"], "revoke", "--set", "cause=law_breach", "--decision", "54/QĐ-UBND"]
    recorded.office.do(*revoke, "--reason", "vi phạm", who=recorded.leader)
    after = annul(recorded)
    assert after["status"] == "annulled"
    told = [item["code"] for item in after["warnings"]]
    assert told == ["annulled_line_went_on"]
    assert recorded.office.state(recorded.codes["Chè xanh"]) == "closed.revoked"


def test_a_corrected_line_corrects_stars_and_number_on_the_dossier_too(recorded: Waiting) -> None:
    """Decided and computed stars stay apart; the decision tells what was corrected, why and by which document."""
    line = ["--line", recorded.codes["Cà phê bột"], "--by", "55/UBND-KT", "--reason", "đính chính lỗi đánh máy"]
    values = ["--set", "stars=3", "--set", "certificate_number=77/GCN-OCOP"]
    after = held(
        recorded.office.do("decision", "correct", NUMBER, *values, *line, who=recorded.officer), "decision show"
    )
    assert (after["status"], after["lines"][0]["status"], after["lines"][0]["stars"]) == ("corrected", "corrected", 3)
    assert [item["code"] for item in after["warnings"]] == ["decision_by_unrecorded"]
    assert "--kind correction" in after["warnings"][0]["remedy"]
    shown = recorded.office.show(recorded.codes["Cà phê bột"])
    assert (shown["stars"], shown["stars_decided"], shown["certificate"]) == (4, 3, "77/GCN-OCOP")
    assert recorded.office.do("certificate", "show", "77/GCN-OCOP")["stars"] == 3
    titled = ["decision", "correct", NUMBER, "--set", "title=Công nhận sản phẩm", "--reason", "ghi bổ sung"]
    assert recorded.office.do(*titled, who=recorded.officer)["title"] == "Công nhận sản phẩm"
    whole(recorded)


def test_changes_are_refused_without_reason_post_or_day(recorded: Waiting) -> None:
    who, dossier = recorded.officer, recorded.codes["Chè xanh"]
    start = ["decision", "annul", NUMBER]
    refuses = recorded.office.refuses
    assert refuses(3, *start, "--by", BY, who=who) == ["reason_missing"]
    assert refuses(2, *start, *WHY, who=who) == ["usage"]
    assert refuses(3, *start, "--by", NUMBER, *WHY, who=who) == ["decision_by_itself"]
    assert refuses(3, *start, "--by", BY, "--on", "2026-05-31", *WHY, who=who) == ["decision_not_yet"]
    assert refuses(3, *start, "--by", BY, "--on", "2026-06-04", *WHY, who=who) == ["day_in_future"]
    other = recorded.office.holder("officer", COMMUNE)
    assert refuses(3, *start, "--by", BY, *WHY, who=other) == ["role_missing"]
    ca_cao = recorded.codes["Ca cao"]
    assert refuses(4, *start, "--by", BY, "--line", ca_cao, *WHY, who=who) == ["decision_line_absent"]
    fix = ["decision", "correct", NUMBER, "--line", dossier, "--reason", "sai", "--set"]
    assert refuses(2, *fix, "stars=2", who=who) == ["decision_stars_unreadable"]
    assert refuses(2, *fix, "entity=HTX", who=who) == ["field_unknown"]
    taken = recorded.office.show(recorded.codes["Cà phê bột"])["certificate"]
    assert refuses(3, *fix, f"certificate_number={taken}", who=who) == ["certificate_taken"]


def test_a_line_of_a_decision_is_not_undone_alone(recorded: Waiting) -> None:
    """All lines or none: the way back is through the decision."""
    undo = ["undo", recorded.codes["Chè xanh"]]
    assert recorded.office.refuses(3, *undo, who=recorded.leader) == ["undo_of_decision"]
