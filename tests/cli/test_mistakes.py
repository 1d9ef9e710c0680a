"""Mistakes taken back: acts undone, evidence withdrawn, facts put right; both stay in the record."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.cli.acts import COMMUNE, NEIGHBOUR, PROVINCE, RECOGNISE, return_words
from tests.cli.office import dump, ocop

if TYPE_CHECKING:
    from pathlib import Path

    from tests.cli.office import Office


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
    assert "act taken back" in office.ask(*stale, who=officer).document["reasons"][0]["message"]


def test_an_undone_recognition_leaves_no_valid_certificate(office: Office, submitted: tuple[str, str]) -> None:
    """What never happened certifies nothing."""
    dossier, _ = submitted
    chair = office.holder("leader", PROVINCE)
    number = office.do("advance", dossier, *RECOGNISE, who=chair)["certificate"]
    office.do("undo", dossier, who=chair)
    assert office.state(dossier) == "rating.province_decision"
    assert office.show(dossier)["certificate"] is None
    assert office.refuses(4, "certificate", "show", number) == ["certificate_absent"]
    assert office.do("audit", "verify")["ok"]
    assert office.do("doctor", "--rebuild")["problems"] == []


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


def test_a_fix_changes_set_name_or_commune_before_scoring_with_a_reason(office: Office, dossier: str) -> None:
    """``fix`` changes product set, name or commune before scoring, with a reason (DESIGN section 5)."""
    officer = office.holder("officer", COMMUNE)
    assert office.refuses(3, "fix", dossier, "product", "Ca cao", who=officer) == ["reason_missing"]
    office.do("fix", dossier, "name", "Ca cao bột", "--reason", "gõ nhầm", who=officer)
    assert office.show(dossier)["product"] == "Ca cao bột"
    assert office.do("dossier", "history", dossier)[-1]["data"]["field"] == "product"
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
