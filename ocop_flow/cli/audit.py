"""Audit: replay a history, verify the log."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cli.base import Command, Desk, Group, TranslatedOption, WriteCommand, act_of, act_options, desk
from ocop_flow.cli.bundles import export, sample
from ocop_flow.cli.files import content, written
from ocop_flow.cli.findings import findings, reconcile
from ocop_flow.cli.histories import conformance, diff, replay, story
from ocop_flow.cli.output import emit, head_line, rows, word
from ocop_flow.cli.progress import progress
from ocop_flow.cli.writing import answer, write
from ocop_flow.errors import InputInvalid, reason

if TYPE_CHECKING:
    from ocop_flow.domain.head import Checkpoint
    from ocop_flow.ports import UnitOfWork

Json = dict[str, Any]


@click.group(cls=Group, help="Replay and verify histories.")
def audit() -> None: ...


audit.add_command(replay)
audit.add_command(story)
audit.add_command(diff)
audit.add_command(conformance)
audit.add_command(findings)
audit.add_command(reconcile)
audit.add_command(export)
audit.add_command(sample)


@audit.command("verify", cls=Command, help="Check the whole log: chains, order, heads, views and evidence.")
@click.option(
    "--dossier", metavar="DOSSIER", cls=TranslatedOption, help="This dossier alone, and its place in the log."
)
@click.option(
    "--head", "head_file", metavar="FILE", cls=TranslatedOption, help="Hold the log against a head kept elsewhere."
)
@click.option("--code", metavar="CODE", cls=TranslatedOption, help="Find the head whose code a paper shows.")
@click.option(
    "--jobs", type=click.IntRange(1, 64), default=1, metavar="N", cls=TranslatedOption, help="Processes (default: 1)."
)
@click.option("--resume", is_flag=True, cls=TranslatedOption, help="Go on where a check that was stopped had come to.")
@click.option("--log-only", is_flag=True, cls=TranslatedOption, help="Leave out views, sealed values and files.")
@click.pass_context
def verify(
    ctx: click.Context,
    /,
    dossier: str | None,
    head_file: str | None,
    code: str | None,
    jobs: int,
    resume: bool,
    log_only: bool,
) -> int:
    from ocop_flow import checking
    from ocop_flow.service import heads, verify_dossier

    table = desk(ctx)
    office = table.office
    witness = heads.authentic(office, _note(head_file), head_file) if head_file else None
    with progress(table, "Events") as shown:
        if dossier is not None:
            found = verify_dossier.check(office, dossier, witness)
        else:
            wanted = checking.Wanted(jobs, not log_only, resume, witness, code)
            found = checking.whole(table.settings, office, wanted, shown)

    def human(v: Json) -> None:
        click.echo(table.tr("{events} events of {dossiers} dossiers checked.", **v))
        click.echo(table.tr("{heads} heads, {withheld} values withheld by decision.", **v))
        if v.get("code"):
            click.echo(table.tr("{code}: head of {date} over {size} events.", **v["code"]))
        if v["problems"]:
            rows(
                table,
                ["Problem", "Where", "No.", "Position", "Detail"],
                [(word(table, i["kind"]), i["dossier"], i["seq"], i["position"], i["detail"]) for i in v["problems"]],
            )
            if v.get("more_problems"):
                click.echo(table.tr("And {count} more problems.", count=v["more_problems"]))
        else:
            click.echo(table.tr("No problem found."))

    emit(ctx, found, human)
    return 0 if found["ok"] else 1


@audit.command("checkpoint", cls=WriteCommand, help="Sign a head over the whole log now.")
@click.option("--out", metavar="FILE", cls=TranslatedOption, help="Write the signed head to a file, to keep elsewhere.")
@act_options
@click.pass_context
def checkpoint(ctx: click.Context, /, out: str | None, **options: Any) -> None:
    from ocop_flow.service import heads

    table = desk(ctx)
    command = heads.Ask(act_of(options))

    def human(v: Json) -> None:
        if not v["new"]:
            click.echo(table.tr("Nothing is new since the last head."))
        click.echo(head_line(table, v))

    found = answer(table, "audit checkpoint", command, lambda uow: heads.asked_for(uow, table.office, command), human)
    if out is not None and not table.dry_run:
        written(out, found["note"].encode())
    emit(ctx, found, human)


@audit.command("import-head", cls=WriteCommand, help="Keep a head that was given out; the log is held against it.")
@click.argument("file")
@act_options
@click.pass_context
def import_head(ctx: click.Context, /, file: str, **options: Any) -> None:
    from ocop_flow.service import heads

    table = desk(ctx)
    command = heads.Import(_note(file), file, act_of(options))

    def human(v: Json) -> None:
        if v["known"]:
            click.echo(table.tr("This head was known already."))
        click.echo(head_line(table, v))

    write(
        ctx,
        "audit import-head",
        command,
        lambda uow: heads.import_head(uow, table.office, table.caller, command),
        human,
    )


@audit.command(
    "prove",
    cls=Command,
    help="Prove that one head (file or code) is the beginning of another, else of the newest here.",
)
@click.argument("old", metavar="HEAD")
@click.argument("new", metavar="[HEAD]", required=False)
@click.pass_context
def prove(ctx: click.Context, /, old: str, new: str | None) -> int:
    from ocop_flow.service import consistency

    table = desk(ctx)
    with table.office.reader() as uow:
        first = _head_of(table, uow, old)
        second = _head_of(table, uow, new) if new is not None else consistency.newest(uow, table.office)
        found = consistency.prove(uow, first, second)

    def human(v: Json) -> None:
        for each in (v["old"], v["new"]):
            click.echo(head_line(table, each))
        if v["consistent"]:
            said = "The first is the beginning of the second: {count} hashes prove it."
            click.echo(table.tr(said, count=len(v["proof"])))

    emit(ctx, found, human)
    return 0 if found["consistent"] else 1


def _note(file: str) -> str:
    """The text of a head, also as editors and mail leave it: with a mark at its beginning, lines ended as on Windows.

    raises  InputInvalid where the file cannot be read, or is no text
    """
    try:
        return content(file).decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError:
        raise InputInvalid(reason("head_unreadable", file=file)) from None


def _head_of(table: Desk, uow: UnitOfWork, named: str) -> Checkpoint:
    from ocop_flow.service import consistency, heads

    # A code has no dot: what has one is a file, also where there is none of that name.
    if Path(named).is_file() or "." in named:
        return heads.authentic(table.office, _note(named), named)
    return consistency.of_code(uow, table.office, named)


@audit.group("key", cls=Group, help="The keys that sign heads of the log and other papers.")
def key() -> None: ...


@key.command("list", cls=Command, help="Every key, with the line to publish so that others can check signatures.")
@click.pass_context
def key_list(ctx: click.Context) -> None:
    from ocop_flow.service import signing_keys

    table = desk(ctx)
    emit(ctx, signing_keys.listed(table.office), lambda found: _show_keys(table, found))


@key.command("rotate", cls=Command, help="A new key signs from now on; what the old one signed stays valid.")
@click.pass_context
def key_rotate(ctx: click.Context) -> None:
    from ocop_flow.service import signing_keys

    table = desk(ctx)
    emit(ctx, signing_keys.rotate(table.office, table.caller), lambda made: _show_keys(table, [made]))


def _show_keys(table: Desk, keys: list[Json]) -> None:
    rows(
        table,
        ["Key", "From", "Until", "To publish"],
        [(each["id"], each["created_on"], each["retired_on"], each["verifier_key"]) for each in keys],
    )
