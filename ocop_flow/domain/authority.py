"""Who may do what, where and when: a role held at exactly one unit on one day (DESIGN section 5)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from ocop_flow.domain.event import Doer, UnitRef
from ocop_flow.domain.units import Unit
from ocop_flow.errors import Reason, reason

#: Roles that may type what another did (DESIGN section 5).
RECORDING_ROLES = frozenset({"officer", "council_secretary"})


@dataclass(frozen=True, slots=True)
class Post:
    """A role at one life of a unit for a period, by a numbered decision, a delegation or a seat in a council."""

    role: str
    unit: str
    unit_from: date | None
    unit_name: str
    tier: str
    office: str | None
    decision: str
    valid_from: date
    valid_to: date | None

    def held_at(self, unit: Unit, day: date) -> bool:
        """Whether this is a post at ``unit`` on ``day``: the same life of the code, or one that kept code and name."""
        same = self.unit == unit.code and (self.unit_from == unit.valid_from or self.unit_name == unit.name)
        return same and self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


@dataclass(frozen=True, slots=True)
class Person:
    """Someone with a handle; ``can_login`` False for one who never uses the computer, ``office`` for a shared login."""

    handle: str
    name: str
    can_login: bool
    posts: tuple[Post, ...] = ()
    office: bool = False

    def post(self, roles: Iterable[str], unit: Unit, day: date) -> Post | None:
        """The first of ``roles`` that this person holds at ``unit`` on ``day``."""
        wanted = tuple(roles)
        held = [post for post in self.posts if post.held_at(unit, day)]
        return next((post for role in wanted for post in held if post.role == role), None)

    def roles_at(self, unit: Unit, day: date) -> frozenset[str]:
        return frozenset(post.role for post in self.posts if post.held_at(unit, day))


def unit_ref(unit: Unit) -> UnitRef:
    return UnitRef(unit.code, unit.name, unit.tier)


def doer(person: Person, post: Post) -> Doer:
    """A person frozen in a post."""
    return Doer(person.handle, person.name, post.role, UnitRef(post.unit, post.unit_name, post.tier))


def acting_post(actor: Person, roles: Sequence[str], unit: Unit, day: date) -> Post | Reason:
    """The post in which ``actor`` acts at ``unit`` on ``day``, or why there is none."""
    post = actor.post(roles, unit, day)
    if post is not None:
        return post
    shown = ", ".join(f"{role}@{unit.tier}" for role in roles)
    ended = next((p for p in actor.posts if p.role in roles and p.unit == unit.code), None)
    if ended is not None and ended.unit_name != unit.name:
        return reason(
            "post_of_former_unit",
            person=actor.handle,
            role=ended.role,
            former=ended.unit_name,
            unit=unit.code,
            name=unit.name,
            day=day.isoformat(),
        )
    if ended is not None:
        return reason(
            "post_not_valid",
            person=actor.handle,
            role=ended.role,
            unit=unit.name,
            day=day.isoformat(),
            valid_from=ended.valid_from.isoformat(),
            valid_to=ended.valid_to.isoformat() if ended.valid_to else "-",
        )
    return reason("role_missing", person=actor.handle, roles=shown, unit=unit.name, code=unit.code, day=day.isoformat())


def recording_post(recorder: Person, units: Iterable[Unit], day: date) -> Post | None:
    """The post that lets ``recorder`` type for another: officer or council secretary of one of ``units`` on ``day``."""
    for unit in units:
        post = recorder.post(sorted(RECORDING_ROLES, reverse=True), unit, day)
        if post is not None:
            return post
    return None
