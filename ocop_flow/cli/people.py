"""People: add, appoint, delegate, password, leave, list."""

from __future__ import annotations

from typing import Any

import click

from ocop_flow.cli.base import Command, Desk, Group, TranslatedOption, WriteCommand, act_of, act_options, day, desk
from ocop_flow.cli.output import emit, rows, say, unit_text, word
from ocop_flow.cli.writing import write

Json = dict[str, Any]


@click.group(cls=Group, help="People, posts and delegations.")
def person() -> None: ...


@person.command("add", cls=WriteCommand, help="Add a person; posts are given by appoint.")
@click.argument("handle")
@click.option("--name", required=True, metavar="NAME", cls=TranslatedOption, help="Full name.")
@click.option("--email", metavar="MAIL", cls=TranslatedOption, help="Mail address.")
@click.option("--no-login", is_flag=True, cls=TranslatedOption, help="Never uses the computer.")
@click.option(
    "--office-login", is_flag=True, cls=TranslatedOption, help="A login that several people of an office use."
)
@act_options
@click.pass_context
def add(
    ctx: click.Context, /, handle: str, name: str, email: str | None, no_login: bool, office_login: bool, **options: Any
) -> None:
    from ocop_flow.service import people

    table = desk(ctx)
    command = people.AddPerson(handle, name, email, not no_login, office_login, act_of(options))
    write(
        ctx,
        "person add",
        command,
        lambda uow: people.add(uow, table.office, table.caller, command),
        lambda v: click.echo(table.tr("Added {name} ({handle}).", **v)),
    )


@person.command("appoint", cls=WriteCommand, help="Give a person a role at a unit by a numbered decision.")
@click.argument("handle")
@click.option("--unit", required=True, metavar="CODE", cls=TranslatedOption, help="Unit.")
@click.option("--role", required=True, metavar="ROLE", cls=TranslatedOption, help="Role.")
@click.option("--decision", required=True, metavar="NUMBER", cls=TranslatedOption, help="Number of the decision.")
@click.option("--from", "since", metavar="DATE", cls=TranslatedOption, help="First day (default: today).")
@click.option("--to", "until", metavar="DATE", cls=TranslatedOption, help="Last day.")
@click.option("--office", metavar="NAME", cls=TranslatedOption, help="Office within the unit.")
@act_options
@click.pass_context
def appoint(ctx: click.Context, /, handle: str, **options: Any) -> None:
    from ocop_flow.service import people

    table = desk(ctx)
    command = people.Appoint(
        handle,
        options.pop("unit"),
        options.pop("role"),
        options.pop("decision"),
        day(options.pop("since")),
        day(options.pop("until")),
        options.pop("office"),
        act_of(options),
    )
    write(
        ctx,
        "person appoint",
        command,
        lambda uow: people.appoint(uow, table.office, table.caller, command),
        lambda v: say(table, f"{v['handle']}: {_post(table, v)}"),
    )


@person.command("delegate", cls=WriteCommand, help="Let another act in one's post for a time.")
@click.argument("giver", metavar="FROM")
@click.argument("taker", metavar="TO")
@click.option("--unit", required=True, metavar="CODE", cls=TranslatedOption, help="Unit.")
@click.option("--role", required=True, metavar="ROLE", cls=TranslatedOption, help="Role.")
@click.option("--decision", required=True, metavar="NUMBER", cls=TranslatedOption, help="Number of the decision.")
@click.option("--from", "since", required=True, metavar="DATE", cls=TranslatedOption, help="First day.")
@click.option("--to", "until", required=True, metavar="DATE", cls=TranslatedOption, help="Last day.")
@act_options
@click.pass_context
def delegate(ctx: click.Context, /, giver: str, taker: str, **options: Any) -> None:
    from ocop_flow.domain.fieldvalues import read_day
    from ocop_flow.service import people

    table = desk(ctx)
    command = people.Delegate(
        giver,
        taker,
        options.pop("unit"),
        options.pop("role"),
        options.pop("decision"),
        read_day(options.pop("since")),
        read_day(options.pop("until")),
        act_of(options),
    )
    write(
        ctx,
        "person delegate",
        command,
        lambda uow: people.delegate(uow, table.office, table.caller, command),
        lambda v: say(table, f"{v['giver']} → {v['handle']}: {_post(table, v)}"),
    )


@person.command("leave", cls=WriteCommand, help="End all posts of a person; --to hands them over.")
@click.argument("handle")
@click.option("--to", "to", metavar="HANDLE", cls=TranslatedOption, help="Who takes over.")
@act_options
@click.pass_context
def leave(ctx: click.Context, /, handle: str, to: str | None, **options: Any) -> None:
    from ocop_flow.service import people

    table = desk(ctx)
    command = people.Leave(handle, to, act_of(options))
    write(
        ctx,
        "person leave",
        command,
        lambda uow: people.leave(uow, table.office, table.caller, command),
        lambda v: click.echo(table.tr("{handle}: {ended} posts ended on {left_on}.", **v)),
    )


def _post(table: Desk, v: Json) -> str:
    """A post as it was given."""
    return f"{word(table, v['role'])}  {unit_text(v['unit'])}  {v['valid_from']} – {v['valid_to'] or '…'}"


@person.command("password", cls=WriteCommand, help="Set a password: one's own, or anybody's as administrator.")
@click.argument("handle")
@click.option("--password-file", metavar="FILE|-", cls=TranslatedOption, help="Read the password from a file or stdin.")
@click.pass_context
def password(ctx: click.Context, /, handle: str, password_file: str | None) -> None:
    from ocop_flow import sessions
    from ocop_flow.cli.setup import read_password
    from ocop_flow.domain.commands import Act
    from ocop_flow.service import people
    from ocop_flow.service.desk import person as known_person

    table = desk(ctx)
    caller = table.caller
    text = read_password(table, password_file, twice=True)
    with table.office.writer() as uow:
        known_person(uow, handle)
        if caller.known() != handle:
            people.admin_at_work(uow, table.office, caller, Act())
        sessions.store_password(uow, handle, text)
        if not table.dry_run:
            uow.commit()
    emit(ctx, {"handle": handle}, lambda v: click.echo(table.tr("Password of {handle} set.", **v)))


@person.command("list", cls=Command, help="People and their posts.")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Only with a post at this unit.")
@click.pass_context
def list_(ctx: click.Context, /, unit: str | None) -> None:
    from ocop_flow.service import lists
    from ocop_flow.service.desk import area_code

    table = desk(ctx)
    with table.office.reader() as uow:
        unit = area_code(uow, unit, table.office.today)
        found = lists.people(uow, unit)

    def human(value: list[Json]) -> None:
        rows(
            table,
            ["Handle", "Name", "Role", "Unit", "From", "To", "Decision"],
            [
                (
                    item["handle"],
                    item["name"],
                    word(table, post["role"]) if post else "",
                    unit_text({"code": post["unit"], "name": post["unit_name"]}) if post else "",
                    post.get("valid_from"),
                    post.get("valid_to"),
                    post.get("decision"),
                )
                for item in value
                for post in (item["posts"] or [{}])
            ],
        )

    emit(ctx, found, human)
