"""A certificate after its issue: issued anew, corrected, handed on, counted, checked by its signed code.

No decision that was read rules on re-issue, correction or transfer: they are recorded as decided, with a warning.
"""

from __future__ import annotations

import base64
import json
import sys
import zipfile
from pathlib import Path

import pytest

from tests.cli.conftest import copied
from tests.cli.office import Json, Office, ocop
from tests.cli.test_revoking import COMMUNE, PROVINCE, declared, revoke

PAPER = ("--decision", "90/QĐ-UBND")
Made = tuple[Office, str, str]


@pytest.fixture
def desk(sandbox_database: Path, tmp_path: Path) -> Made:
    """On 1 June 2026: a dossier in promotion, and the number of its certificate."""
    office = Office(copied(sandbox_database, tmp_path))
    dossier = office.open(COMMUNE, "Tương bần", track="existing_product")
    office.walk(dossier, "promotion", stars=4)
    return office, dossier, office.show(dossier)["certificate"]


def done(office: Office, verb: str, number: str, *words: str) -> Json:
    leader = office.holder("leader", PROVINCE)
    answer: Json = office.do("certificate", verb, number, *words, *PAPER, who=leader)
    assert [item["code"] for item in answer["warnings"]] == ["certificate_act_unruled"]
    return answer


def kinds(desk: Made) -> list[str]:
    """The certificate of the dossier, and one declared."""
    office, _, number = desk
    return [number, declared(office, "--commune", COMMUNE, "--issued-on", "2025-03-01", "--number", "8/GCN")]


def test_a_re_issue_replaces_the_paper_and_keeps_its_time(desk: Made) -> None:
    """The old one is replaced, the new one ends when the old one would have."""
    office, dossier, _ = desk
    for number in kinds(desk):
        old = office.do("certificate", "show", number)
        new = done(office, "reissue", number, "--number", f"{number}-L2")
        assert (new["status"], new["valid_to"], new["replaces"]) == ("valid", old["valid_to"], number)
        again = office.do("certificate", "show", number)
        assert (again["status"], again["replaced_by"]) == ("replaced", f"{number}-L2")
        words = ["certificate", "reissue", number, *PAPER]
        leader = office.holder("leader", PROVINCE)
        assert office.refuses(3, *words, who=leader) == ["certificate_not_in_force"]
    assert (office.state(dossier), office.show(dossier)["certificate"]) == ("promotion.active", f"{desk[2]}-L2")
    assert revoke(office, f"{desk[2]}-L2", "a")["dossier_state"] == "closed.revoked"
    assert office.do("doctor", "--rebuild")["ok"] is True


def test_what_stands_beside_a_declared_certificate_goes_with_its_re_issue(office: Office) -> None:
    """A complaint, a conclusion and a dispute are about the recognition, not about the sheet of paper."""
    number = declared(office, "--commune", COMMUNE, "--issued-on", "2025-03-01", "--number", "8/GCN")
    officer = office.holder("officer", PROVINCE)
    words = ["--about", "nhãn", "--reply-by", "2026-06-20"]
    complaint = office.do("complaint", "add", number, *words, who=officer)["id"]
    office.do("inspection", "add", number, "--findings", "không đạt", "--concludes", "c", who=officer)
    office.do("dispute", "set", number, "--reason", "tranh chấp nhãn hiệu", who=officer)
    new = done(office, "reissue", number, "--number", "8A/GCN")["number"]
    assert office.do("certificate", "show", new)["disputed"] is True
    office.do("complaint", "answer", complaint, "--result", "đã trả lời", who=officer)
    revoked = revoke(office, new, "c")
    assert (revoked["concluded_on"], revoked["decide_by"]) == ("2026-06-01", "2026-06-16")
    duties = {row["kind"]: row["status"] for row in office.do("deadline", "list", "--unit", PROVINCE)}
    assert (duties["reply"], duties["revocation"]) == ("met", "met")
    assert office.do("complaint", "list", number)[0]["id"] == complaint
    assert office.do("doctor", "--rebuild")["ok"] is True


