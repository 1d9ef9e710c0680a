"""Findings that only many histories together show: each detector gathers a little from every case, then judges.

``gather`` yields small items, so that histories can stream past; ``judge`` sees all items of one detector.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from ocop_flow.domain.decision import MOVING, RECORDED
from ocop_flow.domain.event import UnitRef
from ocop_flow.domain.findings import Case, Found, Limits
from ocop_flow.errors import Text, reason

if TYPE_CHECKING:
    from datetime import date

    from ocop_flow.domain.event import Event

#: 123/QĐ-UBND, 123/2026/QĐ-UBND; and the program's own numbers of certificates, which are one series a year.
_DOCUMENT = re.compile(r"(?P<number>\d{1,5})(?:/\d{4})?/(?P<kind>.+)")
_OWN = re.compile(r"CN-(?P<year>\d{4})-(?P<number>\d{6,9})-[A-Z]")
#: How many missing numbers of one series are named.
_NAMED = 20


class Late(NamedTuple):
    on: date
    entry: str
    unit: UnitRef | None
    subject: str
    days: int


class Stayed(NamedTuple):
    on: date
    unit: UnitRef
    subject: str
    seq: int
    days: int


class Used(NamedTuple):
    on: date
    sha256: str
    label: Text
    product: str
    subject: str
    seq: int
    unit: UnitRef | None


class Numbered(NamedTuple):
    """A document of a series: ``issuer`` None for the program's own numbers."""

    on: date
    issuer: UnitRef | None
    year: int
    kind: str
    number: int
    subject_kind: str
    subject: str


# --- recorded from paper, by campaign ---------------------------------------------------------------------------------


def late_from_paper(case: Case) -> Iterator[Late]:
    for step in case.steps:
        event = step.event
        if event.entry != "live" and step.late > case.limits.late:
            yield Late(event.occurred_on, event.entry, event.recorder.unit, event.subject, step.late)


def campaigns(items: Iterable[Late], _limits: Limits) -> Iterator[Found]:
    """One finding for each paper campaign of a unit, at its newest act."""
    grouped: dict[tuple[str, str], list[Late]] = defaultdict(list)
    for item in items:
        grouped[item.entry, item.unit.code if item.unit else ""].append(item)
    for (entry, _), late in sorted(grouped.items()):
        last = max(late, key=lambda item: item.on)
        because = reason(
            "found_late_campaign",
            campaign=entry.partition(":")[2],
            count=len(late),
            dossiers=len({item.subject for item in late}),
            days=max(item.days for item in late),
        )
        yield Found("recorded_late", "dossier", last.subject, None, last.on, last.unit, because)


# --- who holds dossiers longest ---------------------------------------------------------------------------------------


def stayed(case: Case) -> Iterator[Stayed]:
    for held in case.held:
        yield Stayed(held.until, held.unit, case.dossier.code, held.seq, held.days)


def held_longest(items: Iterable[Stayed], limits: Limits) -> Iterator[Found]:
    """The units with the longest stay on average, each with the dossier that it held longest."""
    grouped: dict[str, list[Stayed]] = defaultdict(list)
    for item in items:
        grouped[item.unit.code].append(item)
    ranked = sorted(grouped.values(), key=lambda stays: (-sum(s.days for s in stays) / len(stays), stays[0].unit.code))
    for stays in ranked[: limits.longest]:
        longest = max(stays, key=lambda stay: stay.days)
        because = reason(
            "found_held_longest",
            unit=longest.unit.name,
            average=round(sum(stay.days for stay in stays) / len(stays)),
            count=len(stays),
            dossier=longest.subject,
            days=longest.days,
        )
        if longest.days:
            yield Found("held_longest", "dossier", longest.subject, longest.seq, longest.on, longest.unit, because)


# --- evidence used again ----------------------------------------------------------------------------------------------


def used(case: Case) -> Iterator[Used]:
    """Every file handed in, but for what was withdrawn as filed wrongly."""
    files = case.files or {}
    acts = [step.event for step in case.standing]
    gone = {(act.data["filed"], kind) for act in acts if act.action == "detach" for kind in act.data["kinds"]}
    for event in acts:
        for item in event.data.get("evidence", ()):
            digest = files.get(item["file"] or "")
            if digest is not None and (event.seq, item["kind"]) not in gone:
                product = case.dossier.product
                yield Used(event.occurred_on, digest, item["kind"], product, event.subject, event.seq, event.actor.unit)


def evidence_reused(items: Iterable[Used], _limits: Limits) -> Iterator[Found]:
    """The same file handed in for another product; told at each use after the first product's."""
    first: dict[str, Used] = {}
    for item in sorted(items, key=lambda item: (item.on, item.subject, item.seq)):
        known = first.setdefault(item.sha256, item)
        if known.product != item.product:
            because = reason("found_reused", kind=item.label, other=known.subject, product=known.product)
            yield Found("evidence_reused", "dossier", item.subject, item.seq, item.on, item.unit, because)


# --- gaps in numbers --------------------------------------------------------------------------------------------------


def numbered(case: Case) -> Iterator[Numbered]:
    """Numbers of what was signed and of certificates, as a dossier names them."""
    for step in case.steps:
        yield from numbers_of(step.event)


