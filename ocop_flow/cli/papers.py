"""The signed document behind an act, as options of a command."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from ocop_flow.cli.base import Desk, TranslatedOption, day

if TYPE_CHECKING:
    from ocop_flow.domain.commands import Paper


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

    number, file = options.get("decision"), options.get("decision_file")
    return Paper(
        number=document_number(number) if number else None,
        date=day(options.get("decision_date")),
        file=reference(Path(file)) if file else None,
        signed_by=options.get("signed_by"),
        capacity=(options.get("capacity") or "").rstrip(".").upper() or None,
    )
