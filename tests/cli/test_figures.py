"""Reports of figures, each against a slow count over the events of the log, before and after 1 July 2025."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

from tests.cli import figure_history as history
from tests.cli.conftest import copied
from tests.cli.figure_history import DAYS, PROVINCES
from tests.cli.office import Json, Office
from tests.databases import raw

if TYPE_CHECKING:
    from pathlib import Path

#: (day, day of the map, code of the province): Nam Định of 2020 under its own code and as part of today's Ninh Bình.
ASKED = [
    *((day, None, None) for day in DAYS),
    *((day, None, code) for day in DAYS[:2] for code in ("35", "36", "37")),
    (DAYS[2], None, "37"),
    *((day, "2025-12-31", "37") for day in DAYS[:2]),
    (DAYS[2], "2025-06-30", "36"),
]


@pytest.fixture(scope="module")
def played(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Office, dict[str, list[Json]]]:
    """The office, and the duties as they were listed on each of the days."""
    found = Office(copied(sandbox_database, tmp_path_factory.mktemp("figures")))
    return found, history.play(found)


@pytest.fixture(scope="module")
def office(played: tuple[Office, dict[str, list[Json]]]) -> Office:
    return played[0]


# --- the slow count: nothing of the product but the bytes of its log --------------------------------------------------


@dataclass
class Slow:
    """A dossier or declared certificate, told by its events one after the other."""

    code: str
    commune: str = ""
    opened_on: str = ""
    filed_on: str | None = None
    kind: str = "declared"
    track: str | None = None
    entity: str = ""
    entity_kind: str = ""
    product: str = ""
    product_set: str | None = None
    state: str = ""
    certificate: Json | None = None
    moves: list[tuple[str, str, str | None]] = field(default_factory=list)
    returns: list[tuple[str, str, str]] = field(default_factory=list)
    activities: list[Json] = field(default_factory=list)
    papers: list[tuple[str, str | None]] = field(default_factory=list)

    @property
    def paper(self) -> Json:
        assert self.certificate is not None
        return self.certificate

    @property
    def recognised(self) -> bool:
        """What was annulled waits for its decision again: it is no recognition."""
        ended = ("closed.expired", "closed.revoked", "closed.replaced")
        return self.certificate is not None and self.state.startswith(("promotion.", *ended))

    def in_force(self, day: str) -> bool:
        held = self.certificate is not None and self.state.startswith("promotion.")
        return held and (self.certificate or {})["valid_to"] >= day


def log(office: Office, kind: str) -> Iterator[tuple[str, list[Json]]]:
    """Every stream of a kind, without what was taken back."""
    with raw(office.db) as database:
        sql = f"SELECT subject, body FROM event WHERE subject_kind = '{kind}' ORDER BY subject, seq"
        streams: dict[str, list[Json]] = {}
        for subject, body in database.execute(sql):
            streams.setdefault(subject, []).append(json.loads(body))
    for subject, events in streams.items():
        taken_back = [event["data"]["undoes"] for event in events if event["action"] == "undo"]
        yield subject, [e for e in events if e["action"] != "undo" and e["seq"] not in taken_back]


def counted(office: Office, day: str) -> list[Slow]:
    """Everything that had been opened or issued by a day, as it stood then."""
    found = []
    for code, events in log(office, "dossier"):
        slow = Slow(code)
        for event in events:
            if event["occurred_on"] <= day:
                tell(slow, event)
        found += [slow] if slow.opened_on else []
    for code, events in log(office, "certificate"):
        data = events[0]["data"]
        if data["issued_on"] <= day:
            slow = Slow(code, data["commune"], entity=data["entity_code"], entity_kind=data["entity_kind"])
            slow.product, slow.state, slow.certificate = data["product_code"], "promotion.", data
            found.append(slow)
    return found


def tell(slow: Slow, event: Json) -> None:
    data, on = event["data"], event["occurred_on"]
    if event["action"] == "open":
        slow.opened_on, slow.commune = on, data["commune"]["code"]
        slow.kind, slow.track, slow.product_set = data["kind"], data["track"], data["product_set"]
        slow.entity, slow.entity_kind, slow.product = (
            data["entity"]["code"],
            data["entity"]["kind"],
            data["product"]["code"],
        )
        slow.filed_on = on if event["to_state"].startswith("registration.") else None
    if event["to_state"] != event["from_state"]:
        if data.get("kind") == "return":
            slow.returns.append((on, event["from_state"], event["reason"]))
        slow.moves.append((on, event["to_state"], event["from_state"]))
        slow.state = event["to_state"]
    slow.filed_on = on if data.get("files") else slow.filed_on
    slow.certificate = data.get("certificate") or slow.certificate
    slow.papers += [(item["kind"], item["expires_on"]) for item in data.get("evidence", ())]
    if event["action"] == "record_beside":
        slow.activities.append({**data, "on": on})


def within(slow: Slow, province: str | None, map_day: str) -> bool:
    """By the table in ``figure_history``; the dossier of 2025 was opened in a ward that is of Ninh Bình alone."""
    if province is None:
        return True
    old, new = PROVINCES[slow.commune]
    return province == (new if map_day >= "2025-07-01" else old)


def area(office: Office, asked: tuple[str, str | None, str | None]) -> list[Slow]:
    day, map_day, province = asked
    return [slow for slow in counted(office, day) if within(slow, province, map_day or day)]


def sheets(office: Office, kind: str, asked: tuple[str, str | None, str | None], *words: str) -> dict[str, Json]:
    day, map_day, province = asked
    options = ["--on", day, *(["--units-of", map_day] if map_day else []), *(["--unit", province] if province else [])]
    found = office.do("report", kind, *options, *words)
    assert found["to"] == day
    return {sheet["id"]: sheet for sheet in found["sheets"]}


def by(sheet: Json, key: str, value: str) -> dict[Any, Any]:
    """Key -> value of the rows that have one."""
    return {row[key]: row[value] for row in sheet["rows"] if row[value]}


every_asking = pytest.mark.parametrize("asked", ASKED, ids=["-".join(map(str, asked)) for asked in ASKED])


@every_asking
def test_products_by_star_and_group_with_shares(office: Office, asked: tuple[str, str | None, str | None]) -> None:
    """A product counts by the certificate in force at the end of the day; shares are exact and add up to one."""
    held = [slow for slow in area(office, asked) if slow.in_force(asked[0])]
    found = sheets(office, "products", asked)
    stars = Counter((slow.certificate or {})["stars"] for slow in held)
    assert by(found["products_by_star"], "stars", "in_force") == dict(stars)
    shares = [Fraction(row["share"]) for row in found["products_by_star"]["rows"] if row["share"] is not None]
    assert sum(shares) == (1 if held else 0)
    sets = Counter(slow.product_set or "unknown" for slow in held)
    assert by(found["products_by_group"], "product_set", "total") == dict(sets)


@every_asking
def test_new_against_re_rated_against_declared(office: Office, asked: tuple[str, str | None, str | None]) -> None:
    """Every recognition of the period by the kind and track of its dossier, and by year."""
    made = [slow for slow in area(office, asked) if slow.recognised]
    found = sheets(office, "recognitions", asked)
    kinds = Counter((slow.track if slow.kind == "first" else slow.kind) for slow in made)
    assert by(found["recognitions_by_kind"], "kind", "total") == dict(kinds)
    years = Counter(int((slow.certificate or {})["issued_on"][:4]) for slow in made)
    assert by(found["recognitions_by_year"], "year", "total") == dict(years)


def test_a_re_rating_may_end_lower_and_is_no_new_product(office: Office) -> None:
    """Four stars of 2020 became three in 2023: one product, one recognition with a lower star."""
    found = sheets(office, "recognitions", (DAYS[1], None, "36"), "--from", "2023-01-01")
    row = next(row for row in found["recognitions_by_kind"]["rows"] if row["kind"] == "re_rating")
    assert (row["total"], row["higher"], row["same"], row["lower"]) == (1, 0, 0, 1)


@every_asking
def test_entities_by_kind(office: Office, asked: tuple[str, str | None, str | None]) -> None:
    """An entity counts once, however many products it has."""
    held = [slow for slow in area(office, asked) if slow.in_force(asked[0])]
    found = sheets(office, "entities", asked)
    kinds = Counter(kind for _, kind in {(slow.entity, slow.entity_kind) for slow in held})
    assert by(found["entities_by_kind"], "kind", "recognised_entities") == dict(kinds)
    assert found["entities_by_sex"]["total"]["recognised_entities"] == len({slow.entity for slow in held})


def test_sex_and_ethnic_group_leave_as_counts_alone(office: Office) -> None:
    """Personal data: recorded for two of the four entities, shown as numbers; entities show no digest of it."""
    found = sheets(office, "entities", (DAYS[2], None, None))
    assert by(found["entities_by_sex"], "sex", "recognised_entities") == {"female": 1, "male": 1, "not_recorded": 1}
    groups = by(found["entities_by_ethnic_group"], "ethnic_group", "recognised_entities")
    assert groups == {"Kinh": 1, "Mường": 1, "not_recorded": 1}
    assert all("sex" not in row and "ethnic_group" not in row for row in office.do("entity", "list"))


@every_asking
def test_the_renewal_wave(office: Office, asked: tuple[str, str | None, str | None]) -> None:
    """Certificates in force that end within 6, 12 and 36 months of the day, and month by month."""
    held = [slow for slow in area(office, asked) if slow.in_force(asked[0])]
    ends = [(slow.certificate or {})["valid_to"] for slow in held]
    found = sheets(office, "renewal", asked)
    year, month = int(asked[0][:4]), 12
    for months in (6, 12, 36):
        later = month + months
        last = f"{year + (later - 1) // 12}-{(later - 1) % 12 + 1:02d}-{30 if months == 6 else 31}"
        row = next(row for row in found["ending"]["rows"] if row["months"] == months)
        assert (row["last_day"], row["total"]) == (last, sum(end <= last for end in ends))
    assert by(found["ending_by_month"], "month", "total") == dict(Counter(end[:7] for end in ends if end <= last))


@every_asking
def test_the_way_through_the_phases(office: Office, asked: tuple[str, str | None, str | None]) -> None:
    """Of the dossiers opened: how many came as far as a phase or further, and where they stand."""
    phases = ["proposal", "registration", "evaluation", "rating", "promotion"]
    opened = [slow for slow in area(office, asked) if slow.opened_on]
    furthest = [
        max(phases.index(to.split(".")[0]) for _, to, _ in s.moves if not to.startswith("closed")) for s in opened
    ]
    found = sheets(office, "phases", asked)["phases"]["rows"]
    assert [row["reached"] for row in found] == [sum(f >= place for f in furthest) for place in range(5)]
    assert [row["now"] for row in found] == [sum(s.state.startswith(p) for s in opened) for p in phases]
    ended = Counter(slow.state for slow in opened if slow.state.startswith("closed."))
    closed = sheets(office, "phases", asked).get("closed", {"rows": []})
    assert by(closed, "state", "dossiers") == dict(ended)


@every_asking
def test_time_per_step_and_office(office: Office, asked: tuple[str, str | None, str | None]) -> None:
    """Calendar days between entries: all stays that ended, and those that wait, whatever office they fall to."""
    done, waiting, days = 0, 0, 0
    for slow in area(office, asked):
        ends = [*(on for on, _, _ in slow.moves[1:]), None]
        for (since, state, _), end in zip(slow.moves, ends, strict=False):
            if state.startswith(("promotion.", "closed.")):
                continue
            done, waiting = done + (end is not None), waiting + (end is None)
            days += (date.fromisoformat(end) - date.fromisoformat(since)).days if end else 0
    rows = sheets(office, "time", asked)["time_by_office"]["rows"]
    assert (sum(row["done"] for row in rows), sum(row["waiting"] for row in rows)) == (done, waiting)
    assert sum(Fraction(row["mean_days"] or 0) * row["done"] for row in rows) == days
    provinces = {row["unit"] for row in rows if row["tier"] == "province"}
    assert provinces <= {"33", "35", "36", "37"}


@every_asking
def test_returns_and_their_causes(office: Office, asked: tuple[str, str | None, str | None]) -> None:
    """What was taken back was no return; the cause is in the words of who returned it."""
    returns = [each for slow in area(office, asked) for each in slow.returns]
    found = sheets(office, "returns", asked)
    assert by(found["returns_by_cause"], "cause", "returns") == dict(Counter(cause for _, _, cause in returns))
    assert by(found["returns_by_state"], "state", "returns") == dict(Counter(state for _, state, _ in returns))


@every_asking
def test_promotion_results(office: Office, asked: tuple[str, str | None, str | None]) -> None:
    """Records beside the state, with the sum of their cost in whole VND."""
    records = [each for slow in area(office, asked) for each in slow.activities if each["group"] == "promotion"]
    total = sheets(office, "promotion", asked)["promotion_by_kind"]["total"]
    cost = sum(int(each["facts"].get("cost", 0)) for each in records)
    assert (total["activities"], total["cost"]) == (len(records), cost)


@pytest.mark.parametrize("day", DAYS)
def test_provinces_add_up_to_the_nation_and_the_silent_are_named(office: Office, day: str) -> None:
    """A row for each province where something is; the total is the nation's; the other provinces did not report."""
    everything = counted(office, day)
    found = sheets(office, "rollup", (day, None, None), "--from", f"{day[:4]}-01-01")
    expected = Counter(PROVINCES[s.commune][day >= "2025-07-01"] for s in everything if s.in_force(day))
    assert by(found["by_unit"], "unit", "total") == dict(expected)
    assert found["by_unit"]["total"]["total"] == sum(expected.values())
    active = {
        PROVINCES[slow.commune][day >= "2025-07-01"]
        for slow in everything
        if any(on[:4] == day[:4] for on, _, _ in slow.moves)
        or (slow.certificate and slow.certificate["issued_on"][:4] == day[:4])
    }
    silent = {row["unit"] for row in found["did_not_report"]["rows"]}
    assert silent & {"35", "36", "37"} == ({"35", "36", "37"} if day < "2025-07-01" else {"37"}) - active
    assert len(silent) == (63 if day < "2025-07-01" else 34) - len(active)


