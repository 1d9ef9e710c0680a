"""A whole table of past recognitions: judged line by line against what is recorded, then recorded as one or not at all.

Nothing is guessed into the record. What a line does not say stays unknown, and the certificate is ``unreconciled``
with a list of what to look up; where only a month or year is known, its end is reckoned from the first possible day,
so that nobody learns too late.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from ocop_flow.domain import codes
from ocop_flow.domain.columns import Cell
from ocop_flow.domain.commands import Act, FileRef
from ocop_flow.domain.declared_row import DeclaredRow, Fault, read_row
from ocop_flow.domain.doers import Who
from ocop_flow.domain.event import Event
from ocop_flow.domain.names import fold, spelling
from ocop_flow.domain.opening import commune_json
from ocop_flow.domain.period import last_valid_day
from ocop_flow.domain.places import Places
from ocop_flow.domain.record import stream_event
from ocop_flow.domain.situation import Desk
from ocop_flow.domain.units import Unit
from ocop_flow.errors import InputInvalid, Reason, Refused, reason
from ocop_flow.ports import Row, UnitOfWork
from ocop_flow.service.certificates import declarer
from ocop_flow.service.desk import person
from ocop_flow.service.numbers import chunks
from ocop_flow.service.office import Caller, Office

Json = dict[str, Any]
Progress = Callable[[int, int], None]
Line = tuple[int, Mapping[str, Cell]]

#: Lines looked up or written by one statement.
_CHUNK = 500
#: Lines between two reports of progress.
_STEP = 250
#: Months that a certificate of three stars or more is valid (1048/QĐ-TTg, 148/QĐ-TTg, 26/2026/QĐ-TTg).
_MONTHS = 36
#: The first law on rating; what was signed before it belongs to no cycle (1048/QĐ-TTg of 21 August 2019).
_FIRST_CYCLE = date(2019, 8, 21)
_ABBREVIATED = {
    "htx": "hop tac xa", "tht": "to hop tac", "cty": "cong ty", "ct": "cong ty", "dn": "doanh nghiep",
    "hkd": "ho kinh doanh", "tnhh": "trach nhiem huu han", "cp": "co phan", "sx": "san xuat", "tm": "thuong mai",
    "dv": "dich vu", "nn": "nong nghiep", "mtv": "mot thanh vien", "kd": "kinh doanh",
}  # fmt: skip
_NO_LETTER = re.compile(r"[\W_]+")


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


@dataclass(frozen=True, slots=True)
class _Judged:
    """A line with its units found. ``facts`` is what the certificate's first event says of it."""

    line: DeclaredRow
    commune: Unit | None
    issuer: Unit | None
    who: Who
    base: Desk
    facts: Json

    @property
    def identity(self) -> tuple[object, ...]:
        """What makes two lines without numbers the same recognition."""
        names = ("stars", "commune", "decision", "issued_on", "valid_to")
        return (spelling(self.line.product), spelling(self.line.entity), *(self.facts[name] for name in names))


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
        self._sets = _product_sets(uow)
        self._sealed: str | None = None

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

    def judge(self, lines: Sequence[Line]) -> Iterator[_Judged]:
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
            return [Fault("issued_on", reason("day_in_future", day=day, today=self.today.isoformat()))]
        if line.source is None:
            return [Fault("source", reason("source_missing"))]
        return []

    def _placed(self, line: DeclaredRow) -> _Judged | None:
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
        return _Judged(line, commune, issuer, *post, self._facts(line, commune, issuer))

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
        """A decision signed before the year that it rates, or before there was any rating."""
        if line.issued is None:
            return
        last = line.issued.last
        if line.year is not None and last.year < line.year:
            self.doubt(
                line.row, "issued_on", reason("decision_before_cycle", day=last.isoformat(), cycle=str(line.year))
            )
        elif last < _FIRST_CYCLE:
            first = _FIRST_CYCLE.isoformat()
            self.doubt(
                line.row,
                "issued_on",
                reason(
                    "decision_before_law", source="1048/QĐ-TTg", mark="two_sources", day=last.isoformat(), first=first
                ),
            )

    def _facts(self, line: DeclaredRow, commune: Unit | None, issuer: Unit | None) -> Json:
        issued = line.issued.exact if line.issued else None
        end = line.valid_to
        if end is None and line.issued is not None and line.stars >= 3:
            end = last_valid_day(line.issued.first, _MONTHS, "anniversary")
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
        found = self._sets.get(_loose(line.product_set))
        if found is None:
            self.doubt(line.row, "product_set", reason("product_set_unclear", name=line.product_set))
        return found

    # --- all lines together ------------------------------------------------------------------------------------

    def check_rights(self) -> None:
        """Where not one line is this person's to declare, the person is the fault, not the lines."""
        if self.refused and not self.allowed:
            raise Refused(*(found for found in self._posts.values() if isinstance(found, Reason)))

    def check_decision_file(self, judged: Sequence[_Judged]) -> None:
        """One file is one decision: the one named with it, else the only one in the table."""
        if self.command.decision_file is None or self.command.given.get("decision"):
            return
        numbers = sorted({each.line.decision or "-" for each in judged})
        if len(numbers) != 1 or numbers == ["-"]:
            raise InputInvalid(reason("decision_file_of_which", count=len(numbers), numbers=", ".join(numbers[:5])))

    def compare(self, judged: list[_Judged]) -> tuple[list[_Judged], list[tuple[_Judged, Row, Json]]]:
        """(lines to make, lines to change with their certificate and what they add)."""
        known = _Recorded(self.uow, judged)
        new: list[_Judged] = []
        changes: list[tuple[_Judged, Row, Json]] = []
        numbers: dict[str, _Judged] = {}
        twins: dict[tuple[object, ...], _Judged] = {}
        kin: dict[tuple[str, str, object], _Judged] = {}
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

    def _repeated(self, each: _Judged, first: _Judged) -> None:
        if each.identity == first.identity:
            self.unchanged += 1
            self.doubt(each.line.row, "", reason("row_repeated", first=first.line.row))
        else:
            self.blame(each.line.row, "number", reason("number_twice", number=each.line.number, first=first.line.row))

    def _kin(self, each: _Judged, kin: dict[tuple[str, str, object], _Judged]) -> None:
        """Two lines without numbers for one product that differ in what may be missing from one of them."""
        key = (fold(each.line.product), fold(each.line.entity), each.line.stars)
        first = kin.setdefault(key, each)
        if first is not each and (each.line.number is None or first.line.number is None):
            loose = all(
                each.facts[name] == first.facts[name] or None in (each.facts[name], first.facts[name])
                for name in ("commune", "decision", "issued_on")
            )
            if loose:
                self.doubt(each.line.row, "product", reason("row_like_another", first=first.line.row))

    def _against(self, each: _Judged, recorded: Row | None) -> bool | tuple[Row, Json]:
        """True: to be made; a certificate with what is added: to be changed; False: neither."""
        if recorded is None:
            return True
        differing = [name for name in _COMPARED if _differs(each, recorded, name)]
        if differing:
            for name in differing:
                then, now = str(recorded[_COMPARED[name]]), str(_value(each, name))
                self.blame(
                    each.line.row,
                    name,
                    reason("declared_differs", number=recorded["number"], recorded=then, given=now),
                )
            return False
        added = _added(each, recorded)
        if not added:
            self.unchanged += 1
            if recorded["unreconciled"]:
                self._to_do(each, recorded["number"])
            return False
        return recorded, added

    def _spellings(self, new: list[_Judged], known: _Recorded) -> None:
        """Names that are one name but for marks or an abbreviation, within the table and against the registry."""
        entities: dict[tuple[str, str | None], str] = {
            (_loose(row["name"]), row["commune"]): row["name"] for row in known.entities.values()
        }
        products: dict[tuple[str, str, str | None], str] = {}
        for each in new:
            commune = each.commune.code if each.commune else None
            seen = entities.setdefault((_loose(each.line.entity), commune), each.line.entity)
            if spelling(seen) != spelling(each.line.entity):
                self.doubt(each.line.row, "entity", reason("two_spellings", given=each.line.entity, other=seen))
            key = (_loose(each.line.product), _loose(each.line.entity), commune)
            like = products.setdefault(key, each.line.product)
            if spelling(like) != spelling(each.line.product):
                self.doubt(each.line.row, "product", reason("two_spellings", given=each.line.product, other=like))

    # --- writing -----------------------------------------------------------------------------------------------

    def write(self, new: list[_Judged], changes: list[tuple[_Judged, Row, Json]]) -> None:
        if not new and not changes:
            self.progress(self.total, self.total)
            return
        book = _Registry(self.uow, [*new, *(each for each, _, _ in changes)], self.on)
        numbers = _Numbers(self.uow)
        for start in range(0, len(new), _CHUNK):
            part = new[start : start + _CHUNK]
            self.uow.append_new([event for each in part for event in self._events(each, book, numbers)])
            self.progress(self.total // 2 + (start + len(part)) * self.total // (2 * len(new)), self.total)
        for each, recorded, added in changes:
            self._change(each, recorded, added, book)
        self.progress(self.total, self.total)

    def _events(self, each: _Judged, book: _Registry, numbers: _Numbers) -> Iterator[Event]:
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

    def _change(self, each: _Judged, recorded: Row, added: Json, book: _Registry) -> None:
        """What a later table adds; a number that was missing gives a new certificate in the old one's place."""
        subject = ("certificate", recorded["number"])
        head = self.uow.head(*subject)
        if "number" in added:
            data: Json = {"status": "replaced", "by": each.line.number}
            self.uow.append(stream_event(each.base, subject, head, "replace", each.who, self._part, data))
            facts = {**each.facts, **{name: each.facts[name] or recorded[name] for name in ("decision", "product_set")}}
            merged = replace(each, facts=facts)
            self.uow.append_new(list(self._events(merged, book, _Numbers(self.uow))))
            return
        facts = {"commune": recorded["commune"], **added}
        if recorded["entity"] == "-" and each.commune is not None:
            self.uow.append_new(list(book.registered(each, self._part, facts)))
        complete = (
            not _own_code(recorded["number"]) and facts["commune"] and (recorded["issued_on"] or facts.get("issued_on"))
        )
        facts["unreconciled"] = not complete
        if not complete:
            self._to_do(each, recorded["number"])
        self.uow.append(stream_event(each.base, subject, head, "complete", each.who, self._part, facts))

    def _decision_paper(self, each: _Judged) -> str | None:
        """What stands in the log for the signed decision: sealed once, named by each of its lines."""
        file = self.command.decision_file
        asked = self.command.given.get("decision")
        if file is None or (asked and each.line.decision != codes.document_number(asked)):
            return None
        if self._sealed is None:
            self.uow.keep_file(file)
            self._sealed = self.uow.seal({"sha256": file.sha256, "name": file.name})
        return self._sealed

    def _to_do(self, each: _Judged, code: str) -> None:
        facts = each.facts
        lacking = {"number": each.line.number, "commune": facts["commune"], "issued_on": facts["issued_on"]}
        missing = [name for name, value in lacking.items() if not value]
        if missing:
            item = reason("unreconciled_lacks" if facts["valid_to"] else "unreconciled_without_end", number=code)
            self.unreconciled.append(
                {"row": each.line.row, "field": missing[0], "certificate": code, "missing": missing, "reason": item}
            )


#: Field of a line -> column of the certificate that must not contradict it.
_COMPARED = {
    "product": "product_name",
    "entity": "entity_name",
    "stars": "stars",
    "commune": "commune",
    "issuer": "issuer_code",
    "decision": "decision",
    "issued_on": "issued_on",
    "valid_to": "valid_to",
    "product_set": "product_set",
}


def _value(each: _Judged, name: str) -> Any:
    if name == "issuer":
        return each.facts["issuer"]["code"] if each.facts["issuer"] else None
    return each.facts[name]


def _differs(each: _Judged, recorded: Row, name: str) -> bool:
    """Whether both say something, and not the same. What was only reckoned contradicts nothing."""
    given, then = _value(each, name), recorded[_COMPARED[name]]
    if given is None or then is None:
        return False
    if name in ("product", "entity"):
        return _loose(str(given)) != _loose(str(then))
    if name == "issuer" and each.line.issuer is None:
        return False
    if name == "valid_to" and each.line.valid_to is None:
        return recorded["issued_on"] is not None and each.facts["issued_on"] is not None and given != then
    if name == "valid_to" and recorded["issued_on"] is None:
        return False
    return bool(given != then)


def _added(each: _Judged, recorded: Row) -> Json:
    """What a line says that its certificate does not."""
    if recorded["dossier"] is not None:
        return {}
    added: Json = {}
    if each.line.number and _own_code(recorded["number"]) and each.line.number != recorded["number"]:
        added["number"] = each.line.number
    for name in ("commune", "decision", "issued_on", "product_set"):
        if recorded[name] is None and each.facts[name] is not None:
            added[name] = each.facts[name]
    if recorded["issuer_code"] is None and each.facts["issuer"] is not None:
        added["issuer"] = each.facts["issuer"]
    end = each.facts["valid_to"]
    firm = each.line.valid_to is not None or "issued_on" in added
    if end is not None and end != recorded["valid_to"] and (recorded["valid_to"] is None or firm):
        added["valid_to"] = end
    return added


def _own_code(number: str) -> bool:
    """Whether a certificate has no number but the code that this program gave it."""
    return number.startswith(codes.PREFIXES["certificate"] + "-")


def _loose(text: str) -> str:
    """A name without marks and punctuation, its abbreviations written out."""
    words = _NO_LETTER.sub(" ", fold(text)).split()
    return " ".join(_ABBREVIATED.get(word, word) for word in words)


def _product_sets(uow: UnitOfWork) -> dict[str, str]:
    """Names and ids of product sets under every law -> id."""
    found: dict[str, str] = {}
    for law in uow.query("SELECT DISTINCT hash FROM law"):
        for name, digest in ((uow.document(law["hash"]) or {}).get("criteria") or {}).items():
            found[_loose(name)] = name
            found.setdefault(_loose(str((uow.document(digest) or {}).get("name_vi", name))), name)
    return found


class _Recorded:
    """What the database holds of a table's certificates, read in few statements."""

    def __init__(self, uow: UnitOfWork, judged: Sequence[_Judged]) -> None:
        self._numbers: dict[str, Row] = {}
        self._open: dict[tuple[str, str], list[Row]] = defaultdict(list)
        self.entities: dict[str, Row] = {}
        wanted = sorted({each.line.number for each in judged if each.line.number})
        for holders, params in chunks(wanted):
            for row in uow.query(f"SELECT * FROM certificate WHERE number IN ({holders})", **params):
                self._numbers[row["number"]] = row
        names = sorted({fold(each.line.entity) for each in judged})
        for holders, params in chunks(names):
            for row in uow.query(f"SELECT * FROM entity WHERE folded IN ({holders})", **params):
                self.entities[row["code"]] = row
        for row in uow.query("SELECT * FROM certificate WHERE unreconciled AND status <> 'replaced'"):
            self._put(row)
        products: list[str] = []
        for holders, params in chunks(sorted(self.entities)):
            products += [
                r["code"] for r in uow.query(f"SELECT code FROM product WHERE entity IN ({holders})", **params)
            ]
        for holders, params in chunks(products):
            for row in uow.query(
                f"SELECT * FROM certificate WHERE NOT unreconciled AND product IN ({holders})", **params
            ):
                self._put(row)

    def _put(self, row: Row) -> None:
        self._open[(_loose(row["product_name"]), _loose(row["entity_name"]))].append(row)

    def of(self, each: _Judged, used: set[str]) -> Row | None:
        """The certificate that a line speaks of: by its number, else by what it says."""
        found = self._numbers.get(each.line.number) if each.line.number else None
        if found is None:
            pool = self._open.get((_loose(each.line.product), _loose(each.line.entity)), [])
            pool = [row for row in pool if row["number"] not in used and self._may_be(each, row)]
            found = max(pool, key=lambda row: _agreement(each, row), default=None)
        if found is not None:
            used.add(found["number"])
        return found

    def _may_be(self, each: _Judged, row: Row) -> bool:
        """Without a number on both sides, nothing may be contradicted and something besides the names must agree."""
        if each.line.number and not _own_code(row["number"]):
            return False
        same = not any(_differs(each, row, name) for name in _COMPARED)
        return same and (_agreement(each, row) >= 10 or each.identity[2:] == _bare_identity(row))


def _agreement(each: _Judged, row: Row) -> int:
    """How many facts are the same, present or absent, present ones counting more."""
    score = 0
    for name in ("commune", "decision", "issued_on", "valid_to"):
        if each.facts[name] == row[name]:
            score += 10 if row[name] is not None else 1
    return score


def _bare_identity(row: Row) -> tuple[object, ...]:
    return (row["stars"], row["commune"], row["decision"], row["issued_on"], row["valid_to"])


class _Numbers:
    """Running numbers of certificates that have none of their own, given out without asking the database each time."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._next: dict[int, int] = {}

    def take(self, year: int, kind: str = "certificate") -> str:
        number = self._next.get(year) or self._uow.next_number(kind, year)
        self._next[year] = number + 1
        return codes.make(kind, year, number)


class _Registry:
    """Entities and products of the table: those recorded, and those that its lines bring."""

    def __init__(self, uow: UnitOfWork, judged: Sequence[_Judged], on: date) -> None:
        self._year = on.year
        self._entities: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        self._products: dict[tuple[str, str], str] = {}
        self._numbers = {kind: _Numbers(uow) for kind in ("entity", "product")}
        names = sorted({fold(each.line.entity) for each in judged})
        recorded: list[str] = []
        for holders, params in chunks(names):
            for row in uow.query(
                f"SELECT * FROM entity WHERE merged_into IS NULL AND folded IN ({holders}) ORDER BY code", **params
            ):
                self._entities[(row["folded"], row["commune"])].append((row["kind"], row["code"]))
                recorded.append(row["code"])
        for holders, params in chunks(recorded):
            for row in uow.query(
                f"SELECT * FROM product WHERE merged_into IS NULL AND entity IN ({holders}) ORDER BY code", **params
            ):
                self._products.setdefault((row["entity"], row["folded"]), row["code"])

    def registered(self, each: _Judged, part: Act, facts: Json) -> Iterator[Event]:
        """Events that add the line's entity and product where they are new; their codes go into ``facts``."""
        if each.commune is None:
            return
        line, key = each.line, (fold(each.line.entity), each.commune.code)
        kinds = self._entities[key]
        entity = next((code for kind, code in kinds if kind == line.entity_kind), None)
        if entity is None and line.kind_guessed and len(kinds) == 1:
            entity = kinds[0][1]
        if entity is None:
            entity = self._numbers["entity"].take(self._year, "entity")
            kinds.append((str(line.entity_kind), entity))
            commune = commune_json(each.commune)
            data: Json = {"name": line.entity, "kind": line.entity_kind, "commune": commune, "contacts": {}}
            yield stream_event(each.base, ("entity", entity), None, "add", each.who, part, data)
        product = self._products.get((entity, fold(line.product)))
        if product is None:
            product = self._numbers["product"].take(self._year, "product")
            self._products[(entity, fold(line.product))] = product
            data = {"name": line.product, "entity": entity, "product_set": facts.get("product_set") or "unknown"}
            yield stream_event(each.base, ("product", product), None, "add", each.who, part, data)
        facts["entity_code"], facts["product_code"] = entity, product
