"""The law as rows: documents under their hashes, and the calendar that its days are counted by.

What only rating needs is imported where it is used: reading one dossier starts with this module.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import canonical
from ocop_flow.domain.outline import Outline, of_document
from ocop_flow.errors import Unavailable, reason
from ocop_flow.store.reference import Reference

if TYPE_CHECKING:
    from ocop_flow.domain.calendar import Calendar, Notice
    from ocop_flow.domain.criteria import CriteriaSet, StarCondition
    from ocop_flow.domain.regime import Document
    from ocop_flow.domain.situation import Law

#: From the adopted notices that hold somewhere to the calendar there.
CalendarSource = Callable[[Sequence["Notice"]], "Calendar"]


class Laws(Reference):
    """Documents never change under their hash; the law in force and the notices are read again when they changed."""

    def __init__(self, *args: Any, calendar: CalendarSource, **named: Any) -> None:
        super().__init__(*args, **named)
        self._calendar = calendar
        #: The notices of a part that is counted with others than those adopted, and the calendars by them.
        self._supposed: tuple[Notice, ...] | None = None
        self._supposed_calendars: dict[tuple[str, ...], Calendar] = {}

    def store_document(self, kind: str, document: Document) -> str:
        body = canonical.encode(document)
        digest = canonical.sha256(body)
        if not self.query("SELECT hash FROM document WHERE hash = :hash", hash=digest):
            self.execute(
                "INSERT INTO document (hash, kind, body) VALUES (:hash, :kind, :body)",
                hash=digest,
                kind=kind,
                body=body,
            )
        return digest

    def document(self, digest: str) -> Document | None:
        found = self.remembered("SELECT body FROM document WHERE hash = :hash", hash=digest)
        if not found:
            return None
        document: Document = canonical.decode(found[0]["body"])
        return document

    def law(self, digest: str) -> Law:
        if digest not in self._memory.laws:
            from ocop_flow.domain import machine
            from ocop_flow.domain.regime_document import from_document
            from ocop_flow.domain.situation import Law

            regime = from_document(self._pinned(digest))
            self._memory.laws[digest] = Law(regime, digest, machine.table_of(regime))
        return self._memory.laws[digest]

    def outline(self, digest: str) -> Outline:
        if digest not in self._memory.outlines:
            self._memory.outlines[digest] = of_document(self._pinned(digest))
        return self._memory.outlines[digest]

    def _pinned(self, digest: str) -> Document:
        document = self.document(digest)
        if document is None:
            raise Unavailable(reason("document_absent", hash=digest))
        return document

    def law_on(self, day: date, province: str | None, regime: str | None = None) -> Law | None:
        """National documents hold by their own dates; a province's adopted form from the day it says."""
        in_force, key = self.known("law").in_force, (day, province or "", regime or "")
        try:
            digest = in_force[key]
        except KeyError:
            digest = in_force[key] = self._in_force(*key)
        return self.law(digest) if digest is not None else None

    def _in_force(self, day: date, province: str, regime: str) -> str | None:
        rows = self.remembered(
            "SELECT regime, province, hash, effective_from FROM law "
            "WHERE province IN ('', :province) AND (:regime = '' OR regime = :regime) "
            "AND (:regime <> '' OR ((regime_from = '' OR regime_from <= :day) "
            "AND (regime_to = '' OR regime_to >= :day))) "
            "AND (province = '' OR effective_from <= :day) "
            "ORDER BY province DESC, effective_from DESC, seq DESC LIMIT 1",
            province=province,
            regime=regime,
            day=day.isoformat(),
        )
        return str(rows[0]["hash"]) if rows else None

    def criteria(self, workflow: str, product_set: str) -> CriteriaSet | None:
        """The tree that a stored regime names for a product set; None where it has none."""
        from ocop_flow.domain.criteria import set_from_document

        digest = ((self.document(workflow) or {}).get("criteria") or {}).get(product_set)
        document = self.document(digest) if digest else None
        return set_from_document(document) if document else None

    def conditions(self, workflow: str, product_set: str, on: date) -> tuple[StarCondition, ...]:
        """The named star minima that a stored regime asks of a product set on a day."""
        from ocop_flow.domain.criteria import conditions_for, conditions_from_document, industry_of

        hashes = ((self.document(workflow) or {}).get("star_conditions") or {}).values()
        documents = [self.document(digest) for digest in hashes]
        sets = [conditions_from_document(document) for document in documents if document]
        return conditions_for(sets, on, industry_of(product_set, self.criteria(workflow, product_set), sets))

    def calendar(self, units: Iterable[str] = ()) -> Calendar:
        notices = self.notices()
        calendars = self.known("law").calendars if self._supposed is None else self._supposed_calendars
        local = {notice.unit for notice in notices}
        key = tuple(unit for unit in units if unit in local)
        try:
            return calendars[key]
        except KeyError:
            from ocop_flow.domain.calendar import notices_for

            found = calendars[key] = self._calendar(notices_for(notices, key))
            return found

    def notices(self) -> tuple[Notice, ...]:
        """The adopted notices, and one that is supposed."""
        if self._supposed is not None:
            return self._supposed
        known = self.known("law")
        if known.notices is None:
            from ocop_flow.store import notice_rows

            known.notices = notice_rows.read(self)
        return known.notices

    def _stop_supposing(self) -> None:
        self._supposed = None
        self._supposed_calendars.clear()

    @contextmanager
    def _counting_with(self, notices: tuple[Notice, ...]) -> Iterator[None]:
        self._stop_supposing()
        self._supposed = notices
        try:
            yield
        finally:
            self._stop_supposing()

    def supposing(self, notice: Notice) -> AbstractContextManager[None]:
        from ocop_flow.domain.calendar import replaced

        return self._counting_with(replaced(self.notices(), notice))

    def knowing(self, at: datetime) -> AbstractContextManager[None]:
        from ocop_flow.store import notice_rows

        return self._counting_with(notice_rows.known(self, at))

    def hold_calendar(self) -> None:
        """SQLite has one writer anyway."""
        if self._writes and not self._sqlite:
            self.driver.execute("LOCK TABLE notice IN EXCLUSIVE MODE")
            self.look_again()
