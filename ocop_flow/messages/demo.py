"""The story of the demo's year, line by line, and what can go wrong with a demo."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message

MESSAGES: dict[str, Message] = {
    "demo_not_a_demo": M(
        "{path} holds a database that is not a demo; it was left as it is.",
        "Name another folder: ocop demo --dir DIR.",
    ),
    "demo_plan_loaded": M(
        "Fact: the province's plan {number} of {issued_on} is recorded: {milestones} milestones; target: at least "
        "{target} products of three and four stars in all, {recognised} of them reported as reached by 14/04/2020.",
        "",
    ),
    "demo_declared": M(
        "Fact: {products} products of {establishments} establishments are recognised by this day. They are declared "
        "with their source; number, commune and exact day are not reported, so each stays to be reconciled.",
        "",
    ),
    "demo_council_province": M("The province renews its council: {members} scoring members and a secretary.", ""),
    "demo_council_central": M("The Ministry's council for five stars: {members} scoring members and a secretary.", ""),
    "demo_council_renewed_done": M("The province reports: council renewed, in time.", ""),
    "demo_rules_and_budget_done": M("The province reports: rules and budget issued, in time.", ""),
    "demo_launch_conference_done": M("The launch conference is held, in time.", ""),
    "demo_launch_conference_done_late": M(
        "Fact: the launch conference is held. The plan wanted it in April; it is recorded {late_days} days late.", ""
    ),
    "demo_five_star_dossiers_done": M("The province reports: dossiers for five stars sent, in time.", ""),
    "demo_five_star_dossiers_done_late": M(
        "The province reports: dossiers for five stars sent, {late_days} days late.", ""
    ),
    "demo_registered": M(
        "Fact: {products} products at {products} establishments are registered and guided; about {ready} basically "
        "meet three stars.",
        "",
    ),
    "demo_minima": M(
        "Fact: {decision} adds minima for each star to 1048/QĐ-TTg. Dossiers already under way are rated with them.", ""
    ),
    "demo_undone": M(
        "An officer accepts the wrong dossier ({dossier}) and takes the act back; both stay on record.", ""
    ),
    "demo_refused": M("{unit} tries to accept {dossier} and is refused; nothing is written:", ""),
    "demo_fixed": M("{dossier}: the product set is corrected before scoring. Reason: {reason}.", ""),
    "demo_typed_late": M("{unit} types acts of June from paper, each with its own legal day ({dossier}: {on}).", ""),
    "demo_district_sitting": M("The district councils begin to score; first {unit}: {dossiers} dossiers.", ""),
    "demo_late": M("Late (due {due_on}): {milestone}. {units}.", ""),
    "demo_late_dossiers": M("Late (due {due_on}): {milestone}. {units}; dossiers behind: {dossiers}.", ""),
    "demo_as_decided": M(
        "{unit} has signed a decision that sends {dossier} up with {points} points. It is refused as a move, then "
        "recorded as decided, with number, file and reason, and the condition it breaks stays in the record:",
        "",
    ),
    "demo_province_sitting": M(
        "The provincial council scores {dossiers} dossiers: five stars {five}, four {four}, three {three}, lower "
        "{lower}.",
        "",
    ),
    "demo_central_sitting": M(
        "The central council scores {dossiers} dossiers: five stars {five}, four {four}, three {three}, lower {lower}.",
        "",
    ),
    "demo_minimum_missed": M(
        "{dossier} has {total} points, enough for {by_total} stars, but misses a minimum of 781/QĐ-TTg: {stars} stars.",
        "",
    ),
    "demo_target_reached": M("With {dossier} the target of {target} products is reached.", ""),
    "demo_central_supplement": M(
        "The Ministry returns {dossier} for a test report; at the end of the year it is still awaited.", ""
    ),
    "demo_five_stars": M("The Ministry recognises {dossier} with five stars.", ""),
    "demo_kept": M(
        "{dossier} has {points} points at the centre, below five stars; the province keeps its four stars.", ""
    ),
}
