"""What besides dossiers a unit leaves behind when it ends: posts, its mailbox, duties of plans."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from ocop_flow.domain.succession import FOLLOWS, PERSON_DECIDES
from ocop_flow.domain.units import Unit, UnitTree
from ocop_flow.ports import UnitOfWork
from ocop_flow.service import unit_contacts
from ocop_flow.service.dossier_view import unit_view

Json = dict[str, Any]
Concerns = Callable[[Unit], bool]


def posts(uow: UnitOfWork, tree: UnitTree, concerns: Concerns, on: date) -> list[Json]:
    """Posts at units that ended: one goes on where the code kept its name, any other is appointed anew."""
    found = []
    for row in uow.rows("post"):
        life = _life(tree, row["unit"], row["unit_from"])
        over = row["via"] == "seat" or (row["valid_to"] is not None and row["valid_to"] < on.isoformat())
        if life is None or over or not concerns(life):
            continue
        today = tree.on(life.code, on)
        kept = today is not None and today.name == life.name
        heir = today if kept else tree.heir(life, on)
        found.append(
            {
                "person": row["handle"],
                "role": row["role"],
                "former": unit_view(life),
                "answer": FOLLOWS if kept else PERSON_DECIDES,
                "unit": unit_view(heir),
            }
        )
    return found


def contacts(uow: UnitOfWork, tree: UnitTree, concerns: Concerns, on: date) -> list[Json]:
    """Mailboxes of codes that ended: the only successor takes one over unless it has its own or two would come."""
    rows = uow.query("SELECT code, email, phone FROM unit_contact ORDER BY code")
    own = {row["code"] for row in rows if tree.on(row["code"], on) is not None}
    found: list[Json] = []
    for row in rows:
        life = tree.on(row["code"], on) or tree.latest(row["code"])
        if life is None or not concerns(life):
            continue
        heir = tree.heir(life, on)
        answer = FOLLOWS if heir is not None and heir.code not in own else PERSON_DECIDES
        reached = {"email": row["email"], "phone": row["phone"]}
        found.append({"former": unit_view(life), **reached, "answer": answer, "unit": unit_view(heir)})
    return [_alone(each, found) for each in found]


def _alone(contact: Json, found: list[Json]) -> Json:
    """Two mailboxes for one successor are a question."""
    unit = contact["unit"]
    rivals = {each["email"] for each in found if unit is not None and each["unit"] == unit}
    return {**contact, "answer": PERSON_DECIDES} if len(rivals) > 1 else contact


def give_contacts(uow: UnitOfWork, found: list[Json]) -> None:
    """Write the mailboxes that follow."""
    for each in found:
        if each["answer"] == FOLLOWS:
            unit_contacts.write(uow, each["unit"]["code"], each["email"], each["phone"])


def milestones(uow: UnitOfWork, tree: UnitTree, concerns: Concerns, on: date) -> list[Json]:
    """Open duties of plans at units that ended: the successor is reminded of them, or who stood above."""
    rows = uow.query(
        "SELECT id, subject, plan, unit, unit_name, due_on FROM deadline "
        "WHERE subject_kind = 'milestone' AND outcome IS NULL AND unit IS NOT NULL ORDER BY id"
    )
    found = []
    for row in rows:
        life = named_life(tree, row["unit"], row["unit_name"], on)
        if life is None or not concerns(life):
            continue
        heir = successor(tree, life, on)
        answer = FOLLOWS if heir is not None else PERSON_DECIDES
        former, unit = unit_view(life), unit_view(heir)
        found.append({"id": row["id"], "due_on": row["due_on"], "former": former, "answer": answer, "unit": unit})
    return found


def named_life(tree: UnitTree, code: str, name: str, on: date) -> Unit | None:
    """The life of a code under a name: that of the day, where it has kept the name, else the last."""
    lives = [unit for unit in tree.lives(code) if unit.name == name]
    return next((unit for unit in lives if unit.valid_on(on)), lives[-1] if lives else None)


def successor(tree: UnitTree, life: Unit, on: date) -> Unit | None:
    """Who takes over what a unit owed: its heir; for a district its province of today."""
    return tree.heir(life, on) or _above(tree, life, on)


def _above(tree: UnitTree, life: Unit, on: date) -> Unit | None:
    """Who took over the province of a district: no district has a successor of its own."""
    if life.tier != "district" or life.valid_to is None:
        return None
    above = tree.parent(life, min(life.valid_to, on - timedelta(1)))
    return tree.heir(above, on) if above is not None else None


def _life(tree: UnitTree, code: str, valid_from: str | None) -> Unit | None:
    first = date.fromisoformat(valid_from) if valid_from else None
    return next((unit for unit in tree.lives(code) if unit.valid_from == first), None)