def test_a_correction_changes_what_was_printed_wrongly_and_nothing_else(desk: Made) -> None:
    office, dossier, number = desk
    old = office.do("certificate", "show", number)
    leader = office.holder("leader", PROVINCE)
    wrong = ["certificate", "correct", number, "--set", "stars=5", "--set", "valid_to=31/2/2027", *PAPER]
    assert office.refuses(2, *wrong, who=leader) == ["correction_field_unknown", "date_does_not_exist"]
    codes = ["--set", "product=Tương bần Mỹ Hào", "--set", "product_code=33-12103-7-2026"]
    new = done(office, "correct", number, *codes)
    assert (new["product"], new["product_code"]) == ("Tương bần Mỹ Hào", "33-12103-7-2026")
    unchanged = ("entity", "stars", "issuer", "decision", "issued_on", "valid_to", "status")
    assert {name: new[name] for name in unchanged} == {name: old[name] for name in unchanged}
    assert office.do("certificate", "show", number)["product"] == "Tương bần"
    assert office.show(dossier)["product"] == "Tương bần"


def test_a_certificate_passes_to_another_entity_and_the_dossier_keeps_its_own(desk: Made) -> None:
    office, dossier, _ = desk
    officer = office.holder("officer", COMMUNE)
    other = office.do("entity", "add", "HTX số 9", "--kind", "cooperative", "--commune", COMMUNE, who=officer)
    for number in kinds(desk):
        before = office.do("certificate", "show", number)["entity"]
        after = done(office, "transfer", number, "--to", other["code"])
        assert (after["entity"], after["transferred_from"], after["status"]) == ("HTX số 9", before, "valid")
        words = ["certificate", "transfer", number, "--to", other["code"], *PAPER]
        assert office.refuses(3, *words, who=office.holder("leader", PROVINCE)) == ["transfer_to_itself"]
    assert office.show(dossier)["entity"] == "Hợp tác xã số 1"
    assert office.do("doctor", "--rebuild")["ok"] is True


@pytest.mark.parametrize("code", ["83-829-28780-3-2022", "33-12103-5-2026"])
def test_both_forms_of_a_products_code_are_read(desk: Made, code: str) -> None:
    """Province-district-commune-index-year (OM, 2022) and province-commune-index-year (26/2026/QĐ-TTg)."""
    office, _, number = desk
    assert done(office, "correct", number, "--set", f"product_code={code}")["product_code"] == code
    words = ["certificate", "correct", code, "--set", "product_code=33-12103-0-2026", *PAPER]
    assert office.refuses(2, *words, who=office.holder("leader", PROVINCE)) == ["product_code_unreadable"]


def test_a_re_rating_is_never_counted_as_a_new_product(office: Office, tmp_path: Path) -> None:
    """One product recognised in 2023 and again in 2026, under another name: one recognised, none new.

    Source: REGULATIONS section 11, totals count products; DESIGN section 8, metrics.
    """
    place = ["--commune", COMMUNE, "--issued-on", "2023-11-01", "--number", "8/GCN"]
    number = declared(office, *place, stars=3)
    number = done(office, "reissue", number, "--number", "8A/GCN")["number"]
    (known,) = [each["code"] for each in office.do("product", "list") if each["name"] == "Chè"]
    office.do("product", "rename", known, "Chè sen", who=office.holder("officer", PROVINCE))
    again = office.open(
        COMMUNE, "Chè sen", kind="re_rating", track="existing_product", previous=number, entity="HTX số 4"
    )
    office.walk(again, "promotion", stars=4)
    plan = tmp_path / "plan.yaml"
    plan.write_text(
        'plan: {number: 27/KH-UBND, issued_on: "2026-01-10", issuer: "33", year: 2026, regime: qd_26_2026, '
        "title: Kế hoạch}\n"
        "milestones: []\n"
        "targets:\n"
        "  - {id: all, metric: recognised_products, count: cumulative, at_least: 1}\n"
        "  - {id: new, metric: new_products, at_least: 1}\n"
        "  - {id: shape, metric: star_distribution, distribution: {4: 1, 3: 0}}\n",
        encoding="utf-8",
    )
    officer = office.holder("officer", PROVINCE)
    office.do("plan", "load", str(plan), who=officer)
    found = {item["id"]: item["actual"] for item in office.do("plan", "status", "27/KH-UBND")["targets"]}
    assert (found["all"], found["new"], found["shape"]) == (1, 0, {"4": 1, "3": 0})


