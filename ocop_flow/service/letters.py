"""Gathers what a letter about duties says: one line for each, the most urgent first."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from ocop_flow.domain import requirements
from ocop_flow.domain.dossier_json import from_json
from ocop_flow.domain.plan_record import replay_plan
from ocop_flow.domain.units import CENTRAL
from ocop_flow.errors import Reason, Text, reason
from ocop_flow.ports import Letter, Line, Row, UnitOfWork
from ocop_flow.service.entities import PREFIX, read_entities
from ocop_flow.service.entity_lines import EntityLines
from ocop_flow.service.numbers import chunks

Json = dict[str, Any]
#: Name of a unit and its mailbox, if it has one.
Asked = tuple[str, str | None]
_CENTRE: Asked = (CENTRAL.name, None)
#: What a line needs of a duty.
_DUTY = "id, subject_kind, subject, kind, rule, source, due_on, provisional, unit, unit_name, plan"
_DOSSIERS = (
    "SELECT dossier.code AS subject, dossier.state, dossier.fold, product.name AS product, entity.name AS entity "
    "FROM dossier LEFT JOIN product ON product.code = dossier.product "
    "LEFT JOIN entity ON entity.code = dossier.entity WHERE dossier.code IN ({subjects})"
)
_CERTIFICATES = (
    "SELECT number AS subject, NULL AS state, NULL AS fold, product_name AS product, entity_name AS entity "
    "FROM certificate WHERE number IN ({subjects})"
)


class Letters:
    """Letters of one day, what many of them share read once."""

    def __init__(self, uow: UnitOfWork, moment: datetime, today: date) -> None:
        self._uow = uow
        self._moment = moment
        self._today = today
        self._duties: dict[str, Row] = {}
        self._subjects: dict[str, Row] = {}
        self._plans: dict[str, Json] = {}
        self._laws: dict[str, Json] = {}
        self._addresses: dict[str, tuple[str | None, bool]] = {}
        self._lacking: dict[str, list[tuple[Text, int]]] = {}
        self._asked: dict[str, Asked] = {}
        self._own: dict[str, Asked] = {}
        self._contacts: dict[str, dict[str, str]] = {}
        self._entity_lines = EntityLines(uow, today)

    def prepare(self, reminders: Sequence[Row], among: str | None = None) -> None:
        """Read the duties that these reminders are about, and where their recipients are reached.

        among  a statement that selects these duties and not many more; None: they are asked for one by one
        """
        wanted = list(dict.fromkeys(row["deadline"] for row in reminders if row["deadline"] not in self._duties))
        for chosen, params in [(among, {})] if among and wanted else chunks(wanted):
            found = self._uow.query(f"SELECT {_DUTY} FROM deadline WHERE id IN ({chosen})", **params)
            self._duties |= {row["id"]: row for row in found}
            subjects = f"SELECT subject FROM deadline WHERE id IN ({chosen})"
            for sql in (_DOSSIERS, _CERTIFICATES):
                rows = self._uow.query(sql.format(subjects=subjects), **params)
                self._subjects |= {row["subject"]: row for row in rows}
        self._entity_lines.prepare(reminders)
        self._find_addresses({row["recipient"] for row in reminders} - self._addresses.keys())
        self._find_mailboxes({row["unit"] for row in reminders if row["unit"]} - self._asked.keys())

    def address(self, recipient: str) -> str | None:
        """The mail address of the recipient today; None where there is none."""
        return self._addresses[recipient][0]

    def contacts(self, recipient: str) -> dict[str, str]:
        """How an entity can be reached, by any way."""
        return self._contacts.get(recipient, {})

    def letter(self, recipient: str, message_id: str, reminders: Sequence[Row]) -> Letter:
        """The letter of a recipient who can be reached."""
        address, can_login = self._addresses[recipient]
        kind = "entity" if recipient.startswith(PREFIX) else "reminder"
        unit = reminders[0]["recipient_unit"] or ""
        return Letter(message_id, recipient, address or "", unit, self._moment, can_login, self._lines(reminders), kind)

    def readable(self, reminders: Sequence[Row]) -> tuple[list[Row], list[Reason]]:
        """Those that can be written about, and a warning for each of the others: one bad dossier stops no letter."""
        good: list[Row] = []
        bad: list[Reason] = []
        for row in reminders:
            try:
                self.line(row)
            except Exception as error:  # noqa: BLE001 - whatever is wrong with one dossier
                bad.append(reason("duty_unreadable", duty=row["deadline"], detail=f"{type(error).__name__}: {error}"))
            else:
                good.append(row)
        return good, bad

    def chat(self, key: str, unit: str, message_id: str, reminders: Sequence[Row]) -> Letter:
        """A letter to the chat group of a unit, which has no address."""
        return Letter(message_id, key, "", unit, self._moment, False, self._lines(reminders))

    def _lines(self, reminders: Sequence[Row]) -> list[Line]:
        return sorted((self.line(row) for row in reminders), key=_urgency)

    def line(self, reminder: Row) -> Line:
        """The line of one reminder."""
        if reminder["role"] != "entity":
            return self._duty(reminder)
        told = self._entity_lines.notice(reminder)
        line = told or self._entity_lines.duty(self._duties[reminder["deadline"]], self._duty(reminder))
        return line._replace(ask=self._own.get(reminder["unit"], _CENTRE))

    def _duty(self, reminder: Row) -> Line:
        duty = self._duties[reminder["deadline"]]
        subject = self._subjects.get(duty["subject"])
        due_on = date.fromisoformat(duty["due_on"])
        kind, name, state = self._words(duty, subject)
        return Line(
            kind=kind,
            subject=duty["subject_kind"] if duty["subject_kind"] in ("milestone", "certificate") else "dossier",
            code=duty["plan"].rpartition(":")[2] if duty["subject_kind"] == "milestone" else duty["subject"],
            product=subject["product"] if subject else None,
            entity=subject["entity"] if subject else None,
            name=name,
            state=state,
            # As it is called since it took the duty over: nobody finds an office that has ended.
            unit=reminder["unit_name"] or "",
            due_on=due_on,
            days_left=(due_on - self._today).days,
            provisional=bool(duty["provisional"]),
            late_entry=reminder["rung"] == "recorded_late",
            # A paper's duty comes from the paper itself: its kind stands there and is named already.
            source="" if duty["subject_kind"] == "evidence" else duty["source"],
            identity=duty["id"],
            papers=self._papers(duty, subject),
            ask=self._asked.get(reminder["unit"], _CENTRE),
        )

    def _papers(self, duty: Row, subject: Row | None) -> Sequence[tuple[Text, int]] | None:
        """What a dossier lacks for its next step; None for other subjects."""
        if subject is None or subject["fold"] is None or duty["subject_kind"] not in ("dossier", "round"):
            return None
        code = duty["subject"]
        if code not in self._lacking:
            dossier = from_json(json.loads(subject["fold"]))
            regime = self._uow.law(dossier.workflow_hash).regime
            found = requirements.lacking(regime, dossier, self._today)
            self._lacking[code] = [(regime.evidence[e.need.kind].label, e.need.copies - e.have) for e in found]
        return self._lacking[code]

    def _words(self, duty: Row, subject: Row | None) -> tuple[str, Text, Text | None]:
        """Kind for the catalogue, name of the duty, state of the dossier."""
        if duty["subject_kind"] == "milestone":
            title = self._milestone(duty)
            return "milestone", Text(title, title), None
        if subject is None or subject["fold"] is None:
            return duty["kind"], Text("", ""), None
        law = self._law(subject["fold"])
        if duty["subject_kind"] == "evidence":
            named = Text(duty["source"], duty["source"])
            return duty["kind"], law["evidence"].get(duty["source"], named), law["states"].get(subject["state"])
        state = law["states"].get(subject["state"])
        limit = law["limits"].get(duty["kind"])
        return ("limit" if limit else duty["kind"]), limit or Text("", ""), state

    def _milestone(self, duty: Row) -> str:
        if duty["plan"] not in self._plans:
            record = replay_plan(self._uow.events("plan", duty["plan"]))
            found = record.document["milestones"] if record else ()
            self._plans[duty["plan"]] = {f"{duty['plan']}:{each['id']}": each["title"] for each in found}
        title: str = self._plans[duty["plan"]].get(duty["subject"]) or duty["subject"]
        return title

    def _law(self, fold: str) -> Json:
        """Names of states and limits of a dossier's law."""
        digest = json.loads(fold)["workflow_hash"]
        if digest not in self._laws:
            document = self._uow.document(digest) or {}
            self._laws[digest] = {
                part: {each["id"]: Text(**each["label"]) for each in document.get(part, ()) if "label" in each}
                for part in ("states", "limits", "evidence")
            }
        return self._laws[digest]

    def _find_addresses(self, recipients: set[str]) -> None:
        """Persons and entities by the sealed address, units by their mailbox."""
        people = sorted(each.removeprefix("person:") for each in recipients if each.startswith("person:"))
        units = sorted(each.removeprefix("unit:") for each in recipients if each.startswith("unit:"))
        self._addresses |= dict.fromkeys(recipients, (None, False))
        day = self._today.isoformat()
        for holders, params in chunks(people):
            sql = (
                "SELECT person.handle, person.email, person.can_login FROM person "
                f"WHERE handle IN ({holders}) AND (left_on IS NULL OR left_on >= :day)"
            )
            for row in self._uow.query(sql, day=day, **params):
                address = self._uow.unseal(row["email"]) if row["email"] else None
                self._addresses[f"person:{row['handle']}"] = (address, bool(row["can_login"]))
        for holders, params in chunks(units):
            for row in self._uow.query(f"SELECT code, email FROM unit_contact WHERE code IN ({holders})", **params):
                self._addresses[f"unit:{row['code']}"] = (row["email"], False)
        entities = [each for each in recipients if each.startswith(PREFIX)]
        known = read_entities(self._uow, (each.removeprefix(PREFIX) for each in entities), unsealed=True)
        for recipient in entities:
            found = known.get(recipient.removeprefix(PREFIX))
            self._contacts[recipient] = found.contacts if found else {}
            self._addresses[recipient] = (self._contacts[recipient].get("email"), False)

    def _find_mailboxes(self, units: set[str]) -> None:
        """Whom to ask: the unit above, else the unit itself; an entity asks the unit first. Who has a mailbox leads."""
        for holders, params in chunks(sorted(units)):
            sql = (
                "SELECT unit.code, unit.name, contact.email, contact.phone, above.name AS above, "
                "above_contact.email AS above_email, above_contact.phone AS above_phone "
                "FROM unit LEFT JOIN unit_contact contact ON contact.code = unit.code "
                "LEFT JOIN unit above ON above.code = unit.parent_code AND above.valid_from <= :day "
                "AND (above.valid_to IS NULL OR above.valid_to >= :day) "
                "LEFT JOIN unit_contact above_contact ON above_contact.code = above.code "
                f"WHERE unit.code IN ({holders}) AND (unit.valid_to IS NULL OR unit.valid_to >= :day)"
            )
            for row in self._uow.query(sql, day=self._today.isoformat(), **params):
                own = (row["name"], _reached(row["phone"], row["email"]))
                above = (row["above"], _reached(row["above_phone"], row["above_email"])) if row["above"] else _CENTRE
                self._asked[row["code"]] = own if own[1] and not above[1] else above
                self._own[row["code"]] = above if above[1] and not own[1] else own


def _reached(phone: str | None, email: str | None) -> str | None:
    """How an office is reached, the telephone first."""
    return ", ".join(each for each in (phone, email) if each) or None


def by_recipient(rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["recipient"], []).append(row)
    return found


def _urgency(line: Line) -> tuple[date, str, str]:
    """News first, then by the due day."""
    return line.due_on if line.due_on and line.kind != "returned" else date.min, line.code, line.kind
