"""Acts that only a leader of a province or of the centre may do: taking another law, handing over to successors."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from ocop_flow.domain.authority import Person
from ocop_flow.domain.commands import Act
from ocop_flow.domain.doers import Who, in_post
from ocop_flow.domain.event import Signer
from ocop_flow.domain.facts import check_day
from ocop_flow.domain.situation import Desk
from ocop_flow.domain.units import CENTRAL, Unit, UnitTree
from ocop_flow.errors import Refused, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.desk import desk
from ocop_flow.service.office import Caller, Office

#: Codes up to which units are read one by one; beyond that the whole country is read at once.
_FEW = 40


@dataclass(frozen=True, slots=True)
class Leading:
    """A leader at work; ``unit`` is the province or the centre for which they act."""

    base: Desk
    who: Who
    unit: Unit

    def reaches(self, province: Unit | None) -> bool:
        """Whether what lies in a province (None: nobody knows in which) is theirs to settle."""
        return self.unit.tier == CENTRAL.tier or province == self.unit


def leader_at_work(
    uow: UnitOfWork, office: Office, caller: Caller, act: Act, on: date, within: Unit | None, *, trial: bool
) -> Leading:
    """A leader of the centre, or of the province that ``within`` is or lies in (None: of any province).

    trial   nothing will be written: then the day may still lie ahead
    raises  Refused
    """
    actor = desk(uow, office, caller, act, uow.tree([CENTRAL.code])).actor
    tree = uow.tree([CENTRAL.code, *(post.unit for post in actor.posts), *([within.code] if within else [])])
    base = desk(uow, office, caller, act, tree)
    unit = _place(tree, actor, on, within)
    faults = [] if trial else [*check_day(on, base.today)]
    if unit is None:
        roles = "leader@province, leader@central"
        shown = within or CENTRAL
        missing = reason(
            "role_missing", person=actor.handle, roles=roles, unit=shown.name, code=shown.code, day=on.isoformat()
        )
        raise Refused(*faults, missing)
    who = in_post(("leader",), unit, on, base)
    if faults or who.faults:
        raise Refused(*faults, *who.faults)
    return Leading(base, who, unit)


def _place(tree: UnitTree, actor: Person, on: date, within: Unit | None) -> Unit | None:
    province = tree.reach(within, "province", on) if within is not None else None
    held = [
        unit
        for post in actor.posts
        if post.role == "leader" and (unit := tree.on(post.unit, on)) is not None and post.held_at(unit, on)
    ]
    allowed = [unit for unit in held if unit == CENTRAL or (unit.tier == "province" and province in (None, unit))]
    return max(allowed, key=lambda unit: unit == province, default=None)


def tree_around(uow: UnitOfWork, codes: Iterable[str] = ()) -> UnitTree:
    """The units of every open dossier, and of these codes: few are read one by one, many with the whole country."""
    rows = uow.query("SELECT DISTINCT commune FROM dossier WHERE phase <> 'closed'")
    wanted = {CENTRAL.code, *codes, *(row["commune"] for row in rows)}
    return uow.tree(wanted) if len(wanted) <= _FEW else uow.area(CENTRAL.code)


def signature(lead: Leading, act: Act, on: date) -> Signer | None:
    """The numbered decision behind the act, signed by the leader; None where none is named."""
    if act.paper.number is None:
        return None
    actor = lead.who.actor
    day = act.paper.date or on
    return Signer(actor.login, actor.name, actor.role, act.paper.capacity, act.paper.number, day, act.paper.sealed)
