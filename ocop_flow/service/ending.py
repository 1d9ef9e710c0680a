"""What ends when: certificates that end soon, by month and commune of today, with who must act now."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.filing_window import file_by, grace_of
from ocop_flow.domain.names import sort_key
from ocop_flow.domain.units import CENTRAL, Unit, UnitTree
from ocop_flow.ports import Row, UnitOfWork
from ocop_flow.service.certificates import all_shown, ending_rows
from ocop_flow.service.issuer_today import acting, life, today
from ocop_flow.service.numbers import chunks

if TYPE_CHECKING:
    from ocop_flow.domain.regime import Regime

Json = dict[str, Any]

#: Codes up to which units are read one by one; beyond that the whole country is read at once.
_FEW = 40


def ending(uow: UnitOfWork, on: date, horizon: str, unit: str | None = None) -> list[Json]:
    """Certificates as ``certificate show`` has them, in the order month, commune of today, day, with in addition:

    month        of the end, ``2026-08``
    communes     the communes of today for the one of the certificate: several where it was split, none if unknown
    acts         the unit that must act now: the issuer, or what took its place or stands above it today
    issued_under the issuer's name where that is no longer the name of who acts, else None
    file_by      last day to file for a re-rating, the end itself where the window of the law came too late for it
                 (26/2026/QĐ-TTg art. 12), None where the law of the day has none; ``late`` whether that day is over
                 and nothing was filed
    days_left    until the end, negative once it is over
    grace_to     until when it goes on at most while its re-rating is undecided (same article); None where it does not
    """
    rows = ending_rows(uow, on, horizon, unit)
    tree = _tree(uow, rows)
    duties = _filing(uow, rows)
    law = uow.law_on(on, None)
    plain = zip(rows, all_shown(uow, rows, on), strict=True)
    found = [_entry(row, seen, tree, duties.get(row["number"]), law.regime if law else None, on) for row, seen in plain]
    return sorted(found, key=_order)


def _order(item: Json) -> tuple[str, str, str, str]:
    commune = item["communes"][0]["name"] if item["communes"] else ""
    return item["month"], sort_key(commune), item["valid_to"], item["number"]


def _tree(uow: UnitOfWork, rows: Sequence[Row]) -> UnitTree:
    codes = {row[name] for row in rows for name in ("commune", "issuer_code") if row[name]}
    return uow.tree(codes) if len(codes) <= _FEW else uow.area(CENTRAL.code)


def _filing(uow: UnitOfWork, rows: Sequence[Row]) -> dict[str, Row]:
    """The duty to file for a re-rating, and who keeps the certificate, by its number."""
    found: dict[str, Row] = {}
    for holders, params in chunks(
        [f"{row['number']}:{kind}" for row in rows for kind in ("expiry", "re_rating_filing")]
    ):
        sql = f"SELECT subject, kind, due_on, outcome, unit, unit_name, tier FROM deadline WHERE id IN ({holders})"
        for duty in uow.query(sql, **params):
            if duty["kind"] == "re_rating_filing" or duty["subject"] not in found:
                found[duty["subject"]] = duty
    return found


def _entry(row: Row, seen: Json, tree: UnitTree, duty: Row | None, law: Regime | None, on: date) -> Json:
    end = date.fromisoformat(row["valid_to"])
    issued = date.fromisoformat(row["issued_on"]) if row["issued_on"] else on
    communes = today(tree, life(tree, row["commune"], issued), on)
    acts = acting(tree, row, communes, issued, on)
    filing = duty if duty is not None and duty["kind"] == "re_rating_filing" else None
    recorded = date.fromisoformat(row["issued_on"]) if row["issued_on"] else None
    grace = grace_of(law, recorded, end) if law else None
    last = date.fromisoformat(filing["due_on"]) if filing else file_by(law, recorded, end) if law else None
    return {
        **seen,
        "month": row["valid_to"][:7],
        "communes": [{"code": unit.code, "name": unit.name} for unit in communes],
        "acts": _unit(acts) or _keeper(duty),
        "issued_under": row["issuer_name"] if acts is None or row["issuer_name"] != acts.name else None,
        "file_by": last.isoformat() if last else None,
        "late": last is not None and last < on and (filing is None or filing["outcome"] is None),
        "days_left": (end - on).days,
        "grace_to": (end + timedelta(grace.days)).isoformat() if grace else None,
    }


def opened_again(uow: UnitOfWork, numbers: Sequence[str]) -> set[str]:
    """Those of the certificates that a dossier names as its previous one."""
    found: set[str] = set()
    for holders, params in chunks(numbers):
        rows = uow.query(f"SELECT previous FROM dossier WHERE previous IN ({holders})", **params)
        found |= {row["previous"] for row in rows}
    return found


def _unit(unit: Unit | None) -> Json | None:
    return {"code": unit.code, "name": unit.name, "tier": unit.tier} if unit else None


def _keeper(duty: Row | None) -> Json | None:
    """Who declared a certificate of which neither issuer nor commune is known."""
    if duty is None or duty["unit"] is None:
        return None
    return {"code": duty["unit"], "name": duty["unit_name"], "tier": duty["tier"]}
