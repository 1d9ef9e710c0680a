"""The annex of a signed decision held against the records: which rows and records belong together, and what differs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ocop_flow.domain.names import fold
from ocop_flow.errors import Reason, reason

if TYPE_CHECKING:
    from ocop_flow.domain.decision_list import ListLine

#: Kinds of differences, in the order in which they are told.
KINDS = (
    "missing",
    "extra",
    "other_dossier",
    "other_star",
    "other_name",
    "other_entity",
    "other_certificate",
    "annulled",
)


@dataclass(frozen=True, slots=True)
class Recorded:
    """What the records say that a decision decided: of a dossier, or of a declared certificate (``dossier`` None)."""

    dossier: str | None
    product: str
    entity: str
    stars: int | None
    certificate: str | None
    annulled: bool = False


@dataclass(frozen=True, slots=True)
class Difference:
    """``row`` is None for what the annex lacks; ``recorded`` for what the records lack."""

    kind: str
    row: ListLine | None
    recorded: Recorded | None
    because: Reason


def differences(
    rows: Sequence[ListLine], records: Sequence[Recorded], meant: Mapping[int, frozenset[str]]
) -> list[Difference]:
    """Every difference, each once.

    meant  number of a row -> codes of the dossiers that its typed text can mean
    """
    pairs = _paired(rows, records, meant)
    taken = {id(record) for record in pairs.values()}
    found = [each for row in rows for each in _of_row(row, pairs.get(row.row), meant[row.row])]
    found += [_extra(record) for record in records if id(record) not in taken and not record.annulled]
    return sorted(found, key=lambda each: KINDS.index(each.kind))


def _paired(
    rows: Sequence[ListLine], records: Sequence[Recorded], meant: Mapping[int, frozenset[str]]
) -> dict[int, Recorded]:
    """Row number -> record: by certificate or dossier, then by name, then by an entity with one of each left."""
    pairs: dict[int, Recorded] = {}
    left = list(records)

    def pair(fits: Callable[[ListLine, Recorded], bool]) -> None:
        for row in rows:
            fitting = [record for record in left if row.row not in pairs and fits(row, record)]
            if len(fitting) == 1:
                pairs[row.row] = fitting[0]
                left[:] = [record for record in left if record is not fitting[0]]

    pair(
        lambda row, record: record.dossier is not None and row.dossier is not None and record.dossier in meant[row.row]
    )
    pair(lambda row, record: record.certificate is not None and record.certificate == row.certificate_number)
    pair(lambda row, record: _same(row.product, record.product) and _same(row.entity, record.entity))
    pair(lambda row, record: _same(row.product, record.product))
    rest = Counter(fold(row.entity) for row in rows if row.entity and row.row not in pairs)
    pair(lambda row, record: _same(row.entity, record.entity) and rest[fold(record.entity)] == 1)
    return pairs


def _same(listed: str | None, recorded: str) -> bool:
    return listed is not None and fold(listed) == fold(recorded)


def _of_row(row: ListLine, record: Recorded | None, meant: frozenset[str]) -> Iterator[Difference]:
    shown = row.product or row.typed
    if record is None:
        yield Difference("missing", row, None, reason("reconcile_missing", line=row.row, shown=shown))
        return
    if record.annulled:
        yield Difference("annulled", row, record, reason("reconcile_annulled", line=row.row, shown=shown))
        return
    compared = (
        ("other_dossier", row.dossier, record.dossier, record.dossier is not None and record.dossier not in meant),
        ("other_star", row.stars, record.stars, row.stars != record.stars),
        ("other_name", row.product, record.product, not _same(row.product, record.product)),
        ("other_entity", row.entity, record.entity, not _same(row.entity, record.entity)),
        ("other_certificate", row.certificate_number, record.certificate, row.certificate_number != record.certificate),
    )
    for kind, listed, found, differs in compared:
        if listed is not None and differs:
            because = reason(f"reconcile_{kind}", line=row.row, shown=shown, listed=listed, found=found or "-")
            yield Difference(kind, row, record, because)


def _extra(record: Recorded) -> Difference:
    shown = record.dossier or record.certificate or "-"
    return Difference("extra", None, record, reason("reconcile_extra", shown=shown, product=record.product))
