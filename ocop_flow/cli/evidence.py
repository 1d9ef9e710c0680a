"""Files handed in: read, bounded, kept in the content store, their kinds guessed from names and confirmed once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from ocop_flow.cli.base import Desk
from ocop_flow.cli.output import label, rows
from ocop_flow.content import LIMIT
from ocop_flow.domain.commands import Attachment
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


def guard(file: str | None) -> None:
    """Refuse what cannot be read, is empty or too large, before a transaction is opened."""
    if file is None:
        return
    path = Path(file)
    if not path.exists():
        raise InputInvalid(reason("file_unreadable", file=file, detail="-"))
    for each in _files(path):
        _size(each)


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(each for each in path.iterdir() if each.is_file() and not each.name.startswith("."))
    return [path]


def _size(path: Path) -> int:
    size = path.stat().st_size
    if size == 0:
        raise Refused(reason("evidence_empty", kind=path.name))
    if size > LIMIT:
        raise Refused(reason("evidence_too_large", file=path.name, size=size, limit=LIMIT))
    return size


def keep(uow: Any, table: Desk, path: Path) -> tuple[str, int]:
    """Put a file into the content store; (sealed digest of its SHA-256 and name, size). A dry run keeps nothing."""
    guard(str(path))
    try:
        data = path.read_bytes()
    except OSError as error:
        raise InputInvalid(reason("file_unreadable", file=str(path), detail=str(error))) from error
    import hashlib

    digest = hashlib.sha256(data).hexdigest() if table.dry_run else table.office.content.put(data)
    sealed: str = uow.seal({"sha256": digest, "name": path.name})
    return sealed, len(data)


def kept_files(uow: Any, table: Desk, docs: Mapping[str, str]) -> tuple[Attachment, ...]:
    """``--doc KIND=FILE`` pairs as attachments."""
    kept = []
    for kind, file in docs.items():
        sealed, size = keep(uow, table, Path(file))
        kept.append(Attachment(kind, file=sealed, size=size))
    return tuple(kept)


def prepared(
    uow: Any,
    table: Desk,
    code: str,
    file: str | None,
    kind: str | None,
    copies: int,
    dates: tuple[date | None, date | None],
) -> tuple[Attachment, ...]:
    """What to attach: one paper, one file, or a whole folder with kinds guessed from names and confirmed once."""
    from ocop_flow.service.dossiers import find

    issued, expires = dates
    regime = uow.law(find(uow, code).workflow_hash).regime
    if file is None:
        if kind is None:
            raise InputInvalid(reason("evidence_kind_unclear", file="-", known=", ".join(regime.evidence)))
        return (Attachment(kind, copies, issued, expires),)
    found = [(each, kind or guess(each.name, regime)) for each in _files(Path(file))]
    unclear = [each for each, guessed in found if guessed is None]
    if unclear:
        known = ", ".join(regime.evidence)
        raise InputInvalid(*(reason("evidence_kind_unclear", file=each.name, known=known) for each in unclear))
    if len(found) > 1 and not table.as_json:
        shown = [(each.name, label(table, regime.evidence[str(guessed)].label)) for each, guessed in found]
        rows(table, ["File", "Kind"], shown)
        table.confirm(table.tr("File these {count} documents?", count=len(found)))
    kept = []
    for each, guessed in found:
        sealed, size = keep(uow, table, each)
        kept.append(Attachment(str(guessed), copies, issued, expires, sealed, size))
    return tuple(kept)


def guess(name: str, regime: Regime) -> str | None:
    """The kind of evidence a file name speaks of, if the regime knows it."""
    text = fold(Path(name).stem.replace("_", " ").replace("-", " "))
    for kind in regime.evidence:
        if kind.replace("_", " ") in text:
            return kind
    known = [(words, kind) for words, kind in _WORDS.items() if words in text and kind in regime.evidence]
    return max(known, key=lambda pair: len(pair[0]))[1] if known else None
