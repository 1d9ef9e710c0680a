"""What an act asked for, as far as its event tells: judged again, it gives the same answer."""

from __future__ import annotations

from datetime import date

from ocop_flow.domain.commands import Act, Advance, Attachment, Paper
from ocop_flow.domain.event import Event


def command_of(event: Event) -> Advance:
    return Advance(
        dossier=event.subject,
        action=event.action,
        act=act_of(event),
        attachments=attachments_of(event),
        as_decided=bool(event.overridden),
    )


def act_of(event: Event) -> Act:
    signer = event.signer
    paper = Paper()
    if signer is not None:
        paper = Paper(
            number=signer.number,
            date=signer.date,
            signed_by=signer.login,
            capacity=signer.capacity,
            sealed=signer.file,
        )
    return Act(on=event.occurred_on, by=event.actor.login, entry=event.entry, reason=event.reason, paper=paper)


def attachments_of(event: Event) -> tuple[Attachment, ...]:
    return tuple(
        Attachment(
            kind=item["kind"],
            copies=item["copies"],
            issued_on=_day(item["issued_on"]),
            expires_on=_day(item["expires_on"]),
            sealed=item["file"],
        )
        for item in event.data.get("evidence", ())
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
