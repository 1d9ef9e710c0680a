"""From events to view rows: the same function serves the command that appends and the rebuild of everything."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import (
    beside,
    canonical,
    codes,
    council,
    deadlines,
    decision,
    dossier_json,
    entity_notices,
    registry,
    sending,
)
from ocop_flow.domain.event import Event
from ocop_flow.domain.names import fold, search_key

if TYPE_CHECKING:
    from ocop_flow.domain.beside import Margin
    from ocop_flow.domain.dossier import Certificate, Dossier
    from ocop_flow.domain.kept import Kept
    from ocop_flow.domain.regime import Regime, ReRatingWindow
    from ocop_flow.domain.units import Unit, UnitTree
    from ocop_flow.store.unit_of_work import SqlUnitOfWork

Row = dict[str, Any]
#: Duties that do not climb by the ladder of a dossier's state.
_LADDERS = {
    "milestone": "plan_milestone",
    "certificate_expiry": "certificate_expiry",
    # Duties of the entity itself: it is reminded too.
    "supplement": "supplement",
    "evidence_expiry": "evidence_expiry",
    # These stand while the dossier is in promotion, whose state has no ladder.
    "expiry_notice": "standard",
    "re_rating_filing": "standard",
    "reply": "standard",
    "revocation": "standard",
}


def project(uow: SqlUnitOfWork, event: Event) -> None:
    """Bring the views of a subject other than a dossier up to date with its newest event."""
    _PROJECTIONS.get(event.subject_kind, _nothing)(uow, event)


def put(uow: SqlUnitOfWork, table: str, /, **row: Any) -> None:
    """Write one view row whole, replacing the one with its key."""
    uow.put(table, **row)


def remove(uow: SqlUnitOfWork, table: str, /, **equals: Any) -> None:
    uow.remove(table, **equals)


def count_code(uow: SqlUnitOfWork, kind: str, code: str) -> None:
    """Remember the highest running number in use."""
    typed = codes.parse(code, kind) if code.startswith(codes.PREFIXES[kind] + "-") else None
    if typed is None or typed.year is None:
        return
    if uow.next_number(kind, typed.year) <= typed.number:
        put(uow, "counter", kind=kind, year=typed.year, last=typed.number)


# --- dossiers -------------------------------------------------------------------------------------------------------


def save_dossier(uow: SqlUnitOfWork, dossier: Dossier, before: Dossier | None = None) -> None:
    """The dossier's row, its deadlines and its certificate.

    before  the dossier that its rows were last written for, None where that is not known
    """
    if dossier.version == 1:
        count_code(uow, "dossier", dossier.code)
    regime, tree = uow.law(dossier.workflow_hash).regime, uow.tree([dossier.commune])
    life = _life(tree, dossier.commune, dossier.commune_from)
    _save_row(uow, dossier, before, regime.states[dossier.state].tier)
    wanted = _deadline_rows(uow, dossier, regime, tree, life)
    subjects = [dossier.code, *_save_certificates(uow, dossier, before)]
    # The scan's note on a duty that stays as it was stays too.
    uow.keep("deadline", "subject", subjects, wanted, "next_rung_on")
    # Most dossiers have no margin; an act undone may have taken away its only record.
    if dossier.margin.records or dossier.last_act is None:
        _save_margin(uow, ("dossier", dossier.code), dossier.commune, dossier.margin)
    _save_notices(uow, dossier, before, regime, tree, life)


def _deadline_rows(
    uow: SqlUnitOfWork, dossier: Dossier, regime: Regime, tree: UnitTree, life: Unit | None
) -> list[Row]:
    ladder = regime.states[dossier.state].ladder
    return [
        deadline_row(duty, duty.unit or _responsible(tree, life, duty, dossier.last_move_on), ladder)
        for duty in _duties(uow, dossier, regime, tree, life)
    ]


_named = attrgetter(
    "code",
    "commune",
    "opened_in",
    "product",
    "product_name",
    "entity",
    "entity_name",
    "plan",
    "workflow_hash",
    "previous",
    "opened_on",
)


def _save_row(uow: SqlUnitOfWork, dossier: Dossier, before: Dossier | None, tier: str | None) -> None:
    """The dossier's row: of one that only moves, what moves."""
    if before is None or _named(before) != _named(dossier):
        put(uow, "dossier", **_dossier_row(dossier, tier))
        return
    moving: Row = {"version": dossier.version, "fold": _fold_text(dossier)}
    if before.state != dossier.state or before.closed_on != dossier.closed_on:
        moving |= {"state": dossier.state, "phase": dossier.phase, "closed_on": _iso(dossier.closed_on)}
        if uow.law(before.workflow_hash).regime.states[before.state].tier != tier:
            moving["tier"] = tier
    if before.last_move_on != dossier.last_move_on:
        moving["moved_on"] = dossier.last_move_on.isoformat()
    uow.change("dossier", dossier.code, moving)


