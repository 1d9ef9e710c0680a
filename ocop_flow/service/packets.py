"""Packets: a dossier's electronic set put together for the next office, checked and taken in there once."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import packet, sending
from ocop_flow.domain.commands import Act
from ocop_flow.domain.record import known_dossier
from ocop_flow.errors import InputInvalid, Refused, Text, reason
from ocop_flow.service import casefile, sendings
from ocop_flow.service.communes import communes_below
from ocop_flow.service.desk import person, unit_on
from ocop_flow.service.dossier_find import commune_of, find
from ocop_flow.service.dossier_view import holding_unit
from ocop_flow.service.office import Caller, Office

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.units import Unit
    from ocop_flow.ports import UnitOfWork

Json = dict[str, Any]
_GIVERS = ("officer", "council_secretary", "leader")


@dataclass(frozen=True, slots=True)
class Make:
    """``unit`` None: the caller's own; ``to`` None: the unit that holds all of the dossiers."""

    dossiers: tuple[str, ...]
    unit: str | None = None
    to: str | None = None
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class Take:
    """``digest`` of what the packet says of itself: what a repeated key is compared by."""

    digest: str
    act: Act = field(default_factory=Act)


def make(uow: UnitOfWork, office: Office, caller: Caller, command: Make) -> tuple[Json, dict[str, bytes]]:
    """What the packet says of itself, and its files by path.

    raises  NotFound, InputInvalid (no receiving unit can be told), Refused (dossiers of other units)
    """
    me = person(uow, caller.known())
    found = [find(uow, typed, me) for typed in dict.fromkeys(command.dossiers)]
    unit = _giver(uow, office, caller, command.unit)
    below = communes_below(uow, unit.code)
    strange = [dossier.code for dossier in found if dossier.commune not in below]
    if strange:
        raise Refused(*(reason("packet_dossier_of_another", dossier=code, unit=unit.name) for code in strange))
    to = unit_on(uow, command.to, office.today) if command.to else _holder(uow, office, found, unit)
    base, who = sendings.at_unit(uow, office, caller, command.act, unit, "worklist_not_yours")
    manifest: Json = {
        "form": packet.FORM,
        "log": office.log,
        "code": sendings.next_code(uow, "packet", base),
        "on": office.today.isoformat(),
        "from": {"code": unit.code, "name": unit.name},
        "to": {"code": to.code, "name": to.name},
        "by": base.recorder.name,
        "dossiers": [],
    }
    files: dict[str, bytes] = {}
    for dossier in found:
        manifest["dossiers"].append(_dossier(uow, office, dossier, files))
    places = (unit.code, unit.name), (to.code, to.name)
    data = sending.given(*places, uow.seal(manifest), [dossier.code for dossier in found])
    sendings.give(uow, base, who, replace(command.act, by=None), "packet", manifest["code"], data)
    return manifest, files


def _giver(uow: UnitOfWork, office: Office, caller: Caller, typed: str | None) -> Unit:
    if typed is not None:
        return unit_on(uow, typed, office.today)
    on = office.today
    for post in person(uow, caller.known()).posts:
        unit = uow.tree([post.unit]).on(post.unit, on)
        if unit is not None and post.role in _GIVERS and post.held_at(unit, on):
            return unit
    raise Refused(reason("packet_unit_missing", person=caller.known()))


def _holder(uow: UnitOfWork, office: Office, found: Sequence[Dossier], giver: Unit) -> Unit:
    """The one unit that holds all of the dossiers, where that is another than the giver."""
    holders = set()
    for dossier in found:
        tier = uow.law(dossier.workflow_hash).regime.states[dossier.state].tier
        holders.add(holding_unit(uow.tree([dossier.commune]), commune_of(uow, dossier), tier, office.today))
    one = holders.pop() if len(holders) == 1 else None
    if one is None or one.code == giver.code:
        raise InputInvalid(reason("packet_to_missing"))
    return one


def _dossier(uow: UnitOfWork, office: Office, dossier: Dossier, files: dict[str, bytes]) -> Json:
    """What the packet says of a dossier; its files are added to ``files``."""
    state = uow.law(dossier.workflow_hash).regime.states[dossier.state].label
    papers = []
    for paper in casefile.assemble(uow, office, dossier.code).papers:
        path = f"{dossier.code}/{paper.path}" if paper.path else None
        if path is not None and paper.data is not None:
            files[path] = paper.data
        papers.append(
            {
                "number": paper.number,
                "on": paper.on,
                "what": paper.what,
                "note": paper.note,
                "path": path,
                "sha256": paper.sha256 if path else None,
                "size": len(paper.data) if path and paper.data is not None else None,
            }
        )
    return {
        "code": dossier.code,
        "version": dossier.version,
        "hash": dossier.last_hash,
        "product": dossier.product_name,
        "entity": dossier.entity_name,
        "commune": dossier.commune_name,
        "state": _both(state),
        "papers": papers,
    }


def _both(text: Text) -> Json:
    return {"vi": text.vi, "en": text.en}


def take(uow: UnitOfWork, office: Office, caller: Caller, manifest: Json, command: Take) -> Json:
    """Record that the receiving office has taken a packet whose files are whole.

    raises  InputInvalid (not what was given out), Refused (taken already, for another office)
    """
    own = manifest["log"] == office.log
    code = manifest["code"] if own else f"{manifest['log']}/{manifest['code']}"
    found = sendings.find(uow, "packet", code)
    if own and (found is None or uow.unseal(found.digest) not in (None, manifest)):
        raise InputInvalid(reason("packet_altered", packet=manifest["code"]))
    if found is not None and found.taken:
        raise Refused(reason("packet_taken", packet=code, day=str(found.taken_on), person=found.taken_by))
    unit = unit_on(uow, manifest["to"]["code"], office.today)
    base, who = sendings.at_unit(uow, office, caller, command.act, unit, "packet_not_for_you")
    more: Json = {}
    if found is None:
        giver, taker = (manifest[side] for side in ("from", "to"))
        codes = [each["code"] for each in manifest["dossiers"]]
        places = (giver["code"], giver["name"]), (taker["code"], taker["name"])
        more = sending.given(*places, uow.seal(manifest), codes, given_on=manifest["on"])
    sendings.take(uow, base, who, command.act, "packet", code, {"packet": command.digest}, **more)
    return {
        "code": code,
        "from": manifest["from"],
        "to": manifest["to"],
        "on": manifest["on"],
        "dossiers": [each["code"] for each in manifest["dossiers"]],
        "files": sum(1 for _ in packet.files(manifest)),
        "warnings": _since(uow, manifest) if own else [],
    }


def _since(uow: UnitOfWork, manifest: Json) -> list[Any]:
    """A warning for each dossier that has gone on since the packet was made."""
    told = []
    for each in manifest["dossiers"]:
        dossier = known_dossier(uow.dossier(each["code"]), each["code"])
        if dossier.version != each["version"]:
            told.append(reason("packet_outdated", dossier=dossier.code, packet=manifest["code"], on=manifest["on"]))
    return told
