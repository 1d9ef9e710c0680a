"""Certificates: issued by recognitions, declared from before this system, listed by when they end."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from ocop_flow.domain import codes, names
from ocop_flow.domain.calendar import add_months
from ocop_flow.domain.commands import Act
from ocop_flow.domain.doers import Who, in_post
from ocop_flow.domain.facts import NAME_LIMIT, check_day
from ocop_flow.domain.numerals import whole
from ocop_flow.domain.record import stream_event
from ocop_flow.domain.situation import Desk
from ocop_flow.domain.units import Unit, UnitTree
from ocop_flow.errors import InputInvalid, NotFound, Reason, Refused, reason
from ocop_flow.ports import Row, UnitOfWork
from ocop_flow.service import registry
from ocop_flow.service.communes import communes_below
from ocop_flow.service.desk import desk, unit_on
from ocop_flow.service.numbers import chunks
from ocop_flow.service.office import Caller, Office
from ocop_flow.service.product_sets import declared_set
from ocop_flow.service.standing import Standing
from ocop_flow.service.validity import valid_until

Json = dict[str, Any]

#: Days for which a certificate that has ended still stands in the list of those that end: half a year. No law says so,
#: offices ask after one that has just ended; where the law lets it go on for longer (grace) that counts.
_STILL_LISTED = 184
#: Months or days that ``--ending`` looks ahead at most.
_FARTHEST = 9999


@dataclass(frozen=True, slots=True)
class Declare:
    """A recognition made before this system, as its source says it."""

    product: str
    entity: str
    entity_kind: str
    stars: int
    source: str
    number: str | None = None
    commune: str | None = None
    issuer: str | None = None
    decision: str | None = None
    issued_on: date | None = None
    valid_to: date | None = None
    product_set: str | None = None
    act: Act = field(default_factory=Act)


def shown(uow: UnitOfWork, row: Row, on: date) -> Json:
    """A certificate as ``certificate show`` prints it."""
    return all_shown(uow, [row], on)[0]


def all_shown(uow: UnitOfWork, rows: Sequence[Row], on: date) -> list[Json]:
    """Certificates as they stand on a day."""
    standing = Standing(uow, on)
    standing.prepare(rows)
    return [_shown(row, standing.of(row)) for row in rows]


def _shown(row: Row, status: str) -> Json:
    issuer = (
        {"code": row["issuer_code"], "name": row["issuer_name"], "tier": row["issuer_tier"]}
        if row["issuer_code"]
        else None
    )
    return {
        "number": row["number"],
        "product_code": row["product_code"],
        "product": row["product_name"],
        "product_set": row["product_set"],
        "entity": row["entity_name"],
        "stars": row["stars"],
        "issuer": issuer,
        "decision": row["decision"],
        "issued_on": row["issued_on"],
        "valid_to": row["valid_to"],
        "status": status,
        "status_on": row["status_on"] if row["status"] == status else None,
        "replaced_by": row["replaced_by"],
        "disputed": bool(row["disputed"]),
        "unreconciled": bool(row["unreconciled"]),
        "commune": row["commune"],
        "dossier": row["dossier"],
        "source": row["source"],
        "kept": json.loads(row["kept"]) if row["kept"] else None,
    }


def numbered(uow: UnitOfWork, typed: str, column: str = "number") -> Row | None:
    """The certificate whose number was typed, as it stands or in another case, with spaces or typographic dashes."""
    plain = names.plain(typed).strip("\"'")
    written = (typed.strip(), plain, "".join(plain.split()), "".join(plain.split()).upper())
    found = (
        uow.query(f"SELECT * FROM certificate WHERE {column} = :typed", typed=each) for each in dict.fromkeys(written)
    )
    return next((rows[0] for rows in found if rows), None)


def find(uow: UnitOfWork, typed: str) -> Row:
    """A certificate by number, short code, product code, or its product's name where one certificate alone has it.

    raises  NotFound; InputInvalid listing the certificates of a name that several have
    """
    exact = numbered(uow, typed) or numbered(uow, typed, "product_code")
    if exact is not None:
        return exact
    parsed = codes.parse(typed, "certificate")
    if parsed is not None:
        if parsed.year is not None:
            rows = uow.rows("certificate", number=codes.make("certificate", parsed.year, parsed.number))
        else:
            like = f"{parsed.prefix}-%{parsed.number:06d}-%"
            rows = uow.query("SELECT * FROM certificate WHERE number LIKE :like", like=like)
        if len(rows) == 1:
            return rows[0]
    named = uow.query(
        "SELECT * FROM certificate WHERE product IN (SELECT code FROM product WHERE folded = :name) "
        "AND status = 'valid' ORDER BY number",
        name=names.fold(typed),
    )
    if len(named) > 1:
        raise InputInvalid(*(reason("certificate_ambiguous", typed=typed, number=row["number"]) for row in named[:20]))
    if named:
        return named[0]
    raise NotFound(reason("certificate_absent", number=typed))


def seen_on(uow: UnitOfWork, typed: str, on: date) -> Json:
    """The certificate as ``certificate show --on`` prints it; raises NotFound, also for a day before it was issued."""
    row = find(uow, typed)
    if not issued_by(on, [row]):
        raise NotFound(reason("certificate_not_issued", number=row["number"], day=on.isoformat(), on=row["issued_on"]))
    return shown(uow, row, on)


def same_recognition(uow: UnitOfWork, row: Row) -> Row:
    """The certificate that a re-issue or correction has put in the place of a declared one, or itself."""
    while row["replaced_by"] and row["dossier"] is None:
        newer = uow.rows("certificate", number=row["replaced_by"])
        if not newer or newer[0]["dossier"] is not None:
            break
        row = newer[0]
    return row


def listed(uow: UnitOfWork, on: date, ending: str | None = None, unit: str | None = None) -> list[Json]:
    """Certificates, the first to end first; ``ending`` such as ``12m`` or ``90d`` keeps those that end by then."""
    if ending is not None:
        return all_shown(uow, ending_rows(uow, on, ending, unit), on)
    return all_shown(uow, _in_order(issued_by(on, below(uow, unit, "1 = 1"))), on)


def issued_by(on: date, rows: Iterable[Row]) -> list[Row]:
    """Those that were there on a day: one issued later was not; one whose day is not known may have been."""
    return [row for row in rows if row["issued_on"] is None or row["issued_on"] <= on.isoformat()]


def ending_rows(uow: UnitOfWork, on: date, ending: str, unit: str | None = None) -> list[Row]:
    """Rows of certificates that end from now until the horizon, and those that ended lately and may wait for a
    re-rating."""
    first, last = _lately(uow, on), horizon(on, ending)
    rows = below(
        uow,
        unit,
        "valid_to >= :first AND valid_to <= :last AND status = 'valid'",
        first=first.isoformat(),
        last=last.isoformat(),
    )
    return _in_order(issued_by(on, rows))


def _lately(uow: UnitOfWork, on: date) -> date:
    """The first day of an end that is still listed."""
    law = uow.law_on(on, None)
    grace = law.regime.certificate.grace if law else None
    return on - timedelta(max(_STILL_LISTED, grace.days if grace else 0))


def _in_order(rows: Iterable[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: (row["valid_to"] or "9999", row["number"]))


def below(uow: UnitOfWork, unit: str | None, where: str, **params: Any) -> list[Row]:
    """Rows of certificates below a unit: of its communes, or issued by it or by what it took over; each is asked for
    by an index on its commune or issuer and the day it ends."""
    if unit is None or unit == "central":
        return uow.query(f"SELECT * FROM certificate WHERE {where}", **params)
    wanted = sorted(communes_below(uow, unit))
    found: dict[str, Row] = {}
    for column in ("commune", "issuer_code"):
        for holders, codes_asked in chunks(wanted):
            sql = f"SELECT * FROM certificate WHERE {column} IN ({holders}) AND {where}"
            found |= {row["number"]: row for row in uow.query(sql, **codes_asked, **params)}
    return list(found.values())


def horizon(on: date, typed: str) -> date:
    """The last day of ``12m`` or ``90d`` from a day on; raises InputInvalid."""
    amount, unit = whole(typed[:-1]), typed[-1:]
    if amount is None or amount > _FARTHEST or unit not in ("m", "d"):
        raise InputInvalid(reason("horizon_unreadable", text=typed))
    try:
        return add_months(on, amount) if unit == "m" else on + timedelta(amount)
    except OverflowError:
        raise InputInvalid(reason("horizon_unreadable", text=typed)) from None


def declare(uow: UnitOfWork, office: Office, caller: Caller, command: Declare) -> Json:
    """Record a recognition made before this system; no history is invented."""
    registry.check_kind(command.entity_kind)
    act = command.act
    on = act.on or office.today
    product = names.clean_name(command.product, limit=NAME_LIMIT, field="product")
    entity = names.clean_name(command.entity, limit=NAME_LIMIT, field="entity")
    source = names.clean_name(command.source, limit=NAME_LIMIT, field="source")
    _check_said(command)
    product_set = declared_set(uow, command.product_set) if command.product_set else None
    if command.issued_on and command.issued_on > office.today:
        days = {"day": command.issued_on.isoformat(), "today": office.today.isoformat()}
        raise Refused(reason("day_in_future", option="--issued-on", **days))
    day = command.issued_on or on
    commune = unit_on(uow, command.commune, day, tier="commune") if command.commune else None
    issuer = _issuer(uow, command, commune, day)
    who, base = declarer(uow, office, caller, act, issuer, commune, on)
    number = command.number.strip() if command.number else None
    if number and uow.rows("certificate", number=number):
        raise Refused(reason("certificate_taken", number=number))
    code = number or codes.make("certificate", day.year, uow.next_number("certificate", day.year))
    valid_to = command.valid_to
    if valid_to is None and command.issued_on is not None:
        valid_to = valid_until(uow, base.tree, issuer or commune, command.issued_on, command.stars)
    complete = bool(number and commune and command.issued_on)
    data = {
        "product": product,
        "product_code": "-",
        "product_set": product_set,
        "entity": entity,
        "entity_code": "-",
        "entity_kind": command.entity_kind,
        "stars": command.stars,
        "commune": commune.code if commune else None,
        "issuer": {"code": issuer.code, "name": issuer.name, "tier": issuer.tier} if issuer else None,
        "decision": codes.document_number(command.decision) if command.decision else None,
        "issued_on": command.issued_on.isoformat() if command.issued_on else None,
        "valid_to": valid_to.isoformat() if valid_to else None,
        "source": source,
        "unreconciled": not complete,
    }
    if commune is not None:
        found, _ = registry.entity_for_opening(uow, entity, command.entity_kind, commune, base, who, act)
        made, _ = registry.product_for_opening(uow, product, found["code"], product_set or "unknown", base, who, act)
        data["entity_code"], data["product_code"] = found["code"], made["code"]
    uow.append(stream_event(base, ("certificate", code), None, "declare", who, act, data))
    return shown(uow, uow.rows("certificate", number=code)[0], on)


def _check_said(command: Declare) -> None:
    """raises InputInvalid for stars that are none and days in the wrong order"""
    issued, ends = command.issued_on, command.valid_to
    faults: list[Reason] = []
    if not 1 <= command.stars <= 5:
        faults.append(reason("stars_unreadable", stars=command.stars))
    if issued and ends and ends < issued:
        faults.append(reason("period_crossed", since=issued.isoformat(), until=ends.isoformat()))
    if faults:
        raise InputInvalid(*faults)


def _issuer(uow: UnitOfWork, command: Declare, commune: Unit | None, day: date) -> Unit | None:
    """The issuer named, or the province of the commune on the day."""
    if command.issuer:
        return unit_on(uow, command.issuer, day)
    return uow.tree([commune.code]).reach(commune, "province", day) if commune else None


def declarer(
    uow: UnitOfWork,
    office: Office,
    caller: Caller,
    act: Act,
    issuer: Unit | None,
    commune: Unit | None,
    on: date,
    tree: UnitTree | None = None,
) -> tuple[Who, Desk]:
    """An officer or leader of the issuer, of its successor or of a unit above; of any unit if no issuer is known.

    A district left no successor: then those above it, or their successors, answer for it.
    tree    of more units than these, if it is at hand
    raises  Refused
    """
    start = issuer or commune
    tree = tree or uow.tree([start.code] if start else ["central"])
    base = desk(uow, office, caller, act, tree)
    units: list[Unit] = []
    if start is None:
        units = [u for post in base.actor.posts for u in [uow.tree([post.unit]).on(post.unit, on)] if u is not None]
    else:
        own = [start] if start.valid_on(on) else [unit for unit, _ in tree.successors(start, on)]
        then = tree.ancestors(start, start.nearest_valid_day(on))
        later = [unit for above in then for unit, _ in tree.successors(above, on)]
        units = [*own, *(above for unit in own for above in tree.ancestors(unit, on)), *later, *then]
    found = [in_post(("officer", "leader"), unit, on, base) for unit in dict.fromkeys(units)]
    who = next((each for each in found if not each.faults), found[0] if found else None)
    if who is None:
        raise Refused(reason("role_missing", person=base.actor.handle, roles="officer", unit="-", day=on.isoformat()))
    faults = [*check_day(on, base.today), *who.faults]
    if faults:
        raise Refused(*faults)
    return who, base
