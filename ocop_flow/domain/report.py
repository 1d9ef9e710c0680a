"""Reports: figures as a document printed them, each with its qualifier and what the document says they follow from.

A printed figure is a fact about the document, never about the register: nothing here is repaired, and reported figures
are never added to what is counted. Whether they agree with one another is for ``domain.report_check`` to say.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import reduce
from typing import Any, Final, TypeGuard

from ocop_flow.domain.event import Event
from ocop_flow.domain.exact import parse_exact
from ocop_flow.domain.names import fold
from ocop_flow.errors import InputInvalid, Reason, Text, reason

Json = dict[str, Any]

#: The one action of a report's stream; a second event of it corrects the first, and both stay.
REPORTED: Final = "reported"

#: How firmly a number is printed: `62`; `trên 80`; `không quá 5`; `khoảng 40`; `8-10`.
QUALIFIERS = ("exact", "at_least", "at_most", "about", "range")
#: What the number is of: something reached, only proposed (`đề nghị công nhận`), or wanted.
STANDINGS = ("reached", "proposed", "wanted")
#: Over what it is counted: all there ever were, one round, or one year.
COUNTINGS = ("cumulative", "round", "year")
#: What a document can say a figure follows from; see ``Relation``.
RELATIONS = ("share", "times", "sum", "reaches", "within")
#: Relations that print a number of their own.
_STATED = ("share", "times")

_CODE = re.compile(r"[a-z][a-z0-9_]{0,59}")
_SLUG_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Relation:
    """What the document says of a figure and others.

    kind    share    the figure is ``stated`` per cent of ``of[0]``
            times    the figure is ``stated`` times ``of[0]``
            sum      the figure is the sum of ``of``
            reaches  the figure and ``of[1:]`` together reach ``of[0]``
            within   the figure is a part of ``of[0]``
    stated  as printed, a decimal number with the decimals it was printed with
    """

    kind: str
    of: tuple[str, ...]
    stated: str | None


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed number.

    high     upper end of a range, None otherwise
    stars    ranks it is of; empty: of any, or not of products
    tier     the number counts units of this tier below the issuer; which ones is not said
    unit     code of the unit it is assigned to, where that is another than the issuer
    as_of    day at whose end it held; None: that of the report
    by       day by which it is wanted
    wording  the document's own words, where the number does not say all
    """

    id: str
    metric: str
    title: Text
    value: int
    qualifier: str
    high: int | None
    standing: str
    stars: tuple[int, ...]
    counting: str | None
    round: int | None
    year: int | None
    tier: str | None
    assigned_by: str | None
    as_of: date | None
    by: date | None
    wording: str | None
    reading: Text | None
    relations: tuple[Relation, ...]

    @property
    def interval(self) -> tuple[int, int | None] | None:
        """(least, most) that the print allows, most None where it is open; None for an approximate number."""
        ends: dict[str, tuple[int, int | None]] = {
            "exact": (self.value, self.value),
            "at_least": (self.value, None),
            "at_most": (0, self.value),
            "range": (self.value, self.high),
        }
        return ends.get(self.qualifier)


@dataclass(frozen=True, slots=True)
class Report:
    """A report as it stands; ``reported_on`` is the legal day of its newest version, ``version`` how many there are."""

    identity: str
    issuer: Json
    title: Text
    as_of: date
    figures: tuple[Figure, ...]
    source: str
    reported_on: date
    version: int


def identity(issuer: str, as_of: date, title: str) -> str:
    """Stream code of a report, e.g. ``36:2020-04-14:san-pham-duoc-cong-nhan``."""
    words = re.findall(r"[a-z0-9]+", fold(title))
    slug = "-".join(words)[:_SLUG_LENGTH].strip("-") or "bao-cao"
    return f"{issuer}:{as_of.isoformat()}:{slug}"


def reported_data(issuer: Json, title: Text, as_of: date, figures: Iterable[Json], source: str) -> Json:
    """What stands in the event."""
    return {
        "issuer": issuer,
        "title": {"vi": title.vi, "en": title.en},
        "as_of": as_of.isoformat(),
        "figures": list(figures),
        "source": source,
    }


def replay(events: Iterable[Event]) -> Report | None:
    return reduce(evolve, events, None)


def evolve(report: Report | None, event: Event) -> Report:
    """The newest version as a whole; a later ``reported`` takes the place of the one before."""
    data = event.data
    version = report.version + 1 if report else 1
    fresh = Report(
        identity=event.subject,
        issuer=data["issuer"],
        title=Text(**data["title"]),
        as_of=date.fromisoformat(data["as_of"]),
        figures=tuple(_figure(doc) for doc in data["figures"]),
        source=data["source"],
        reported_on=event.occurred_on,
        version=version,
    )
    return fresh if report is None else replace(fresh, identity=report.identity)


