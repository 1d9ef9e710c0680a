"""Texts about acts on plans, and about what a question of time takes for granted."""

from __future__ import annotations

from ocop_flow.messages import Message

MESSAGES: dict[str, Message] = {
    "plan_number_taken": Message(
        "{where}: the issuer has a plan {number} of {year} already ({plan}).",
        "Check the number and the day of issue; a plan that is loaded changes by ocop plan move.",
    ),
    "plan_issued_later": Message(
        "The plan {plan} was issued on {issued_on}, after {day}.", "Give a day on or after {issued_on}: --on DATE."
    ),
    "plan_unit_needed": Message(
        "{count} units answer for the milestone {milestone}, and none of them is named.",
        "Name the one that is done with --unit CODE: {units}.",
    ),
    "step_year_today": Message("The wording leaves the year out: the current year {year} is taken.", ""),
    "step_from_today": Message("No day to count from is given: today, {day}, is taken.", ""),
}
