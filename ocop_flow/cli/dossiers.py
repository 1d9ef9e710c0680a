"""Dossiers: open, show, list, move, attach, undo, fix, inbox."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from ocop_flow import i18n
from ocop_flow.cli.base import (
    Command,
    Desk,
    Group,
    TranslatedOption,
    Whole,
    WriteCommand,
    act_of,
    act_options,
    contact_options,
    contacts_of,
    day,
    desk,
    pairs,
)
from ocop_flow.cli.output import emit, label, lines, rows, unit_text, warn, word
from ocop_flow.cli.papers import paper_of, paper_options
from ocop_flow.cli.writing import write
from ocop_flow.errors import InputInvalid, reason

if TYPE_CHECKING:
    from ocop_flow.domain.commands import Advance
    from ocop_flow.ports import UnitOfWork

Json = dict[str, Any]


@click.group(cls=Group, help="Open, show and list product dossiers.")
def dossier() -> None: ...


@dossier.command("open", cls=WriteCommand, help="Open a dossier; entity and product are found by name or made.")
@click.option("--commune", required=True, metavar="CODE", cls=TranslatedOption, help="Commune, by code or name.")
@click.option("--product", required=True, metavar="NAME", cls=TranslatedOption, help="Product name.")
@click.option("--entity", required=True, metavar="NAME|CODE", cls=TranslatedOption, help="Entity, by name or code.")
@click.option("--entity-kind", required=True, metavar="KIND", cls=TranslatedOption, help="Kind of entity.")
@click.option("--product-set", required=True, metavar="ID", cls=TranslatedOption, help="Product set of the regime.")
@click.option("--kind", required=True, metavar="KIND", cls=TranslatedOption, help="first, upgrade or re_rating.")
@click.option("--track", required=True, metavar="TRACK", cls=TranslatedOption, help="new_product or existing_product.")
@click.option("--plan", metavar="NUMBER", cls=TranslatedOption, help="Plan the dossier belongs to.")
@click.option("--regime", metavar="ID", cls=TranslatedOption, help="Another regime, where an overlap allows it.")
@click.option("--previous", metavar="CERT", cls=TranslatedOption, help="Earlier certificate (upgrade, re-rating).")
@click.option("--set", "fields", multiple=True, metavar="NAME=VALUE", cls=TranslatedOption, help="Further fields.")
@contact_options
@act_options
@click.pass_context
def open_(ctx: click.Context, /, **options: Any) -> None:
    from ocop_flow.cli.typed_words import opening
    from ocop_flow.domain.commands import Open
    from ocop_flow.service import dossiers

    table = desk(ctx)
    act, contacts = act_of(options), contacts_of(options)
    command = Open(**{**opening(options), "fields": pairs(options["fields"])}, contacts=contacts, act=act)

    def human(v: Json) -> None:
        state = label(table, v["state_label"])
        click.echo(table.tr("Opened {code}: {state} ({law}).", code=v["code"], state=state, law=v["decision"]))
        click.echo(table.tr("Commune: {commune}", commune=unit_text(v["commune"])))

    def work(uow: UnitOfWork) -> Json:
        return dossiers.worded(uow, dossiers.open_dossier(uow, table.office, table.caller, command))

    write(ctx, "open", command, work, human)


@dossier.command("show", cls=Command, help="One dossier; --as-of shows it as it was on a day.")
@click.argument("code", metavar="DOSSIER")
@click.option("--as-of", metavar="DATE", cls=TranslatedOption, help="As it was on this day.")
@click.pass_context
def show(ctx: click.Context, /, code: str, as_of: str | None) -> None:
    from ocop_flow.service import dossier_view

    table = desk(ctx)
    with table.office.reader() as uow:
        found = dossier_view.show(uow, table.office, code, day(as_of))

    def human(value: Json) -> None:
        click.echo(click.style(f"{value['code']}  {value['product']}", bold=True))
        lines(
            table,
            [
                ("Entity", f"{value['entity']} ({word(table, value['entity_kind'])})"),
                ("State", _named(table, value["state_label"], value["state"])),
                ("Held by", unit_text(value["holder"])),
                ("Due on", value["due_on"]),
                ("Commune", unit_text(value["commune"])),
                ("Product set", _named(table, value["product_set_label"], value["product_set"])),
                ("Kind", f"{word(table, value['kind'])}, {word(table, value['track'])}"),
                ("Regime", f"{value['decision']} [{value['regime']}]"),
                ("Plan", value["plan"]),
                ("Mean total", value["mean_total"]),
                ("Stars (computed)", value["stars"]),
                ("Stars (decided)", value["stars_decided"]),
                ("Potential five stars", value["potential_five_stars"] or None),
                ("Certificate", value["certificate"]),
                ("Disputed", value["disputed"] or None),
                ("Opened on", value["opened_on"]),
                ("Closed on", value["closed_on"]),
                ("Version", value["version"]),
            ],
        )

    emit(ctx, found, human)


def _named(table: Desk, name: Json | None, code: str) -> str:
    """By its name, with the code that commands take."""
    return f"{label(table, name)} [{code}]" if name else code


@dossier.command("list", cls=Command, help="Dossiers, by unit, plan or state.")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Only below this unit.")
@click.option("--plan", metavar="NUMBER", cls=TranslatedOption, help="Only of this plan.")
@click.option("--state", metavar="STATE", cls=TranslatedOption, help="Only in this state or phase.")
@click.pass_context
def list_(ctx: click.Context, /, unit: str | None, plan: str | None, state: str | None) -> None:
    from ocop_flow.service import lists, plans
    from ocop_flow.service.desk import area_code

    table = desk(ctx)
    with table.office.reader() as uow:
        unit = area_code(uow, unit, table.office.today)
        identity = plans.identify(uow, plan) if plan else None
        found = lists.dossiers(uow, table.office, unit=unit, plan=identity, state=state)
    emit(ctx, found, lambda value: dossier_table(table, value))


def dossier_table(table: Desk, value: list[Json], *, empty: str = "Nothing to show.") -> None:
    rows(
        table,
        ["Code", "Product", "Entity", "State", "Held by", "Due on", "Stars"],
        [
            (
                item["code"],
                item["product"],
                item["entity"],
                label(table, item["state_label"]),
                unit_text(item["holder"]),
                item["due_on"],
                item["stars_decided"] or item["stars"],
            )
            for item in value
        ],
        empty=empty,
    )


@dossier.command("actions", cls=Command, help="What may be done with a dossier now, and what is missing.")
@click.argument("code", metavar="DOSSIER")
@click.option("--all", "everything", is_flag=True, cls=TranslatedOption, help="Every action, whoever may do it.")
@click.pass_context
def actions(ctx: click.Context, /, code: str, everything: bool) -> None:
    from ocop_flow.service import dossier_actions

    table = desk(ctx)
    with table.office.reader() as uow:
        caller = table.caller
        found = dossier_actions.actions(uow, table.office, caller, code, everything=everything)
    emit(ctx, found, lambda value: show_actions(table, value))


def show_actions(table: Desk, value: list[Json]) -> None:
    """The numbered list: what may be done, then what may not and why."""
    if not value:
        click.echo(table.tr("Nothing to be done here by you."))
    ordered = sorted(value, key=lambda item: not item["allowed"])
    for number, item in enumerate(ordered, start=1):
        mark = click.style("✓", fg="green") if item["allowed"] else click.style("✗", fg="red")
        what, to = label(table, item["label"]), label(table, item["to_label"])
        click.echo(f"{number:>2}. {mark} {what}  [{item['action']}] → {to}")
        who = ", ".join(word(table, role) for role in item["roles"])
        click.echo(f"      {who}{_needs_text(table, item['needs'])}")
        for found in item["reasons"]:
            warn(table, found)


def _needs_text(table: Desk, needs: Json) -> str:
    parts = [f"{label(table, each['label'])} {each['have']}/{each['required']}" for each in needs["evidence"]]
    parts += [f"--set {each['name']}=" for each in needs["fields"] if each["required"]]
    parts += ["--decision"] if needs["decision"] else []
    parts += ["--reason"] if needs["reason"] else []
    parts += [table.tr("a closed sitting")] if needs["scores"] else []
    return f"  ({'; '.join(parts)})" if parts else ""


@dossier.command("history", cls=Command, help="Every event of a dossier.")
@click.argument("code", metavar="DOSSIER")
@click.pass_context
def history(ctx: click.Context, /, code: str) -> None:
    from ocop_flow.cli import histories
    from ocop_flow.service.history import listed

    table = desk(ctx)
    with table.office.reader() as uow:
        found = listed(uow, table.office, code)

    def human(value: list[Json]) -> None:
        rows(
            table,
            ["No.", "Day", "Action", "To", "Done by", "Typed by", "Document", "Entry", "Hash"],
            [
                (
                    item["seq"],
                    item["occurred_on"],
                    histories.act_text(table, item),
                    histories.state_text(table, item),
                    f"{item['actor']['name']} ({word(table, item['actor']['role'])})",
                    item["recorder"]["name"] if item["recorder"] != item["actor"] else "",
                    item["signer"]["number"] if item["signer"] else "",
                    histories.entry_text(table, item["entry"]),
                    item["hash"][:12],
                )
                for item in value
            ],
        )

    emit(ctx, found, human)


@dossier.command("attach", cls=WriteCommand, help="File evidence with a dossier.")
@click.argument("code", metavar="DOSSIER")
@click.argument("file", required=False, metavar="[FILE|FOLDER]")
@click.option("--kind", metavar="KIND", cls=TranslatedOption, help="Kind of evidence.")
@click.option("--copies", type=Whole(), default=1, metavar="N", cls=TranslatedOption, help="Number of copies.")
@click.option("--issued", metavar="DATE", cls=TranslatedOption, help="Day of issue.")
@click.option("--expires", metavar="DATE", cls=TranslatedOption, help="Last valid day.")
@click.option(
    "--expect-version",
    type=Whole(),
    metavar="N",
    cls=TranslatedOption,
    help="Refuse if the dossier has changed since this version.",
)
@act_options
@click.pass_context
def attach_(ctx: click.Context, /, code: str, file: str | None, **options: Any) -> None:
    from ocop_flow.cli.evidence import attachments
    from ocop_flow.service import dossiers

    table = desk(ctx)
    act = act_of(options)
    dates = (day(options["issued"]), day(options["expires"]))
    items = attachments(table, code, file, options["kind"], options["copies"], dates)
    command = dossiers.Attach(code, items, options["expect_version"], act)

    def human(value: Json) -> None:
        _at_hand(table, value["attached"], value["missing"])

    write(ctx, "attach", command, lambda uow: dossiers.attach(uow, table.office, table.caller, command), human)


def _at_hand(table: Desk, changed: list[Json], missing: list[Json]) -> None:
    """How much of each kind that was filed or withdrawn is held now, and what is still missing."""
    for item in {item["kind"]: item for item in changed}.values():
        named = label(table, item["label"])
        click.echo(table.tr("{label} ({kind}): {have} at hand.", label=named, kind=item["kind"], have=item["have"]))
    for item in missing:
        click.echo(table.tr("Still missing: {label} ({kind}), {have} of {required}.", **item), err=True)


@dossier.command("detach", cls=WriteCommand, help="Withdraw evidence that was filed wrongly; the history keeps it.")
@click.argument("code", metavar="DOSSIER")
@click.argument("filed", type=Whole(), metavar="SEQ")
@click.option(
    "--kind", "kinds", multiple=True, metavar="KIND", cls=TranslatedOption, help="Only this kind (default: all of it)."
)
@click.option(
    "--expect-version",
    type=int,
    metavar="N",
    cls=TranslatedOption,
    help="Refuse if the dossier has changed since this version.",
)
@act_options
@click.pass_context
def detach(ctx: click.Context, /, code: str, filed: int, **options: Any) -> None:
    from ocop_flow.service import dossiers

    table = desk(ctx)
    command = dossiers.Detach(code, filed, options["kinds"], options["expect_version"], act_of(options))
    write(
        ctx,
        "detach",
        command,
        lambda uow: dossiers.detach(uow, table.office, table.caller, command),
        lambda v: _at_hand(table, v["withdrawn"], v["missing"]),
    )


attach = attach_


@dossier.command(
    "import",
    cls=WriteCommand,
    help="Open many dossiers from a CSV file; a bad line stops only itself.\n\n"
    "Columns are the options of `ocop dossier open`, or headings as lists of offices have them: Product name, Entity "
    "name, Kind of entity, Product set, Kind of dossier, Track, Commune, Day received.",
)
@click.argument("file", metavar="FILE.csv")
@act_options
@click.pass_context
def import_(ctx: click.Context, /, file: str, **options: Any) -> int:
    """The act's options hold for lines whose own cell is empty; ``--key K`` gives line 7 the key ``K-7``."""
    from ocop_flow.cli import batch

    return batch.open_many(ctx, file, options)


