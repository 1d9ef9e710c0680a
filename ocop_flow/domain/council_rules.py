"""Working rules of a council: its own where it set them, else those of the regime, each with its source and mark.

A rule refuses only if the law or an adopted decision says it (DESIGN principle 10). What a council was given by a
numbered decision is adopted; what a regime only assumes warns.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from fractions import Fraction
from math import ceil
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.council import MEETING, WRITTEN
from ocop_flow.domain.exact import exact
from ocop_flow.errors import BINDING_MARKS, Reason, reason

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ocop_flow.domain.council import Council, Sitting
    from ocop_flow.domain.regime import Regime

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as it holds; ``source`` and ``mark`` say who set it and how sure we are."""

    value: Any
    source: str
    mark: str

    @property
    def binding(self) -> bool:
        return self.mark in BINDING_MARKS

    def broken(self, code: str, **params: str | int | None) -> Reason:
        return reason(code, source=self.source, mark=self.mark, **params)


#: Rules that a council may set, in the order of the schema ``council_rules``.
NAMES = (
    "quorum",
    "chair_present",
    "spread_at_most",
    "sittings",
    "substitutes_score",
    "minima_by",
    "written_opinion",
    "round_ended",
    "signs",
)


def rule(council: Council, regime: Regime, name: str) -> Rule:
    """The rule that holds for a council under the regime of a dossier; ``round_ended`` has None where nobody said."""
    if name in council.rules:
        return Rule(council.rules[name], council.rules.get("decision") or council.decision, "adopted")
    law = regime.council_rules
    if name == "minima_by":
        known = regime.parameters.get("minima_by")
        source, mark = (known.source, known.mark) if known else (regime.rating.source, regime.rating.mark)
        return Rule(regime.rating.minima_by, source, mark)
    return Rule(getattr(law, name), *law.source_of(name))


def quorum(council: Council, sitting: Sitting, wanted: Any) -> Json:
    """How many scoring seats are filled, of how many, how many are wanted (None: not said), and whether that is met.

    wanted  ``{"members": n}``, ``{"share": [p, q]}`` or None
    """
    members = council.members
    here = {seat.seat for seat in council.seated(sitting)}
    required = None if not wanted else _required(wanted, len(members))
    return {
        "present": len(here),
        "members": len(members),
        "required": required,
        "met": None if required is None else len(here) >= required,
        "chair": any(seat.role == "council_chair" for seat in council.seated(sitting)),
    }


def _required(wanted: Any, members: int) -> int:
    if "members" in wanted:
        return int(wanted["members"])
    return ceil(Fraction(*wanted["share"]) * members)


def attendance(council: Council, sitting: Sitting, regime: Regime) -> tuple[Reason, ...]:
    """What the rules miss in who is present: too few, no chair; written opinions where none are foreseen."""
    wanted, chair = rule(council, regime, "quorum"), rule(council, regime, "chair_present")
    found = quorum(council, sitting, wanted.value)
    missed: list[Reason] = []
    if found["met"] is False:
        missed.append(wanted.broken("quorum_missed", present=found["present"], required=found["required"]))
    if chair.value and not found["chair"]:
        missed.append(chair.broken("chair_absent", sitting=sitting.code))
    return tuple(missed)


def in_time(council: Council, sitting: Sitting) -> tuple[Reason, ...]:
    """Whether the council and those present were there by the day of the sitting; their decision may be typed late."""
    day, source = sitting.on, council.decision
    late: list[Reason] = []
    if council.created_on > day:
        since = council.created_on.isoformat()
        late.append(
            reason(
                "council_later", source=source, mark="derived", council=council.code, since=since, day=day.isoformat()
            )
        )
    for seat in map(council.seat, sitting.present):
        if seat is not None and seat.stands_for is None and seat.since > day:
            since = seat.since.isoformat()
            late.append(
                reason("seat_later", source=source, mark="derived", person=seat.name, since=since, day=day.isoformat())
            )
    return tuple(late)


def usual_manner(council: Council, cases: Iterable[tuple[Regime, str]]) -> str:
    """How a sitting over dossiers, each with its law and kind, is held unless somebody says otherwise.

    source  26/2026/QĐ-TTg: a re-rating is judged by written opinions, a meeting is the exception
    """
    foreseen = [kind in rule(council, regime, "written_opinion").value for regime, kind in cases]
    return WRITTEN if foreseen and all(foreseen) else MEETING


def manner(council: Council, sitting: Sitting, regime: Regime, kind: str) -> tuple[Reason, ...]:
    """Whether the rules foresee written opinions for a kind of dossier, where that is how the sitting is held.

    That the law has them for one kind does not forbid them for another: only a council or province that said so does.
    """
    foreseen = rule(council, regime, "written_opinion")
    if sitting.manner != WRITTEN or kind in foreseen.value:
        return ()
    if foreseen.binding and foreseen.mark != "adopted":
        foreseen = replace(foreseen, mark="derived")
    return (foreseen.broken("written_not_foreseen", kinds=", ".join(foreseen.value) or "-", kind=kind),)


def ground(council: Council, sitting: Sitting, regime: Regime, kind: str, why: str | None) -> tuple[Reason, ...]:
    """A meeting without a ground where written opinions are the rule; it is held all the same."""
    foreseen = rule(council, regime, "written_opinion")
    if sitting.manner != MEETING or kind not in foreseen.value or (why or "").strip():
        return ()
    return (foreseen.broken("meeting_without_ground", kind=kind),)


def enough_sittings(council: Council, sitting: Sitting, regime: Regime, dossier: str) -> tuple[Reason, ...]:
    """Whether as many sittings as the rules want have dealt with a dossier, this one included."""
    wanted = rule(council, regime, "sittings")
    codes = [each.code for each in council.sittings_of(dossier)]
    held = codes.index(sitting.code) + 1 if sitting.code in codes else 0
    if held >= wanted.value:
        return ()
    return (wanted.broken("sittings_too_few", dossier=dossier, held=held, required=wanted.value),)


def spread(council: Council, regime: Regime, found: Fraction) -> tuple[Reason, ...]:
    """Whether the members' totals lie too far apart: then they discuss and score again."""
    limit = rule(council, regime, "spread_at_most")
    if limit.value is None or found <= limit.value:
        return ()
    return (limit.broken("spread_too_wide", spread=exact(found), limit=limit.value),)
