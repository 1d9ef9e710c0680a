"""How events change a dossier: ``reduce(evolve, events, None)`` is its history, and ``replay`` makes the same faster.

``evolve`` is total: it has no rules and no clock, it only says what an event did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from ocop_flow.domain import beside
from ocop_flow.domain.beside import EMPTY
from ocop_flow.domain.dossier import (
    Assessment,
    Certificate,
    Dossier,
    Evidence,
    Extension,
    Former,
    Missing,
    Result,
    RoundEnd,
    Score,
    Visit,
    certificate_of,
    day_of,
)
from ocop_flow.domain.event import Told
from ocop_flow.domain.kept import handed

Json = dict[str, Any]


def replay(events: Iterable[Told]) -> Dossier | None:
    """The dossier that these events, in order of ``seq``, make: what ``evolve`` makes of them one after the other.

    A history of any length makes two dossiers, the last and the one before it.
    """
    folding: Folding | None = None
    for event in events:
        if folding is None:
            folding = Folding(event)
        else:
            folding.take(event)
    return folding.dossier() if folding is not None else None


def evolve(dossier: Dossier | None, event: Told) -> Dossier:
    """The dossier after one more event."""
    if dossier is None:
        return Dossier(**_opened(event))
    if event.action == "undo":
        return _undone(dossier, event)
    return dossier._replace(
        **_CHANGES.get(event.action, _moved)(dossier, event),
        **_stamp(event),
        before=dossier if dossier.before is None else dossier._replace(before=None),
    )


def _stamp(event: Told) -> Json:
    """What the newest event leaves, whatever it did."""
    return {
        "version": event.seq,
        "last_hash": event.hash(),
        "last_recorded_at": event.recorded_at,
        "last_act": (event.seq, event.action, actor_key(event)),
    }


class Folding:
    """A dossier under way through its history: changed in place, with what its newest act has changed.

    Its attributes are read by the changes as those of a dossier.
    """

    __slots__ = ("_before", "_first", "_last", "_now", "_older")

    def __init__(self, first: Told) -> None:
        self._now: Any = SimpleNamespace(**_opened(first))
        self._first = first
        self._last, self._older = first, first
        #: Values that the newest act has changed, as they were; None where nothing can be taken back.
        self._before: Json | None = None

    def take(self, event: Told) -> None:
        values = self._now.__dict__
        if event.action == "undo":
            if self._before is None:
                raise _nothing_to_undo(event)
            values.update(self._before)
            self._before = None
        else:
            changes = _CHANGES.get(event.action, _moved)(self._now, event)
            self._before = {name: values[name] for name in changes}
            values.update(changes)
        self._older, self._last = self._last, event

    def dossier(self) -> Dossier:
        values = self._now.__dict__
        earlier = None
        if self._before is not None:
            earlier = Dossier(**{**values, **self._before, **self._left_by(self._older)})
        return Dossier(**{**values, **self._left_by(self._last), "before": earlier})

    def _left_by(self, event: Told) -> Json:
        """An opening, and an act that was taken back, leave nothing that could be taken back."""
        stamp = _stamp(event)
        return {**stamp, "last_act": None} if event is self._first or event.action == "undo" else stamp


def _nothing_to_undo(event: Told) -> ValueError:
    return ValueError(f"{event.subject} {event.seq}: nothing to undo in the history given")


def actor_key(event: Told) -> str:
    """What identifies a doer for undo and separation of duties: the handle, or the name of one who has none."""
    return event.actor_key


def _opened(event: Told) -> Json:
    data = event.data
    state = event.to_state or ""
    filed = state.startswith("registration.")
    return {
        "code": event.subject,
        "version": event.seq,
        "last_hash": event.hash(),
        "last_recorded_at": event.recorded_at,
        "state": state,
        "regime": event.regime or "",
        "workflow_hash": event.workflow_hash or "",
        "kind": data["kind"],
        "track": data["track"],
        "commune": data["commune"]["code"],
        "commune_from": day_of(data["commune"]["valid_from"]),
        "commune_name": data["commune"]["name"],
        "product": data["product"]["code"],
        "product_name": data["product"]["name"],
        "product_set": data["product_set"],
        "entity": data["entity"]["code"],
        "entity_name": data["entity"]["name"],
        "entity_kind": data["entity"]["kind"],
        "plan": data["plan"],
        "previous": data["previous"],
        "opened_on": event.occurred_on,
        "closed_on": None,
        "last_move_on": event.occurred_on,
        "filed_on": event.occurred_on if filed else None,
        "filing_checked": False,
        "evidence": _attachments(event),
        "scores": (),
        "result": None,
        "visits": (Visit(state, event.occurred_on, event.seq, "open"),),
        "stars_decided": None,
        "certificate": None,
        "acts": (("open", actor_key(event)),),
        "fields": dict(data.get("fields", {})),
        "extensions": (),
        "last_act": None,
        "former": (),
        "missing": (),
        "before": None,
        "rated": (),
        "previous_valid_to": day_of(data.get("previous_valid_to")),
        "margin": EMPTY,
        "earlier_certificates": (),
        "assessments": (),
        "rounds_ended": (),
        "kept": None,
        "first_recognised": None,
        "scored_on": None,
    }


def _moved(dossier: Dossier, event: Told) -> Json:
    """Any action of the regime: a change of state with what it carries."""
    data, on = event.data, event.occurred_on
    state = event.to_state or dossier.state
    closed = state.startswith("closed.")
    visit = Visit(state, on, event.seq, data.get("kind", "forward"))
    changes: Json = {
        "state": state,
        "closed_on": on if closed else None,
        "last_move_on": on,
        "visits": (*dossier.visits, visit),
        "acts": tuple({**dict(dossier.acts), event.action: actor_key(event)}.items()),
    }
    if event.workflow_hash != dossier.workflow_hash:
        changes["regime"] = event.regime or dossier.regime
        changes["workflow_hash"] = event.workflow_hash or dossier.workflow_hash
    if "dossier_kind" in data:
        changes["kind"] = data["dossier_kind"]
    if data.get("files"):
        changes["filed_on"] = on
    if data.get("filing_checked"):
        changes["filing_checked"] = True
    if data.get("evidence"):
        changes["evidence"] = dossier.evidence + _attachments(event)
    if "stars_decided" in data:
        changes["stars_decided"] = data["stars_decided"]
    if data.get("fields"):
        changes["fields"] = {**dossier.fields, **data["fields"]}
    if data.get("certificate") or (closed and dossier.certificate is not None):
        changes |= _certificates(dossier, event, state)
    return changes


def _certificates(dossier: Dossier, event: Told, state: str) -> Json:
    """The certificate that a move issues, or ends by closing the dossier."""
    certificate, earlier, first = dossier.certificate, dossier.earlier_certificates, dossier.first_recognised
    if event.data.get("certificate"):
        if certificate is not None and certificate.status == "valid":
            first = first or certificate.issued_on
        # One issued by a decision that was annulled since, or rated again since; its number stays known.
        earlier = (*earlier, _outlived(certificate, event)) if certificate is not None else earlier
        certificate = certificate_of(event.data["certificate"])
    if certificate is not None and state.startswith("closed.") and certificate.status == "valid":
        certificate = replace(
            certificate,
            status=_ENDS.get(state, "revoked"),
            status_on=event.occurred_on,
            replaced_by=event.data.get("replaced_by"),
        )
    return {"certificate": certificate, "earlier_certificates": earlier, "first_recognised": first}


#: What becomes of a certificate in force when its dossier closes; rated again and not recognised, it is withdrawn.
_ENDS = {f"closed.{status}": status for status in ("expired", "revoked", "replaced")}


def _outlived(certificate: Certificate, event: Told) -> Certificate:
    """The certificate before a new recognition in the same dossier."""
    if certificate.status != "valid":
        return certificate
    number = event.data["certificate"]["number"]
    return replace(certificate, status="replaced", status_on=event.occurred_on, replaced_by=number)


def _attached(dossier: Dossier, event: Told) -> Json:
    return {"evidence": dossier.evidence + _attachments(event)}


def _detached(dossier: Dossier, event: Told) -> Json:
    filed, kinds = event.data["filed"], event.data["kinds"]
    kept = tuple(item for item in dossier.evidence if item.seq != filed or item.kind not in kinds)
    return {"evidence": kept}


def _scored(dossier: Dossier, event: Told) -> Json:
    sitting, member = event.data["sitting"], event.data["member"]["login"]
    parts = tuple(_exact(part) for part in event.data["parts"])
    turn = event.data.get("turn", 1)
    key = (sitting, member, turn)
    kept = tuple(score for score in dossier.scores if (score.sitting, score.member, score.turn) != key)
    sheet = Score(sitting, member, parts, event.data["points"], event.seq, turn)
    return {"scores": (*kept, sheet), "scored_on": max(dossier.scored_on or date.min, event.occurred_on)}


def _assessed(dossier: Dossier, event: Told) -> Json:
    data = event.data
    parts = tuple(_exact(part) for part in data["parts"])
    found = Assessment(data["source"], parts, data["points"], event.occurred_on, event.seq)
    kept = tuple(each for each in dossier.assessments if each.source != found.source)
    return {"assessments": (*kept, found)}


def _sitting_closed(dossier: Dossier, event: Told) -> Json:
    data = event.data
    result = Result(
        sitting=data["sitting"],
        tier=data["tier"],
        seq=event.seq,
        on=event.occurred_on,
        mean_total=_exact(data["mean_total"]),
        parts=tuple(_exact(part) for part in data["parts"]),
        stars=data["stars"],
        stars_by_total=data["stars_by_total"],
        minima=tuple(data["minima"]),
        spread=_exact(data["spread"]),
    )
    rated = {**dict(dossier.rated), result.tier: result.stars}
    ended = dossier.rounds_ended
    if data.get("round_ended") == "result":
        ended = (*ended, RoundEnd(result.tier, result.on, result.seq))
    return {"result": result, "rated": tuple(rated.items()), "rounds_ended": ended}


def _fixed(dossier: Dossier, event: Told) -> Json:
    field, value = event.data["field"], event.data["value"]
    if field == "product_set":
        return {"product_set": value}
    if field == "product":
        return {"product_name": value}
    return {
        "commune": value["code"],
        "commune_from": day_of(value["valid_from"]),
        "commune_name": value["name"],
    }


def _deadline_extended(dossier: Dossier, event: Told) -> Json:
    data = event.data
    given = Extension(data["deadline"], date.fromisoformat(data["to"]), data["decision"], event.reason or "", event.seq)
    return {"extensions": (*dossier.extensions, given)}


def _beside(dossier: Dossier, event: Told) -> Json:
    return {"margin": beside.evolve(dossier.margin, event)}


def _certificate_replaced(dossier: Dossier, event: Told) -> Json:
    """A re-issue or correction: another certificate of the same recognition takes the place of the one before."""
    old, new = dossier.certificate, certificate_of(event.data["new"])
    if old is None:
        raise ValueError(f"{event.subject} {event.seq}: no certificate to replace")
    ended = replace(old, status="replaced", status_on=event.occurred_on, replaced_by=new.number)
    return {"certificate": new, "earlier_certificates": (*dossier.earlier_certificates, ended)}


def _certificate_transferred(dossier: Dossier, event: Told) -> Json:
    to = event.data["to"]
    held = replace(dossier.certificate, entity=to["code"], entity_name=to["name"]) if dossier.certificate else None
    return {"certificate": held}


def _certificate_revoked(dossier: Dossier, event: Told) -> Json:
    """Revoked after its end: the dossier was closed already and stays as it is."""
    old = dossier.certificate
    over = replace(old, status="revoked", status_on=event.occurred_on) if old else None
    return {"certificate": over}


def _migrated(dossier: Dossier, event: Told) -> Json:
    """Under another law from now on; a result that was found by another table of points ends with the old one."""
    state = event.to_state or dossier.state
    keeps = bool(event.data["keeps_result"])
    return {
        "state": state,
        "regime": event.regime or dossier.regime,
        "workflow_hash": event.workflow_hash or dossier.workflow_hash,
        "last_move_on": event.occurred_on,
        "visits": (*dossier.visits, Visit(state, event.occurred_on, event.seq, "migrate")),
        "scores": dossier.scores if keeps else (),
        "result": dossier.result if keeps else None,
        "rated": dossier.rated if keeps else (),
    }


def _succeeded(dossier: Dossier, event: Told) -> Json:
    """Handed over to another commune; what the hand-over did not bring is held no longer."""
    commune, missing = event.data["commune"], event.data["missing"]
    gone = {item["kind"] for item in missing}
    left = Former(dossier.commune, dossier.commune_from, dossier.commune_name, event.occurred_on)
    minutes = event.data["minutes"]
    noted = tuple(Missing(item["kind"], item["copies"], item["answer"], minutes, event.seq) for item in missing)
    issued = event.data.get("certificate")
    kept = handed(issued["kept_by"], event.occurred_on, minutes, None) if issued else None
    return {
        "commune": commune["code"],
        "commune_from": day_of(commune["valid_from"]),
        "commune_name": commune["name"],
        "last_move_on": event.occurred_on,
        "evidence": tuple(item for item in dossier.evidence if item.kind not in gone),
        "filing_checked": dossier.filing_checked and not gone,
        "former": (*dossier.former, left),
        "missing": (*dossier.missing, *noted),
        "kept": kept or dossier.kept,
    }


def _decision_annulled(dossier: Dossier, event: Told) -> Json:
    """Back to where the decision found the dossier; what it issued is void, what it ended holds again."""
    data, on = event.data, event.occurred_on
    state = event.to_state or dossier.state
    certificate = dossier.certificate
    if certificate is not None and data["certificate"]:
        certificate = replace(certificate, status=data["certificate"], status_on=on, replaced_by=None)
    earlier = dossier.earlier_certificates
    held = next((each for each in earlier if each.number == data.get("restores")), None)
    if held is not None and certificate is not None:
        kept = tuple(each for each in earlier if each is not held)
        earlier = (*kept, certificate)
        certificate = replace(held, status="valid", status_on=on, replaced_by=None)
    return {
        "state": state,
        "closed_on": on if state.startswith("closed.") else None,
        "last_move_on": on,
        "visits": (*dossier.visits, Visit(state, on, event.seq, "annul")),
        "stars_decided": data["stars_decided"],
        "certificate": certificate,
        "earlier_certificates": earlier,
        "first_recognised": None if held is not None else dossier.first_recognised,
    }


def _decision_corrected(dossier: Dossier, event: Told) -> Json:
    values = event.data["values"]
    certificate = dossier.certificate
    if certificate is not None:
        stars, number = values.get("stars", certificate.stars), values.get("certificate_number", certificate.number)
        certificate = replace(certificate, stars=stars, number=number)
    return {"certificate": certificate, "stars_decided": values.get("stars", dossier.stars_decided)}


def _undone(dossier: Dossier, event: Told) -> Dossier:
    """Back to what stood before the newest act; the record of both stays."""
    earlier = dossier.before
    if earlier is None:
        raise _nothing_to_undo(event)
    return earlier._replace(
        version=event.seq,
        last_hash=event.hash(),
        last_recorded_at=event.recorded_at,
        last_act=None,
        before=None,
    )


def _unmoved(_dossier: Dossier, _event: Told) -> Json:
    """What stands beside the dossier changed, nothing of itself."""
    return {}


#: Action -> the values that it changes, by their names in Dossier; what is not here is a move of the regime.
_CHANGES: dict[str, Callable[[Dossier, Told], Json]] = {
    "attach": _attached,
    "detach": _detached,
    "score": _scored,
    "assess": _assessed,
    "close_sitting": _sitting_closed,
    "fix": _fixed,
    "extend": _deadline_extended,
    "withhold": _unmoved,
    "annul_decision": _decision_annulled,
    "correct_decision": _decision_corrected,
    **dict.fromkeys(sorted(beside.ACTIONS), _beside),
    "reissue_certificate": _certificate_replaced,
    "correct_certificate": _certificate_replaced,
    "transfer_certificate": _certificate_transferred,
    "revoke_certificate": _certificate_revoked,
    "migrate": _migrated,
    "succeed": _succeeded,
}
#: Actions of the engine itself; a workflow file may not use these names.
ENGINE_ACTIONS = frozenset({"open", "undo", *_CHANGES})


def _attachments(event: Told) -> tuple[Evidence, ...]:
    seq, on = event.seq, event.occurred_on
    return tuple(
        [
            Evidence(
                seq,
                item["kind"],
                item["copies"],
                on,
                day_of(item["issued_on"]),
                day_of(item["expires_on"]),
                item["file"],
            )
            for item in event.data.get("evidence", ())
        ]
    )


@lru_cache(4096)
def _exact(text: str) -> Fraction:
    """An exact number; few points are given, and often."""
    return Fraction(text)