def _fold_text(dossier: Dossier) -> str:
    return canonical.text(dossier_json.to_json(dossier))


def _save_margin(uow: SqlUnitOfWork, subject: tuple[str, str], commune: str | None, margin: Margin) -> None:
    """The rows of what stands beside a dossier or a declared certificate."""
    remove(uow, "beside", subject=subject[1])
    bodies = beside.to_json(margin)["records"]
    for record, body in zip(margin.records, bodies, strict=True):
        put(
            uow,
            "beside",
            id=record.id,
            subject_kind=subject[0],
            subject=subject[1],
            commune=commune,
            topic=record.group,
            done_on=record.on.isoformat(),
            deadline=record.duty_id,
            body=canonical.encode(body).decode(),
        )


def _save_certificates(uow: SqlUnitOfWork, dossier: Dossier, before: Dossier | None) -> list[str]:
    """Certificates of a dossier in place of those that it had; the numbers of both."""
    if before is not None and before.certificate is None and dossier.certificate is None:
        return []
    had = [row["number"] for row in uow.rows("certificate", dossier=dossier.code)]
    for number in had:
        remove(uow, "certificate", number=number)
    if dossier.certificate is not None:
        for certificate in (*dossier.earlier_certificates, dossier.certificate):
            _save_certificate(uow, dossier, certificate)
    return had


def _save_notices(
    uow: SqlUnitOfWork, dossier: Dossier, before: Dossier | None, regime: Regime, tree: UnitTree, life: Unit | None
) -> None:
    """What its entity is told; a row that is there stays, for the scan has noted on it what it has told."""
    # Visits are only added, but by an undo, which comes without ``before``.
    told = 0 if before is None or entity_notices.may_be_over(before) else len(before.visits)
    news = entity_notices.of_dossier(dossier, regime, told)
    wanted = {f"{dossier.code}:notice:{each.seq}": each for each in news}
    known: dict[str, str | None] = {}
    if before is None:
        known = {row["id"]: row["over_on"] for row in uow.rows("entity_notice", dossier=dossier.code)}
    elif not told:
        noted = entity_notices.of_dossier(before, regime)
        known = {f"{dossier.code}:notice:{each.seq}": _iso(each.over_on) for each in noted}
    for gone in sorted(known.keys() - wanted.keys()):
        remove(uow, "entity_notice", id=gone)
    for identity, notice in wanted.items():
        if identity not in known:
            unit = tree.reach(life, notice.tier, notice.on) if life and notice.tier else None
            put(
                uow,
                "entity_notice",
                id=identity,
                dossier=dossier.code,
                entity=dossier.entity,
                seq=notice.seq,
                kind=notice.kind,
                told_of=notice.on.isoformat(),
                unit=unit.code if unit else None,
                unit_name=unit.name if unit else None,
                tier=unit.tier if unit else notice.tier,
                over_on=_iso(notice.over_on),
                next_rung_on="",
            )
        elif known[identity] != _iso(notice.over_on):
            uow.change("entity_notice", identity, {"over_on": _iso(notice.over_on), "next_rung_on": ""})


def _dossier_row(dossier: Dossier, tier: str | None) -> Row:
    return {
        "code": dossier.code,
        "number": int(dossier.code.split("-")[2]),
        "version": dossier.version,
        "state": dossier.state,
        "phase": dossier.phase,
        "tier": tier,
        "commune": dossier.commune,
        "opened_in": dossier.opened_in[0],
        "product": dossier.product,
        "folded": fold(dossier.product_name),
        "sought": search_key(f"{dossier.product_name} {dossier.entity_name}"),
        "entity": dossier.entity,
        "plan": dossier.plan,
        "regime": dossier.regime,
        "previous": dossier.previous,
        "opened_on": dossier.opened_on.isoformat(),
        "moved_on": dossier.last_move_on.isoformat(),
        "closed_on": _iso(dossier.closed_on),
        "fold": _fold_text(dossier),
    }


