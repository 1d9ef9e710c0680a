"""Acts on duties: a deadline extended by a numbered decision."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

from ocop_flow.domain import codes
from ocop_flow.domain.commands import Act
from ocop_flow.domain.doers import first_post
from ocop_flow.domain.facts import check_day, reason_faults
from ocop_flow.domain.record import known_dossier, next_event
from ocop_flow.errors import InputInvalid, NotFound, Refused, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.desk import situation_of
from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]

#: Kinds of duties whose day an office may move; the law's own ends (validity, a paper's expiry) it may not.
_MOVABLE = ("dossier", "round")


@dataclass(frozen=True, slots=True)
class Extend:
    """Move a duty to a later day, by a numbered decision and with a reason."""

    deadline: str
    to: date
    decision: str
    act: Act = field(default_factory=Act)


def extend(uow: UnitOfWork, office: Office, caller: Caller, command: Extend) -> Json:
    """Done by a leader of the unit that owes the duty, or of a unit above it.

    raises  NotFound, InputInvalid (not later than before), Refused (a day that no office can move, role, reason)
    """
    rows = uow.rows("deadline", id=command.deadline)
    if not rows:
        raise NotFound(reason("deadline_absent", deadline=command.deadline))
    row = rows[0]
    if row["subject_kind"] not in _MOVABLE:
        raise Refused(reason("deadline_fixed", deadline=command.deadline, kind=row["kind"]))
    if command.to.isoformat() <= row["due_on"]:
        raise InputInvalid(reason("deadline_not_later", day=command.to.isoformat(), due_on=row["due_on"]))
    dossier = known_dossier(uow.dossier(row["subject"]), row["subject"])
    s = situation_of(uow, office, caller, command.act, dossier)
    on = command.act.on or s.today
    unit = s.tree.on(row["unit"], on) if row["unit"] else None
    units = [unit, *s.tree.ancestors(unit, on)] if unit else []
    faults = [*check_day(on, s.today), *reason_faults(True, command.act.reason)]
    if row["outcome"] is not None:
        faults.append(reason("deadline_settled", deadline=command.deadline, outcome=row["outcome"]))
    if not units:
        faults.append(reason("unit_ended", tier=row["tier"] or "-", commune=dossier.commune_name, day=on.isoformat()))
        raise Refused(*faults)
    who = first_post(("leader",), units, on, s)
    if faults or who.faults:
        raise Refused(*faults, *who.faults)
    data = {
        "deadline": command.deadline,
        "from": row["due_on"],
        "to": command.to.isoformat(),
        "decision": codes.document_number(command.decision),
    }
    uow.append(
        next_event(
            dossier, s, action="extend", to_state=dossier.state, on=on, who=who, signer=None, act=command.act, data=data
        )
    )
    return {"id": command.deadline, "due_on": data["to"], "before": row["due_on"], "decision": data["decision"]}
