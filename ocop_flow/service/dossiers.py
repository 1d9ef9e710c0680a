"""Opening, moving and keeping dossiers: each function is one command inside an open transaction."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ocop_flow.domain import codes, decide, keeping, names, opening, requirements
from ocop_flow.domain.commands import Act, Advance, Attachment, FileRef, Open
from ocop_flow.domain.doers import receiver
from ocop_flow.domain.dossier import Dossier
from ocop_flow.domain.dossier_fold import replay
from ocop_flow.domain.event import Event
from ocop_flow.domain.facts import NAME_LIMIT
from ocop_flow.domain.previous import Known, Previous
from ocop_flow.domain.record import Head, known_dossier, system_event
from ocop_flow.domain.regime import EvidenceKind
from ocop_flow.domain.situation import CitedPaper, Law, NamedDecision, Situation
from ocop_flow.errors import InputInvalid, NotFound, Refused, reason
from ocop_flow.ports import Row, UnitOfWork
from ocop_flow.service import certificates, cited, registry
from ocop_flow.service.decision_identity import named
from ocop_flow.service.desk import situation, situation_of, unit_on
from ocop_flow.service.dossier_find import find
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.plan_identity import identify
from ocop_flow.service.product_sets import product_set_of
from ocop_flow.service.standing import Standing

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Attach:
    dossier: str
    attachments: tuple[Attachment, ...]
    expect_version: int | None = None
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class Detach:
    """``filed``: the event that filed it; ``kinds`` of what it filed, empty for all."""

    dossier: str
    filed: int
    kinds: tuple[str, ...] = ()
    expect_version: int | None = None
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class Fix:
    """``name`` is product_set, product or commune."""

    dossier: str
    name: str
    value: str
    act: Act = field(default_factory=Act)


@dataclass(frozen=True, slots=True)
class Undo:
    dossier: str
    act: Act = field(default_factory=Act)


def _sealed(uow: UnitOfWork, attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """Name and digest of each file go into the vault; the event keeps what stands for them."""
    if not attachments:
        return attachments
    return tuple(replace(item, sealed=_kept(uow, item.file)) if item.file else item for item in attachments)


def _kept(uow: UnitOfWork, file: FileRef) -> str:
    uow.keep_file(file)
    return uow.seal({"sha256": file.sha256, "name": file.name})


def sealed_paper(uow: UnitOfWork, act: Act) -> Act:
    """The act with its signed scan in the vault: the event keeps what stands for it."""
    file = act.paper.file
    if file is None or act.paper.sealed is not None:
        return act
    return replace(act, paper=replace(act.paper, sealed=_kept(uow, file)))


def open_dossier(uow: UnitOfWork, office: Office, caller: Caller, command: Open) -> Json:
    """Open a dossier; entity and product are found or added in the same transaction."""
    act = command.act
    on = act.on or office.today
    if on > office.today:
        raise Refused(reason("day_in_future", day=on.isoformat(), today=office.today.isoformat(), option="--on"))
    commune = unit_on(uow, command.commune, on, tier="commune")
    s = situation(uow, office, caller, act, commune, regime=command.regime)
    command = _with_set(uow, s.current, command)
    opening.check_lists(s.current.regime, command)
    who = receiver(s.current.regime, on, s)
    if who.faults:
        raise Refused(*who.faults)
    previous = _previous(uow, command, on)
    entity, entity_notes = registry.entity_for_opening(
        uow, command.entity, command.entity_kind, commune, s, who, act, command.contacts
    )
    product, product_notes = registry.product_for_opening(
        uow, command.product, entity["code"], command.product_set, s, who, act
    )
    found = opening.Opening(
        code=codes.make("dossier", on.year, uow.next_number("dossier", on.year)),
        product=product,
        entity=entity,
        plan=identify(uow, command.plan) if command.plan is not None else None,
        previous=previous,
        regime_chosen=command.regime is not None and _overlaps(s, on),
        notes=(*entity_notes, *product_notes),
    )
    event = opening.open_dossier(command, found, s)
    uow.append(event)
    return {
        "code": event.subject,
        "version": event.seq,
        "state": event.to_state,
        "regime": event.regime,
        "commune": {"code": commune.code, "name": commune.name},
        "warnings": list(event.warnings),
    }


def _with_set(uow: UnitOfWork, law: Law, command: Open) -> Open:
    """The command with the id of the product set that it names; raises InputInvalid with everything in no list."""
    faults = opening.list_faults(law.regime, command)
    try:
        command = replace(command, product_set=product_set_of(uow, law, command.product_set))
    except InputInvalid as error:
        faults += error.reasons
    if faults:
        raise InputInvalid(*faults)
    return command


def _overlaps(s: Situation, on: date) -> bool:
    ends = s.current.regime.effective_to
    return ends is not None and on > ends


def _previous(uow: UnitOfWork, command: Open, on: date) -> Previous | None:
    """The certificate an upgrade or re-rating starts from, and the evidence of its dossier that is still valid."""
    if command.previous is None:
        return None
    row = certificates.numbered(uow, command.previous)
    if row is None:
        raise NotFound(reason("certificate_absent", number=command.previous))
    valid_to = date.fromisoformat(row["valid_to"]) if row["valid_to"] else None
    earlier = uow.dossier(row["dossier"]) if row["dossier"] else None
    inherited = tuple(
        {
            "kind": item.kind,
            "copies": item.copies,
            "issued_on": item.issued_on.isoformat() if item.issued_on else None,
            "expires_on": item.expires_on.isoformat() if item.expires_on else None,
            "file": item.file,
            "size": None,
        }
        for item in (earlier.evidence if earlier else ())
        # What is dated and still valid serves again; papers of the earlier act itself (forms, minutes) do not.
        if item.expires_on is not None and item.valid_on(on)
    )
    return Previous(
        number=str(row["number"]),
        status=Standing(uow, on).of(row),
        valid_to=valid_to,
        entity=_known_as(uow, "entity", row["entity"], row["entity_name"]),
        product=_known_as(uow, "product", row["product"], row["product_name"]),
        inherited=inherited,
    )


def _known_as(uow: UnitOfWork, table: str, code: str, name: str) -> Known:
    """An entity or product under the code and name of a certificate, and what it was merged into or renamed since."""
    codes_, names_, wanted = [code], [name], code
    while (rows := uow.rows(table, code=wanted)) and rows[0]["name"]:
        names_.append(rows[0]["name"])
        wanted = rows[0]["merged_into"]
        if wanted is None or wanted in codes_:
            break
        codes_.append(wanted)
    return Known(frozenset(codes_), tuple(dict.fromkeys(names_)))


def advance(uow: UnitOfWork, office: Office, caller: Caller, command: Advance) -> Json:
    """Move a dossier by one action."""
    return moved(carried_out(uow, office, caller, command))


def carried_out(
    uow: UnitOfWork, office: Office, caller: Caller, command: Advance, decision: NamedDecision | None = None
) -> Event:
    """The event of a move, appended with all that follows from it.

    decision  the one that is being recorded and whose line this is; else the number of the paper says which
    """
    dossier, event = decided(uow, office, caller, command, decision)
    uow.append(event)
    _replace_earlier(uow, office, dossier, event)
    return event


def decided(
    uow: UnitOfWork, office: Office, caller: Caller, command: Advance, decision: NamedDecision | None = None
) -> tuple[Dossier, Event]:
    """The dossier as it is and the event of its move, not yet appended."""
    dossier = find(uow, command.dossier, uow.person(caller.known()))
    s = situation_of(uow, office, caller, command.act, dossier)
    command = _meant(uow, command, dossier, s)
    if any(_recognises(law, command.action) for law in (s.pinned, s.current)):
        on = command.act.on or s.today
        free = codes.make("certificate", on.year, uow.next_number("certificate", on.year))
        s = replace(s, certificate_number=free, product_code=_product_code(uow, dossier, s, on))
    number = command.act.paper.number
    if decision is not None:
        s = replace(s, recorded=(decision,))
    elif number:
        s = replace(s, recorded=named(uow, number, dossier.code), cited=_cited(uow, number, dossier, s, command))
    event = decide.advance(dossier, command, s)
    issued = (event.data.get("certificate") or {}).get("number")
    if issued is not None and uow.rows("certificate", number=issued):
        raise Refused(reason("certificate_taken", number=issued))
    return dossier, event


def _cited(uow: UnitOfWork, number: str, dossier: Dossier, s: Situation, command: Advance) -> tuple[CitedPaper, ...]:
    """What the deciding unit has certified by a number; asked where a rating is decided, for others certify nothing."""
    state, on = s.pinned.regime.states[dossier.state], command.act.on or s.today
    unit = s.tree.reach(s.commune, state.tier, on) if dossier.phase == "rating" and state.tier else None
    year = (command.act.paper.date or on).year
    return cited.behind_certificates(uow, number, unit.code, year, {dossier.code}) if unit else ()


def _meant(uow: UnitOfWork, command: Advance, dossier: Dossier, s: Situation) -> Advance:
    """The command with codes and identities for what was typed, and what is personal in it sealed."""
    action = _action_id(command.action, s)
    if (command.dossier, command.action) != (dossier.code, action):
        command = replace(command, dossier=dossier.code, action=action)
    if command.attachments or command.act.paper.file is not None:
        act, attachments = sealed_paper(uow, command.act), _sealed(uow, command.attachments)
        command = replace(command, act=act, attachments=attachments)
    return command


def _recognises(law: Law, action: str) -> bool:
    """Whether a move may need a number for a certificate: looking for one reads what other moves do not need."""
    found = law.regime.actions.get(action)
    return found is not None and found.recognises


def worded(uow: UnitOfWork, answer: Json) -> Json:
    """The answer to an act on a dossier with the names of states, acts and decision as its law has them."""
    regime = uow.law(known_dossier(uow.dossier(answer["code"]), answer["code"]).workflow_hash).regime
    found = {**answer, "decision": regime.decision}
    for name in answer.keys() & {"state", "from_state", "to_state"}:
        state = regime.states.get(answer[name])
        found[f"{name}_label"] = state.label if state else None
    if "undone" in answer:
        action = regime.actions.get(answer["undone"])
        found["undone_label"] = action.label if action else None
    return found


def moved(event: Event) -> Json:
    return {
        "code": event.subject,
        "seq": event.seq,
        "action": event.action,
        "from_state": event.from_state,
        "to_state": event.to_state,
        "version": event.seq,
        "overridden": list(event.overridden),
        "warnings": list(event.warnings),
        "certificate": (event.data.get("certificate") or {}).get("number"),
    }


def _action_id(typed: str, s: Situation) -> str:
    """An action by its id or by its label in either language; unknown text is left for the decision to refuse."""
    actions = s.pinned.regime.actions
    if typed in actions:
        return typed
    key = names.fold(typed).strip("\"'")
    labelled = [each.id for each in actions.values() if key in (each.id, *map(names.fold, each.label))]
    return labelled[0] if len(labelled) == 1 else typed


def _product_code(uow: UnitOfWork, dossier: Dossier, s: Situation, on: date) -> str:
    """The product's code in the regime's form; the index runs within the commune."""
    issued = "SELECT count(*) AS n FROM certificate WHERE commune = :commune AND dossier IS NOT NULL"
    index = 1 + int(uow.query(issued, commune=dossier.commune)[0]["n"])
    day = s.commune.nearest_valid_day(on)
    above = {unit.tier: unit.code for unit in s.tree.ancestors(s.commune, day)}
    parts = {
        "province": above.get("province", "-"),
        "district": above.get("district", "-"),
        "commune": dossier.commune,
        "index": str(index),
        "year": str(on.year),
    }
    return "-".join(parts[name] for name in s.pinned.regime.certificate.product_code.split("-"))


def _replace_earlier(uow: UnitOfWork, office: Office, dossier: Dossier, event: Event) -> None:
    """A new recognition ends the certificate it started from (same transaction)."""
    issued = event.data.get("certificate")
    earlier = _still_valid(uow, dossier.previous) if issued and dossier.previous else None
    if not issued or earlier is None or earlier["dossier"] == dossier.code:
        return
    on, now = event.occurred_on, office.clock.now()
    data = {"by": event.subject, "replaced_by": issued["number"]}
    if earlier["dossier"] is None:
        subject = ("certificate", earlier["number"])
        head = uow.head(*subject)
        if head is not None:
            uow.append(system_event(subject, head, "replace", on, now, {**data, "status": "replaced"}))
        return
    before = known_dossier(uow.dossier(earlier["dossier"]), earlier["dossier"])
    uow.append(decide.system_move(before, "replace", on, now, uow.law(before.workflow_hash), data))


def _still_valid(uow: UnitOfWork, number: str) -> Row | None:
    """The certificate of a number, or what a re-issue or correction has put in its place; None if it has ended."""
    rows = uow.rows("certificate", number=number)
    while rows and rows[0]["status"] == "replaced" and rows[0]["replaced_by"]:
        rows = uow.rows("certificate", number=rows[0]["replaced_by"])
    return rows[0] if rows and rows[0]["status"] == "valid" else None


def attach(uow: UnitOfWork, office: Office, caller: Caller, command: Attach) -> Json:
    """File evidence with a dossier."""
    dossier = find(uow, command.dossier, uow.person(caller.known()))
    s = situation_of(uow, office, caller, command.act, dossier)
    event = keeping.attach(dossier, _sealed(uow, command.attachments), command.act, s, command.expect_version)
    uow.append(event)
    after = known_dossier(uow.dossier(dossier.code), dossier.code)
    kinds = dict.fromkeys(item["kind"] for item in event.data["evidence"])
    known = _kinds(s)
    return {
        "code": dossier.code,
        "version": event.seq,
        "attached": [
            {"kind": kind, "label": known[kind].label, "have": after.have(kind, event.occurred_on)} for kind in kinds
        ],
        "missing": _still_missing(after, s, event.occurred_on),
    }


def _kinds(s: Situation) -> dict[str, EvidenceKind]:
    """Kinds of evidence by id, as the dossier's law names them, and those of the law in force."""
    return {**s.current.regime.evidence, **s.pinned.regime.evidence}


