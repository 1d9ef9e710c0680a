"""The guide: what to type for a task. Texts stand in ``ocop_flow/guide``, one file a topic and language.

A file begins with its title, its Vietnamese name without accents (``alias:``) and the roles whose task it is
(``roles:``); then comes plain text, commands on lines set in by four spaces.
The caller's own tasks come first here, as their commands do in ``ocop --help``.
"""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from ocop_flow.cli.base import Command, desk
from ocop_flow.cli.output import emit, word
from ocop_flow.domain.names import fold
from ocop_flow.errors import NotFound, OcopFlowError, reason

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from ocop_flow.cli.base import Desk

Json = dict[str, Any]

#: Topics in the order in which an office meets them.
TOPICS = (
    *("start", "receive", "excel", "move", "mistake", "council", "decision", "certificate"),
    *("public", "deadline", "plan", "call", "law", "audit", "admin"),
)


class Topic(NamedTuple):
    """One task: ``name`` in every language, ``alias`` its Vietnamese name without accents, ``text`` to be read."""

    name: str
    alias: str
    title: str
    roles: tuple[str, ...]
    text: str

    @property
    def commands(self) -> tuple[str, ...]:
        """The command lines of the text."""
        return tuple(line.strip() for line in self.text.splitlines() if line.startswith("    "))


def topic(name: str, lang: str) -> Topic:
    whole = (files("ocop_flow") / "guide" / f"{name}.{lang}.txt").read_text(encoding="utf-8")
    head, _, text = whole.partition("\n\n")
    title, alias, roles = head.splitlines()
    return Topic(
        name,
        alias.removeprefix("alias: "),
        title.removeprefix("# "),
        tuple(roles.removeprefix("roles:").split()),
        text.rstrip(),
    )


@click.command("guide", cls=Command, help="How to do a task, by its name; without a name, all tasks, yours first.")
@click.argument("words", metavar="[TOPIC]", nargs=-1)
@click.pass_context
def guide(ctx: click.Context, /, words: tuple[str, ...]) -> None:
    table = desk(ctx)
    topics = [topic(name, table.language) for name in TOPICS]
    if words:
        found = chosen(" ".join(words), topics)
        emit(ctx, {**_entry(found), "text": found.text, "commands": found.commands}, _show_one)
        return
    roles = roles_of_caller(table)
    listed = sorted(topics, key=lambda each: not set(roles) & set(each.roles))  # stable: the order of TOPICS stays
    answer = {
        "roles": roles,
        "commands": nouns(each for each in listed if set(roles) & set(each.roles)),
        "topics": [{**_entry(each), "yours": bool(set(roles) & set(each.roles))} for each in listed],
    }
    emit(ctx, answer, lambda value: _show_all(table, value))


def _entry(found: Topic) -> Json:
    return {"topic": found.name, "alias": found.alias, "title": found.title, "roles": found.roles}


def chosen(typed: str, topics: Sequence[Topic]) -> Topic:
    """The topic of this name, or the only one whose title holds the words, accents or not; raises NotFound."""
    key = fold(typed)
    named = [each for each in topics if key in (each.name, each.alias, fold(each.alias.replace("-", " ")))]
    named = named or [each for each in topics if key and key in fold(each.title)]
    if len(named) != 1:
        raise NotFound(reason("guide_topic_unknown", topic=typed, known=", ".join(_names(named or topics))))
    return named[0]


def _names(topics: Iterable[Topic]) -> Iterable[str]:
    return (f"{each.alias} ({each.name})" for each in topics)


def roles_of_caller(table: Desk) -> list[str]:
    """Roles that the caller holds today; none where nobody is logged in or no database is there."""
    table.open_door = True
    try:
        handle, today = table.caller.handle, table.office.today.isoformat()
        with table.office.reader() as uow:
            posts = uow.rows("post", handle=handle) if handle else []
    except OcopFlowError:
        return []
    held = [post for post in posts if post["valid_from"] <= today <= (post["valid_to"] or today)]
    return sorted({post["role"] for post in held})


def nouns(topics: Iterable[Topic]) -> list[str]:
    """The first words of their commands, in the order in which they come."""
    return list(dict.fromkeys(line.split()[1] for each in topics for line in each.commands))


def _show_one(value: Json) -> None:
    click.echo(click.style(value["title"], bold=True))
    click.echo("")
    click.echo(value["text"])


def _show_all(table: Desk, value: Json) -> None:
    yours = [each for each in value["topics"] if each["yours"]]
    others = [each for each in value["topics"] if not each["yours"]]
    if yours:
        roles = ", ".join(word(table, role) for role in value["roles"])
        click.echo(click.style(table.tr("Your tasks ({roles})", roles=roles), bold=True))
        _show_topics(table, yours)
        click.echo("  " + table.tr("Your commands: {commands}", commands=", ".join(value["commands"])))
        click.echo("")
        click.echo(click.style(table.tr("Other tasks"), bold=True))
    _show_topics(table, others)
    click.echo("")
    click.echo(table.tr("One task: ocop guide TOPIC. One command: ocop COMMAND --help. One state of a dossier:"))
    click.echo("  ocop workflow explain registration.intake")


def _show_topics(table: Desk, topics: Sequence[Json]) -> None:
    for each in topics:
        name = each["alias"] if table.language == "vi" else each["topic"]
        click.echo(f"  {name:<12}{each['title']}")
