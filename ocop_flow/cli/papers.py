"""The signed document behind an act, as options of a command."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cli.base import Desk, TranslatedOption, day
from ocop_flow.errors import InputInvalid, Reason, reason

if TYPE_CHECKING:
    from ocop_flow.domain.commands import Paper


#: Options that say something of the document whose number is ``--decision``.
_OF_A_DOCUMENT = ("decision_date", "decision_file", "signed_by", "capacity")


def paper_options(function: Any) -> Any:
    """The signed document behind a move."""
    for option in reversed(
        (
            click.option("--decision", metavar="NUMBER", cls=TranslatedOption, help="Number of the signed document."),
            click.option("--decision-date", metavar="DATE", cls=TranslatedOption, help="Its date (default: --on)."),
            click.option("--decision-file", metavar="FILE", cls=TranslatedOption, help="The signed document itself."),
            click.option("--signed-by", metavar="HANDLE", cls=TranslatedOption, help="Who signed (default: the doer)."),
            click.option("--capacity", metavar="TM|KT|TL|TUQ|Q", cls=TranslatedOption, help="Capacity of the signer."),
        )
    ):
        function = option(function)
    return function


def paper_of(table: Desk, options: dict[str, Any]) -> Paper:
    """The signed document that the options describe; its file goes into the content store."""
    from ocop_flow.cli.evidence import reference
    from ocop_flow.domain.codes import document_number
    from ocop_flow.domain.commands import Paper
    from ocop_flow.domain.doers import capacity_faults

    number, file = options.get("decision"), options.get("decision_file")
    faults = [*_without_number(options), *capacity_faults(capacity_of(options))]
    if faults:
        raise InputInvalid(*faults)
    return Paper(
        number=document_number(number) if number else None,
        date=day(options.get("decision_date")),
        file=reference(Path(file)) if file else None,
        signed_by=options.get("signed_by"),
        capacity=capacity_of(options),
    )


def _without_number(options: Mapping[str, Any]) -> Iterator[Reason]:
    """What is said of a signed document that is not named: it would not be recorded."""
    said = [f"--{name.replace('_', '-')}" for name in _OF_A_DOCUMENT if options.get(name)]
    if said and not options.get("decision"):
        yield reason("paper_without_number", options=", ".join(said))


def capacity_of(options: Mapping[str, Any]) -> str | None:
    """The signer's capacity as it is written, ``KT`` for ``kt.``; it may be none of the five."""
    return (options.get("capacity") or "").rstrip(".").upper() or None