# --- the signed code --------------------------------------------------------------------------------------------------


def signed(office: Office, number: str, *words: str) -> Json:
    answer: Json = office.do("certificate", "qr", number, *words, who=office.holder("officer", PROVINCE))
    return answer


def test_a_printed_code_is_read_back_and_says_how_the_certificate_stands(desk: Made, tmp_path: Path) -> None:
    office, _, number = desk
    picture = tmp_path / "giay.png"
    made = signed(office, number, "--out", str(picture))
    found = office.do("certificate", "verify", str(picture))
    assert (found["ok"], found["status"], found["in_force"], found["differences"]) == (True, "valid", True, [])
    assert (found["said"]["product"], found["said"]["stars"], found["number"]) == ("Tương bần", 4, number)
    assert found["signed_by"] == made["verifier_key"]
    signed(office, number, "--out", str(tmp_path / "giay.svg"))
    assert (tmp_path / "giay.svg").read_bytes().lstrip().startswith(b"<?xml")
    revoke(office, number, "a")
    again = office.do("certificate", "verify", made["code"])
    assert (again["ok"], again["status"], again["in_force"]) == (True, "revoked", False)
    refused = office.refuses(3, "certificate", "qr", number, who=office.holder("officer", PROVINCE))
    assert refused == ["certificate_not_in_force"]


def test_without_a_database_the_code_alone_says_who_signed_what(desk: Made) -> None:
    """Offline: only the published key is needed."""
    office, _, number = desk
    made = signed(office, number)
    answer = ocop("certificate", "verify", made["code"], "--key", made["verifier_key"], "--json", "--lang", "en")
    found = answer.document
    assert (answer.exit, found["ok"], found["status"], found["said"]["entity"]) == (0, True, None, "Hợp tác xã số 1")
    other = "ocop_flow+" + made["verifier_key"].split("+", 1)[1]
    assert ocop("certificate", "verify", made["code"], "--key", other, "--json").exit == 2


def test_an_altered_code_is_told_in_clear_words(desk: Made) -> None:
    """More stars, a longer time, a signature of another code, a cut tail: each is exit 1, never taken as genuine."""
    office, _, number = desk
    code = signed(office, number)["code"]
    prefix, payload, tail = code.split(".")
    claim = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    for place, value in ((4, 5), (9, "2039-06-01"), (2, "Tương khác")):
        forged = [value if index == place else each for index, each in enumerate(claim)]
        body = json.dumps(forged, ensure_ascii=False, separators=(",", ":")).encode()
        text = f"{prefix}.{base64.urlsafe_b64encode(body).decode().rstrip('=')}.{tail}"
        assert wrong(office, text) == "code_forged"
    assert wrong(office, code[:-4]) == "code_altered"
    assert wrong(office, code.replace("OCOP1.", "OCOP1.A")) == "code_altered"
    assert office.refuses(4, "certificate", "verify", "khong-co") == ["certificate_absent"]


def wrong(office: Office, text: str) -> str:
    """The code of what ``verify`` finds wrong; it says so in both languages and exits with 1."""
    answers = [office.ask("certificate", "verify", text, lang=lang) for lang in ("vi", "en")]
    assert [answer.exit for answer in answers] == [1, 1]
    assert all(answer.document["ok"] is False for answer in answers)
    assert answers[0].document["warnings"][0]["message"] != answers[1].document["warnings"][0]["message"]
    return str(answers[1].document["warnings"][0]["code"])


def test_a_code_of_another_office_names_its_key(desk: Made, sandbox_database: Path, tmp_path: Path) -> None:
    """A key that is not in the ring proves nothing here, whatever it signed."""
    office, _, number = desk
    code = signed(office, number)["code"]
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    assert ocop("init", "--sandbox", "--db", str(folder / "ocop.db"), "--json").exit == 0
    other = Office(folder / "ocop.db")
    assert wrong(other, code) == "code_key_unknown"