def figures_of(docs: Iterable[Json]) -> tuple[Figure, ...]:
    """The figures of a report as it is written.

    raises  InputInvalid with every fault: an id or metric that is no code, one that comes twice, an unknown qualifier,
            standing, counting or relation, a range without its ends, a relation to a figure that is not there
    """
    listed = list(docs)
    faults = [*_repeated(listed), *(fault for doc in listed for fault in _faults(doc, _ids(listed)))]
    if not listed:
        faults.append(reason("report_empty"))
    if faults:
        raise InputInvalid(*faults)
    return tuple(_figure(doc) for doc in listed)


def figure_json(figure: Figure) -> Json:
    """A figure as it stands in the event and on the screen; what is not said is left out."""
    found: Json = {
        "id": figure.id,
        "metric": figure.metric,
        "title": {"vi": figure.title.vi, "en": figure.title.en},
        "value": figure.value,
        "qualifier": figure.qualifier,
        "high": figure.high,
        "standing": figure.standing,
        "stars": list(figure.stars),
        "counting": figure.counting,
        "round": figure.round,
        "year": figure.year,
        "tier": figure.tier,
        "assigned_by": figure.assigned_by,
        "as_of": figure.as_of.isoformat() if figure.as_of else None,
        "by": figure.by.isoformat() if figure.by else None,
        "wording": figure.wording,
        "reading": {"vi": figure.reading.vi, "en": figure.reading.en} if figure.reading else None,
        "relations": [_relation_json(relation) for relation in figure.relations],
    }
    return {key: value for key, value in found.items() if value not in (None, [])}


def _relation_json(relation: Relation) -> Json:
    found: Json = {"kind": relation.kind, "of": list(relation.of)}
    return found if relation.stated is None else {**found, "stated": relation.stated}


def _figure(doc: Json) -> Figure:
    return Figure(
        id=doc["id"],
        metric=doc["metric"],
        title=Text(**doc["title"]),
        value=doc["value"],
        qualifier=doc.get("qualifier", "exact"),
        high=doc.get("high"),
        standing=doc.get("standing", "reached"),
        stars=tuple(doc.get("stars", ())),
        counting=doc.get("counting"),
        round=doc.get("round"),
        year=doc.get("year"),
        tier=doc.get("tier"),
        assigned_by=doc.get("assigned_by"),
        as_of=_day(doc.get("as_of")),
        by=_day(doc.get("by")),
        wording=doc.get("wording"),
        reading=Text(**doc["reading"]) if "reading" in doc else None,
        relations=tuple(
            Relation(item["kind"], tuple(item["of"]), item.get("stated")) for item in doc.get("relations", ())
        ),
    )


def _ids(docs: list[Json]) -> frozenset[str]:
    return frozenset(str(doc.get("id")) for doc in docs)


def _repeated(docs: list[Json]) -> Iterator[Reason]:
    seen: set[str] = set()
    for doc in docs:
        name = str(doc.get("id"))
        if name in seen:
            yield reason("figure_repeated", figure=name)
        seen.add(name)


def _faults(doc: Json, known: frozenset[str]) -> Iterator[Reason]:
    name = str(doc.get("id"))
    for key in ("id", "metric"):
        if not _CODE.fullmatch(str(doc.get(key))):
            yield reason("figure_code_wrong", figure=name, key=key, value=str(doc.get(key)))
    value, high = doc.get("value"), doc.get("high")
    if not _is_count(value):
        yield reason("figure_value_wrong", figure=name, value=str(value))
    for key, words, default in (
        ("qualifier", QUALIFIERS, "exact"),
        ("standing", STANDINGS, "reached"),
        ("counting", COUNTINGS, COUNTINGS[0]),
    ):
        if doc.get(key, default) not in words:
            yield reason("figure_word_unknown", figure=name, key=key, value=str(doc[key]), known=", ".join(words))
    ranged = doc.get("qualifier") == "range"
    if ranged != (high is not None) or (ranged and not (_is_count(high) and _is_count(value) and value <= high)):
        yield reason("figure_range_wrong", figure=name)
    for relation in doc.get("relations", ()):
        yield from _relation_faults(name, relation, known)


def _relation_faults(name: str, relation: Json, known: frozenset[str]) -> Iterator[Reason]:
    kind = relation.get("kind")
    if kind not in RELATIONS:
        yield reason("figure_word_unknown", figure=name, key="relation", value=str(kind), known=", ".join(RELATIONS))
        return
    others = relation.get("of", ())
    if not others:
        yield reason("figure_relation_empty", figure=name, relation=kind)
    for other in others:
        if other not in known or other == name:
            yield reason("figure_unknown", figure=name, other=str(other))
    if (kind in _STATED) != ("stated" in relation):
        yield reason("figure_relation_empty", figure=name, relation=kind)
    elif "stated" in relation:
        yield from _stated_faults(relation["stated"])


def _stated_faults(stated: Any) -> Iterator[Reason]:
    try:
        parse_exact(str(stated))
    except InputInvalid as error:
        yield from error.reasons


def _is_count(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