def detach(uow: UnitOfWork, office: Office, caller: Caller, command: Detach) -> Json:
    """Withdraw evidence that was filed wrongly; its filing stays in the history."""
    dossier = find(uow, command.dossier, uow.person(caller.known()))
    s = situation_of(uow, office, caller, command.act, dossier)
    event = keeping.detach(dossier, command.filed, command.kinds, command.act, s, command.expect_version)
    uow.append(event)
    after = known_dossier(uow.dossier(dossier.code), dossier.code)
    known = _kinds(s)
    return {
        "code": dossier.code,
        "version": event.seq,
        "filed": command.filed,
        "withdrawn": [
            {
                "kind": item["kind"],
                "label": known[item["kind"]].label,
                "copies": item["copies"],
                "have": after.have(item["kind"], event.occurred_on),
            }
            for item in event.data["withdrawn"]
        ],
        "missing": _still_missing(after, s, event.occurred_on),
        "warnings": list(event.warnings),
    }


def _still_missing(dossier: Dossier, s: Situation, on: date) -> list[Json]:
    """Evidence that the forward actions from here still lack."""
    regime = s.pinned.regime
    found: dict[str, Json] = {}
    for pinned in regime.actions_from(dossier.state):
        law, action = requirements.governing(dossier, pinned, regime, s.current.regime)
        for each in requirements.evidence_states(law, dossier, action, on) if action.kind == "forward" else ():
            if not each.met:
                kind = each.need.kind
                label = law.evidence[kind].label
                found[kind] = {"kind": kind, "label": label, "required": each.need.copies, "have": each.have}
    return list(found.values())


