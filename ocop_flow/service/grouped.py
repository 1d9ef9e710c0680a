"""One act on many dossiers: so many under one commit, each group whole or not at all, and the next run goes on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from ocop_flow.errors import Conflict, reason
from ocop_flow.ports import UnitOfWork
from ocop_flow.service.office import Caller, Office, asked

Json = dict[str, Any]
#: What one act in a group is about.
Item = TypeVar("Item")
#: Subjects under one commit (DESIGN section 2).
GROUP = 100
#: Called with what is done and the total.
Progress = Callable[[int, int], None]
#: An answer as it is printed, which a repeated key gets again word for word.
Printed = Callable[[Json], Json]


def silent(_done: int, _total: int) -> None:
    """Nobody watches."""


def in_groups(
    office: Office,
    subjects: Sequence[Item],
    one: Callable[[UnitOfWork, Item], bool],
    *,
    last: Callable[[UnitOfWork], None],
    progress: Progress = silent,
) -> int:
    """Do ``one`` for each subject; how many it changed.

    one   False where the subject needs nothing any more, because an earlier run did it
    last  what is written with the last group, or alone where there is no subject
    """
    changed = 0
    for start in range(0, max(len(subjects), 1), GROUP):
        group = subjects[start : start + GROUP]
        with office.writer() as uow:
            done = sum(one(uow, subject) for subject in group)
            if start + GROUP >= len(subjects):
                last(uow)
            uow.commit()
        changed += done
        progress(start + len(group), len(subjects))
    return changed


def answered(office: Office, name: str, command: Any, caller: Caller) -> Any:
    """The first answer of a command whose key was used before, None if it is new; raises Conflict."""
    key = command.act.key
    if key is None:
        return None
    with office.reader() as uow:
        first = uow.answered(key)
    if first is None:
        return None
    digest, answer = first
    if digest != asked(name, command, caller):
        raise Conflict(reason("key_reused", key=key))
    return answer
