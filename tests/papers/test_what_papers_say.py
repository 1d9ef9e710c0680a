"""A paper is made only where what it says is so, and says what the record knows (DESIGN sections 4 and 7)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docx import Document

from tests.cli.conftest import copied
from tests.cli.councils import table
from tests.cli.office import Office
from tests.papers.test_papers import whole, written
from tests.papers.world import COMMUNE, PROVINCE, World


@pytest.fixture
def office(world: World, tmp_path: Path) -> Office:
    """The world's office in a database of its own."""
    first = world.office
    return Office(
        copied(first.db, tmp_path),
        first.day,
        people=dict(first.people),
        communes=dict(first.communes),
        councils=dict(first.councils),
    )


def refused(office: Office, tmp_path: Path, kind: str, subject: str) -> list[str]:
    out = tmp_path / f"{kind}.docx"
    codes = office.refuses(3, "paper", kind, subject, "--out", str(out))
    assert not out.exists()
    return codes


# --- only where it is so ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("product", ["Cà phê rang xay Phố Nối", "Bột ca cao", "Mật ong nhãn"])
def test_nobody_is_told_of_failing_who_passed_or_was_not_scored(world: World, tmp_path: Path, product: str) -> None:
    """Four stars, not scored yet, returned: 26/2026/QĐ-TTg art. 4 recognises from three stars."""
    assert refused(world.office, tmp_path, "not_passed", product) == ["paper_not_failed"]


def test_who_was_rejected_is_told_why_without_points(office: Office, tmp_path: Path) -> None:
    """26/2026/QĐ-TTg annex I, grounds for rejecting a dossier: no council has seen it; the commune writes."""
    words = ("--reason", "Hồ sơ giả mạo")
    office.do("advance", "Sô cô la", "reject_at_commune", *words, who=office.holder("leader", COMMUNE))
    text = written(office, tmp_path, "not_passed", "Sô cô la")
    assert "Lý do: Hồ sơ giả mạo" in text and "PHƯỜNG MỸ HÀO" in text
    assert "điểm" not in text and "……………, " not in text.partition("Hồ sơ HS")[2]


def test_who_is_rated_again_and_fails_is_told_that_the_certificate_ends(office: Office, tmp_path: Path) -> None:
    """26/2026/QĐ-TTg art. 10: the recognition stands until the new decision, and ends with it; an ordinary re-rating
    that fails leaves the certificate in force as it is.
    """
    dossier = office.open(COMMUNE, "Trà đánh giá lại", track="existing_product")
    office.walk(dossier, "promotion", stars=3)
    number = office.show(dossier)["certificate"]
    office.take(dossier, "order_new_rating")
    office.walk(dossier, "rating.province_decision", stars=2)
    text = written(office, tmp_path, "not_passed", dossier)
    assert f"Giấy chứng nhận số {number} hết giá trị khi có quyết định không công nhận" in text
    assert "không thay đổi vì kết quả này" not in text
    (tmp_path / "not_passed.docx").unlink()
    other = office.open(COMMUNE, "Chè chưa đạt", track="existing_product", entity="Hợp tác xã số 12")
    office.walk(other, "rating.province_decision", stars=2)
    assert "không thay đổi vì kết quả này" in written(office, tmp_path, "not_passed", other)


def test_a_request_to_supplement_goes_to_who_has_to_supplement(world: World, tmp_path: Path) -> None:
    assert refused(world.office, tmp_path, "supplement", "Ca cao bột") == ["paper_not_returned"]


def test_nothing_is_acknowledged_or_handed_over_before_it_came(office: Office, tmp_path: Path) -> None:
    """A dossier on its idea is not filed (26/2026/QĐ-TTg art. 5), and nothing of it is there."""
    idea = office.open(COMMUNE, "Ý tưởng mới", entity="Hợp tác xã số 8")
    assert refused(office, tmp_path, "receipt", idea) == ["paper_not_filed"]
    assert refused(office, tmp_path, "hand_over", idea) == ["paper_nothing_held"]


def test_results_are_not_submitted_and_minutes_agree_on_nothing_before_the_closing(
    office: Office, tmp_path: Path
) -> None:
    code, chair, secretary = office.council(PROVINCE)
    here = ("--present", f"{chair},{secretary}", "--dossiers", "Bột ca cao")
    sitting = office.do("council", "convene", code, *here, who=secretary)["sitting"]
    assert refused(office, tmp_path, "submission", sitting) == ["paper_not_concluded"]
    text = written(office, tmp_path, "minutes", sitting)
    assert "thống nhất" not in text and "Phiên họp chưa có kết quả" in text