def fix(uow: UnitOfWork, office: Office, caller: Caller, command: Fix) -> Json:
    """Correct the product set, the product's name (``product`` or ``name``) or the commune before scoring."""
    dossier = find(uow, command.dossier, uow.person(caller.known()))
    s = situation_of(uow, office, caller, command.act, dossier)
    value: str | Json = command.value
    field = "product" if command.name == "name" else command.name
    if field == "product_set":
        value = product_set_of(uow, s.pinned, command.value)
    if field == "product":
        value = names.clean_name(command.value, limit=NAME_LIMIT, field="product")
    if field == "commune":
        value = opening.commune_json(unit_on(uow, command.value, command.act.on or s.today, tier="commune"))
    event = keeping.fix(dossier, field, value, command.act, s)
    uow.append(event)
    return {"code": dossier.code, "version": event.seq, "field": field, "before": event.data["before"]}


def undo(uow: UnitOfWork, office: Office, caller: Caller, command: Undo) -> Json:
    """Take back the caller's newest act on a dossier."""
    found = find(uow, command.dossier, uow.person(caller.known()))
    events = uow.events("dossier", found.code)
    dossier = known_dossier(replay(events), found.code)
    s = situation_of(uow, office, caller, command.act, found)
    lines = uow.rows("decision_line", dossier=dossier.code, seq=events[-1].seq)
    if lines:
        raise Refused(reason("undo_of_decision", dossier=dossier.code, decision=lines[0]["decision"]))
    event = keeping.undo(dossier, events[-1], command.act, s)
    uow.append(event)
    if events[-1].data.get("certificate") and dossier.previous:
        _restore_earlier(uow, office, dossier, event)
    return {**moved(event), "undone": event.data["action"]}


