"""Plans to read: list, show, and how each stands on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.plan import to_json
from ocop_flow.domain.plan_facts import DossierFact, PlanFacts, Recognition, fact_of
from ocop_flow.domain.plan_record import PlanRecord, document_on, plan_on, replay_plan
from ocop_flow.domain.plan_status import duties, status, status_json
from ocop_flow.errors import NotFound, reason
from ocop_flow.ports import Row, UnitOfWork
from ocop_flow.service.plan_identity import identify

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ocop_flow.domain.calendar import Calendar
    from ocop_flow.domain.deadlines import Deadline
    from ocop_flow.domain.units import Unit, UnitTree
    from ocop_flow.service.office import Office

Json = dict[str, Any]


def known(uow: UnitOfWork, typed: str) -> PlanRecord:
    """The record of the plan that a typed number means; raises InputInvalid, NotFound (see ``identify``)."""
    record = replay_plan(uow.events("plan", identify(uow, typed)))
    if record is None:
        raise NotFound(reason("plan_absent", number=typed))
    return record


def calendar_of(uow: UnitOfWork, record: PlanRecord, tree: UnitTree) -> Calendar:
    """The calendar of the issuer's place on the day of issue."""
    issuer = record.identity.partition(":")[0]
    issued_on = date.fromisoformat(record.document["plan"]["issued_on"])
    unit = tree.on(issuer, issued_on)
    return uow.calendar([issuer, *(above.code for above in (tree.ancestors(unit, issued_on) if unit else ()))])


def plans(uow: UnitOfWork, office: Office) -> list[Json]:
    """Every plan, the newest first."""
    rows = sorted(uow.rows("plan"), key=lambda row: (row["issued_on"], row["id"]), reverse=True)
    return [_row(uow, row) for row in rows]


def _row(uow: UnitOfWork, row: Row) -> Json:
    issued_on = date.fromisoformat(row["issued_on"])
    issuer = uow.tree([row["issuer"]]).on(row["issuer"], issued_on)
    return {
        "identity": row["id"],
        "number": row["number"],
        "issuer": {"code": row["issuer"], "name": issuer.name if issuer else row["issuer"]},
        "issued_on": row["issued_on"],
        "title": row["title"],
    }


def show(uow: UnitOfWork, office: Office, typed: str) -> Json:
    """A plan as it stands today, with what was moved and what was reported as done."""
    record = known(uow, typed)
    tree = uow.area(record.identity.partition(":")[0])
    plan = plan_on(record, tree, calendar_of(uow, record, tree))
    return {
        **to_json(plan, document_on(record)),
        "moves": [
            {
                "milestone": move.milestone,
                "wording": move.wording,
                "decision": move.decision,
                "reason": move.reason,
                "on": move.on.isoformat(),
            }
            for move in record.moves
        ],
        "done": [
            {
                "milestone": item.milestone,
                "unit": item.unit,
                "on": item.on.isoformat(),
                "due_on": item.due_on.isoformat() if item.due_on else None,
            }
            for item in record.done
        ],
        "version": record.version,
    }


def plan_status(uow: UnitOfWork, office: Office, typed: str, on: date | None = None) -> Json:
    """How a plan stands at the end of a day, today's by default; ``healthy`` is what ``--check`` asks."""
    record = known(uow, typed)
    day = on or office.today
    tree = uow.area(record.identity.partition(":")[0])
    plan = plan_on(record, tree, calendar_of(uow, record, tree), day)
    found = status(plan, record, day, _facts(uow, tree), tree)
    return {**status_json(found), "identity": plan.identity, "title": plan.title, "healthy": found.healthy}


def deadlines(uow: UnitOfWork, office: Office, identity: str) -> tuple[Deadline, ...]:
    """Every duty of a plan's units, as of today."""
    record = known(uow, identity)
    tree = uow.area(record.identity.partition(":")[0])
    plan = plan_on(record, tree, calendar_of(uow, record, tree))
    return tuple(duty.deadline for duty in duties(plan, record, office.today, tree, _facts(uow, tree)))


def _facts(uow: UnitOfWork, tree: UnitTree) -> PlanFacts:
    """The dossiers and declared recognitions of the units of a tree; which of them count is for the core to say."""
    near = {unit.code for unit in tree}
    dossiers = []
    for row in uow.query("SELECT code, commune FROM dossier ORDER BY code"):
        dossier = uow.dossier(row["code"]) if row["commune"] in near else None
        if dossier is not None:
            states = tuple(uow.law(dossier.workflow_hash).regime.states)
            dossiers.append(fact_of(dossier, tree, states))
    certificates = {row["number"]: row for row in uow.rows("certificate")}
    rows = [row for row in certificates.values() if row["dossier"] is None and _standing(row, certificates) is row]
    declared = [_declared(uow, row, tree) for row in rows]
    return PlanFacts(tuple(_one_product(fact, uow, certificates) for fact in dossiers), tuple(declared))


def _standing(row: Row, certificates: Mapping[str, Row]) -> Row:
    """The certificate that says the same recognition now: a re-issue or correction is no other recognition."""
    newer = certificates.get(row["replaced_by"] or "")
    same = newer is not None and newer["dossier"] == row["dossier"]
    return _standing(newer, certificates) if newer is not None and same else row


def _one_product(fact: DossierFact, uow: UnitOfWork, certificates: Mapping[str, Row]) -> DossierFact:
    """A re-rating or upgrade is of the product that the certificate before it was of, whatever its name is now."""
    first = _first_product(fact.code, uow, certificates)
    if first == fact.product:
        return fact
    recognition = replace(fact.recognition, product=first) if fact.recognition else None
    return replace(fact, product=first, recognition=recognition)


def _first_product(code: str, uow: UnitOfWork, certificates: Mapping[str, Row]) -> str:
    """The product at the beginning of the chain of certificates that a dossier stands in."""
    product, dossier, seen = "", uow.dossier(code), set[str]()
    while dossier is not None and dossier.code not in seen:
        seen.add(dossier.code)
        product = dossier.product
        row = certificates.get(dossier.previous) if dossier.previous else None
        if row is not None and row["dossier"] is None:
            return _product_of(_standing(row, certificates))
        dossier = uow.dossier(row["dossier"]) if row else None
    return product


def _product_of(row: Row) -> str:
    """A recognition whose commune is not known has no product of ours: the certificate stands for it."""
    return str(row["product"] if row["product"] != "-" else row["number"])


def _declared(uow: UnitOfWork, row: Row, tree: UnitTree) -> Recognition:
    """A recognition from before this system; one whose commune is not known lies with its issuer."""
    on = date.fromisoformat(row["issued_on"]) if row["issued_on"] else None
    return Recognition(
        product=_product_of(row),
        entity=row["entity"],
        stars=row["stars"],
        on=on,
        kind=None,
        track=None,
        units=_area(row["commune"] or row["issuer_code"], on, tree),
        ended_on=_ended_on(uow, row),
    )


def _area(code: str | None, on: date | None, tree: UnitTree) -> tuple[Unit, ...]:
    lives = tree.lives(code) if code else ()
    if not lives:
        return ()
    unit = (tree.on(code, on) if code and on else None) or lives[0]
    return (unit, *tree.ancestors(unit, unit.nearest_valid_day(on or date.min)))


def _ended_on(uow: UnitOfWork, row: Row) -> date | None:
    """The day of its revocation, else the day after its last; what replaced it speaks for itself."""
    if row["status"] == "revoked":
        return date.fromisoformat(row["status_on"])
    return date.fromisoformat(row["valid_to"]) + timedelta(days=1) if row["valid_to"] else None
