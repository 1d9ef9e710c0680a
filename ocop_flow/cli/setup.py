"""init, login, logout, whoami, doctor."""

from __future__ import annotations

import sys
from typing import Any

import click

from ocop_flow.cli.base import Command, TranslatedOption, Whole, WriteCommand, desk
from ocop_flow.cli.files import content
from ocop_flow.cli.output import emit, lines, moment, rows, say, unit_text, word
from ocop_flow.cli.progress import progress
from ocop_flow.errors import InputInvalid, NotFound, Refused, reason


@click.command(cls=Command, help="Make a database: a training one (--sandbox) or a real one (--admin HANDLE).")
@click.option("--sandbox", is_flag=True, cls=TranslatedOption, help="A training database with the person admin.")
@click.option("--admin", metavar="HANDLE", cls=TranslatedOption, help="First administrator of a real database.")
@click.option("--password-file", metavar="FILE|-", cls=TranslatedOption, help="Read the password from a file or stdin.")
@click.option("--upgrade", is_flag=True, cls=TranslatedOption, help="Bring an existing database up to this program.")
@click.option(
    "--partitions",
    type=Whole(),
    metavar="N",
    cls=TranslatedOption,
    help="Part the log into N tables (PostgreSQL only).",
)
@click.pass_context
def init(
    ctx: click.Context,
    /,
    sandbox: bool,
    admin: str | None,
    password_file: str | None,
    upgrade: bool,
    partitions: int | None,
) -> None:
    from ocop_flow import bootstrap

    table = desk(ctx)
    if sum((sandbox, admin is not None, upgrade)) != 1:
        raise click.UsageError(table.tr("Say one of --sandbox, --admin HANDLE, --upgrade."))
    if upgrade and partitions is not None:
        raise click.UsageError(table.tr("A log is parted when it is made: leave out --partitions."))
    if upgrade:
        emit(
            ctx,
            bootstrap.upgrade(table.settings),
            lambda value: click.echo(table.tr("Up to date: {database}", **value)),
        )
        return
    password = None if sandbox else read_password(table, password_file, twice=True)
    made = bootstrap.initialise(
        table.settings, sandbox=sandbox, admin=admin or "admin", password=password, partitions=partitions
    )

    def human(value: dict[str, Any]) -> None:
        click.echo(table.tr("Made {database}: {units} units, {regimes} regimes.", **value))
        if sandbox:
            click.echo(table.tr("A training database: act as anyone with --as HANDLE, first --as admin."))

    emit(ctx, made, human)


def read_password(table: Any, file: str | None, *, twice: bool) -> str:
    """From a file, from stdin (-), or asked on the terminal without echo."""
    if file == "-":
        return sys.stdin.readline().rstrip("\n")
    if file is not None:
        return _first_line(file)
    import warnings
    from getpass import GetPassWarning

    with warnings.catch_warnings():
        # Without a terminal it would be asked all the same, and shown as it is typed.
        warnings.simplefilter("error", GetPassWarning)
        try:
            return str(click.prompt(table.tr("Password"), hide_input=True, confirmation_prompt=twice, err=True))
        except GetPassWarning:
            raise Refused(reason("password_unasked")) from None


def _first_line(file: str) -> str:
    try:
        lines = content(file).decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise InputInvalid(reason("file_not_utf8", file=file, position=error.start)) from error
    if not lines or not lines[0]:
        raise InputInvalid(reason("file_empty", file=file))
    return lines[0]


@click.command(cls=Command, help="Log in; the login ends after 15 idle minutes.")
@click.argument("handle")
@click.option("--password-file", metavar="FILE|-", cls=TranslatedOption, help="Read the password from a file or stdin.")
@click.pass_context
def login(ctx: click.Context, /, handle: str, password_file: str | None) -> None:
    from ocop_flow import sessions

    table = desk(ctx)
    table.open_door = True
    password = read_password(table, password_file, twice=False)
    sessions.login(table.settings, table.office, handle, password)
    emit(ctx, {"handle": handle}, lambda value: click.echo(table.tr("Logged in as {handle}.", **value)))


@click.command(cls=Command, help="Log out.")
@click.pass_context
def logout(ctx: click.Context) -> None:
    from ocop_flow import sessions

    table = desk(ctx)
    table.open_door = True
    sessions.logout(table.settings, table.office)
    emit(ctx, {"handle": None}, lambda _value: click.echo(table.tr("Logged out.")))


@click.command(cls=Command, help="Who is logged in, and the posts they hold today.")
@click.pass_context
def whoami(ctx: click.Context) -> None:
    from ocop_flow.service import lists

    table = desk(ctx)
    handle = table.caller.known()
    with table.office.reader() as uow:
        found = [item for item in lists.people(uow) if item["handle"] == handle]
    if not found:
        raise NotFound(reason("person_absent", person=handle))

    def human(value: dict[str, Any]) -> None:
        click.echo(f"{value['name']} ({value['handle']})")
        for post in value["posts"]:
            unit = unit_text({"code": post["unit"], "name": post["unit_name"]})
            role, until = word(table, post["role"]), post["valid_to"] or "…"
            say(table, f"  {role}  {unit}  {post['valid_from']} – {until}  {post['decision']}")

    emit(ctx, found[0], human)


@click.command(
    cls=WriteCommand, help="Check the installation and the database; --rebuild makes all views anew from the log."
)
@click.option("--rebuild", is_flag=True, cls=TranslatedOption, help="Drop every view and rebuild it from the log.")
@click.pass_context
def doctor(ctx: click.Context, /, rebuild: bool) -> int:
    from ocop_flow.config import masked
    from ocop_flow.service import rebuild as rebuilding

    table = desk(ctx)
    table.open_door = True
    office = table.office
    with progress(table, "Events") as shown:
        if rebuild:
            found = rebuilding.rebuild(office, dry_run=table.dry_run, progress=shown)
        else:
            found = rebuilding.examine(office, shown)

    def human(value: dict[str, Any]) -> None:
        lines(
            table,
            [
                ("Database", value["database"]),
                ("Events", value["events"]),
                ("Dossiers", value["dossiers"]),
                ("Training database", value["sandbox"]),
                ("Calendar known through", value["calendar_known_through"]),
                ("Last scan", moment(value["jobs"].get("scan"))),
            ],
        )
        if value["problems"]:
            rows(table, ["Problem", "Where"], [(item["kind"], item["detail"]) for item in value["problems"]])
        else:
            click.echo(table.tr("No problem found."))

    emit(ctx, {"database": masked(table.settings.db), **found}, human)
    return 0 if found["ok"] else 1