def _restore_earlier(uow: UnitOfWork, office: Office, dossier: Dossier, undo: Event) -> None:
    """The certificate that an undone recognition had replaced holds again (same transaction).

    raises  Refused where something has been recorded about it since
    """
    on, now = undo.occurred_on, office.clock.now()
    for row in _replaced_by(uow, dossier.previous, _issued(dossier)):
        subject = ("dossier", row["dossier"]) if row["dossier"] else ("certificate", row["number"])
        if row["dossier"] == dossier.code:
            continue
        events = uow.events(*subject)
        newest = events[-1]
        if newest.action != "replace" or newest.data.get("by") != dossier.code:
            raise Refused(reason("undo_replaced_went_on", dossier=dossier.code, number=row["number"]))
        if row["dossier"]:
            uow.append(keeping.system_undo(known_dossier(replay(events), row["dossier"]), newest, on, now))
        else:
            data = {"status": "valid", "by": dossier.code, "undoes": newest.seq}
            head = Head(newest.seq, newest.hash(), newest.recorded_at)
            uow.append(system_event(subject, head, "restore", on, now, data))


def _replaced_by(uow: UnitOfWork, number: str | None, newer: str | None) -> list[Row]:
    """The certificate that ``newer`` has replaced: the one of a number, or what was put in its place before."""
    rows = uow.rows("certificate", number=number) if number else []
    while rows and rows[0]["replaced_by"] not in (None, newer):
        rows = uow.rows("certificate", number=rows[0]["replaced_by"])
    return [row for row in rows if newer is not None and row["replaced_by"] == newer]


def _issued(dossier: Dossier) -> str | None:
    return dossier.certificate.number if dossier.certificate else None
