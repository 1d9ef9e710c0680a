"""What time alone brings about: certificates that end, and the text of old letters that is dropped."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from ocop_flow.domain.decide import system_move
from ocop_flow.domain.event import time_text
from ocop_flow.domain.record import known_dossier
from ocop_flow.ports import Row, UnitOfWork
from ocop_flow.service.office import Office
from ocop_flow.service.standing import Standing

Json = dict[str, Any]
#: Days for which the text of a sent letter is kept; that it was sent is kept for ever.
_LETTERS_KEPT = timedelta(days=400)


def expire(office: Office) -> Json:
    """Record the end of every certificate whose last valid day is over, each in a transaction of its own."""
    with office.reader() as uow:
        rows = uow.query(
            "SELECT number, dossier, valid_to FROM certificate "
            "WHERE valid_to < :today AND status = 'valid' AND dossier IS NOT NULL ORDER BY valid_to, number",
            today=office.today.isoformat(),
        )
    expired = 0
    problems: list[Json] = []
    for row in rows:
        try:
            with office.writer() as uow:
                expired += _expire(uow, office, row)
                uow.commit()
        except Exception as error:  # noqa: BLE001 - one bad dossier is told and stops none of the others
            problems.append({"dossier": row["dossier"], "detail": f"{type(error).__name__}: {error}"})
    return {"expired": expired, "problems": problems}


def _expire(uow: UnitOfWork, office: Office, row: Row) -> int:
    """1 if the dossier was moved; 0 where somebody did so meanwhile, and while it is rated again or in grace."""
    dossier = known_dossier(uow.dossier(row["dossier"]), row["dossier"])
    if dossier.certificate is None or dossier.certificate.status != "valid" or dossier.phase != "promotion":
        return 0
    if Standing(uow, office.today).of(uow.rows("certificate", number=row["number"])[0]) == "grace":
        return 0
    law = uow.law(dossier.workflow_hash)
    on = date.fromisoformat(row["valid_to"]) + timedelta(1)
    uow.append(system_move(dossier, "expire", on, office.clock.now(), law, {}))
    return 1


def tidy(uow: UnitOfWork, office: Office) -> Json:
    """Drop the text of letters sent long ago."""
    before = time_text(office.clock.now() - _LETTERS_KEPT)
    dropped = uow.execute_many(
        "DELETE FROM message_body WHERE message IN "
        "(SELECT id FROM message WHERE status = 'sent' AND next_at < :before AND sent_at < :before)",
        [{"before": before}],
    )
    return {"dropped": dropped}
