"""Search by any part of a name, and the answer that is read aloud on the telephone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from ocop_flow.domain.exact import exact
from ocop_flow.domain.names import search_key, sort_key
from ocop_flow.domain.record import known_dossier
from ocop_flow.service.certificates import all_shown
from ocop_flow.service.dossier_actions import actions, lacking
from ocop_flow.service.dossier_view import next_due, turn, view
from ocop_flow.service.numbers import chunks
from ocop_flow.service.office import Caller, Office

if TYPE_CHECKING:
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.ports import Row, UnitOfWork

Json = dict[str, Any]
#: Dossiers and certificates shown at most, each; and those to which the whole answer is given.
MOST, ANSWERED = 200, 5
_PHASES = ("promotion", "closed")


def search(uow: UnitOfWork, office: Office, words: str) -> list[Json]:
    """Dossiers, then certificates that no dossier here led to: by parts of a name, a code, a number, an entity.

    Every word must be found, with or without diacritics, in the names of product and entity together. What is at work
    comes before what is closed, names in Vietnamese order. The first few have an ``answer``.
    """
    codes = _dossier_codes(uow, words)
    dues = next_due(uow, office.today, *codes) if codes else {}
    dossiers = [known_dossier(uow.dossier(code), code) for code in codes]
    dossiers.sort(key=lambda each: (each.phase == "closed", sort_key(each.product_name), each.code))
    certificates = _certificates(uow, words)
    shown = all_shown(uow, certificates, office.today)
    found: list[Json] = []
    for dossier in dossiers:
        due = dues.get(dossier.code)
        told = answer(uow, office, dossier, due) if len(found) < ANSWERED else None
        found.append({"type": "dossier", **view(uow, dossier, office.today, due), "answer": told})
    shown.sort(key=lambda each: (sort_key(each["product"]), each["number"]))
    return [*found, *({"type": "certificate", **each} for each in shown)]


def _parts(words: str) -> dict[str, str]:
    """Each word as a pattern that stands for itself anywhere in a text."""
    found = {}
    for place, word in enumerate(dict.fromkeys(search_key(words).split())):
        plain = word.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
        found[f"w{place}"] = f"%{plain}%"
    return found


def _like(column: str, parts: dict[str, str]) -> str:
    return " AND ".join(f"{column} LIKE :{name} ESCAPE '\\'" for name in parts)


def _dossier_codes(uow: UnitOfWork, words: str) -> list[str]:
    """By code first; by names; then by what the entity is called today."""
    typed, parts = words.strip().upper(), _parts(words)
    rows = uow.query(
        "SELECT code FROM dossier WHERE code >= :typed AND code < :end ORDER BY code LIMIT :most",
        typed=typed,
        end=typed + "~",
        most=MOST,
    )
    rows += [{"code": code} for code in uow.find_dossiers(words.strip())]
    rows += uow.query(
        "SELECT code FROM dossier WHERE entity = :typed OR product = :typed OR code IN "
        "(SELECT dossier FROM certificate WHERE number = :number OR product_code = :number) ORDER BY code",
        typed=typed,
        number=words.strip(),
    )
    if parts:
        rows += uow.query(
            f"SELECT code FROM dossier WHERE {_like('sought', parts)} ORDER BY sought, code LIMIT :most",
            most=MOST,
            **parts,
        )
        rows += _of_entities(uow, parts)
    return list(dict.fromkeys(row["code"] for row in rows))[:MOST]


def _of_entities(uow: UnitOfWork, parts: dict[str, str]) -> list[Row]:
    entities = uow.query(f"SELECT code FROM entity WHERE {_like('folded', parts)} LIMIT :most", most=MOST, **parts)
    found: list[Row] = []
    for holders, params in chunks([row["code"] for row in entities]):
        found += uow.query(f"SELECT code FROM dossier WHERE entity IN ({holders}) LIMIT {MOST}", **params)
    return found


def _certificates(uow: UnitOfWork, words: str) -> list[Row]:
    typed, parts = words.strip(), _parts(words)
    numbers = uow.query(
        "SELECT number FROM certificate WHERE (number >= :typed AND number < :end) OR product_code = :typed "
        "ORDER BY number LIMIT :most",
        typed=typed,
        end=typed + "~",
        most=MOST,
    )
    if parts:
        like = _like("sought", parts)
        numbers += uow.query(
            f"SELECT number FROM certificate WHERE {like} ORDER BY sought, number LIMIT :most", most=MOST, **parts
        )
    found: list[Row] = []
    for holders, params in chunks(list(dict.fromkeys(row["number"] for row in numbers))):
        found += uow.query(f"SELECT * FROM certificate WHERE number IN ({holders})", **params)
    return found


def answer(uow: UnitOfWork, office: Office, dossier: Dossier, due_on: str | None) -> Json:
    """Where it is and since when, what is missing, until when, whether it is valid, what lacks for the next star."""
    on = office.today
    open_here = dossier.phase not in _PHASES
    certificate = dossier.certificate
    shown = all_shown(uow, uow.rows("certificate", number=certificate.number), on) if certificate else []
    return {
        "since": dossier.last_move_on.isoformat(),
        "days": (on - dossier.last_move_on).days,
        "turn": turn(uow, dossier, on),
        "missing": _missing(uow, office, dossier) if open_here else [],
        "days_left": (date.fromisoformat(due_on) - on).days if due_on else None,
        "certificate": {name: shown[0][name] for name in ("number", "stars", "valid_to", "status")} if shown else None,
        "next_star": _next_star(uow, dossier),
    }


def _missing(uow: UnitOfWork, office: Office, dossier: Dossier) -> list[Json]:
    """Evidence that the steps forward lack."""
    return lacking(uow, dossier, actions(uow, office, Caller(None), dossier.code, everything=True))


def _next_star(uow: UnitOfWork, dossier: Dossier) -> Json | None:
    """What the newest closed sitting's points lack for one star more; None without points, or with five stars.

    points  exact points lacking in the mean, ``0`` where only minima lack
    minima  criteria below their least points, as ``council close`` prints them
    """
    result = dossier.result
    reached = dossier.stars_decided or dossier.stars
    if result is None or reached is None or reached >= 5:
        return None
    bands = uow.law(dossier.workflow_hash).regime.rating.bands
    wanted = next((band for band in bands if band.stars == reached + 1), None)
    if wanted is None:
        return None
    lacking = max(Fraction(0), Fraction(wanted.from_points) - result.mean_total)
    return {"stars": wanted.stars, "points": exact(lacking), "minima": _unmet(result.minima, wanted.stars)}


def _unmet(minima: Sequence[Json], stars: int) -> list[Json]:
    return [dict(each) for each in minima if each["star"] <= stars and each["met"] is False]
