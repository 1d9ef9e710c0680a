"""The law in plain words: one state explained, two regimes compared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import click

from ocop_flow.cli.base import Desk
from ocop_flow.cli.output import label, rows, word

Json = dict[str, Any]
SECTION_LABELS = {
    "receives": "Who receives",
    "states": "States",
    "actions": "Actions",
    "roles": "Who may act",
    "conditions": "Conditions",
    "evidence": "Evidence asked for",
    "limits": "Time limits",
    "rounds": "Rounds",
    "bands": "Star bands",
    "minima": "Star minima",
    "criteria": "Criteria",
    "certificate": "Certificate",
    "parameters": "Open questions",
}
#: Keys of workflow files as people say them.
FIELD_LABELS = (
    "tiers",
    "tier",
    "step",
    "limit",
    "clock",
    "stopped",
    "kind",
    "from",
    "to",
    "decision",
    "reason",
    "scores",
    "files",
    "roles",
    "period",
    "states",
    "kinds",
    "recognised_by",
    "intake",
    "finish",
    "copies",
    "goods_only",
    "scored",
    "hash",
    "value",
    "months",
    "last_day",
    "product_code",
    "below_three_star_minimum",
    "minima_by",
    "separate_from",
    "stars_between",
    "stars_at_most",
    "decided_stars_between",
    "days",
    "working_days",
    "forward",
    "return",
    "reject",
    "withdraw",
    "correct",
)
CHANGE_LABELS = ("added", "removed", "changed")
PERIOD_LABELS = {
    "days": "{count} days",
    "working_days": "{count} working days",
    "months": "{count} months",
}
GUARD_LABELS = {
    "stars_between": "the result is {low} to {high} stars",
    "stars_exactly": "the result is {low} stars",
    "stars_at_most": "the result is at most {low} stars",
    "mean_at_least": "the mean total is at least {low}",
    "mean_below": "the mean total is below {low}",
    "decided_stars_between": "recognised with {low} to {high} stars",
}
#: Marks of a rule as people say them.
MARK_LABELS = ("two_sources", "one_source", "derived", "recalled", "unknown", "adopted")


def show_state(table: Desk, value: Json) -> None:
    """Who holds it, by when, and what may happen next."""
    click.echo(click.style(f"{label(table, value['label'])}  ({value['state']})", bold=True))
    click.echo(f"{value['regime']}  {value['decision']}")
    click.echo()
    click.echo(_held(table, value))
    for line in _limits(table, value):
        click.echo(line)
    click.echo()
    if not value["actions"]:
        click.echo(table.tr("Nothing more can happen: the dossier has ended."))
        return
    click.echo(table.tr("What may happen next:"))
    for action in value["actions"]:
        _show_action(table, action)


def _held(table: Desk, value: Json) -> str:
    if value["tier"] is None:
        return table.tr("Nobody holds it: the dossier is closed.")
    who = ", ".join(dict.fromkeys(word(table, owner.partition("@")[0]) for owner in value["owners"])) or "-"
    return table.tr("It rests at the tier {tier}; there may act: {who}.", tier=word(table, value["tier"]), who=who)


def _limits(table: Desk, value: Json) -> list[str]:
    counted = [limit for limit in value["limits"] if limit["count"] is not None]
    if value["tier"] is None:
        return []
    said = [
        table.tr("Time limit: {period}, {name}", period=_period(table, limit), name=label(table, limit["label"]))
        + _source(table, limit)
        for limit in counted
    ]
    open_ = [
        table.tr("No time limit is set: {name}", name=label(table, limit["label"])) + _source(table, limit)
        for limit in value["limits"]
        if limit["count"] is None
    ]
    stopped = [table.tr("The clock of the office stands still meanwhile.")] if value["clock"] == "stopped" else []
    return [*said, *open_, *stopped] or [table.tr("No time limit.")]


def _period(table: Desk, limit: Json) -> str:
    told = table.tr(PERIOD_LABELS[limit["unit"]], count=limit["count"])
    kinds = ", ".join(word(table, kind) for kind in limit["kinds"])
    return f"{told} ({kinds})" if kinds else told


def _source(table: Desk, rule: Json) -> str:
    from ocop_flow.cited import cited

    return f"  [{cited(rule['source'], table.language)}; {word(table, rule['mark'])}]"


def _show_action(table: Desk, action: Json) -> None:
    click.echo(f"  • {label(table, action['label'])} → {label(table, action['to_label'])}{_source(table, action)}")
    if not action["roles"]:
        click.echo(f"      {table.tr('Happens by itself.')}")
        return
    click.echo(f"      {table.tr('Who acts')}: {', '.join(word(table, role) for role in action['roles'])}")
    needs = _needs(table, action)
    if needs:
        click.echo(f"      {table.tr('Needed')}: {'; '.join(needs)}")


def _needs(table: Desk, action: Json) -> list[str]:
    needs = action["needs"]
    said = [_condition(table, each) for each in needs["conditions"]]
    said += [table.tr("a closed sitting of the council")] if needs["scores"] else []
    said += [f"{label(table, each['label'])} × {each['copies']}" for each in needs["evidence"]]
    said += [label(table, each["label"]) for each in needs["fields"] if each["required"]]
    said += [table.tr("a signed decision with its number")] if needs["decision"] else []
    said += [table.tr("a reason")] if needs["reason"] else []
    said += [table.tr("another signer than who prepared it")] if needs["other_than"] else []
    said += [table.tr("only: {kinds}", kinds=", ".join(word(table, kind) for kind in action["kinds"]))] * bool(
        action["kinds"]
    )
    return said


def _condition(table: Desk, condition: Json) -> str:
    low, high = condition["values"][0], condition["values"][-1]
    name = condition["guard"]
    exact = "stars_exactly" if name == "stars_between" and low == high else name
    return table.tr(GUARD_LABELS[exact], low=low, high=high)


def show_differences(table: Desk, value: Json) -> None:
    """Section by section: what is new, what is gone, what is otherwise."""
    click.echo(click.style(f"{value['before']['title']} → {value['after']['title']}", bold=True))
    click.echo(f"{value['before']['workflow_hash'][:12]} → {value['after']['workflow_hash'][:12]}")
    if not value["changes"]:
        click.echo(table.tr("Nothing differs."))
    for section, heading in SECTION_LABELS.items():
        found = [change for change in value["changes"] if change["section"] == section]
        if not found:
            continue
        click.echo()
        click.echo(click.style(f"{table.tr(heading)} ({len(found)})", bold=True))
        rows(
            table,
            ["Change", "Name", "What", "Before", "After"],
            [
                (
                    word(table, change["change"]),
                    f"{label(table, change['label'])} ({change['id']})" if change["label"] else change["id"],
                    word(table, change["field"] or ""),
                    _value(table, change["before"]),
                    _value(table, change["after"]),
                )
                for change in found
            ],
        )


def _value(table: Desk, value: Any) -> str:
    """A value of a workflow file as people read it."""
    if value is None:
        return "-"
    if isinstance(value, bool):
        return table.tr("yes" if value else "no")
    if isinstance(value, Mapping):
        return "; ".join(f"{word(table, str(key))} {_value(table, item)}" for key, item in value.items())
    if isinstance(value, (list, tuple)):
        return ", ".join(_value(table, item) for item in value)
    # A state is called by its identifier: a file names it so.
    return word(table, value) if isinstance(value, str) and "." not in value else str(value)