# --- targets of plans -------------------------------------------------------------------------------------------------


def plans(office: Office, asked: tuple[str, str | None, str | None]) -> list[Json]:
    """The plans of the area by a day, as they were loaded."""
    day, map_day, province = asked
    found = []
    for identity, events in log(office, "plan"):
        document = events[0]["data"]["document"]
        issuer, issued_on = identity.split(":")[0], document["plan"]["issued_on"]
        # Nam Định and the Ninh Bình of before went whole into that of today, which lay in no one province before.
        after = (map_day or day) >= "2025-07-01"
        lies_in = "37" if after else issuer if issued_on < "2025-07-01" else None
        if issued_on <= day and province in (None, lies_in):
            found.append({**document, "issuer": issuer})
    return sorted(found, key=lambda plan: plan["plan"]["issued_on"])


def reached(office: Office, plan: Json, target: Json, day: str) -> Any:
    """What a target counts by a day: as the words of ``plan status`` say, over all dossiers of the issuer's area."""
    issued_on, year = plan["plan"]["issued_on"], str(plan["plan"]["year"])
    last = min(day, target.get("by") or f"{year}-12-31")
    baseline = target.get("baseline") or {}
    first = baseline.get("as_of", "") if baseline else f"{year}-01-01" if target["count"] == "year" else ""
    here = [
        slow
        for slow in counted(office, day)
        if PROVINCES[slow.commune][(slow.opened_on or slow.paper["issued_on"]) >= "2025-07-01"] == plan["issuer"]
    ]
    assert issued_on[:4] == year
    opened = [slow for slow in here if slow.opened_on and first <= slow.opened_on <= last]
    if target["metric"] == "establishments_supported":
        return len({slow.entity for slow in opened})
    if target["metric"] == "dossiers_submitted":
        return sum(first <= slow.filed_on <= last for slow in here if slow.opened_on and slow.filed_on)
    made: dict[str, list[tuple[str, Slow]]] = {}
    for slow in here:
        if slow.recognised and slow.paper["issued_on"] <= last:
            made.setdefault(slow.product, []).append((slow.paper["issued_on"], slow))
    histories = [[slow for _, slow in sorted(each, key=lambda pair: pair[0])] for each in made.values()]
    if target["metric"] == "star_distribution":
        ends = [history[-1] for history in histories]
        held = [slow for slow in ends if first <= slow.paper["issued_on"] and slow.state.startswith("promotion.")]
        return Counter(slow.paper["stars"] for slow in held)
    number = sum(counts(target, history, first, bool(baseline)) for history in histories)
    return number + baseline.get("value", 0)


