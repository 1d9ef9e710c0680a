"""Acts beside the moves judged again: whose post they belong to, what they need, and what they may say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from ocop_flow.domain import beside, transition
from ocop_flow.domain.attachments import evidence_faults
from ocop_flow.domain.conformance_sitting import Bench, of_close, of_score, sheet_faults
from ocop_flow.domain.doers import in_post, keeper, signature
from ocop_flow.domain.dossier_fold import actor_key
from ocop_flow.domain.facts import check_day, reason_faults
from ocop_flow.domain.keeping import kinds_known
from ocop_flow.domain.read_back import act_of, attachments_of
from ocop_flow.domain.succession import copies_held, heir_of, province_of
from ocop_flow.domain.units import CENTRAL, Unit
from ocop_flow.errors import Reason, reason

if TYPE_CHECKING:
    from ocop_flow.domain.deadlines import Deadline
    from ocop_flow.domain.decision import Decision
    from ocop_flow.domain.dossier import Dossier
    from ocop_flow.domain.event import Event
    from ocop_flow.domain.situation import Law, Situation

#: Who may do an act at a unit around the dossier (DESIGN section 5).
_LEADER = ("leader",)
_KEEPERS = ("officer", "leader", "council_secretary")
_WORKERS = ("officer", "leader", "council_secretary", "advisory_team")


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an act needs besides the situation; only what it needs is gathered.

    bench      for sheets and sittings
    duties     of the dossier before an extension
    target     the law that a migration moves to, as it was in force; None where there was none
    decision   the decision that a move names, as it was recorded; None where the log has none
    """

    bench: Bench = field(default_factory=Bench)
    duties: tuple[Deadline, ...] = ()
    target: Law | None = None
    decision: Decision | None = None


Judge = Callable[["Dossier", "Event", "Situation", Surroundings], Iterator[Reason]]


# --- posts ------------------------------------------------------------------------------------------------------------


def units_around(before: Dossier, then: Situation, event: Event) -> list[Unit]:
    """The dossier's commune of that day, past ones included, with everything above, and the issuer of its certificate.

    A unit that has ended stands for what took its place.
    """
    tree, on = then.tree, event.occurred_on
    roots = [then.commune]
    roots += [life for former in before.former for life in tree.lives(former.code)]
    if before.certificate is not None:
        roots += [unit for unit in tree.lives(before.certificate.issuer_code) if unit.valid_on(on)]
    found: list[Unit] = [CENTRAL]
    for root in roots:
        heirs = [tree.heir(root, on)] if tree.heir(root, on) else [unit for unit, _ in tree.successors(root, on)]
        for unit in (root, *heirs):
            if unit is not None:
                found += [unit, *tree.ancestors(unit, unit.nearest_valid_day(on))]
    alive = [each for unit in found if (each := unit if unit.valid_on(on) else tree.heir(unit, on)) is not None]
    return list(dict.fromkeys(alive))


def _post(roles: tuple[str, ...]) -> Judge:
    """One of ``roles``, held that day at a unit around the dossier, that of the record."""

    def judge(before: Dossier, event: Event, then: Situation, _more: Surroundings) -> Iterator[Reason]:
        on, written = event.occurred_on, event.actor.unit
        yield from check_day(on, then.today)
        unit = next((each for each in units_around(before, then, event) if written and each.code == written.code), None)
        if unit is None:
            yield _role_missing(event, roles, then.commune)
            return
        who = in_post(roles, unit, on, then)
        yield from who.faults
        if not who.faults and who.actor.role != event.actor.role:
            yield reason("doer_differs", person=event.actor.name, written=event.actor.role, held=who.actor.role)

    return judge


def _role_missing(event: Event, roles: tuple[str, ...], unit: Unit) -> Reason:
    person, day = event.actor.login or event.actor.name, event.occurred_on.isoformat()
    return reason("role_missing", person=person, roles=", ".join(roles), unit=unit.name, code=unit.code, day=day)


def _with_reason(before: Dossier, event: Event, then: Situation, more: Surroundings) -> Iterator[Reason]:
    yield from reason_faults(True, event.reason)


