"""The rows of a dossier: itself, its duties, its certificates, what its entity is told."""

from __future__ import annotations

from datetime import date
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import deadlines, dossier_json, entity_notices
from ocop_flow.domain.dossier import day_text
from ocop_flow.domain.filing_window import window_of
from ocop_flow.domain.names import fold, search_key
from ocop_flow.store.certificate_rows import certificate_row, re_rated_on, save_certificates, save_declared, save_margin
from ocop_flow.store.counter_rows import count_code
from ocop_flow.store.duty_rows import deadline_row

if TYPE_CHECKING:
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.regime import Regime, ReRatingWindow
    from ocop_flow.domain.units import Unit, UnitTree
    from ocop_flow.store.unit_of_work import SqlUnitOfWork

Row = dict[str, Any]


def save_dossier(uow: SqlUnitOfWork, dossier: Dossier, before: Dossier | None = None) -> None:
    """The dossier's row, its deadlines and its certificate.

    before  the dossier that its rows were last written for, None where that is not known
    """
    if dossier.version == 1:
        count_code(uow, "dossier", dossier.code)
    regime, tree = uow.law(dossier.workflow_hash).regime, uow.tree([dossier.commune])
    life = _life(tree, dossier.commune, dossier.commune_from)
    _save_row(uow, dossier, before, regime.states[dossier.state].tier)
    wanted = _deadline_rows(uow, dossier, regime, tree, life)
    subjects = [dossier.code, *save_certificates(uow, dossier, before)]
    # The scan's note on a duty that stays as it was stays too.
    uow.keep("deadline", "subject", subjects, wanted, "next_rung_on")
    # Most dossiers have no margin; an act undone may have taken away its only record.
    if dossier.margin.records or dossier.last_act is None:
        save_margin(uow, ("dossier", dossier.code), dossier.commune, dossier.margin)
    _save_notices(uow, dossier, before, regime, tree, life)


def _deadline_rows(
    uow: SqlUnitOfWork, dossier: Dossier, regime: Regime, tree: UnitTree, life: Unit | None
) -> list[Row]:
    ladder = regime.states[dossier.state].ladder
    return [
        deadline_row(duty, duty.unit or _responsible(tree, life, duty, dossier.last_move_on), ladder)
        for duty in _duties(uow, dossier, regime, tree, life)
    ]


_named = attrgetter(
    "code",
    "commune",
    "opened_in",
    "product",
    "product_name",
    "entity",
    "entity_name",
    "plan",
    "workflow_hash",
    "previous",
    "opened_on",
)


def _save_row(uow: SqlUnitOfWork, dossier: Dossier, before: Dossier | None, tier: str | None) -> None:
    """The dossier's row: of one that only moves, what moves."""
    if before is None or _named(before) != _named(dossier):
        uow.put("dossier", **_dossier_row(dossier, tier))
        return
    moving: Row = {"version": dossier.version, "fold": dossier_json.text(dossier)}
    if before.state != dossier.state or before.closed_on != dossier.closed_on:
        moving |= {"state": dossier.state, "phase": dossier.phase, "closed_on": day_text(dossier.closed_on)}
        if uow.law(before.workflow_hash).regime.states[before.state].tier != tier:
            moving["tier"] = tier
    if before.last_move_on != dossier.last_move_on:
        moving["moved_on"] = dossier.last_move_on.isoformat()
    uow.change("dossier", dossier.code, moving)


def _save_notices(
    uow: SqlUnitOfWork, dossier: Dossier, before: Dossier | None, regime: Regime, tree: UnitTree, life: Unit | None
) -> None:
    """What its entity is told; a row that is there stays, for the scan has noted on it what it has told."""
    # Visits are only added, but by an undo, which comes without ``before``.
    settled = entity_notices.settled(before) if before is not None else 0
    news = entity_notices.of_dossier(dossier, regime, settled)
    wanted = {f"{dossier.code}:notice:{each.seq}": each for each in news}
    if before is None:
        known = {row["id"]: row["over_on"] for row in uow.rows("entity_notice", dossier=dossier.code)}
    else:
        noted = entity_notices.of_dossier(before, regime, settled)
        known = {f"{dossier.code}:notice:{each.seq}": day_text(each.over_on) for each in noted}
    for gone in sorted(known.keys() - wanted.keys()):
        uow.remove("entity_notice", id=gone)
    for identity, notice in wanted.items():
        if identity not in known:
            unit = tree.reach(life, notice.tier, notice.on) if life and notice.tier else None
            uow.put(
                "entity_notice",
                id=identity,
                dossier=dossier.code,
                entity=dossier.entity,
                seq=notice.seq,
                kind=notice.kind,
                told_of=notice.on.isoformat(),
                unit=unit.code if unit else None,
                unit_name=unit.name if unit else None,
                tier=unit.tier if unit else notice.tier,
                over_on=day_text(notice.over_on),
                next_rung_on="",
            )
        elif known[identity] != day_text(notice.over_on):
            uow.change("entity_notice", identity, {"over_on": day_text(notice.over_on), "next_rung_on": ""})


