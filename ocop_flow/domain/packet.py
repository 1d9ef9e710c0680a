"""The electronic set that goes along at a hand-over: what it says of itself, and whether the files are those.

Source: 148/QĐ-TTg annex II and 26/2026/QĐ-TTg art. 5, one paper and one electronic set at each step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from ocop_flow.domain import canonical
from ocop_flow.errors import Reason, reason

Json = dict[str, Any]

FORM = "ocop-packet/1"
#: What every packet has besides the files: what it says of itself, the sheet for people, and sums for any checker.
MANIFEST, COVER, SUMS = "packet.json", "00-phieu-giao-nhan.html", "SHA256SUMS"


def encoded(manifest: Json) -> bytes:
    return canonical.encode(manifest)


def digest(manifest: Json) -> str:
    return canonical.digest(manifest)


def decoded(data: bytes) -> Json | None:
    """What a packet says of itself; None where it is none of ours, or was written anew by another program."""
    try:
        found = canonical.decode(data)
    except (ValueError, UnicodeDecodeError, RecursionError):
        return None
    keys = {"form", "log", "code", "on", "from", "to", "by", "dossiers"}
    ours = isinstance(found, dict) and found.get("form") == FORM and keys <= found.keys()
    return found if ours and _whole(found) else None


def _whole(manifest: Json) -> bool:
    papers = {"number", "on", "what", "note", "path", "sha256", "size"}
    try:
        return all(
            papers <= paper.keys() for dossier in manifest["dossiers"] for paper in [*dossier["papers"]]
        ) and all(isinstance(each["code"], str) for each in (*manifest["dossiers"], manifest["from"], manifest["to"]))
    except (AttributeError, KeyError, TypeError):
        return False


def files(manifest: Json) -> Iterator[tuple[str, str, int]]:
    """(path, SHA-256, bytes) of every file that belongs into the packet."""
    for dossier in manifest["dossiers"]:
        for paper in dossier["papers"]:
            if paper["path"] is not None:
                yield paper["path"], paper["sha256"], paper["size"]


def sums(manifest: Json) -> bytes:
    """The list that ``sha256sum -c`` reads."""
    return "".join(f"{sha256}  {path}\n" for path, sha256, _ in files(manifest)).encode()


def faults(manifest: Json, found: Mapping[str, str], file: str) -> list[Reason]:
    """What is missing, altered or too much; ``found``: path -> SHA-256 of every file in the packet."""
    wanted = {path: sha256 for path, sha256, _ in files(manifest)}
    told = []
    for path, sha256 in wanted.items():
        if path not in found:
            told.append(reason("packet_file_missing", file=file, path=path))
        elif found[path] != sha256:
            told.append(reason("packet_file_altered", file=file, path=path, wanted=sha256[:12], found=found[path][:12]))
    extra = sorted(found.keys() - wanted.keys() - {MANIFEST, COVER, SUMS})
    return told + [reason("packet_file_extra", file=file, path=path) for path in extra]
