"""A check of the whole log in several processes, kept on disk after each part so that it can be resumed."""

from __future__ import annotations

import json
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from ocop_flow import bootstrap
from ocop_flow.config import Settings, file_of, session_file
from ocop_flow.domain import canonical
from ocop_flow.domain.event import time_text
from ocop_flow.errors import Refused, Unavailable, reason
from ocop_flow.service import verify
from ocop_flow.service.log_check import Positions, Subjects

if TYPE_CHECKING:
    from ocop_flow.domain.head import Checkpoint
    from ocop_flow.service.office import Office
    from ocop_flow.service.verify import Part, Plan, Progress

Json = dict[str, Any]
#: Parts of a log so short that nothing of its check is kept.
_SHORT = 2


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked of a check.

    jobs     processes
    views    whether folds, sealed values and files are checked beside the log
    resume   whether to go on where a check that was stopped had come to
    witness  a head from outside the database
    code     the code of a head from a paper
    """

    jobs: int = 1
    views: bool = True
    resume: bool = False
    witness: Checkpoint | None = None
    code: str | None = None


class Begun(NamedTuple):
    """A check under way: the moment it began (RFC 3339), what it is to do, and what is done of it by number of part."""

    at: str
    plan: Plan
    results: dict[int, Json]


def whole(settings: Settings, office: Office, wanted: Wanted, progress: Progress) -> Json:
    """Check everything; what is done of a long check outlives a stop.

    raises  Unavailable if a process of the check was ended; Refused if a person stops it
    """
    kept = Kept(_state_file(settings))
    before = kept.read() if wanted.resume else None
    if before is not None and _views(before.plan) != wanted.views:
        before = None
    begun = before or _begun(office, wanted)
    try:
        _work(settings, office, wanted.jobs, begun, kept, progress)
        answer = verify.verify(office, begun.plan, begun.results, witness=wanted.witness, code=wanted.code)
    except (BrokenProcessPool, KeyboardInterrupt) as error:
        done, parts = len(begun.results), len(begun.plan.parts)
        if isinstance(error, KeyboardInterrupt):
            raise Refused(reason("check_stopped", done=done, parts=parts)) from None
        raise Unavailable(reason("check_process_lost", done=done, parts=parts)) from None
    kept.end()
    if before is not None:
        answer["warnings"] = [*answer["warnings"], reason("check_resumed", begun=before.at)]
    return answer


def _begun(office: Office, wanted: Wanted) -> Begun:
    with office.reader() as uow:
        plan = verify.plan(uow, jobs=wanted.jobs, views=wanted.views)
    return Begun(time_text(office.clock.now()), plan, {})


def _views(plan: Plan) -> bool:
    return any(part.views for part in plan.parts if isinstance(part, Subjects))


def _work(settings: Settings, office: Office, jobs: int, begun: Begun, kept: Kept, progress: Progress) -> None:
    """Do what is left, adding to the results as each part is done."""
    plan, results = begun.plan, begun.results
    left = [number for number in range(len(plan.parts)) if number not in results]
    done = sum(each.get("events", 0) for each in results.values())
    # The one part of a short log is done again as fast as its result is kept.
    of = kept.begin(begun) if len(plan.parts) > _SHORT else None
    for number, found in _run(settings, office, [plan.parts[n] for n in left], jobs):
        results[left[number]] = found
        done += found.get("events", 0)
        progress(done, plan.events)
        if of is not None:
            kept.add(of, left[number], found)


def _run(settings: Settings, office: Office, parts: Sequence[Part], jobs: int) -> Iterator[tuple[int, Json]]:
    if jobs == 1 or len(parts) < 2:
        yield from verify.in_turn(office)(parts)
        return
    # Spawned, not forked: an open database connection must not be shared.
    context = multiprocessing.get_context("spawn")
    pool = ProcessPoolExecutor(jobs - 1, mp_context=context, initializer=_open, initargs=(settings,))
    try:
        yield from _together(office, pool, deque(enumerate(parts)), ahead=2 * (jobs - 1))
    finally:
        pool.shutdown(cancel_futures=True)


def _together(
    office: Office, pool: ProcessPoolExecutor, waiting: deque[tuple[int, Part]], ahead: int
) -> Iterator[tuple[int, Json]]:
    """This process works too: it has begun long before another one is up.

    ahead  parts handed to the pool before they are needed, so that none of its processes waits
    """
    asked: dict[Future[Json], int] = {}
    while waiting or asked:
        while waiting and len(asked) < ahead:
            number, part = waiting.popleft()
            asked[pool.submit(_do, part)] = number
        if waiting:
            number, part = waiting.popleft()
            with office.reader() as uow:
                found = verify.do(uow, part)
            yield number, found
        else:
            wait(asked, return_when=FIRST_COMPLETED)
        for future in [each for each in asked if each.done()]:
            yield asked.pop(future), future.result()


#: The office of a worker process, opened once when it starts.
_offices: list[Office] = []


def _open(settings: Settings) -> None:
    # The process that asks stops this one; an interruption from the keyboard reaches both.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    threading.Thread(target=_end_with_parent, daemon=True).start()
    _offices.append(bootstrap.open_office(settings))


def _end_with_parent() -> None:
    """A process whose parent was killed would wait for its next part for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)


