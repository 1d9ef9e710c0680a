"""A sitting of 70 dossiers and 9 members, from filled workbooks to printed minutes: seconds of every step.

Run ``python benchmarks/sitting.py [DOSSIERS [MEMBERS]]``. Opening the dossiers and filling in the workbooks is not
counted; each counted step is a process of its own. The aim is 30 s for keying, closing and minutes together;
``--check`` exits 1 when it is missed.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import openpyxl

from ocop_flow import cli
from ocop_flow.criteriadata import product_sets

SECONDS = 30.0
COMMUNE, PROVINCE = "12103", "33"
NOW = "2026-06-01T10:00:00+07:00"
_CHILD = "import sys; from ocop_flow.cli import main; main(sys.argv[1:])"


class Office:
    """A training database; ``do`` runs a command in this process and gives its document."""

    def __init__(self, folder: Path) -> None:
        self.db = folder / "ocop.db"
        self.people: dict[tuple[str, str], str] = {}
        self.processor = 0.0
        os.environ["OCOP_NOW"] = NOW
        self.do("init", "--sandbox")

    def do(self, *words: str, who: str = "admin") -> Any:
        out = io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(io.StringIO()):
            code = cli.run([*words, "--db", str(self.db), "--as", who, "--json"])
        if code:
            sys.exit(f"{' '.join(words)}: exit {code}\n{out.getvalue()[:2000]}")
        return json.loads(out.getvalue())

    def timed(self, *words: str, who: str, plain: bool = False) -> tuple[str, float]:
        """(output, seconds) of a command in a process of its own."""
        extra = [] if plain else ["--json"]
        command = [sys.executable, "-c", _CHILD, *words, "--db", str(self.db), "--as", who, *extra]
        before, used = time.perf_counter(), os.times()
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        if done.returncode:
            sys.exit(f"{' '.join(words)}: exit {done.returncode}\n{done.stdout[:2000]}{done.stderr[:2000]}")
        now = os.times()
        self.processor += now.children_user + now.children_system - used.children_user - used.children_system
        return done.stdout, time.perf_counter() - before

    def holder(self, role: str, unit: str) -> str:
        if (role, unit) not in self.people:
            handle = f"{role.replace('_', '-')}.{unit}"
            self.do("person", "add", handle, "--name", f"Cán bộ {handle}")
            words = ["--unit", unit, "--role", role, "--decision", "15/QĐ-UBND", "--from", "2025-07-01"]
            self.do("person", "appoint", handle, *words)
            self.people[(role, unit)] = handle
        return self.people[(role, unit)]

    def put_before_the_council(self, number: int, product_set: str) -> str:
        """Open a dossier and take every first way forward until the provincial council has it; its code."""
        officer = self.holder("officer", COMMUNE)
        words = ["--commune", COMMUNE, "--product", f"Sản phẩm mẫu số {number}", "--entity", f"HTX mẫu số {number}"]
        words += ["--entity-kind", "cooperative", "--product-set", product_set]
        words += ["--kind", "first", "--track", "existing_product"]
        code, state = str(self.do("dossier", "open", *words, who=officer)["code"]), ""
        while state != "evaluation.province_council":
            action = next(each for each in self.do("dossier", "actions", code, "--all") if self.usable(each))
            for need in action["needs"]["evidence"]:
                if need["required"] > need["have"]:
                    copies = str(need["required"] - need["have"])
                    self.do("attach", code, "--kind", need["kind"], "--copies", copies, who=officer)
            role, tier = action["roles"][0].split("@")
            unit = COMMUNE if tier == "commune" else PROVINCE
            state = self.do("advance", code, action["action"], *self.fields(action), who=self.holder(role, unit))[
                "to_state"
            ]
        return code

    @staticmethod
    def usable(action: Any) -> bool:
        return action["kind"] == "forward" and {each["code"] for each in action["reasons"]} <= {"evidence_missing"}

    @staticmethod
    def fields(action: Any) -> list[str]:
        words = ["--decision", "12/QĐ-UBND"] if action["needs"]["decision"] else []
        for need in action["needs"]["fields"]:
            if need["required"]:
                value = (need.get("choices") or ["2026-06-01" if need["type"] == "date" else "true"])[0]
                words += ["--set", f"{need['name']}={value}"]
        return words


def fill_in(file: Path, seed: int) -> None:
    """Write an option into every line, as a member would; members differ a little."""
    book = openpyxl.load_workbook(file)
    for sheet in (each for each in book.worksheets if each.sheet_state == "visible"):
        for place, row in enumerate(sheet.iter_rows(min_row=9, max_col=5)):
            choices = str(row[3].value or "").partition(" (")[0].split(" / ")
            if choices == [""]:
                continue
            chosen = choices[-2] if (place + seed) % 11 == 0 and len(choices) > 1 else choices[-1]
            row[4].value = int(chosen) if chosen.isdigit() else chosen
    book.save(file)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("dossiers", nargs="?", type=int, default=70)
    parser.add_argument("members", nargs="?", type=int, default=9)
    parser.add_argument("--check", action="store_true")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seconds = measured(Office(Path(folder)), Path(folder), asked.dossiers, asked.members)
    print(f"{'together':24} {seconds:6.1f} s  (aim {SECONDS:.0f} s)")
    sys.exit(1 if seconds > SECONDS and asked.check else 0)


def measured(office: Office, folder: Path, dossiers: int, members: int) -> float:
    sets = [name for name in product_sets("qd_26_2026") if name != "community_eco_tourism"]
    codes = [office.put_before_the_council(number, sets[number % len(sets)]) for number in range(dossiers)]
    secretary = office.holder("council_secretary", PROVINCE)
    words = ["--unit", PROVINCE, "--decision", "10/QĐ-HĐOCOP", "--round", "1", "--year", "2026"]
    council = office.do("council", "create", *words, who=secretary)["code"]
    handles = [f"uyvien.{number}" for number in range(1, members + 1)]
    for number, handle in enumerate(handles):
        office.do("person", "add", handle, "--name", f"Ủy viên số {number + 1}")
        role = "council_member" if number else "council_chair"
        office.do("council", "member", council, handle, "--role", role, who=secretary)
    here = ["--present", ",".join(handles), "--dossiers", ",".join(codes)]
    sitting = office.do("council", "convene", council, *here, who=secretary)["sitting"]
    _, seconds = office.timed("council", "sheet", sitting, "--out", str(folder / "sheets"), who=secretary)
    print(f"{'giving out (not counted)':24} {seconds:6.1f} s")
    office.processor = 0.0
    files = sorted((folder / "sheets").iterdir())
    for seed, file in enumerate(files):
        fill_in(file, seed)
    total = 0.0
    for handle in handles:
        book = str(folder / "sheets" / f"{sitting}-{handle}.xlsx")
        _, seconds = office.timed("council", "score", sitting, "--member", handle, "--sheet", book, who=secretary)
        total += seconds
    print(f"{'keying':24} {total:6.1f} s  {dossiers * members / total:6.0f} sheets/s")
    _, seconds = office.timed("council", "close", sitting, who=secretary)
    print(f"{'closing':24} {seconds:6.1f} s")
    text, printing = office.timed("council", "minutes", sitting, who=secretary, plain=True)
    print(f"{'minutes':24} {printing:6.1f} s  {len(text.splitlines()):6} lines")
    print(f"{'processor time of these':24} {office.processor:6.1f} s")
    return total + seconds + printing


if __name__ == "__main__":
    main()
