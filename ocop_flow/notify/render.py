"""Letters in words: subject, text and HTML from the templates, packed as one MIME message."""

from __future__ import annotations

import re
from base64 import b64encode
from binascii import b2a_base64
from datetime import date
from email.utils import format_datetime
from functools import lru_cache
from struct import Struct
from typing import TYPE_CHECKING, Any

from ocop_flow.cited import cited
from ocop_flow.clock import VIET_NAM
from ocop_flow.errors import Text
from ocop_flow.notify import ics
from ocop_flow.notify.catalogue import Catalogue, load
from ocop_flow.ports import Letter, Line, News, Rendered

if TYPE_CHECKING:
    from jinja2 import Template

#: What would end a header line, or hide in one.
_CONTROL = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")
_BOUNDARY = "=_ocop_"
#: Characters of a line of base64 (RFC 2045 section 6.8).
_LINE = 76
#: Bytes of text in one encoded word.
_WORD = 45
#: What an entity is told and need do nothing about.
_RESULTS = ("recognised", "not_recognised", "rejected")
#: Phrases of each sort that a renderer keeps.
_REMEMBERED = 1024


class JinjaRenderer:
    """``ports.Renderer`` over the packaged templates, in one language.

    sender  the address in the From line
    """

    def __init__(self, sender: str, language: str, catalogue: Catalogue | None = None) -> None:
        self._sender = one_line(sender)
        self._catalogue = catalogue or load()
        self._language = language
        self._words = words = self._catalogue.words[language]
        # Many lines say the same of the same days.
        self._day = lru_cache(_REMEMBERED)(words.day)
        self._left = lru_cache(_REMEMBERED)(words.left)
        self._source = lru_cache(_REMEMBERED)(lambda source: cited(source, language))
        self._ask = lru_cache(_REMEMBERED)(words.ask)
        self._said = lru_cache(_REMEMBERED)(
            lambda kind, name, papers, to_entity: words.duty(kind, name, papers, to_entity=to_entity)
        )

    def host(self) -> str:
        return self._sender.rpartition("@")[2]

    def render(self, letter: Letter) -> Rendered:
        to_entity = letter.kind == "entity"
        lines = [self._line(number, line, letter.can_login, to_entity) for number, line in enumerate(letter.lines, 1)]
        if letter.recipient.startswith("unit:"):
            # Nobody is told to ask itself, as the mailbox of a province would be.
            for line, shown in zip(letter.lines, lines, strict=True):
                shown["ask"] = None if line.ask[0] == letter.unit else shown["ask"]
        context = {
            "unit": letter.unit,
            "office": self._words.office(letter.unit),
            "entity": letter.unit,
            "day": self._words.day(letter.moment.astimezone(VIET_NAM).date()),
            "count": len(lines),
            "late": sum(line.days_left < 0 for line in letter.lines),
            "asked": any(line.kind not in _RESULTS for line in letter.lines),
            "lines": lines,
        }
        subject, text, html = (
            _filled(self._catalogue.templates[(self._language, letter.kind, part)], context)
            for part in ("subject", "txt", "html")
        )
        return Rendered(one_line(subject), text, html, self._calendar(letter, lines))

    def chat(self, letter: Letter, limit: int) -> str:
        """What no longer fits is counted in the last line."""
        day = self._words.day(letter.moment.astimezone(VIET_NAM).date())
        shown = [self._words.chat_head(letter.unit, len(letter.lines), day)]
        for number, line in enumerate(letter.lines, start=1):
            text = self._chat_line(number, line)
            left = len(letter.lines) - number
            room = limit - len("\n".join(shown)) - 1
            if len(text) + (1 + len(self._words.chat_more(left)) if left else 0) > room:
                shown.append(self._words.chat_more(left + 1))
                break
            shown.append(text)
        return "\n".join(shown)[:limit]

    def _chat_line(self, number: int, line: Line) -> str:
        words = self._line(number, line, can_login=False, to_entity=False)
        about = f"{line.code} {line.product}" if line.product else line.code
        return one_line(self._words.chat_line(number, words["duty"], about, words["due"] or "-", words["left"]))

    def _line(self, number: int, line: Line, can_login: bool, to_entity: bool) -> dict[str, Any]:
        duty, todo, paper = self._said(line.kind, self._in(line.name), self._papers(line, to_entity), to_entity)
        return {
            "number": number,
            "code": line.code,
            "subject": line.subject,
            "product": line.product,
            "entity": line.entity,
            "duty": duty,
            "state": self._in(line.state) if line.state else None,
            "due": self._day(line.due_on) if line.due_on else None,
            "left": self._left(line.days_left),
            "late": line.days_left < 0,
            "todo": todo,
            "paper": paper,
            "ask": self._ask(*line.ask),
            "command": self._words.show(line.subject, line.code) if can_login else None,
            "source": self._source(line.source),
            "provisional": line.provisional,
            "late_entry": line.late_entry,
            "unit": line.unit,
            **({"unit": self._words.office(line.unit), **self._news(line.news or News())} if to_entity else {}),
        }

    def _in(self, text: Text) -> str:
        return text.vi if self._language == "vi" else text.en

    def _papers(self, line: Line, to_entity: bool) -> str:
        lacking = line.news.missing if to_entity and line.news else line.papers
        named = [(self._in(name), count) for name, count in lacking] if lacking is not None else None
        return self._words.papers(named, to_entity=to_entity)

    def _news(self, news: News) -> dict[str, Any]:
        def day(on: date | None) -> str | None:
            return self._day(on) if on else None

        return {
            "on": day(news.on),
            "said": news.said,
            "missing": [self._words.lacking(self._in(name), count) for name, count in news.missing],
            "opens": day(news.window[0]) if news.window else None,
            "closes": day(news.window[1]) if news.window else None,
            "stars": news.stars,
            "certificate": news.certificate,
            "decision": news.decision,
            "valid_to": day(news.valid_to),
        }

    def _calendar(self, letter: Letter, lines: list[dict[str, Any]]) -> str | None:
        """The duties as a calendar file; None where nothing has a day."""
        entries = [
            ics.Entry(
                line.identity,
                line.due_on,
                one_line(
                    f"{shown['duty']} - {line.product} ({line.code})"
                    if line.product
                    else f"{shown['duty']} - {line.code}"
                ),
                shown["todo"],
            )
            for line, shown in zip(letter.lines, lines, strict=True)
            if line.due_on is not None
        ]
        return ics.calendar(entries, letter.moment, self.host()) if entries else None

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
            "Content-Type": f'multipart/{"mixed" if rendered.calendar else "alternative"}; boundary="{boundary}"',
        }
        lines = [f"{name}: {value if name == 'Subject' else one_line(value)}" for name, value in head.items()]
        parts = [_part("plain", rendered.text), _part("html", rendered.html)]
        if rendered.calendar:
            inner = f"{boundary}text"
            words = f'Content-Type: multipart/alternative; boundary="{inner}"\r\n'.encode() + _parts(parts, inner)
            parts = [words, _part("calendar", rendered.calendar, _CALENDAR_HEAD)]
        return "\r\n".join(lines).encode() + b"\r\n" + _parts(parts, boundary)


