"""Reading many: inbox, lists of dossiers, deadlines, people, units, search."""

from __future__ import annotations

from datetime import date
from typing import Any

from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.names import sort_key
from ocop_flow.domain.record import known_dossier
from ocop_flow.domain.registry import CONTACTS, REPRESENTATIVE
from ocop_flow.domain.units import CENTRAL, TIERS, Unit, UnitTree, tier_rank
from ocop_flow.errors import InputInvalid, NotFound, Reason, reason
from ocop_flow.ports import Row, UnitOfWork
from ocop_flow.service.communes import communes_below
from ocop_flow.service.desk import area_code, person
from ocop_flow.service.dossier_actions import actions
from ocop_flow.service.dossier_find import commune_of
from ocop_flow.service.dossier_view import holding_unit, next_due, turn, unit_view, view
from ocop_flow.service.entities import letters_to_print
from ocop_flow.service.numbers import chunks
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.registry import with_names

Json = dict[str, Any]


def inbox(uow: UnitOfWork, office: Office, caller: Caller, unit: str | None = None) -> list[Json]:
    """Open dossiers held by a unit (default: the caller's units), nearest duty first, with what may be done."""
    on = office.today
    units = [unit] if unit else _own_units(uow, caller, on)
    found: list[Json] = []
    for code in dict.fromkeys(units):
        found += [_inbox_row(uow, office, caller, dossier, due) for dossier, due in held(uow, code, on)]
    return sorted(found, key=lambda row: (row["due_on"] is None, row["due_on"] or "", row["code"]))


def letters_waiting(uow: UnitOfWork, office: Office, caller: Caller, unit: str | None = None) -> list[Reason]:
    """Beside the inbox: letters to entities that somebody there must print and hand over."""
    return letters_to_print(uow, [unit] if unit else _own_units(uow, caller, office.today))


def _own_units(uow: UnitOfWork, caller: Caller, on: date) -> list[str]:
    me = person(uow, caller.known())
    return [post.unit for post in me.posts if post.valid_from <= on and (post.valid_to is None or on <= post.valid_to)]


def held(uow: UnitOfWork, code: str, on: date) -> list[tuple[Dossier, str | None]]:
    """Dossiers that wait at a unit on a day, in order of code, each with the day on which its next duty is due."""
    tree = uow.tree([code])
    unit = tree.on(code, on) or tree.latest(code)
    if unit is None:
        raise NotFound(reason("unit_absent", unit=code))
    below = communes_below(uow, code)
    rows: list[Row] = []
    for holders, params in chunks(sorted(below)):
        rows += uow.query(
            "SELECT code, commune FROM dossier WHERE tier = :tier AND phase NOT IN ('closed', 'promotion') "
            f"AND commune IN ({holders})",
            tier=unit.tier,
            **params,
        )
    found = []
    for row in sorted(rows, key=lambda row: str(row["code"])):
        dossier = known_dossier(uow.dossier(row["code"]), row["code"])
        holder = holding_unit(uow.tree([dossier.commune]), commune_of(uow, dossier), unit.tier, on)
        if holder is not None and holder.code == code:
            found.append(dossier)
    dues = next_due(uow, on, *(dossier.code for dossier in found)) if found else {}
    return [(dossier, dues.get(dossier.code)) for dossier in found]


def _inbox_row(uow: UnitOfWork, office: Office, caller: Caller, dossier: Dossier, due: str | None) -> Json:
    left = (date.fromisoformat(due) - office.today).days if due else None
    listed = actions(uow, office, caller, dossier.code, everything=caller.handle is None)
    state = uow.law(dossier.workflow_hash).regime.states[dossier.state]
    return {
        "code": dossier.code,
        "product": dossier.product_name,
        "entity": dossier.entity_name,
        "state": dossier.state,
        "state_label": state.label,
        "since": dossier.last_move_on.isoformat(),
        "waiting_days": (office.today - dossier.last_move_on).days,
        "turn": turn(uow, dossier, office.today),
        "due_on": due,
        "days_left": left,
        "actions": [item["action"] for item in listed],
        "action_labels": [item["label"] for item in listed],
    }


def dossiers(
    uow: UnitOfWork, office: Office, *, unit: str | None = None, plan: str | None = None, state: str | None = None
) -> list[Json]:
    """Dossiers in order of code, as ``dossier show`` prints each.

    state   a state or a phase
    raises  InputInvalid where no law knows the state
    """
    rows = uow.query("SELECT code, commune, plan, state, phase FROM dossier ORDER BY code")
    dues = next_due(uow, office.today)
    if state is not None and not any(state in (row["state"], row["phase"]) for row in rows):
        _check_state(uow, state)
    below = communes_below(uow, unit) if unit else None
    return [
        view(uow, known_dossier(uow.dossier(row["code"]), row["code"]), office.today, dues.get(row["code"]))
        for row in rows
        if (below is None or row["commune"] in below)
        and (plan is None or row["plan"] == plan)
        and (state is None or state in (row["state"], row["phase"]))
    ]