def differing(uow: SqlUnitOfWork, dossier: Dossier) -> list[str]:
    """Tables among ``dossier``, ``certificate`` and ``beside`` whose rows are not those that ``save_dossier`` writes.

    Duties follow days off and laws adopted since, too: these, what an entity is told, and the views of other subjects
    are held against the log by a rebuild (``service.rebuild``).
    """
    row = _dossier_row(dossier, uow.law(dossier.workflow_hash).regime.states[dossier.state].tier)
    found = [] if uow.rows("dossier", code=dossier.code) == [row] else ["dossier"]
    held = (*dossier.earlier_certificates, dossier.certificate) if dossier.certificate is not None else ()
    # Of two with one number the later stands, also where that is another dossier's.
    expected = {each.number: _certificate_row(dossier, each) for each in held}
    stored = {each["number"]: each for each in uow.rows("certificate", dossier=dossier.code)}
    taken = {number for number in expected.keys() - stored.keys() if uow.rows("certificate", number=number)}
    kept = {number: row for number, row in expected.items() if number not in taken}
    found += [] if stored == kept else ["certificate"]
    margin = {each.id for each in dossier.margin.records}
    beside_it = {row["id"] for row in uow.rows("beside", subject=dossier.code)}
    return found if margin == beside_it else [*found, "beside"]


def duties_of(uow: SqlUnitOfWork, dossier: Dossier) -> tuple[deadlines.Deadline, ...]:
    """Every duty of a dossier, from its fold, its law and the calendar of its units."""
    regime, tree = uow.law(dossier.workflow_hash).regime, uow.tree([dossier.commune])
    return _duties(uow, dossier, regime, tree, _life(tree, dossier.commune, dossier.commune_from))


def _duties(
    uow: SqlUnitOfWork, dossier: Dossier, regime: Regime, tree: UnitTree, life: Unit | None
) -> tuple[deadlines.Deadline, ...]:
    above = [unit.code for unit in tree.ancestors(life, life.nearest_valid_day(dossier.last_move_on))] if life else []
    calendar = uow.calendar([dossier.commune, *above])
    return deadlines.of_dossier(dossier, regime, calendar, _around(uow, dossier, above))


def _around(uow: SqlUnitOfWork, dossier: Dossier, above: list[str]) -> deadlines.Around:
    """The re-rating window of the law in force when the certificate ends, and the re-rating filed for it."""
    certificate = dossier.certificate
    if certificate is None:
        return deadlines.Around()
    numbers = (certificate.number, *(each.number for each in dossier.earlier_certificates))
    return deadlines.Around(_window_at(uow, certificate.valid_to, above), re_rated_on(uow, numbers))


def re_rated_on(uow: SqlUnitOfWork, numbers: Iterable[str]) -> date | None:
    """The day on which a re-rating of one of these certificates was filed first."""
    filed = [
        found.filed_on
        for number in numbers
        for row in uow.rows("dossier", previous=number)
        if (found := uow.dossier(row["code"])) is not None and found.kind == "re_rating" and found.filed_on
    ]
    return min(filed, default=None)


def _window_at(uow: SqlUnitOfWork, day: date, above: list[str]) -> ReRatingWindow | None:
    law = next((found for code in above if (found := uow.law_on(day, code)) is not None), None)
    return law.regime.re_rating_window if law else None


def refresh_previous(uow: SqlUnitOfWork, dossier: Dossier) -> None:
    """A re-rating that is filed settles the filing duty of the certificate it starts from."""
    rows = uow.rows("certificate", number=dossier.previous) if dossier.previous else []
    if rows and rows[0]["dossier"] is None:
        save_declared(uow, rows[0]["number"])
    earlier = uow.dossier(rows[0]["dossier"]) if rows and rows[0]["dossier"] else None
    if earlier is not None and earlier.code != dossier.code:
        uow.save(earlier)


def _responsible(tree: UnitTree, life: Unit | None, duty: deadlines.Deadline, day: date) -> Unit | None:
    """The unit reached at the duty's tier; the certificates of the former districts are kept by the province."""
    if life is None or duty.tier is None:
        return None
    reached = tree.reach(life, duty.tier, day)
    return reached or (tree.reach(life, "province", day) if duty.subject_kind == "certificate" else None)


def _life(tree: UnitTree, code: str, valid_from: date | None) -> Unit | None:
    return next((unit for unit in tree.lives(code) if unit.valid_from == valid_from), None)


