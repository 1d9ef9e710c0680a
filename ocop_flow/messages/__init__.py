"""Texts of every reason code: what is wrong and what would satisfy it, English here, Vietnamese in ``locale/``."""

from __future__ import annotations

from typing import NamedTuple


class Message(NamedTuple):
    """English source texts (gettext msgids) of one reason code, with ``{param}`` fields from ``Reason.params``."""

    message: str
    remedy: str
