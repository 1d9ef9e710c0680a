"""What the screen shows: one JSON document for machines, plain lines or tables for people."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from ocop_flow import i18n
from ocop_flow.cli.base import Desk, desk
from ocop_flow.errors import OcopFlowError, Reason, Text

if TYPE_CHECKING:
    from ocop_flow.service.office import Office

Human = Callable[[Any], None]
#: Reasons that say what could not be checked: neither met nor missed (DESIGN section 7).
_UNCHECKED = frozenset({"minimum_unchecked", "condition_unchecked", "criteria_minima_unchecked"})


def emit(ctx: click.Context, /, value: Any, human: Human) -> None:
    """Print a result; warnings in it go to stderr for people."""
    table = desk(ctx)
    if table.as_json:
        click.echo(json.dumps(plain(value, table.language), ensure_ascii=False, indent=2))
        return
    human(value)
    warnings = value.get("warnings", ()) if isinstance(value, Mapping) else ()
    for item in warnings:
        warn(table, item)
    if table.dry_run:
        click.echo(table.tr("Tried only (--dry-run): nothing was written."), err=True)


def emit_printed(ctx: click.Context, /, value: Any, human: Human) -> None:
    """Print a long result that ``plain`` has already been through: JSON on one line, for indenting it takes longer."""
    if desk(ctx).as_json:
        click.echo(json.dumps(value, ensure_ascii=False))
    else:
        emit(ctx, value, human)


def plain(value: Any, lang: str) -> Any:
    """A value with its reasons and two-language texts turned into what JSON prints."""
    if isinstance(value, Reason):
        return reason_json(value, lang)
    if isinstance(value, Text):
        return value.vi if lang == "vi" else value.en
    if isinstance(value, Mapping):
        return {key: plain(item, lang) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(item, lang) for item in value]
    return value


def reason_json(item: Reason, lang: str) -> dict[str, Any]:
    message, remedy = _texts(item, lang)
    return {
        "code": item.code,
        "message": message,
        "remedy": remedy or i18n.translate("Nothing to do.", lang),
        "source": _rule(item),
        "mark": item.mark,
        **({"met": None} if item.code in _UNCHECKED else {}),
    }


def _texts(item: Reason, lang: str) -> tuple[str, str]:
    """Message and remedy; where a post is asked for, with those who hold it."""
    message, remedy = i18n.render(item, lang)
    holders = item.params.get("holders")
    if holders is None:
        return message, remedy
    text = "It is held there by: {people}." if holders else "Nobody holds it there on that day."
    return message, f"{remedy} {i18n.translate(text, lang).format(people=holders)}"


def _rule(item: Reason) -> str | None:
    """Where it stands: the source of the reason, or of the action that asks for the post."""
    rule = item.params.get("rule")
    return item.source or (str(rule) if rule is not None else None)


def warn(table: Desk, item: Reason | Mapping[str, Any]) -> None:
    """One warning with its remedy and source; also one that was printed already, as the answer of a command has it."""
    shown = reason_json(item, table.language) if isinstance(item, Reason) else item
    click.echo(f"  ! {shown['message']}{sourced(table.language, shown['source'])}", err=True)
    click.echo(f"    → {shown['remedy']}", err=True)


def sourced(lang: str, source: str | None) -> str:
    """Where a rule stands, as it follows a sentence: `` [Điều 5 Quyết định 26/2026/QĐ-TTg]``."""
    if not source:
        return ""
    from ocop_flow.cited import cited

    return f" [{cited(source, lang)}]"


def show_error(error: OcopFlowError, *, as_json: bool, lang: str, office: Office | None = None) -> None:
    """An error as the contract's document, or as lines that an officer can act on.

    office  where it is open: it knows who holds a post that is asked for
    """
    from ocop_flow.cli.refusals import told

    reasons = told(error, office)
    if as_json:
        document = {"error": type(error).__name__, "reasons": [reason_json(item, lang) for item in reasons]}
        click.echo(json.dumps(document, ensure_ascii=False, indent=2))
        return
    texts = [_texts(item, lang) for item in reasons]
    # What several say one after the other is to be done once.
    following = [*(remedy for _, remedy in texts[1:]), ""]
    for item, (message, remedy), later in zip(reasons, texts, following, strict=True):
        click.echo(click.style("✗ ", fg="red") + message + sourced(lang, _rule(item)), err=True)
        if remedy and remedy != later:
            click.echo(f"  → {remedy}", err=True)


def say(table: Desk, text: str) -> None:
    """A line with its days as people write them."""
    click.echo(i18n.days(text, table.language))


def moment(text: str | None) -> str | None:
    """A recorded time as the clock showed it in Viet Nam, to the minute; who shows it puts the day as every other."""
    if text is None:
        return None
    from ocop_flow.clock import VIET_NAM
    from ocop_flow.domain.event import parse_time

    return parse_time(text).astimezone(VIET_NAM).strftime("%H:%M %Y-%m-%d")


def head_line(table: Desk, head: Mapping[str, Any]) -> str:
    """A head of the log as people read it, its moment as the clock showed it in Viet Nam."""
    return table.tr("{code}: head of {made_at} over {size} events.", **{**head, "made_at": moment(head["made_at"])})


def is_terminal() -> bool:
    return sys.stdout.isatty()


def rows(
    table: Desk,
    headings: Sequence[str],
    lines: Iterable[Sequence[object]],
    *,
    empty: str = "Nothing to show.",
    red: Sequence[bool] = (),
) -> None:
    """A table: drawn on a terminal, tab-separated elsewhere; headings are source texts.

    red  which lines a terminal shows in red
    """
    listed = [[("" if cell is None else i18n.days(str(cell), table.language)) for cell in line] for line in lines]
    titles = [table.tr(heading) for heading in headings]
    if not listed:
        click.echo(table.tr(empty))
        return
    if not is_terminal():
        click.echo("\t".join(titles))
        for line in listed:
            click.echo("\t".join(cell.replace("\t", " ") for cell in line))
        return
    from ocop_flow.cli.drawing import draw

    draw(titles, listed, red)


def lines(table: Desk, pairs: Iterable[tuple[str, object]]) -> None:
    """``label: value`` lines, the labels translated, empty values left out."""
    shown = [(table.tr(label), value) for label, value in pairs if value not in (None, "", [], ())]
    width = max((len(label) for label, _ in shown), default=0)
    for label, value in shown:
        said = table.tr("yes" if value else "no") if isinstance(value, bool) else i18n.days(str(value), table.language)
        click.echo(f"{label:<{width}}  {said}")


def label(table: Desk, text: Any) -> str:
    """A two-language text for the caller."""
    return str(plain(text, table.language))


def word(table: Desk, code: str) -> str:
    """A role, tier or kind in the caller's language; ``role@tier`` as both."""
    return " ".join(i18n.word(part, table.language) for part in code.split("@"))


def unit_text(unit: Mapping[str, Any] | None) -> str:
    return f"{unit['name']} ({unit['code']})" if unit else "-"