def _save_certificate(uow: SqlUnitOfWork, dossier: Dossier, certificate: Certificate) -> None:
    count_code(uow, "certificate", certificate.number)
    put(uow, "certificate", **_certificate_row(dossier, certificate))


def _certificate_row(dossier: Dossier, certificate: Certificate) -> Row:
    return {
        "number": certificate.number,
        "product_code": certificate.product_code,
        "product": dossier.product,
        "product_name": certificate.product_name or dossier.product_name,
        "product_set": dossier.product_set,
        "entity": certificate.entity or dossier.entity,
        "entity_name": certificate.entity_name or dossier.entity_name,
        "sought": search_key(
            f"{certificate.product_name or dossier.product_name} {certificate.entity_name or dossier.entity_name}"
        ),
        "stars": certificate.stars,
        "commune": dossier.commune,
        "issuer_code": certificate.issuer_code,
        "issuer_name": certificate.issuer_name,
        "issuer_tier": certificate.issuer_tier,
        "decision": certificate.decision,
        "issued_on": certificate.issued_on.isoformat(),
        "valid_to": certificate.valid_to.isoformat(),
        "status": certificate.status,
        "status_on": _iso(certificate.status_on),
        "replaced_by": certificate.replaced_by,
        "disputed": dossier.margin.disputed is not None,
        "unreconciled": False,
        "source": None,
        "dossier": dossier.code,
        "kept": _kept(dossier.kept),
    }


def _kept(kept: Kept | None) -> str | None:
    return canonical.text(kept.body) if kept else None


def save_deadline(uow: SqlUnitOfWork, duty: deadlines.Deadline, unit: Any, ladder: str | None = None) -> None:
    """``ladder``: the one that the dossier's state names."""
    put(uow, "deadline", **deadline_row(duty, unit, ladder))


def deadline_row(duty: deadlines.Deadline, unit: Any, ladder: str | None = None) -> Row:
    return {
        "id": duty.id,
        "subject_kind": duty.subject_kind,
        "subject": duty.subject,
        "kind": duty.kind,
        "rule": duty.rule,
        "source": duty.source,
        "mark": duty.mark,
        "start_on": _iso(duty.start_on),
        "due_on": duty.due_on.isoformat(),
        "provisional": duty.provisional,
        "stopped": json.dumps([[since.isoformat(), until.isoformat()] for since, until in duty.stopped])
        if duty.stopped
        else "[]",
        "stopped_since": _iso(duty.stopped_since),
        "closed_on": _iso(duty.closed_on),
        "outcome": duty.outcome,
        "unit": unit.code if unit else None,
        "unit_name": unit.name if unit else None,
        "tier": duty.tier,
        "plan": duty.plan,
        "ladder": _LADDERS.get(duty.kind, ladder or "standard"),
        "next_rung_on": "" if duty.outcome is None else None,
    }


# --- other subjects -------------------------------------------------------------------------------------------------


def _nothing(_uow: SqlUnitOfWork, _event: Event) -> None:
    """Units change no view: their rows are data, not folds."""


def _person(uow: SqlUnitOfWork, event: Event) -> None:
    person = registry.replay_person(uow.events("person", event.subject))
    if person is None:
        return
    put(
        uow,
        "person",
        handle=person.handle,
        name=person.name,
        can_login=person.can_login,
        office=person.office,
        email=person.email,
        left_on=_iso(person.left_on),
    )
    remove(uow, "post", handle=person.handle, source=person.handle)
    for item in person.appointments:
        put(
            uow,
            "post",
            handle=person.handle,
            source=person.handle,
            seq=item.seq,
            role=item.role,
            unit=item.unit,
            unit_from=_iso(item.unit_from),
            unit_name=item.unit_name,
            tier=item.tier,
            office=item.office,
            decision=item.decision,
            valid_from=item.valid_from.isoformat(),
            valid_to=_iso(item.valid_to),
            via=item.via,
        )


def _entity(uow: SqlUnitOfWork, event: Event) -> None:
    entity = registry.replay_entity(uow.events("entity", event.subject))
    if entity is None:
        return
    count_code(uow, "entity", entity.code)
    put(uow, "entity", **_entity_row(entity))


def _entity_row(entity: registry.Entity) -> Row:
    return {
        "code": entity.code,
        "name": entity.name,
        "folded": fold(entity.name),
        "kind": entity.kind,
        "commune": entity.commune,
        "commune_from": _iso(entity.commune_from),
        "aliases": json.dumps(list(entity.aliases), ensure_ascii=False),
        "merged_into": entity.merged_into,
        **{name: entity.contacts.get(name) for name in registry.CONTACTS},
        **{name: entity.representative.get(name) for name in registry.REPRESENTATIVE},
    }


