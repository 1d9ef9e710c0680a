"""A small history over two maps: dossiers of Nam Định, Hà Nam and Ninh Bình before and after 1 July 2025.

Districts ended, and Nam Định and Hà Nam became part of Ninh Bình, on that day (Resolution 202/2025/QH15); the code 37
had two lives, and so had 13324 (Phường Hòa Mạc of Hà Nam, then Phường Duy Tiên of Ninh Bình).
"""

from __future__ import annotations

from pathlib import Path

from tests.cli.office import Json, Office

EXAMPLES = Path(__file__).parents[2] / "docs" / "examples"

NAM_DINH, HA_NAM, NINH_BINH = "14209", "13324", "14467"
#: Commune -> its province before and since the succession.
PROVINCES = {NAM_DINH: ("36", "37"), HA_NAM: ("35", "37"), NINH_BINH: ("37", "37")}
#: The three days on which everything is counted anew.
DAYS = ("2020-12-31", "2024-12-31", "2025-12-31")
CAUSE = "Thiếu phiếu kiểm nghiệm"
#: Seed 003: the plan of Nam Định and the last days of its milestones; the last one was moved later.
PLAN = "27/KH-UBND"
DUE = {
    "launch_conference": "2020-04-30",
    "council_renewed": "2020-04-30",
    "rules_and_budget": "2020-04-30",
    "district_rating": "2020-07-31",
    "province_rating": "2020-08-31",
    "five_star_dossiers": "2020-09-30",
}
MOVED_ON, MOVED_TO = "2021-01-15", "2021-06-30"
#: A plan of Ninh Bình for 2024, and one of the Ninh Bình that Nam Định and Hà Nam became part of.
OWN_PLAN = """\
plan: {{number: {number}, issued_on: "{issued_on}", issuer: "37", year: {year}}}
milestones:
  - {{id: report, due: "trong tháng 12", responsible: province}}
targets:
  - {{id: made, metric: recognised_products, count: year, at_least: 3}}
  - {{id: new, metric: new_products, count: year, at_least: 1}}
  - {{id: upgraded, metric: upgraded_products, count: year, at_least: 1}}
  - {{id: handed_in, metric: dossiers_submitted, count: year, at_least: 4}}
  - {{id: helped, metric: establishments_supported, count: year, at_least: 2}}
  - {{id: shape, metric: star_distribution, count: year, distribution: {{4: 1, 3: 2}}}}
"""


def recognised(office: Office, commune: str, product: str, days: tuple[str, str], stars: int, **options: str) -> str:
    """A dossier opened on the first day, filed and recognised on the second; its code."""
    office.day = days[0]
    dossier = office.open(commune, product, **{"track": "existing_product", **options})
    office.day = days[1]
    office.walk(dossier, "promotion", stars=stars)
    return dossier


def load_plan(office: Office, number: str, issued_on: str) -> None:
    """An own plan of Ninh Bình."""
    office.day = issued_on
    file = office.db.with_name(f"plan-{issued_on}.yaml")
    file.write_text(OWN_PLAN.format(number=number, issued_on=issued_on, year=issued_on[:4]), encoding="utf-8")
    office.do("plan", "load", str(file), who=office.holder("officer", "37"))


def annulled(office: Office) -> list[Json]:
    """Recognised by a recorded decision on 9 December 2024, annulled on 3 March 2025: in December it was recognised.

    returns  the duties as they were listed on the last day of 2024
    """
    office.day = "2024-11-04"
    dossier = office.open(NINH_BINH, "Cơm cháy", entity="HTX số 9", track="new_product")
    office.day = "2024-12-09"
    office.walk(dossier, "rating.province", stars=4)
    listing = office.db.with_name("recognised.csv")
    listing.write_text(f"dossier,product,stars\n{dossier},Cơm cháy,4\n", encoding="utf-8")
    leader, officer = office.holder("leader", "37"), office.holder("officer", "37")
    signed = ["--on", office.day, "--signed-by", leader]
    office.do("decision", "record", "90/QĐ-UBND", "--list", str(listing), *signed, who=officer)
    office.day = DAYS[1]
    listed: list[Json] = office.do("deadline", "list")
    office.day = "2025-03-03"
    signed = ["--on", office.day, "--signed-by", leader]
    office.do("decision", "record", "16/QĐ-UBND", "--kind", "annulment", *signed, who=officer)
    office.do("decision", "annul", "90/QĐ-UBND", "--by", "16/QĐ-UBND", "--reason", "sai thẩm quyền", who=officer)
    return listed


