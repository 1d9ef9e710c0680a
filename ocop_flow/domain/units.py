"""Administrative units through time: who a code meant on a day, who stands above, who came after.

A code is not a unit: 3,349 codes had two lives (12103 was Phường Bần Yên Nhân until 30 June 2025 and is Phường Mỹ Hào
since). So everything here is asked of a code or unit *on a day* (DESIGN section 5). Before 1 July 2025 communes hang
under districts, since then under provinces (Resolution 202/2025/QH15).
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ocop_flow.domain.names import fold, has_diacritics, sort_key, spelling
from ocop_flow.errors import InputInvalid, Reason, reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

#: Tiers from the lowest to the highest.
TIERS = ("commune", "district", "province", "central")
_RANKS = {tier: rank for rank, tier in enumerate(TIERS)}

#: First day for which the tree is recorded and not approximated. Units with an unknown beginning are given with the
#: parents of their last day; the last reorganisation among them ended 571 units on 31 December 2024, so from this day
#: those parents are the true ones (its 696 districts are those of the official count), and before it a guess.
TREE_KNOWN_FROM = date(2025, 1, 1)

#: Answers of one tree that are kept.
_KEPT = 20_000


def tier_rank(tier: str) -> int:
    """Height of a tier: 0 for the commune, 3 for the centre; ValueError for any other word."""
    return _RANKS[tier] if tier in _RANKS else TIERS.index(tier)


@dataclass(frozen=True, slots=True)
class Unit:
    """One life of a code.

    code         digits of the national list (province 2, district 3, commune 5), or ``central``
    name         with its kind word, e.g. ``Phường Mỹ Hào``
    kind         xã, phường, thị trấn, đặc khu, huyện, quận, thị xã, thành phố, tỉnh, thành phố trung ương
    tier         one of TIERS
    parent_code  code of the unit above; None for a province (its parent is CENTRAL) and for CENTRAL
    valid_from   first day, None where unknown
    valid_to     last day, None while it lasts
    """

    code: str
    name: str
    kind: str
    tier: str
    parent_code: str | None
    valid_from: date | None
    valid_to: date | None

    def valid_on(self, day: date) -> bool:
        """Whether the unit exists on ``day``; an unknown beginning counts as long ago."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)

    def nearest_valid_day(self, day: date) -> date:
        """``day`` if the unit exists then, else its first or last day: the day on which to show its parents."""
        if self.valid_from is not None and day < self.valid_from:
            return self.valid_from
        return self.valid_to if self.valid_to is not None and day > self.valid_to else day

    def approximate_on(self, day: date) -> bool:
        """Whether existence and parents on ``day`` are only the last known ones (see TREE_KNOWN_FROM)."""
        return self.valid_from is None and self.code != CENTRAL.code and day < TREE_KNOWN_FROM


#: The one unit of the central tier: the programme's ministry, whatever its name on the day. Not in the national list.
CENTRAL = Unit("central", "Trung ương", "trung ương", "central", None, None, None)


class Succession(NamedTuple):
    """From ``effective`` on, ``new_code`` continues ``old_code``, or a part of it where ``partial``."""

    old_code: str
    new_code: str
    tier: str
    partial: bool
    effective: date