def test_a_revoked_certificate_is_neither_printed_nor_revoked_again_nor_about_to_end(
    office: Office, world: World, tmp_path: Path
) -> None:
    number = world.subjects["certificate"]
    words = ("--cause", "a", "--decision", "300/QĐ-UBND")
    office.do("certificate", "revoke", number, *words, who=office.holder("leader", PROVINCE))
    assert refused(office, tmp_path, "certificate", number) == ["certificate_not_in_force"]
    for kind in ("revocation", "expiry_notice"):
        assert refused(office, tmp_path, kind, number) == ["paper_certificate_ended"]


def test_an_ended_certificate_is_not_printed_and_its_end_is_told(office: Office, world: World, tmp_path: Path) -> None:
    office.day = "2027-08-02"
    number = world.subjects["certificate"]
    assert refused(office, tmp_path, "certificate", number) == ["certificate_not_in_force"]
    assert "đã hết hạn" in written(office, tmp_path, "expiry_notice", number)


def test_the_notice_of_an_end_says_what_the_transition_lets_go_on(office: Office, tmp_path: Path) -> None:
    """26/2026/QĐ-TTg art. 12: ends on 15 September 2026; 120 days before is 18 May, before the decision of 22 May 2026;
    180 days after is 14 March 2027.
    """
    product = ["--product", "Trà", "--entity", "HTX số 4", "--entity-kind", "cooperative", "--stars", "3"]
    place = ["--commune", COMMUNE, "--issued-on", "2023-09-15", "--valid-to", "2026-09-15", "--number", "9/GCN"]
    officer = office.holder("officer", PROVINCE)
    office.do("certificate", "declare", *product, *place, "--source", "Sổ của tỉnh", who=officer)
    text = written(office, tmp_path, "expiry_notice", "9/GCN")
    assert "chậm nhất đến hết ngày 14/3/2027 (Điều 12 Quyết định 26/2026/QĐ-TTg)" in text
    assert "sắp hết hạn" in text and "muộn nhất ngày" not in text and "Thời hạn nộp đã qua" not in text
    options = {"kind": "re_rating", "track": "existing_product", "previous": "9/GCN", "entity": "HTX số 4"}
    office.open(COMMUNE, "Trà", **options)
    office.day = "2026-09-16"
    (tmp_path / "expiry_notice.docx").unlink()
    text = written(office, tmp_path, "expiry_notice", "9/GCN")
    assert "được kéo dài hiệu lực" in text and "đã hết hạn" not in text


def test_a_notice_made_years_before_the_end_says_so(office: Office, tmp_path: Path) -> None:
    """26/2026/QĐ-TTg art. 8: a re-rating is filed from 180 days before the end on; before that nothing can be done."""
    product = ["--product", "Trà", "--entity", "HTX số 4", "--entity-kind", "cooperative", "--stars", "3"]
    officer = office.holder("officer", PROVINCE)
    for number, ends in (("7/GCN", "2029-04-20"), ("8/GCN", "2026-11-27")):
        place = ["--commune", COMMUNE, "--issued-on", "2026-04-20", "--valid-to", ends, "--number", number]
        office.do("certificate", "declare", *product, *place, "--source", "Sổ của tỉnh", who=officer)
    made = {
        number: office.do("paper", "make", "expiry_notice", number, "--out", str(tmp_path / f"{number[0]}.docx"))
        for number in ("7/GCN", "8/GCN")
    }
    (told,) = made["7/GCN"]["warnings"]
    assert told["code"] == "notice_early" and "2028-10-22" in told["message"]  # 180 days before 20 April 2029
    assert made["8/GCN"]["warnings"] == []  # 1 June 2026 is 179 days before


def test_who_has_been_scored_is_not_invited_again(world: World, tmp_path: Path) -> None:
    """One dossier before the council has its result, the other waits for it."""
    text = written(world.office, tmp_path, "invitation", world.subjects["invitation"])
    assert "Bột ca cao" in text and "Cà phê hạt" not in text


# --- the receipt --------------------------------------------------------------------------------------------------


def test_a_receipt_printed_late_speaks_of_the_intake(sandbox: Path, tmp_path: Path) -> None:
    """Fifteen working days of the commune from Monday 1 June 2026 (26/2026/QĐ-TTg art. 5) end on Monday 22 June."""
    office = Office(sandbox, "2026-06-01")
    dossier = office.open(COMMUNE, "Tương Bần", track="existing_product")
    office.walk(dossier, "evaluation.province_council")
    text = written(office, tmp_path, "receipt", dossier)
    assert "Hạn xử lý tại bước này: 22/6/2026" in text
    assert "PHƯỜNG MỸ HÀO" in text
    assert "Phiếu đăng ký (Mẫu 01)" in text and "Sản phẩm mẫu" in text
    assert "Tổ tư vấn" not in text and "Mẫu 03" not in text, "what offices wrote themselves"


