"""What becomes of one dossier in the year, from its opening to its end, as a script from day to day."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date

from ocop_flow.demo import acts
from ocop_flow.demo.acts import attach, filing, move, open_case, try_move
from ocop_flow.demo.cases import Case
from ocop_flow.demo.cast import handle
from ocop_flow.demo.year import Before, Life, Year
from ocop_flow.domain.commands import Act
from ocop_flow.service import dossiers

#: A part of a life; false when the dossier comes no further this year.
Part = Generator[date | Before, None, bool]

#: Why the district returns a dossier: papers are lacking, or the commune has not confirmed the form.
_LACKS = "Thiếu 02 sản phẩm mẫu và bản sao đăng ký kinh doanh"
_UNCONFIRMED = "Phiếu đăng ký chưa có xác nhận của xã"
#: Provincial decisions follow their sittings on these days.
DECISION_DAYS = ((8, 21), (8, 31), (9, 25), (10, 23), (11, 27), (12, 25))


def life(year: Year, case: Case) -> Life:
    """From registration to where the dossier stands at the end of the year."""
    first = _from_idea if case.track == "new_product" else _as_existing
    for part in (first, _intake, _district, _province):
        if not (yield from part(year, case)):
            return
    if case.points[1] >= 90:
        yield from _centre(year, case)


def _from_idea(year: Year, case: Case) -> Part:
    """Steps 2 to 4 of the cycle at the commune, then the filing at the district."""
    yield year.between(case.random, (4, 15), (4, 29))
    open_case(year, case, case.commune)
    yield year.after(case.random, 2, 8)
    attach(year, case, [("idea_form", 1)], case.commune)
    move(year, case, "accept_idea", case.commune, "canbo")
    if case.course == "withdrawn":
        return (yield from _withdrawn(year, case))
    yield year.between(case.random, (5, 11), (5, 29))
    attach(year, case, [("business_plan", 1)])
    move(year, case, "approve_business_plan", case.district, "canbo")
    if case.course == "left_in_proposal":
        return False
    yield year.between(case.random, (6, 15), (7, 3))
    attach(year, case, filing(case, without=("business_plan",)))
    move(year, case, "file_dossier", case.district, "canbo")
    return True


def _as_existing(year: Year, case: Case) -> Part:
    """Registration of a product that exists already; its papers follow."""
    yield year.between(case.random, (4, 20), (5, 29))
    mistaken = "fast_food" if case.product_set != "fast_food" else "other_spices"
    wrong = not case.paper and case.course == "three_stars" and year.story.first("fixed")
    open_case(year, case, case.district, mistaken if wrong else None)
    if case.course == "withdrawn":
        return (yield from _withdrawn(year, case))
    if case.course == "left_at_intake":
        return False
    yield year.between(case.random, (6, 8), (7, 3))
    if wrong:
        reason = "Chọn nhầm bộ sản phẩm khi đăng ký"
        fix = dossiers.Fix(case.code, "product_set", case.product_set, Act(reason=reason))
        year.desk.do(handle(case.district, "canbo"), dossiers.fix, fix)
        year.story.tell(year.today, "fixed", dossier=case.code, reason=reason)
    attach(year, case, filing(case, lacking="intake" in case.returned))
    return True


def _withdrawn(year: Year, case: Case) -> Part:
    yield year.between(case.random, (6, 1), (7, 10))
    move(year, case, "withdraw", case.commune, "canbo", reason="Chủ thể đề nghị chuyển sang năm sau")
    return False


def _intake(year: Year, case: Case) -> Part:
    """The district checks the dossier; some come back for supplement, some acts are typed later from paper."""
    if "intake" in case.returned and not (yield from _returned_at_intake(year, case)):
        return False
    if case.slow:
        yield year.between(case.random, (8, 3), (8, 14))
    yield year.after(case.random, 1, 4)
    if case.paper and case.course != "rejected" and year.today.month == 6:
        yield from _typed_late(year, case)
        return True
    move(year, case, "accept_dossier", case.district, "canbo")
    if year.story.first("undone"):
        undone = year.desk.do(handle(case.district, "canbo"), dossiers.undo, _mistake(case))
        year.story.tell(year.today, "undone", dossier=case.code, state=undone["to_state"])
        yield year.after(case.random, 1, 1)
        move(year, case, "accept_dossier", case.district, "canbo")
    yield year.after(case.random, 2, 6)
    if case.course == "rejected":
        reason = "Giấy chứng nhận an toàn thực phẩm không đúng quy định"
        move(year, case, "reject_at_district", case.district, "lanhdao", reason=reason)
        return False
    if "district" in case.returned:
        reason = "Bổ sung phiếu kết quả kiểm nghiệm còn hiệu lực"
        move(year, case, "return_from_district", case.district, "totuvan", reason=reason)
        year.story.count(year.today, "returned")
        yield year.after(case.random, 4, 9)
        attach(year, case, [("test_report", 1)])
        move(year, case, "receive_district_supplement", case.district, "canbo")
        yield year.after(case.random, 1, 2)
    move(year, case, "send_to_district_council", case.district, "totuvan")
    return True


def _mistake(case: Case) -> dossiers.Undo:
    return dossiers.Undo(case.code, Act(reason="Bấm nhầm hồ sơ"))


def _returned_at_intake(year: Year, case: Case) -> Part:
    yield year.after(case.random, 1, 3)
    lacking = case.track == "existing_product"
    if lacking and year.story.first("refused"):
        because = try_move(year, case, "accept_dossier", case.district, "canbo")
        year.story.tell(year.today, "refused", because, dossier=case.code, unit=case.district.name)
    move(year, case, "return_for_supplement", case.district, "canbo", reason=_LACKS if lacking else _UNCONFIRMED)
    year.story.count(year.today, "returned")
    if case.course == "left_in_supplement":
        return False
    yield year.after(case.random, 5, 14)
    attach(year, case, acts.LACKING if lacking else [("registration_form", 1)])
    move(year, case, "receive_supplement", case.district, "canbo")
    return True


def _typed_late(year: Year, case: Case) -> Part:
    """Accepted and put to the council on paper; the officer types both acts in July."""
    accepted = year.today
    sent = year.after(case.random, 2, 5)
    yield max(year.between(case.random, (7, 6), (7, 10)), sent)
    move(year, case, "accept_dossier", case.district, "canbo", on=accepted)
    move(year, case, "send_to_district_council", case.district, "totuvan", on=sent, typed_by="canbo")
    if year.story.first("typed_late"):
        year.story.tell(
            year.today, "typed_late", dossier=case.code, unit=case.district.name, on=accepted.strftime("%d/%m/%Y")
        )
    return True


def _district(year: Year, case: Case) -> Part:
    """The district council pre-scores; from 50 points the dossier goes on to the province."""
    yield Before(case.district, case)
    move(year, case, "submit_district_result", case.district, "thuky", papers=("district_minutes",))
    yield year.after(case.random, 1, 3)
    if case.course == "weak_at_district":
        reason = "Dưới 50 điểm"
        move(year, case, "not_recognise", case.district, "lanhdao", matter="results", reason=reason)
        return False
    if case.course == "against_the_rules":
        _against_the_rules(year, case)
    else:
        letter = ("district_letter",)
        move(year, case, "send_to_province", case.district, "lanhdao", matter="results", papers=letter)
    yield year.after(case.random, 2, 5)
    if "province" in case.returned:
        reason = "Làm rõ nguồn gốc nguyên liệu"
        move(year, case, "return_from_province", year.province, "totuvan", reason=reason)
        year.story.count(year.today, "returned")
        yield year.after(case.random, 4, 10)
        attach(year, case, [("raw_material_origin", 1)])
        move(year, case, "receive_province_supplement", year.province, "canbo")
        yield year.after(case.random, 1, 2)
    move(year, case, "send_to_province_council", year.province, "totuvan")
    return True


def _against_the_rules(year: Year, case: Case) -> None:
    """A signed decision is a legal fact: it is refused as a move, and recorded as decided with its number and file."""
    letter = ("district_letter",)
    kept = {"matter": "exception", "papers": letter}
    because = try_move(year, case, "send_to_province", case.district, "lanhdao", **kept)
    number = year.decision(case.district, "exception")
    text = f"Quyết định số {number} (văn bản giả định) chuyển hồ sơ {case.code} lên tỉnh.\n"
    file = year.desk.keep(text, "quyet-dinh.txt")
    reason = "Huyện đã ký quyết định chuyển hồ sơ để tỉnh xem xét"
    move(
        year,
        case,
        "send_to_province",
        case.district,
        "lanhdao",
        matter="exception",
        papers=letter,
        reason=reason,
        as_decided=file,
    )
    year.story.tell(
        year.today, "as_decided", because, dossier=case.code, unit=case.district.name, points=case.points[0]
    )


def _province(year: Year, case: Case) -> Part:
    """The provincial council scores; three and four stars are recognised, five-star dossiers go to the centre."""
    yield Before(year.province, case)
    move(year, case, "submit_province_result", year.province, "thuky", papers=("province_minutes",))
    if case.points[1] >= 90:
        yield year.on(9, 24)
        papers = ("province_letter", "province_minutes", "result_decision")
        move(year, case, "send_to_central", year.province, "lanhdao", matter="five stars", papers=papers)
        return True
    yield _decision_day(year)
    if case.course == "weak_at_province":
        reason = "Dưới 50 điểm"
        move(year, case, "not_recognise", year.province, "lanhdao", matter="results", reason=reason)
        return False
    move(year, case, "recognise", year.province, "lanhdao", matter="recognition")
    _recognised(year, case, 4 if case.points[1] >= 70 and case.course != "minimum_missed" else 3)
    return True


def _decision_day(year: Year) -> date:
    days = (year.on(*each) for each in DECISION_DAYS)
    return next((day for day in days if day > year.today), year.facts.ends_on)


def _recognised(year: Year, case: Case, stars: int) -> None:
    year.recognised[stars] += 1
    year.story.count(year.today, f"recognised_{stars}")
    total = year.facts.recognised_products + year.recognised[3] + year.recognised[4]
    if total >= year.target and year.story.first("target_reached"):
        year.story.tell(year.today, "target_reached", target=year.target, dossier=case.code)


def _centre(year: Year, case: Case) -> Part:
    """The Ministry's round: one supplement left open, one of five stars, the others sent back to the province."""
    yield year.between(case.random, (10, 12), (10, 16))
    if case.course == "at_the_centre":
        reason = "Bổ sung phiếu kiểm nghiệm theo tiêu chuẩn xuất khẩu"
        move(year, case, "return_from_central", year.centre, "totuvan", reason=reason)
        year.story.count(year.today, "returned")
        year.story.tell(year.today, "central_supplement", dossier=case.code)
        return False
    move(year, case, "send_to_central_council", year.centre, "totuvan")
    yield Before(year.centre, case)
    papers = ("central_minutes", "draft_decision")
    move(year, case, "submit_central_result", year.centre, "thuky", papers=papers)
    yield year.on(12, 18)
    if case.points[2] >= 90:
        move(year, case, "recognise_five_stars", year.centre, "lanhdao", matter="five stars")
        _recognised(year, case, 5)
        year.story.tell(year.today, "five_stars", dossier=case.code)
        return True
    move(year, case, "send_back_to_province", year.centre, "lanhdao", matter="sent back")
    yield year.on(12, 28)
    fields = {"stars": "4"}
    move(year, case, "keep_province_rating", year.province, "lanhdao", matter="recognition", fields=fields)
    _recognised(year, case, 4)
    if year.story.first("kept"):
        year.story.tell(year.today, "kept", dossier=case.code, points=case.points[2])
    return True
