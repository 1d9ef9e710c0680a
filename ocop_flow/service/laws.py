"""Published and adopted law: documents stored by hash, and which of them holds where and when."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from ocop_flow.domain import codes, machine
from ocop_flow.domain.commands import Act
from ocop_flow.domain.event import GENESIS, SYSTEM, Event
from ocop_flow.domain.record import stream_event
from ocop_flow.domain.regime import Document
from ocop_flow.domain.regime_document import from_document
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.desk import unit_on
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.people import admin_at_work

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Adopt:
    """A province's own settings, already linted: the effective document they make."""

    unit: str
    decision: str
    document: dict[str, Any]
    since: date | None = None
    act: Act = field(default_factory=Act)


def publish(uow: UnitOfWork, now: datetime, today: date, shipped: Iterable[tuple[Document, Iterable[Document]]]) -> int:
    """Store every shipped regime with its criteria; a regime whose document is new gets one event.

    shipped  (effective document, the criteria and condition documents it names)
    returns  how many regimes were new or changed
    """
    changed = 0
    for document, parts in shipped:
        for part in parts:
            uow.store_document("criteria", part)
        digest = stored(uow, document)
        rows = uow.rows("law", regime=document["id"], province="")
        if rows and rows[-1]["hash"] == digest:
            continue
        head = uow.head("workflow", document["id"])
        uow.append(
            Event(
                subject_kind="workflow",
                subject=document["id"],
                seq=head.seq + 1 if head else 1,
                action="publish",
                from_state=None,
                to_state=None,
                recorded_at=max(now, head.recorded_at) if head else now,
                occurred_on=today,
                actor=SYSTEM,
                recorder=SYSTEM,
                signer=None,
                entry="live",
                overridden=(),
                warnings=(),
                key=None,
                regime=None,
                workflow_hash=None,
                data=law_data(document, "", "", digest),
                reason=None,
                prev_hash=head.hash if head else GENESIS,
            )
        )
        changed += 1
    return changed


def adopt(uow: UnitOfWork, office: Office, caller: Caller, command: Adopt) -> Json:
    """Take a province's own file; from its day dossiers opened there are pinned to it."""
    base, who = admin_at_work(uow, office, caller, command.act)
    since = command.since or command.act.on or base.today
    unit = unit_on(uow, command.unit, since, tier="province")
    document = _with_typed_criteria(uow, command.document, unit.code)
    digest = stored(uow, document)
    regime = document["id"]
    head = uow.head("workflow", regime)
    data = {
        **law_data(document, unit.code, since.isoformat(), digest),
        "decision": codes.document_number(command.decision),
    }
    uow.append(stream_event(base, ("workflow", regime), head, "adopt", who, command.act, data))
    return {"regime": regime, "unit": unit.code, "from": since.isoformat(), "workflow_hash": digest}


def _with_typed_criteria(uow: UnitOfWork, document: Document, province: str) -> Document:
    """The document with the criteria that the province typed in before: a new file of its own does not lose them."""
    rows = uow.rows("law", regime=document["id"], province=province)
    before = (uow.document(rows[-1]["hash"]) or {}).get("criteria", {}) if rows else {}
    kept = {**before, **document.get("criteria", {})}
    return {**document, "criteria": kept} if kept else document


def stored(uow: UnitOfWork, document: Document) -> str:
    """Keep a regime once its machine has been built and checked; a fault here is one of the lint, not of a user."""
    if not machine.agrees(from_document(document)):
        raise ValueError(f"the machine of {document['id']} differs from its table")
    return uow.store_document("regime", document)


def law_data(document: Document, province: str, since: str, digest: str) -> Json:
    return {
        "regime": document["id"],
        "province": province,
        "effective_from": since,
        "regime_from": document["effective_from"] or "",
        "regime_to": document["effective_to"] or "",
        "hash": digest,
    }


def kept(uow: UnitOfWork) -> frozenset[str]:
    """Hashes of the regimes whose text is here; an event may name one that is not."""
    return frozenset(row["hash"] for row in uow.query("SELECT hash FROM document WHERE kind = 'regime'"))
