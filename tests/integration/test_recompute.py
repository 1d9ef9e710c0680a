"""Every open deadline is what the log says it is: computed afresh, without the stored rows, it is the same.

DESIGN principle 1: rows are folds of the log.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from ocop_flow import bootstrap
from ocop_flow.config import Settings, url_of
from ocop_flow.domain import deadlines, dossier_fold, registry
from ocop_flow.service import plan_view
from tests.cli.conftest import copied
from tests.cli.office import Office
from tests.databases import raw

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_flow.domain.deadlines import Deadline
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office as Wired

pytestmark = pytest.mark.both_databases
PLAN = Path(__file__).parents[2] / "docs" / "examples" / "plan-27-KH-UBND.yaml"
#: A commune that has this code before and after 1 July 2025.
COMMUNE = "12103"
#: A day of each regime, in order of time: before 1048/QĐ-TTg the provinces' own rules held.
DAYS = ("2019-05-06", "2020-07-01", "2024-03-01", "2025-09-01", "2026-06-01")
#: What a row of the view says of a duty, apart from its unit.
Said = dict[str, object]


def wired(office: Office) -> Wired:
    now = datetime.fromisoformat(f"{office.day}T10:00:00+07:00")
    return bootstrap.open_office(Settings(url_of(str(office.db)), "en", None, now))


def said(duty: Deadline) -> Said:
    return {
        "kind": duty.kind,
        "rule": duty.rule,
        "source": duty.source,
        "start_on": duty.start_on.isoformat() if duty.start_on else None,
        "due_on": duty.due_on.isoformat(),
        "provisional": duty.provisional,
        "outcome": duty.outcome,
        "tier": duty.tier,
        "plan": duty.plan,
    }


def from_the_log(uow: UnitOfWork, office: Wired) -> Iterator[Deadline]:
    """Every duty, from the events of every dossier, plan and declared certificate."""
    kinds: dict[str, list[str]] = {}
    for row in uow.query("SELECT DISTINCT subject_kind, subject FROM event ORDER BY subject_kind, subject"):
        kinds.setdefault(row["subject_kind"], []).append(row["subject"])
    filed: dict[str, list[date | None]] = {}
    for code in kinds.get("dossier", ()):
        folded = dossier_fold.replay(uow.events("dossier", code))
        assert folded is not None
        if folded.kind == "re_rating" and folded.previous is not None:
            filed.setdefault(folded.previous, []).append(folded.filed_on)
        yield from uow.duties(folded)
    for identity in kinds.get("plan", ()):
        yield from (duty.deadline for duty in plan_view.deadlines(uow, identity, office.today))
    for number in kinds.get("certificate", ()):
        declared = registry.replay_certificate(uow.events("certificate", number))
        assert declared is not None
        law = uow.law_on(declared.valid_to, None) if declared.valid_to else None
        filed_on = min((each for each in filed.get(number, ()) if each is not None), default=None)
        yield from deadlines.of_declared(declared, law.regime if law else None, uow.calendar(), filed_on)


def differences(office: Office) -> dict[str, tuple[Said | None, Said | None]]:
    """Open duty -> what its row says and what the log says, where the two are not the same."""
    opened = wired(office)
    with opened.reader() as uow:
        anew = {duty.id: said(duty) for duty in from_the_log(uow, opened)}
        rows = {row["id"]: row for row in uow.rows("deadline")}
    keys = next(iter(anew.values()))
    stored: dict[str, Said] = {
        name: {**{key: row[key] for key in keys}, "provisional": bool(row["provisional"])}
        for name, row in rows.items()
        if row["outcome"] is None
    }
    fresh = {name: duty for name, duty in anew.items() if duty["outcome"] is None}
    names = stored.keys() | fresh.keys()
    return {name: (stored.get(name), fresh.get(name)) for name in names if stored.get(name) != fresh.get(name)}


def at_work(office: Office) -> None:
    """Dossiers of every regime at every stage, a plan, and recognitions from before this system."""
    for day in DAYS:
        if day.startswith("2020"):
            office.day = "2020-04-01"
            office.do("plan", "load", str(PLAN), who=office.holder("officer", "36"))
        office.day = day
        for number, to in enumerate(("registration.", "evaluation.", "promotion.")):
            code = office.open(COMMUNE, f"Cà phê {day} số {number}", track="existing_product")
            office.walk(code, to)
        returned = office.open(COMMUNE, f"Ca cao {day}", track="existing_product")
        office.take(returned, "return_for_supplement")
        declare(office)
    office.day = "2026-06-02"


def declare(office: Office) -> None:
    year = int(office.day[:4])
    period = ["--issued-on", f"{year - 2}-10-01", "--valid-to", f"{year + 1}-10-01", "--stars", "4"]
    what = ["--product", f"Trà {year}", "--entity", "Hợp tác xã số 1", "--entity-kind", "cooperative"]
    place = ["--commune", COMMUNE, "--product-set", "coffee_cacao", "--source", "Sổ theo dõi của tỉnh"]
    province = office.holder("officer", office.unit_at(COMMUNE, "province"))
    office.do("certificate", "declare", *what, *period, *place, who=province)


def adopt(office: Office, year: int, days_off: str, unit: str = "") -> None:
    head = f'year: {year}, as_of: "{year - 1}-11-20", source: 1/TB, mark: one_source'
    local = f', unit: "{unit}"' if unit else ""
    file = office.db.parent / "notice.yaml"
    file.write_text(f"notice: {{{head}{local}}}\ndays_off:\n{days_off}", encoding="utf-8")
    office.do("calendar", "adopt", str(file), who="admin")


@pytest.fixture(scope="module")
def years_of_work(sandbox_database: Path, tmp_path_factory: pytest.TempPathFactory) -> Office:
    office = Office(copied(sandbox_database, tmp_path_factory.mktemp("years")))
    at_work(office)
    return office


@pytest.fixture
def office(years_of_work: Office, tmp_path: Path) -> Office:
    """A copy of seven years of work, on 2 June 2026."""
    done = years_of_work
    return Office(copied(done.db, tmp_path), done.day, people=dict(done.people), councils=dict(done.councils))


def test_every_open_deadline_is_what_the_log_says(office: Office) -> None:
    """Dossiers under every regime, on their way, sent back and recognised; a plan; declared certificates."""
    with wired(office).reader() as uow:
        kinds = {row["kind"] for row in uow.query("SELECT kind FROM deadline WHERE outcome IS NULL")}
    assert {"commune_handling", "round_intake", "round_finish", "transition", "milestone"} <= kinds
    assert {"certificate_expiry", "expiry_notice", "re_rating_filing"} <= kinds
    assert differences(office) == {}


def test_a_filed_re_rating_settles_the_filing_of_a_certificate_from_before_too(office: Office) -> None:
    """26/2026/QĐ-TTg art. 8: filed within the window before the end, it is a duty no more."""
    period = ["--issued-on", "2023-11-01", "--valid-to", "2026-11-01", "--stars", "3"]
    what = ["--product", "Long nhãn", "--entity", "Hợp tác xã số 9", "--entity-kind", "cooperative"]
    place = ["--commune", COMMUNE, "--product-set", "coffee_cacao", "--source", "Sổ theo dõi của tỉnh"]
    province = office.holder("officer", office.unit_at(COMMUNE, "province"))
    number = office.do("certificate", "declare", *what, *period, *place, who=province)["number"]

    def filing() -> list[str | None]:
        with wired(office).reader() as uow:
            return [row["outcome"] for row in uow.rows("deadline", subject=number, kind="re_rating_filing")]

    assert filing() == [None]
    again = {"kind": "re_rating", "track": "existing_product", "previous": number}
    office.open(COMMUNE, "Long nhãn", entity="Hợp tác xã số 9", **again)
    assert filing() == ["met"]
    assert differences(office) == {}
    assert office.do("doctor", "--rebuild")["problems"] == []


def test_a_row_that_is_wrong_is_found(office: Office) -> None:
    """The comparison itself: it sees a day changed behind the product's back."""
    with raw(office.db) as connection:
        name = connection.execute("SELECT id FROM deadline WHERE outcome IS NULL AND kind = 'transition'").fetchone()[0]
        connection.execute(f"UPDATE deadline SET due_on = '2026-07-23' WHERE id = '{name}'")
    assert list(differences(office)) == [name]


def test_adopted_notices_leave_no_open_deadline_behind(office: Office) -> None:
    """The same after notices for the whole country and for one province were adopted, in the midst of work."""
    adopt(office, 2020, '  - {date: "2020-07-31", name: Ngày nghỉ}\n')
    adopt(office, 2026, '  - {date: "2026-06-10", name: Ngày nghỉ}\n  - {date: "2026-07-21", name: Ngày nghỉ}\n')
    office.open(COMMUNE, "Mật ong", track="existing_product")
    adopt(office, 2026, '  - {date: "2026-06-12", name: Ngày hội}\n', unit="33")
    assert differences(office) == {}
    assert office.do("doctor", "--rebuild")["problems"] == []
    assert differences(office) == {}