def _product(uow: SqlUnitOfWork, event: Event) -> None:
    product = registry.replay_product(uow.events("product", event.subject))
    if product is None:
        return
    count_code(uow, "product", product.code)
    put(uow, "product", **_product_row(product))


def _product_row(product: registry.Product) -> Row:
    return {
        "code": product.code,
        "name": product.name,
        "folded": fold(product.name),
        "entity": product.entity,
        "product_set": product.product_set,
        "aliases": json.dumps(list(product.aliases), ensure_ascii=False),
        "merged_into": product.merged_into,
    }


def _council(uow: SqlUnitOfWork, event: Event) -> None:
    found = council.replay(uow.events("council", event.subject))
    if found is None:
        return
    count_code(uow, "council", found.code)
    put(
        uow,
        "council",
        code=found.code,
        unit=found.unit.code,
        unit_name=found.unit.name,
        tier=found.unit.tier,
        decision=found.decision,
        round=found.round,
        year=found.year,
    )
    for sitting in found.sittings:
        count_code(uow, "sitting", sitting.code)
        put(uow, "sitting", code=sitting.code, council=found.code, held_on=sitting.on.isoformat())
    remove(uow, "post", source=found.code)
    for seat in found.seats:
        put(
            uow,
            "post",
            handle=seat.handle,
            source=found.code,
            seq=seat.seq,
            role=seat.role,
            unit=found.unit.code,
            unit_from=_iso(found.unit_from),
            unit_name=found.unit.name,
            tier=found.unit.tier,
            office="council",
            decision=seat.decision or found.decision,
            valid_from=seat.since.isoformat(),
            valid_to=_iso(seat.until),
            via="seat",
        )


def _certificate(uow: SqlUnitOfWork, event: Event) -> None:
    save_declared(uow, event.subject)


def save_declared(uow: SqlUnitOfWork, number: str) -> None:
    """The row and the deadlines of a declared certificate, from its whole stream."""
    found = registry.replay_certificate(uow.events("certificate", number))
    if found is None:
        return
    count_code(uow, "certificate", found.number)
    put(uow, "certificate", **_declared_row(found))
    if found.margin.records or found.status == "replaced":
        _save_margin(uow, ("certificate", found.number), found.commune, found.margin)
    remove(uow, "deadline", subject_kind="certificate", subject=found.number)
    for row in _Duties(uow).rows(found, re_rated_on(uow, (number,))):
        put(uow, "deadline", **row)


def _declared_row(found: registry.DeclaredCertificate) -> Row:
    issuer = found.issuer or {"code": None, "name": None, "tier": None}
    return {
        "number": found.number,
        "product_code": None,
        "product": found.product_code,
        "product_name": found.product_name,
        "product_set": found.product_set,
        "entity": found.entity_code,
        "entity_name": found.entity_name,
        "sought": search_key(f"{found.product_name} {found.entity_name}"),
        "stars": found.stars,
        "commune": found.commune,
        "issuer_code": issuer["code"],
        "issuer_name": issuer["name"],
        "issuer_tier": issuer["tier"],
        "decision": found.decision,
        "issued_on": _iso(found.issued_on),
        "valid_to": _iso(found.valid_to),
        "status": found.status,
        "status_on": _iso(found.status_on),
        "replaced_by": found.replaced_by,
        "disputed": found.margin.disputed is not None,
        "unreconciled": found.unreconciled,
        "source": found.source,
        "dossier": None,
        "kept": _kept(found.kept),
    }


class _Duties:
    """Deadline rows of declared certificates; what many of them share, the law of a day or a unit, is read once."""

    def __init__(self, uow: SqlUnitOfWork) -> None:
        self._uow = uow
        self._laws: dict[tuple[date, str | None], Regime | None] = {}

    def rows(self, found: registry.DeclaredCertificate, filed_on: date | None = None) -> list[Row]:
        issuer = found.issuer["code"] if found.issuer else None
        keeper = found.kept.code if found.kept else issuer or found.keeper
        regime = self._regime(found.valid_to, issuer) if found.valid_to else None
        unit = self._uow.tree([keeper]).latest(keeper) if keeper else None
        calendar = self._uow.calendar([keeper] if keeper else [])
        duties = deadlines.of_declared(found, regime, calendar, filed_on)
        return [deadline_row(duty, duty.unit or unit) for duty in duties]

    def _regime(self, day: date, issuer: str | None) -> Regime | None:
        key = (day, issuer)
        if key not in self._laws:
            law = self._uow.law_on(day, issuer)
            self._laws[key] = law.regime if law else None
        return self._laws[key]


