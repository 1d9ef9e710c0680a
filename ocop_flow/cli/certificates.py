"""Certificates: list, show, declare."""

from __future__ import annotations

from typing import Any

import click

from ocop_flow.cli.base import (
    Command,
    Desk,
    Group,
    TranslatedOption,
    Whole,
    WriteCommand,
    act_of,
    act_options,
    day,
    desk,
    pairs,
)
from ocop_flow.cli.output import emit, label, lines, rows, say, unit_text, word
from ocop_flow.cli.papers import paper_of, paper_options
from ocop_flow.cli.writing import write

Json = dict[str, Any]


@click.group(cls=Group, help="Certificates and when they end.")
def certificate() -> None: ...


@certificate.command("list", cls=Command, help="Certificates, the first to end first.")
@click.option("--ending", metavar="12m|90d", cls=TranslatedOption, help="Only those that end within this time.")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Only below this unit.")
@click.option("--on", metavar="DATE", cls=TranslatedOption, help="As seen on this day.")
@click.option(
    "--sheet",
    metavar="OUT",
    cls=TranslatedOption,
    help="With --ending: an A4 sheet of them, as .html, .xlsx or .pdf.",
)
@click.option(
    "--letters",
    metavar="FOLDER",
    cls=TranslatedOption,
    help="With --ending: a letter to each entity, as text and .docx.",
)
@click.pass_context
def list_(
    ctx: click.Context,
    /,
    ending: str | None,
    unit: str | None,
    on: str | None,
    sheet: str | None,
    letters: str | None,
) -> None:
    from ocop_flow.service import certificates
    from ocop_flow.service.desk import area_code

    if ending is None and (sheet or letters):
        raise click.UsageError(desk(ctx).tr("--sheet and --letters need --ending."), ctx)
    if ending is not None:
        list_ending(ctx, ending, unit, on, sheet, letters)
        return
    table = desk(ctx)
    with table.office.reader() as uow:
        seen = day(on) or table.office.today
        found = certificates.listed(uow, seen, None, area_code(uow, unit, seen))
    emit(
        ctx,
        found,
        lambda value: rows(
            table,
            ["Certificate", "Product", "Entity", "Stars", "Issued on", "Valid to", "Status"],
            [
                (
                    i["number"],
                    i["product"],
                    i["entity"],
                    i["stars"],
                    i["issued_on"],
                    i["valid_to"],
                    table.tr(i["status"]),
                )
                for i in value
            ],
        ),
    )


def list_ending(
    ctx: click.Context, /, typed: str, unit: str | None, on: str | None, sheet: str | None, letters: str | None
) -> None:
    """``list --ending``: what ends when, on the screen, on paper and as letters."""
    from ocop_flow.cli import ending_papers
    from ocop_flow.service import ending
    from ocop_flow.service.desk import area_code

    table = desk(ctx)
    ending_papers.check(sheet, letters)
    with table.office.reader() as uow:
        seen = day(on) or table.office.today
        unit = area_code(uow, unit, seen)
        found = ending.ending(uow, seen, typed, unit)
        law = uow.law_on(seen, None)
        name = ending_papers.unit_name(uow, unit, seen)
    emit(ctx, found, lambda value: ending_papers.show(table, value))
    if sheet or letters:
        ending_papers.write(table, found, law.regime if law else None, name, seen, typed, sheet, letters)


def _status_text(table: Desk, v: Json) -> str:
    """The status, since when, and what took the certificate's place."""
    parts = [table.tr(v["status"])]
    parts += [table.tr("since {day}", day=v["status_on"])] if v["status_on"] else []
    parts += [table.tr("by {number}", number=v["replaced_by"])] if v["replaced_by"] else []
    return " ".join(parts)


def _kept_text(table: Desk, kept: Json | None) -> str | None:
    """Who keeps it since its issuer ended, by which minutes, and what became of its file."""
    if kept is None:
        return None
    parts = [unit_text(kept), table.tr("since {day}", day=kept["since"])]
    parts += [table.tr("minutes {number}", number=kept["minutes"])] if kept["minutes"] else []
    parts += [f"({table.tr('its file')}: {word(table, kept['missing'])})"] if kept["missing"] else []
    return " ".join(parts)


