"""``ocop workflow lint``: from every state of a regime there is a way to an end (DESIGN section 3)."""

from __future__ import annotations

from tests.regimes.linting import FOLDER, REFERENCE, changed, expect, lint

INTAKE = "  - id: return_for_supplement\n"
STATE = "  - {id: evaluation.province_council,"
DETOUR = (
    "  - {id: evaluation.waiting_room, label: {vi: A, en: A}, step: 5, tier: province, limit: none, ladder: standard}\n"
    "  - {id: evaluation.other_room, label: {vi: B, en: B}, step: 5, tier: province, limit: none, ladder: standard}\n"
)


def action(id_: str, source: str, to: str, kind: str = "forward", more: str = "") -> str:
    return (
        f"  - {{id: {id_}, label: {{vi: A, en: A}}, kind: {kind}, from: [{source}], to: {to}, "
        f"roles: [officer@holder], source: test, mark: derived{more}}}\n"
    )


def with_states(*actions: str, states: str = DETOUR) -> str:
    text = changed(REFERENCE, STATE, states + STATE)
    return changed(text, INTAKE, "".join(actions) + INTAKE)


def test_a_cycle_without_a_way_out_is_found_although_the_entity_could_withdraw() -> None:
    """Withdrawing leaves almost every state; it is no way to complete a dossier."""
    text = with_states(
        action("step_in", "evaluation.province_check", "evaluation.waiting_room"),
        action("step_on", "evaluation.waiting_room", "evaluation.other_room"),
        action("step_back", "evaluation.other_room", "evaluation.waiting_room"),
    )
    expect(text, "lint_cycle_without_exit", "  - {id: evaluation.waiting_room")
    assert [each.code for each in lint(text)] == ["lint_cycle_without_exit"]


def test_a_state_that_nothing_leaves_is_found() -> None:
    """A trap of one state."""
    text = with_states(
        action("step_in", "evaluation.province_check", "evaluation.waiting_room"),
        action("step_on", "evaluation.waiting_room", "evaluation.other_room"),
    )
    expect(text, "lint_state_without_exit", "  - {id: evaluation.other_room")


def test_a_state_that_nothing_reaches_is_found() -> None:
    """Two rooms that lead out, but into which nothing leads."""
    text = with_states(
        action("step_on", "evaluation.waiting_room", "evaluation.other_room"),
        action("step_out", "evaluation.other_room", "evaluation.province_council"),
    )
    expect(text, "lint_state_unreachable", "  - {id: evaluation.waiting_room")
    expect(text, "lint_state_unreachable", "  - {id: evaluation.other_room")


def test_a_trap_for_one_kind_of_dossier_alone_is_found() -> None:
    """Re-ratings have their own ways; an action limited to other kinds leaves them stuck."""
    text = changed(
        REFERENCE,
        "    to: rating.province_decision\n",
        "    to: rating.province_decision\n    kinds: [first, upgrade]\n",
    )
    text = changed(text, "  - id: reject_at_province\n", "  - id: reject_at_province\n    kinds: [first]\n")
    assert "lint_cycle_without_exit" in [each.code for each in lint(text)]


def test_every_choice_that_a_province_has_leaves_a_sound_regime() -> None:
    """A parameter that sends dossiers to a state without a way on is found although it is not the answer in use."""
    text = (FOLDER / "qd_148_2023.yaml").read_text(encoding="utf-8")
    text = changed(
        text,
        "choices: [rating.district_decision, evaluation.district_council]",
        "choices: [rating.district_decision, closed.replaced, proposal.idea]",
    )
    text = text.replace("id: qd_148_2023", "id: qd_148_own")
    expect(text, "lint_forward_goes_back", "choices: [rating.district_decision, closed.replaced")
