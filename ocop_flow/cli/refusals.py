"""What a refusal for want of a post says besides: who holds the post, so that the next command can name them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from ocop_flow.errors import OcopFlowError, Reason

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office


def told(error: OcopFlowError, office: Office | None) -> Sequence[Reason]:
    """The reasons of an error; in each that asks for a post, who holds it there on that day (``holders``)."""
    if office is None or all(each.code != "role_missing" for each in error.reasons):
        return error.reasons
    with office.reader() as uow:
        return [_with_holders(uow, each) for each in error.reasons]


def _with_holders(uow: UnitOfWork, item: Reason) -> Reason:
    from ocop_flow.service.holders import holding

    unit = item.params.get("code")
    if item.code != "role_missing" or unit is None:
        return item
    roles = [role.partition("@")[0] for role in str(item.params["roles"]).split(", ")]
    found = holding(uow, str(unit), roles, date.fromisoformat(str(item.params["day"])))
    return replace(item, params={**item.params, "holders": ", ".join(f"{name} ({handle})" for handle, name in found)})
