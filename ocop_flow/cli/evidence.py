"""Files handed in: read, bounded, kept in the content store, their kinds guessed from names and confirmed once."""

from __future__ import annotations

import errno
import hashlib
import os
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from ocop_flow.cli.base import Desk
from ocop_flow.cli.output import label, rows
from ocop_flow.cli.writing import ask, asks
from ocop_flow.content import LIMIT
from ocop_flow.domain.attachments import listed
from ocop_flow.domain.commands import Attachment, FileRef
from ocop_flow.domain.names import fold
from ocop_flow.domain.regime import Regime
from ocop_flow.errors import InputInvalid, Refused, reason

#: Words of file names, without diacritics -> kind of evidence; the longest match wins.
_WORDS = {
    "phieu dang ky y tuong": "idea_form",
    "y tuong": "idea_form",
    "phieu dang ky": "registration_form",
    "mau 01": "registration_form",
    "tu danh gia": "self_assessment",
    "mau 02": "self_assessment",
    "mau 03": "commune_report",
    "bao cao danh gia": "commune_report",
    "phuong an": "business_plan",
    "kiem nghiem": "test_report",
    "an toan thuc pham": "food_safety_certificate",
    "attp": "food_safety_certificate",
    "dang ky kinh doanh": "business_registration",
    "giay phep kinh doanh": "business_registration",
    "cong bo": "product_standard",
    "tieu chuan": "product_standard",
    "to tu van": "team_report",
    "cong van": "commune_letter",
    "bien ban": "province_minutes",
}


def reference(path: Path) -> FileRef:
    """A file as it is handed in; it is kept when the command commits.

    raises  InputInvalid (unreadable), Refused (empty, over the limit)
    """
    try:
        size = path.stat().st_size
        if size > LIMIT:
            raise Refused(reason("evidence_too_large", file=path.name, size=size, limit=LIMIT))
        data = path.read_bytes()
    except OSError as error:
        raise InputInvalid(reason("file_unreadable", file=str(path), detail=error.strerror or str(error))) from error
    if not data:
        raise Refused(reason("evidence_empty", kind=path.name))
    return FileRef(hashlib.sha256(data).hexdigest(), path.name, len(data), str(path))


def handed_in(docs: Mapping[str, str]) -> tuple[Attachment, ...]:
    """``--doc KIND=FILE`` pairs as attachments."""
    return tuple(Attachment(kind, file=reference(Path(file))) for kind, file in docs.items())


def attachments(
    table: Desk,
    code: str,
    file: str | None,
    kind: str | None,
    copies: int,
    dates: tuple[date | None, date | None],
) -> tuple[Attachment, ...]:
    """What to attach: one paper, one file, or a whole folder with kinds guessed from names and confirmed once.

    raises  InputInvalid naming every file whose kind cannot be told
    """
    issued, expires = dates
    regime = _regime(table, code)
    known = listed(regime.evidence)
    if file is None:
        if kind is None:
            raise InputInvalid(reason("evidence_kind_unclear", file="-", known=known))
        return (Attachment(kind, copies, issued, expires),)
    found = [(each, kind or guess(each.name, regime)) for each in _files(Path(file))]
    unclear = [each.name for each, guessed in found if guessed is None]
    if unclear or not found:
        names = unclear or [file]
        raise InputInvalid(*(reason("evidence_kind_unclear", file=name, known=known) for name in names))
    if len(found) > 1 and not table.as_json:
        _confirm(table, regime, [(each, str(guessed)) for each, guessed in found])
    return tuple(Attachment(str(guessed), copies, issued, expires, reference(each)) for each, guessed in found)


def _regime(table: Desk, code: str) -> Regime:
    from ocop_flow.service.dossier_find import find

    with table.office.reader() as uow:
        caller = table.caller.handle
        return uow.law(find(uow, code, uow.person(caller) if caller else None).workflow_hash).regime


def _files(path: Path) -> list[Path]:
    if not path.exists():
        raise InputInvalid(reason("file_unreadable", file=str(path), detail=os.strerror(errno.ENOENT)))
    if path.is_dir():
        return sorted(each for each in path.iterdir() if each.is_file() and not each.name.startswith("."))
    return [path]


def _confirm(table: Desk, regime: Regime, found: list[tuple[Path, str]]) -> None:
    shown = [
        (each.name, label(table, regime.evidence[kind].label) if kind in regime.evidence else kind)
        for each, kind in found
    ]
    rows(table, ["File", "Kind"], shown)
    if asks(table):
        ask(table, table.tr("File these {count} documents?", count=len(found)))
        table.yes = True


def guess(name: str, regime: Regime) -> str | None:
    """The kind of evidence a file name speaks of, if the regime knows it."""
    text = fold(Path(name).stem.replace("_", " ").replace("-", " "))
    for kind in regime.evidence:
        if kind.replace("_", " ") in text:
            return kind
    known = [(words, kind) for words, kind in _WORDS.items() if words in text and kind in regime.evidence]
    return max(known, key=lambda pair: len(pair[0]))[1] if known else None