def test_a_picture_without_the_extra_names_it(desk: Made, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """zxing-cpp and Pillow come with the extra ``documents``; without them it is exit 6."""
    office, _, _ = desk
    monkeypatch.setitem(sys.modules, "zxingcpp", None)
    (tmp_path / "a.png").write_bytes(b"-")
    assert office.refuses(6, "certificate", "verify", str(tmp_path / "a.png")) == ["extra_missing"]


def test_a_picture_that_is_none_or_holds_no_code_is_refused(office: Office, tmp_path: Path) -> None:
    from PIL import Image

    (tmp_path / "a.png").write_bytes(b"-")
    assert office.refuses(2, "certificate", "verify", str(tmp_path / "a.png")) == ["picture_unreadable"]
    Image.new("L", (50, 50), 255).save(tmp_path / "b.png")
    assert office.refuses(2, "certificate", "verify", str(tmp_path / "b.png")) == ["picture_codes"]
    assert office.refuses(4, "certificate", "verify", str(tmp_path / "c.png")) == ["file_absent"]


# --- the file for an answer -------------------------------------------------------------------------------------------


def test_the_file_of_a_matter_holds_every_paper_its_list_and_its_history(desk: Made, tmp_path: Path) -> None:
    """What was handed in beside the state is in it; personal data of who complained is not."""
    office, dossier, number = desk
    officer = office.holder("officer", PROVINCE)
    scan = tmp_path / "bien-ban.pdf"
    scan.write_bytes(b"%PDF-1.4 bien ban")
    office.do("inspection", "add", dossier, "--findings", "đạt", "--file", str(scan), who=officer)
    words = ["--about", "nhãn", "--from", "Người gửi số 1", "--reply-by", "2026-06-20"]
    office.do("complaint", "add", number, *words, who=officer)
    target = tmp_path / "tra-loi"
    answer = office.do("file", "assemble", number, "--out", str(target), who=officer)
    kept = [item["file"] for item in answer["papers"] if item["file"]]
    assert answer["subject"] == dossier
    assert sorted(path.name for path in target.iterdir()) == sorted(["000-danh-muc.csv", "000-lich-su.json", *kept])
    assert (target / kept[-1]).read_bytes() == scan.read_bytes()
    history = (target / "000-lich-su.json").read_text(encoding="utf-8")
    assert "Người gửi số 1" not in history
    assert len(json.loads(history)["events"]) == answer["events"] == office.show(dossier)["version"]
    office.do("file", "assemble", dossier, "--out", f"{target}.zip", who=officer)
    with zipfile.ZipFile(f"{target}.zip") as packed:
        assert sorted(packed.namelist()) == sorted(path.name for path in target.iterdir())
    assert office.refuses(3, "file", "assemble", dossier, "--out", str(target), who=officer) == ["target_exists"]


def test_the_file_of_a_matter_says_which_papers_were_withdrawn(desk: Made, tmp_path: Path) -> None:
    """A paper filed wrongly stays in the history; who answers from the file must see that it was taken out."""
    office, _, _ = desk
    officer = office.holder("officer", "12103")
    dossier = office.open("12103", "Tương bần", track="existing_product")
    for kind in ("registration_form", "sample"):
        office.do("attach", dossier, "--kind", kind, who=officer)
    office.do("detach", dossier, "2", "--reason", "nộp nhầm", who=officer)
    office.do("file", "assemble", dossier, "--out", str(tmp_path / "a"), who=officer)
    wrong, kept = (tmp_path / "a" / "000-danh-muc.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    day = "/".join(reversed(office.day.split("-")))
    assert f"đã gỡ ngày {day}" in wrong and "gỡ" not in kept
    office.do("undo", dossier, "--reason", "gỡ nhầm", who=officer)
    answer = office.do("file", "assemble", dossier, "--out", str(tmp_path / "b"), who=officer)
    assert [paper["withdrawn_on"] for paper in answer["papers"]] == [None, None]


def test_a_number_that_is_taken_is_not_given_twice(desk: Made) -> None:
    """A certificate's number stands for one certificate: a recognition that names it again is a conflict."""
    office, _, _ = desk
    number = declared(office, "--commune", COMMUNE, "--issued-on", "2025-03-01", "--number", "8/GCN-UBND")
    other = office.open(COMMUNE, "Tương nếp", track="existing_product")
    office.walk(other, "rating", stars=4)
    action = office.actions(other)["recognise"]
    office.hand_in(other, action)
    words = [*office.words_for(other, action), "--set", f"certificate_number={number}"]
    assert office.refuses(3, *words, who=office.rightful(other, action)) == ["certificate_taken"]
