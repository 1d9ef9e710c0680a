"""Dossiers to be moved: opened with their evidence in hand, each then sent back and received again in turns."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ocop_flow import bootstrap
from ocop_flow.config import Settings, url_of
from ocop_flow.domain.commands import Act, Advance, Attachment, Open
from ocop_flow.service import dossiers
from ocop_flow.service.office import Caller, carry_out, line
from tests.cli.office import ocop

if TYPE_CHECKING:
    from ocop_flow.service.office import Office, Work

COMMUNE = "12103"
OFFICER = "officer"
NOW = "2026-06-01T10:00:00+07:00"
#: The two moves that a dossier makes in turns.
MOVES = ("return_for_supplement", "receive_supplement")
#: Papers that a dossier must have, for the guards of other programs.
PAPERS = 5
#: Dossiers opened, or moves made, under one commit.
_GROUP = 100


@dataclass(frozen=True, slots=True)
class Move:
    """The ``number``-th move of a dossier.

    sent     tells its key from that of other clients
    version  that the client has seen, None where it names none
    """

    dossier: str
    number: int
    sent: str = ""
    version: int | None = None

    @property
    def command(self) -> Advance:
        reason = "thiếu mẫu" if self.number % 2 == 0 else None
        act = Act(reason=reason, key=f"{self.dossier}-{self.number}{self.sent}")
        action = MOVES[self.number % 2]
        return Advance(dossier=self.dossier, action=action, expect_version=self.version, act=act)


def made(db: str, count: int) -> list[str]:
    """A training database at an address with dossiers in it; their codes."""
    _ask("init", "--sandbox", "--db", db)
    _ask("person", "add", OFFICER, "--name", "Cán bộ số 1", "--db", db, "--as", "admin")
    words = ["--role", "officer", "--unit", COMMUNE, "--decision", "15/QĐ-UBND", "--from", "2026-01-01"]
    _ask("person", "appoint", OFFICER, *words, "--db", db, "--as", "admin")
    office, codes = opened(db), list[str]()
    for start in range(0, count, _GROUP):
        with office.writer() as uow:
            for number in range(start, min(start + _GROUP, count)):
                codes.append(_open(uow, office, number))
            uow.commit()
    return codes


def _open(uow: Any, office: Office, number: int) -> str:
    command = Open(
        commune=COMMUNE,
        product=f"Cà phê số {number}",
        entity=f"Hợp tác xã số {number}",
        entity_kind="cooperative",
        product_set="coffee_cacao",
        kind="first",
        track="existing_product",
    )
    code: str = dossiers.open_dossier(uow, office, Caller(OFFICER), command)["code"]
    kinds = ("registration_form", "certificate_of_business")
    lacking = dossiers.attach(uow, office, Caller(OFFICER), dossiers.Attach(code, (Attachment(kinds[0], 1),)))[
        "missing"
    ]
    for item in lacking:
        kind, copies = item["kind"], item["required"] - item["have"]
        dossiers.attach(uow, office, Caller(OFFICER), dossiers.Attach(code, (Attachment(kind, copies),)))
    return code


def opened(db: str) -> Office:
    """An office over a database, at one moment."""
    return bootstrap.open_office(Settings(url_of(db), "en", None, datetime.fromisoformat(NOW)))


def moves(codes: list[str], each: int) -> Iterator[Move]:
    """Every dossier's first move, then every dossier's second: none is moved twice in a row."""
    return (Move(code, number) for number in range(each) for code in codes)


def move(office: Office, one: Move) -> Any:
    """One move as the command line makes it: key, post and guard checked, one durable commit."""
    command = one.command
    caller = Caller(OFFICER)
    return carry_out(office, "advance", command, caller, _advancing(office, caller, command))


def tried(office: Office, one: Move) -> None:
    """A trial run of one move: everything read and decided, nothing written."""
    command, caller = one.command, Caller(OFFICER)
    carry_out(office, "advance", command, caller, _advancing(office, caller, command), dry_run=True)


def moved_together(office: Office, work: list[Move]) -> None:
    """The moves as a batch makes them: many under one commit, each undone alone if it fails."""
    caller = Caller(OFFICER)
    for start in range(0, len(work), _GROUP):
        group = work[start : start + _GROUP]
        with office.writer() as uow:
            uow.hold_dossiers({one.dossier for one in group}, {str(one.command.act.key) for one in group})
            for one in group:
                line(uow, office, "advance", one.command, caller, _advancing(office, caller, one.command))
            uow.commit()


def _advancing(office: Office, caller: Caller, command: Advance) -> Work:
    return lambda uow: dossiers.advance(uow, office, caller, command)


def _ask(*words: str) -> None:
    answer = ocop(*words, "--json", now=NOW)
    if answer.exit:
        raise SystemExit(answer.out + answer.err)