def _all(*judges: Judge) -> Judge:
    def judge(before: Dossier, event: Event, then: Situation, more: Surroundings) -> Iterator[Reason]:
        for each in judges:
            yield from each(before, event, then, more)

    return judge


# --- papers and fields ------------------------------------------------------------------------------------------------


def _papers(before: Dossier, event: Event, then: Situation, _more: Surroundings) -> Iterator[Reason]:
    """Filing evidence or correcting a field: an officer who receives, or of the unit that holds the dossier."""
    yield from check_day(event.occurred_on, then.today)
    yield from keeper(before, event.occurred_on, then).faults
    yield from evidence_faults(attachments_of(event), event.occurred_on, kinds_known(before, then))
    if before.closed:
        yield reason("dossier_closed", dossier=before.code, state=then.pinned.regime.named(before.state))
    if event.action == "fix":
        yield from check_day(event.occurred_on, then.today, before.opened_on)
        yield from reason_faults(True, event.reason)
        if before.scores or before.result:
            yield reason("fix_after_scoring", dossier=before.code)


def _withdrawn(before: Dossier, event: Event, _then: Situation, _more: Surroundings) -> Iterator[Reason]:
    """Only what was filed by that event and still held may be withdrawn."""
    filed, held = event.data["filed"], {(item.seq, item.kind) for item in before.evidence}
    absent = [kind for kind in event.data["kinds"] if (filed, kind) not in held]
    if absent:
        yield reason("evidence_not_held", dossier=before.code, seq=filed, kinds=", ".join(absent))


def _undo(before: Dossier, event: Event, then: Situation, _more: Surroundings) -> Iterator[Reason]:
    """Only one's own newest act may be taken back (DESIGN section 5)."""
    yield from check_day(event.occurred_on, then.today)
    newest = before.last_act
    if newest is None or newest[0] != event.data.get("undoes") or newest[2] != actor_key(event):
        yield reason("undo_not_lawful", dossier=before.code, seq=event.data.get("undoes"), person=event.actor.name)


def _sheet(_before: Dossier, event: Event, then: Situation, more: Surroundings) -> Iterator[Reason]:
    yield from sheet_faults(event.data, then, more.bench.criteria, event.data["source"])


def _score(before: Dossier, event: Event, then: Situation, more: Surroundings) -> Iterator[Reason]:
    yield from of_score(before, event, then, more.bench)


def _close(before: Dossier, event: Event, then: Situation, more: Surroundings) -> Iterator[Reason]:
    yield from of_close(before, event, then, more.bench)


# --- duties -----------------------------------------------------------------------------------------------------------


def _extended(before: Dossier, event: Event, _then: Situation, more: Surroundings) -> Iterator[Reason]:
    """A standing duty, moved to a later day by a numbered decision."""
    data = event.data
    duty = next((each for each in more.duties if each.id == data["deadline"]), None)
    if duty is None:
        yield reason("deadline_absent", deadline=data["deadline"])
    elif duty.outcome is not None:
        yield reason("deadline_settled", deadline=data["deadline"], outcome=duty.outcome)
    if data["to"] <= data["from"]:
        yield reason("deadline_not_later", day=data["to"], due_on=data["from"])
    if not data.get("decision"):
        yield reason("extension_undecided", deadline=data["deadline"])


# --- another law, another unit ----------------------------------------------------------------------------------------


def _lead(before: Dossier, event: Event, then: Situation, province: Unit | None) -> Iterator[Reason]:
    """A leader of the centre, or of the province that answers for the dossier."""
    on, written = event.occurred_on, event.actor.unit
    yield from check_day(on, then.today, before.last_move_on)
    unit = next((each for each in (CENTRAL, province) if each and written and each.code == written.code), None)
    if unit is None:
        yield _role_missing(event, ("leader@province", "leader@central"), province or CENTRAL)
        return
    yield from in_post(_LEADER, unit, on, then).faults