def counts(target: Json, history: list[Slow], first: str, on_top: bool) -> bool:
    """Whether a product counts; on top of a baseline only one that is new."""
    within = [slow for slow in history if first <= slow.paper["issued_on"]]
    if target.get("stars") and history[-1].paper["stars"] not in target["stars"]:
        return False
    if target["metric"] == "new_products":
        return history[0] in within and (history[0].kind, history[0].track) == ("first", "new_product")
    if target["metric"] == "upgraded_products":
        return any(slow.kind == "upgrade" or slow.track == "existing_product" for slow in within)
    return bool(within) and (not on_top or (history[0] in within and history[0].kind in ("first", "declared")))


@every_asking
def test_targets_against_what_was_reached_and_what_is_missing(
    office: Office, asked: tuple[str, str | None, str | None]
) -> None:
    """Every target of every plan of the area; what was annulled later had been reached until then."""
    expected = []
    for plan in plans(office, asked):
        for target in plan["targets"]:
            actual = reached(office, plan, target, asked[0])
            wanted = target.get("distribution") or {None: target.get("at_least")}
            for stars, least in sorted(wanted.items(), reverse=True):
                number = actual[int(stars)] if stars else actual
                expected.append((plan["plan"]["number"], target["metric"], least, number, max(0, least - number)))
    rows = sheets(office, "targets", asked)["targets"]["rows"]
    assert [(r["plan"], r["metric"], r["wanted"], r["actual"], r["missing"]) for r in rows] == expected


