"""Entities and products: add, list, show, rename, merge."""

from __future__ import annotations

from typing import Any

import click

from ocop_flow.cli.base import (
    Command,
    Desk,
    Group,
    TranslatedOption,
    WriteCommand,
    act_of,
    act_options,
    contact_options,
    contacts_of,
    desk,
    pairs,
)
from ocop_flow.cli.output import emit, label, lines, rows, word
from ocop_flow.cli.writing import write

Json = dict[str, Any]

#: What the columns of an entity or a product are called on a screen.
_LABELS = {
    "code": "Code",
    "name": "Name",
    "kind": "Kind",
    "commune": "Commune",
    "entity": "Entity",
    "product_set": "Product set",
    "contacts": "Reached by",
    "aliases": "Earlier names",
    "merged_into": "Merged into",
}


@click.group(cls=Group, help="Entities taking part.")
def entity() -> None: ...


@click.group(cls=Group, help="Products of the entities.")
def product() -> None: ...


@entity.command("add", cls=WriteCommand, help="Add an entity; contacts are kept apart from the log.")
@click.argument("name")
@click.option("--kind", required=True, metavar="KIND", cls=TranslatedOption, help="Kind of entity.")
@click.option("--commune", required=True, metavar="CODE", cls=TranslatedOption, help="Commune, by code or name.")
@click.option(
    "--contact", "contacts", multiple=True, metavar="NAME=VALUE", cls=TranslatedOption, help="phone=, email=, …"
)
@contact_options
@act_options
@click.pass_context
def add(ctx: click.Context, /, name: str, kind: str, commune: str, contacts: tuple[str, ...], **options: Any) -> None:
    from ocop_flow.cli.typed_words import entity_kind
    from ocop_flow.service import registry

    table = desk(ctx)
    command = registry.AddEntity(
        name, entity_kind(kind), commune, {**pairs(contacts), **contacts_of(options)}, act_of(options)
    )
    write(
        ctx,
        "entity add",
        command,
        lambda uow: registry.add_entity(uow, table.office, table.caller, command),
        lambda v: click.echo(f"{v['code']}  {v['name']}"),
    )


@entity.command("contact", cls=WriteCommand, help="Where an entity is reached; an empty text takes a contact away.")
@click.argument("code")
@contact_options
@act_options
@click.pass_context
def contact(ctx: click.Context, /, code: str, **options: Any) -> None:
    from ocop_flow.service import registry

    table = desk(ctx)
    command = registry.SetContacts(code, contacts_of(options), act_of(options))
    write(
        ctx,
        "entity contact",
        command,
        lambda uow: registry.set_contacts(uow, table.office, table.caller, command),
        lambda v: lines(table, [(text, _cell(table, key, v)) for key, text in _LABELS.items()]),
    )


@entity.command(
    "representative", cls=WriteCommand, help="Sex and ethnic group of who represents an entity; only counts are shown."
)
@click.argument("code")
@click.option("--sex", metavar="female|male", cls=TranslatedOption, help="Sex of the representative.")
@click.option("--ethnic-group", metavar="NAME", cls=TranslatedOption, help="Ethnic group of the representative.")
@act_options
@click.pass_context
def representative(ctx: click.Context, /, code: str, sex: str | None, ethnic_group: str | None, **options: Any) -> None:
    from ocop_flow.service import registry

    table = desk(ctx)
    command = registry.Represent(code, sex, ethnic_group, act_of(options))
    write(
        ctx,
        "entity representative",
        command,
        lambda uow: registry.represent(uow, table.office, table.caller, command),
        lambda v: click.echo(f"{v['code']}  {v['name']}"),
    )


#: Column -> what the record calls it by name.
_NAMED = {"commune": "commune_name", "entity": "entity_name", "product_set": "product_set_label"}


def _cell(table: Desk, name: str, row: Json) -> Any:
    """A value as people say it; the codes that commands take stand behind names."""
    value, named = row.get(name), row.get(_NAMED.get(name, ""))
    if named:
        said = label(table, named)
        return said if name == "product_set" else f"{said} ({value})"
    if name == "kind" or value == "unknown":
        return word(table, value) if value else value
    return ", ".join(value) if isinstance(value, list) else value


def _add_list(group: click.Group, kind: str) -> None:
    @group.command("list", cls=Command, help="List them in Vietnamese order.")
    @click.option("--unit", metavar="CODE", cls=TranslatedOption, help="Only below this unit.")
    @click.pass_context
    def list_(ctx: click.Context, /, unit: str | None) -> None:
        from ocop_flow.service import lists
        from ocop_flow.service.desk import area_code

        table = desk(ctx)
        with table.office.reader() as uow:
            found = lists.registered(uow, kind, area_code(uow, unit, table.office.today))
        columns = ("code", "name", "kind", "commune") if kind == "entity" else ("code", "name", "entity", "product_set")
        emit(
            ctx,
            found,
            lambda value: rows(
                table,
                [_LABELS[name] for name in columns],
                [[_cell(table, name, i) for name in columns] for i in value],
            ),
        )


def _add_show(group: click.Group, kind: str) -> None:
    @group.command("show", cls=Command, help="Show one record.")
    @click.argument("code")
    @click.pass_context
    def show(ctx: click.Context, /, code: str) -> None:
        from ocop_flow.service import registry

        table = desk(ctx)
        with table.office.reader() as uow:
            found = registry.shown(uow, kind, code)
        emit(
            ctx,
            found,
            lambda value: lines(table, [(text, _cell(table, key, value)) for key, text in _LABELS.items()]),
        )


def _add_rename(group: click.Group, kind: str) -> None:
    @group.command("rename", cls=WriteCommand, help="Give a new name; the old one stays findable.")
    @click.argument("code")
    @click.argument("name")
    @act_options
    @click.pass_context
    def rename(ctx: click.Context, /, code: str, name: str, **options: Any) -> None:
        from ocop_flow.service import registry

        table = desk(ctx)
        command = registry.Rename(code, name, act_of(options))
        write(
            ctx,
            f"{kind} rename",
            command,
            lambda uow: registry.rename(uow, table.office, table.caller, kind, command),
            lambda v: click.echo(f"{v['code']}: {v['before']} → {v['name']}"),
        )


def _add_merge(group: click.Group, kind: str) -> None:
    @group.command("merge", cls=WriteCommand, help="Two records of the same thing become one.")
    @click.argument("code")
    @click.argument("into")
    @act_options
    @click.pass_context
    def merge(ctx: click.Context, /, code: str, into: str, **options: Any) -> None:
        from ocop_flow.service import registry

        table = desk(ctx)
        command = registry.Merge(code, into, act_of(options))
        write(
            ctx,
            f"{kind} merge",
            command,
            lambda uow: registry.merge(uow, table.office, table.caller, kind, command),
            lambda v: click.echo(f"{v['code']} → {v['merged_into']}"),
        )


# The same acts on either kind of object.
for _add in (_add_list, _add_show, _add_rename, _add_merge):
    _add(entity, "entity")
    _add(product, "product")