@click.command(cls=WriteCommand, help="Move a dossier by one action; without an action, list what may be done.")
@click.argument("code", required=False, metavar="[DOSSIER]")
@click.argument("action", required=False, metavar="[ACTION]")
@click.option(
    "--set", "fields", multiple=True, metavar="NAME=VALUE", cls=TranslatedOption, help="A field of the action."
)
@click.option("--doc", "docs", multiple=True, metavar="KIND=FILE", cls=TranslatedOption, help="Evidence handed in.")
@paper_options
@click.option("--as-decided", is_flag=True, cls=TranslatedOption, help="Record a signed decision against the rules.")
@click.option(
    "--expect-version",
    type=Whole(),
    metavar="N",
    cls=TranslatedOption,
    help="Refuse if the dossier has changed since this version.",
)
@click.option(
    "--batch",
    "batch_file",
    metavar="FILE.csv",
    cls=TranslatedOption,
    help="Many moves, one per line; --on, --by, --entry, --reason and --key hold for lines that leave them out.",
)
@act_options
@click.pass_context
def advance(
    ctx: click.Context, /, code: str | None, action: str | None, batch_file: str | None, **options: Any
) -> int | None:
    table = desk(ctx)
    if batch_file is not None:
        from ocop_flow.cli import batch

        _only_shared(ctx)
        return batch.advance_many(ctx, batch_file, options)
    if code is None:
        raise click.UsageError(table.tr("Name a dossier, or a file with --batch."))
    if action is None:
        ctx.invoke(actions, code=code, everything=False)
        return None
    from ocop_flow.service import dossiers

    command = advance_command(table, code, action, options)

    def human(value: Json) -> None:
        source, to = (label(table, value[f"{end}_state_label"] or value[f"{end}_state"]) for end in ("from", "to"))
        click.echo(table.tr("{code}: {source} → {to} (event {seq}).", **value, source=source, to=to))
        if value.get("certificate"):
            click.echo(table.tr("Certificate issued: {certificate}", **value))
        for item in value["overridden"]:
            click.echo(table.tr("Recorded as decided against:") + f" {item['message']}", err=True)

    def work(uow: UnitOfWork) -> Json:
        return dossiers.worded(uow, dossiers.advance(uow, table.office, table.caller, command))

    write(ctx, "advance", command, work, human)
    return None


