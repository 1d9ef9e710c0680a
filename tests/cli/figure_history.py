"""A small history over two maps: dossiers of Nam Định, Hà Nam and Ninh Bình before and after 1 July 2025.

Districts ended, and Nam Định and Hà Nam became part of Ninh Bình, on that day (Resolution 202/2025/QH15); the code 37
had two lives, and so had 13324 (Phường Hòa Mạc of Hà Nam, then Phường Duy Tiên of Ninh Bình).
"""

from __future__ import annotations

from tests.cli.office import Office

NAM_DINH, HA_NAM, NINH_BINH = "14209", "13324", "14467"
#: Commune -> its province before and since the succession.
PROVINCES = {NAM_DINH: ("36", "37"), HA_NAM: ("35", "37"), NINH_BINH: ("37", "37")}
#: The three days on which everything is counted anew.
DAYS = ("2020-12-31", "2024-12-31", "2025-12-31")
CAUSE = "Thiếu phiếu kiểm nghiệm"


def recognised(office: Office, commune: str, product: str, days: tuple[str, str], stars: int, **options: str) -> str:
    """A dossier opened on the first day, filed and recognised on the second; its code."""
    office.day = days[0]
    dossier = office.open(commune, product, **{"track": "existing_product", **options})
    office.day = days[1]
    office.walk(dossier, "promotion", stars=stars)
    return dossier


def play(office: Office) -> None:
    """Every kind of end and way, at the counters of three provinces; the office is left on 31 December 2025."""
    first = recognised(office, NAM_DINH, "Nước mắm Sa Châu", ("2020-03-02", "2020-07-01"), 4, entity="HTX số 1")
    officer = office.holder("officer", NAM_DINH)
    fair = ["--kind", "fair", "--cost", "12.500.000", "--result", "3 đơn hàng", "--on", "2020-10-10"]
    office.day = "2020-10-12"
    office.do("promotion", "add", first, *fair, who=officer)
    returned = office.open(NAM_DINH, "Kẹo sìu châu", entity="Hộ số 2", track="existing_product")
    office.day = "2020-10-20"
    action = office.actions(returned)["return_for_supplement"]
    words = office.words_for(returned, action)
    words[words.index("--reason") + 1 :] = [CAUSE]
    office.do(*words, who=office.rightful(returned, action))
    gone = office.open(HA_NAM, "Bánh đa nem", entity="Hộ số 3", track="new_product")
    office.day = "2020-11-02"
    office.take(gone, "withdraw")
    undone = office.open(HA_NAM, "Chuối ngự", entity="Hộ số 4", track="existing_product")
    action = office.actions(undone)["return_for_supplement"]
    office.take(undone, action)
    office.do("undo", undone, who=office.rightful(undone, action))

    number = office.show(first)["certificate"]
    again = {"kind": "re_rating", "previous": number, "entity": "HTX số 1"}
    recognised(office, NAM_DINH, "Nước mắm Sa Châu", ("2023-03-01", "2023-04-03"), 3, **again)
    revoked = recognised(office, NINH_BINH, "Rượu Kim Sơn", ("2024-03-01", "2024-04-01"), 4, entity="HTX số 5")
    office.day = "2024-10-01"
    paper = ["--cause", "law_breach", "--decision", "77/QĐ-UBND", "--reason", "kết luận thanh tra"]
    leader = office.holder("leader", "37")
    office.do("certificate", "revoke", office.show(revoked)["certificate"], *paper, who=leader)
    recognised(office, HA_NAM, "Sữa Mộc Bắc", ("2024-05-06", "2024-06-03"), 4, entity="Công ty số 6")

    recognised(office, HA_NAM, "Trà sen", ("2025-09-01", "2025-10-01"), 3, entity="HTX số 7")
    office.day = "2025-12-31"
    paper = ["--product", "Gạo Hải Hậu", "--entity", "HTX số 8", "--entity-kind", "cooperative", "--stars", "4"]
    where = ["--commune", NAM_DINH, "--issuer", "36", "--issued-on", "2019-12-20", "--number", "01-2019-NĐ"]
    province = office.holder("officer", "37")
    office.do("certificate", "declare", *paper, *where, "--source", "Sổ của tỉnh", who=province)
    for name, sex, group in (("HTX số 1", "female", "Kinh"), ("Công ty số 6", "male", "Mường")):
        code = next(each["code"] for each in office.do("entity", "list") if each["name"] == name)
        words = ["--sex", sex, "--ethnic-group", group]
        office.do("entity", "representative", code, *words, who=province)
