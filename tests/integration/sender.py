"""One scheduler's tick in a process of its own, which kills itself at a named point: ``sender DB MAIL POINT DELAY``.

Points lie before and after each commit, and around the server's answer.
"""

from __future__ import annotations

import os
import signal
import sys
from datetime import date
from pathlib import Path
from typing import Any

from ocop_flow.notify import channels
from ocop_flow.service import delivery
from ocop_flow.store.transaction import Transaction
from tests.integration.reminding import World

POINTS = ("before_commit", "after_commit", "before_send", "after_send", "none")


def main(db: str, mail: str, point: str, count: int, lease: str, hour: int) -> None:
    """Die at the ``count``-th time that the point is reached."""
    reached = [0]

    def die(at: str) -> None:
        if at == point:
            reached[0] += 1
            if reached[0] == count:
                os.kill(os.getpid(), signal.SIGKILL)

    commit = Transaction.commit

    def committing(self: Transaction) -> None:
        die("before_commit")
        commit(self)
        die("after_commit")

    Transaction.commit = committing  # type: ignore[method-assign]
    channel, _ = channels.from_environment({"OCOP_MAIL": mail}, Path(db).parent / "outgoing")
    send = channel.send

    def sending(item: Any) -> None:
        die("before_send")
        send(item)
        die("after_send")

    channel.send = sending  # type: ignore[method-assign,assignment]
    delivery.TAKEN = 3
    world = World.over(Path(db))
    world.day, world.hour = date(2026, 6, 1), hour
    world.scan()
    world.deliver(channel, ignore_hours=True, lease=lease)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4]), sys.argv[5], int(sys.argv[6]))
