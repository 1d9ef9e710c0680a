"""Personal data sealed or erased by a numbered decision; the log keeps that it was, and verification counts it.

Who may: a leader of the commune or of a unit above it. Personal data is no move of the dossier, so the unit that holds
it today does not matter; an administrator never touches dossiers (DESIGN section 5), nor what stands beside them.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Literal

from ocop_flow.domain import codes, sealed
from ocop_flow.domain.commands import Act
from ocop_flow.domain.doers import Who, first_post
from ocop_flow.domain.facts import check_day, reason_faults
from ocop_flow.domain.record import next_event, stream_event
from ocop_flow.errors import InputInvalid, NotFound, Refused, reason
from ocop_flow.service.desk import desk, situation_of
from ocop_flow.service.dossier_find import find

if TYPE_CHECKING:
    from ocop_flow.domain.event import Event
    from ocop_flow.domain.situation import Desk
    from ocop_flow.domain.units import Unit
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Withhold:
    """``target``: an entity's code, or a dossier; ``field``: one contact or kind of evidence, None for everything.

    mode  seal keeps the value out of reach; erase destroys it with its salt, and the file if nothing else names it
    """

    target: str
    field: str | None
    decision: str
    mode: Literal["seal", "erase"]
    act: Act = dataclasses.field(default_factory=Act)


def withhold(uow: UnitOfWork, office: Office, caller: Caller, command: Withhold) -> Json:
    """One event in the subject's stream names what is withheld by which decision.

    raises  InputInvalid (number, field), Refused (role, reason, nothing left to withhold), NotFound
    """
    decision = codes.document_number(command.decision)
    on = command.act.on or office.today
    kind, code = _target(uow, caller, command.target)
    digests = _chosen(uow, kind, code, command)
    data = {"decision": decision, "mode": command.mode, "field": command.field, "digests": digests}
    event = (_of_dossier if kind == "dossier" else _of_entity)(uow, office, caller, code, command, on, data)
    uow.append(event)
    uow.withhold(digests, erase=command.mode == "erase", decision=decision)
    return {"kind": kind, "code": code, "mode": command.mode, "decision": decision, "withheld": len(digests)}


def _target(uow: UnitOfWork, caller: Caller, typed: str) -> tuple[str, str]:
    entity = codes.parse(typed, "entity") if typed.upper().startswith(codes.PREFIXES["entity"]) else None
    if entity is None:
        return "dossier", find(uow, typed, uow.person(caller.known())).code
    rows = [row for row in uow.rows("entity") if codes.parse(row["code"], "entity") == entity]
    if not rows:
        raise NotFound(reason("entity_absent", entity=typed))
    return "entity", str(rows[0]["code"])


def _chosen(uow: UnitOfWork, kind: str, code: str, command: Withhold) -> list[str]:
    """The digests of the subject's sealed values that this decision adds to what is withheld."""
    named = [each for event in uow.events(kind, code) for each in sealed.named(event)]
    stored = {
        row["digest"]: row
        for each in named
        for row in uow.query("SELECT digest, value, withheld FROM personal WHERE digest = :d", d=each.digest)
    }
    fields = sorted({each.field for each in named if each.digest in stored})
    if command.field is not None and command.field not in fields:
        raise InputInvalid(reason("withhold_field_unknown", field=command.field, known=", ".join(fields) or "-"))
    chosen = {each.digest for each in named if each.digest in stored and command.field in (None, each.field)}
    erase = command.mode == "erase"
    left = [
        digest
        for digest in sorted(chosen)
        if stored[digest]["withheld"] is None or (erase and stored[digest]["value"] is not None)
    ]
    if not left:
        raise Refused(reason("nothing_to_withhold", code=code))
    return left


def _of_dossier(
    uow: UnitOfWork, office: Office, caller: Caller, code: str, command: Withhold, on: date, data: Json
) -> Event:
    dossier = find(uow, code)
    s = situation_of(uow, office, caller, command.act, dossier)
    who = _leader(s.commune, on, s, command)
    return next_event(
        dossier,
        s,
        action="withhold",
        to_state=dossier.state,
        on=on,
        who=who,
        signer=None,
        act=command.act,
        data=data,
    )


def _of_entity(
    uow: UnitOfWork, office: Office, caller: Caller, code: str, command: Withhold, on: date, data: Json
) -> Event:
    row = uow.rows("entity", code=code)[0]
    tree = uow.tree([row["commune"]])
    commune = tree.on(row["commune"], on) or tree.latest(row["commune"])
    if commune is None:
        raise NotFound(reason("unit_absent", unit=row["commune"]))
    base = desk(uow, office, caller, command.act, tree)
    who = _leader(commune, on, base, command)
    return stream_event(base, ("entity", code), uow.head("entity", code), "withhold", who, command.act, data)


def _leader(commune: Unit, on: date, s: Desk, command: Withhold) -> Who:
    today = s.tree.heir(commune, on) or commune
    units = [today, *s.tree.ancestors(today, today.nearest_valid_day(on))]
    who = first_post(("leader",), units, on, s)
    faults = [*check_day(on, s.today), *who.faults, *reason_faults(True, command.act.reason)]
    if faults:
        raise Refused(*faults)
    return who
