"""Codes typed as people say them: the words that lists to choose from show, in Excel as on the screen."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ocop_flow import i18n
from ocop_flow.domain.declared_row import kind_of_words
from ocop_flow.domain.names import search_key
from ocop_flow.domain.registry import ENTITY_KINDS

_KINDS = ("first", "upgrade", "re_rating")
_TRACKS = ("new_product", "existing_product")


def code_of(typed: str, codes: Iterable[str]) -> str:
    """The code that was typed, as such or by its word in either language, diacritics or not; else what was typed."""
    meant = [
        code for code in codes if search_key(typed) in {search_key(i18n.word(code, lang)) for lang in i18n.LANGUAGES}
    ]
    return meant[0] if len(meant) == 1 else typed


def entity_kind(typed: str) -> str:
    """Also by what offices write for it: ``HTX``, ``hộ kinh doanh``, as in lists of earlier recognitions."""
    found = typed if typed in ENTITY_KINDS else code_of(typed, ENTITY_KINDS)
    return found if found in ENTITY_KINDS else kind_of_words(typed) or typed


def opening(options: dict[str, Any]) -> dict[str, Any]:
    """The options of ``dossier open`` with their codes; the product set is the law's to read."""
    return {
        **options,
        "entity_kind": entity_kind(options["entity_kind"]),
        "kind": code_of(options["kind"], _KINDS),
        "track": code_of(options["track"], _TRACKS),
    }
