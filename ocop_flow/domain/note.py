"""Signed notes and verifier keys in the C2SP form: text, a blank line, one line for each signature.

A note is ``text\\n\\n— name base64(key hash + signature)\\n``; the key hash is the first four bytes of
SHA-256(name, newline, 0x01, public key), 0x01 meaning Ed25519. Source: C2SP signed-note.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

#: Algorithm byte of Ed25519 in a verifier key.
ED25519: Final = b"\x01"
_LINE = re.compile(r"— (?P<name>[^\s+]+) (?P<value>[A-Za-z0-9+/]+={0,2})")
_KEY = re.compile(r"(?P<name>[^\s+]+)\+(?P<hash>[0-9a-f]{8})\+(?P<key>[A-Za-z0-9+/]+={0,2})")


class Signature(NamedTuple):
    """One signature line; ``key_hash`` tells which of the name's keys made it."""

    name: str
    key_hash: bytes
    value: bytes


class Note(NamedTuple):
    """``text`` ends with a newline and is what was signed, as UTF-8."""

    text: str
    signatures: tuple[Signature, ...]


def key_hash(name: str, public: bytes) -> bytes:
    """Four bytes that tell the keys of one name apart."""
    return hashlib.sha256(name.encode() + b"\n" + ED25519 + public).digest()[:4]


def verifier_key(name: str, public: bytes) -> str:
    """A public key as one line to publish: ``name+hash+key``."""
    return f"{name}+{key_hash(name, public).hex()}+{base64.b64encode(ED25519 + public).decode()}"


def parse_key(line: str) -> tuple[str, bytes]:
    """(name, 32 bytes of public key) of a published line; raises ValueError for anything else."""
    found = _KEY.fullmatch(line.strip())
    raw = _decoded(found["key"]) if found else b""
    if found is None or len(raw) != 33 or raw[:1] != ED25519 or key_hash(found["name"], raw[1:]).hex() != found["hash"]:
        raise ValueError("not a verifier key")
    return found["name"], raw[1:]


def render(text: str, signatures: Iterable[Signature]) -> str:
    """The whole note; ``text`` ends with a newline and has no blank line at its end."""
    lines = (f"— {each.name} {base64.b64encode(each.key_hash + each.value).decode()}\n" for each in signatures)
    return text + "\n" + "".join(lines)


def parse(whole: str) -> Note:
    """The note of its whole text, which must be written exactly as ``render`` writes it.

    raises  ValueError if there is no signature, a line is no signature, or one is not 4 + 64 bytes
    """
    text, blank, below = whole.rpartition("\n\n")
    if not blank or not text or not below.endswith("\n"):
        raise ValueError("not a signed note")
    signatures = tuple(_signature(line) for line in below[:-1].split("\n"))
    return Note(text + "\n", signatures)


def _signature(line: str) -> Signature:
    found = _LINE.fullmatch(line)
    raw = _decoded(found["value"]) if found else b""
    if found is None or len(raw) != 68:
        raise ValueError("not a signature line")
    return Signature(found["name"], raw[:4], raw[4:])


def _decoded(value: str) -> bytes:
    """Strict base64: the one spelling of its bytes, or nothing."""
    try:
        raw = base64.b64decode(value, validate=True)
    except binascii.Error:
        return b""
    return raw if base64.b64encode(raw).decode() == value else b""
