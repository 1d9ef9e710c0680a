"""The file of a backup: a zip archive whose comment is the SHA-256 of all its other bytes.

``manifest.json``   what is in it, with the digest of each entry; ``manifest.note`` signs it where there was a key
``tables/NAME``     rows as lines of JSON (``store.table_copy``)
``files/SHA-256``   evidence files
``keys``            the key ring, only where that was asked for

One byte more, less or other anywhere in the file is seen before anything is read from it.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Self

from ocop_flow.domain import canonical, note
from ocop_flow.errors import InputInvalid, Unavailable, reason
from ocop_flow.signing import verify

if TYPE_CHECKING:
    from types import TracebackType

    from ocop_flow.ports import Signer

Json = dict[str, Any]
#: Version of the form.
VERSION = 1
#: Bytes of the comment: 64 hexadecimal digits.
_SEAL = 64
_PIECE = 1 << 20
_WHEN = (1980, 1, 1, 0, 0, 0)


class Entry(NamedTuple):
    """What the manifest says of an entry: bytes unpacked, and their digest."""

    size: int
    sha256: str


class Writer:
    """A backup on its way; nothing stands under its name before ``finish``, nor after an error."""

    def __init__(self, target: Path) -> None:
        self._target = target
        try:
            handle, name = tempfile.mkstemp(dir=target.absolute().parent, prefix=target.name)
        except OSError as error:
            raise _unwritable(target, error) from error
        self._half = Path(name)
        self._file = os.fdopen(handle, "w+b")
        self._zip = zipfile.ZipFile(self._file, "w")
        self.entries: dict[str, Entry] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        # What is left to write is of no use any more, and may be refused once more.
        with suppress(OSError, ValueError):
            self._zip.close()
        with suppress(OSError):
            self._file.close()
        self._half.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno is not None:
            raise _unwritable(self._target, error) from error

    def add(self, name: str, pieces: Iterable[bytes], *, packed: bool = True) -> Entry:
        """One entry; ``packed``: whether it is worth compressing."""
        info = zipfile.ZipInfo(name, _WHEN)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o100600 << 16
        digest, size = hashlib.sha256(), 0
        with self._zip.open(info, "w", force_zip64=True) as entry:
            for piece in pieces:
                entry.write(piece)
                digest.update(piece)
                size += len(piece)
        self.entries[name] = Entry(size, digest.hexdigest())
        return self.entries[name]

    def finish(self, manifest: Json, log: str, signer: Signer, *, signed: bool) -> str:
        """The manifest, its signature, the digest over all; then the file gets its name. The digest."""
        described = {**manifest, "entries": {name: each._asdict() for name, each in self.entries.items()}}
        data = canonical.encode(described)
        self.add("manifest.json", [data])
        if signed:
            self.add("manifest.note", [_signed(_statement(log, data), log, signer)])
        self._zip.comment = b"0" * _SEAL
        self._zip.close()
        seal = _sealed(self._file)
        self._file.flush()
        os.fsync(self._file.fileno())
        self._half.replace(self._target)
        return seal


def _statement(log: str, manifest: bytes) -> str:
    return f"ocop_flow backup {VERSION}\n{log}\n{canonical.sha256(manifest)}\n"


def _signed(text: str, log: str, signer: Signer) -> bytes:
    made = signer.sign(text.encode())
    line = note.Signature(log, note.key_hash(log, made.key.public), made.signature)
    return note.render(text, [line]).encode()


def _sealed(file: Any) -> str:
    end = file.seek(0, os.SEEK_END) - _SEAL
    seal = _digest(file, end)
    file.seek(end)
    file.write(seal.encode())
    return seal


def _digest(file: Any, end: int) -> str:
    digest = hashlib.sha256()
    file.seek(0)
    while end > 0:
        piece = file.read(min(_PIECE, end))
        if not piece:
            break
        digest.update(piece)
        end -= len(piece)
    return digest.hexdigest()


def _unwritable(target: Path, error: OSError) -> InputInvalid | Unavailable:
    detail = error.strerror or str(error)
    if error.errno in (28, 122):
        return Unavailable(reason("disk_full", path=str(target), detail=detail))
    return InputInvalid(reason("file_unwritable", file=str(target), detail=detail))


@dataclass(frozen=True, slots=True)
class Archive:
    """A backup that is whole.

    manifest  as it was written
    key       the line to publish of the key that signed it (``note.verifier_key``); None where nobody did
    """

    path: Path
    manifest: Json
    key: str | None
    seal: str
    _zip: zipfile.ZipFile

    @property
    def entries(self) -> dict[str, Entry]:
        return {name: Entry(**each) for name, each in self.manifest["entries"].items()}

    def lines(self, name: str) -> Iterator[bytes]:
        """Lines of an entry; raises InputInvalid at its end if it is not what the manifest says."""
        yield from self._checked(name, lines=True)

    def content(self, name: str) -> bytes:
        return b"".join(self._checked(name, lines=False))

    def _checked(self, name: str, *, lines: bool) -> Iterator[bytes]:
        wanted, digest = self.entries[name], hashlib.sha256()
        try:
            with self._zip.open(name) as entry:
                for piece in entry if lines else iter(lambda: entry.read(_PIECE), b""):
                    digest.update(piece)
                    yield piece
        except (zipfile.BadZipFile, zlib.error, EOFError, KeyError) as error:
            raise damaged(self.path, name) from error
        if digest.hexdigest() != wanted.sha256:
            raise damaged(self.path, name)


def damaged(path: Path, detail: str) -> InputInvalid:
    return InputInvalid(reason("backup_damaged", file=str(path), detail=detail))


@contextmanager
def opened(path: Path) -> Iterator[Archive]:
    """A backup for reading; raises InputInvalid for a file that is none, is cut or was altered."""
    try:
        file = path.open("rb")
    except OSError as error:
        raise InputInvalid(reason("file_unreadable", file=str(path), detail=error.strerror or str(error))) from error
    with file:
        seal = _unbroken(file, path)
        try:
            with zipfile.ZipFile(file) as found:
                manifest, key = _manifest(found, path)
                yield Archive(path, manifest, key, seal, found)
        except (zipfile.BadZipFile, NotImplementedError) as error:
            raise damaged(path, str(error)) from error


def _unbroken(file: Any, path: Path) -> str:
    if file.read(4) != b"PK\x03\x04":
        raise InputInvalid(reason("backup_foreign", file=str(path)))
    end = file.seek(0, os.SEEK_END) - _SEAL
    seal = _digest(file, end)
    file.seek(max(end, 0))
    if file.read() != seal.encode():
        raise damaged(path, "SHA-256")
    return seal


def _manifest(found: zipfile.ZipFile, path: Path) -> tuple[Json, str | None]:
    try:
        data = found.read("manifest.json")
        manifest = json.loads(data)
        if manifest["product"] != "ocop_flow":
            raise ValueError("product")
        named = {*manifest["entries"], "manifest.json"}
    except (KeyError, TypeError, ValueError) as error:
        raise InputInvalid(reason("backup_foreign", file=str(path))) from error
    signed = "manifest.note" in found.namelist()
    if manifest["v"] != VERSION:
        raise InputInvalid(reason("backup_newer", file=str(path), version=manifest.get("version")))
    if sorted(found.namelist()) != sorted({*named, "manifest.note"} if signed else named):
        raise damaged(path, "manifest.json")
    return manifest, _key(found.read("manifest.note").decode(), manifest, data, path) if signed else None


def _key(whole: str, manifest: Json, data: bytes, path: Path) -> str:
    """The key in the manifest, if it signed it."""
    try:
        read, (name, public) = note.parse(whole), note.parse_key(manifest["key"])
    except (ValueError, TypeError, AttributeError) as error:
        raise damaged(path, "manifest.note") from error
    holds = read.text == _statement(manifest["log"], data) and name == manifest["log"] and len(read.signatures) == 1
    if not holds or not verify(public, read.text.encode(), read.signatures[0].value):
        raise damaged(path, "manifest.note")
    return str(manifest["key"])
