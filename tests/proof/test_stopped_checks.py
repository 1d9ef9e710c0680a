"""A check of the log that is killed from outside says so or leaves what it has done; it never says that all is well.

Real processes, killed with SIGKILL where they cannot know of it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks.verify import build
from ocop_flow.checking import Begun, Kept
from ocop_flow.config import Settings, url_of
from ocop_flow.service.verify import Plan

if TYPE_CHECKING:
    from collections.abc import Iterator

pytestmark = pytest.mark.sqlite
#: Enough that a part of the check takes some hundredths of a second.
EVENTS = 24_000
#: Nothing here may take so long, however slow the machine.
PATIENCE = 60.0
Process = subprocess.Popen[str]


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with a long log under a head; checks only read it."""
    file = tmp_path_factory.mktemp("long") / "ocop.db"
    build(Settings(url_of(str(file)), "vi", None, None), file, EVENTS)
    return file


def _heeds_the_keyboard() -> None:
    signal.signal(signal.SIGINT, signal.SIG_DFL)


@contextlib.contextmanager
def begun(log: Path, *words: str) -> Iterator[Process]:
    """A check under way, as at a keyboard; killed at the end if it still is.

    What a shell starts in the background ignores SIGINT, and so does all that it starts: such a run of the tests too.
    """
    command = [sys.executable, "-m", "ocop_flow", "audit", "verify", "--log-only", "--json", "--db", str(log), *words]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, stdout=pipe, stderr=pipe, encoding="utf-8", start_new_session=True, preexec_fn=_heeds_the_keyboard
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def whole(log: Path, *words: str) -> Any:
    with begun(log, *words) as process:
        out, err = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0, out + err
    return json.loads(out)


def kept(log: Path) -> list[bytes]:
    """The whole lines that the check has written so far: its plan, then a line for each part."""
    try:
        return log.with_name(log.name + ".verify").read_bytes().split(b"\n")[:-1]
    except OSError:
        return []


def worker(process: Process, log: Path) -> int:
    """A process that helps, caught and held while it has the database open."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until and process.poll() is None:
        for child in Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="ascii").split():
            if _helps(child, log):
                os.kill(int(child), signal.SIGSTOP)
                return int(child)
    raise AssertionError("no second process read the log")


def _helps(process: str, log: Path) -> bool:
    """Whether it runs a program of its own, which a process that is being made does not yet, and reads the log."""
    try:
        own = b"spawn_main" in Path(f"/proc/{process}/cmdline").read_bytes()
        return own and any(each.readlink() == log for each in Path(f"/proc/{process}/fd").iterdir())
    except OSError:
        return False


def gone(process: int) -> bool:
    """Whether a process ends within the time that is given it."""
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        try:
            if Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z":
                return True
        except OSError:
            return True
        time.sleep(0.02)
    return False


def test_a_killed_helper_ends_the_check_with_an_error_and_what_was_done_is_kept(log: Path) -> None:
    """Exit 6 (DESIGN section 7) and what to do next; the same check then goes on and finds what a whole one finds."""
    with begun(log, "--jobs", "2") as process:
        os.kill(worker(process, log), signal.SIGKILL)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, "Traceback" in err) == (6, False)
    (told,) = json.loads(out)["reasons"]
    assert told["code"] == "check_process_lost"
    assert "--resume" in told["remedy"]
    done = len(kept(log)) - 1
    resumed = whole(log, "--jobs", "2", "--resume")
    assert [each["code"] for each in resumed.pop("warnings")] == ["check_resumed"]
    expected = whole(log)
    assert done >= 0 and expected.pop("warnings") == []
    assert resumed == expected


def test_a_killed_check_leaves_no_process_behind_and_goes_on_after_a_line_cut_short(log: Path) -> None:
    """Its helpers end too. A power cut may leave half a line: that part is done again, the others are not."""
    with begun(log, "--jobs", "2") as process:
        helper = worker(process, log)
        while len(kept(log)) < 3 and process.poll() is None:
            time.sleep(0.01)
        process.kill()
    os.kill(helper, signal.SIGCONT)
    assert gone(helper)
    lines = kept(log)
    log.with_name(log.name + ".verify").write_bytes(b"\n".join(lines[:-1]) + b"\n" + lines[-1][:-20])
    resumed = whole(log, "--resume")
    assert (resumed["ok"], resumed["events"]) == (True, whole(log)["events"])
    assert kept(log) == []


def test_results_of_another_check_that_wrote_the_same_file_are_not_taken(log: Path) -> None:
    """Two checks of one database at once: what one has found is not counted as done in the other's plan."""
    with begun(log, "--jobs", "2") as process:
        helper = worker(process, log)
        while len(kept(log)) < 3 and process.poll() is None:
            time.sleep(0.01)
        process.kill()
        os.kill(helper, signal.SIGKILL)
    file = log.with_name(log.name + ".verify")
    plan, *results = kept(log)
    later = json.dumps({**json.loads(plan), "begun": "2026-06-02T00:00:00.000000Z"}, separators=(",", ":")).encode()
    emptied = [json.dumps({**json.loads(line), "found": {}}).encode() for line in results]
    file.write_bytes(b"\n".join([later, *emptied]) + b"\n")
    assert whole(log, "--resume")["events"] == whole(log)["events"]


def test_a_check_stopped_from_the_keyboard_says_how_to_go_on(log: Path) -> None:
    """No traceback of any of its processes."""
    with begun(log, "--jobs", "2") as process:
        helper = worker(process, log)
        os.kill(process.pid, signal.SIGINT)
        os.kill(helper, signal.SIGINT)
        os.kill(helper, signal.SIGCONT)
        out, err = process.communicate(timeout=PATIENCE)
    assert (process.returncode, [each["code"] for each in json.loads(out)["reasons"]]) == (3, ["check_stopped"])
    assert "Traceback" not in err
    log.with_name(log.name + ".verify").unlink()


def test_where_nothing_can_be_written_the_check_goes_on_and_keeps_nothing(tmp_path: Path) -> None:
    """An auditor may have the database on a disk that nobody writes to, and a disk may fill up on the way."""
    begun = Begun("2026-06-01T00:00:00.000000Z", Plan(0, 0, 0, 0, ()), {})
    (tmp_path / "file").touch()
    nowhere = Kept(tmp_path / "file" / "ocop.db.verify")
    assert nowhere.begin(begun) is None
    nowhere.end()
    (tmp_path / "folder").mkdir()
    Kept(tmp_path / "folder").add("digest", 0, {})
    there = Kept(tmp_path / "ocop.db.verify")
    of = there.begin(begun)
    assert of is not None
    there.add(of, 0, {"events": 1})
    assert there.read() == begun._replace(results={0: {"events": 1}})
    there.end()
    assert there.read() is None
