"""The code on a certificate: what was true when it was issued, signed, so that it is checked without any database.

``OCOP1.`` + base64url of the payload + ``.`` + base64url of (four bytes that name the key, 64 bytes of signature). The
payload is canonical JSON, a list in the order of ``Claim``; what is signed is the line ``ocop-certificate/1`` and it.
"""

from __future__ import annotations

import base64
import binascii
from typing import Any, NamedTuple

from ocop_flow.domain import canonical

PREFIX = "OCOP1"
_CONTEXT = b"ocop-certificate/1\n"
_SIGNATURE = 4 + 64


class Claim(NamedTuple):
    """What the code says; ``log`` names the office whose key signed. Unknown parts are None; days are ISO texts."""

    number: str
    product_code: str | None
    product: str
    entity: str
    stars: int
    issuer: str | None
    issuer_code: str | None
    decision: str | None
    issued_on: str | None
    valid_to: str | None
    log: str


class Code(NamedTuple):
    """A code taken apart; ``signed`` is what the signature covers."""

    claim: Claim
    signed: bytes
    key_hash: bytes
    signature: bytes


def signed_bytes(claim: Claim) -> bytes:
    """What is signed for a claim."""
    return _CONTEXT + canonical.encode(list(claim))


def render(claim: Claim, key_hash: bytes, signature: bytes) -> str:
    """The code as text, about 400 characters."""
    return ".".join((PREFIX, _text(canonical.encode(list(claim))), _text(key_hash + signature)))


def parse(text: str) -> Code:
    """A code taken apart; whether its signature holds is another question.

    raises  ValueError if it is not written exactly as ``render`` writes it
    """
    prefix, *parts = text.strip().split(".")
    if prefix != PREFIX or len(parts) != 2:
        raise ValueError("not a code of a certificate")
    payload, tail = (_bytes(part) for part in parts)
    if len(tail) != _SIGNATURE:
        raise ValueError("the signature is not whole")
    return Code(_claim(canonical.decode(payload), payload), _CONTEXT + payload, tail[:4], tail[4:])


def _claim(values: Any, payload: bytes) -> Claim:
    if not isinstance(values, list) or len(values) != len(Claim._fields) or canonical.encode(values) != payload:
        raise ValueError("not the payload of a certificate")
    claim = Claim(*values)
    for name, value in claim._asdict().items():
        wanted = int if name == "stars" else str
        needed = name in ("number", "product", "entity", "stars", "log")
        if not (isinstance(value, wanted) or (value is None and not needed)):
            raise ValueError(f"{name} is not readable")
    return claim


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    try:
        data = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except binascii.Error as error:
        raise ValueError("not base64") from error
    if _text(data) != text:
        raise ValueError("not base64 as written here")
    return data
