"""A certificate issued anew, corrected, or handed to another entity: by a numbered decision of whoever answers for it.

No decision on OCOP that was read rules on these acts: each is recorded as decided, with a warning that says so.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import beside, codes, names, registry
from ocop_flow.domain.commands import Act
from ocop_flow.domain.doers import in_post, signature
from ocop_flow.domain.dossier_json import certificate_json
from ocop_flow.domain.facts import NAME_LIMIT, check_day
from ocop_flow.domain.fieldvalues import read_day
from ocop_flow.domain.record import known_dossier, next_event, stream_event
from ocop_flow.domain.situation import Situation
from ocop_flow.errors import InputInvalid, NotFound, Reason, Refused, Text, reason
from ocop_flow.service import registry as registered
from ocop_flow.service.certificates import find, shown
from ocop_flow.service.desk import desk, situation_of
from ocop_flow.service.dossiers import sealed_paper
from ocop_flow.service.issuer_today import answers, unanswered

if TYPE_CHECKING:
    from ocop_flow.domain.doers import Who
    from ocop_flow.domain.dossier import Certificate, Dossier
    from ocop_flow.domain.event import Signer
    from ocop_flow.domain.registry import DeclaredCertificate
    from ocop_flow.domain.situation import Desk
    from ocop_flow.ports import Row, UnitOfWork
    from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]
#: What a correction may change. Stars are no slip of the pen: they are rated, or revoked.
FIELDS = ("product", "entity", "product_code", "decision", "issued_on", "valid_to")
_LABELS = {
    "reissue": Text("Cấp lại giấy chứng nhận", "Re-issue of a certificate"),
    "correct": Text("Đính chính giấy chứng nhận", "Correction of a certificate"),
    "transfer": Text("Chuyển chủ thể của giấy chứng nhận", "Transfer of a certificate"),
}


@dataclass(frozen=True, slots=True)
class Renew:
    """Another certificate takes the place of one: the same again (lost, damaged), or with ``changes`` of FIELDS.

    new_number  None: the next number of the year
    """

    number: str
    new_number: str | None = None
    changes: dict[str, str] = field(default_factory=dict)
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class Transfer:
    """A certificate passes to another entity, by code or name."""

    number: str
    to: str
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class _Hand:
    """Who acts on which certificate, and with which signed paper."""

    row: Row
    base: Desk
    who: Who
    signer: Signer | None
    act: Act
    on: date


def renew(uow: UnitOfWork, office: Office, caller: Caller, command: Renew) -> Json:
    """Issue it anew; the one before is replaced, its period of validity stays unless it is what is corrected.

    raises  NotFound, InputInvalid (a field that is none, unreadable), Refused (also where the number is taken)
    """
    verb = "correct" if command.changes else "reissue"
    changes = _read(command.changes)
    hand = _at_hand(uow, office, caller, command.number, command.act, verb)
    number = _new_number(uow, command, hand)
    dossier = _dossier_of(uow, hand.row)
    if dossier is None and "product_code" in changes:
        known = ", ".join(name for name in FIELDS if name != "product_code")
        raise InputInvalid(reason("correction_field_unknown", field="product_code", known=known))
    warnings = (_unruled(verb),)
    if dossier is not None and dossier.certificate is not None:
        _renew_issued(uow, dossier, dossier.certificate, number, changes, hand, verb, warnings)
    else:
        _renew_declared(uow, number, changes, hand, verb, warnings)
    return {
        **shown(uow, find(uow, number), office.today),
        "replaces": hand.row["number"],
        "changes": changes,
        "warnings": list(warnings),
    }


def transfer(uow: UnitOfWork, office: Office, caller: Caller, command: Transfer) -> Json:
    """Hand it to another entity, from the day of the decision.

    raises  NotFound (certificate, entity), InputInvalid (several entities), Refused
    """
    hand = _at_hand(uow, office, caller, command.number, command.act, "transfer")
    entity = _entity(uow, command.to)
    if entity["code"] == hand.row["entity"]:
        raise Refused(reason("transfer_to_itself", number=hand.row["number"], entity=entity["name"]))
    data = {
        "to": {name: entity[name] for name in ("code", "name", "kind")},
        "from": {"code": hand.row["entity"], "name": hand.row["entity_name"]},
    }
    warnings = (_unruled("transfer"),)
    dossier = _dossier_of(uow, hand.row)
    if dossier is not None:
        _beside_dossier(uow, dossier, "transfer_certificate", data, hand, warnings)
    else:
        _in_own_stream(uow, hand.row["number"], "transfer", data, hand, warnings)
    after = shown(uow, find(uow, hand.row["number"]), office.today)
    return {**after, "transferred_from": data["from"]["name"], "warnings": list(warnings)}


def _unruled(verb: str) -> Reason:
    return reason("certificate_act_unruled", source="26/2026/QĐ-TTg", mark="unknown", what=_LABELS[verb])


# --- who and what -----------------------------------------------------------------------------------------------------


def _at_hand(uow: UnitOfWork, office: Office, caller: Caller, number: str, act: Act, verb: str) -> _Hand:
    row = find(uow, number)
    if row["status"] != "valid":
        raise Refused(reason("certificate_not_in_force", number=row["number"], status=row["status"]))
    act = sealed_paper(uow, act)
    on = act.on or office.today
    base = _base(uow, office, caller, act, row)
    unit = answers(base.tree, row, on)
    if unit is None:
        raise unanswered(row["number"], on, office.today)
    who = in_post(("leader",), unit, on, base)
    signer, faults = signature(("leader",), act, on, who, base)
    if signer is None:
        faults = [reason("decision_missing", action=_LABELS[verb]), *faults]
    issued = date.fromisoformat(row["issued_on"]) if row["issued_on"] else None
    faults = [*check_day(on, base.today, issued), *who.faults, *faults]
    if faults:
        raise Refused(*faults)
    return _Hand(row, base, who, signer, act, on)


def _base(uow: UnitOfWork, office: Office, caller: Caller, act: Act, row: Row) -> Desk:
    dossier = _dossier_of(uow, row)
    if dossier is not None:
        return situation_of(uow, office, caller, act, dossier)
    known = [code for code in (row["issuer_code"], row["commune"]) if code]
    return desk(uow, office, caller, act, uow.tree(known or ["central"]))


def _dossier_of(uow: UnitOfWork, row: Row) -> Dossier | None:
    return known_dossier(uow.dossier(row["dossier"]), row["dossier"]) if row["dossier"] else None


def _new_number(uow: UnitOfWork, command: Renew, hand: _Hand) -> str:
    typed = (command.new_number or "").strip()
    if not typed:
        return codes.make("certificate", hand.on.year, uow.next_number("certificate", hand.on.year))
    number = names.clean_name(typed, limit=NAME_LIMIT, field="number")
    if uow.rows("certificate", number=number):
        raise Refused(reason("certificate_taken", number=number))
    return number


def _entity(uow: UnitOfWork, typed: str) -> Row:
    found = [row for row in registered.find_entity(uow, typed, None, None) if row["merged_into"] is None]
    if not found:
        raise NotFound(reason("entity_absent", entity=typed))
    if len(found) > 1:
        raise InputInvalid(
            *(reason("entity_ambiguous", name=row["name"], entity=row["code"], kind=row["kind"]) for row in found)
        )
    return found[0]


def _read(changes: dict[str, str]) -> dict[str, str]:
    """The changes as they are kept; raises InputInvalid with every fault."""
    faults: list[Reason] = []
    found: dict[str, str] = {}
    for name, text in changes.items():
        try:
            found[name] = _value(name, text)
        except InputInvalid as error:
            faults += error.reasons
    if faults:
        raise InputInvalid(*faults)
    return found


def _value(name: str, text: str) -> str:
    if name in ("product", "entity"):
        return names.clean_name(text, limit=NAME_LIMIT, field=name)
    if name in ("issued_on", "valid_to"):
        return read_day(text).isoformat()
    if name == "decision":
        return codes.document_number(text)
    if name == "product_code":
        return codes.product_code(text).text
    raise InputInvalid(reason("correction_field_unknown", field=name, known=", ".join(FIELDS)))


def _period(issued_on: str | None, valid_to: str | None) -> None:
    if issued_on and valid_to and valid_to < issued_on:
        raise InputInvalid(reason("period_crossed", since=issued_on, until=valid_to))


# --- born from a dossier ----------------------------------------------------------------------------------------------


def _renew_issued(
    uow: UnitOfWork,
    dossier: Dossier,
    old: Certificate,
    number: str,
    changes: dict[str, str],
    hand: _Hand,
    verb: str,
    warnings: tuple[Reason, ...],
) -> None:
    named = {"product": "product_name", "entity": "entity_name"}
    body = {**certificate_json(old), **{named.get(name, name): text for name, text in changes.items()}}
    body |= {"number": number, "status": "valid", "status_on": None, "replaced_by": None}
    _period(body["issued_on"], body["valid_to"])
    data = {"new": body, "replaces": old.number, "changes": changes}
    _beside_dossier(uow, dossier, f"{verb}_certificate", data, hand, warnings)


def _beside_dossier(
    uow: UnitOfWork, dossier: Dossier, action: str, data: Json, hand: _Hand, warnings: tuple[Reason, ...]
) -> None:
    if not isinstance(hand.base, Situation):
        raise TypeError("a dossier's act without its situation")
    uow.append(
        next_event(
            dossier,
            hand.base,
            action=action,
            to_state=dossier.state,
            on=hand.on,
            who=hand.who,
            signer=hand.signer,
            act=hand.act,
            data=data,
            warnings=warnings,
        )
    )


# --- declared ---------------------------------------------------------------------------------------------------------


def _renew_declared(
    uow: UnitOfWork, number: str, changes: dict[str, str], hand: _Hand, verb: str, warnings: tuple[Reason, ...]
) -> None:
    old = registry.replay_certificate(uow.events("certificate", hand.row["number"]))
    if old is None:
        raise NotFound(reason("certificate_absent", number=hand.row["number"]))
    data = {**_facts(old), **changes, "replaces": old.number, "margin": beside.to_json(old.margin)}
    if old.kept is not None:
        data["kept"] = old.kept.body
    _period(data["issued_on"], data["valid_to"])
    over = {"status": "replaced", "replaced_by": number, "changes": changes, "same_recognition": True}
    _in_own_stream(uow, old.number, "replace", over, hand, warnings)
    act = replace(hand.act, key=None)
    uow.append(stream_event(hand.base, ("certificate", number), None, verb, hand.who, act, data, hand.signer))


def _in_own_stream(
    uow: UnitOfWork, number: str, action: str, data: Json, hand: _Hand, warnings: tuple[Reason, ...]
) -> None:
    subject = ("certificate", number)
    head = uow.head(*subject)
    uow.append(stream_event(hand.base, subject, head, action, hand.who, hand.act, data, hand.signer, warnings=warnings))


def _facts(old: DeclaredCertificate) -> Json:
    """What the declaration of a certificate says, for the one that takes its place."""
    return {
        "product": old.product_name,
        "product_code": old.product_code,
        "product_set": old.product_set,
        "entity": old.entity_name,
        "entity_code": old.entity_code,
        "entity_kind": old.entity_kind,
        "stars": old.stars,
        "commune": old.commune,
        "issuer": old.issuer,
        "decision": old.decision,
        "issued_on": old.issued_on.isoformat() if old.issued_on else None,
        "valid_to": old.valid_to.isoformat() if old.valid_to else None,
        "source": old.source,
        "unreconciled": old.unreconciled,
    }
