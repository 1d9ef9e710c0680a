"""A mail server over SMTP."""

from __future__ import annotations

import smtplib
import ssl
from base64 import b64encode
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from ocop_flow.errors import Unavailable, Undelivered, reason
from ocop_flow.ports import Mail

#: Way of encryption -> usual port.
TLS = {"starttls": 587, "tls": 465, "none": 25}
#: Answer to a sender that is about the message alone (RFC 1870 section 6.1).
_TOO_LARGE = 552
#: Seconds to wait for a server's answer.
TIMEOUT = 30.0


@dataclass(frozen=True, slots=True)
class Account:
    """How a mail server is reached.

    tls   one of TLS
    user  None where the server asks for no login
    ca    file with the authority (PEM) that signed the server's certificate; None: those that this machine trusts
    """

    host: str
    port: int
    tls: str
    user: str | None
    password: str | None = field(repr=False, default=None)
    ca: str | None = None
    timeout: float = TIMEOUT


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
        server: smtplib.SMTP | None = None
        try:
            context = None if a.tls == "none" else _context(a.ca)
            if a.tls == "tls":
                server = smtplib.SMTP_SSL(a.host, a.port, timeout=a.timeout, context=context)
            else:
                server = smtplib.SMTP(a.host, a.port, timeout=a.timeout)
                if a.tls == "starttls":
                    server.starttls(context=context)
            if a.user is not None and a.password is not None:
                _login(server, a.user, a.password)
        except (smtplib.SMTPException, OSError) as error:
            if server is not None:
                server.close()
            # No cause: a traceback of the login holds the password.
            raise _unusable(a, error) from None
        return server

    def send(self, mail: Mail) -> None:
        if self._server is None or self._server.sock is None:
            self._server = self._connect()
        try:
            self._server.sendmail(_sender_of(mail.body), [mail.address], mail.body)
        except smtplib.SMTPRecipientsRefused as error:
            code, text = next(iter(error.recipients.values()))
            raise _refused(mail, code, text) from error
        except smtplib.SMTPSenderRefused as error:
            if error.smtp_code < 500 or error.smtp_code == _TOO_LARGE:
                raise _refused(mail, error.smtp_code, error.smtp_error) from error
            raise _unusable(self._account, error) from error
        except smtplib.SMTPResponseException as error:
            raise _refused(mail, error.smtp_code, error.smtp_error) from error
        except UnicodeError as error:
            # The session stands in the middle of a message: what is next begins another.
            self._drop()
            told = reason("mail_unsendable", address=mail.address, detail=_short(error))
            raise Undelivered(told, permanent=True) from error
        except (smtplib.SMTPException, OSError) as error:
            # Whether it arrived is not known: it is sent again later, as the same message.
            self._drop()
            raise Undelivered(reason("mail_interrupted", address=mail.address, detail=_short(error))) from error

    def _drop(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None


def _login(server: smtplib.SMTP, user: str, password: str) -> None:
    """The library takes ASCII alone; any other letters go as UTF-8 (RFC 4616 section 2)."""
    if user.isascii() and password.isascii():
        server.login(user, password)
        return
    server.ehlo_or_helo_if_needed()
    code, said = server.docmd("AUTH", "PLAIN " + b64encode(f"\0{user}\0{password}".encode()).decode())
    if code != 235:
        raise smtplib.SMTPAuthenticationError(code, said)


def _context(ca: str | None) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=ca)
    except OSError as error:
        raise Unavailable(reason("mail_authority_unreadable", path=ca, detail=_short(error))) from error


def _unusable(account: Account, error: Exception) -> Unavailable:
    """Why a server cannot be used, as something that an administrator can act on."""
    detail = _short(error)
    if account.password:
        # Some servers quote what they were told.
        detail = detail.replace(account.password, "***")
    code = "mail_server_unreachable"
    if isinstance(error, ssl.SSLCertVerificationError):
        code, detail = "mail_certificate_unverified", error.verify_message or detail
    elif isinstance(error, smtplib.SMTPAuthenticationError):
        code = "mail_login_refused"
    elif isinstance(error, smtplib.SMTPSenderRefused):
        code = "mail_sender_refused"
    elif isinstance(error, (ssl.SSLError, smtplib.SMTPNotSupportedError)):
        code = "mail_encryption_differs"
    return Unavailable(
        reason(code, host=account.host, port=account.port, user=account.user, tls=account.tls, detail=detail)
    )


def _refused(mail: Mail, code: int, text: bytes | str) -> Undelivered:
    """4xx asks to try later; 5xx is an answer."""
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    detail = f"{code} {said}"[:300]
    return Undelivered(reason("mail_refused", address=mail.address, detail=detail), permanent=code >= 500)


def _sender_of(body: bytes) -> str:
    # The text behind the head may be long, and is not copied.
    head = body[: body.find(b"\r\n\r\n")]
    line = next(each for each in head.split(b"\r\n") if each.startswith(b"From: "))
    return line.removeprefix(b"From: ").decode("ascii", "replace")


def _short(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
        return f"{error.smtp_code} {text}".splitlines()[0][:200]
    return (str(error) or type(error).__name__).splitlines()[0][:200]
