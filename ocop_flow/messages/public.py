"""Texts about the pages for everybody."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message

MESSAGES: dict[str, Message] = {
    "site_not_ours": M(
        "{folder} holds something other than pages published before: nothing there was touched.",
        "Name a new or empty folder, or the one that was published into last time.",
    ),
    "site_name_masked": M(
        "A name in the certificate {number} holds a telephone number, identity number or mail address: it was left out "
        "of the pages, and the code with it.",
        "Have the name corrected by a decision: ocop certificate correct {number}; then publish again.",
    ),
}