class UnitTree:
    """Units and successions, indexed by code.

    Built from any rows: the whole country, or just the few a store read for one question (then the rows of the parents
    must be among them). CENTRAL is always there. Lives of one code are taken not to overlap; ``ocop_flow.unitdata``
    checks that for files.
    """

    def __init__(self, units: Iterable[Unit], successions: Iterable[Succession] = ()) -> None:
        lives: dict[str, list[Unit]] = defaultdict(list)
        for unit in units:
            lives[unit.code].append(unit)
        lives[CENTRAL.code] = [CENTRAL]
        for of_code in lives.values():
            if len(of_code) > 1:
                of_code.sort(key=_beginning)
        self._lives = dict(lives)
        #: (unit, day) -> what is above it then: asked for several times in every command.
        self._above: dict[tuple[Unit, date], tuple[Unit, ...]] = {}
        #: (unit's code and first day, tier, day) -> the unit that is reached.
        self._reached: dict[tuple[str, date | None, str, date], Unit | None] = {}
        self._successions: dict[str, list[Succession]] = defaultdict(list)
        for succession in successions:
            self._successions[succession.old_code].append(succession)

    def __iter__(self) -> Iterator[Unit]:
        """Every life of every code."""
        return (unit for of_code in self._lives.values() for unit in of_code)

    def lives(self, code: str) -> tuple[Unit, ...]:
        """Every life of a code, oldest first; empty for an unknown code."""
        return tuple(self._lives.get(code, ()))

    def on(self, code: str, day: date) -> Unit | None:
        """The unit that ``code`` means on ``day``."""
        return next((unit for unit in self._lives.get(code, ()) if unit.valid_on(day)), None)

    def latest(self, code: str) -> Unit | None:
        """The last life of a code, ended or not."""
        lives = self._lives.get(code)
        return lives[-1] if lives else None

    def parent(self, unit: Unit, day: date) -> Unit | None:
        """The unit directly above on ``day``; None for CENTRAL, and when either does not exist on that day."""
        if unit.tier == CENTRAL.tier or not unit.valid_on(day):
            return None
        if unit.parent_code is None:
            return CENTRAL if unit.tier == "province" else None
        parent = self.on(unit.parent_code, day)
        # A parent at the same or a lower tier would be a fault of the rows, and a way round in circles.
        return parent if parent is not None and tier_rank(parent.tier) > tier_rank(unit.tier) else None

    def ancestors(self, unit: Unit, day: date) -> tuple[Unit, ...]:
        """Parent, its parent, … up to and including CENTRAL, on ``day``; empty if the unit does not exist then."""
        kept = self._above.get((unit, day))
        if kept is None:
            if len(self._above) > _KEPT:
                self._above.clear()
            kept = self._above[unit, day] = self._ancestors(unit, day)
        return kept

    def _ancestors(self, unit: Unit, day: date) -> tuple[Unit, ...]:
        above: list[Unit] = []
        parent = self.parent(unit, day)
        while parent is not None:
            above.append(parent)
            parent = self.parent(parent, day)
        return tuple(above)

    def reach(self, commune: Unit, tier: str, day: date) -> Unit | None:
        """The unit that a move at ``tier`` belongs to: reached from the commune upwards on ``day`` (DESIGN section 5).

        None if the commune does not exist on that day, or has no unit of that tier above it (a district since
        1 July 2025). ValueError if ``tier`` is not one of TIERS.
        """
        asked = commune.code, commune.valid_from, tier, day
        try:
            return self._reached[asked]
        except KeyError:
            if len(self._reached) > _KEPT:
                self._reached.clear()
            found = self._reached[asked] = self._reach(commune, tier, day)
            return found

    def _reach(self, commune: Unit, tier: str, day: date) -> Unit | None:
        tier_rank(tier)
        if not commune.valid_on(day):
            return None
        if commune.tier == tier:
            return commune
        return next((unit for unit in self.ancestors(commune, day) if unit.tier == tier), None)

    def successors(self, unit: Unit, day: date) -> tuple[tuple[Unit, bool], ...]:
        """Units valid on ``day`` that continue ``unit``, through any number of reorganisations, in code order.

        Each with ``partial``: True if every known way there passes a split. Empty while the unit still exists, before
        it began, and where no successor is recorded (every district; 564 of the 571 units ended 2024-12-31).
        """
        if unit.valid_on(day):
            return ()
        found: dict[Unit, bool] = {}
        seen: set[tuple[Unit, bool, date]] = set()
        waiting = [(unit, False, date.min)]
        while waiting:
            arrival = waiting.pop()
            if arrival in seen:
                continue
            seen.add(arrival)
            at, partial, since = arrival
            if at.valid_on(day):
                found[at] = found.get(at, True) and partial
                continue
            waiting.extend(
                (heir, partial or step.partial, step.effective)
                for step, heir in self._steps(at)
                if since < step.effective <= day
            )
        return tuple(sorted(found.items(), key=lambda item: item[0].code))

    def heir(self, unit: Unit, day: date) -> Unit | None:
        """The unit that stands in ``unit``'s place on ``day``: itself, else its only whole successor, else None."""
        if unit.valid_on(day):
            return unit
        whole = [successor for successor, partial in self.successors(unit, day) if not partial]
        return whole[0] if len(whole) == 1 else None

    def _steps(self, unit: Unit) -> Iterator[tuple[Succession, Unit]]:
        """Successions that speak of this life of the code, with the unit each leads to."""
        for step in self._successions.get(unit.code, ()):
            heir = self.on(step.new_code, step.effective)
            if heir is not None and self._life_before(unit.code, step.effective) == unit:
                yield step, heir

    def _life_before(self, code: str, effective: date) -> Unit | None:
        """The life that a succession ends: valid on the eve, else the last one over by then.

        The gap is real: seven units ended 2024-12-31 have successors only from 2025-07-01.
        """
        eve = effective - timedelta(days=1)
        ended = [u for u in self._lives.get(code, ()) if u.valid_to is not None and u.valid_to <= eve]
        return self.on(code, eve) or (ended[-1] if ended else None)

    def find(self, name: str, *, tier: str | None = None, on: date | None = None) -> list[Unit]:
        """Units whose name matches, best first: equal names, then names beginning so, then names holding it.

        name  with or without the kind word (also TP, TX, TT, P, X, Q, H), with or without diacritics, any normal form
        tier  only units of this tier
        on    only units that exist on this day; otherwise every life
        Within a rank a name with the diacritics as typed comes before one that only folds to the same letters; then
        units that still exist, higher tiers, and the order of a dictionary.
        """
        return [unit for _, unit in self._matches(name, tier, on)]

    def named(self, name: str, *, tier: str | None = None, on: date | None = None) -> tuple[Unit, ...]:
        """Units that bear exactly this name (see ``find``): one is an answer, several are a question.

        If the name is typed with diacritics and some unit is spelled so, merely folded matches are left out.
        """
        matches = [(rank, unit) for rank, unit in self._matches(name, tier, on) if rank.part == _EQUAL]
        return tuple(unit for rank, unit in matches if rank == matches[0][0])

    def _matches(self, name: str, tier: str | None, on: date | None) -> list[tuple[_Rank, Unit]]:
        query = _Query.read(name)
        pool = (u for u in self if (tier is None or u.tier == tier) and (on is None or u.valid_on(on)))
        ranked = ((query.rank(unit.name), unit) for unit in pool)
        matches = [(rank, unit) for rank, unit in ranked if rank is not None]
        return sorted(matches, key=lambda match: (match[0], *_display_order(match[1])))


