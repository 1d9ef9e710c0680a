"""Texts about signing keys, heads of the log and what proves it whole."""

from __future__ import annotations

from ocop_flow.messages import Message

M = Message

MESSAGES: dict[str, Message] = {
    "key_ring_missing": M(
        "There is no signing key at {path}.",
        "Put the key ring back from its backup, name it with OCOP_KEYS, or make a new key: ocop audit key rotate.",
    ),
    "key_ring_unreadable": M(
        "The key ring {path} cannot be used: {detail}.",
        "Only its owner may read it (mode 600); restore it from its backup if it was changed.",
    ),
}