def _dossier_row(dossier: Dossier, tier: str | None) -> Row:
    return {
        "code": dossier.code,
        "number": int(dossier.code.split("-")[2]),
        "version": dossier.version,
        "state": dossier.state,
        "phase": dossier.phase,
        "tier": tier,
        "commune": dossier.commune,
        "opened_in": dossier.opened_in[0],
        "product": dossier.product,
        "folded": fold(dossier.product_name),
        "sought": search_key(f"{dossier.product_name} {dossier.entity_name}"),
        "entity": dossier.entity,
        "plan": dossier.plan,
        "regime": dossier.regime,
        "previous": dossier.previous,
        "opened_on": dossier.opened_on.isoformat(),
        "moved_on": dossier.last_move_on.isoformat(),
        "closed_on": day_text(dossier.closed_on),
        "fold": dossier_json.text(dossier),
    }


def differing(uow: SqlUnitOfWork, dossier: Dossier) -> list[str]:
    """Tables among ``dossier``, ``certificate`` and ``beside`` whose rows are not those that ``save_dossier`` writes.

    Duties follow days off and laws adopted since, too: these and what an entity is told are held against the log by a
    rebuild (``service.rebuild``).
    """
    row = _dossier_row(dossier, uow.law(dossier.workflow_hash).regime.states[dossier.state].tier)
    found = [] if uow.rows("dossier", code=dossier.code) == [row] else ["dossier"]
    held = (*dossier.earlier_certificates, dossier.certificate) if dossier.certificate is not None else ()
    # Of two with one number the later stands, also where that is another dossier's.
    expected = {each.number: certificate_row(dossier, each) for each in held}
    stored = {each["number"]: each for each in uow.rows("certificate", dossier=dossier.code)}
    taken = {number for number in expected.keys() - stored.keys() if uow.rows("certificate", number=number)}
    kept = {number: row for number, row in expected.items() if number not in taken}
    found += [] if stored == kept else ["certificate"]
    margin = {each.id for each in dossier.margin.records}
    beside_it = {row["id"] for row in uow.rows("beside", subject=dossier.code)}
    return found if margin == beside_it else [*found, "beside"]


def duties_of(uow: SqlUnitOfWork, dossier: Dossier) -> tuple[deadlines.Deadline, ...]:
    """Every duty of a dossier, from its fold, its law and the calendar of its units."""
    regime, tree = uow.law(dossier.workflow_hash).regime, uow.tree([dossier.commune])
    return _duties(uow, dossier, regime, tree, _life(tree, dossier.commune, dossier.commune_from))


def _duties(
    uow: SqlUnitOfWork, dossier: Dossier, regime: Regime, tree: UnitTree, life: Unit | None
) -> tuple[deadlines.Deadline, ...]:
    above = [unit.code for unit in tree.ancestors(life, life.nearest_valid_day(dossier.last_move_on))] if life else []
    calendar = uow.calendar([dossier.commune, *above])
    return deadlines.of_dossier(dossier, regime, calendar, _around(uow, dossier, above))


def _around(uow: SqlUnitOfWork, dossier: Dossier, above: list[str]) -> deadlines.Around:
    """The re-rating window of the law in force when the certificate ends, and the re-rating filed for it."""
    certificate = dossier.certificate
    if certificate is None:
        return deadlines.Around()
    numbers = (certificate.number, *(each.number for each in dossier.earlier_certificates))
    return deadlines.Around(_window_at(uow, certificate.valid_to, above), re_rated_on(uow, numbers))


def _window_at(uow: SqlUnitOfWork, day: date, above: list[str]) -> ReRatingWindow | None:
    law = next((found for code in above if (found := uow.law_on(day, code)) is not None), None)
    return window_of(law.regime, day) if law else None


def refresh_previous(uow: SqlUnitOfWork, dossier: Dossier) -> None:
    """A re-rating that is filed settles the filing duty of the certificate it starts from."""
    rows = uow.rows("certificate", number=dossier.previous) if dossier.previous else []
    if rows and rows[0]["dossier"] is None:
        save_declared(uow, rows[0]["number"])
    earlier = uow.dossier(rows[0]["dossier"]) if rows and rows[0]["dossier"] else None
    if earlier is not None and earlier.code != dossier.code:
        uow.save(earlier)


def _responsible(tree: UnitTree, life: Unit | None, duty: deadlines.Deadline, day: date) -> Unit | None:
    """The unit reached at the duty's tier; the certificates of the former districts are kept by the province."""
    if life is None or duty.tier is None:
        return None
    reached = tree.reach(life, duty.tier, day)
    return reached or (tree.reach(life, "province", day) if duty.subject_kind == "certificate" else None)


def _life(tree: UnitTree, code: str, valid_from: date | None) -> Unit | None:
    return next((unit for unit in tree.lives(code) if unit.valid_from == valid_from), None)
