"""The two languages: gettext for everything a person reads; English msgids, Vietnamese by default."""

from __future__ import annotations

import gettext
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

from ocop_flow.errors import Reason, Text

if TYPE_CHECKING:
    from ocop_flow.messages import Message

LANGUAGES = ("vi", "en")
#: Modules of ``ocop_flow.messages``, those most often needed first.
AREAS = ("moves", "offices", "system", "units", "calendar", "rating", "plan", "plancli", "workflow", "files")


@cache
def catalogue(lang: str) -> gettext.NullTranslations:
    folder = Path(__file__).parent / "locale"
    return gettext.translation("ocop", folder, [lang], fallback=True) if lang != "en" else gettext.NullTranslations()


def translate(text: str, lang: str) -> str:
    """An English source text in ``lang``."""
    return catalogue(lang).gettext(text) if text else ""


@cache
def message(code: str) -> Message:
    """The texts of a reason code; KeyError for one that has none (a test forbids it)."""
    for area in AREAS:
        found: dict[str, Message] = import_module(f"ocop_flow.messages.{area}").MESSAGES
        if code in found:
            return found[code]
    raise KeyError(code)


def render(item: Reason, lang: str) -> tuple[str, str]:
    """(message, remedy) of a reason."""
    texts = message(item.code)
    values = {key: _value(value, lang) for key, value in item.params.items()}
    return (
        translate(texts.message, lang).format(**values).strip(),
        translate(texts.remedy, lang).format(**values).strip(),
    )


def _value(value: object, lang: str) -> str:
    if isinstance(value, Text):
        return value.vi if lang == "vi" else value.en
    return "-" if value is None else str(value)
