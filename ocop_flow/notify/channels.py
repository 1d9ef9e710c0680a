"""Ways out: a folder of ``.eml`` files, a mail server over SMTP, or whatever Apprise reaches."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

from ocop_flow.config import secret
from ocop_flow.errors import Unavailable, Undelivered, reason
from ocop_flow.notify.gateway import Gateway
from ocop_flow.notify.smtp import TLS, Account, Smtp
from ocop_flow.ports import Channel, Mail

_DEFAULT_SENDER = "ocop@localhost"
_OPTIONS = {"tls", "from", "ca"}
#: A sender may be of this machine, which has no domain.
_ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+@[A-Za-z0-9.:\[\]-]+")
#: Between programs of one machine a password may go as it is.
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


def from_environment(environment: Mapping[str, str], default: Path) -> tuple[Channel, str]:
    """The channel that ``OCOP_MAIL`` names, and the address that its messages come from; the folder if it is not set.

    ``dir:PATH``; ``smtp://user@host:port?tls=starttls|tls|none[&from=ADDRESS][&ca=FILE]``, its password in
    ``OCOP_MAIL_PASSWORD``; ``apprise[:SENDER]``, its addresses in ``OCOP_APPRISE``. Either secret may lie in a file
    that the same name with ``_FILE`` names.

    raises   Unavailable for a setting, or a secret, that cannot be read
    """
    setting = environment.get("OCOP_MAIL")
    if not setting:
        return Folder(default), _DEFAULT_SENDER
    if setting.startswith("dir:"):
        return Folder(Path(setting.removeprefix("dir:")).expanduser()), _DEFAULT_SENDER
    kind, _, sender = setting.partition(":")
    if kind == "apprise":
        return _gateway(secret(environment, "OCOP_APPRISE")), _sender(sender or _DEFAULT_SENDER)
    return smtp(setting, secret(environment, "OCOP_MAIL_PASSWORD"))


def _gateway(listed: str | None) -> Gateway:
    lines = [line.strip() for line in (listed or "").splitlines()]
    addresses = [line for line in lines if line and not line.startswith("#")]
    if not addresses:
        raise Unavailable(reason("gateway_addresses_missing"))
    return Gateway(addresses)


def smtp(setting: str, password: str | None) -> tuple[Smtp, str]:
    """A mail server and the sender's address; raises Unavailable."""
    try:
        parts = urlsplit(setting)
        asked = parse_qs(parts.query, strict_parsing=bool(parts.query))
        tls = asked.get("tls", ["starttls"])[-1]
        usual = TLS[tls]
        port = parts.port or usual
    except (ValueError, KeyError):
        raise Unavailable(reason("mail_setting_unreadable")) from None
    if parts.scheme != "smtp" or not parts.hostname or asked.keys() - _OPTIONS or parts.password is not None:
        raise Unavailable(reason("mail_setting_unreadable"))
    user = unquote(parts.username) if parts.username else None
    if password and user is None:
        raise Unavailable(reason("mail_user_missing"))
    if password and tls == "none" and parts.hostname not in _LOOPBACK:
        raise Unavailable(reason("mail_password_in_clear", host=parts.hostname))
    own = user if user and "@" in user else f"{user or 'ocop'}@{parts.hostname}"
    # A server that asks for no password asks for no login: the user then only names the sender.
    login = user if password else None
    account = Account(parts.hostname, port, tls, login, password, asked.get("ca", [None])[-1])
    return Smtp(account), _sender(asked.get("from", [own])[-1])


def _sender(address: str) -> str:
    """One bare address, which servers and the From line take as it stands; raises Unavailable."""
    if not _ADDRESS.fullmatch(address):
        raise Unavailable(reason("mail_sender_unreadable", address=address))
    return address


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


def _short(error: Exception) -> str:
    return (str(error) or type(error).__name__).splitlines()[0][:200]
