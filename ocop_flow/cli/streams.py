"""Standard input, output and errors as they are given: of another code page, closed, or on a full disk."""

from __future__ import annotations

import contextlib
import io
import os
import sys
from collections.abc import Iterator
from typing import Any, TextIO


class OutputClosedError(Exception):
    """Whoever read the output has gone, as ``head`` does. Click takes a broken pipe for a failure of its own."""


@contextlib.contextmanager
def piped() -> Iterator[None]:
    """A broken pipe within is the output's: raises OutputClosedError."""
    try:
        yield
    except BrokenPipeError as error:
        raise OutputClosedError from error


def use_utf8() -> None:
    """Windows consoles and pipes with a legacy code page would break Vietnamese letters."""
    for stream in (sys.stdout, sys.stderr):
        encoding: Any = getattr(stream, "encoding", None)
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure is not None and (encoding or "").lower().replace("-", "") != "utf8":
            reconfigure(encoding="utf-8")


def fails(stream: TextIO) -> bool:
    """Whether nothing can be written there; an empty line is what asking costs, where it can."""
    try:
        stream.write("\n")
        stream.flush()
    except OSError:
        return True
    return False


def hush(stream: TextIO) -> None:
    """Nothing more is sent there, also not when the interpreter ends: its complaint would be the exit code."""
    with contextlib.suppress(OSError, io.UnsupportedOperation):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