def _migrated(before: Dossier, event: Event, then: Situation, more: Surroundings) -> Iterator[Reason]:
    """By a numbered decision, to the law in force, into the state that its stored rule names (or a person chose)."""
    data, on, law = event.data, event.occurred_on, more.target
    yield from _lead(before, event, then, province_of(then.tree, then.commune, on))
    if event.signer is None:
        yield reason("migrate_needs_decision")
    if data["from_hash"] != before.workflow_hash:
        yield reason("migrated_from_elsewhere", dossier=before.code, found=data["from_regime"], wanted=before.regime)
    if law is None or law.hash != event.workflow_hash or (law.regime.effective_from or date.min) > on:
        in_force = law.regime.id if law else "-"
        yield reason("migrated_to_no_law", regime=event.regime or "-", in_force=in_force, day=on.isoformat())
        return
    answer = transition.answer_for(before, law.regime, on)
    chosen = data["why"]["code"] == "transition_decided"
    wanted = answer.to_state if answer.to_state in law.regime.states else None
    if event.to_state not in law.regime.states or (event.to_state != wanted and not chosen):
        source = answer.rule.source if answer.rule else law.regime.decision
        yield reason(
            "step_ends_elsewhere", action="migrate", found=event.to_state or "-", wanted=wanted or "-", source=source
        )
    elif chosen and wanted is not None:
        yield reason("migrated_by_choice", dossier=before.code, wanted=wanted)
    keeps = bool(answer.rule and answer.rule.keeps_result and event.to_state == before.state)
    if bool(data["keeps_result"]) != keeps:
        yield reason("migrated_result", dossier=before.code)


def _passed_on(before: Dossier, event: Event, then: Situation, _more: Surroundings) -> Iterator[Reason]:
    """A duty beside the state, of a unit that has ended, by the minutes of the hand-over."""
    yield from _lead(before, event, then, province_of(then.tree, then.commune, event.occurred_on))
    if not event.data["minutes"]:
        yield reason("succession_needs_minutes")


def _succeeded(before: Dossier, event: Event, then: Situation, _more: Surroundings) -> Iterator[Reason]:
    """To the commune that took over the whole, or that a person chose, by minutes; only what was held is lost."""
    data, on = event.data, event.occurred_on
    commune = next((unit for unit in then.tree.lives(data["commune"]["code"]) if unit.valid_on(on)), None)
    heir = heir_of(then.tree, then.commune, on)
    province = province_of(then.tree, then.commune, on)
    if data["why"] == "succession_decided" and commune is not None:
        province = then.tree.reach(commune, "province", on)
    yield from _lead(before, event, then, province)
    if data["former"]["code"] != before.commune or commune is None:
        yield reason("succeeded_elsewhere", dossier=before.code, found=data["commune"]["name"], wanted="-")
    elif heir.unit is not None and heir.unit.code != commune.code:
        yield reason("succeeded_elsewhere", dossier=before.code, found=commune.name, wanted=heir.unit.name)
    elif heir.unit is None and data["why"] != "succession_decided":
        yield heir.why
    if not data["minutes"]:
        yield reason("succession_needs_minutes")
    held = copies_held(before)
    for item in data["missing"]:
        if held.get(item["kind"]) != item["copies"]:
            yield reason("missing_never_held", dossier=before.code, kind=item["kind"], copies=item["copies"])


# --- certificates and decisions ---------------------------------------------------------------------------------------


def _signed(before: Dossier, event: Event, then: Situation, _more: Surroundings) -> Iterator[Reason]:
    """By a numbered paper of a leader, on or after the day of issue."""
    on = event.occurred_on
    issued = before.certificate.issued_on if before.certificate else None
    yield from check_day(on, then.today, issued)
    if event.signer is None:
        yield reason("paper_missing", action=event.action)
        return
    written = event.actor.unit
    unit = next((each for each in units_around(before, then, event) if written and each.code == written.code), None)
    if unit is not None:
        who = in_post(_LEADER, unit, on, then)
        yield from signature(_LEADER, act_of(event), on, who, then)[1]


