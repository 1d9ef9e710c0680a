"""Papers for Word: forms, minutes, decisions, notices, filled from the record."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cli.base import Command, Group, TranslatedOption, desk, pairs
from ocop_flow.cli.files import written
from ocop_flow.cli.output import emit, label, rows
from ocop_flow.errors import InputInvalid, reason

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ocop_flow.papers.kinds import Field

#: What the subject of a paper is, for people.
_ABOUT_LABELS = {
    "dossier": "dossier",
    "sitting": "sitting",
    "council": "council",
    "unit": "unit (or decision)",
    "certificate": "certificate",
}


class PaperGroup(Group):
    """``ocop paper KIND SUBJECT`` is short for ``ocop paper make KIND SUBJECT``."""

    def resolve_command(self, ctx: click.Context, args: list[str]) -> Any:
        if args and args[0] not in self.commands and not args[0].startswith("-"):
            return super().resolve_command(ctx, ["make", *args])
        return super().resolve_command(ctx, args)


@click.group(
    cls=PaperGroup,
    help="Papers for Word: forms, minutes, decisions, notices, filled from the record.\n\n"
    "ocop paper KIND SUBJECT is short for ocop paper make KIND SUBJECT.",
)
def paper() -> None: ...


@paper.command("list", cls=Command, help="Kinds of papers, and what each is about.")
@click.pass_context
def list_(ctx: click.Context) -> None:
    from ocop_flow.papers.kinds import kinds, of_regimes

    table = desk(ctx)
    found = [
        {
            "kind": each.id,
            "label": each.label,
            "about": each.about,
            "template": each.template,
            "templates": {name: made for name, of in of_regimes().items() if (made := of.of(each).template)},
        }
        for each in kinds().values()
    ]
    emit(
        ctx,
        found,
        lambda value: rows(
            table,
            ["Kind", "Paper", "About", "Template"],
            [(i["kind"], label(table, i["label"]), table.tr(_ABOUT_LABELS[i["about"]]), i["template"]) for i in value],
        ),
    )


@paper.command("fields", cls=Command, help="Fields that a template of this kind may name.")
@click.argument("kind", metavar="KIND")
@click.pass_context
def fields(ctx: click.Context, /, kind: str) -> None:
    from ocop_flow.papers import kinds

    table = desk(ctx)
    found = list(_fields(kinds.kind(kind).fields))
    emit(
        ctx,
        found,
        lambda value: rows(
            table,
            ["Field", "Meaning", "May be typed"],
            [(i["field"], label(table, i["label"]), table.tr("yes") if i["typed"] else "") for i in value],
        ),
    )


def _fields(table: Mapping[str, Field], before: str = "") -> Iterator[dict[str, Any]]:
    """Every field; those of the rows of a list as ``list[].field``."""
    for name, each in table.items():
        yield {"field": before + name, "label": each.label, "typed": each.typed, "list": each.rows is not None}
        if each.rows is not None:
            yield from _fields(each.rows, f"{before}{name}[].")


@paper.command("template", cls=Command, help="Write the shipped template of a kind, to be changed.")
@click.argument("kind", metavar="KIND")
@click.option("--out", metavar="FILE", cls=TranslatedOption, help="Where to write it (default: its own name, here).")
@click.option("--regime", metavar="ID", cls=TranslatedOption, help="That of an earlier regime: qd_1048_2019.")
@click.pass_context
def template(ctx: click.Context, /, kind: str, out: str | None, regime: str | None) -> None:
    from ocop_flow.papers import kinds

    asked = kinds.practice(regime).of(kinds.kind(kind))
    file = out or asked.template
    _new(file)
    written(file, (kinds.folder() / asked.template).read_bytes())
    _told(ctx, {"kind": asked.id, "file": file})


@paper.command("make", cls=Command, help="Make one paper about a dossier, sitting, council, unit or certificate.")
@click.argument("kind", metavar="KIND")
@click.argument("subject", metavar="SUBJECT")
@click.option("--out", metavar="FILE", cls=TranslatedOption, help="Where to write it: .docx (default: a name here).")
@click.option("--template", "own", metavar="FILE", cls=TranslatedOption, help="Fill this template.")
@click.option(
    "--templates",
    metavar="DIR",
    cls=TranslatedOption,
    help="Folder with a province's own templates (default: OCOP_TEMPLATES).",
)
@click.option("--capacity", metavar="TM|KT|TL|TUQ|Q", cls=TranslatedOption, help="Capacity of the signer.")
@click.option("--number", metavar="NUMBER", cls=TranslatedOption, help="Number of the paper, before its symbol.")
@click.option("--signer", metavar="NAME", cls=TranslatedOption, help="Who will sign.")
@click.option(
    "--set",
    "values",
    multiple=True,
    metavar="NAME=VALUE",
    cls=TranslatedOption,
    help="A field that is not in the record, such as time and room of a sitting.",
)
@click.pass_context
def make(ctx: click.Context, /, kind: str, subject: str, out: str | None, **options: Any) -> None:
    from ocop_flow.papers.ends import early
    from ocop_flow.papers.making import Wish, made

    table = desk(ctx)
    file = out or f"{kind}-{_slug(subject)}.docx"
    if not file.lower().endswith(".docx"):
        raise InputInvalid(reason("format_unknown", file=file, known=".docx"))
    _new(file)
    folder = options["templates"] or os.environ.get("OCOP_TEMPLATES")
    own = {name: options[name] for name in ("number", "signer") if options[name]}
    wish = Wish(
        template=Path(options["own"]) if options["own"] else None,
        templates=Path(folder) if folder else None,
        capacity=(options["capacity"] or "").rstrip(".").upper() or None,
        typed={**pairs(options["values"]), **own},
    )
    with table.office.reader() as uow:
        data = made(uow, table.office, kind, subject, wish)
        doubt = early(uow, table.office, subject) if kind == "expiry_notice" else None
    written(file, data)
    _told(ctx, {"kind": kind, "subject": subject, "file": file, "warnings": [doubt] if doubt else []})


def _new(file: str) -> None:
    """Nothing is written over."""
    from ocop_flow.cli.declaring import check_new

    check_new(Path(file))


def _slug(subject: str) -> str:
    return "".join(letter if letter.isalnum() or letter == "-" else "-" for letter in subject)


def _told(ctx: click.Context, answer: dict[str, Any]) -> None:
    emit(ctx, answer, lambda value: click.echo(desk(ctx).tr("Written: {file}", **value)))