def _check_state(uow: UnitOfWork, typed: str) -> None:
    """Raises InputInvalid where neither a state nor a phase of any stored law is called so."""
    states = [state for row in uow.rows("law") for state in uow.law(row["hash"]).regime.states.values()]
    phases = dict.fromkeys(state.phase for state in states)
    if typed not in phases and not any(state.id == typed for state in states):
        raise InputInvalid(reason("state_unknown", state=typed, known=", ".join(phases)))


def people(uow: UnitOfWork, unit: str | None = None) -> list[Json]:
    """Persons with the posts they hold today, in Vietnamese order of names."""
    posts = uow.rows("post")
    found = []
    for row in uow.rows("person"):
        own = [post for post in posts if post["handle"] == row["handle"]]
        if unit is not None and not any(post["unit"] == unit for post in own):
            continue
        found.append(
            {
                "handle": row["handle"],
                "name": row["name"],
                "can_login": bool(row["can_login"]),
                "left_on": row["left_on"],
                "posts": [
                    {
                        key: post[key]
                        for key in ("role", "unit", "unit_name", "tier", "decision", "valid_from", "valid_to", "via")
                    }
                    for post in own
                ],
            }
        )
    return sorted(found, key=lambda item: sort_key(str(item["name"])))


def unit_shown(uow: UnitOfWork, office: Office, typed: str, on: date | None = None) -> Json:
    """A unit by its code, or by its name where that is unique, on a day (default: today's life, else its last)."""
    today = office.today
    code = str(area_code(uow, typed, on or today))
    tree = uow.tree([code])
    unit = tree.on(code, on) if on else tree.on(code, today) or tree.latest(code)
    if unit is None:
        raise NotFound(reason("unit_not_valid", unit=code, on=(on or today).isoformat()))
    day = unit.nearest_valid_day(on or today)
    parent = tree.parent(unit, day)
    return {
        "code": unit.code,
        "name": unit.name,
        "kind": unit.kind,
        "tier": unit.tier,
        "parent": {"code": parent.code, "name": parent.name} if parent else None,
        "ancestors": [unit_view(each) for each in tree.ancestors(unit, day)],
        "valid_from": unit.valid_from.isoformat() if unit.valid_from else None,
        "valid_to": unit.valid_to.isoformat() if unit.valid_to else None,
        "successors": [
            {"code": each.code, "name": each.name, "partial": partial}
            for each, partial in tree.successors(unit, max(today, day))
        ],
        "approximate": unit.approximate_on(day),
    }


def units(uow: UnitOfWork, words: str, tier: str | None, on: date | None) -> list[Json]:
    """Units whose name holds the words, best first, or without words all of them, from the centre down.

    raises  InputInvalid (a tier that is none)
    """
    if tier is not None and tier not in TIERS:
        raise InputInvalid(reason("tier_unknown", tier=tier, known=", ".join(TIERS)))
    candidates = [CENTRAL, *uow.units_named(words)]
    found = UnitTree(candidates).find(words, tier=tier, on=on) if words.strip() else _all(candidates, tier, on)
    tree = uow.tree([unit.code for unit in found])
    return [_unit_row(tree, unit) for unit in found]


def _all(units: list[Unit], tier: str | None, on: date | None) -> list[Unit]:
    meant = [unit for unit in units if tier in (None, unit.tier) and (on is None or unit.valid_on(on))]
    return sorted(meant, key=lambda unit: (-tier_rank(unit.tier), unit.code, unit.valid_from or date.min))


def _unit_row(tree: UnitTree, unit: Unit) -> Json:
    day = unit.nearest_valid_day(date.max)
    return {
        "code": unit.code,
        "name": unit.name,
        "tier": unit.tier,
        "parents": [each.name for each in tree.ancestors(unit, day) if each.code != "central"],
        "valid_from": unit.valid_from.isoformat() if unit.valid_from else None,
        "valid_to": unit.valid_to.isoformat() if unit.valid_to else None,
    }


def registered(uow: UnitOfWork, kind: str, unit: str | None = None) -> list[Json]:
    """Entities or products in Vietnamese order of names."""
    rows = uow.rows(kind)
    if unit is not None:
        below = communes_below(uow, unit)
        inside = {row["code"] for row in uow.rows("entity") if row["commune"] in below}
        rows = [row for row in rows if (row["code"] if kind == "entity" else row["entity"]) in inside]
    hidden = ("folded", "aliases", *CONTACTS, *REPRESENTATIVE)
    listed = [{key: value for key, value in row.items() if key not in hidden} for row in rows]
    return sorted(with_names(uow, listed), key=lambda row: sort_key(str(row["name"])))


def councils(uow: UnitOfWork) -> list[Json]:
    return [dict(row) for row in uow.rows("council")]


def regimes(uow: UnitOfWork) -> list[Json]:
    """Which law holds where and when."""
    found = []
    for row in uow.rows("law"):
        law = uow.law(row["hash"]).regime
        found.append(
            {
                "id": row["regime"],
                "decision": law.decision,
                "title": law.title,
                "province": row["province"] or None,
                "effective_from": row["regime_from"] or None,
                "effective_to": row["regime_to"] or None,
                "adopted_from": row["effective_from"] or None,
                "workflow_hash": row["hash"],
            }
        )
    return sorted(found, key=lambda row: (row["effective_from"] or "", row["id"], row["province"] or ""))
