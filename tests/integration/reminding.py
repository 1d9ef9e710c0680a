"""A small country of duties: rows written as a command would write them, and an office on any day."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from email import message_from_bytes, policy
from typing import TYPE_CHECKING, Any

from ocop_flow import bootstrap
from ocop_flow.clock import FixedClock
from ocop_flow.config import Settings, url_of
from ocop_flow.notify.channels import Folder
from ocop_flow.notify.render import JinjaRenderer
from ocop_flow.service import delivery, remind_audit, reminder_answers, reminders

if TYPE_CHECKING:
    from email.message import EmailMessage
    from pathlib import Path

    from ocop_flow.ports import Channel
    from ocop_flow.service.office import Office

Json = dict[str, Any]
#: Phường Mỹ Hào and the province above it, as they are since 1 July 2025.
COMMUNE, COMMUNE_NAME, PROVINCE = "12103", "Phường Mỹ Hào", "33"


@dataclass
class World:
    """An office over a database, moved from day to day; messages go into a folder."""

    db: Path
    base: Office
    day: date = date(2026, 6, 1)
    hour: int = 9

    @classmethod
    def over(cls, db: Path) -> World:
        return cls(db, bootstrap.open_office(Settings(url_of(str(db)), "vi", None, None)))

    @property
    def office(self) -> Office:
        moment = datetime.fromisoformat(f"{self.day}T{self.hour:02}:00:00+07:00")
        return dataclasses.replace(self.base, clock=FixedClock(moment))

    @property
    def outgoing(self) -> Path:
        return self.db.parent / "outgoing"

    def renderer(self, language: str = "vi") -> JinjaRenderer:
        return JinjaRenderer("ocop@example.vn", language)

    # --- duties and addresses ------------------------------------------------------------------------------------

    def mailbox(self, unit: str, address: str) -> None:
        with self.base.writer() as uow:
            uow.execute("INSERT INTO unit_contact (code, email) VALUES (:code, :email)", code=unit, email=address)
            uow.commit()

    def duty(self, number: int, due_on: date, **changes: Any) -> str:
        """An open duty of the commune."""
        row = {
            "id": f"HS-2026-{number:06}-X:limit:1",
            "subject_kind": "dossier",
            "subject": f"HS-2026-{number:06}-X",
            "kind": "commune_handling",
            "rule": "commune_handling",
            "source": "26/2026/QĐ-TTg art. 5",
            "mark": "one_source",
            "start_on": None,
            "due_on": due_on.isoformat(),
            "provisional": False,
            "stopped": "[]",
            "stopped_since": None,
            "closed_on": None,
            "outcome": None,
            "unit": COMMUNE,
            "unit_name": COMMUNE_NAME,
            "tier": "commune",
            "plan": None,
            "ladder": "standard",
            "next_rung_on": "",
            **changes,
        }
        with self.base.writer() as uow:
            uow.insert_many("deadline", [row])
            uow.commit()
        return str(row["id"])

    def change(self, duty: str, **columns: Any) -> None:
        """What a command does to a duty: the row is new to the next scan."""
        given = {"next_rung_on": None if columns.get("outcome") else "", **columns}
        with self.base.writer() as uow:
            sets = ", ".join(f"{name} = :{name}" for name in given)
            uow.execute(f"UPDATE deadline SET {sets} WHERE id = :id", id=duty, **given)
            uow.commit()

    # --- what is under test --------------------------------------------------------------------------------------

    def scan(self) -> Json:
        with self.office.writer() as uow:
            return reminders.scan(uow, self.office, bootstrap.ladders())

    def deliver(self, channel: Channel | None = None, *, ignore_hours: bool = False, lease: str = "one") -> Json:
        from ocop_flow.notify import catalogue

        hours = None if ignore_hours else catalogue.load().hours
        return delivery.deliver(self.office, self.renderer(), channel or Folder(self.outgoing), hours, lease=lease)

    def audit(self, first: date, last: date) -> Json:
        with self.office.reader() as uow:
            return remind_audit.audit(uow, self.office, bootstrap.ladders(), first, last)

    def rows(self, status: str | None = None) -> list[Json]:
        with self.base.reader() as uow:
            return reminder_answers.listed(uow, status=status)

    def sent(self) -> list[tuple[str, str]]:
        """(day, rung) of what was sent, in order."""
        return [(row["sent_at"][:10], row["rung"]) for row in self.rows() if row["status"] == "sent"]

    def mails(self) -> list[EmailMessage]:
        found = sorted(self.outgoing.glob("*.eml"))
        mails: list[EmailMessage] = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in found]
        return mails

    def live(self, first: date, last: date) -> None:
        """Every day at nine: scan, then deliver."""
        while first <= last:
            self.day = first
            self.scan()
            self.deliver()
            first += timedelta(1)
