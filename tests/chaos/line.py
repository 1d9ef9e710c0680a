"""A line to a server that breaks: all at once when told to, or now and then in the middle of a sentence."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    from types import TracebackType

Pair = tuple[socket.socket, socket.socket]


class Line:
    """A port on this machine that leads to another; ``breaking`` is the chance of a break at each piece of talk."""

    def __init__(self, port: int, seed: int) -> None:
        self._target = port
        self._chance = random.Random(seed)
        self._door = socket.create_server(("127.0.0.1", 0))
        self._pairs: list[Pair] = []
        self.port = int(self._door.getsockname()[1])
        self.breaking = 0.0
        self.broken = 0

    def __enter__(self) -> Self:
        threading.Thread(target=self._answer, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _tb: TracebackType | None
    ) -> None:
        self._door.close()
        self.cut()

    def cut(self) -> None:
        """End every talk that is under way."""
        pairs, self._pairs = self._pairs, []
        for pair in pairs:
            self._end(pair)

    def _end(self, pair: Pair) -> None:
        self.broken += 1
        for end in pair:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def _answer(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._door.accept()
                threading.Thread(target=self._join, args=(near,), daemon=True).start()

    def _join(self, near: socket.socket) -> None:
        try:
            far = socket.create_connection(("127.0.0.1", self._target))
        except OSError:
            near.close()
            return
        pair = (near, far)
        self._pairs.append(pair)
        back = threading.Thread(target=self._carry, args=(far, near, pair), daemon=True)
        back.start()
        self._carry(near, far, pair)
        back.join()
        near.close()
        far.close()

    def _carry(self, source: socket.socket, target: socket.socket, pair: Pair) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                if self._chance.random() < self.breaking:
                    target.sendall(piece[: len(piece) // 2])
                    self._end(pair)
                    break
                target.sendall(piece)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_WR)
        if pair in self._pairs:
            with contextlib.suppress(ValueError):
                self._pairs.remove(pair)
