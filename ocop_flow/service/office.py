"""The one command path: one command, one transaction, one answer; and what every use case is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeVar
from unicodedata import normalize

from ocop_flow.domain import canonical
from ocop_flow.errors import Conflict, OcopFlowError, Refused, Unavailable, reason

if TYPE_CHECKING:
    from ocop_flow.domain.regime import Document
    from ocop_flow.domain.units import Succession, Unit
    from ocop_flow.ports import Clock, Content, Signer, UnitOfWork

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Office:
    """The wired product.

    begin    opens a unit of work; True for a writer
    today    the day in Viet Nam at an aware moment
    sandbox  whether this is a training database
    signer   the key ring, beside the database and never in it
    log      name of this log, which heads and other signed papers carry
    close    lets go of the database; for whoever opens many offices in one process

    national_list  units and successions that a database is filled with when it is made
    """

    clock: Clock
    begin: Callable[[bool], UnitOfWork]
    content: Content
    today_of: Callable[[Any], date]
    sandbox: bool
    signer: Signer
    log: str
    close: Callable[[], None]
    national_list: Callable[[], tuple[Iterable[Unit], Iterable[Succession]]]

    @property
    def today(self) -> date:
        return self.today_of(self.clock.now())

    def reader(self) -> UnitOfWork:
        return self.begin(False)

    def writer(self) -> UnitOfWork:
        return self.begin(True)


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is at the keyboard; ``handle`` None where nobody is logged in."""

    handle: str | None

    def known(self) -> str:
        """The handle; raises Refused if nobody is logged in."""
        if self.handle is None:
            raise Refused(reason("not_logged_in"))
        return self.handle


#: How often a command is decided anew when another writer comes between, before it is told so.
ATTEMPTS = 6
Work = Callable[["UnitOfWork"], Any]
Answer = TypeVar("Answer")


def carry_out(office: Office, name: str, command: Any, caller: Caller, work: Work, *, dry_run: bool = False) -> Any:
    """Run ``work`` as one transaction and answer; a repeated key with the same content gets the first answer again.

    command  a value of ``domain.commands``, whose ``act.key`` is the idempotency key
    Nothing was written by an attempt that another writer came between; it is made anew (``anew``).

    raises   Conflict if the key was used with other content, and whatever the work raises; then nothing was written
    """
    return anew(lambda: _once_whole(office, name, command, caller, work, dry_run))


def anew(attempt: Callable[[], Answer], attempts: int = ATTEMPTS) -> Answer:
    """The answer of a transaction, made anew a bounded number of times where another writer came between."""
    for left in reversed(range(attempts)):
        try:
            return attempt()
        except OcopFlowError as error:
            if not left or not _came_between(error):
                raise
    raise AssertionError("the last attempt returns or raises")


def _once_whole(office: Office, name: str, command: Any, caller: Caller, work: Work, dry_run: bool) -> Any:
    with office.writer() as uow:
        try:
            answer = once(uow, office, name, command, caller, work)
        except (Refused, Conflict) as error:
            return _sent_before(uow, name, command, caller, error)
        if not dry_run:
            uow.commit()
    return answer


def line(uow: UnitOfWork, office: Office, name: str, command: Any, caller: Caller, work: Work) -> Any:
    """``once`` as one of several in a transaction: what it wrote is undone alone if it fails."""
    try:
        with uow.savepoint():
            return once(uow, office, name, command, caller, work)
    except (Refused, Conflict) as error:
        return _sent_before(uow, name, command, caller, error)


def _sent_before(uow: UnitOfWork, name: str, command: Any, caller: Caller, error: OcopFlowError) -> Any:
    """The first answer of a command that was sent twice at once; raises the error if it was not.

    The second finds the dossier moved by the first: the same command, not a refusal.
    """
    if _came_between(error):
        raise error
    first = uow.answered_meanwhile(command.act.key, getattr(command, "dossier", None))
    if first is None or first[0] != asked(name, command, caller):
        raise error
    return first[1]


def _came_between(error: OcopFlowError) -> bool:
    """Whether another writer was in the way of a command that says nothing about it: deciding anew tells."""
    if isinstance(error, Unavailable):
        return error.again
    return isinstance(error, Conflict) and any(item.code == "sequence_taken" for item in error.reasons)


def once(uow: UnitOfWork, office: Office, name: str, command: Any, caller: Caller, work: Work) -> Any:
    """``work`` inside a transaction that is already open, guarded by the command's idempotency key."""
    key = command.act.key
    # Asked without a key, too: the dossier is read on the same way.
    first = uow.answered(key, getattr(command, "dossier", None))
    if key is None:
        return work(uow)
    wanted = asked(name, command, caller)
    if first is not None:
        digest, answer = first
        if digest != wanted:
            raise Conflict(reason("key_reused", key=key))
        return answer
    answer = work(uow)
    uow.remember(key, wanted, answer, office.clock.now())
    return answer


def asked(name: str, command: Any, caller: Caller) -> str:
    """What a repeated key is compared with: texts in NFC, as they are kept, however they were typed."""
    # Who only reads does without the forms of all commands.
    from ocop_flow.domain.commands import plain

    written = canonical.written({"name": name, "caller": caller.handle, "content": command}, plain)
    return canonical.sha256(written if written.isascii() else normalize("NFC", written.decode()).encode())


def merged(document: Mapping[str, Any], **changes: Any) -> Document:
    """A copy of a document with some keys replaced."""
    return {**document, **changes}
