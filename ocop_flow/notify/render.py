"""Letters in words: subject, text and HTML from the templates, packed as one MIME message."""

from __future__ import annotations

import re
from base64 import b64encode, encodebytes
from email.utils import format_datetime
from typing import Any

from ocop_flow.clock import VIET_NAM
from ocop_flow.notify.catalogue import Catalogue, Words, load
from ocop_flow.ports import Letter, Line, Rendered

#: What would end a header line, or hide in one.
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_BOUNDARY = "=_ocop_"
#: Bytes of text in one encoded word.
_WORD = 45


class JinjaRenderer:
    """``ports.Renderer`` over the packaged templates, in one language.

    sender  the address in the From line
    """

    def __init__(self, sender: str, language: str, catalogue: Catalogue | None = None) -> None:
        self._sender = one_line(sender)
        self._catalogue = catalogue or load()
        self._language = language
        self._words = self._catalogue.words[language]

    def host(self) -> str:
        return self._sender.rpartition("@")[2]

    def render(self, letter: Letter) -> Rendered:
        lines = [_line(line, self._words, self._language) for line in letter.lines]
        context = {
            "unit": letter.unit,
            "day": self._words.day(letter.moment.astimezone(VIET_NAM).date()),
            "count": len(lines),
            "late": sum(line.days_left < 0 for line in letter.lines),
            "lines": lines,
            "ask": letter.ask,
            "can_login": letter.can_login,
        }
        subject, text, html = (
            self._catalogue.templates[(self._language, "reminder", part)].render(context)
            for part in ("subject", "txt", "html")
        )
        return Rendered(one_line(subject), text, html)

    def pack(self, letter: Letter, rendered: Rendered) -> bytes:
        """The same letter gives the same bytes: the boundary is made of its Message-ID.

        Written out here, for the library's message objects cost more than all the rest of a letter.
        """
        boundary = _BOUNDARY + re.sub(r"\W", "", letter.message_id)[:40]
        head = {
            "Message-ID": letter.message_id,
            "Date": format_datetime(letter.moment.astimezone(VIET_NAM)),
            "From": self._sender,
            "To": letter.address,
            "Subject": _encoded(one_line(rendered.subject)),
            # Answering machines stay silent on such mail (RFC 3834).
            "Auto-Submitted": "auto-generated",
            "MIME-Version": "1.0",
            "Content-Type": f'multipart/alternative; boundary="{boundary}"',
        }
        lines = [f"{name}: {value if name == 'Subject' else one_line(value)}" for name, value in head.items()]
        parts = [_part("plain", rendered.text), _part("html", rendered.html)]
        body = "".join(f"\r\n--{boundary}\r\n{part}" for part in parts)
        return ("\r\n".join(lines) + f"\r\n{body}\r\n--{boundary}--\r\n").encode()


def _part(kind: str, text: str) -> str:
    encoded = encodebytes(text.encode()).decode().replace("\n", "\r\n")
    return f"Content-Type: text/{kind}; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{encoded}"


def _encoded(text: str) -> str:
    """A header's text as encoded words, each at most 75 characters with whole letters (RFC 2047 section 2)."""
    words, word = [], b""
    for letter in text:
        following = letter.encode()
        if len(word) + len(following) > _WORD:
            words.append(word)
            word = b""
        word += following
    return "\r\n ".join(f"=?utf-8?b?{b64encode(each).decode()}?=" for each in (*words, word))


def one_line(text: str) -> str:
    """Text that can stand in a header: nothing in it begins another line."""
    return _CONTROL.sub(" ", text).strip()


def _line(line: Line, words: Words, language: str) -> dict[str, Any]:
    name = (line.name.vi if language == "vi" else line.name.en) if line.name else ""
    duty, todo = words.duty(line.kind, name)
    state = (line.state.vi if language == "vi" else line.state.en) if line.state else None
    return {
        "code": line.code,
        "subject": line.subject,
        "product": line.product,
        "entity": line.entity,
        "duty": duty,
        "state": state,
        "due": words.day(line.due_on),
        "left": words.left(line.days_left),
        "todo": todo,
        # Sources are written in English: `26/2026/QĐ-TTg art. 5`.
        "source": line.source.replace(" art. ", " Điều ") if language == "vi" else line.source,
        "provisional": line.provisional,
        "late_entry": line.late_entry,
        "unit": line.unit,
    }
