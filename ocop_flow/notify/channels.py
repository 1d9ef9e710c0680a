"""Ways out: a folder of ``.eml`` files, or a mail server over SMTP."""

from __future__ import annotations

import hashlib
import os
import smtplib
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from ocop_flow.errors import InputInvalid, Unavailable, Undelivered, reason
from ocop_flow.ports import Channel, Mail

_TLS = {"starttls": 587, "tls": 465, "none": 25}
#: Seconds to wait for a server's answer.
TIMEOUT = 30.0
_DEFAULT_SENDER = "ocop@localhost"


@dataclass(frozen=True, slots=True)
class Account:
    """How a mail server is reached; ``user`` None where it asks for no login."""

    host: str
    port: int
    tls: str
    user: str | None
    password: str | None = field(repr=False, default=None)
    timeout: float = TIMEOUT


def read(setting: str | None, password: str | None, default: Path) -> tuple[Channel, str]:
    """The channel that ``OCOP_MAIL`` names, and the address that its messages come from.

    setting  ``dir:PATH`` or ``smtp://user@host:port?tls=starttls|tls|none[&from=ADDRESS]``; None: the default folder
    raises   InputInvalid
    """
    if not setting:
        return Folder(default), _DEFAULT_SENDER
    if setting.startswith("dir:"):
        return Folder(Path(setting.removeprefix("dir:")).expanduser()), _DEFAULT_SENDER
    try:
        parts = urlsplit(setting)
        asked = parse_qs(parts.query, strict_parsing=bool(parts.query))
        tls = asked.get("tls", ["starttls"])[-1]
        usual = _TLS[tls]
        port = parts.port or usual
    except (ValueError, KeyError):
        raise InputInvalid(reason("mail_setting_unreadable")) from None
    if parts.scheme != "smtp" or not parts.hostname or asked.keys() - {"tls", "from"} or parts.password is not None:
        raise InputInvalid(reason("mail_setting_unreadable"))
    user = unquote(parts.username) if parts.username else None
    own = user if user and "@" in user else f"{user or 'ocop'}@{parts.hostname}"
    # A server that asks for no password asks for no login: the user then only names the sender.
    login = user if password else None
    return Smtp(Account(parts.hostname, port, tls, login, password)), asked.get("from", [own])[-1]


class Folder:
    """One file per message, named after its Message-ID: written twice it is the same file."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def __enter__(self) -> Self:
        try:
            self.path.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise Unavailable(reason("mail_folder_unusable", path=str(self.path), detail=_short(error))) from error
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        """Nothing is kept open."""

    def send(self, mail: Mail) -> None:
        name = hashlib.sha256(mail.message_id.encode()).hexdigest()[:32]
        unfinished = self.path / f".{name}.{os.getpid()}"
        try:
            with unfinished.open("wb") as file:
                file.write(mail.body)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(self.path / f"{name}.eml")
        except OSError as error:
            raise Undelivered(reason("mail_folder_unusable", path=str(self.path), detail=_short(error))) from error


class Smtp:
    """A mail server; one connection for a batch, made again once for a message that finds it broken."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._server: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        self._server = self._connect()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        if self._server is not None:
            try:
                self._server.quit()
            except (smtplib.SMTPException, OSError):
                self._server.close()
            self._server = None

    def _connect(self) -> smtplib.SMTP:
        a = self._account
        try:
            server: smtplib.SMTP
            if a.tls == "tls":
                server = smtplib.SMTP_SSL(a.host, a.port, timeout=a.timeout, context=ssl.create_default_context())
            else:
                server = smtplib.SMTP(a.host, a.port, timeout=a.timeout)
                if a.tls == "starttls":
                    server.starttls(context=ssl.create_default_context())
            if a.user is not None and a.password is not None:
                server.login(a.user, a.password)
        except (smtplib.SMTPException, OSError) as error:
            raise Unavailable(
                reason("mail_server_unreachable", host=a.host, port=a.port, detail=_short(error))
            ) from error
        return server

    def send(self, mail: Mail) -> None:
        if self._server is None:
            self._server = self._connect()
        sender = _sender_of(mail.body)
        try:
            self._server.sendmail(sender, [mail.address], mail.body)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise _refused(mail, code, text) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(mail, error.smtp_code, error.smtp_error) from error
        except (smtplib.SMTPException, OSError) as error:
            # Whether it arrived is not known: it is sent again later, as the same message.
            self._server.close()
            self._server = None
            raise Undelivered(reason("mail_interrupted", address=mail.address, detail=_short(error))) from error


def _refused(mail: Mail, code: int, text: bytes | str) -> Undelivered:
    """4xx asks to try later; 5xx is an answer."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    detail = f"{code} {said}"[:300]
    return Undelivered(reason("mail_refused", address=mail.address, detail=detail), permanent=code >= 500)


def _sender_of(body: bytes) -> str:
    head, _, _ = body.partition(b"\r\n\r\n")
    line = next(each for each in head.split(b"\r\n") if each.startswith(b"From: "))
    return line.removeprefix(b"From: ").decode("ascii", "replace")


def _short(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]


def from_environment(environment: Mapping[str, str], default: Path) -> tuple[Channel, str]:
    """``OCOP_MAIL`` with ``OCOP_MAIL_PASSWORD``."""
    return read(environment.get("OCOP_MAIL"), environment.get("OCOP_MAIL_PASSWORD"), default)