@certificate.command("show", cls=Command, help="One certificate.")
@click.argument("number")
@click.option("--on", metavar="DATE", cls=TranslatedOption, help="As seen on this day.")
@click.pass_context
def show(ctx: click.Context, /, number: str, on: str | None) -> None:
    from ocop_flow.service import certificates

    table = desk(ctx)
    with table.office.reader() as uow:
        found = certificates.seen_on(uow, number, day(on) or table.office.today)

    def human(v: Json) -> None:
        click.echo(click.style(f"{v['number']}  {v['product']}", bold=True))
        lines(
            table,
            [
                ("Entity", v["entity"]),
                ("Stars", v["stars"]),
                ("Product code", v["product_code"]),
                ("Issuer", unit_text(v["issuer"])),
                ("Decision", v["decision"]),
                ("Issued on", v["issued_on"]),
                ("Valid to", v["valid_to"]),
                ("Status", _status_text(table, v)),
                ("Kept by", _kept_text(table, v["kept"])),
                ("Disputed", v["disputed"] or None),
                ("Dossier", v["dossier"]),
                ("Source", v["source"]),
            ],
        )

    emit(ctx, found, human)


@certificate.command(
    "revoke",
    cls=WriteCommand,
    help="Record that a certificate was revoked, by a signed decision.\n\n"
    "By a leader of the issuer or of what stands in its place today; five stars by the centre.",
)
@click.argument("number")
@click.option("--cause", required=True, metavar="a..f|ID", cls=TranslatedOption, help="Ground, by letter or name.")
@click.option(
    "--concluded",
    metavar="DATE",
    cls=TranslatedOption,
    help="Day of the conclusion on the breach, or of the commune's confirmation that production stopped.",
)
@paper_options
@act_options
@click.pass_context
def revoke(ctx: click.Context, /, number: str, cause: str, concluded: str | None, **options: Any) -> None:
    from dataclasses import replace

    from ocop_flow.service import revoking

    table = desk(ctx)
    act = act_of(options)
    act = replace(act, paper=paper_of(table, options))
    command = revoking.Revoke(number, cause, day(concluded), act)
    write(
        ctx,
        "certificate revoke",
        command,
        lambda uow: revoking.revoke(uow, table.office, table.caller, command),
        lambda v: _show_revoked(table, v),
    )


def _show_revoked(table: Desk, v: Json) -> None:
    click.echo(click.style(f"{v['number']}  {v['product']}", bold=True))
    lines(
        table,
        [
            ("Status", table.tr(v["status"])),
            ("Ground", label(table, v["cause"]["label"])),
            ("Decision", v["revoked_by"]),
            ("Concluded on", v["concluded_on"]),
            ("Decide by", v["decide_by"]),
            ("Dossier", v["dossier"]),
        ],
    )


@certificate.command(
    "declare",
    cls=WriteCommand,
    help="Record recognitions made before this system, one or a whole table.\n\n"
    "With --file the other options hold for every line whose own cell is empty.",
)
@click.option(
    "--file", metavar="FILE", cls=TranslatedOption, help="A table: .xlsx, .xls, .csv, or one table of a .docx."
)
@click.option(
    "--skip-bad", metavar="OUT", cls=TranslatedOption, help="Leave lines at fault out and write them to this file."
)
@click.option(
    "--decision-file", metavar="PDF", cls=TranslatedOption, help="The signed decision, for all lines of its number."
)
@click.option("--product", metavar="NAME", cls=TranslatedOption, help="Product name.")
@click.option("--entity", metavar="NAME", cls=TranslatedOption, help="Entity name.")
@click.option("--entity-kind", metavar="KIND", cls=TranslatedOption, help="Kind of entity.")
@click.option("--stars", type=Whole(), metavar="N", cls=TranslatedOption, help="Stars, 1 to 5.")
@click.option("--number", metavar="N", cls=TranslatedOption, help="Certificate number.")
@click.option("--commune", metavar="CODE", cls=TranslatedOption, help="Commune, by code or name.")
@click.option("--issuer", metavar="CODE", cls=TranslatedOption, help="Issuing unit (default: the province).")
@click.option("--decision", metavar="NUMBER", cls=TranslatedOption, help="Number of the decision.")
@click.option("--issued-on", metavar="DATE", cls=TranslatedOption, help="Day of issue.")
@click.option("--valid-to", metavar="DATE", cls=TranslatedOption, help="Last valid day.")
@click.option("--product-set", metavar="ID", cls=TranslatedOption, help="Product set.")
@click.option(
    "--source", metavar="TEXT", cls=TranslatedOption, help="Where this is known from (default: the file's name)."
)
@act_options
@click.pass_context
def declare(ctx: click.Context, /, **options: Any) -> int:
    from ocop_flow.service import certificates

    table = desk(ctx)
    act = act_of(options)
    file = options.pop("file")
    if file is not None:
        from ocop_flow.cli.declaring import declare_file

        return declare_file(ctx, file, act, options)
    _check_one(ctx, options)
    options["issued_on"], options["valid_to"] = day(options["issued_on"]), day(options["valid_to"])
    command = certificates.Declare(**options, act=act)
    write(
        ctx,
        "certificate declare",
        command,
        lambda uow: certificates.declare(uow, table.office, table.caller, command),
        lambda v: say(table, f"{v['number']}  {v['product']}  {v['stars']}★  {v['valid_to'] or '-'}"),
    )
    return 0