def _do(part: Part) -> Json:
    with _offices[0].reader() as uow:
        return verify.do(uow, part)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of lines: the plan, then the result of each part as it was done, under the digest of that plan.

    Two checks at once write the one file; neither takes the other's results for its own. Where it cannot be written,
    the check goes on without: an auditor may have the database where nobody writes, and a disk may be full.
    """

    path: Path

    def read(self) -> Begun | None:
        """What was done of a check that was stopped, without a line cut short; None if there is no such file."""
        try:
            first, *lines, _cut_short = self.path.read_bytes().split(b"\n")
            document = json.loads(first)
            begun = Begun(document["begun"], _plan(document), {})
        except (OSError, ValueError, KeyError, TypeError):
            return None
        found = (_result(line, canonical.sha256(first)) for line in lines)
        begun.results.update(each for each in found if each is not None)
        return begun

    def begin(self, begun: Begun) -> str | None:
        """The digest of the plan, which results are added under; None if nothing can be kept there."""
        first = _line(_begun_json(begun))
        of = canonical.sha256(first)
        done = [_kept(of, number, found) for number, found in begun.results.items()]
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_bytes(b"".join([first, b"\n", *done]))
        except OSError:
            return None
        return of

    def add(self, of: str, number: int, found: Json) -> None:
        with suppress(OSError), self.path.open("ab") as file:
            file.write(_kept(of, number, found))

    def end(self) -> None:
        with suppress(OSError):
            self.path.unlink()


def _state_file(settings: Settings) -> Path:
    """Beside the database file; for a server, where this user's state is kept."""
    file = file_of(settings.db)
    if file is not None:
        return file.with_name(file.name + ".verify")
    return session_file(settings.db).with_suffix(".verify")


def _line(document: Json) -> bytes:
    return json.dumps(document, separators=(",", ":")).encode()


def _kept(of: str, number: int, found: Json) -> bytes:
    return _line({"of": of, "part": number, "found": found}) + b"\n"


def _result(line: bytes, plan: str) -> tuple[int, Json] | None:
    """(number of the part, its result) of a line under this plan; None for any other line."""
    try:
        document = json.loads(line)
        return (document["part"], document["found"]) if document["of"] == plan else None
    except (ValueError, KeyError, TypeError):
        return None


def _begun_json(begun: Begun) -> Json:
    plan = begun.plan
    parts = [["subjects" if isinstance(part, Subjects) else "positions", *part] for part in plan.parts]
    sizes = {"events": plan.events, "size": plan.size, "settled": plan.settled, "heads": plan.heads}
    return {"begun": begun.at, **sizes, "parts": parts, "astray": plan.astray}


def _plan(document: Json) -> Plan:
    parts = tuple(_part(*values) for values in document["parts"])
    return verify.Plan(
        document["events"], document["size"], document["settled"], document["heads"], parts, tuple(document["astray"])
    )


def _part(kind: str, *values: Any) -> Part:
    if kind == "positions":
        first, end, sizes = values
        return Positions(first, end, tuple(sizes))
    after, until, size, settled, views = values
    return Subjects(tuple(after) if after else None, tuple(until) if until else None, size, settled, views)