def test_what_was_annulled_later_had_been_reached(office: Office) -> None:
    """Ninh Bình's plan of 2024: two products recognised by the end of the year, one of them annulled in March 2025."""
    tables = [sheets(office, "targets", (day, None, "37"))["targets"] for day in DAYS[1:]]
    rows = [row for sheet in tables for row in sheet["rows"] if row["plan"] == "2/KH-UBND"]
    assert [row["actual"] for row in rows if row["metric"] == "recognised_products"] == [2, 1]


# --- duties -----------------------------------------------------------------------------------------------------------


def duties(office: Office, asked: tuple[str, str | None, str | None]) -> Counter[tuple[str, str]]:
    """(kind, last day) of what was owed at the end of a day: ends of certificates and papers, milestones of plans."""
    day = asked[0]
    found: Counter[tuple[str, str]] = Counter()
    for slow in area(office, asked):
        if slow.state.startswith("promotion.") and slow.certificate:
            end = date.fromisoformat(slow.certificate["valid_to"])
            found["certificate_expiry", end.isoformat()] += 1
            # 148/QĐ-TTg and what followed it, until they lapsed after 21 July 2026 (26/2026/QĐ-TTg art. 11): the issuer
            # writes thirty days before the end.
            told = (end - timedelta(days=30)).isoformat()
            if slow.certificate["issued_on"] >= "2023-02-24" and told <= "2026-07-21":
                found["expiry_notice", told] += 1
        newest = {kind: expires for kind, expires in slow.papers if expires}
        if not slow.state.startswith(("promotion.", "closed.")):
            found.update(("evidence_expiry", expires) for expires in newest.values())
    for plan in plans(office, asked):
        for milestone, last, number in milestones(office, plan, day):
            found["milestone", last] += number * (milestone not in done(office, plan, day))
    return +found


