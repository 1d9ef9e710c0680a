"""An office under 26/2026/QĐ-TTg in which every kind of paper has something to say, made through the command line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.cli.office import Office

#: Phường Mỹ Hào, and its province.
COMMUNE, PROVINCE = "12103", "33"


@dataclass(frozen=True, slots=True)
class World:
    """``subjects``: kind of paper -> what to ask it about."""

    office: Office
    subjects: dict[str, str]


def made(office: Office) -> World:
    """One dossier returned, one not yet filed in full, two rated of which one fails, one recognised long enough ago."""
    office.day = "2026-09-01"
    returned = _returned(office)
    passed = office.open(COMMUNE, "Cà phê rang xay Phố Nối", entity="Hợp tác xã số 2", track="existing_product")
    office.walk(passed, "rating.province_decision", stars=4)
    failing = office.open(COMMUNE, "Ca cao bột", entity="Hợp tác xã số 3", track="existing_product")
    office.walk(failing, "rating.province_decision", stars=2)
    waiting = office.open(COMMUNE, "Cà phê hạt", entity="Hợp tác xã số 4", track="existing_product")
    office.walk(waiting, "evaluation.province_council")
    unscored = office.open(COMMUNE, "Bột ca cao", entity="Hợp tác xã số 7", track="existing_product")
    office.walk(unscored, "evaluation.province_council")
    office.open(COMMUNE, "Sô cô la", entity="Hợp tác xã số 6", track="existing_product")
    certificate = _certificate(office)
    sitting = _sitting(office, waiting)
    council = office.councils[(PROVINCE, "2026")][0]
    of_dossier = dict.fromkeys(("form_01", "form_02", "form_03", "receipt", "supplement", "hand_over"), returned)
    return World(
        office,
        {
            **of_dossier,
            "letter": COMMUNE,
            "invitation": council,
            "minutes": sitting,
            "score_summary": sitting,
            "submission": sitting,
            "recognition": PROVINCE,
            "certificate": certificate,
            "not_passed": failing,
            "revocation": certificate,
            "expiry_notice": certificate,
            "round_page": PROVINCE,
            "ending_page": PROVINCE,
        },
    )


def _returned(office: Office) -> str:
    """Filed with three of five samples, and sent back to its entity."""
    code = office.open(COMMUNE, "Mật ong nhãn", entity="Hợp tác xã số 1", track="existing_product")
    officer = office.holder("officer", COMMUNE)
    for kind, copies in (("registration_form", "1"), ("sample", "3")):
        office.do("attach", code, "--kind", kind, "--copies", copies, who=officer)
    office.do("advance", code, "return_for_supplement", "--reason", "Thiếu báo cáo tự đánh giá", who=officer)
    return code


def _certificate(office: Office) -> str:
    """Four stars declared from before, in force until the end of the year."""
    words = ["--product", "Tương Bần", "--entity", "Hợp tác xã số 5", "--entity-kind", "cooperative"]
    words += ["--stars", "4", "--commune", COMMUNE, "--issued-on", "2023-12-20", "--valid-to", "2026-12-20"]
    words += ["--product-set", "spices", "--decision", "2800/QĐ-UBND", "--source", "Sổ theo dõi của tỉnh"]
    who = office.holder("officer", PROVINCE)
    return str(office.do("certificate", "declare", *words, who=who)["number"])


def _sitting(office: Office, dossier: str) -> str:
    """A sitting of one dossier before the council, with its sheet, closed."""
    action = next(item for item in office.actions(dossier).values() if item["needs"]["scores"])
    code, chair, secretary = office.council(PROVINCE)
    present = ["--present", f"{chair},{secretary}", "--dossiers", dossier]
    sitting = str(office.do("council", "convene", code, *present, who=secretary)["sitting"])
    office.do("council", "score", sitting, dossier, "--member", chair, "--parts", "30,20,25", who=secretary)
    office.do("council", "close", sitting, dossier, who=secretary)
    assert action["tier"] == "province"
    return sitting