def _renewed(before: Dossier, event: Event, _then: Situation, _more: Surroundings) -> Iterator[Reason]:
    """In place of the valid certificate, the same but for what is said to change."""
    old, data = before.certificate, event.data
    if old is None or old.status != "valid" or data["replaces"] != old.number:
        number = old.number if old else "-"
        yield reason("certificate_not_in_force", number=number, status=old.status if old else "-")
        return
    kept: dict[str, str | int] = {
        "stars": old.stars,
        "issued_on": old.issued_on.isoformat(),
        "valid_to": old.valid_to.isoformat(),
    }
    for name, value in kept.items():
        if name not in data["changes"] and data["new"][name] != value:
            yield reason(
                "certificate_changed_unsaid", number=old.number, what=name, found=data["new"][name], wanted=value
            )


def _transferred(before: Dossier, _event: Event, _then: Situation, _more: Surroundings) -> Iterator[Reason]:
    old = before.certificate
    if old is None or old.status != "valid":
        yield reason("certificate_not_in_force", number=old.number if old else "-", status=old.status if old else "-")


def _revoked(before: Dossier, event: Event, then: Situation, _more: Surroundings) -> Iterator[Reason]:
    """Of a dossier that is closed already, on a ground of the law, and not twice."""
    old = before.certificate
    if old is None or old.status in ("revoked", "replaced") or not before.closed:
        yield reason("certificate_not_in_force", number=old.number if old else "-", status=old.status if old else "-")
    laws = [law.regime.revocation for law in (then.pinned, then.current)]
    known = {cause.id for law in laws if law for cause in law.causes}
    cause = event.data.get("fields", {}).get("cause")
    if cause not in known:
        law = then.pinned.regime.decision
        yield reason("cause_unknown", cause=cause or "-", law=law, known=", ".join(sorted(known)) or "-")


def _annulled(before: Dossier, event: Event, _then: Situation, _more: Surroundings) -> Iterator[Reason]:
    """Only the newest move is taken back, to where it came from."""
    visits = before.visits
    wanted = visits[-2].state if len(visits) > 1 else "-"
    if event.data["undoes"] != visits[-1].seq or event.to_state != wanted:
        yield reason("step_ends_elsewhere", action=event.action, found=event.to_state or "-", wanted=wanted)


def of_decision(before: Dossier, event: Event, more: Surroundings) -> Iterator[Reason]:
    """A move that names a recorded decision: it is in the log, and its line says what was done."""
    identity = event.data.get("decision")
    if identity is None:
        return
    decision = more.decision
    if decision is None:
        yield reason("decision_gone", decision=identity)
        return
    line = decision.line_of(before.code)
    stars = event.data.get("stars_decided")
    if line is None:
        if not any(item.code == "decision_lists_not" for item in event.warnings):
            yield reason("decision_line_gone", decision=identity, dossier=before.code)
    elif line.seq == event.seq and (line.action != event.action or line.stars not in (None, stars)):
        yield reason(
            "decision_says_other", decision=identity, action=line.action, stars=line.stars if line.stars else "-"
        )


_CERTIFICATE = _all(_post(_LEADER), _signed)
#: Every act of the engine beside the moves and the opening.
ACTS: Mapping[str, Judge] = {
    "attach": _papers,
    "detach": _all(_papers, _with_reason, _withdrawn),
    "fix": _papers,
    "undo": _undo,
    "assess": _all(_papers, _sheet),
    "score": _score,
    "close_sitting": _close,
    "extend": _all(_post(_LEADER), _with_reason, _extended),
    "withhold": _all(_post(_LEADER), _with_reason),
    "migrate": _migrated,
    "succeed": _succeeded,
    "reissue_certificate": _all(_CERTIFICATE, _renewed),
    "correct_certificate": _all(_CERTIFICATE, _renewed),
    "transfer_certificate": _all(_CERTIFICATE, _transferred),
    "revoke_certificate": _all(_CERTIFICATE, _revoked),
    "annul_decision": _all(_post(_KEEPERS), _with_reason, _annulled),
    "correct_decision": _all(_post(_KEEPERS), _with_reason),
    beside.PASS_ON: _passed_on,
    beside.RECORD: _post(_WORKERS),
    beside.ANSWER: _post(_WORKERS),
    beside.DISPUTE: _all(_post(_WORKERS), _with_reason),
    beside.LIFT: _all(_post(_WORKERS), _with_reason),
}