#: A file to keep rather than an invitation to answer: the office decides what goes into its calendar.
_CALENDAR_HEAD = 'method=PUBLISH\r\nContent-Disposition: attachment; filename="viec-ocop.ics"'


def _parts(parts: list[bytes], boundary: str) -> bytes:
    between = f"\r\n--{boundary}\r\n".encode()
    return b"".join(between + part for part in parts) + f"\r\n--{boundary}--\r\n".encode()


def _part(kind: str, text: str, further: str = "") -> bytes:
    about = f"text/{kind}; charset=utf-8" + (f"; {further}" if further else "")
    return f"Content-Type: {about}\r\nContent-Transfer-Encoding: base64\r\n\r\n".encode() + _in_lines(text)


def _in_lines(text: str) -> bytes:
    """Base64, its lines ended by CRLF."""
    encoded = b2a_base64(text.encode(), newline=False)
    whole = len(encoded) // _LINE
    return b"\r\n".join((*_rows(whole).unpack_from(encoded), encoded[whole * _LINE :])) + b"\r\n"


@lru_cache(_REMEMBERED)
def _rows(count: int) -> Struct:
    """Cuts so many lines in one go."""
    return Struct(f"{_LINE}s" * count)


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


def _filled(template: Template, context: dict[str, Any]) -> str:
    """Without the library's globals, which no template may name: to copy them takes longer than to fill a line."""
    return "".join(template.root_render_func(template.new_context(context, shared=True)))