def milestones(office: Office, plan: Json, day: str) -> Iterator[tuple[str, str, int]]:
    """(milestone, last day, number of units that owe it) as the plan stood on a day."""
    if plan["plan"]["number"] != history.PLAN:
        yield "report", f"{plan['plan']['year']}-12-31", 1
        return
    with raw(office.db) as database:
        sql = "SELECT count(*) FROM unit WHERE tier = 'district' AND parent_code = '36' AND valid_from < '2020-03-30'"
        districts = database.execute(sql).fetchone()[0]
    for milestone, last in history.DUE.items():
        moved = milestone == "five_star_dossiers" and day >= history.MOVED_ON
        yield milestone, history.MOVED_TO if moved else last, districts if milestone == "district_rating" else 1


def done(office: Office, plan: Json, day: str) -> set[str]:
    events = next(events for identity, events in log(office, "plan") if identity.endswith(plan["plan"]["number"]))
    return {e["data"]["milestone"] for e in events if e["action"] == "milestone_done" and e["occurred_on"] <= day}


@every_asking
def test_duties_owed_at_the_end_of_a_day(office: Office, asked: tuple[str, str | None, str | None]) -> None:
    """By kind and day, and which were late, as they were then: what was done or replaced later was owed."""
    expected = duties(office, asked)
    found = sheets(office, "deadlines", asked)["duties_by_day"]
    assert {(row["duty"], row["due_on"]): row["duties"] for row in found["rows"]} == dict(expected)
    assert found["total"]["late"] == sum(number for (_, last), number in expected.items() if last < asked[0])


