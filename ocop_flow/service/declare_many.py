"""A whole table of past recognitions: judged line by line against what is recorded, then recorded as one or not at all.

Nothing is guessed into the record. What a line does not say stays unknown, and the certificate is ``unreconciled``
with a list of what to look up; where only a month or year is known, its end is reckoned from the first possible day,
so that nobody learns too late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from ocop_flow.domain import codes
from ocop_flow.domain.columns import Cell
from ocop_flow.domain.commands import Act, FileRef
from ocop_flow.domain.declared_row import DeclaredRow, Fault, read_row
from ocop_flow.domain.doers import Who
from ocop_flow.domain.event import Event
from ocop_flow.domain.names import fold, spelling
from ocop_flow.domain.places import Places
from ocop_flow.domain.record import stream_event
from ocop_flow.domain.situation import Desk
from ocop_flow.domain.units import Unit
from ocop_flow.errors import InputInvalid, Reason, Refused, reason
from ocop_flow.ports import Row, UnitOfWork
from ocop_flow.service.certificates import declarer
from ocop_flow.service.declared_line import COMPARED, JudgedLine, added_by, differs, loose, own_code, said
from ocop_flow.service.declared_recorded import RecordedCertificates, RecordedNames, RunningNumbers
from ocop_flow.service.desk import person
from ocop_flow.service.named_law import first_law
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.product_sets import sets_by_name
from ocop_flow.service.validity import valid_until

Json = dict[str, Any]
Progress = Callable[[int, int], None]
Line = tuple[int, Mapping[str, Cell]]

#: Lines looked up or written by one statement.
_CHUNK = 500
#: Lines between two reports of progress.
_STEP = 250


@dataclass(frozen=True, slots=True)
class DeclareMany:
    """A file of recognitions.

    digest         SHA-256 of the file, so that a repeated key can be told from another file
    given          field -> what holds for every line whose own cell is empty
    decision_file  the signed decision that serves the lines of its number
    skip_bad       whether lines at fault are left out instead of stopping all
    """

    file: str
    digest: str
    given: dict[str, str]
    decision_file: FileRef | None = None
    skip_bad: bool = False
    act: Act = field(default_factory=Act)


class TableFaulty(InputInvalid):
    """Lines at fault; nothing was written. ``report`` says the same by row and column."""

    def __init__(self, report: Json) -> None:
        super().__init__(*(item["reason"] for item in report["wrong"]))
        self.report = report


def declare_many(
    uow: UnitOfWork, office: Office, caller: Caller, command: DeclareMany, lines: Sequence[Line], progress: Progress
) -> Json:
    """Record every line that is new, complete those recorded with less, leave the rest alone.

    The answer counts lines made, changed and unchanged, and lists by row and field what is doubtful, wrong and
    unreconciled.
    raises  TableFaulty if a line is at fault and bad lines are not skipped; Refused if no line at all is this
            person's to declare
    """
    work = _Work(uow, office, caller, command, progress, len(lines))
    judged = list(work.judge(lines))
    work.check_decision_file(judged)
    work.check_rights()
    new, changes = work.compare(judged)
    if work.wrong and not command.skip_bad:
        raise TableFaulty(work.report(written=False, made=len(new), changed=len(changes)))
    work.write(new, changes)
    return work.report(written=True, made=len(new), changed=len(changes))


class _Work:
    """One table on its way: what is known, what was found, what is asked of people."""

    def __init__(
        self, uow: UnitOfWork, office: Office, caller: Caller, command: DeclareMany, progress: Progress, total: int
    ) -> None:
        self.uow, self.office, self.caller, self.command = uow, office, caller, command
        self.act = command.act
        self.today = office.today
        self.on = command.act.on or office.today
        self.progress, self.total = progress, total
        self.doubtful: list[Json] = []
        self.wrong: list[Json] = []
        self.unreconciled: list[Json] = []
        self.unchanged = 0
        self.refused = self.allowed = 0
        self.places = Places(uow.area("central"), self.today, self._own())
        self._posts: dict[tuple[object, ...], tuple[Who, Desk] | Reason] = {}
        self._sets = sets_by_name(uow)
        self._sealed: str | None = None
        self._first_law = first_law(uow)

    def _own(self) -> list[str]:
        actor = person(self.uow, self.act.by or self.caller.known())
        posts = [p for p in actor.posts if p.valid_from <= self.on and (p.valid_to is None or self.on <= p.valid_to)]
        return [post.unit for post in posts]

    def report(self, *, written: bool, made: int, changed: int) -> Json:
        return {
            "file": self.command.file,
            "rows": self.total,
            "made": made,
            "changed": changed,
            "unchanged": self.unchanged,
            "written": written,
            "doubtful": self.doubtful,
            "wrong": sorted(self.wrong, key=lambda item: item["row"]),
            "unreconciled": self.unreconciled,
        }

    def doubt(self, row: int, name: str, *reasons: Reason) -> None:
        self.doubtful += [{"row": row, "field": name, "reason": each} for each in reasons]

    def blame(self, row: int, name: str, *reasons: Reason) -> None:
        self.wrong += [{"row": row, "field": name, "reason": each} for each in reasons]

    # --- each line by itself -----------------------------------------------------------------------------------

    def judge(self, lines: Sequence[Line]) -> Iterator[JudgedLine]:
        """Lines that can be read and whose units are known."""
        for position, (row, cells) in enumerate(lines):
            if position % _STEP == 0:
                self.progress(position // 2, self.total)
            line, faults = read_row(row, cells, self.command.given)
            faults += self._untimely(line) if line else []
            if line is None or faults:
                for fault in faults:
                    self.blame(row, fault.field, fault.reason)
                continue
            judged = self._placed(line)
            if judged is not None:
                yield judged

    def _untimely(self, line: DeclaredRow) -> list[Fault]:
        if line.issued and line.issued.first > self.today:
            day = line.issued.first.isoformat()
            return [
                Fault(
                    "issued_on",
                    reason("day_in_future", day=day, today=self.today.isoformat(), option="issued_on"),
                )
            ]
        if line.source is None:
            return [Fault("source", reason("source_missing"))]
        return []

    def _placed(self, line: DeclaredRow) -> JudgedLine | None:
        day = line.issued.exact or line.issued.first if line.issued else self.on
        commune = issuer = None
        if line.commune is not None:
            found = self.places.commune(line.commune, line.district, line.province, day)
            self.doubt(line.row, "commune", *found.doubts)
            if found.fault is not None:
                self.blame(line.row, "commune", found.fault)
                return None
            commune = found.unit
        if line.issuer is not None:
            given = self.places.issuer(line.issuer, commune, day)
            self.doubt(line.row, "issuer", *given.doubts)
            if given.fault is not None:
                self.blame(line.row, "issuer", given.fault)
                return None
            issuer = given.unit
        if issuer is None and commune is not None:
            issuer = self.places.tree.reach(commune, "province", commune.nearest_valid_day(day))
        post = self._post(issuer, commune)
        if isinstance(post, Reason):
            self.blame(line.row, "issuer" if line.issuer else "commune", post)
            self.refused += 1
            return None
        self.allowed += 1
        self._out_of_cycle(line)
        return JudgedLine(line, commune, issuer, *post, self._facts(line, commune, issuer))

    def _post(self, issuer: Unit | None, commune: Unit | None) -> tuple[Who, Desk] | Reason:
        """In which post the caller declares for this issuer, looked up once for each."""
        start = issuer or commune
        key = (start.code, start.valid_from) if start else ("-",)
        if key not in self._posts:
            try:
                self._posts[key] = declarer(
                    self.uow, self.office, self.caller, self.act, issuer, commune, self.on, self.places.tree
                )
            except Refused as error:
                self._posts[key] = error.reasons[0]
        return self._posts[key]

    def _out_of_cycle(self, line: DeclaredRow) -> None:
        """A decision signed before the year that it rates, or before there was any national rule of rating."""
        if line.issued is None:
            return
        last = line.issued.last
        if line.year is not None and last.year < line.year:
            self.doubt(
                line.row, "issued_on", reason("decision_before_cycle", day=last.isoformat(), cycle=str(line.year))
            )
        elif self._first_law is not None and last.isoformat() < str(self._first_law.effective_from):
            law = self._first_law
            days = {"day": last.isoformat(), "first": str(law.effective_from)}
            self.doubt(line.row, "issued_on", reason("decision_before_law", source=law.decision, mark=law.mark, **days))

    def _facts(self, line: DeclaredRow, commune: Unit | None, issuer: Unit | None) -> Json:
        issued = line.issued.exact if line.issued else None
        end = line.valid_to
        if end is None and line.issued is not None:
            end = valid_until(self.uow, self.places.tree, issuer or commune, line.issued.first, line.stars)
        facts: Json = {
            "product": line.product,
            "product_code": "-",
            "product_set": self._product_set(line),
            "entity": line.entity,
            "entity_code": "-",
            "entity_kind": line.entity_kind,
            "stars": line.stars,
            "commune": commune.code if commune else None,
            "issuer": {"code": issuer.code, "name": issuer.name, "tier": issuer.tier} if issuer else None,
            "decision": line.decision,
            "issued_on": issued.isoformat() if issued else None,
            "valid_to": end.isoformat() if end else None,
            "source": line.source,
            "unreconciled": not (line.number and commune and issued),
        }
        if line.issued is not None and issued is None:
            facts["issued_between"] = [line.issued.first.isoformat(), line.issued.last.isoformat()]
        return facts

    def _product_set(self, line: DeclaredRow) -> str | None:
        if line.product_set is None:
            return None
        found = self._sets.get(loose(line.product_set))
        if found is None:
            self.doubt(line.row, "product_set", reason("product_set_unclear", name=line.product_set))
        return found

    # --- all lines together ------------------------------------------------------------------------------------

    def check_rights(self) -> None:
        """Where not one line is this person's to declare, the person is the fault, not the lines."""
        if self.refused and not self.allowed:
            raise Refused(*(found for found in self._posts.values() if isinstance(found, Reason)))

    def check_decision_file(self, judged: Sequence[JudgedLine]) -> None:
        """One file is one decision: the one named with it, else the only one in the table."""
        if self.command.decision_file is None or self.command.given.get("decision"):
            return
        numbers = sorted({each.line.decision or "-" for each in judged})
        if len(numbers) != 1 or numbers == ["-"]:
            raise InputInvalid(reason("decision_file_of_which", count=len(numbers), numbers=", ".join(numbers[:5])))

    def compare(self, judged: list[JudgedLine]) -> tuple[list[JudgedLine], list[tuple[JudgedLine, Row, Json]]]:
        """(lines to make, lines to change with their certificate and what they add)."""
        known = RecordedCertificates(self.uow, judged)
        new: list[JudgedLine] = []
        changes: list[tuple[JudgedLine, Row, Json]] = []
        numbers: dict[str, JudgedLine] = {}
        twins: dict[tuple[object, ...], JudgedLine] = {}
        kin: dict[tuple[str, str, object], JudgedLine] = {}
        used: set[str] = set()
        for each in judged:
            number = each.line.number
            first = numbers.setdefault(number, each) if number else twins.setdefault(each.identity, each)
            if first is not each:
                self._repeated(each, first)
                continue
            outcome = self._against(each, known.of(each, used))
            if isinstance(outcome, tuple):
                changes.append((each, *outcome))
            elif outcome:
                new.append(each)
                self._kin(each, kin)
        self._spellings(new, known)
        return new, changes

    def _repeated(self, each: JudgedLine, first: JudgedLine) -> None:
        if each.identity == first.identity:
            self.unchanged += 1
            self.doubt(each.line.row, "", reason("row_repeated", first=first.line.row))
        else:
            self.blame(each.line.row, "number", reason("number_twice", number=each.line.number, first=first.line.row))

    def _kin(self, each: JudgedLine, kin: dict[tuple[str, str, object], JudgedLine]) -> None:
        """Two lines without numbers for one product that differ in what may be missing from one of them."""
        key = (fold(each.line.product), fold(each.line.entity), each.line.stars)
        first = kin.setdefault(key, each)
        if first is not each and (each.line.number is None or first.line.number is None):
            alike = all(
                each.facts[name] == first.facts[name] or None in (each.facts[name], first.facts[name])
                for name in ("commune", "decision", "issued_on")
            )
            if alike:
                self.doubt(each.line.row, "product", reason("row_like_another", first=first.line.row))

    def _against(self, each: JudgedLine, recorded: Row | None) -> bool | tuple[Row, Json]:
        """True: to be made; a certificate with what is added: to be changed; False: neither."""
        if recorded is None:
            return True
        differing = [name for name in COMPARED if differs(each, recorded, name)]
        if differing:
            for name in differing:
                then, now = str(recorded[COMPARED[name]]), str(said(each, name))
                self.blame(
                    each.line.row,
                    name,
                    reason("declared_differs", number=recorded["number"], recorded=then, given=now),
                )
            return False
        added = added_by(each, recorded)
        if not added:
            self.unchanged += 1
            if recorded["unreconciled"]:
                self._to_do(each, recorded["number"])
            return False
        return recorded, added

    def _spellings(self, new: list[JudgedLine], known: RecordedCertificates) -> None:
        """Names that are one name but for marks or an abbreviation, within the table and against the registry."""
        entities: dict[tuple[str, str | None], str] = {
            (loose(row["name"]), row["commune"]): row["name"] for row in known.entities.values()
        }
        products: dict[tuple[str, str, str | None], str] = {}
        for each in new:
            commune = each.commune.code if each.commune else None
            seen = entities.setdefault((loose(each.line.entity), commune), each.line.entity)
            if spelling(seen) != spelling(each.line.entity):
                self.doubt(each.line.row, "entity", reason("two_spellings", given=each.line.entity, other=seen))
            key = (loose(each.line.product), loose(each.line.entity), commune)
            like = products.setdefault(key, each.line.product)
            if spelling(like) != spelling(each.line.product):
                self.doubt(each.line.row, "product", reason("two_spellings", given=each.line.product, other=like))

    # --- writing -----------------------------------------------------------------------------------------------

    def write(self, new: list[JudgedLine], changes: list[tuple[JudgedLine, Row, Json]]) -> None:
        if not new and not changes:
            self.progress(self.total, self.total)
            return
        book = RecordedNames(self.uow, [*new, *(each for each, _, _ in changes)], self.on)
        numbers = RunningNumbers(self.uow)
        for start in range(0, len(new), _CHUNK):
            part = new[start : start + _CHUNK]
            self.uow.append_new([event for each in part for event in self._events(each, book, numbers)])
            self.progress(self.total // 2 + (start + len(part)) * self.total // (2 * len(new)), self.total)
        for each, recorded, added in changes:
            self._change(each, recorded, added, book)
        self.progress(self.total, self.total)

    def _events(self, each: JudgedLine, book: RecordedNames, numbers: RunningNumbers) -> Iterator[Event]:
        facts = dict(each.facts)
        yield from book.registered(each, self._part, facts)
        day = each.line.issued.first if each.line.issued else self.on
        code = each.line.number or numbers.take(day.year)
        paper = self._decision_paper(each)
        if paper is not None:
            facts["decision_file"] = paper
        if facts["unreconciled"]:
            self._to_do(each, code)
        yield stream_event(each.base, ("certificate", code), None, "declare", each.who, self._part, facts)

    @property
    def _part(self) -> Act:
        """The act without its key, which names the whole table."""
        return replace(self.act, key=None)

    def _change(self, each: JudgedLine, recorded: Row, added: Json, book: RecordedNames) -> None:
        """What a later table adds; a number that was missing gives a new certificate in the old one's place."""
        subject = ("certificate", recorded["number"])
        head = self.uow.head(*subject)
        if "number" in added:
            data: Json = {"status": "replaced", "by": each.line.number}
            self.uow.append(stream_event(each.base, subject, head, "replace", each.who, self._part, data))
            facts = {**each.facts, **{name: each.facts[name] or recorded[name] for name in ("decision", "product_set")}}
            merged = replace(each, facts=facts)
            self.uow.append_new(list(self._events(merged, book, RunningNumbers(self.uow))))
            return
        facts = {"commune": recorded["commune"], **added}
        if recorded["entity"] == "-" and each.commune is not None:
            self.uow.append_new(list(book.registered(each, self._part, facts)))
        complete = (
            not own_code(recorded["number"]) and facts["commune"] and (recorded["issued_on"] or facts.get("issued_on"))
        )
        facts["unreconciled"] = not complete
        if not complete:
            self._to_do(each, recorded["number"])
        self.uow.append(stream_event(each.base, subject, head, "complete", each.who, self._part, facts))

    def _decision_paper(self, each: JudgedLine) -> str | None:
        """What stands in the log for the signed decision: sealed once, named by each of its lines."""
        file = self.command.decision_file
        asked = self.command.given.get("decision")
        if file is None or (asked and each.line.decision != codes.document_number(asked)):
            return None
        if self._sealed is None:
            self.uow.keep_file(file)
            self._sealed = self.uow.seal({"sha256": file.sha256, "name": file.name})
        return self._sealed

    def _to_do(self, each: JudgedLine, code: str) -> None:
        facts = each.facts
        lacking = {"number": each.line.number, "commune": facts["commune"], "issued_on": facts["issued_on"]}
        missing = [name for name, value in lacking.items() if not value]
        if missing:
            item = reason("unreconciled_lacks" if facts["valid_to"] else "unreconciled_without_end", number=code)
            self.unreconciled.append(
                {"row": each.line.row, "field": missing[0], "certificate": code, "missing": missing, "reason": item}
            )