def _beginning(unit: Unit) -> date:
    return unit.valid_from or date.min


def _display_order(unit: Unit) -> tuple[object, ...]:
    ended = unit.valid_to or date.max
    return (-ended.toordinal(), -tier_rank(unit.tier), sort_key(unit.name), unit.code)


#: Kind words that begin a unit's name, as spelled.
_KIND_WORDS = ("thành phố", "thị xã", "thị trấn", "đặc khu", "phường", "xã", "tỉnh", "huyện", "quận")
#: How officials shorten them.
_KIND_SHORT = {
    "tp": "thành phố", "tx": "thị xã", "tt": "thị trấn",
    "p": "phường", "x": "xã", "q": "quận", "h": "huyện",
}  # fmt: skip
_EQUAL, _BEGINS, _HOLDS = 0, 1, 2
_APOSTROPHE = re.compile(r"['’‘ʼ`]\s*")
_PUNCTUATION = re.compile(r"[\W_]+")
_LEADING_ZEROS = re.compile(r"\b0+(?=[0-9])")


class _Rank(NamedTuple):
    part: int
    folded_only: bool


def _plain(text: str) -> str:
    """Spelling without what people type differently: apostrophes (M'Đrắk), dashes, zeros (Phường 09)."""
    words = _PUNCTUATION.sub(" ", _APOSTROPHE.sub("", spelling(text)))
    return _LEADING_ZEROS.sub("", words).strip()


