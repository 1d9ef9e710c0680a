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


def contradictions(previous: Previous, entity: Json) -> tuple[Reason, ...]:
    """An upgrade or re-rating is of the entity that holds the certificate (DESIGN section 3).

    A merged or renamed one, and one to whom it was transferred, is the same: the record says so.
    """
    if previous.entity.is_(entity):
        return ()
    held = previous.entity.names[0]
    return (reason("previous_of_another_entity", number=previous.number, held=held, entity=entity["name"]),)


def doubts(previous: Previous, product: Json) -> tuple[Reason, ...]:
    """What no decision that was read forbids, so that it is told and recorded.

    The certificate is of a product by another name, which may be the same under its new one; or it is over.
    """
    found = []
    if not previous.product.is_(product):
        held = previous.product.names[0]
        found.append(reason("previous_of_another_product", number=previous.number, held=held, product=product["name"]))
    over = _OVER.get(previous.status)
    if over is not None:
        found.append(reason("previous_not_in_force", number=previous.number, status=over))
    return tuple(found)
