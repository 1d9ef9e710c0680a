"""Who did, who typed and who signed an act: each frozen in a post, or the reason why not (DESIGN section 5)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from ocop_flow.domain.authority import Person, Post, acting_post, doer, recording_post
from ocop_flow.domain.commands import Act
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.event import CAPACITIES, Doer, Signer
from ocop_flow.domain.regime import Action, Regime, State
from ocop_flow.domain.situation import Desk, Situation
from ocop_flow.domain.units import Unit, UnitTree
from ocop_flow.errors import InputInvalid, Reason, reason


def acting_unit(
    tree: UnitTree, commune: Unit, tier: str, on: date, *, leaving: bool = False, certified: bool = False
) -> Unit | Reason:
    """The unit reached from the commune up to ``tier`` on a day (DESIGN section 5).

    leaving    the act only ends the dossier (withdrawal): the commune's heir may record it where the commune has ended,
               and the unit above where it has no single heir
    certified  the act ends a certificate: where the commune has ended, the one unit above all of its heirs answers
    """
    reached = tree.reach(commune, tier, on)
    if reached is not None:
        return reached
    if certified:
        reaches = {unit for heir, _ in tree.successors(commune, on) if (unit := tree.reach(heir, tier, on))}
        if len(reaches) == 1:
            return reaches.pop()
    if leaving:
        heirs = [unit for unit, partial in tree.successors(commune, on) if not partial]
        heir = tree.heir(commune, on) or (heirs[0] if heirs else None)
        for above in ("commune", "province", "central"):
            found = tree.reach(heir, above, on) if heir is not None else None
            if found is not None:
                return found
    return reason("unit_ended", tier=tier, commune=commune.name, day=on.isoformat())


@dataclass(frozen=True, slots=True)
class Who:
    """Actor and recorder frozen, the acting unit, and what is wrong with any of them."""

    actor: Doer
    recorder: Doer
    unit: Unit | None
    faults: tuple[Reason, ...]


def _nobody(person: Person) -> Doer:
    return Doer(person.handle, person.name, "-", None)


def mover(action: Action, state: State, on: date, s: Situation) -> Who:
    if action.kind == "system" or not action.roles:
        return Who(_nobody(s.actor), _nobody(s.recorder), None, (reason("system_only", action=action.label),))
    leaving, certified = action.kind == "withdraw", action.ends_certificate
    unit = acting_unit(s.tree, s.commune, action.tier(state), on, leaving=leaving, certified=certified)
    if isinstance(unit, Reason):
        return Who(_nobody(s.actor), _nobody(s.recorder), None, (unit,))
    who = in_post(tuple(role.role for role in action.roles), unit, on, s)
    return replace(who, faults=tuple(ruled(fault, action.source) for fault in who.faults)) if who.faults else who


def ruled(fault: Reason, source: str) -> Reason:
    """What asks for a post, with where it stands that the post is asked for."""
    return replace(fault, params={**fault.params, "rule": source})


def _unruled(fault: Reason) -> dict[str, object]:
    return {name: value for name, value in fault.params.items() if name != "rule"}


def in_post(roles: tuple[str, ...], unit: Unit, on: date, s: Desk) -> Who:
    """The actor in one of ``roles`` at ``unit`` on the legal day, and the recorder as DESIGN section 5 wants."""
    post = acting_post(s.actor, roles, unit, on)
    if isinstance(post, Reason):
        return Who(_nobody(s.actor), _nobody(s.recorder), unit, (post,))
    actor = doer(s.actor, post)
    # Most type for themselves: the units above are then not looked for.
    if s.recorder.handle == actor.login:
        return Who(actor, actor, unit, ())
    recorder = recorder_for(actor, s, _recording_units(s.tree, unit, on, s.today))
    if isinstance(recorder, Reason):
        return Who(actor, _nobody(s.recorder), unit, (recorder,))
    return Who(actor, recorder, unit, ())


def recorder_for(actor: Doer, s: Desk, units: tuple[Unit, ...]) -> Doer | Reason:
    if s.recorder.handle == actor.login:
        return actor
    post = recording_post(s.recorder, units, s.today)
    if post is None:
        shown = units[0].name if units else "-"
        return reason("recorder_not_allowed", person=s.recorder.handle, actor=actor.name, unit=shown)
    return doer(s.recorder, post)


def _recording_units(tree: UnitTree, unit: Unit, on: date, today: date) -> tuple[Unit, ...]:
    """The unit and those above it, as they are on the recording day: an ended unit's heirs type for it."""
    then = (unit, *tree.ancestors(unit, on))
    now = []
    for each in then:
        for found in (each if each.valid_on(today) else None, tree.heir(each, today)):
            if found is not None and found not in now:
                now.append(found)
                now.extend(above for above in tree.ancestors(found, today) if above not in now)
    return tuple(now)


