"""The key ring: Ed25519 keys in one file that only its owner can read, beside the database.

One key signs; older ones are kept for checking what they signed, with the day on which they were retired.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from ocop_flow.errors import Unavailable, reason
from ocop_flow.ports import PublicKey, Signed

Json = dict[str, Any]
#: Version of the file.
VERSION = 1


@dataclass(frozen=True, slots=True)
class KeyRing:
    """``ports.Signer`` over a file ``{"v", "keys": [{id, seed, public, created_on, retired_on}]}``."""

    path: Path

    def public_keys(self) -> tuple[PublicKey, ...]:
        """Every key there ever was, oldest first; none where there is no file."""
        return tuple(_public(item) for item in self._read())

    def sign(self, data: bytes) -> Signed:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        current = [item for item in self._read() if item["retired_on"] is None]
        if not current:
            raise Unavailable(reason("key_ring_missing", path=str(self.path)))
        seed = base64.b64decode(current[-1]["seed"])
        return Signed(_public(current[-1]), Ed25519PrivateKey.from_private_bytes(seed).sign(data))

    def verify(self, public: bytes, data: bytes, signature: bytes) -> bool:
        return verify(public, data, signature)

    def rotate(self, on: date) -> PublicKey:
        """A new key signs from now on; the one before it is retired on that day. Makes the file if there is none."""
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        key = Ed25519PrivateKey.generate()
        public = key.public_key().public_bytes_raw()
        made = {
            "id": key_id(public),
            "public": base64.b64encode(public).decode(),
            "seed": base64.b64encode(key.private_bytes_raw()).decode(),
            "created_on": on.isoformat(),
            "retired_on": None,
        }
        kept = [{**item, "retired_on": item["retired_on"] or on.isoformat()} for item in self._read()]
        self._write([*kept, made])
        return _public(made)

    def begin(self, on: date) -> None:
        """The first key, where there is none that signs."""
        if not any(key.retired_on is None for key in self.public_keys()):
            self.rotate(on)

    def _read(self) -> list[Json]:
        try:
            document = json.loads(self.path.read_text(encoding="utf-8"))
            if document["v"] != VERSION:
                raise ValueError(f"version {document['v']}")
            _guarded(self.path)
            return [_checked(item) for item in document["keys"]]
        except FileNotFoundError:
            return []
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise Unavailable(reason("key_ring_unreadable", path=str(self.path), detail=str(error))) from error

    def _write(self, keys: list[Json]) -> None:
        """Whole or not at all, and never readable by others: ``mkstemp`` makes files for their owner alone."""
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.path.parent)
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                json.dump({"v": VERSION, "keys": keys}, file, indent=1)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self.path)
        except OSError as error:
            raise Unavailable(reason("disk_full", path=str(self.path), detail=str(error))) from error


def verify(public: bytes, data: bytes, signature: bytes) -> bool:
    """Whether the holder of ``public`` signed exactly these bytes."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, data)
    except (InvalidSignature, ValueError):
        return False
    return True


def key_id(public: bytes) -> str:
    """How a key is named on papers and screens: 16 hexadecimal digits of its SHA-256."""
    return hashlib.sha256(public).hexdigest()[:16]


def _public(item: Json) -> PublicKey:
    retired = date.fromisoformat(item["retired_on"]) if item["retired_on"] else None
    return PublicKey(item["id"], base64.b64decode(item["public"]), date.fromisoformat(item["created_on"]), retired)


def _checked(item: Json) -> Json:
    """A key whose id and days can be read; a file that somebody edited is told at once."""
    if item["id"] != key_id(_public(item).public):
        raise ValueError(f"key {item['id']}")
    return item


def _guarded(path: Path) -> None:
    """Where files have rights (not on Windows), nobody but the owner may read this one."""
    if os.name == "posix" and path.stat().st_mode & 0o077:
        raise ValueError(f"mode {path.stat().st_mode & 0o777:o}")