#: Options that hold for every line of a batch whose own cell is empty.
_SHARED = frozenset({"batch_file", "on", "by", "entry", "key", "reason_text"})


def _only_shared(ctx: click.Context, /) -> None:
    """Raises InputInvalid naming what was typed beside ``--batch`` and belongs into the lines."""
    typed = [
        param.opts[0] if isinstance(param, click.Option) else str(param.metavar).strip("[]")
        for param in ctx.command.params
        if param.expose_value
        and param.name not in _SHARED
        and ctx.get_parameter_source(str(param.name)) is click.core.ParameterSource.COMMANDLINE
    ]
    if typed:
        raise InputInvalid(reason("batch_options", options=", ".join(typed)))


def advance_command(table: Desk, code: str, action: str, options: dict[str, Any]) -> Advance:
    """The move that the options describe; files are kept first."""
    from dataclasses import replace

    from ocop_flow.cli.evidence import handed_in
    from ocop_flow.domain import codes
    from ocop_flow.domain.commands import Advance

    act = act_of(options)
    return Advance(
        dossier=codes.written(code, "dossier"),
        action=action,
        act=replace(act, paper=paper_of(table, options)),
        fields=pairs(options["fields"]),
        attachments=handed_in(pairs(options["docs"])),
        as_decided=options["as_decided"],
        expect_version=options["expect_version"],
    )


