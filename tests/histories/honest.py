"""Honest histories by the thousand: an office from 2019 to 2026 whose every act the engine let pass.

python -m tests.histories.honest [--histories 1000] [--seed 1]

Dossiers of every regime, kind and track go their ways at once: sent back and received again, acts taken back, typed
later from paper, done by deputies under a delegation, decided by decisions with lists (some annulled or corrected),
handed over on 1 July 2025, moved to the next law, recognised, refused, withdrawn, certificates issued anew, handed over
or revoked, personal data withheld, recognitions from before declared. Members stand aside for an interest. Heads
of the log are made in between. Then the whole log is verified with its views, and every act judged again: no fault, no
breach. Whatever the engine refuses is left undone; what it let pass is honest by its own rules.
"""

from __future__ import annotations

import argparse
import heapq
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.cli.office import PARTS, Json, Office, ocop

#: Dossiers of one database.
TOWN = 25
#: Communes whose successor of 1 July 2025 is one, and where they went.
COMMUNES = {"12103": "12103", "12109": "12103"}
PROVINCE = "33"
#: When dossiers begin: any day under each law, and the weeks before a change of it.
BEGINNINGS = (
    ("2019-05-06", "2019-08-10"),
    ("2019-08-21", "2023-02-01"),
    ("2023-02-01", "2023-02-23"),
    ("2023-02-24", "2025-04-30"),
    ("2025-05-01", "2025-06-28"),
    ("2025-07-07", "2026-04-30"),
    ("2026-05-01", "2026-05-21"),
    ("2026-05-22", "2026-06-15"),
)
#: Nothing is done after this day; a year of the nation's plans ends there.
LAST = date(2026, 10, 30)
KINDS, TRACKS = ("first", "upgrade", "re_rating"), ("new_product", "existing_product")
SETS = ("coffee_cacao", "other_spices", "tea_fresh_processed", "fast_food")
MINUTES, DECIDED = ("--minutes", "05/BB-UBND"), ("--decision", "12/QĐ-UBND")

#: A dossier, or the town itself, goes on on the day it names.
Life = Iterator[date]


@dataclass
class Town:
    """One database and its agenda.

    acts     what was done, by name, as often
    doer     dossier -> who made its newest move, and by which day that had to be made
    seated   (council, member) that has a seat
    """

    office: Office
    draw: random.Random
    acts: Counter[str] = field(default_factory=Counter)
    doer: dict[str, tuple[str, str | None]] = field(default_factory=dict)
    seated: set[tuple[str, str]] = field(default_factory=set)
    _agenda: list[tuple[date, int, Life]] = field(default_factory=list)
    _numbers: int = 0

    @property
    def today(self) -> date:
        return date.fromisoformat(self.office.day)

    def add(self, life: Life) -> None:
        day = next(life, None)
        if day is not None and day <= LAST:
            self._numbers += 1
            heapq.heappush(self._agenda, (day, self._numbers, life))

    def run(self) -> None:
        while self._agenda:
            day, _, life = heapq.heappop(self._agenda)
            self.office.day = max(day, self.today).isoformat()
            self.add(life)

    def tries(self, act: str, *words: str, who: str) -> Json | None:
        """A command that may be refused; its document if it was done."""
        answer = self.office.ask(*words, who=who)
        if answer.exit != 0:
            self.acts["refused"] += 1
            return None
        self.acts[act] += 1
        found: Json = answer.document
        return found

    def commune(self, code: str) -> str:
        """The commune of a dossier, or what stands in its place today; the office goes by it from then on."""
        communes = self.office.communes
        if self.office.day >= "2025-07-01":
            communes[code] = COMMUNES[communes[code]]
        return communes[code]

    def number(self, kind: str = "QĐ-UBND") -> str:
        self._numbers += 1
        return f"{self._numbers}/{kind}"


def begun(folder: Path, seed: int) -> Town:
    db = folder / f"town-{seed}.db"
    made = ocop("init", "--sandbox", "--db", str(db), now="2019-05-01T08:00:00+07:00")
    assert made.exit == 0, made.err
    return Town(Office(db, "2019-05-06"), random.Random(seed))


