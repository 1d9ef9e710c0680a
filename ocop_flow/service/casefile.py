"""The file of a matter, assembled for an answer: every paper that is kept, a list of all, and the history in words."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ocop_flow.domain import beside
from ocop_flow.errors import NotFound, reason
from ocop_flow.service.beside_subject import named
from ocop_flow.service.certificates import find, shown
from ocop_flow.service.dossier_view import event_view, view

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ocop_flow.domain.event import Event
    from ocop_flow.ports import UnitOfWork
    from ocop_flow.service.office import Office

Json = dict[str, Any]

#: What acts of this system are called in the list, which goes to Vietnamese authorities.
_WORDS = {
    "record_beside:promotion": "Xúc tiến thương mại",
    "record_beside:inspection": "Kiểm tra",
    "record_beside:complaint": "Đơn khiếu nại, tố cáo, phản ánh",
    "record_beside:letter": "Văn bản đến",
    "answer:inspection": "Kết quả xử lý sau kiểm tra",
    "answer:complaint": "Văn bản trả lời đơn",
    "answer:letter": "Văn bản trả lời",
    "revoke": "Quyết định thu hồi giấy chứng nhận",
    "revoke_certificate": "Quyết định thu hồi giấy chứng nhận",
    "replace": "Quyết định thay thế giấy chứng nhận",
    "reissue": "Cấp lại giấy chứng nhận",
    "reissue_certificate": "Cấp lại giấy chứng nhận",
    "correct": "Đính chính giấy chứng nhận",
    "correct_certificate": "Đính chính giấy chứng nhận",
    "transfer": "Chuyển chủ thể của giấy chứng nhận",
    "transfer_certificate": "Chuyển chủ thể của giấy chứng nhận",
    "extend": "Gia hạn",
}


@dataclass(frozen=True, slots=True)
class Paper:
    """One paper of the file.

    what   kind of evidence, or the act that it belongs to
    name   of the file as handed in; None for paper or a sample that is held, or where it was withheld
    data   its bytes; None where there are none to hand over
    gone   the day on which it, or the act that it belongs to, was withdrawn; None while it stands
    """

    number: int
    on: str
    what: str
    name: str | None
    sha256: str | None
    data: bytes | None
    note: str
    gone: str | None = None

    @property
    def path(self) -> str | None:
        """Its place in the folder: number and name, nothing that a file system refuses."""
        if self.data is None or self.name is None:
            return None
        plain = "".join("_" if each in '\\/:*?"<>|' or ord(each) < 32 else each for each in self.name)
        return f"{self.number:03d}-{plain}"[:120]


@dataclass(frozen=True, slots=True)
class CaseFile:
    """``record``: what is known now; ``events``: every act as it stands in the log."""

    code: str
    kind: str
    record: Json
    events: list[Json]
    papers: tuple[Paper, ...]

    def table(self) -> bytes:
        """The list of papers, in Vietnamese, as a table that a spreadsheet opens."""
        out = io.StringIO()
        table = csv.writer(out)
        table.writerow(["STT", "Ngày", "Nội dung", "Tệp", "Số văn bản / số bản", "Đã gỡ, rút lại", "SHA-256"])
        for each in self.papers:
            place = each.path or ("bản giấy, mẫu vật" if each.sha256 is None else each.name)
            gone = f"đã gỡ ngày {_day(each.gone)}" if each.gone else ""
            table.writerow(
                [each.number, _day(each.on), _cell(each.what), place, _cell(each.note), gone, each.sha256 or ""]
            )
        return out.getvalue().encode("utf-8-sig")


def _day(iso: str) -> str:
    """A day as the authorities write it, 05/06/2026."""
    return "/".join(reversed(iso.split("-")))


def _cell(text: str) -> str:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def assemble(uow: UnitOfWork, office: Office, typed: str) -> CaseFile:
    """The file of a dossier, or of a declared certificate; what a decision withheld stays out.

    raises  NotFound
    """
    kind, code, dossier, row = named(uow, typed)
    events = _chain(uow, kind, code)
    if dossier is not None:
        record = view(uow, dossier, office.today, None)
    elif row is not None:
        record = shown(uow, row, office.today)
    else:
        raise NotFound(reason("certificate_absent", number=typed))
    certificate = find(uow, record["certificate"]) if record.get("certificate") else None
    record = {**record, "certificate_now": shown(uow, certificate, office.today) if certificate else None}
    papers = tuple(_numbered(uow, office, events))
    return CaseFile(code, kind, record, [event_view(event) for event in events], papers)


def _chain(uow: UnitOfWork, kind: str, code: str) -> list[Event]:
    """The events of a subject, and before them those of the certificates that it took the place of."""
    events = uow.events(kind, code)
    earlier = events[0].data.get("replaces") if events and kind == "certificate" else None
    return [*_chain(uow, kind, earlier), *events] if earlier else events


def _numbered(uow: UnitOfWork, office: Office, events: list[Event]) -> Iterator[Paper]:
    number = 0
    gone = _withdrawn(events)
    for event in events:
        for what, sealed, note in _sealed(event):
            number += 1
            said = _label(uow, event, what)
            found = _paper(uow, office, number, event.occurred_on.isoformat(), said, sealed, note)
            at = (event.subject, event.seq)
            yield replace(found, gone=gone.get((*at, what)) or gone.get((*at, "")))


def _withdrawn(events: list[Event]) -> dict[tuple[str, int, str], str]:
    """(subject, event, kind) of every paper that was withdrawn, kind empty for an act taken back, and the day."""
    back = {(each.subject, each.data["undoes"]): each for each in events if each.action == "undo"}
    found = {(subject, seq, ""): each.occurred_on.isoformat() for (subject, seq), each in back.items()}
    for each in events:
        if each.action == "detach" and (each.subject, each.seq) not in back:
            filed = each.subject, each.data["filed"]
            found |= {(*filed, kind): each.occurred_on.isoformat() for kind in each.data["kinds"]}
    return found


def _label(uow: UnitOfWork, event: Event, what: str) -> str:
    """A kind of evidence or an act as the law of the event, or this system, calls it in Vietnamese."""
    if what in _WORDS:
        return _WORDS[what]
    regime = uow.law(event.workflow_hash).regime if event.workflow_hash else None
    known = (regime.evidence.get(what) or regime.actions.get(what)) if regime else None
    return known.label.vi if known else what


def _sealed(event: Event) -> Iterator[tuple[str, str | None, str]]:
    """(what, digest of the sealed file or None, note) of every paper that an event names."""
    for item in event.data.get("evidence", ()):
        yield item["kind"], item["file"], f"{item['copies']}"
    if event.action in (beside.RECORD, beside.ANSWER):
        group = event.data.get("group") or event.data["record"].split(":")[-2]
        said = event.data["facts"].get("number", "")
        if event.data["file"] is not None or said:
            yield f"{event.action}:{group}", event.data["file"], said
    if event.signer is not None:
        yield event.action, event.signer.file, event.signer.number


def _paper(uow: UnitOfWork, office: Office, number: int, on: str, what: str, sealed: str | None, note: str) -> Paper:
    found = uow.unseal(sealed) if sealed else None
    if not found:
        return Paper(number, on, what, None, None, None, note)
    return Paper(number, on, what, found["name"], found["sha256"], office.content.get(found["sha256"]), note)