@pytest.mark.parametrize("day", DAYS)
def test_duties_of_a_past_day_are_those_that_were_listed_on_it(
    played: tuple[Office, dict[str, list[Json]]], day: str
) -> None:
    """As ``deadline list`` showed them when the day was today; what was declared afterwards was there all the same."""
    office, listed = played
    owed: Counter[tuple[str, str]] = Counter()
    owed.update((each["kind"], each["due_on"]) for each in listed[day] if each["status"] in ("open", "late"))
    owed["certificate_expiry", "2022-12-20"] += 1
    rows = sheets(office, "deadlines", (day, None, None))["duties_by_day"]["rows"]
    assert {(row["duty"], row["due_on"]): row["duties"] for row in rows} == dict(owed)


def test_communes_roll_up_to_their_province_and_a_split_one_to_no_commune(office: Office) -> None:
    """Giao Long went whole into 14179; Hòa Mạc was split, so its product of 2024 lies in no commune."""
    found = sheets(office, "rollup", (DAYS[2], None, "37"), "--tier", "commune")["by_unit"]
    assert by(found, "unit", "total") == {"14179": 1, "13324": 1, None: 1}
    assert found["total"]["total"] == 3


def test_a_unit_that_has_ended_is_read_on_its_last_day_and_that_is_told(office: Office) -> None:
    """Nam Định asked for in December 2025 is the province that ended on 30 June 2025."""
    found = office.do("report", "products", "--unit", "36", "--on", "2025-12-31")
    assert (found["units_of"], found["unit_to"]) == ("2025-06-30", "2025-06-30")
    assert "report_map_moved" in [each["code"] for each in found["warnings"]]


def test_what_cannot_be_asked_is_refused(office: Office) -> None:
    """Unknown unit: 4; a period that ends before it begins, a file of unknown form, two last days: 2."""
    assert office.refuses(4, "report", "products", "--unit", "99999") == ["unit_absent"]
    assert office.refuses(2, "report", "time", "--from", "2025-01-01", "--to", "2020-01-01") == ["period_crossed"]
    assert office.refuses(2, "report", "time", "--out", "bao-cao.pdf") == ["format_unknown"]
    assert office.refuses(2, "report", "time", "--on", "2020-01-01", "--to", "2020-01-01") == ["report_two_ends"]
    assert office.refuses(2, "report", "rollup", "--unit", "37", "--tier", "central") == ["report_tier_not_below"]