def _check_one(ctx: click.Context, /, options: dict[str, Any]) -> None:
    """Without a file a product, its entity and the rest are named by options; those of a file mean nothing."""
    for name in ("skip_bad", "decision_file"):
        if options.pop(name) is not None:
            raise click.UsageError(desk(ctx).tr("{option} needs --file.", option=f"--{name.replace('_', '-')}"), ctx)
    for parameter in ctx.command.params:
        if (
            parameter.name in ("product", "entity", "entity_kind", "stars", "source")
            and options[parameter.name] is None
        ):
            raise click.MissingParameter(ctx=ctx, param=parameter)


@certificate.command("template", cls=Command, help="An empty table for certificate declare --file.")
@click.argument("file")
@click.pass_context
def template(ctx: click.Context, /, file: str) -> None:
    from pathlib import Path

    from ocop_flow.cli.declaring import check_new, write_file
    from ocop_flow.errors import InputInvalid, reason
    from ocop_flow.tables import writing

    table, path = desk(ctx), Path(file)
    if path.suffix.lower() != ".xlsx":
        raise InputInvalid(reason("target_kind_unknown", file=path.name, known=".xlsx"))
    check_new(path)
    write_file(path, writing.template(table.language))
    emit(ctx, {"file": str(path)}, lambda value: click.echo(value["file"]))


@certificate.command(
    "reissue", cls=WriteCommand, help="Issue it again, unchanged (lost, damaged); the one before is replaced."
)
@click.argument("number")
@click.option("--number", "new_number", metavar="NUMBER", cls=TranslatedOption, help="Number of the new certificate.")
@paper_options
@act_options
@click.pass_context
def reissue(ctx: click.Context, /, number: str, new_number: str | None, **options: Any) -> None:
    _renew(ctx, "certificate reissue", number, new_number, {}, options)


@certificate.command("correct", cls=WriteCommand, help="Correct what was printed wrongly; the one before is replaced.")
@click.argument("number")
@click.option(
    "--set",
    "changes",
    multiple=True,
    required=True,
    metavar="NAME=VALUE",
    cls=TranslatedOption,
    help="product, entity, product_code, decision, issued_on or valid_to, as it should be.",
)
@click.option("--number", "new_number", metavar="NUMBER", cls=TranslatedOption, help="Number of the new certificate.")
@paper_options
@act_options
@click.pass_context
def correct(
    ctx: click.Context, /, number: str, changes: tuple[str, ...], new_number: str | None, **options: Any
) -> None:
    _renew(ctx, "certificate correct", number, new_number, pairs(changes), options)


def _renew(
    ctx: click.Context, /, name: str, number: str, new_number: str | None, changes: dict[str, str], options: Json
) -> None:
    from dataclasses import replace

    from ocop_flow.service import reissuing

    table, act = desk(ctx), act_of(options)
    command = reissuing.Renew(number, new_number, changes, replace(act, paper=paper_of(table, options)))
    write(
        ctx,
        name,
        command,
        lambda uow: reissuing.renew(uow, table.office, table.caller, command),
        lambda v: _show_after(table, v),
    )


@certificate.command("transfer", cls=WriteCommand, help="Hand a certificate to another entity, by a decision.")
@click.argument("number")
@click.option("--to", required=True, metavar="ENTITY", cls=TranslatedOption, help="The new entity, by code or name.")
@paper_options
@act_options
@click.pass_context
def transfer(ctx: click.Context, /, number: str, to: str, **options: Any) -> None:
    from dataclasses import replace

    from ocop_flow.service import reissuing

    table, act = desk(ctx), act_of(options)
    command = reissuing.Transfer(number, to, replace(act, paper=paper_of(table, options)))
    write(
        ctx,
        "certificate transfer",
        command,
        lambda uow: reissuing.transfer(uow, table.office, table.caller, command),
        lambda v: _show_after(table, v),
    )