@click.command(cls=WriteCommand, help="Take back your newest act on a dossier, while nobody has acted on it.")
@click.argument("code", metavar="DOSSIER")
@act_options
@click.pass_context
def undo(ctx: click.Context, /, code: str, **options: Any) -> None:
    from ocop_flow.service import dossiers

    table = desk(ctx)
    command = dossiers.Undo(code, act_of(options))

    def human(value: Json) -> None:
        law = value["undone_label"]
        done = label(table, law) if law else i18n.act(value["undone"], table.language)
        to = label(table, value["to_state_label"] or value["to_state"])
        click.echo(table.tr("{code}: “{done}” taken back, now {to}.", code=value["code"], done=done, to=to))

    write(
        ctx,
        "undo",
        command,
        lambda uow: dossiers.worded(uow, dossiers.undo(uow, table.office, table.caller, command)),
        human,
    )


@click.command(cls=WriteCommand, help="Correct product_set, product or commune before scoring, with a reason.")
@click.argument("code", metavar="DOSSIER")
@click.argument("name", metavar="FIELD")
@click.argument("value", metavar="VALUE")
@act_options
@click.pass_context
def fix(ctx: click.Context, /, code: str, name: str, value: str, **options: Any) -> None:
    from ocop_flow.service import dossiers

    table = desk(ctx)
    command = dossiers.Fix(code, name, value, act_of(options))
    write(
        ctx,
        "fix",
        command,
        lambda uow: dossiers.fix(uow, table.office, table.caller, command),
        lambda v: click.echo(table.tr("{code}: {field} corrected (before: {before}).", **v)),
    )


