"""Proof that nothing was missed: every rung of every duty in a period is sent, noted, superseded or explained."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from ocop_flow.domain.entity_notices import is_news
from ocop_flow.domain.event import parse_time
from ocop_flow.domain.ladder import Ladder, Rung, day_of
from ocop_flow.domain.reminding import RECORDED_LATE, SIDES
from ocop_flow.errors import InputInvalid, reason
from ocop_flow.ports import Row, UnitOfWork
from ocop_flow.service.entities import PREFIX, EntityRecipients
from ocop_flow.service.letters import Letters
from ocop_flow.service.numbers import chunks
from ocop_flow.service.office import Office
from ocop_flow.service.outdated import counted
from ocop_flow.service.recipients import Recipients, Switches
from ocop_flow.service.reminders import recorded_days

Json = dict[str, Any]
#: Each reminder, and whether a letter of it has gone out.
_REMINDERS = (
    "SELECT reminder.*, message.status AS letter FROM reminder LEFT JOIN message ON message.id = reminder.message"
)
_FINE = {"sent": "sent", "acknowledged": "acknowledged", "superseded": "superseded"}


@dataclass
class _Tally:
    duties: int = 0
    sent: int = 0
    acknowledged: int = 0
    superseded: int = 0
    explained: int = 0
    why: list[str | None] = field(default_factory=list)
    problems: list[Json] = field(default_factory=list)


def audit(uow: UnitOfWork, office: Office, ladders: Mapping[str, Ladder], first: date, last: date) -> Json:
    """Each duty × recipient × rung whose day lies in the period, days that have not come left out.

    returns  counts (one that was sent and then acknowledged is in both), ``superseded_why``: reason -> how many,
             ``problems`` (reminders never made, never sent, given up, for a unit with no address, or whose letter to
             an entity is still to be printed) and ``noted``: who acknowledged or put off what, when and why
    raises   InputInvalid if the period ends before it begins
    """
    if last < first:
        raise InputInvalid(reason("period_crossed", since=first.isoformat(), until=last.isoformat()))
    return _Audit(uow, office, ladders, first, min(last, office.today)).run()


class _Audit:
    def __init__(self, uow: UnitOfWork, office: Office, ladders: Mapping[str, Ladder], first: date, last: date) -> None:
        self._uow = uow
        self._office = office
        self._ladders = ladders
        self._first, self._last = first, last
        self._today = office.today
        self._recipients = Recipients(uow, self._today)
        self._entities = EntityRecipients(uow)
        self._switches = Switches(uow, self._today)
        self._letters = Letters(uow, office.clock.now(), self._today)
        self._calendar = uow.calendar()
        self._tally = _Tally()

    def run(self) -> Json:
        rows = self._duties()
        recorded = recorded_days(self._uow, rows, self._office.today_of)
        given = self._given([row["id"] for row in rows])
        for row in rows:
            self._one(row, recorded.get(row["id"]), given.get(row["id"], []))
        told = self._notices()
        for reminder in self._strays({row["id"] for row in rows} | told):
            self._reminder(reminder)
        t = self._tally
        return {
            "ok": not t.problems,
            "duties": t.duties,
            "sent": t.sent,
            "acknowledged": t.acknowledged,
            "superseded": t.superseded,
            "superseded_why": counted(t.why),
            "explained": t.explained,
            "problems": t.problems,
            "noted": self._noted(),
        }

    def _notices(self) -> set[str]:
        """What entities were to be told in the period: ids, each counted by what became of its reminder."""
        rows = self._uow.query(
            "SELECT entity_notice.*, event.recorded_at FROM entity_notice JOIN event ON event.subject_kind = 'dossier' "
            "AND event.subject = entity_notice.dossier AND event.seq = entity_notice.seq "
            "WHERE told_of BETWEEN :first AND :last ORDER BY entity_notice.id",
            first=self._first.isoformat(),
            last=self._last.isoformat(),
        )
        given = self._given([row["id"] for row in rows])
        self._entities.prepare(row["dossier"] for row in rows)
        for row in rows:
            on, recorded_on = date.fromisoformat(row["told_of"]), self._office.today_of(parse_time(row["recorded_at"]))
            self._tally.duties += 1
            for reminder in given.get(row["id"], ()):
                self._reminder(reminder)
            if row["id"] in given:
                continue
            # Recorded today, it may not have been scanned yet; over before any scan, there was nothing left to tell;
            # a certificate from before may have no known entity.
            unscanned = recorded_on >= self._today or row["over_on"] is not None
            if unscanned or not is_news(on, recorded_on) or not self._entities.of(row["dossier"]):
                self._tally.explained += 1
            else:
                self._problem("missed", row["id"], row["kind"], row["told_of"], row["told_of"], row["unit_name"])
        return {row["id"] for row in rows}

    def _noted(self) -> list[Json]:
        """Acts of people on reminders in the period: acknowledged, put off, handed over by hand."""
        rows = self._uow.query(
            "SELECT reminder_act.*, reminder.deadline, reminder.rung, reminder.rung_on, reminder.due_on "
            "FROM reminder_act LEFT JOIN reminder ON reminder.id = reminder_act.reminder ORDER BY reminder_act.id"
        )
        return [
            {
                "reminder": str(row["reminder"]),
                "deadline": row["deadline"],
                "rung": row["rung"],
                "rung_on": row["rung_on"],
                "due_on": row["due_on"],
                "act": row["act"],
                "by": row["actor"],
                "recorded_by": row["recorder"],
                "at": row["at"],
                "until": row["until"],
                "reason": row["reason"],
            }
            for row in rows
            if self._first <= self._office.today_of(parse_time(row["at"])) <= self._last
        ]

    def _duties(self) -> list[Row]:
        days = [rung.days for ladder in self._ladders.values() for rung in ladder.rungs]
        return self._uow.query(
            "SELECT * FROM deadline WHERE ladder IS NOT NULL AND due_on BETWEEN :first AND :last ORDER BY due_on, id",
            first=(self._first - timedelta(max(days))).isoformat(),
            last=(self._last - timedelta(min(days))).isoformat(),
        )

    def _given(self, deadlines: Sequence[str]) -> dict[str, list[Row]]:
        found: dict[str, list[Row]] = {}
        for holders, params in chunks(deadlines):
            for row in self._uow.query(f"{_REMINDERS} WHERE deadline IN ({holders}) ORDER BY reminder.id", **params):
                found.setdefault(row["deadline"], []).append(row)
        return found

    def _strays(self, known: set[str]) -> list[Row]:
        """Reminders of the period whose duty has moved out of it or is gone."""
        rows = self._uow.query(
            f"{_REMINDERS} WHERE rung_on BETWEEN :first AND :last ORDER BY reminder.id",
            first=self._first.isoformat(),
            last=self._last.isoformat(),
        )
        return [row for row in rows if row["deadline"] not in known]

    def _one(self, row: Row, recorded_on: date | None, given: Sequence[Row]) -> None:
        rungs = list(self._rungs(row))
        # A duty moved to another day is reminded of anew: what was made for the former day stands for nothing here.
        of_day = [each for each in given if each["due_on"] == row["due_on"]]
        mine = [each for each in of_day if each["status"] != "cancelled"]
        let_go = {each["rung"] for each in of_day if each["status"] == "cancelled"}
        late = [each for each in mine if each["rung"] == RECORDED_LATE.id]
        self._tally.duties += bool(rungs or late)
        for reminder in given:
            if reminder in late or self._first.isoformat() <= reminder["rung_on"] <= self._last.isoformat():
                self._reminder(reminder)
        for to in SIDES:
            made = {each["rung"]: each["rung_on"] for each in mine if each["role"] in to}
            for rung, day in rungs:
                if rung.id in let_go and row["outcome"] is not None:
                    continue  # Its recipient had gone, and the duty was done before another was found.
                if rung.to in to and rung.id not in made:
                    self._unmade(row, rung, day, recorded_on, newest=max(made.values(), default=""))

    def _rungs(self, row: Row) -> Iterator[tuple[Rung, date]]:
        """Rungs that came in the period while the duty was open."""
        ladder = self._ladders.get(row["ladder"])
        due_on = date.fromisoformat(row["due_on"])
        for rung in ladder.rungs if ladder else ():
            day = day_of(rung, due_on)
            if not self._first <= day <= self._last or not _open_on(row, day.isoformat()):
                continue
            if rung.switched and ladder is not None:
                place = (row["unit"], row["unit_name"])
                on = self._switches.on(self._recipients.unit(place), ladder.id)
                # Above a province stands the centre, which hears only of its own duties.
                if rung.id not in on or not self._recipients.of(place, rung.to):
                    continue
            yield rung, day

    def _unmade(self, row: Row, rung: Rung, day: date, recorded_on: date | None, *, newest: str) -> None:
        """A rung without any reminder: a newer one took its place, the clock stood still, or nobody knew of it yet."""
        on = day.isoformat()
        stopped = any(since <= on < until for since, until in json.loads(row["stopped"]))
        stopped = stopped or (row["stopped_since"] is not None and row["stopped_since"] <= on)
        unknown = recorded_on is not None and recorded_on > day
        nobody = rung.to == "entity" and not self._entities.of(row["subject"])
        if newest > on or stopped or unknown or nobody:
            self._tally.explained += 1
        else:
            unit = self._recipients.unit((row["unit"], row["unit_name"]))
            self._problem("missed", row["id"], rung.id, on, row["due_on"], unit.name)

    def _reminder(self, row: Row) -> None:
        status = row["status"]
        if status in _FINE:
            setattr(self._tally, _FINE[status], getattr(self._tally, _FINE[status]) + 1)
            self._tally.why += [row["why"]] if status == "superseded" else []
            # Sent and then noted is both; each is proven by itself.
            self._tally.sent += status == "acknowledged" and row["letter"] == "sent"
        elif (
            status == "cancelled"
            or self._put_off(row)
            or (status != "failed" and (self._waits(row) or self._no_contact(row)))
        ):
            self._tally.explained += 1
        else:
            nobody = "by_hand" if row["role"] == "entity" else "nobody"
            kind = "failed" if status == "failed" else nobody if self._unreachable(row) else "not_sent"
            known = row["deadline"], row["rung"], row["rung_on"], row["due_on"], row["recipient_unit"]
            self._problem(kind, *known, str(row["id"]))

    def _put_off(self, row: Row) -> bool:
        """By a person, until a day that is not over yet; made room for another recipient it is ``cancelled``."""
        return row["status"] == "snoozed" and str(row["not_before"]) >= self._today.isoformat()

    def _waits(self, row: Row) -> bool:
        """Whether the first working day since it was queued is not over yet."""
        if row["role"] != "entity" and self._unreachable(row):
            return False
        queued_on = self._office.today_of(parse_time(row["queued_at"]))
        if self._calendar.is_working_day(queued_on):
            return queued_on >= self._today
        return self._calendar.next_working_day(queued_on) >= self._today

    def _no_contact(self, row: Row) -> bool:
        """An entity that gave no address of any kind: a hole that warnings name (``entities.entity_holes``)."""
        to_entity = row["recipient"].startswith(PREFIX)
        return to_entity and self._unreachable(row) and not self._letters.contacts(row["recipient"])

    def _unreachable(self, row: Row) -> bool:
        if row["message"] is not None:
            return False
        self._letters.prepare([row])
        return self._letters.address(row["recipient"]) is None

    def _problem(
        self, kind: str, deadline: str, rung: str, on: str, due_on: str, unit: str | None, reminder: str | None = None
    ) -> None:
        found = {"kind": kind, "deadline": deadline, "rung": rung, "on": on, "due_on": due_on}
        self._tally.problems.append({**found, "unit": unit, "reminder": reminder})


def _open_on(row: Row, on: str) -> bool:
    """Whether a duty was open on a day; the end of a certificate is told on the day on which it is recorded."""
    closed = row["closed_on"] or "9999"
    return (row["start_on"] or "") <= on and (on < closed or (row["kind"] == "certificate_expiry" and on == closed))
