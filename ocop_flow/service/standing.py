"""What certificates are worth on a day: valid, in the window of the re-rating, in grace, expired, revoked, replaced."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from ocop_flow.domain.filing_window import grace_of, window_of
from ocop_flow.service.numbers import chunks

if TYPE_CHECKING:
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.regime import Grace, Regime
    from ocop_flow.ports import Row, UnitOfWork


class Standing:
    """The state of certificates on one day; what many of them share is read once.

    A status that came later than the day does not hold yet on it.
    """

    def __init__(self, uow: UnitOfWork, on: date) -> None:
        self._uow = uow
        self._on = on
        self._laws: dict[str | None, Regime | None] = {}
        self._filed: set[str] = set()
        self._asked: set[str] = set()

    def prepare(self, rows: Iterable[Row]) -> None:
        """Read the re-ratings of those that are past their end, all at once."""
        wanted = sorted({row["number"] for row in rows if self._past(row)} - self._asked)
        self._asked |= set(wanted)
        for holders, params in chunks(wanted):
            sql = f"SELECT code, previous FROM dossier WHERE previous IN ({holders})"
            for found in self._uow.query(sql, **params):
                dossier = self._uow.dossier(found["code"])
                if dossier is not None and self._undecided(dossier):
                    self._filed.add(found["previous"])

    def of(self, row: Row) -> str:
        """The status of one certificate; see ``certificate show`` in the contract."""
        if self._settled(row):
            return str(row["status"])
        if row["valid_to"] is None:
            return "unknown"
        left = (date.fromisoformat(row["valid_to"]) - self._on).days
        if left < 0:
            return "grace" if self._in_grace(row, -left) else "expired"
        law = self._law(row)
        window = window_of(law, date.fromisoformat(row["valid_to"])) if law else None
        return "re_rating_window" if window and window.latest_days <= left <= window.earliest_days else "valid"

    def _settled(self, row: Row) -> bool:
        """Revoked or replaced by the day; that it ran out is told by its end alone."""
        later = row["status_on"] is not None and row["status_on"] > self._on.isoformat()
        return row["status"] not in ("valid", "expired") and not later

    def _past(self, row: Row) -> bool:
        return not self._settled(row) and row["valid_to"] is not None and row["valid_to"] < self._on.isoformat()

    def _law(self, row: Row) -> Regime | None:
        issuer = row["issuer_code"]
        if issuer not in self._laws:
            law = self._uow.law_on(self._on, issuer)
            self._laws[issuer] = law.regime if law else None
        return self._laws[issuer]

    def goes_on(self, row: Row) -> Grace | None:
        """By how much a certificate with an end outlives it while it is rated again, because it was issued before the
        law of the day, whose window it could no longer meet; None where that is not so."""
        law = self._law(row)
        issued = date.fromisoformat(row["issued_on"]) if row["issued_on"] else None
        return grace_of(law, issued, date.fromisoformat(row["valid_to"])) if law else None

    def _in_grace(self, row: Row, over: int) -> bool:
        """Transition (26/2026/QĐ-TTg art. 12): it goes on, and its re-rating is undecided."""
        grace = self.goes_on(row)
        if grace is None or over > grace.days:
            return False
        self.prepare([row])
        return row["number"] in self._filed

    def _undecided(self, dossier: Dossier) -> bool:
        """A re-rating filed by the day, and not decided by it."""
        decided = (visit.on for visit in dossier.visits if visit.state.startswith(("promotion.", "closed.")))
        over = min(decided, default=None)
        filed = dossier.filed_on is not None and dossier.filed_on <= self._on
        return dossier.kind == "re_rating" and filed and (over is None or over > self._on)
