"""Evidence files by the SHA-256 of their bytes, in a folder beside the database."""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from ocop_flow.errors import NotFound, Unavailable, reason

#: Largest file taken, in bytes: a scan of several hundred sheets.
LIMIT = 200_000_000


@dataclass(frozen=True, slots=True, weakref_slot=True)
class FileContent:
    """``ports.Content`` in a folder; a file is complete under its name or not there at all."""

    folder: Path

    def put(self, data: bytes) -> str:
        """Keep bytes durably; the same bytes are kept once."""
        digest = hashlib.sha256(data).hexdigest()
        target = self._path(digest)
        if target.exists():
            return digest
        half: Path | None = None
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
                half = Path(file.name)
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            half.replace(target)
        except OSError as error:
            if half is not None:
                half.unlink(missing_ok=True)
            raise Unavailable(reason("disk_full", path=str(self.folder), detail=str(error))) from error
        return digest

    def get(self, digest: str) -> bytes:
        target = self._path(digest)
        if not target.exists():
            raise NotFound(reason("file_unreadable", file=digest, detail="-"))
        return target.read_bytes()

    def intact(self, digest: str) -> bool:
        """Read in pieces: a scan may be larger than memory should be."""
        try:
            with self._path(digest).open("rb") as file:
                return hashlib.file_digest(file, "sha256").hexdigest() == digest
        except OSError:
            return False

    def remove(self, digest: str) -> None:
        self._path(digest).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        return self.folder / digest[:2] / digest