def lived(folder: Path, seed: int, histories: int) -> Town:
    """A town with so many dossiers, to the end of its time."""
    town = begun(folder, seed)
    town.add(changes(town))
    for _ in range(max(1, histories // 10)):
        town.add(declared(town))
    for number in range(histories):
        town.add(dossier(town, number))
    town.run()
    return town


# --- one dossier ------------------------------------------------------------------------------------------------------


def dossier(town: Town, number: int) -> Life:
    draw, office = town.draw, town.office
    first, last = (date.fromisoformat(day) for day in draw.choice(BEGINNINGS))
    yield first + timedelta(draw.randrange((last - first).days + 1))
    commune = draw.choice(sorted(COMMUNES))
    if office.day >= "2025-07-01":
        commune = COMMUNES[commune]
    named = {"kind": draw.choice(KINDS), "track": draw.choice(TRACKS), "product-set": draw.choice(SETS)}
    named["entity"] = f"Hợp tác xã số {draw.randrange(1, 30)}"
    code = office.open(commune, f"Sản phẩm số {town.today:%Y}.{number}", **named)
    town.acts["open"] += 1
    stars = draw.choice((2, 3, 3, 4, 4, 4, 5))
    for _ in range(60):
        yield _in_time(town, code, town.today + timedelta(draw.randrange(1, 9)))
        town.commune(code)
        state = office.state(code)
        if state.startswith("closed."):
            return
        if state.startswith("promotion."):
            yield from certificate(town, code)
            return
        step(town, code, state, stars)


def _in_time(town: Town, code: str, day: date) -> date:
    """The day on which the office goes on: no later than it must, for lateness is found, and rightly."""
    due = town.office.show(code)["due_on"]
    return max(town.today, min(day, date.fromisoformat(due))) if due else day


def step(town: Town, code: str, state: str, stars: int) -> None:
    """What an office does with a dossier on a day: mostly forward."""
    draw, roll = town.draw, town.draw.random()
    officer = town.office.holder("officer", town.commune(code))
    if roll < 0.06 and code in town.doer:
        undone(town, code)
    elif roll < 0.10:
        words = ["--kind", draw.choice(("other", "test_report")), "--copies", "1"]
        town.tries("attach", "attach", code, *words, who=officer)
    elif roll < 0.13:
        value = draw.choice((("product_set", draw.choice(SETS)), ("product", f"Tên khác {draw.randrange(99)}")))
        town.tries("fix", "fix", code, *value, "--reason", "gõ nhầm", who=officer)
    elif roll < 0.16:
        withheld(town, code, officer)
    elif roll < 0.26:
        move(town, code, {"return"}, stars)
    elif roll < 0.28:
        move(town, code, {"withdraw"}, stars)
    elif roll < 0.60 and state.startswith("rating."):
        decided(town, code)
    else:
        move(town, code, {"forward", "reject"} if stars == 2 else {"forward"}, stars)


def undone(town: Town, code: str) -> None:
    """A move taken back while it can still be made again in time: later that would make the office late, rightly."""
    who, due = town.doer.pop(code)
    if due is None or town.office.day <= due:
        town.tries("undo", "undo", code, "--reason", "bấm nhầm", who=who)


def move(town: Town, code: str, kinds: set[str], stars: int) -> None:
    """A move of one of these kinds by who may make it; some late from paper, some by a deputy."""
    office, draw = town.office, town.draw
    due = office.show(code)["due_on"]
    found = [item for item in office.actions(code).values() if item["kind"] in kinds]
    curable = {"evidence_missing", "scores_missing", "another_must_sign", "reason_missing", "decision_missing"}
    found = [item for item in found if item["allowed"] or {each["code"] for each in item["reasons"]} <= curable]
    if not found:
        return
    action = draw.choice(found)
    if any(item["code"] == "scores_missing" for item in action["reasons"]):
        sitting(town, code, action, stars)
    try:
        office.hand_in(code, action)
        who = office.rightful(code, action)
    except (AssertionError, KeyError, IndexError):
        return
    words, late = office.words_for(code, action), draw.random() < 0.15
    words = [town.number() if word == "12/QĐ-UBND" else word for word in words]
    if late:
        day = town.today - timedelta(draw.randrange(0, 4))
        typist = office.holder("officer", town.commune(code))
        late_words = ["--on", day.isoformat(), "--entry", "paper:Nhập bù hồ sơ giấy", "--by", who]
        if town.tries("typed late", *words, *late_words, who=typist):
            town.doer[code] = who, due
            town.acts[action["kind"]] += 1
            return
    if draw.random() < 0.15 and action["roles"][0].startswith("leader@"):
        who = deputy(town, who, office.unit_at(town.commune(code), action["roles"][0].split("@")[1]))
    if town.tries(action["kind"], *words, who=who):
        town.doer[code] = who, due


def deputy(town: Town, leader: str, unit: str) -> str:
    """A deputy who may act for the leader for some days, by a numbered authorisation."""
    office = town.office
    handle = f"{leader}.pho"
    office.ask("person", "add", handle, "--name", "Cấp phó", who="admin")
    until = (town.today + timedelta(10)).isoformat()
    period = ["--from", office.day, "--to", until, "--unit", unit, "--role", "leader"]
    words = ["person", "delegate", leader, handle, *period, "--decision", town.number("UQ")]
    return handle if town.tries("delegation", *words, who=leader) else leader


def sitting(town: Town, code: str, action: Json, stars: int) -> None:
    """A sitting of a chair and two members; now and then one has an interest and does not score."""
    office, draw = town.office, town.draw
    try:
        unit = office.unit_at(town.commune(code), action["tier"])
        council, chair, secretary = office.council(unit)
    except (AssertionError, KeyError):
        return
    members = [office.holder("council_member", unit, number) for number in (1, 2)]
    for member in members:
        if (council, member) not in town.seated:
            town.tries("seat", "council", "member", council, member, "--role", "council_member", who=secretary)
            town.seated.add((council, member))
    aside = draw.choice(members) if draw.random() < 0.2 else None
    if aside:
        words = ["council", "interest", council, aside, code, "--reason", "người nhà của chủ thể"]
        town.tries("interest", *words, who=secretary)
    here = ",".join((chair, *members, secretary))
    found = town.tries(
        "convene",
        "council",
        "convene",
        council,
        "--present",
        here,
        "--dossiers",
        code,
        "--reason",
        "kỳ họp",
        who=secretary,
    )
    if found is None:
        return
    for member in (chair, *members):
        if member != aside:
            words = ["council", "score", found["sitting"], code, "--member", member, "--parts", PARTS[stars]]
            town.tries("score", *words, who=secretary)
    town.tries("close", "council", "close", found["sitting"], code, who=secretary)


def withheld(town: Town, code: str, officer: str) -> None:
    """A paper with a file is filed, and withheld by a decision later."""
    file = town.office.db.parent / "giay-to.txt"
    file.write_text(f"{code} {town.office.day}", encoding="utf-8")
    words = ["attach", code, "--kind", "other", "--copies", "1", "--file", str(file)]
    if town.tries("attach", *words, who=officer):
        leader = town.office.holder("leader", town.commune(code))
        mode = town.draw.choice(("seal", "erase"))
        more = ["--decision", town.number(), "--mode", mode, "--reason", "theo đề nghị"]
        town.tries("withhold", "withhold", code, *more, who=leader)


def decided(town: Town, code: str) -> None:
    """One decision with a list, drawn up for this dossier; some are corrected, some annulled."""
    office, draw = town.office, town.draw
    shown = office.show(code)
    holder = (shown["holder"] or {}).get("code")
    if holder is None:
        return
    officer, leader = office.holder("officer", holder), office.holder("leader", holder)
    awaiting = town.office.ask("decision", "draft", "--unit", holder, who=officer)
    lines = awaiting.document["lines"] if awaiting.exit == 0 else []
    line: Any = next((each for each in lines if each["dossier"] == code and each["ready"]), None)
    if line is None:
        return
    file = office.db.parent / "danh-sach.csv"
    file.write_text(f"dossier,action\n{code},{line['action']}\n", encoding="utf-8")
    number = town.number()
    more = ["--kind", line["decision_kind"], "--reason", "theo kết quả", "--signed-by", leader, "--on", office.day]
    if not town.tries("decision", "decision", "record", number, "--list", str(file), *more, who=officer):
        return
    town.doer.pop(code, None)
    roll, paper = draw.random(), f"{holder}:{town.today:%Y}:{number}"
    if roll < 0.15:
        by = ["--by-decision", town.number(), "--reason", "sai sót"]
        town.tries("annul", "decision", "annul", paper, *by, who=officer)
    elif roll < 0.30:
        more = ["--set", "title=Công nhận sản phẩm OCOP", "--reason", "sai tiêu đề"]
        town.tries("correct", "decision", "correct", paper, *more, who=officer)


# --- certificates -----------------------------------------------------------------------------------------------------


def certificate(town: Town, code: str) -> Life:
    """What may become of a recognition in the months after it."""
    draw, office = town.draw, town.office
    yield town.today + timedelta(draw.randrange(5, 60))
    number = office.show(code)["certificate"]
    if number:
        changed(town, number)
    yield town.today + timedelta(draw.randrange(5, 60))
    officer = office.holder("officer", town.commune(code))
    town.tries("inspection", "inspection", "add", code, "--outcome", "met", who=officer)


def changed(town: Town, number: str) -> None:
    draw, office = town.draw, town.office
    found = office.ask("certificate", "show", number)
    if found.exit or not found.document["issuer"]:
        return
    issuer = found.document["issuer"]
    # Districts ended; for what they issued the province answers.
    ended = issuer["tier"] == "district" and office.day >= "2025-07-01"
    leader = office.holder("leader", PROVINCE if ended else issuer["code"])
    signed = ["--decision", town.number(), "--signed-by", leader]
    roll = draw.random()
    if roll < 0.2:
        town.tries("reissue", "certificate", "reissue", number, *signed, "--reason", "mất", who=leader)
    elif roll < 0.4:
        words = ["--set", f"product=Tên in lại {draw.randrange(99)}", "--reason", "in sai"]
        town.tries("correction", "certificate", "correct", number, *words, *signed, who=leader)
    elif roll < 0.6:
        town.tries("revoke", "certificate", "revoke", number, "--cause", "a", *signed, who=leader)


def declared(town: Town) -> Life:
    """A recognition from before these records."""
    draw, office = town.draw, town.office
    yield date(2019, 5, 6) + timedelta(draw.randrange(2500))
    commune = COMMUNES["12109"] if office.day >= "2025-07-01" else "12109"
    number = town.number("GCN")
    words = ["--product", f"Chè {number}", "--entity", "Hợp tác xã số 9", "--entity-kind", "cooperative"]
    issued = (town.today - timedelta(draw.randrange(10, 300))).isoformat()
    words += ["--stars", str(draw.choice((3, 4))), "--number", number, "--source", "Sổ của tỉnh"]
    words += ["--commune", commune, "--issued-on", issued]
    officer = office.holder("officer", PROVINCE)
    if town.tries("declare", "certificate", "declare", *words, who=officer):
        yield town.today + timedelta(draw.randrange(5, 90))
        changed(town, number)


# --- the town ---------------------------------------------------------------------------------------------------------


def changes(town: Town) -> Life:
    """Heads now and then; the hand-over of 1 July 2025 and the moves to the next law."""
    office, day = town.office, date(2019, 6, 1)
    for stop, act in ((date(2025, 7, 1), handed_over), (date(2025, 7, 6), moved_1489), (date(2026, 5, 22), moved_26)):
        while day < stop:
            yield day
            town.tries("head", "audit", "checkpoint", who="admin")
            day += timedelta(town.draw.randrange(20, 200))
        yield stop
        act(town)
        day = stop + timedelta(30)
    yield LAST
    town.tries("head", "audit", "checkpoint", who="admin")
    office.day = LAST.isoformat()


def handed_over(town: Town) -> None:
    minister = town.office.appoint("minister", "leader", "central", "2018-01-01")
    for code in sorted(COMMUNES):
        town.tries("succeed", "unit", "succeed", code, *MINUTES, who=minister)


def moved_1489(town: Town) -> None:
    chair = town.office.appoint("chair-33", "leader", PROVINCE, "2025-07-01")
    words = ["workflow", "migrate", "--from", "qd_148_2023", "--to", "qd_1489_2025", *DECIDED]
    town.tries("migrate", *words, who=chair)


def moved_26(town: Town) -> None:
    words = ["workflow", "migrate", "--from", "qd_1489_2025", "--to", "qd_26_2026", *DECIDED]
    town.tries("migrate", *words, who="chair-33")


# --- what must hold ---------------------------------------------------------------------------------------------------


def faults(town: Town) -> list[Any]:
    """Every problem of the whole log, and every act that is found to break a rule; both must be none."""
    verified = town.office.ask("audit", "verify").document
    judged = town.office.ask("audit", "conformance").document
    return [*verified["problems"], *(item for item in judged["findings"] if item["mark"] != "doubtful")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--histories", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    began, acts, found, left, seed = time.perf_counter(), Counter[str](), 0, chosen.histories, chosen.seed
    while left > 0:
        with tempfile.TemporaryDirectory() as folder:
            town = lived(Path(folder), seed, min(TOWN, left))
            wrong = faults(town)
        acts, found, left = acts + town.acts, found + len(wrong), left - TOWN
        say(f"town {seed}: {sum(town.acts.values())} commands, {len(wrong)} findings")
        for item in wrong[:10]:
            say(f"  {item}")
        seed += 1
    say(", ".join(f"{name} {count}" for name, count in acts.most_common()))
    say(f"{chosen.histories} histories, {found} findings, {time.perf_counter() - began:.0f} s")
    sys.exit(1 if found else 0)


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
