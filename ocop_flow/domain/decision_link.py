"""A move by a numbered document, held against the decision of that number if one is recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ocop_flow.errors import Reason, reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocop_flow.domain.event import Signer
    from ocop_flow.domain.regime import Action
    from ocop_flow.domain.situation import CitedPaper, NamedDecision
    from ocop_flow.domain.units import Unit

Json = dict[str, Any]


def link(
    recorded: Iterable[NamedDecision],
    signer: Signer | None,
    unit: Unit | None,
    action: Action,
    stars: int | None,
    cited: Iterable[CitedPaper] = (),
) -> tuple[Json, tuple[Reason, ...]]:
    """What the event says of the recorded decision, and what differs between the two.

    A number is its issuer's for one year (Decree 30/2020/NĐ-CP): that of another unit or year is another document.
    One that is not recorded is held against what the issuer put it behind before.
    """
    if signer is None or unit is None:
        return {}, ()
    found = next((d for d in recorded if d.issuer == unit.code and d.decided_on.year == signer.date.year), None)
    if found is None:
        return {}, tuple(_used_otherwise(cited, signer, unit))
    return {"decision": found.identity}, () if found.own else tuple(_differences(found, signer, action, stars))


def _used_otherwise(cited: Iterable[CitedPaper], signer: Signer, unit: Unit) -> Iterable[Reason]:
    """That the number stands behind something of the year already, with another day or signer."""
    for each in cited:
        other_signer = each.signer is not None and each.signer != signer.name
        if each.on.year == signer.date.year and (each.on != signer.date or other_signer):
            yield already_used(each, signer.number, unit)
            return


def already_used(paper: CitedPaper, number: str, unit: Unit) -> Reason:
    return reason(
        "decision_number_used",
        number=number,
        unit=unit.name,
        subject=paper.subject,
        day=paper.on.isoformat(),
        person=paper.signer or "-",
    )


def _differences(found: NamedDecision, signer: Signer, action: Action, stars: int | None) -> Iterable[Reason]:
    if found.annulled:
        yield reason("decision_is_annulled", decision=found.identity)
    if found.decided_on != signer.date:
        yield reason(
            "decision_date_differs",
            decision=found.identity,
            recorded=found.decided_on.isoformat(),
            given=signer.date.isoformat(),
        )
    if found.signer not in (None, signer.name):
        yield reason(
            "decision_signer_differs", decision=found.identity, recorded=found.signer or "-", given=signer.name
        )
    if found.line is None:
        yield reason("decision_lists_not", decision=found.identity)
    elif found.line[0] != action.id or found.line[1] not in (None, stars):
        shown = found.line[1] if found.line[1] is not None else "-"
        yield reason("decision_says_other", decision=found.identity, action=found.line[0], stars=shown)
