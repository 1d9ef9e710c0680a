"""backup and restore: everything an office has, in one file and back."""

from __future__ import annotations

from contextlib import ExitStack
from typing import Any

import click

from ocop_flow.cli.base import Command, Desk, TranslatedOption, Whole, WriteCommand, desk
from ocop_flow.cli.output import emit, head_line, lines, moment, rows, word
from ocop_flow.cli.progress import Progress, progress

Json = dict[str, Any]
#: What a restore does one after the other.
STAGE_LABELS = ("Rows", "Events", "Filling")


@click.command(cls=Command, help="Write everything into one file, while others go on working.")
@click.argument("file", metavar="FILE")
@click.option(
    "--with-keys", is_flag=True, cls=TranslatedOption, help="Put the signing keys in too: who has the file can sign."
)
@click.pass_context
def backup(ctx: click.Context, /, file: str, with_keys: bool) -> None:
    from ocop_flow import backup as making

    table = desk(ctx)
    # It is made at night, when nobody is logged in; who may read the database may copy it.
    table.open_door = True
    with progress(table, "Rows") as shown:
        found = making.make(table.settings, table.office, file, keys=with_keys, progress=shown)

    def human(v: Json) -> None:
        click.echo(table.tr("{file}: {events} events of {dossiers} dossiers, {files} evidence files.", **v))
        click.echo(f"SHA-256 {v['sha256']}")
        _show_head(table, v)
        if not v["keys"]:
            click.echo(table.tr("The signing keys are not in it: keep a copy of the key ring in another place."))

    emit(ctx, found, human)


@click.command(cls=WriteCommand, help="Put a backup into a new or empty database, after checking all of it.")
@click.argument("file", metavar="FILE")
@click.option(
    "--partitions",
    type=Whole(),
    metavar="N",
    cls=TranslatedOption,
    help="Part the log into N tables (PostgreSQL only).",
)
@click.option(
    "--even-faulty", is_flag=True, cls=TranslatedOption, help="Put back a log that does not verify too, as it was."
)
@click.pass_context
def restore(ctx: click.Context, /, file: str, partitions: int | None, even_faulty: bool) -> int:
    from ocop_flow import restore as restoring

    table = desk(ctx)
    with ExitStack() as bars:

        def begun(title: str) -> Progress:
            # One bar at a time.
            bars.close()
            return bars.enter_context(progress(table, title))

        found = restoring.restore(
            table.settings,
            file,
            faulty=even_faulty,
            partitions=partitions,
            dry_run=table.dry_run,
            progress=begun,
        )

    def human(v: Json) -> None:
        lines(table, [("Database", v["database"]), ("Backup of", moment(v["made_at"])), ("Signed with", v["key"])])
        click.echo(table.tr("{events} events of {dossiers} dossiers, {files} evidence files checked.", **v))
        _show_head(table, v)
        if v["views_rebuilt"]:
            click.echo(table.tr("Made anew from the log: {names}.", names=", ".join(v["views_rebuilt"])))
        if v["problems"]:
            rows(
                table,
                ["Problem", "Where", "Detail"],
                [(word(table, i["kind"]), i["dossier"], i["detail"]) for i in v["problems"]],
            )
        else:
            click.echo(table.tr("No problem found."))

    emit(ctx, found, human)
    return 0 if found["ok"] else 1


def _show_head(table: Desk, v: Json) -> None:
    if v["head"]:
        click.echo(head_line(table, v["head"]))