@lru_cache(maxsize=40_000)
def _keys(name: str) -> tuple[str, str, str, str]:
    """A unit's name as spelled, without its kind word, and both folded."""
    full = _plain(name)
    kind = next((word for word in _KIND_WORDS if full.startswith(word + " ")), None)
    bare = full[len(kind) + 1 :] if kind else full
    return full, bare, fold(full), fold(bare)


@dataclass(frozen=True, slots=True)
class _Query:
    """A typed name: its readings (as typed, and with a shortened kind word written out), spelled and folded."""

    readings: tuple[tuple[str, str], ...]
    exact: bool

    @classmethod
    def read(cls, name: str) -> _Query:
        plain = _plain(name)
        first, _, rest = plain.partition(" ")
        spelled = [plain, f"{_KIND_SHORT[first]} {rest}"] if rest and first in _KIND_SHORT else [plain]
        return cls(tuple((text, fold(text)) for text in spelled if text), has_diacritics(plain))

    def rank(self, name: str) -> _Rank | None:
        """How well a unit's name matches; None if not at all."""
        full, bare, folded_full, folded_bare = _keys(name)
        ranks: list[_Rank] = []
        for spelled, folded in self.readings:
            part = _part(folded, folded_full, folded_bare)
            if part is not None:
                ranks.append(_Rank(part, self.exact and _part(spelled, full, bare) != part))
        return min(ranks, default=None)


def _part(text: str, full: str, bare: str) -> int | None:
    if text in (full, bare):
        return _EQUAL
    if bare.startswith(text) or full.startswith(text):
        return _BEGINS
    return _HOLDS if text in full else None


def describe(unit: Unit, tree: UnitTree) -> Reason:
    """The unit as an official can tell it from its namesakes: name, code, units above, period.

    Language-neutral: ``unit_described`` with ``_from``, ``_until`` or ``_between`` after it as the period is known;
    params unit (its code), place (name, code and the names above, the centre left out, on its last day), valid_from,
    valid_to (ISO dates).
    """
    day = unit.nearest_valid_day(date.max)
    names = [unit.name + f" ({unit.code})", *(u.name for u in tree.ancestors(unit, day) if u.code != CENTRAL.code)]
    params = {"place": ", ".join(names), "unit": unit.code}
    if unit.valid_from and unit.valid_to:
        since, until = unit.valid_from.isoformat(), unit.valid_to.isoformat()
        return reason("unit_described_between", valid_from=since, valid_to=until, **params)
    if unit.valid_from:
        return reason("unit_described_from", valid_from=unit.valid_from.isoformat(), **params)
    if unit.valid_to:
        return reason("unit_described_until", valid_to=unit.valid_to.isoformat(), **params)
    return reason("unit_described", **params)


def ambiguous(name: str, units: Iterable[Unit], tree: UnitTree) -> InputInvalid:
    """The error for a name that several units bear: says so, then describes each."""
    candidates = [describe(unit, tree) for unit in units]
    return InputInvalid(reason("unit_ambiguous", name=name, count=len(candidates)), *candidates)


def approximation(unit: Unit, day: date) -> Reason | None:
    """The warning to give where an approximated tree matters; None where the tree is recorded."""
    if not unit.approximate_on(day):
        return None
    known = TREE_KNOWN_FROM.isoformat()
    return reason("unit_tree_approximate", name=unit.name, unit=unit.code, on=day.isoformat(), known_from=known)
