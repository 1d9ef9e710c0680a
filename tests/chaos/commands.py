"""Kill rounds of the command line: ``python -m tests.chaos.commands [--rounds 100] [--seed N]``, on SQLite.

In a round two clerks and an import at once work on one database, each command with an idempotency key, and most of them
are killed with SIGKILL: before or after a commit, within a transaction, before the answer, or from outside at any
moment. Then every command is given once more with its key.

A round fails if an answer that was given is not given again word for word (a command lost), if a command left a part of
itself (the log does not verify, views differ from it), if one happened twice, or if one cannot be finished.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from time import perf_counter
from typing import Any, cast

from tests.chaos.clerk import Errand, go
from tests.cli.office import Office, ocop

POINTS = (
    *("before carry_out", "after carry_out", "before group", "after group", "within", "before answer"),
    "from outside",
    "from outside",
    "none",
)
#: Killed from outside, after a moment of at most so many seconds.
LONGEST = 0.5
COMMUNE = "12103"
CLERKS = 2
#: Commands of one clerk in a round: half of them open a dossier, half move one on.
COMMANDS = 6
LINES = 130
NOW = "2026-06-01T10:00:00+07:00"


@dataclass
class Figures:
    """What the rounds came to.

    lost    commands that were acknowledged and are not recorded so
    half    times that a part of a command was there, or one twice
    died    processes killed, by point
    faults  in words
    """

    rounds: int = 0
    commands: int = 0
    acknowledged: int = 0
    lost: int = 0
    half: int = 0
    died: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)
    seconds: float = 0.0

    def shown(self) -> dict[str, Any]:
        return {
            "rounds": self.rounds, "commands": self.commands, "acknowledged": self.acknowledged,
            "killed": sum(self.died.values()), "lost": self.lost, "half": self.half, "faults": self.faults,
            "seconds": round(self.seconds, 1), "killed_at": dict(sorted(self.died.items())),
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """A database with an officer, a leader, and dossiers that wait for a first move.

    db      its file or URL
    folder  where what was answered is kept, of this round alone
    """

    db: str
    folder: Path
    officer: str
    leader: str
    dossiers: tuple[str, ...]


def rounds(number: int, seed: int, folder: Path, empty: Path | None = None) -> Figures:
    """Run them, each over a database of its own; ``empty`` is a new training database if there is one already."""
    chance, found, began = random.Random(seed), Figures(), perf_counter()
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["tests.chaos.clerk"])
    case = _case(folder / "fresh.db", empty)
    for turn in range(number):
        place = folder / str(turn)
        place.mkdir()
        shutil.copyfile(case.db, place / "ocop.db")
        mine = replace(case, db=str(place / "ocop.db"), folder=place)
        listed = plans(mine, chance)
        work(listed, chance, found, context)
        counted(listed, found)
        judge(mine, listed, found)
        _whole(mine, found)
        shutil.rmtree(place)
    found.seconds = perf_counter() - began
    return found


def _case(db: Path, empty: Path | None) -> Case:
    if empty is not None:
        shutil.copyfile(empty, db)
    else:
        answer = ocop("init", "--sandbox", "--db", str(db), "--json")
        assert answer.exit == 0, answer.err
    case = prepared(str(db), db.parent)
    with closing(sqlite3.connect(db)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return case


def office_over(db: str) -> Office:
    """The office of a file or URL."""
    return Office(cast("Path", db))


def prepared(db: str, folder: Path) -> Case:
    """People and dossiers put into a training database."""
    office = office_over(db)
    officer, leader = office.holder("officer", COMMUNE), office.holder("leader", COMMUNE)
    dossiers = tuple(
        office.open(COMMUNE, f"SP {number}", track="existing_product") for number in range(CLERKS * COMMANDS // 2)
    )
    return Case(db, folder, officer, leader, dossiers)


def plans(case: Case, chance: random.Random, points: tuple[str, ...] = POINTS) -> list[list[Errand]]:
    """What each of those at work has to do, and at which of ``points`` it dies."""
    return [_clerk(case, number, chance, points) for number in range(CLERKS)] + [_import(case, chance, points)]


def counted(listed: list[list[Errand]], found: Figures) -> None:
    """Add what was asked, answered and killed to the figures."""
    errands = [errand for plan in listed for errand in plan]
    found.rounds += 1
    found.commands += len(errands)
    found.acknowledged += sum(_answer(errand) is not None for errand in errands)
    for errand in errands:
        found.died.update(_lines(errand.answers.with_suffix(".died")))


def _clerk(case: Case, number: int, chance: random.Random, points: tuple[str, ...]) -> list[Errand]:
    """Commands of one clerk, who dies at most once."""
    half = COMMANDS // 2
    mine = case.dossiers[number * half : (number + 1) * half]
    listed = [
        *(["advance", code, "reject_at_commune", "--reason", "theo hồ sơ"] for code in mine),
        *(
            ["dossier", "open", "--commune", COMMUNE, "--product", f"Mới {number} {each}", "--entity", "HTX",
             "--entity-kind", "cooperative", "--product-set", "coffee_cacao", "--kind", "first",
             "--track", "existing_product"]
            for each in range(half)
        ),
    ]  # fmt: skip
    chance.shuffle(listed)
    fatal, point = chance.randrange(len(listed)), chance.choice(points)
    count = chance.randint(1, 12) if point == "within" else 1
    found = []
    for place, words in enumerate(listed):
        name = f"c{number}-{place}"
        who = case.leader if words[0] == "advance" else case.officer
        found.append(_errand(case, [*words, "--key", name], who, name, point if place == fatal else "none", count))
    return found


def _import(case: Case, chance: random.Random, points: tuple[str, ...]) -> list[Errand]:
    file = case.folder / "many.csv"
    rows = ["commune,product,entity,entity_kind,product_set,kind,track,key"]
    rows += [f"{COMMUNE},Nhập {n},HTX {n},cooperative,coffee_cacao,first,existing_product,i{n}" for n in range(LINES)]
    file.write_text("\n".join(rows), encoding="utf-8")
    point = chance.choice(points)
    count = chance.randint(1, LINES * 8) if point == "within" else chance.randint(1, 2)
    return [_errand(case, ["dossier", "import", str(file)], case.officer, "import", point, count)]


def _errand(case: Case, words: list[str], who: str, name: str, point: str, count: int) -> Errand:
    words = [*words, "--db", case.db, "--as", who]
    return Errand(tuple(words), NOW, case.folder / f"{name}.answer", point, count)


def work(listed: list[list[Errand]], chance: random.Random, found: Figures, context: Any) -> None:
    started = [(plan, context.Process(target=go, args=(plan,))) for plan in listed]
    for _, process in started:
        process.start()
    for plan, process in started:
        if any(errand.point == "from outside" for errand in plan):
            process.join(chance.uniform(0, LONGEST))
            if process.is_alive():
                process.kill()
                found.died["from outside"] += 1
    for _, process in started:
        process.join()
        # 255: killed, and the server of forks did not learn by which signal.
        if process.exitcode not in (0, -9, 255):
            found.faults.append(f"a clerk ended with {process.exitcode}")


def judge(case: Case, listed: list[list[Errand]], found: Figures) -> None:
    """Hold what is recorded against what was answered, then finish every command by its key."""
    office = office_over(case.db)
    verified = office.do("audit", "verify")
    if not verified["ok"]:
        found.half += 1
        found.faults.append(f"after the kills: {verified['problems'][:3]}")
    for errand in (errand for plan in listed for errand in plan):
        answer, again = _answer(errand), ocop(*errand.words, "--json", now=errand.now, lang="vi")
        if again.exit != 0:
            found.faults.append(f"{errand.words[:3]} cannot be finished: {again.out}")
        elif not _kept(answer, again.document):
            found.lost += 1
            found.faults.append(f"{errand.words[:3]} was answered otherwise: {answer}")
    _complete(case, office, found)


def _complete(case: Case, office: Office, found: Figures) -> None:
    """Every command happened once, and the log verifies."""
    verified = office.do("audit", "verify")
    opened = len(case.dossiers) + CLERKS * COMMANDS // 2 + LINES
    if not verified["ok"] or verified["dossiers"] != opened:
        found.half += 1
        found.faults.append(f"at the end: {verified}")
    moved = [item for item in office.do("dossier", "list") if item["code"] in case.dossiers and item["version"] != 2]
    if moved:
        found.half += 1
        found.faults.append(f"not moved once: {moved}")


def _whole(case: Case, found: Figures) -> None:
    with closing(sqlite3.connect(case.db)) as connection:
        (damage,) = connection.execute("PRAGMA integrity_check").fetchone()
    if damage != "ok":
        found.faults.append(f"file: {damage}")


def _answer(errand: Errand) -> Any:
    """The document that was given; None for a command that gave none, or said that it could not (a lock: exit 6)."""
    lines = _lines(errand.answers)
    given = json.loads(lines[0]) if lines else {"exit": 6}
    return None if given["exit"] == 6 else given["answer"]


def _kept(answer: Any, again: Any) -> bool:
    """Whether all that was acknowledged is answered again; of an import, each line that was."""
    if isinstance(answer, list):
        return all(one == other for one, other in zip(answer, again, strict=True) if one["exit"] == 0)
    return answer is None or answer == again


def _lines(file: Path) -> list[str]:
    return file.read_text(encoding="utf-8").splitlines() if file.exists() else []


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        found = rounds(given.rounds, given.seed, Path(folder))
    sys.stdout.write(json.dumps({"seed": given.seed, **found.shown()}, indent=1, ensure_ascii=False) + "\n")
    return 1 if found.lost or found.faults else 0


if __name__ == "__main__":
    sys.exit(main())
