"""A real mail server on loopback."""

from __future__ import annotations

import socket
from contextlib import closing, contextmanager
from email import message_from_bytes
from typing import TYPE_CHECKING, Any

from aiosmtpd.controller import Controller

if TYPE_CHECKING:
    from collections.abc import Iterator


class Server:
    """Keeps what it takes; ``answers`` are given to RCPT in turn before it takes any."""

    def __init__(self, *answers: str) -> None:
        self.answers = list(answers)
        self.taken: list[bytes] = []

    async def handle_RCPT(  # noqa: N802 - the name is aiosmtpd's
        self, _server: Any, _session: Any, envelope: Any, address: str, _options: Any
    ) -> str:
        if self.answers:
            return self.answers.pop(0)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802
        self.taken.append(envelope.content)
        return "250 OK"

    def ids(self) -> list[str]:
        return [str(message_from_bytes(body)["Message-ID"]) for body in self.taken]


def free_port() -> int:
    """A port of this machine that nobody listens at."""
    with closing(socket.socket()) as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    return port


@contextmanager
def serving(server: Server, *, port: int | None = None, **options: Any) -> Iterator[str]:
    """The setting that names a running server; options are those of aiosmtpd."""
    controller = Controller(server, hostname="127.0.0.1", port=port or free_port(), **options)
    controller.start()
    try:
        yield f"smtp://ocop@127.0.0.1:{controller.port}?tls=none"
    finally:
        controller.stop()
