"""What everybody may know of certificates: what stands on the paper, and what it is worth on a day."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.names import sort_key
from ocop_flow.domain.units import CENTRAL
from ocop_flow.errors import Reason, reason
from ocop_flow.service import verifying
from ocop_flow.service.certificates import all_shown, below, issued_by
from ocop_flow.service.desk import unit_on
from ocop_flow.service.issuer_today import life, today

if TYPE_CHECKING:
    from ocop_flow.domain.units import Unit, UnitTree
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]
#: What is taken from a certificate; anything else stays inside. None of it is kept apart as personal.
FACTS = (
    "number",
    "product",
    "entity",
    "stars",
    "decision",
    "issued_on",
    "valid_to",
    "status",
    "status_on",
    "replaced_by",
)
#: What has no place in a product's or entity's name, though a source may have put it there: mail addresses, and nine
#: digits or more (telephones, identity numbers), with or without dots and spaces between.
_PERSONAL = re.compile(r"\S+@\S+|\+?\d(?:[ .\-]?\d){8,}")
#: Codes up to which units are read one by one; beyond that the whole country is read at once.
_FEW = 40


def published(
    uow: UnitOfWork, office: Office, on: date, unit: str | None, progress: Callable[[int, int], None] = lambda *_: None
) -> Json:
    """Certificates below a unit (None: all) on a day, by product in Vietnamese order.

    returns  on, unit (its name, or None), training (whether nothing here is real), key (as it is published; None if
             nothing was signed), certificates: FACTS, ``commune`` and ``issuer`` by name, ``code`` (None where it is
             not in force or a name was masked), warnings
    raises   NotFound, Refused (unit), Unavailable (no key ring)
    """
    place = unit_on(uow, unit, on) if unit else None
    rows = issued_by(on, below(uow, place.code if place else None, "1 = 1"))
    codes = {row["commune"] for row in rows if row["commune"]}
    tree = uow.tree(codes) if len(codes) <= _FEW else uow.area(CENTRAL.code)
    found, warnings, key = [], list[Reason](), None
    for done, seen in enumerate(all_shown(uow, rows, on), start=1):
        entry = {name: seen[name] for name in FACTS}
        masked = {name: _PERSONAL.sub("…", seen[name]) for name in ("product", "entity")}
        entry |= {**masked, "commune": _commune(tree, seen, on), "issuer": (seen["issuer"] or {}).get("name")}
        entry["code"] = None
        if any(masked[name] != seen[name] for name in masked):
            warnings.append(reason("site_name_masked", number=seen["number"]))
        elif seen["status"] in verifying.IN_FORCE:
            signed = verifying.signed(office, seen)
            entry["code"], key = signed["code"], signed["verifier_key"]
        found.append(entry)
        progress(done, len(rows))
    found.sort(key=lambda each: (sort_key(each["product"]), each["number"]))
    return {
        "on": on.isoformat(),
        "unit": place.name if place else None,
        "training": office.sandbox,
        "key": key,
        "certificates": found,
        "warnings": warnings,
    }


def _commune(tree: UnitTree, seen: Json, on: date) -> str | None:
    """The commune of today by name; several where it was split."""
    issued = date.fromisoformat(seen["issued_on"]) if seen["issued_on"] else on
    units: list[Unit] = today(tree, life(tree, seen["commune"], issued), on)
    return " / ".join(each.name for each in units) or None