def _show_after(table: Desk, v: Json) -> None:
    click.echo(click.style(f"{v['number']}  {v['product']}", bold=True))
    lines(
        table,
        [
            ("Entity", v["entity"]),
            ("Before", v.get("transferred_from")),
            ("Replaces", v.get("replaces")),
            ("Status", _status_text(table, v)),
            ("Valid to", v["valid_to"]),
        ],
    )


@certificate.command(
    "qr", cls=Command, help="The signed code of a certificate, to be printed on it: as .png or .svg, or as text."
)
@click.argument("number")
@click.option("--out", metavar="FILE", cls=TranslatedOption, help="Picture to write: .png or .svg.")
@click.pass_context
def qr(ctx: click.Context, /, number: str, out: str | None) -> None:
    from pathlib import Path

    from ocop_flow import qr as pictures
    from ocop_flow.cli.declaring import check_new
    from ocop_flow.service import verifying

    table = desk(ctx)
    table.caller.known()
    if out is not None:
        check_new(Path(out))
    with table.office.reader() as uow:
        found = verifying.code(uow, table.office, number)
    if out is not None:
        pictures.write(found["code"], Path(out))
    emit(ctx, {**found, "file": out}, lambda v: click.echo(v["file"] or v["code"]))


@certificate.command(
    "verify",
    cls=Command,
    help="Check the code of a certificate, as text or as a picture of it, or a certificate by its number.\n\n"
    "With --key nothing but the code is asked: which key signed it, and what was true on its issue.",
)
@click.argument("code", metavar="CODE|FILE|NUMBER")
@click.option(
    "--key",
    "keys",
    multiple=True,
    metavar="KEY",
    cls=TranslatedOption,
    help="Public key of an office, as it publishes it, or a file of such lines.",
)
@click.pass_context
def verify(ctx: click.Context, /, code: str, keys: tuple[str, ...]) -> int:
    from pathlib import Path

    from ocop_flow.service import verifying

    text = code
    if code.lower().endswith((".png", ".jpg", ".jpeg", ".webp", ".bmp")):
        from ocop_flow import qr as pictures

        text = pictures.read(Path(code))
    if keys:
        from ocop_flow import signing

        found, wrong = verifying.checked(text, [each for line in keys for each in _keys(line)], signing.verify)
    else:
        table = desk(ctx)
        with table.office.reader() as uow:
            found, wrong = verifying.against_record(uow, table.office, text)
    emit(ctx, {**found, "warnings": list(wrong)}, lambda v: _show_verified(desk(ctx), v))
    return 1 if wrong else 0


def _keys(typed: str) -> list[tuple[str, bytes]]:
    """Trusted keys of a line, or of a file of lines; raises InputInvalid for one that is no key."""
    from pathlib import Path

    from ocop_flow.domain import note
    from ocop_flow.errors import InputInvalid, reason

    file = Path(typed) if "+" not in typed else None
    listed = file.read_text(encoding="utf-8").split() if file and file.is_file() else [typed]
    try:
        return [note.parse_key(line) for line in listed]
    except ValueError as error:
        raise InputInvalid(reason("verifier_key_unreadable", text=typed)) from error


def _show_verified(table: Desk, v: Json) -> None:
    said, now = v["said"], v["certificate"]
    head = table.tr("Genuine") if v["ok"] and said else table.tr("On record") if v["ok"] else table.tr("Not genuine")
    click.echo(click.style(f"{head}  {v['number'] or ''}".rstrip(), bold=True, fg="green" if v["ok"] else "red"))
    shown = said or now or {}
    issuer = shown.get("issuer")
    lines(
        table,
        [
            ("Product", shown.get("product")),
            ("Entity", shown.get("entity")),
            ("Stars", shown.get("stars")),
            ("Issuer", issuer["name"] if isinstance(issuer, dict) else issuer),
            ("Decision", shown.get("decision")),
            ("Issued on", shown.get("issued_on")),
            ("Valid to", shown.get("valid_to")),
            ("Signed with", v["signed_by"]),
            ("Status today", _status_text(table, now) if now else None),
            ("Disputed", (now or {}).get("disputed") or None),
        ],
    )
    for item in v["differences"]:
        click.echo("  " + table.tr("Printed: {said}; now: {now}", said=item["said"] or "-", now=item["now"] or "-"))
    if v["ok"] and now is None:
        click.echo(table.tr("Whether it still holds today is known to the issuer only."))
