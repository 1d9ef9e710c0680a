"""Notices of days off: which open duties one would move, and its adoption (DESIGN sections 6 and 7)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import canonical, codes
from ocop_flow.domain.calendar import changed_days
from ocop_flow.domain.commands import Act
from ocop_flow.domain.notice_json import to_document
from ocop_flow.domain.plan_record import plan_on, replay_plan
from ocop_flow.domain.plan_status import duties
from ocop_flow.domain.record import stream_event
from ocop_flow.errors import Reason, reason
from ocop_flow.service.calendars import calendar_for
from ocop_flow.service.people import admin_at_work
from ocop_flow.service.plan_view import calendar_of

if TYPE_CHECKING:
    from ocop_flow.domain.calendar import Calendar, Notice
    from ocop_flow.domain.deadlines import Deadline
    from ocop_flow.ports import Row, UnitOfWork
    from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]
#: Reads the notice, given how to tell whether a code is that of a unit; raises InputInvalid with every fault by line.
Read = Callable[[Callable[[str], bool]], "Notice"]
#: Called with the number of dossiers and plans looked at so far, and of all.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Adopt:
    """``content`` is the SHA-256 of the file, so that a repeated key is known by what the file says."""

    content: str
    decision: str | None = None
    act: Act = field(default_factory=Act)


def preview(uow: UnitOfWork, office: Office, read: Read, progress: Progress | None = None) -> Json:
    """What adopting a notice would change, without writing.

    returns  ``days`` that would be worked or off instead; ``deadlines``, every open duty that would have another day
             or lose or gain its provisional mark, in order of the day it has; ``warnings``
    """
    notice = _read(uow, read)
    before = _calendar(uow, office, notice)
    found = uow.depending(notice.year, notice.unit)
    rows = _open(uow)
    moved: list[Json] = []
    with uow.supposing(notice):
        days = changed_days(before, _calendar(uow, office, notice), notice.year)
        total = len(found[0]) + len(found[1])
        for done, (subject, computed) in enumerate(_recomputed(uow, office, *found), start=1):
            moved += _moved(rows.get(subject, ()), computed)
            if progress is not None:
                progress(done, total)
    return {
        "year": notice.year,
        "unit": notice.unit,
        "days": [day.isoformat() for day in days],
        "deadlines": sorted(moved, key=lambda row: (row["due_on"], row["id"])),
        "warnings": _doubts(uow, notice, office.today),
    }


def adopt(uow: UnitOfWork, office: Office, caller: Caller, command: Adopt, read: Read) -> Json:
    """Take a notice into use; every open duty that it moves is recomputed in the same transaction.

    It takes the place of the notice of its year and unit. The same notice once more changes nothing.
    raises  InputInvalid with every fault of the file by line; Refused unless an administrator is at work
    """
    notice = _read(uow, read)
    base, who = admin_at_work(uow, office, caller, command.act)
    uow.hold_calendar()
    document = to_document(notice)
    digest = canonical.digest(document)
    current = uow.rows("notice", year=notice.year, unit=notice.unit or "")
    answer: Json = {
        "year": notice.year,
        "unit": notice.unit,
        "as_of": notice.as_of.isoformat(),
        "source": notice.source,
        "hash": digest,
    }
    if current and current[0]["hash"] == digest:
        return {**answer, "changed": False, "moved": 0, "known_through": _known_through(uow), "warnings": []}
    warnings = _doubts(uow, notice, base.today)
    before = _days(uow)
    subject = ("calendar", f"{notice.year}:{notice.unit}" if notice.unit else str(notice.year))
    uow.store_document("notice", document)
    decision = codes.document_number(command.decision) if command.decision else None
    data = {**answer, "decision": decision}
    uow.append(
        stream_event(base, subject, uow.head(*subject), "adopt", who, command.act, data, warnings=tuple(warnings))
    )
    after = _days(uow)
    moved = sum(before[each] != after[each] for each in before.keys() & after.keys())
    return {**answer, "changed": True, "moved": moved, "known_through": _known_through(uow), "warnings": warnings}


def _read(uow: UnitOfWork, read: Read) -> Notice:
    return read(lambda code: bool(uow.tree([code]).lives(code)))


def _calendar(uow: UnitOfWork, office: Office, notice: Notice) -> Calendar:
    return uow.calendar() if notice.unit is None else calendar_for(uow, notice.unit, office.today)


def _known_through(uow: UnitOfWork) -> str | None:
    known = uow.calendar().known_through
    return known.isoformat() if known else None


def _doubts(uow: UnitOfWork, notice: Notice, today: date) -> list[Reason]:
    """What an administrator should look at twice; nothing of it forbids the notice."""
    found = []
    if notice.as_of > today:
        found.append(reason("notice_dated_ahead", as_of=notice.as_of.isoformat(), today=today.isoformat()))
    for row in uow.rows("notice", year=notice.year, unit=notice.unit or ""):
        if notice.as_of.isoformat() < row["as_of"]:
            found.append(
                reason("notice_older", as_of=notice.as_of.isoformat(), current=row["as_of"], number=row["source"])
            )
    if notice.unit is None and not notice.decrees:
        found.append(reason("notice_decrees_nothing", given=notice.mark, year=notice.year))
    return found


def _days(uow: UnitOfWork) -> dict[str, tuple[str, bool]]:
    """Open duty -> its day, and whether that is provisional."""
    rows = uow.query("SELECT id, due_on, provisional FROM deadline WHERE outcome IS NULL")
    return {row["id"]: (row["due_on"], bool(row["provisional"])) for row in rows}


def _open(uow: UnitOfWork) -> dict[str, list[Row]]:
    """Rows of open duties by their dossier or plan; a certificate's own days never shift."""
    found: dict[str, list[Row]] = defaultdict(list)
    for row in uow.query(
        "SELECT id, subject_kind, subject, kind, due_on, provisional, unit, unit_name, tier, plan FROM deadline "
        "WHERE outcome IS NULL AND subject_kind <> 'certificate'"
    ):
        found[row["plan"] if row["subject_kind"] == "milestone" else row["subject"]].append(row)
    return found


