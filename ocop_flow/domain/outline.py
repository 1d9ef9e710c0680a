"""What a reader needs of a stored regime, without the regime built: its decision, its states, where its sets lie."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from ocop_flow.errors import Text

if TYPE_CHECKING:
    from collections.abc import Mapping

Json = dict[str, Any]


class Outline(NamedTuple):
    """
    decision  number of the decision, as papers name it
    states    states by id, as the document has them
    criteria  product set -> hash of its criteria; empty where the regime names none
    """

    decision: str
    states: Mapping[str, Json]
    criteria: Mapping[str, str]

    def named(self, state: str) -> Text | str:
        """What the law calls a state; its id where the law knows none of that name."""
        label = self.states.get(state, {}).get("label")
        return Text(**label) if label else state


def of_document(document: Json) -> Outline:
    """Of a document of the schema of regimes."""
    states = {row["id"]: row for row in document["states"]}
    return Outline(document["decision"], states, document.get("criteria") or {})