def units_above(tree: UnitTree, unit: Unit, today: date) -> tuple[Unit, ...]:
    """A unit and those above it, where its papers may be typed on a day."""
    return _recording_units(tree, unit, today, today)


def units_of(actor: Doer, s: Desk) -> tuple[Unit, ...]:
    unit = s.tree.on(actor.unit.code, s.today) if actor.unit else None
    return units_above(s.tree, unit, s.today) if unit else ()


def receiver(regime: Regime, on: date, s: Situation) -> Who:
    """An officer of the commune, or of an ancestor at a tier that receives dossiers (DESIGN section 5)."""
    if not s.commune.valid_on(on):
        fault = reason("unit_not_valid", unit=s.commune.code, on=on.isoformat())
        return Who(_nobody(s.actor), _nobody(s.recorder), None, (fault,))
    units = [s.commune]
    units += [unit for unit in s.tree.ancestors(s.commune, on) if unit.tier in regime.receives]
    return first_post(("officer",), units, on, s)


def keeper(dossier: Dossier, on: date, s: Situation) -> Who:
    """Who may file papers with a dossier: its receivers, and the officers of the unit that holds it."""
    regime = s.pinned.regime
    commune = s.tree.heir(s.commune, on) or s.commune
    units = [commune]
    units += [unit for unit in s.tree.ancestors(commune, on) if unit.tier in regime.receives]
    tier = regime.states[dossier.state].tier
    holder = s.tree.reach(commune, tier, on) if tier else None
    first = first_post(("officer",), units, on, s)
    if not first.faults or holder is None:
        return first
    second = in_post(("officer", "advisory_team", "council_secretary"), holder, on, s)
    return first if second.faults else second


def first_post(roles: tuple[str, ...], units: list[Unit], on: date, s: Desk) -> Who:
    """The actor in one of ``roles`` at the first of ``units`` where they hold one; else why not at the first."""
    found = [in_post(roles, unit, on, s) for unit in units]
    return next((who for who in found if not who.faults), found[0])


def signed_by(action: Action, act: Act, on: date, who: Who, s: Desk) -> tuple[Signer | None, list[Reason]]:
    if act.paper.number is None and action.decision:
        return None, [reason("decision_missing", action=action.label, source=action.source)]
    return signature(tuple(role.role for role in action.roles), act, on, who, s)


def signature(roles: tuple[str, ...], act: Act, on: date, who: Who, s: Desk) -> tuple[Signer | None, list[Reason]]:
    """Who signed the paper of an act that is for ``roles``, and what is wrong with it; None where there is no paper."""
    paper = act.paper
    if unknown := capacity_faults(paper.capacity):
        raise InputInvalid(*unknown)
    if paper.number is None:
        return None, []
    day = paper.date or on
    faults: list[Reason] = []
    if day > s.today:
        option = "--decision-date" if paper.date is not None and paper.date != on else "--on"
        faults.append(reason("day_in_future", day=day.isoformat(), today=s.today.isoformat(), option=option))
    signer = s.signer or s.actor
    post: Post | None = None
    if who.unit is not None:
        found = acting_post(signer, _signing_roles(roles, paper.capacity), who.unit, day)
        if not isinstance(found, Reason):
            post = found
        elif all((found.code, found.params) != (known.code, _unruled(known)) for known in who.faults):
            # Who acts and signs without the post is told so once.
            faults.append(found)
    return (
        Signer(
            login=signer.handle,
            name=signer.name,
            post=post.role if post else "-",
            capacity=paper.capacity,
            number=paper.number,
            date=day,
            file=paper.sealed,
        ),
        faults,
    )


def capacity_faults(capacity: str | None) -> tuple[Reason, ...]:
    """A reason for a capacity that no one signs in; none where nothing is said of it."""
    if capacity is None or capacity in CAPACITIES:
        return ()
    return (reason("capacity_unknown", capacity=capacity, known=", ".join(CAPACITIES)),)


def _signing_roles(roles: tuple[str, ...], capacity: str | None) -> tuple[str, ...]:
    """Signing by order, authorisation or for the head is open to every post of the unit; else to the act's roles."""
    return roles if capacity in (None, "TM") else (*roles, "leader", "officer", "council_chair", "council_vice_chair")


def separation(dossier: Dossier, action: Action, signer: Signer | None, who: Who) -> tuple[Reason, ...]:
    """Who prepared a matter does not sign it; the recorder is never compared (DESIGN section 5)."""
    signs = (signer.login or signer.name) if signer else (who.actor.login or who.actor.name)
    return tuple(
        reason("same_person_signs", person=signs, prepared=prepared, action=action.label)
        for prepared in action.separate_from
        if dossier.done_by(prepared) == signs
    )