def _recomputed(
    uow: UnitOfWork, office: Office, dossiers: Iterable[str], plans: Iterable[str]
) -> Iterator[tuple[str, Iterable[Deadline]]]:
    for code in dossiers:
        dossier = uow.dossier(code)
        yield code, uow.duties(dossier) if dossier else ()
    for identity in plans:
        yield identity, _milestones(uow, office, identity)


def _milestones(uow: UnitOfWork, office: Office, identity: str) -> list[Deadline]:
    """The duties of a plan; which of them are met does not matter here, so no dossier is read."""
    record = replay_plan(uow.events("plan", identity))
    if record is None:
        return []
    tree = uow.area(identity.partition(":")[0])
    plan = plan_on(record, tree, calendar_of(uow, record, tree))
    return [duty.deadline for duty in duties(plan, record, office.today, tree)]


def _moved(rows: Iterable[Row], computed: Iterable[Deadline]) -> Iterator[Json]:
    anew = {duty.id: duty for duty in computed}
    for row in rows:
        duty = anew.get(row["id"])
        if duty is None:
            continue
        if (row["due_on"], bool(row["provisional"])) != (duty.due_on.isoformat(), duty.provisional):
            yield {
                "id": row["id"],
                "subject_kind": row["subject_kind"],
                "subject": row["subject"],
                "kind": row["kind"],
                "unit": {"code": row["unit"], "name": row["unit_name"], "tier": row["tier"]} if row["unit"] else None,
                "due_on": row["due_on"],
                "would_be": duty.due_on.isoformat(),
                "provisional": bool(row["provisional"]),
                "would_be_provisional": duty.provisional,
            }