def play(office: Office) -> dict[str, list[Json]]:
    """Every kind of end and way, at the counters of three provinces; the office is left on 31 December 2025.

    returns  the duties as they were listed on each of the DAYS, when it was today
    """
    listed: dict[str, list[Json]] = {}
    office.day = "2020-04-01"
    planner = office.holder("officer", "36")
    office.do("plan", "load", str(EXAMPLES / "plan-27-KH-UBND.yaml"), who=planner)
    office.day = "2020-04-20"
    office.do("plan", "done", PLAN, "launch_conference", who=planner)
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

    for until, day in (("2021-03-01", "2020-11-09"), ("2022-03-01", "2021-02-10")):
        if day > DAYS[0]:
            office.day = DAYS[0]
            listed[DAYS[0]] = office.do("deadline", "list")
        office.day = day
        paper = ["--kind", "registration_form", "--issued", "2020-03-01", "--expires", until]
        office.do("attach", returned, *paper, who=officer)
    office.do("plan", "done", PLAN, "rules_and_budget", who=planner)
    words = ["five_star_dossiers", "trong tháng 6/2021", "--decision", "3/QĐ-UBND", "--reason", "Do dịch bệnh"]
    office.do("plan", "move", PLAN, *words, "--on", MOVED_ON, who=planner)

    number = office.show(first)["certificate"]
    again = {"kind": "re_rating", "previous": number, "entity": "HTX số 1"}
    recognised(office, NAM_DINH, "Nước mắm Sa Châu", ("2023-03-01", "2023-04-03"), 3, **again)
    load_plan(office, "2/KH-UBND", "2024-01-10")
    revoked = recognised(office, NINH_BINH, "Rượu Kim Sơn", ("2024-03-01", "2024-04-01"), 4, entity="HTX số 5")
    office.day = "2024-10-01"
    paper = ["--cause", "law_breach", "--decision", "77/QĐ-UBND", "--reason", "kết luận thanh tra"]
    leader = office.holder("leader", "37")
    office.do("certificate", "revoke", office.show(revoked)["certificate"], *paper, who=leader)
    recognised(office, HA_NAM, "Sữa Mộc Bắc", ("2024-05-06", "2024-06-03"), 4, entity="Công ty số 6")
    listed[DAYS[1]] = annulled(office)

    load_plan(office, "70/KH-UBND", "2025-08-01")
    recognised(office, HA_NAM, "Trà sen", ("2025-09-01", "2025-10-01"), 3, entity="HTX số 7")
    office.day = "2025-12-31"
    listed[DAYS[2]] = office.do("deadline", "list")
    paper = ["--product", "Gạo Hải Hậu", "--entity", "HTX số 8", "--entity-kind", "cooperative", "--stars", "4"]
    where = ["--commune", NAM_DINH, "--issuer", "36", "--issued-on", "2019-12-20", "--number", "01-2019-NĐ"]
    province = office.holder("officer", "37")
    office.do("certificate", "declare", *paper, *where, "--source", "Sổ của tỉnh", who=province)
    for name, sex, group in (("HTX số 1", "female", "Kinh"), ("Công ty số 6", "male", "Mường")):
        code = next(each["code"] for each in office.do("entity", "list") if each["name"] == name)
        words = ["--sex", sex, "--ethnic-group", group]
        office.do("entity", "representative", code, *words, who=province)
    return listed
