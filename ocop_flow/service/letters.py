"""Gathers what a letter about duties says: one line for each, the most urgent first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from ocop_flow.domain.plan_record import replay_plan
from ocop_flow.errors import Text
from ocop_flow.ports import Letter, Line, Row, UnitOfWork
from ocop_flow.service.entities import PREFIX, read_entities
from ocop_flow.service.entity_lines import EntityLines
from ocop_flow.service.numbers import chunks

Json = dict[str, Any]
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
        self._asked: dict[str, str | None] = {}
        self._own: dict[str, str | None] = {}
        self._contacts: dict[str, dict[str, str]] = {}
        self._entity_lines = EntityLines(uow, today)

    def prepare(self, reminders: Sequence[Row], among: str | None = None) -> None:
        """Read the duties that these reminders are about, and where their recipients are reached.

        among  a statement that selects these duties and not many more; None: they are asked for one by one
        """
        wanted = list(dict.fromkeys(row["deadline"] for row in reminders if row["deadline"] not in self._duties))
        for chosen, params in [(among, {})] if among and wanted else chunks(wanted):
            found = self._uow.query(f"SELECT * FROM deadline WHERE id IN ({chosen})", **params)
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
        to_entity = recipient.startswith(PREFIX)
        lines = sorted((self.line(row) for row in reminders), key=_urgency)
        units = [row["unit"] for row in reminders]
        known = self._own if to_entity else self._asked
        return Letter(
            message_id,
            recipient,
            address or "",
            reminders[0]["recipient_unit"] or "",
            self._moment,
            can_login,
            next((found for unit in units if (found := known.get(unit))), None),
            lines,
            "entity" if to_entity else "reminder",
        )

    def chat(self, key: str, unit: str, message_id: str, reminders: Sequence[Row]) -> Letter:
        """A letter to the chat group of a unit, which has no address."""
        lines = sorted((self.line(row) for row in reminders), key=_urgency)
        return Letter(message_id, key, "", unit, self._moment, False, None, lines)

    def line(self, reminder: Row) -> Line:
        """The line of one reminder."""
        if reminder["role"] != "entity":
            return self._duty(reminder)
        told = self._entity_lines.notice(reminder)
        return told or self._entity_lines.duty(self._duties[reminder["deadline"]], self._duty(reminder))

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
            unit=duty["unit_name"] or "",
            due_on=due_on,
            days_left=(due_on - self._today).days,
            provisional=bool(duty["provisional"]),
            late_entry=reminder["rung"] == "recorded_late",
            # A paper's duty comes from the paper itself: its kind stands there and is named already.
            source="" if duty["subject_kind"] == "evidence" else duty["source"],
            identity=duty["id"],
        )

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
        import json

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
        """Whom to ask: the mailbox of the unit above, else of the unit itself; an entity asks the unit first."""
        for holders, params in chunks(sorted(units)):
            sql = (
                "SELECT unit.code, above.email AS above, own.email AS own FROM unit "
                "LEFT JOIN unit_contact above ON above.code = unit.parent_code "
                "LEFT JOIN unit_contact own ON own.code = unit.code "
                f"WHERE unit.code IN ({holders}) AND (unit.valid_to IS NULL OR unit.valid_to >= :day)"
            )
            for row in self._uow.query(sql, day=self._today.isoformat(), **params):
                self._asked[row["code"]] = row["above"] or row["own"]
                self._own[row["code"]] = row["own"] or row["above"]


def by_recipient(rows: Sequence[Row]) -> Mapping[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row["recipient"], []).append(row)
    return found


def _urgency(line: Line) -> tuple[date, str, str]:
    """News first, then by the due day."""
    return line.due_on if line.due_on and line.kind != "returned" else date.min, line.code, line.kind
