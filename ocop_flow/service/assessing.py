"""Scores beside the council's: what the entity gave itself, and what commune, district or advisory team gave."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from ocop_flow.domain import scoring
from ocop_flow.domain.commands import Act, FileRef
from ocop_flow.domain.doers import keeper
from ocop_flow.domain.facts import check_day
from ocop_flow.domain.record import next_event
from ocop_flow.errors import InputInvalid, Refused, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.desk import situation_of
from ocop_flow.service.dossier_find import find
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.scoring import kept, read

Json = dict[str, Any]

#: Whose scores stand beside those of a council.
SOURCES = ("entity", "commune", "district", "team")


@dataclass(frozen=True, slots=True)
class Assess:
    """``source`` is one of SOURCES; ``parts`` or ``answers`` as in a member's sheet; ``scan`` the paper."""

    dossier: str
    source: str
    parts: str | None = None
    answers: tuple[str, ...] = ()
    act: Act = field(default_factory=Act)
    opinions: dict[str, str] = field(default_factory=dict)
    cited: dict[str, str] = field(default_factory=dict)
    opinion: str | None = None
    scan: FileRef | None = None


def assess(uow: UnitOfWork, office: Office, caller: Caller, command: Assess) -> Json:
    """Record scores that are not a council member's; a later sheet of the same source takes the place of the earlier.

    raises  InputInvalid (source or points unreadable), Refused (role, day, a dossier that is closed)
    """
    if command.source not in SOURCES:
        raise InputInvalid(reason("score_source_unknown", source_name=command.source, known=", ".join(SOURCES)))
    dossier = find(uow, command.dossier, uow.person(caller.known()))
    s = situation_of(uow, office, caller, command.act, dossier)
    on = command.act.on or s.today
    who = keeper(dossier, on, s)
    faults = [*check_day(on, s.today), *who.faults]
    if dossier.closed:
        faults.append(reason("dossier_closed", dossier=dossier.code, state=s.pinned.regime.named(dossier.state)))
    if faults:
        raise Refused(*faults)
    filled = read(uow, s.pinned.regime, dossier, command)
    scan = kept(uow, command.scan)
    data = {"source": command.source, **scoring.sheet_json(filled), **({"scan": scan} if scan else {})}
    event = next_event(
        dossier,
        s,
        action="assess",
        to_state=dossier.state,
        on=on,
        who=who,
        signer=None,
        act=command.act,
        data=data,
        warnings=tuple(filled.score.reasons),
    )
    uow.append(event)
    return {
        "dossier": dossier.code,
        "source": command.source,
        "total": data["total"],
        "version": event.seq,
        "warnings": list(filled.score.reasons),
    }
