"""Named points at which a process kills itself: before and after each commit, and around a mail server's answer.

Nothing of this is in the product: its calls are wrapped, in the process that is to die alone.
"""

from __future__ import annotations

import os
import signal
import smtplib
import sys
from typing import TYPE_CHECKING, Any

from ocop_flow.store.transaction import Transaction

if TYPE_CHECKING:
    from collections.abc import Callable

#: ``before`` or ``after`` the commit of a function, or a moment of sending; ``answer`` lies between the server's taking
#: of a letter and our reading of its answer.
SENDING = ("before send", "answer", "after send")


class Points:
    """Dies with SIGKILL when ``point`` is reached for the ``count``-th time; ``any commit`` is any of them."""

    def __init__(self, point: str, count: int, dying: Callable[[str], None]) -> None:
        self._point = point
        self._left = count
        self._dying = dying

    def reach(self, point: str) -> None:
        if self._point not in (point, "any " + point.partition(" ")[0]):
            return
        self._left -= 1
        if self._left == 0:
            self._dying(point)
            os.kill(os.getpid(), signal.SIGKILL)

    def around_commits(self) -> None:
        """``before NAME`` and ``after NAME``, the name being that of the function that commits."""
        commit = Transaction.commit

        def committing(transaction: Transaction) -> None:
            name = sys._getframe(1).f_code.co_name.lstrip("_")
            self.reach(f"before {name}")
            commit(transaction)
            self.reach(f"after {name}")

        Transaction.commit = committing  # type: ignore[method-assign,assignment]

    def within_transactions(self) -> None:
        """``within`` a transaction, before a statement that writes."""
        execute = Transaction.execute

        def executing(transaction: Transaction, sql: str, **params: Any) -> None:
            self.reach("within")
            execute(transaction, sql, **params)

        Transaction.execute = executing  # type: ignore[method-assign,assignment]

    def around_answers(self) -> None:
        data = smtplib.SMTP.data

        def sending(server: smtplib.SMTP, message: Any) -> Any:
            read, replies = server.getreply, [0]

            def reading() -> Any:
                replies[0] += 1
                if replies[0] == 2:
                    self.reach("answer")
                return read()

            server.getreply = reading  # type: ignore[method-assign]
            try:
                return data(server, message)
            finally:
                del server.getreply

        smtplib.SMTP.data = sending  # type: ignore[method-assign,assignment]
