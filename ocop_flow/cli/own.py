"""The caller's roles as the top of the help page needs them: known without a server, a password or SQLAlchemy.

In a training database who ``--as`` or ``OCOP_AS`` names is looked up in its file. In a database in earnest the last
login of this user left a note of the roles beside its token. Where neither is there, nothing is loaded: the help page
of somebody without a name is as quick as before (docs/adr/0007).
"""

from __future__ import annotations

import os
from collections.abc import Sequence

#: Where operating systems let programs keep what is theirs; only whether ours is there is looked at here.
_STATE = (
    ("XDG_STATE_HOME", "ocop_flow"),
    ("LOCALAPPDATA", "ocop_flow"),
    ("HOME", ".local/state/ocop_flow"),
    ("HOME", "Library/Application Support/ocop_flow"),
)


def option(arguments: Sequence[str], name: str) -> str | None:
    """An option's value as typed, wherever it stands: help comes before options are parsed."""
    for position, argument in enumerate(arguments):
        if argument == name and position + 1 < len(arguments):
            return arguments[position + 1]
        if argument.startswith(f"{name}="):
            return argument.partition("=")[2]
    return None


def roles(arguments: Sequence[str]) -> list[str]:
    """Roles of who is asking for help; none where that is not known."""
    handle = option(arguments, "--as") or os.environ.get("OCOP_AS")
    if not handle and not _known_here():
        return []
    from ocop_flow import config
    from ocop_flow.errors import OcopFlowError

    try:
        settings = config.read(option(arguments, "--db"), None, handle)
    except OcopFlowError:
        return []
    if settings.handle is None:
        return config.noted_roles(settings.db)
    from ocop_flow.clock import SystemClock, today_at
    from ocop_flow.store import glance

    file = config.file_of(settings.db)
    day = today_at(settings.now or SystemClock().now()).isoformat()
    return glance.roles(file, settings.handle, day) if file is not None else []


def commands(held: Sequence[str]) -> list[str]:
    """The commands of the tasks of these roles, as the guide tells them."""
    from ocop_flow.cli.guide import TOPICS, nouns, topic

    return nouns(each for each in (topic(name, "en") for name in TOPICS) if set(held) & set(each.roles))


def _known_here() -> bool:
    """Whether this user ever logged in, on this machine, to any database."""
    folders = [f"{os.environ[name]}/{below}" for name, below in _STATE if os.environ.get(name)]
    return any(map(os.path.isdir, folders))
