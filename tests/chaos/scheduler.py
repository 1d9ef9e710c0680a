"""One scheduler of a kill round: every job once, in a process that may die at a named point."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes
from importlib import import_module
from pathlib import Path
from typing import Any

from ocop_flow import bootstrap, daemon
from ocop_flow.config import Settings
from ocop_flow.errors import OcopFlowError, Undelivered
from ocop_flow.notify import catalogue
from ocop_flow.service import delivery
from tests.chaos.points import Points

# Read before the process forks: a scheduler then starts in a moment.
catalogue.load()
bootstrap.calendar()
bootstrap.ladders()
import_module("ocop_flow.store.notice_rows")
#: Messages taken at a time: few, so that there are many commits to die at.
TAKEN = 3


@dataclass(frozen=True, slots=True)
class Life:
    """What a scheduler is given; ``journal`` is a file that outlives it."""

    db: Path
    mail: str
    now: datetime
    point: str
    count: int
    journal: Path


def live(life: Life) -> None:
    """Run every job once; die on the way if the point is reached. Nothing is said: the journal speaks."""
    journal = os.open(life.journal, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(what: str, name: str) -> None:
        os.write(journal, f"{what}\t{name}\n".encode())

    points = Points(life.point, life.count, lambda point: note("died", point))
    points.around_commits()
    points.around_answers()
    os.environ["OCOP_MAIL"] = life.mail
    delivery.TAKEN = TAKEN
    settings = Settings(f"sqlite:///{life.db}", "vi", None, life.now)
    office, room = bootstrap.open_office(settings), bootstrap.post_room(settings)
    _noting_letters(room.channel, points, note)
    for job in daemon.jobs(office, room).values():
        try:
            job()
        except OcopFlowError as error:
            note("told", error.reasons[0].code)


def _noting_letters(channel: Any, points: Points, note: Any) -> None:
    """``try`` before a letter goes out, ``said`` when the server refused it, ``done`` when its mark is committed."""
    send, mark = channel.send, delivery._mark_sent

    def sending(mail: Any) -> None:
        name = str(message_from_bytes(mail.body)["Message-ID"])
        note("try", name)
        points.reach("before send")
        try:
            send(mail)
        except Undelivered as error:
            if error.reasons[0].code == "mail_refused":
                note("said", name)
            raise
        points.reach("after send")

    def marking(uow: Any, row: Any, now: Any) -> None:
        mark(uow, row, now)
        note("done", row["message_id"])

    channel.send = sending
    delivery._mark_sent = marking