@click.command(cls=Command, help="Dossiers that wait for your unit, nearest duty first.")
@click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Another unit.")
@click.pass_context
def inbox(ctx: click.Context, /, unit: str | None) -> None:
    from ocop_flow.service import lists
    from ocop_flow.service.desk import area_code

    table = desk(ctx)
    with table.office.reader() as uow:
        unit = area_code(uow, unit, table.office.today)
        found = lists.inbox(uow, table.office, table.caller, unit)
        letters = [] if table.as_json else lists.letters_waiting(uow, table.office, table.caller, unit)

    def human(value: list[Json]) -> None:
        rows(
            table,
            ["Code", "Product", "State", "Due on", "Days left", "Waiting since", "Days", "Whose turn", "May be done"],
            [
                (
                    item["code"],
                    item["product"],
                    label(table, item["state_label"]),
                    item["due_on"],
                    item["days_left"],
                    item["since"],
                    item["waiting_days"],
                    item["turn"]["name"] if item["turn"] else "",
                    ", ".join(label(table, each) for each in item["action_labels"]),
                )
                for item in value
            ],
            empty="Nothing waits here.",
        )
        for item in letters:
            warn(table, item)

    emit(ctx, found, human)


def check_columns(found: list[str], known: list[str], file: str) -> None:
    """Raises InputInvalid naming columns that mean nothing here."""
    strange = [name for name in found if name not in known and not name.startswith(("set.", "doc."))]
    if strange:
        raise InputInvalid(reason("batch_columns", file=file, found=", ".join(strange), known=", ".join(known)))
