"""The certificate that an upgrade or re-rating starts from: whether it is of the same entity and product."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.names import search_key
from ocop_flow.errors import Reason, Text, reason

if TYPE_CHECKING:
    from datetime import date

Json = dict[str, Any]
#: Standings in which there is no certificate to be raised or rated again, in words.
_OVER = {
    "expired": Text("đã hết hạn", "expired"),
    "revoked": Text("đã bị thu hồi", "revoked"),
    "replaced": Text("đã được thay thế", "replaced"),
}


@dataclass(frozen=True, slots=True)
class Known:
    """An entity or product as the records know it: its code and those it was merged into, its name then and now."""

    codes: frozenset[str]
    names: tuple[str, ...]

    def is_(self, found: Json) -> bool:
        """Whether it is the one with this code, or bears this name: case, diacritics and HTX for the whole apart."""
        return found["code"] in self.codes or search_key(found["name"]) in map(search_key, self.names)


@dataclass(frozen=True, slots=True)
class Previous:
    """``status`` as ``certificate show`` has it on the day; ``inherited`` evidence that is still valid."""

    number: str
    status: str
    valid_to: date | None
    entity: Known
    product: Known
    inherited: tuple[Json, ...]


def contradictions(previous: Previous, entity: Json, product: Json) -> tuple[Reason, ...]:
    """An upgrade or re-rating is of the entity and product that hold the certificate (DESIGN section 3).

    Merged, renamed and transferred ones are the same: the record says so.
    """
    found = []
    if not previous.entity.is_(entity):
        held = previous.entity.names[0]
        found.append(reason("previous_of_another_entity", number=previous.number, held=held, entity=entity["name"]))
    if not previous.product.is_(product):
        held = previous.product.names[0]
        found.append(reason("previous_of_another_product", number=previous.number, held=held, product=product["name"]))
    return tuple(found)


def doubts(previous: Previous) -> tuple[Reason, ...]:
    """A certificate that is over: no decision that was read says what then follows, so it is told and recorded."""
    over = _OVER.get(previous.status)
    return (reason("previous_not_in_force", number=previous.number, status=over),) if over else ()
