"""The round of a unit on a day: who holds which dossier, for how long, what is missing, what can make the cut-off.

A round is what the law of the day says of the unit's tier: a last day of intake, a last day of the rating. Re-ratings
follow no round and are counted apart.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import rounds
from ocop_flow.domain.record import known_dossier
from ocop_flow.domain.units import tier_rank
from ocop_flow.errors import NotFound, reason
from ocop_flow.service.communes import communes_below
from ocop_flow.service.desk import law_exists, unit_on
from ocop_flow.service.dossier_find import commune_of
from ocop_flow.service.dossier_paper import entity_lacks
from ocop_flow.service.dossier_view import holding_unit, next_due, unit_view

if TYPE_CHECKING:
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.rounds import Cutoff
    from ocop_flow.domain.units import Unit
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]


def page(uow: UnitOfWork, office: Office, code: str) -> Json:
    """``{unit, round, year, intake, finish, source, provisional, lines}``; a line for each dossier of the round.

    A line's ``place``: ``decided``, ``rated``, ``inside`` (the unit's tier has it), ``below`` (still to be handed up),
    ``re_rating``. ``needs``: papers that its entity still has to bring;
    what an office writes itself it writes when it moves the dossier on. ``why``: the reason of a return.
    raises  NotFound (no such unit, or the law of the day gives its tier no rounds)
    """
    on = office.today
    unit = unit_on(uow, code, on)
    cutoff, before = _cutoffs(uow, unit, on)
    dues = next_due(uow, on)
    lines = []
    below = communes_below(uow, unit.code)
    since = before.isoformat() if before else ""
    for row in uow.query("SELECT code, commune, phase, closed_on FROM dossier ORDER BY code"):
        if row["commune"] in below and not (row["phase"] == "closed" and (row["closed_on"] or "") <= since):
            dossier = known_dossier(uow.dossier(row["code"]), row["code"])
            line = _line(uow, dossier, unit, on, dues.get(dossier.code), before)
            lines += [line] if line else []
    return {
        "unit": unit_view(unit),
        "round": cutoff.round.number,
        "year": cutoff.intake_on.year,
        "intake": cutoff.intake_on.isoformat(),
        "finish": cutoff.finish_on.isoformat(),
        "source": cutoff.round.source,
        "on": on.isoformat(),
        "lines": lines,
    }


def _cutoffs(uow: UnitOfWork, unit: Unit, on: date) -> tuple[Cutoff, date | None]:
    """The round whose intake comes next, and the last day of the intake before it."""
    province = unit.code if unit.tier == "province" else None
    regime = law_exists(uow.law_on(on, province), on).regime
    calendar = uow.calendar([unit.code])
    coming = rounds.upcoming(regime, unit.tier, on, calendar, 1)
    if not coming:
        raise NotFound(reason("round_absent", unit=unit.name, regime=regime.decision))
    earlier = rounds.upcoming(regime, unit.tier, on - timedelta(366), calendar, 9)
    passed = [each.intake_on for each in earlier if each.intake_on < on]
    return coming[0], passed[-1] if passed else None


def _line(uow: UnitOfWork, dossier: Dossier, unit: Unit, on: date, due: str | None, before: date | None) -> Json | None:
    state = uow.law(dossier.workflow_hash).regime.states[dossier.state]
    place = _place(dossier, state.tier, unit, before)
    if place is None:
        return None
    back = dossier.visits[-1] if dossier.visits[-1].kind == "return" else None
    events = uow.events("dossier", dossier.code) if back else []
    holder = holding_unit(uow.tree([dossier.commune]), commune_of(uow, dossier), state.tier, on)
    return {
        "code": dossier.code,
        "product": dossier.product_name,
        "entity": dossier.entity_name,
        "kind": dossier.kind,
        "place": place,
        "state": dossier.state,
        "state_label": state.label,
        "holder": unit_view(holder),
        "with_entity": back is not None,
        "filed": dossier.filed_on is not None,
        "days": (on - dossier.last_move_on).days,
        "due_on": due,
        "days_left": (date.fromisoformat(due) - on).days if due else None,
        "why": next((each.reason for each in events if back and each.seq == back.seq), None),
        "needs": entity_lacks(uow, dossier, on) if place not in ("decided", "rated") else [],
    }


def _place(dossier: Dossier, tier: str | None, unit: Unit, before: date | None) -> str | None:
    """Where a dossier is for this round; None where it was decided before, or is not the unit's matter."""
    if dossier.phase == "promotion" or dossier.state == "closed.not_recognised":
        rated = dossier.result is not None and (before is None or dossier.last_move_on > before)
        return "decided" if rated else None
    if dossier.closed or tier is None:
        return None
    if dossier.phase == "rating" and tier == unit.tier:
        return "rated"
    if dossier.kind == "re_rating":
        return "re_rating"
    if tier_rank(tier) < tier_rank(unit.tier) or dossier.filed_on is None:
        return "below"
    return "inside" if tier == unit.tier else None