def numbers_of(event: Event) -> Iterator[Numbered]:
    """The numbered documents that one event names: its signed paper, the certificate that it issued."""
    signer = event.signer
    if signer is not None:
        yield from _numbered(event, signer.number, event.actor.unit, signer.date)
    issued = event.data.get("certificate") or event.data.get("new")
    if isinstance(issued, dict) and "number" in issued:
        yield from _numbered(event, issued["number"], event.actor.unit, event.occurred_on)


def _numbered(event: Event, text: str, issuer: UnitRef | None, on: date) -> Iterator[Numbered]:
    own, typed = _OWN.fullmatch(text), _DOCUMENT.fullmatch(text)
    if own is not None:
        yield Numbered(on, None, int(own["year"]), "CN", int(own["number"]), event.subject_kind, event.subject)
    elif typed is not None and issuer is not None:
        number = int(typed["number"])
        yield Numbered(on, issuer, on.year, typed["kind"], number, event.subject_kind, event.subject)


def number_gap(items: Iterable[Numbered], _limits: Limits) -> Iterator[Found]:
    """Numbers that lack between the first and the last of one issuer, year and kind; one finding for each series."""
    series: dict[tuple[str, int, str], dict[int, Numbered]] = defaultdict(dict)
    for item in items:
        series[item.issuer.code if item.issuer else "", item.year, item.kind].setdefault(item.number, item)
    for (_, year, kind), known in sorted(series.items()):
        lacking = sorted(set(range(min(known), max(known))) - known.keys())
        if not lacking:
            continue
        last = known[max(known)]
        shown = ", ".join(map(str, lacking[:_NAMED])) + ("…" if len(lacking) > _NAMED else "")
        because = reason("found_gap", series=f"{kind} {year}", count=len(lacking), numbers=shown)
        yield Found("number_gap", last.subject_kind, last.subject, None, last.on, last.issuer, because)


# --- numbers used twice -----------------------------------------------------------------------------------------------


class Signed(NamedTuple):
    """A paper behind an act: ``kind`` is the phase that it decided, or the kind of a recorded decision that moves
    nothing; None for one that lists dossiers."""

    on: date
    issuer: UnitRef
    number: str
    signer: str
    kind: str | None
    subject_kind: str
    subject: str
    seq: int | None


def signed(case: Case) -> Iterator[Signed]:
    for step in case.standing:
        event, before = step.event, step.before
        if event.signer is not None and event.actor.unit is not None and before is not None:
            paper = event.signer
            where = ("dossier", event.subject, event.seq)
            yield Signed(paper.date, event.actor.unit, paper.number, paper.name, before.phase, *where)


def signed_decision(event: Event) -> Iterator[Signed]:
    """The paper of a recorded decision itself."""
    if event.action == RECORDED and event.signer is not None:
        data, paper = event.data, event.signer
        kind = None if data["kind"] in MOVING else data["kind"]
        yield Signed(
            paper.date, UnitRef(**data["issuer"]), paper.number, paper.name, kind, "decision", event.subject, None
        )


def number_reused(items: Iterable[Signed], _limits: Limits) -> Iterator[Found]:
    """One number of one issuer and year with several days, signers or matters; told at the newest of them.

    source  a number is its issuer's for one year (30/2020/NĐ-CP); that a paper has one day and one signer is derived
    """
    papers: dict[tuple[str, int, str], list[Signed]] = defaultdict(list)
    for item in items:
        papers[item.issuer.code, item.on.year, item.number].append(item)
    for (_, _, number), uses in sorted(papers.items(), key=lambda pair: pair[0]):
        days, people = {item.on.isoformat() for item in uses}, {item.signer for item in uses}
        kinds = {item.kind for item in uses} - {None}
        if max(len(days), len(people), len(kinds)) > 1:
            last = max(uses, key=lambda item: (item.on, item.subject, item.seq or 0))
            because = reason(
                "found_number_reused",
                number=number,
                unit=last.issuer.name,
                subjects=", ".join(sorted({item.subject for item in uses})[:_NAMED]),
                days=", ".join(sorted(days)),
                people=", ".join(sorted(people)),
            )
            yield Found("number_reused", last.subject_kind, last.subject, last.seq, last.on, last.issuer, because)


@dataclass(frozen=True, slots=True)
class Across:
    """How far a detector looks: what lies outside of the area, or of the time, asked about may still explain a finding.

    whole_area, whole_time  items from everywhere, or from every day, are judged, and only the findings are narrowed
    """

    gather: Callable[[Case], Iterator[Any]]
    judge: Callable[[Iterable[Any], Limits], Iterator[Found]]
    whole_area: bool = False
    whole_time: bool = False


#: Detectors that look at many dossiers.
ACROSS: Mapping[str, Across] = {
    "recorded_late": Across(late_from_paper, campaigns),
    "held_longest": Across(stayed, held_longest),
    "evidence_reused": Across(used, evidence_reused, whole_area=True, whole_time=True),
    "number_gap": Across(numbered, number_gap, whole_area=True),
    "number_reused": Across(signed, number_reused, whole_area=True, whole_time=True),
}
