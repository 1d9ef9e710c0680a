"""Fields of papers about certificates: one of them, or all of a unit that end."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta
from io import BytesIO
from typing import TYPE_CHECKING, Any

from ocop_flow.cited import cited
from ocop_flow.domain.filing_window import file_by, grace_of
from ocop_flow.errors import Reason, Refused, Text, Unavailable, reason
from ocop_flow.papers import words
from ocop_flow.papers.kinds import practice
from ocop_flow.papers.subject import Signed, Subject
from ocop_flow.papers.words import BLANK, said, short_day
from ocop_flow.service import certificates, verifying
from ocop_flow.service.desk import law_exists, unit_on
from ocop_flow.service.ending import ending as ending_list
from ocop_flow.service.ending import opened_again
from ocop_flow.service.issuer_today import answers, life, today

if TYPE_CHECKING:
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.units import Unit
    from ocop_flow.ports import Row, UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]
#: How far ahead the page of certificates looks.
HORIZON = "12m"
#: Days for which an end counts as near.
_SOON = 30
#: Certificates named on the page; all of them stand in the register of ends.
_MOST = 24


def certificate(uow: UnitOfWork, office: Office, typed: str) -> Subject:
    on = office.today
    row = certificates.find(uow, typed)
    seen = certificates.shown(uow, row, on)
    unit, commune, now = _units(uow, row, on)
    province = unit.code if unit.tier == "province" else None
    regime = law_exists(uow.law_on(on, province), on).regime
    ends = date.fromisoformat(seen["valid_to"]) if seen["valid_to"] else None
    window = regime.re_rating_window
    issued = date.fromisoformat(seen["issued_on"]) if seen["issued_on"] else None
    grace = grace_of(regime, issued, ends) if ends else None
    last = file_by(regime, issued, ends) if ends else None
    told = {
        "certificate": seen["number"],
        "product_code": seen["product_code"] or BLANK,
        "product": seen["product"],
        "entity": seen["entity"],
        "commune": words.lowered(commune.name) if commune else BLANK,
        "commune_now": ", ".join(words.lowered(each.name) for each in now) or BLANK,
        "commune_office": ", ".join(words.committee(each) for each in now) or BLANK,
        "stars": str(seen["stars"]),
        "stars_word": words.STARS.get(seen["stars"], str(seen["stars"])),
        "stars_drawn": " ".join("★" * seen["stars"]),
        "decision": seen["decision"] or BLANK,
        "issued_by": words.lowered(seen["issuer"]["name"]) if seen["issuer"] else BLANK,
        "issued_on": short_day(seen["issued_on"]),
        "issued_day": words.long_day(date.fromisoformat(seen["issued_on"])) if seen["issued_on"] else BLANK,
        "valid_to": short_day(ends),
        "days_left": str((ends - on).days) if ends else BLANK,
        "over": ends is not None and ends < on and seen["status"] != "grace",
        "file_from": short_day(ends - timedelta(window.earliest_days)) if ends and window and not grace else BLANK,
        "file_by": short_day(last),
        "late": last is not None and last < on and seen["status"] != "grace",
        "grace_to": short_day(ends + timedelta(grace.days)) if ends and grace else "",
        "grace_source": cited(grace.source, "vi") if grace else "",
        "in_grace": seen["status"] == "grace",
        "regime": words.law(regime.decision),
        "authority": words.decider(unit, practice(regime.id)).upper(),
        "qr": _qr(uow, office, seen["number"]),
    }
    dossier = uow.dossier(row["dossier"]) if row["dossier"] else None
    under, signed = (dossier.regime if dossier else None), _signed(uow, dossier, seen["number"])
    against = _against(seen["number"], seen["status"])
    return Subject(unit, told, commune, regime=regime.id, issued_under=under, signed=signed, against=against)


def _signed(uow: UnitOfWork, dossier: Dossier | None, number: str) -> Signed | None:
    """Who signed the act that issued the certificate; None for one declared from before this system."""
    for event in uow.events("dossier", dossier.code) if dossier else ():
        issued = event.data.get("certificate") or event.data.get("new")
        if isinstance(issued, dict) and issued.get("number") == number:
            return Signed.of(event.signer)
    return None


def _against(number: str, status: str) -> dict[str, Reason]:
    """Conditions of papers that do not hold for a certificate of this status (``only`` in the table of kinds)."""
    if status not in ("expired", "revoked", "replaced"):
        return {}
    shown = Text(said(status), status)
    over = reason("certificate_not_in_force", number=number, status=shown)
    if status == "expired":
        return {"in_force": over}
    return {"in_force": over, "not_ended": reason("paper_certificate_ended", number=number, status=shown)}


def _units(uow: UnitOfWork, row: Row, on: date) -> tuple[Unit, Unit | None, list[Unit]]:
    """Who answers for a certificate today, its commune as it was when it was issued, and the communes of today."""
    tree = uow.tree([code for code in (row["commune"], row["issuer_code"]) if code] or ["central"])
    issued = date.fromisoformat(row["issued_on"]) if row["issued_on"] else on
    commune = life(tree, row["commune"], issued)
    return answers(tree, row, on) or unit_on(uow, "central", on), commune, today(tree, commune, on)


def early(uow: UnitOfWork, office: Office, typed: str) -> Reason | None:
    """A doubt about telling an entity of an end before its re-rating can be filed; None where it is time.

    source  the window in which a re-rating is filed (26/2026/QĐ-TTg art. 8)
    """
    row = certificates.find(uow, typed)
    unit, _, _ = _units(uow, row, office.today)
    province = unit.code if unit.tier == "province" else None
    regime = law_exists(uow.law_on(office.today, province), office.today).regime
    asked = regime.re_rating_window
    if row["valid_to"] is None or asked is None:
        return None
    opens = date.fromisoformat(row["valid_to"]) - timedelta(asked.earliest_days)
    if office.today >= opens:
        return None
    told = {"number": row["number"], "valid_to": row["valid_to"], "opens": opens.isoformat()}
    return reason("notice_early", **told, source=asked.source, mark=asked.mark)


def _qr(uow: UnitOfWork, office: Office, number: str) -> bytes | str:
    """The signed code as a picture; empty for one that is not in force, or where no key signs."""
    import segno

    try:
        code = verifying.code(uow, office, number)["code"]
    except (Refused, Unavailable):
        return ""
    out = BytesIO()
    segno.make_qr(code, error="m").save(out, kind="png", scale=6, border=2)
    return out.getvalue()


def ending(uow: UnitOfWork, office: Office, code: str) -> Subject:
    on = office.today
    unit = unit_on(uow, code, on)
    found = ending_list(uow, on, HORIZON, unit.code)
    filed = opened_again(uow, [item["number"] for item in found])
    found.sort(key=lambda item: (item["valid_to"], item["number"]))
    lines = [_ending_row(number, item, filed, on) for number, item in enumerate(found, start=1)]
    verdicts = Counter(line["verdict"].partition(":")[0] for line in lines)
    late = Counter(item["month"] for item in found if item["late"] and item["number"] not in filed)
    every = Counter(item["month"] for item in found)
    told = {
        "area": unit.name.upper(),
        "until": short_day(certificates.horizon(on, HORIZON)),
        "total": str(len(lines)),
        "late": str(verdicts[_LATE] + verdicts[_OVER]),
        "soon": str(verdicts[_NOW]),
        "filed": str(verdicts[_FILED]),
        "months": [
            {"name": f"{month[5:]}/{month[:4]}", "total": str(number), "late": str(late[month])}
            for month, number in sorted(every.items())
        ],
        "lines": lines[:_MOST],
        "more": f"… và {len(lines) - _MOST} giấy khác: xem sổ theo dõi hết hạn" if len(lines) > _MOST else "",
    }
    return Subject(unit, told)


_FILED, _OVER, _LATE, _NOW, _WAIT = "Đã nộp", "ĐÃ HẾT HẠN", "QUÁ HẠN NỘP", "Nộp ngay", "Nộp trước hết"


def _ending_row(number: int, item: Json, filed: set[str], on: date) -> Json:
    by = short_day(item["file_by"]) if item["file_by"] else "–"
    if item["number"] in filed:
        verdict = f"{_FILED}: đang đánh giá lại"
    elif item["days_left"] < 0:
        verdict = f"{_OVER}: ngừng dùng nhãn hiệu"
    elif item["late"]:
        verdict = f"{_LATE}: từ {by}"
    elif item["file_by"] is None:
        verdict = "Không có hạn nộp"
    elif (date.fromisoformat(item["file_by"]) - on).days <= _SOON:
        verdict = f"{_NOW}: trước hết {by}"
    else:
        verdict = f"{_WAIT}: {by}"
    return {
        "number": str(number),
        "certificate": item["number"],
        "product": item["product"],
        "entity": item["entity"],
        "commune": ", ".join(each["name"] for each in item["communes"]) or "–",
        "stars": str(item["stars"]),
        "issued_by": item["issuer"]["name"] if item["issuer"] else "–",
        "valid_to": short_day(item["valid_to"]),
        "days_left": str(item["days_left"]),
        "file_by": by,
        "verdict": verdict,
    }
