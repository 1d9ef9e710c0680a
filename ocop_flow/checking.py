"""A check of the whole log in several processes, kept on disk after each part so that it can be resumed."""

from __future__ import annotations

import json
import multiprocessing
from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ocop_flow import bootstrap
from ocop_flow.config import Settings, file_of, session_file
from ocop_flow.domain import canonical
from ocop_flow.service import verify
from ocop_flow.service.log_check import Positions, Subjects

if TYPE_CHECKING:
    from ocop_flow.domain.head import Checkpoint
    from ocop_flow.service.office import Office
    from ocop_flow.service.verify import Part, Plan, Progress

Json = dict[str, Any]


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


def whole(settings: Settings, office: Office, wanted: Wanted, progress: Progress) -> Json:
    """Check everything; what is done of a long check outlives a stop."""
    kept = Kept(_state_file(settings))
    plan, results = kept.read() if wanted.resume else (None, {})
    if plan is None or any(part.views != wanted.views for part in plan.parts if isinstance(part, Subjects)):
        with office.reader() as uow:
            plan, results = verify.plan(uow, jobs=wanted.jobs, views=wanted.views), {}
    left = [number for number in range(len(plan.parts)) if number not in results]
    long = len(plan.parts) > 8
    done = sum(each.get("events", 0) for each in results.values())
    if long:
        kept.begin(plan, results)
    for number, found in _run(settings, office, [plan.parts[n] for n in left], wanted.jobs):
        results[left[number]] = found
        done += found.get("events", 0)
        progress(done, plan.events)
        if long:
            kept.add(left[number], found)
    answer = verify.verify(office, plan, results, witness=wanted.witness, code=wanted.code)
    kept.end()
    return answer


def _run(settings: Settings, office: Office, parts: Sequence[Part], jobs: int) -> Iterator[tuple[int, Json]]:
    if jobs == 1 or len(parts) < 2:
        yield from verify.in_turn(office)(parts)
        return
    # Spawned, not forked: an open database connection must not be shared.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(jobs - 1, mp_context=context, initializer=_open, initargs=(settings,)) as pool:
        yield from _together(office, pool, deque(enumerate(parts)), ahead=2 * (jobs - 1))


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
    _offices.append(bootstrap.open_office(settings))


def _do(part: Part) -> Json:
    with _offices[0].reader() as uow:
        return verify.do(uow, part)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of lines: the plan, then the result of each part as it was done."""

    path: Path

    def read(self) -> tuple[Plan | None, dict[int, Json]]:
        """The plan and what was done of it; nothing where no check was stopped, or its file cannot be read."""
        try:
            first, *lines = self.path.read_text(encoding="utf-8").splitlines()
            plan = _plan(json.loads(first))
            return plan, dict(map(_result, lines))
        except (OSError, ValueError, KeyError, TypeError):
            return None, {}

    def begin(self, plan: Plan, results: dict[int, Json]) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        self.path.write_bytes(canonical.encode(_plan_json(plan)) + b"\n")
        for number, found in results.items():
            self.add(number, found)

    def add(self, number: int, found: Json) -> None:
        with self.path.open("ab") as file:
            file.write(canonical.encode({"part": number, "found": _plain(found)}) + b"\n")

    def end(self) -> None:
        self.path.unlink(missing_ok=True)


def _state_file(settings: Settings) -> Path:
    """Beside the database file; for a server, where this user's state is kept."""
    file = file_of(settings.db)
    if file is not None:
        return file.with_name(file.name + ".verify")
    return session_file(settings.db).with_suffix(".verify")


def _result(line: str) -> tuple[int, Json]:
    document = json.loads(line)
    return document["part"], document["found"]


def _plan_json(plan: Plan) -> Json:
    parts = [["subjects" if isinstance(part, Subjects) else "positions", *_plain(part)] for part in plan.parts]
    return {"events": plan.events, "size": plan.size, "settled": plan.settled, "heads": plan.heads, "parts": parts}


def _plan(document: Json) -> Plan:
    parts = tuple(_part(*values) for values in document["parts"])
    return verify.Plan(document["events"], document["size"], document["settled"], document["heads"], parts)


def _part(kind: str, *values: Any) -> Part:
    if kind == "positions":
        first, end, sizes = values
        return Positions(first, end, tuple(sizes))
    after, until, size, settled, views = values
    return Subjects(tuple(after) if after else None, tuple(until) if until else None, size, settled, views)


def _plain(value: Any) -> Any:
    """Tuples as lists, which is all that the canonical form knows."""
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    return {key: _plain(item) for key, item in value.items()} if isinstance(value, dict) else value
