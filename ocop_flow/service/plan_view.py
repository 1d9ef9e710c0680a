"""Plans to read: list, show, and how each stands on a day."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.figures.chains import Chains, Declared
from ocop_flow.domain.plan import to_json
from ocop_flow.domain.plan_facts import DossierFact, PlanFacts, Recognition, fact_of
from ocop_flow.domain.plan_record import PlanRecord, document_on, plan_on, replay_plan
from ocop_flow.domain.plan_status import Duty, duties, status, status_json
from ocop_flow.errors import NotFound, reason
from ocop_flow.ports import Row, UnitOfWork
from ocop_flow.service import past
from ocop_flow.service.plan_identity import identify

if TYPE_CHECKING:
    from ocop_flow.domain.calendar import Calendar
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.registry import DeclaredCertificate
    from ocop_flow.domain.units import Unit, UnitTree
    from ocop_flow.service.office import Office
    from ocop_flow.service.past import Stood

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


def plans(uow: UnitOfWork) -> list[Json]:
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


def show(uow: UnitOfWork, typed: str) -> Json:
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


def plan_status(
    uow: UnitOfWork, office: Office, typed: str, on: date | None = None, stood: Stood | None = None
) -> Json:
    """How a plan stands at the end of a day, today's by default; ``healthy`` is what ``--check`` asks.

    stood  what stood at the end of that day, where it is known already
    """
    record = known(uow, typed)
    day = on or office.today
    tree = uow.area(record.identity.partition(":")[0])
    plan = plan_on(record, tree, calendar_of(uow, record, tree), day)
    found = status(plan, record, day, _facts(uow, tree, day, stood), tree)
    return {**status_json(found), "identity": plan.identity, "title": plan.title, "healthy": found.healthy}


def deadlines(uow: UnitOfWork, identity: str, on: date, stood: Stood | None = None) -> tuple[Duty, ...]:
    """Every duty of a plan's units as it stood at the end of a day; ``stood`` as for ``plan_status``."""
    record = known(uow, identity)
    tree = uow.area(record.identity.partition(":")[0])
    plan = plan_on(record, tree, calendar_of(uow, record, tree), on)
    return duties(plan, record, on, tree, _facts(uow, tree, on, stood))


def _facts(uow: UnitOfWork, tree: UnitTree, on: date, stood: Stood | None) -> PlanFacts:
    """The dossiers and declared recognitions of the units of a tree, as they stood at the end of a day.

    Which of them count is for the core to say. A re-rating or upgrade is of the product that the certificate before it
    was of, whatever its name is now.
    """
    near = frozenset(unit.code for unit in tree)
    stood = stood or past.stood(uow, near, on)
    chains = Chains(stood.dossiers, stood.declared)
    facts = tuple(
        _fact(uow, each, chains.product(each), tree)
        for each in stood.dossiers.values()
        if each.commune in near or each.opened_in[0] in near
    )
    return PlanFacts(facts, tuple(_declared(each, chains, tree) for each in stood.declared.values() if not each.gone))


def _fact(uow: UnitOfWork, dossier: Dossier, product: str, tree: UnitTree) -> DossierFact:
    fact = fact_of(dossier, tree, tuple(uow.law(dossier.workflow_hash).regime.states))
    recognition = replace(fact.recognition, product=product) if fact.recognition else None
    return replace(fact, product=product, recognition=recognition)


def _declared(paper: Declared, chains: Chains, tree: UnitTree) -> Recognition:
    """A recognition from before this system; one whose commune is not known lies with its issuer."""
    fold = paper.fold
    return Recognition(
        product=chains.declared_product(paper),
        entity=fold.entity_code,
        stars=fold.stars,
        on=fold.issued_on,
        kind=None,
        track=None,
        units=_area(fold.commune or (fold.issuer["code"] if fold.issuer else None), fold.issued_on, tree),
        ended_on=_ended_on(fold),
    )


def _area(code: str | None, on: date | None, tree: UnitTree) -> tuple[Unit, ...]:
    lives = tree.lives(code) if code else ()
    if not lives:
        return ()
    unit = (tree.on(code, on) if code and on else None) or lives[0]
    return (unit, *tree.ancestors(unit, unit.nearest_valid_day(on or date.min)))


def _ended_on(fold: DeclaredCertificate) -> date | None:
    """The day of its revocation, else the day after its last; what replaced it speaks for itself."""
    if fold.status == "revoked":
        return fold.status_on
    return fold.valid_to + timedelta(days=1) if fold.valid_to else None
