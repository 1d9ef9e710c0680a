"""Whatever Apprise reaches: chat groups, SMS gateways, webhooks. Where to is data: one address (URL) a line."""

from __future__ import annotations

import re
from collections.abc import Sequence
from email import message_from_bytes, policy
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from ocop_flow.errors import Unavailable, Undelivered, reason
from ocop_flow.ports import Mail

#: What an address may name of the message, e.g. ``jsons://gateway.example.vn/send?+X-To={address}``.
_FIELDS = re.compile(r"\{(address|message_id)\}")


class Gateway:
    """``ports.Channel`` over Apprise; each message goes to every address in turn, as its subject and plain text.

    An address may hold a token: it is never shown, its kind (``JSON``, ``Telegram``) and its place in the list are.
    """

    def __init__(self, addresses: Sequence[str]) -> None:
        self._addresses = addresses
        self._apprise: Any = None

    def __enter__(self) -> Self:
        try:
            import apprise
        except ImportError:
            raise Unavailable(reason("channels_extra_missing", extra="channels")) from None
        self._apprise = apprise
        for number in range(len(self._addresses)):
            self._target(number, Mail("<m@localhost>", "a@localhost", b""))
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        """Nothing is kept open."""

    def send(self, mail: Mail) -> None:
        message = message_from_bytes(mail.body, policy=policy.default)
        part = message.get_body(("plain",))
        text = part.get_content() if part is not None else ""
        for number in range(len(self._addresses)):
            self._hand_over(number, mail, str(message["Subject"] or ""), text)

    def _hand_over(self, number: int, mail: Mail, subject: str, text: str) -> None:
        import logging

        target = self._target(number, mail)
        # Its log names addresses and tokens: nothing of it leaves this place but the status of the answer.
        with self._apprise.LogCapture(level=logging.WARNING) as log:
            taken = target.notify(body=text, title=subject, body_format=self._apprise.NotifyFormat.TEXT)
            said = re.search(r"error=(\d{3})\b", log.getvalue())
        if not taken:
            detail = f"{target.service_name}: {said[1] if said else '-'}"
            raise Undelivered(reason("gateway_refused", number=number + 1, address=mail.address, detail=detail))

    def _target(self, number: int, mail: Mail) -> Any:
        values = {"address": mail.address, "message_id": mail.message_id.strip("<>")}
        url = _FIELDS.sub(lambda found: quote(values[found[1]], safe=""), self._addresses[number])
        target = self._apprise.Apprise.instantiate(url, suppress_exceptions=True)
        if target is None:
            raise Unavailable(reason("gateway_unreadable", number=number + 1))
        return target
