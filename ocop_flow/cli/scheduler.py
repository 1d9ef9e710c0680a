"""The scheduler from the command line."""

from __future__ import annotations

from typing import Any

import click

from ocop_flow.cli.base import Command, Group, TranslatedOption, desk
from ocop_flow.cli.output import emit, lines, warn
from ocop_flow.cli.remind import tell_faults

Json = dict[str, Any]


@click.group(cls=Group, help="The service that finds what is due and writes to who must act.")
def scheduler() -> None: ...


@scheduler.command("run", cls=Command, help="Scan, deliver, end certificates and tidy up, at their times.")
@click.option("--once", is_flag=True, cls=TranslatedOption, help="Run each job one time and end.")
@click.option("--ignore-hours", is_flag=True, cls=TranslatedOption, help="With --once: send outside office hours too.")
@click.pass_context
def run(ctx: click.Context, /, once: bool, ignore_hours: bool) -> int:
    from ocop_flow import bootstrap, daemon, i18n

    table = desk(ctx)
    # A service runs for no person.
    table.open_door = True
    office = table.office
    room = bootstrap.post_room(table.settings)
    if not once:
        daemon.run(office, room, lambda item: " ".join(i18n.render(item, table.language)))
        return 0
    found = daemon.once(office, room, ignore_hours=ignore_hours)

    def human(v: Json) -> None:
        lines(
            table,
            [
                ("Queued", v.get("scan", {}).get("queued")),
                ("Superseded", v.get("scan", {}).get("superseded")),
                ("Sent", v.get("deliver", {}).get("sent")),
                ("Failed", v.get("deliver", {}).get("failed")),
                ("Left", v.get("deliver", {}).get("left")),
                ("Certificates ended", v.get("expire", {}).get("expired")),
            ],
        )
        for job, faults in (("scan", "failed"), ("deliver", "problems"), ("expire", "problems")):
            tell_faults(v.get(job, {}).get(faults, ()))
        for item in v["problems"]:
            warn(table, item)

    emit(ctx, found, human)
    return 6 if found["problems"] else 0
