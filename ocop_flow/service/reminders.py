"""What is due into the outbox: a scan reads what is due and nothing else, and scanning twice changes nothing."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from ocop_flow.domain.entity_notices import is_news
from ocop_flow.domain.event import parse_time, time_text
from ocop_flow.domain.ladder import Ladder, Rung, day_of
from ocop_flow.domain.reminding import RECORDED_LATE, SIDES, Look, look
from ocop_flow.errors import Reason, reason
from ocop_flow.ports import Row, UnitOfWork
from ocop_flow.service.entities import EntityRecipients, entity_holes
from ocop_flow.service.numbers import chunks
from ocop_flow.service.office import Office
from ocop_flow.service.outdated import supersede, supersede_outdated
from ocop_flow.service.recipients import Place, Recipients, Switches

Json = dict[str, Any]

#: What a newer rung takes the place of.
_WAITING = ("queued", "snoozed")
#: Duties looked at in one transaction.
BATCH = 2000
#: Which stream of the log a duty's subject is; else that of the dossier.
_STREAMS = {"milestone": "plan", "certificate": "certificate"}
#: What a scan reads of a duty.
_DUE = (
    "SELECT id, subject_kind, subject, start_on, due_on, stopped_since, outcome, unit, unit_name, plan, ladder "
    "FROM deadline WHERE next_rung_on <= :today ORDER BY next_rung_on, id LIMIT :batch"
)
_COLUMNS = (
    *("deadline", "due_on", "recipient", "recipient_unit", "rung", "rung_on", "role", "unit", "unit_name", "unit_tier"),
    *("tier", "status", "not_before", "queued_at", "changed_at"),
)
_INSERT = (
    f"INSERT INTO reminder ({', '.join(_COLUMNS)}) VALUES ({', '.join(':' + name for name in _COLUMNS)}) "
    "ON CONFLICT (deadline, due_on, recipient, rung) DO NOTHING"
)


def scan(uow: UnitOfWork, office: Office, ladders: Mapping[str, Ladder], *, keep: bool = True) -> Json:
    """Queue the newest due rung of each open duty, once per recipient; supersede what is settled meanwhile.

    keep     whether to commit, after each batch
    returns  reminders found due, queued and superseded by this scan, and ``failed``: duties that could not be read
    """
    now = office.clock.now()
    today = office.today_of(now)
    sweep = _Sweep(uow, office, ladders, now, today)
    sweep.settle()
    sweep.wake()
    # Scans at the same time share the work: what another has claimed is passed over.
    while rows := uow.query(_DUE + uow.skip_held, today=today.isoformat(), batch=BATCH):
        sweep.batch(rows)
        if len(rows) < BATCH:
            break
        if keep:
            uow.commit()
    sweep.notices()
    beat(uow, "scan", now)
    if keep:
        uow.commit()
    return {"due": sweep.due, "queued": sweep.queued, "superseded": sweep.superseded, "failed": sweep.failed}


def beat(uow: UnitOfWork, job: str, now: datetime) -> None:
    """Note when a job ran; whoever else notes the same waits until this transaction is over."""
    uow.execute(
        "INSERT INTO heartbeat (job, at) VALUES (:job, :at) ON CONFLICT (job) DO UPDATE SET at = excluded.at",
        job=job,
        at=time_text(now),
    )


def count_open(uow: UnitOfWork) -> int:
    """Open duties."""
    found: int = uow.query("SELECT count(*) AS n FROM deadline WHERE outcome IS NULL")[0]["n"]
    return found


@dataclass
class _Found:
    """What a batch asks for: reminders to queue, numbers of those that they replace, and of those true again."""

    new: list[Row] = field(default_factory=list)
    old: list[int] = field(default_factory=list)
    again: list[int] = field(default_factory=list)


class _Sweep:
    """One pass over what is due."""

    def __init__(
        self, uow: UnitOfWork, office: Office, ladders: Mapping[str, Ladder], now: datetime, today: date
    ) -> None:
        self._uow = uow
        self._office = office
        self._ladders = ladders
        self._now = time_text(now)
        self._today = today
        self._sides = {
            each.id: [to for to in SIDES if any(rung.to in to for rung in each.rungs) or RECORDED_LATE.to in to]
            for each in ladders.values()
        }
        self._to_entities = {each.id for each in ladders.values() if any(r.to == "entity" for r in each.rungs)}
        self._recipients = Recipients(uow, today)
        self._entities = EntityRecipients(uow)
        self._switches = Switches(uow, today)
        self._switching: dict[tuple[str, date], bool] = {}
        self._looks: dict[tuple[Any, ...], Look] = {}
        self._alike: dict[tuple[Any, ...], tuple[_Found, date | None]] = {}
        self.due = self.queued = self.superseded = 0
        self.failed: list[Json] = []

    def settle(self) -> None:
        self.superseded += supersede_outdated(self._uow, self._now)

    def wake(self) -> None:
        """What was put off until today waits no longer."""
        self._uow.execute(
            "UPDATE reminder SET status = 'queued', changed_at = :now WHERE id IN (SELECT id FROM reminder "
            f"WHERE status = 'snoozed' AND not_before <= :today{self._uow.skip_held})",
            now=self._now,
            today=self._today.isoformat(),
        )

    def batch(self, rows: Sequence[Row]) -> None:
        given = self._given([row["id"] for row in rows])
        recorded = self._recorded([row for row in rows if row["id"] not in given])
        self._recipients.prepare({_place(row) for row in rows})
        self._entities.prepare(row["subject"] for row in rows if row["ladder"] in self._to_entities)
        found = _Found()
        looked: dict[str | None, list[str]] = {}
        for row in rows:
            try:
                next_on = self._one(row, given.get(row["id"], ()), recorded.get(row["id"]), found)
            except Exception as error:  # noqa: BLE001 - one bad duty is told and stops none of the others
                self._fail(row["id"], error)
                next_on = self._today + timedelta(1)
            looked.setdefault(next_on.isoformat() if next_on else None, []).append(row["id"])
        self.superseded += supersede(self._uow, dict.fromkeys(found.old, "newer"), self._now)
        self.due += len(found.new)
        self.queued += self._uow.execute_many(_INSERT, found.new) + self._revive(found.again)
        # Few days, many duties: one statement for each day.
        for day, ids in looked.items():
            sql = f"UPDATE deadline SET next_rung_on = :next WHERE {self._uow.among('id')}"
            self._uow.execute(sql, next=day, among=self._uow.listed(ids))

    def _revive(self, ids: Sequence[int]) -> int:
        """Queue again what was superseded and is true again, as after an undo; not what has gone out meanwhile."""
        return self._uow.execute_many(
            "UPDATE reminder SET status = 'queued', why = NULL, message = NULL, queued_at = :now, changed_at = :now "
            "WHERE id = :id AND status = 'superseded' AND NOT EXISTS "
            "(SELECT 1 FROM message WHERE message.id = reminder.message AND message.status = 'sent')",
            [{"id": each, "now": self._now} for each in ids],
        )

    def _one(self, row: Row, given: Sequence[Row], recorded_on: date | None, to_do: _Found) -> date | None:
        """Add what one duty asks for to ``to_do``; the day of the next look."""
        ladder = self._ladders.get(row["ladder"])
        if ladder is None or row["stopped_since"] is not None or row["outcome"] is not None:
            return None
        if given or ladder.id in self._to_entities:
            return self._asked_by(row, ladder, given, recorded_on, to_do)
        # Duties of a unit that are due on one day and of which nobody has heard ask for the same.
        alike = (ladder.id, row["due_on"], row["start_on"], row["unit"], row["unit_name"], recorded_on)
        if alike not in self._alike:
            first = _Found()
            self._alike[alike] = first, self._asked_by(row, ladder, given, recorded_on, first)
        first, next_on = self._alike[alike]
        to_do.new += [{**each, "deadline": row["id"]} for each in first.new]
        return next_on

    def _asked_by(
        self, row: Row, ladder: Ladder, given: Sequence[Row], recorded_on: date | None, to_do: _Found
    ) -> date | None:
        due_on = date.fromisoformat(row["due_on"])
        start_on = date.fromisoformat(row["start_on"]) if row["start_on"] else None
        overdue = recorded_on if self._today > due_on else None
        switched: frozenset[str] = frozenset()
        if self._asks_switches(ladder, due_on):
            switched = self._switches.on(self._recipients.unit(_place(row)), ladder.id)
        mine = [each for each in given if each["due_on"] == row["due_on"]] if given else []
        if late := [each for each in mine if each["rung"] == RECORDED_LATE.id]:
            to_do.again += [each["id"] for each in late if _undone(each)]
            return None
        ahead = []
        for to in self._sides[ladder.id]:
            found = self._look(ladder, due_on, start_on, overdue, switched, to)
            ahead.append(found.next_on)
            if found.rung is None:
                continue
            if made := [each for each in mine if each["rung"] == found.rung.id]:
                to_do.again += [each["id"] for each in made if _undone(each)]
            elif fresh := self._reminders(row, found.rung, due_on, given):
                to_do.new += fresh
                to_do.old += [each["id"] for each in given if each["role"] in to and each["status"] in _WAITING]
        return min((day for day in ahead if day is not None), default=None)

    def _asks_switches(self, ladder: Ladder, due_on: date) -> bool:
        key = (ladder.id, due_on)
        if key not in self._switching:
            self._switching[key] = any(rung.switched and day_of(rung, due_on) <= self._today for rung in ladder.rungs)
        return self._switching[key]

    def _look(
        self,
        ladder: Ladder,
        due_on: date,
        start_on: date | None,
        recorded_on: date | None,
        switched: frozenset[str],
        to: tuple[str, ...],
    ) -> Look:
        """Looked up once for all duties of a ladder that are due on one day."""
        start_on = start_on if start_on is not None and start_on > self._today else None
        key = (ladder.id, due_on, start_on, recorded_on, switched, to)
        if key not in self._looks:
            self._looks[key] = look(
                ladder, due_on, start_on, self._today, recorded_on=recorded_on, switched_on=switched, to=to
            )
        return self._looks[key]

    def _reminders(self, row: Row, rung: Rung, due_on: date, given: Sequence[Row]) -> list[Row]:
        place = _place(row)
        unit = self._recipients.unit(place)
        put_off = {each["recipient"]: each["not_before"] for each in given if each["status"] == "snoozed"}
        reached = self._entities.of(row["subject"]) if rung.to == "entity" else self._recipients.of(place, rung.to)
        return [
            {
                "deadline": row["id"],
                "due_on": row["due_on"],
                "recipient": each.key,
                "recipient_unit": each.unit,
                "rung": rung.id,
                "rung_on": day_of(rung, due_on).isoformat(),
                "role": rung.to,
                "unit": unit.code,
                "unit_name": unit.name,
                "unit_tier": unit.tier,
                "tier": each.tier,
                "status": "snoozed" if each.key in put_off else "queued",
                "not_before": put_off.get(each.key),
                "queued_at": self._now,
                "changed_at": self._now,
            }
            for each in reached
        ]

    def notices(self) -> None:
        """What entities are told once; what was typed from paper long after it happened is told no more."""
        # In the order of the index on that day: asked for by id, SQLite would read every notice there ever was.
        sql = f"SELECT * FROM entity_notice WHERE next_rung_on <= :today ORDER BY next_rung_on{self._uow.skip_held}"
        rows = sorted(self._uow.query(sql, today=self._today.isoformat()), key=lambda row: str(row["id"]))
        if not rows:
            return
        self._entities.prepare(row["dossier"] for row in rows)
        known = self._recorded_notices(rows)
        given = self._given([row["id"] for row in rows])
        new: list[Row] = []
        looked: list[Row] = []
        for row in rows:
            try:
                if row["over_on"] is None and row["id"] not in given:
                    new += self._notice(row) if is_news(date.fromisoformat(row["told_of"]), known[row["id"]]) else []
                looked.append({"id": row["id"], "next": None})
            except Exception as error:  # noqa: BLE001 - one bad notice is told and stops none of the others
                self._fail(row["id"], error)
                looked.append({"id": row["id"], "next": (self._today + timedelta(1)).isoformat()})
        true = [row["id"] for row in rows if row["over_on"] is None]
        self.due += len(new)
        self.queued += self._uow.execute_many(_INSERT, new)
        self.queued += self._revive([each["id"] for name in true for each in given.get(name, ()) if _undone(each)])
        self._uow.execute_many("UPDATE entity_notice SET next_rung_on = :next WHERE id = :id", looked)

    def _fail(self, identifier: str, error: Exception) -> None:
        self.failed.append({"deadline": identifier, "detail": f"{type(error).__name__}: {error}"})

    def _recorded_notices(self, rows: Sequence[Row]) -> dict[str, date]:
        """Notice id -> day on which the event that it tells was recorded."""
        found: dict[str, date] = {}
        for holders, params in chunks([row["id"] for row in rows]):
            sql = (
                "SELECT entity_notice.id, event.recorded_at FROM entity_notice JOIN event "
                "ON event.subject_kind = 'dossier' AND event.subject = entity_notice.dossier "
                f"AND event.seq = entity_notice.seq WHERE entity_notice.id IN ({holders})"
            )
            for row in self._uow.query(sql, **params):
                found[row["id"]] = self._office.today_of(parse_time(row["recorded_at"]))
        return found

    def _notice(self, row: Row) -> list[Row]:
        return [
            {
                "deadline": row["id"],
                "due_on": row["told_of"],
                "recipient": each.key,
                "recipient_unit": each.unit,
                "rung": row["kind"],
                "rung_on": row["told_of"],
                "role": "entity",
                "unit": row["unit"],
                "unit_name": row["unit_name"],
                "unit_tier": row["tier"],
                "tier": each.tier,
                "status": "queued",
                "not_before": None,
                "queued_at": self._now,
                "changed_at": self._now,
            }
            for each in self._entities.of(row["dossier"])
        ]

    def _given(self, ids: Sequence[str]) -> dict[str, list[Row]]:
        """Reminders that there are already of duties or notices; cancelled ones never counted."""
        found: dict[str, list[Row]] = {}
        sql = (
            "SELECT id, deadline, due_on, rung, role, recipient, status, not_before, why FROM reminder "
            f"WHERE {self._uow.among('deadline')} AND status <> 'cancelled'"
        )
        for row in self._uow.query(sql, among=self._uow.listed(ids)):
            found.setdefault(row["deadline"], []).append(row)
        return found

    def _recorded(self, rows: Sequence[Row]) -> dict[str, date]:
        """The day on which each past duty became known: when the event that began it was recorded."""
        past = [row for row in rows if row["due_on"] < self._today.isoformat()]
        return recorded_days(self._uow, past, self._office.today_of)


def _undone(reminder: Row) -> bool:
    """Whether a reminder was superseded for a reason that no longer holds, since its duty is looked at again."""
    return reminder["status"] == "superseded" and reminder["why"] not in (None, "newer")


def recorded_days(uow: UnitOfWork, rows: Sequence[Row], day_of_moment: Callable[[datetime], date]) -> dict[str, date]:
    """Deadline id -> day of recording of the event that began the duty; none for a duty without events."""
    streams: dict[str, dict[str, list[Row]]] = {}
    for row in rows:
        kind = _STREAMS.get(row["subject_kind"], "dossier")
        subject = row["plan"] if kind == "plan" else row["subject"]
        streams.setdefault(kind, {}).setdefault(subject, []).append(row)
    found: dict[str, date] = {}
    for kind, subjects in streams.items():
        for holders, params in chunks(sorted(subjects)):
            sql = (
                "SELECT subject, occurred_on, recorded_at FROM event "
                f"WHERE subject_kind = :kind AND subject IN ({holders}) ORDER BY subject, seq"
            )
            for event in uow.query(sql, kind=kind, **params):
                for row in subjects[event["subject"]]:
                    if row["id"] not in found and event["occurred_on"] >= (row["start_on"] or ""):
                        found[row["id"]] = day_of_moment(parse_time(event["recorded_at"]))
    return found


def _place(row: Row) -> Place:
    return row["unit"], row["unit_name"]


def holes(uow: UnitOfWork, office: Office) -> list[Reason]:
    """A warning for each unit with open duties and nobody to write to, or with entities that gave no address."""
    rows = uow.query(
        "SELECT unit, unit_name, count(*) AS n FROM deadline WHERE outcome IS NULL AND ladder IS NOT NULL "
        "GROUP BY unit, unit_name ORDER BY unit"
    )
    recipients = Recipients(uow, office.today)
    recipients.prepare(_place(row) for row in rows)
    found: dict[str, int] = {}
    names: dict[str, str] = {}
    for row in rows:
        unit = recipients.unit(_place(row))
        if not recipients.reachable(_place(row)):
            found[unit.code] = found.get(unit.code, 0) + row["n"]
            names[unit.code] = unit.name
    units = [reason("remind_nobody", unit=names[code], code=code, count=count) for code, count in found.items()]
    return [*units, *entity_holes(uow)]