def test_the_receipt_is_the_district_s_where_the_district_receives(sandbox: Path, tmp_path: Path) -> None:
    """1048/QĐ-TTg: the entity hands in at the district."""
    office = Office(sandbox, "2020-07-01")
    dossier = office.open(COMMUNE, "Tương Bần", track="existing_product")
    text = written(office, tmp_path, "receipt", dossier)
    assert "Ủy ban nhân dân thị xã Mỹ Hào đã tiếp nhận" in text


# --- recorded decisions -------------------------------------------------------------------------------------------


def decided(office: Office, tmp_path: Path) -> dict[str, Any]:
    leader, officer = office.holder("leader", PROVINCE), office.holder("officer", PROVINCE)
    listing = tmp_path / "ds.csv"
    listing.write_text("dossier,product,stars\nCà phê rang xay Phố Nối,Cà phê rang xay Phố Nối,4\n", encoding="utf-8")
    words = ("--list", str(listing), "--signed-by", leader, "--capacity", "KT")
    found: dict[str, Any] = office.do("decision", "record", "91/QĐ-UBND", *words, who=officer)
    return found


def test_papers_of_a_recorded_decision_have_its_day_signer_and_capacity(office: Office, tmp_path: Path) -> None:
    """Decree 30/2020 annex I: KT. before the post of the head, the deputy's below; what is typed goes first."""
    decided(office, tmp_path)
    name = next(each["name"] for each in office.do("person", "list") if each["handle"] == office.holder("leader", "33"))
    number = office.show("Cà phê rang xay Phố Nối")["certificate"]
    office.day = "2026-10-05"
    for kind, subject in (("recognition", "91/QĐ-UBND"), ("certificate", number)):
        text = written(office, tmp_path, kind, subject)
        assert "KT. CHỦ TỊCH\nPHÓ CHỦ TỊCH\n" in text and name in text
        assert "ngày 01 tháng 9 năm 2026" in text and "tháng 10" not in text
    typed = ("--capacity", "TM", "--signer", "Người ký khác")
    (tmp_path / "recognition.docx").unlink()
    text = written(office, tmp_path, "recognition", "91/QĐ-UBND", *typed)
    assert "TM. ỦY BAN NHÂN DÂN" in text and "Người ký khác" in text and name not in text


def test_an_annulled_decision_recognises_nobody(office: Office, tmp_path: Path) -> None:
    decided(office, tmp_path)
    leader, officer = office.holder("leader", PROVINCE), office.holder("officer", PROVINCE)
    office.do("decision", "record", "95/QĐ-UBND", "--kind", "annulment", "--signed-by", leader, who=officer)
    words = ("--by", "95/QĐ-UBND", "--reason", "Ban hành sai thẩm quyền")
    office.do("decision", "annul", "91/QĐ-UBND", *words, who=officer)
    assert refused(office, tmp_path, "recognition", "91/QĐ-UBND") == ["paper_decision_annulled"]


# --- minutes ------------------------------------------------------------------------------------------------------


def test_minutes_and_summary_name_who_gave_no_sheet_and_who_stepped_aside(sandbox: Path, tmp_path: Path) -> None:
    """Four present: one scores, one has declared an interest, two gave nothing; nobody agreed unanimously."""
    council = table(Office(sandbox, "2026-06-01"), None)
    chair, interested, *silent = council.members
    words = ("--dossier", council.dossiers[0], "--reason", "Là chủ sở hữu")
    council.do("council", "interest", council.council, interested, *words)
    sitting = council.convene()
    council.do(*council.score(sitting, chair, "30,20,25"))
    council.do("council", "close", sitting, council.dossiers[0])
    names = {each["handle"]: each["name"] for each in council.office.do("person", "list")}
    for kind in ("minutes", "score_summary"):
        text = written(council.office, tmp_path, kind, sitting)
        for member in silent:
            assert f"{names[member]} có mặt nhưng không có phiếu đánh giá hồ sơ {council.dossiers[0]}" in text
        assert f"{names[interested]} có lợi ích liên quan" in text
        assert f"{names[interested]} có mặt nhưng" not in text and f"{names[chair]} có mặt nhưng" not in text
        assert "thống nhất" not in text
    told = council.office.do("council", "minutes", sitting)["dossiers"][0]
    assert told["unscored"] == [names[member] for member in silent]


def test_minutes_of_a_full_council_agree(world: World, tmp_path: Path) -> None:
    file = tmp_path / "m.docx"
    world.office.do("paper", "minutes", world.subjects["minutes"], "--out", str(file))
    assert "Hội đồng thống nhất kết quả trên" in whole(Document(str(file)))
