"""Gathers the facts a decision needs: people with their posts, units around the commune, the law of the day."""

from __future__ import annotations

from datetime import date

from ocop_flow.domain.authority import Person
from ocop_flow.domain.commands import Act
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.facts import check_day, check_entry, clean_reason
from ocop_flow.domain.names import plain
from ocop_flow.domain.situation import Desk, Law, Situation
from ocop_flow.domain.units import Unit, UnitTree, ambiguous
from ocop_flow.errors import InputInvalid, NotFound, Refused, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.dossier_find import commune_of
from ocop_flow.service.office import Caller, Office


def person(uow: UnitOfWork, handle: str) -> Person:
    """The person of a handle; raises NotFound."""
    found = uow.person(handle)
    if found is None:
        raise NotFound(reason("person_absent", person=handle))
    return found


def check_act(uow: UnitOfWork, office: Office, act: Act) -> None:
    """What the log would hold an act to, of one that leaves no event in it.

    raises  InputInvalid (how it was entered, its reason), NotFound (who did it), Refused (a day in the future)
    """
    check_entry(act.entry)
    clean_reason(act.reason)
    if act.by:
        person(uow, act.by)
    faults = check_day(act.on, office.today) if act.on else ()
    if faults:
        raise Refused(*faults)


def desk(uow: UnitOfWork, office: Office, caller: Caller, act: Act, tree: UnitTree) -> Desk:
    """Who is at work on this act; raises Refused if nobody is logged in, NotFound for an unknown handle."""
    recorder = person(uow, caller.known())
    if recorder.office and act.by is None:
        raise Refused(reason("doer_not_named", person=recorder.handle))
    actor = person(uow, act.by) if act.by else recorder
    signer = person(uow, act.paper.signed_by) if act.paper.signed_by else None
    now = office.clock.now()
    return Desk(now, office.today_of(now), recorder, actor, signer, tree)


def situation(
    uow: UnitOfWork,
    office: Office,
    caller: Caller,
    act: Act,
    commune: Unit,
    pinned: Law | None = None,
    regime: str | None = None,
) -> Situation:
    """The desk with the commune's surroundings and the law.

    pinned  the dossier's law; None at opening, when the law of the day serves for both
    regime  a regime asked for by name instead of the one in force
    """
    tree = uow.tree([commune.code])
    base = desk(uow, office, caller, act, tree)
    on = act.on or base.today
    current = law_of_day(uow, tree, commune, on, regime) if pinned is None or regime is None else pinned
    return Situation(
        base.now,
        base.today,
        base.recorder,
        base.actor,
        base.signer,
        tree,
        commune,
        pinned or current,
        current,
    )


def situation_of(uow: UnitOfWork, office: Office, caller: Caller, act: Act, dossier: Dossier) -> Situation:
    """The situation of an existing dossier."""
    return situation(uow, office, caller, act, commune_of(uow, dossier), uow.law(dossier.workflow_hash))


def law_of_day(uow: UnitOfWork, tree: UnitTree, commune: Unit, on: date, regime: str | None = None) -> Law:
    """The law in force for a commune on a day, in its province's own form where it has adopted one.

    raises  InputInvalid for an unknown regime, Refused for one that was not in force and lists no overlap
    """
    province = tree.reach(commune, "province", commune.nearest_valid_day(on))
    code = province.code if province else None
    in_force = uow.law_on(on, code)
    if regime is None:
        if in_force is None:
            raise Refused(reason("no_law_on_day", day=on.isoformat()))
        return in_force
    if in_force is not None and in_force.regime.id == regime:
        return in_force
    asked = uow.law_on(on, code, regime)
    if asked is None:
        known = ", ".join(row["regime"] for row in uow.rows("law") if row["province"] == "")
        raise InputInvalid(reason("regime_unknown", regime=regime, known=known))
    until = asked.regime.overlap_until
    if until is not None and (asked.regime.effective_to or until) < on <= until:
        return asked
    raise Refused(
        reason(
            "regime_not_in_force",
            source=asked.regime.decision,
            mark=asked.regime.mark,
            regime=regime,
            day=on.isoformat(),
            in_force=in_force.regime.id if in_force else "-",
        )
    )


def unit_on(uow: UnitOfWork, typed: str, on: date, *, tier: str | None = None) -> Unit:
    """A unit by its code, or by its name where that is unique, valid on a day.

    raises  NotFound (no such unit at all), Refused (it did not exist that day), InputInvalid (name not unique)
    """
    typed = plain(typed)
    tree = uow.tree([typed])
    if tree.lives(typed):
        found = tree.on(typed, on)
        if found is None:
            raise Refused(reason("unit_not_valid", unit=typed, on=on.isoformat()))
        if tier is not None and found.tier != tier:
            raise InputInvalid(reason("unit_wrong_tier", unit=found.name, tier=tier, found=found.tier))
        return found
    named = UnitTree(uow.units_named(typed)).named(typed, tier=tier, on=on)
    if not named:
        raise NotFound(reason("unit_absent", unit=typed))
    if len(named) > 1:
        raise ambiguous(typed, named, uow.tree([unit.code for unit in named]))
    return named[0]


def area_code(uow: UnitOfWork, typed: str | None, on: date) -> str | None:
    """Code of the unit by which a list is narrowed; None where none is asked for.

    typed   a code in any of its lives, for what an ended unit left is still looked for by it; or a name, of a unit of
            that day before one that has ended
    raises  NotFound (no such unit at all), InputInvalid (name not unique)
    """
    if typed is None:
        return None
    typed = plain(typed)
    if uow.tree([typed]).lives(typed):
        return typed
    tree = UnitTree(uow.units_named(typed))
    named = tree.named(typed, on=on) or tree.named(typed)
    if not named:
        raise NotFound(reason("unit_absent", unit=typed))
    if len({unit.code for unit in named}) > 1:
        raise ambiguous(typed, named, uow.tree([unit.code for unit in named]))
    return named[0].code


def law_exists(law: Law | None, day: date) -> Law:
    if law is None:
        raise Refused(reason("no_law_on_day", day=day.isoformat()))
    return law
