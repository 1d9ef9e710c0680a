"""What a letter to an entity says: what is missing, a return and its date, its window, the end, the result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from ocop_flow.domain import requirements
from ocop_flow.domain.dossier import Dossier
from ocop_flow.errors import Text
from ocop_flow.ports import Line, News, Row, UnitOfWork
from ocop_flow.service.numbers import chunks
from ocop_flow.service.standing import Standing

Json = dict[str, Any]
_NO_NAME = Text("", "")


class EntityLines:
    """Lines of one day's letters to entities; dossiers read once."""

    def __init__(self, uow: UnitOfWork, today: date) -> None:
        self._uow = uow
        self._today = today
        self._notices: dict[str, Row] = {}
        self._dossiers: dict[str, Dossier | None] = {}
        self._standing = Standing(uow, today)

    def prepare(self, reminders: Sequence[Row]) -> None:
        """Read the notices that these reminders are about."""
        wanted = [row["deadline"] for row in reminders if row["role"] == "entity"]
        for holders, params in chunks([each for each in wanted if each not in self._notices]):
            found = self._uow.query(f"SELECT * FROM entity_notice WHERE id IN ({holders})", **params)
            self._notices |= {row["id"]: row for row in found}

    def notice(self, reminder: Row) -> Line | None:
        """The line of something told once; None where the reminder is about a duty."""
        row = self._notices.get(reminder["deadline"])
        if row is None:
            return None
        dossier = self._dossier(row["dossier"])
        if dossier is None:
            return None
        event = next(each for each in self._uow.events("dossier", dossier.code) if each.seq == row["seq"])
        due_on = self._supplement_due(dossier, row) if row["kind"] == "returned" else None
        certificate = dossier.certificate if row["kind"] in ("recognised", "revoked") else None
        return Line(
            kind=row["kind"],
            subject="dossier",
            code=dossier.code,
            product=dossier.product_name,
            entity=dossier.entity_name,
            name=_NO_NAME,
            state=None,
            unit=row["unit_name"] or "",
            due_on=due_on,
            days_left=(due_on - self._today).days if due_on else 0,
            provisional=False,
            late_entry=False,
            source=dossier.regime,
            identity=row["id"],
            news=News(
                on=date.fromisoformat(row["told_of"]),
                said=event.reason,
                missing=self._missing(dossier) if row["kind"] == "returned" else (),
                stars=certificate.stars if certificate else None,
                certificate=certificate.number if certificate else None,
                decision=event.signer.number if event.signer else certificate.decision if certificate else None,
                valid_to=certificate.valid_to if certificate else None,
            ),
        )

    def duty(self, duty: Row, line: Line) -> Line:
        """The line of a duty with what its entity needs to know."""
        if duty["kind"] == "certificate_expiry":
            kind, window = self._ending(duty["subject"], line)
            return line._replace(kind=kind, news=News(window=window, valid_to=line.due_on))
        dossier = self._dossier(duty["subject"])
        if dossier is None:
            return line._replace(news=News())
        kind = "supplement" if duty["rule"] == "supplement" else line.kind
        return line._replace(kind=kind, news=News(said=self._said(dossier), missing=self._missing(dossier)))

    def _ending(self, number: str, line: Line) -> tuple[str, tuple[date, date] | None]:
        """What is told of the end of a certificate, and the window of its re-rating where that is still to be filed."""
        row = self._uow.rows("certificate", number=number)[0]
        if line.days_left < 0:
            in_grace = self._standing.of(row) == "grace"
            return "certificate_grace" if in_grace else "certificate_ended", None
        if self._standing.goes_on(row) is not None:
            return "certificate_expiry_transition", None
        window = self._window(number)
        late = window is not None and window[1] < self._today
        return "certificate_expiry_late" if late else line.kind, window

    def _dossier(self, code: str) -> Dossier | None:
        if code not in self._dossiers:
            self._dossiers[code] = self._uow.dossier(code)
        return self._dossiers[code]

    def _supplement_due(self, dossier: Dossier, notice: Row) -> date | None:
        rows = self._uow.query(
            "SELECT due_on FROM deadline WHERE subject = :code AND rule = 'supplement' AND start_on = :on "
            "AND outcome IS NULL ORDER BY id DESC LIMIT 1",
            code=dossier.code,
            on=notice["told_of"],
        )
        return date.fromisoformat(rows[0]["due_on"]) if rows else None

    def _said(self, dossier: Dossier) -> str | None:
        """Why the dossier was last returned, while it is with the entity."""
        last = dossier.visits[-1]
        if last.kind != "return":
            return None
        return next((e.reason for e in self._uow.events("dossier", dossier.code) if e.seq == last.seq), None)

    def _missing(self, dossier: Dossier) -> Sequence[tuple[Text, int]]:
        """Papers of the filing of which too few are valid: what offices add later is not the entity's to bring."""
        regime = self._uow.law(dossier.workflow_hash).regime
        filing = regime.filing_action
        if filing is None:
            return ()
        states = requirements.evidence_states(regime, dossier, filing, self._today)
        return tuple(
            (regime.evidence[each.need.kind].label, each.need.copies - each.have) for each in states if not each.met
        )

    def _window(self, number: str) -> tuple[date, date] | None:
        """When a re-rating is to be filed, where the law has a window and none is filed yet."""
        rows = self._uow.query(
            "SELECT start_on, due_on FROM deadline WHERE subject = :number AND kind = 're_rating_filing' "
            "AND outcome IS NULL",
            number=number,
        )
        if not rows or not rows[0]["start_on"]:
            return None
        return date.fromisoformat(rows[0]["start_on"]), date.fromisoformat(rows[0]["due_on"])