# --- many new subjects at once --------------------------------------------------------------------------------------


def project_new(uow: SqlUnitOfWork, events: Iterable[Event]) -> None:
    """View rows of streams that begin with these events (entities, products, declared certificates).

    The rows are those that ``project`` would write one by one; here each view takes all of its rows at once.
    """
    rows: dict[str, list[Row]] = {"entity": [], "product": [], "certificate": [], "deadline": []}
    highest: dict[tuple[str, int], int] = {}
    duties = _Duties(uow)
    for event in events:
        if event.subject_kind == "entity":
            rows["entity"].append(_entity_row(registry.evolve_entity(None, event)))
        elif event.subject_kind == "product":
            rows["product"].append(_product_row(registry.evolve_product(None, event)))
        else:
            found = registry.evolve_certificate(None, event)
            rows["certificate"].append(_declared_row(found))
            rows["deadline"] += duties.rows(found)
        _note_number(highest, event)
    for table, found_rows in rows.items():
        uow.insert_many(table, found_rows)
    for (kind, year), number in highest.items():
        if uow.next_number(kind, year) <= number:
            put(uow, "counter", kind=kind, year=year, last=number)


def _note_number(highest: dict[tuple[str, int], int], event: Event) -> None:
    kind = event.subject_kind
    typed = codes.parse(event.subject, kind) if event.subject.startswith(codes.PREFIXES[kind] + "-") else None
    if typed is not None and typed.year is not None:
        highest[(kind, typed.year)] = max(typed.number, highest.get((kind, typed.year), 0))


def _plan(uow: SqlUnitOfWork, event: Event) -> None:
    from ocop_flow.store import plan_rows

    plan_rows.save_plan(uow, event)


def _calendar(uow: SqlUnitOfWork, event: Event) -> None:
    from ocop_flow.store import notice_rows

    notice_rows.save_notice(uow, event)


def _decision(uow: SqlUnitOfWork, event: Event) -> None:
    found = decision.replay_decision(uow.events("decision", event.subject))
    if found is None:
        return
    put(
        uow,
        "decision",
        id=found.identity,
        number=found.number,
        issuer=found.issuer["code"],
        issuer_name=found.issuer["name"],
        issuer_tier=found.issuer["tier"],
        year=found.year,
        decided_on=found.decided_on.isoformat(),
        kind=found.kind,
        title=found.title,
        status=found.status,
    )
    remove(uow, "decision_line", decision=found.identity)
    lines = [
        {
            "decision": found.identity,
            "number": line.number,
            "dossier": line.dossier,
            "action": line.action,
            "seq": line.seq,
            "stars": line.stars,
            "status": line.status,
        }
        for line in found.lines
    ]
    uow.insert_many("decision_line", lines)


def _sending(uow: SqlUnitOfWork, event: Event) -> None:
    found = sending.replay(uow.events(event.subject_kind, event.subject))
    if found is None:
        return
    if event.seq == 1:
        count_code(uow, found.kind, found.code)
    put(
        uow,
        "sending",
        code=found.code,
        kind=found.kind,
        unit=found.unit[0],
        unit_name=found.unit[1],
        to_unit=found.to[0] if found.to else None,
        to_name=found.to[1] if found.to else None,
        given_on=found.given_on.isoformat(),
        taken_on=_iso(found.taken_on),
        taken_by=found.taken_by,
    )


def _workflow(uow: SqlUnitOfWork, event: Event) -> None:
    data = event.data
    put(
        uow,
        "law",
        regime=data["regime"],
        province=data["province"],
        seq=event.seq,
        effective_from=data["effective_from"],
        regime_from=data["regime_from"],
        regime_to=data["regime_to"],
        hash=data["hash"],
    )


_PROJECTIONS: dict[str, Callable[[SqlUnitOfWork, Event], None]] = {
    "person": _person,
    "entity": _entity,
    "product": _product,
    "council": _council,
    "certificate": _certificate,
    "decision": _decision,
    "worklist": _sending,
    "packet": _sending,
    "workflow": _workflow,
    "plan": _plan,
    "calendar": _calendar,
}


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None
