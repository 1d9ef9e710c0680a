"""The rows of certificates, issued by a dossier or declared from before, and of what is recorded beside them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import beside, canonical, deadlines, registry
from ocop_flow.domain.dossier import day_text
from ocop_flow.domain.names import search_key
from ocop_flow.store.counter_rows import count_code
from ocop_flow.store.duty_rows import deadline_row

if TYPE_CHECKING:
    from ocop_flow.domain.beside import Margin
    from ocop_flow.domain.dossier import Certificate, Dossier
    from ocop_flow.domain.kept import Kept
    from ocop_flow.domain.regime import Regime
    from ocop_flow.store.unit_of_work import SqlUnitOfWork

Row = dict[str, Any]


def save_certificates(uow: SqlUnitOfWork, dossier: Dossier, before: Dossier | None) -> list[str]:
    """Certificates of a dossier in place of those that it had; the numbers of both."""
    if before is not None and before.certificate is None and dossier.certificate is None:
        return []
    had = [row["number"] for row in uow.rows("certificate", dossier=dossier.code)]
    for number in had:
        uow.remove("certificate", number=number)
    if dossier.certificate is not None:
        for certificate in (*dossier.earlier_certificates, dossier.certificate):
            _save_certificate(uow, dossier, certificate)
    return had


def _save_certificate(uow: SqlUnitOfWork, dossier: Dossier, certificate: Certificate) -> None:
    count_code(uow, "certificate", certificate.number)
    uow.put("certificate", **certificate_row(dossier, certificate))


def certificate_row(dossier: Dossier, certificate: Certificate) -> Row:
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
        "status_on": day_text(certificate.status_on),
        "replaced_by": certificate.replaced_by,
        "disputed": dossier.margin.disputed is not None,
        "unreconciled": False,
        "source": None,
        "dossier": dossier.code,
        "kept": _kept(dossier.kept),
    }


def save_margin(uow: SqlUnitOfWork, subject: tuple[str, str], commune: str | None, margin: Margin) -> None:
    """The rows of what stands beside a dossier or a declared certificate."""
    uow.remove("beside", subject=subject[1])
    bodies = beside.to_json(margin)["records"]
    for record, body in zip(margin.records, bodies, strict=True):
        uow.put(
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


def re_rated_on(uow: SqlUnitOfWork, numbers: Iterable[str]) -> date | None:
    """The day on which a re-rating of one of these certificates was filed first."""
    filed = [
        found.filed_on
        for number in numbers
        for row in uow.rows("dossier", previous=number)
        if (found := uow.dossier(row["code"])) is not None and found.kind == "re_rating" and found.filed_on
    ]
    return min(filed, default=None)


def save_declared(uow: SqlUnitOfWork, number: str) -> None:
    """The row and the deadlines of a declared certificate, from its whole stream."""
    found = registry.replay_certificate(uow.events("certificate", number))
    if found is None:
        return
    count_code(uow, "certificate", found.number)
    uow.put("certificate", **declared_row(found))
    if found.margin.records or found.status == "replaced":
        save_margin(uow, ("certificate", found.number), found.commune, found.margin)
    uow.remove("deadline", subject_kind="certificate", subject=found.number)
    for row in Duties(uow).rows(found, re_rated_on(uow, (number,))):
        uow.put("deadline", **row)


def declared_row(found: registry.DeclaredCertificate) -> Row:
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
        "issued_on": day_text(found.issued_on),
        "valid_to": day_text(found.valid_to),
        "status": found.status,
        "status_on": day_text(found.status_on),
        "replaced_by": found.replaced_by,
        "disputed": found.margin.disputed is not None,
        "unreconciled": found.unreconciled,
        "source": found.source,
        "dossier": None,
        "kept": _kept(found.kept),
    }


class Duties:
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


def _kept(kept: Kept | None) -> str | None:
    return canonical.text(kept.body) if kept else None
