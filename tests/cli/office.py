"""An office at work through the command line alone: people are appointed, evidence handed in, councils held.

Nothing here knows a regime. What a dossier needs next is read from ``dossier actions --all --json``, as any program
that relies on the contract would (DESIGN section 7).
"""

from __future__ import annotations

import contextlib
import io
import json
import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ocop_flow
from ocop_flow.cli import run
from ocop_flow.i18n import LANGUAGES
from tests.cli.contract import held
from tests.databases import dump, files

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Answer", "Office", "dump", "files", "ocop"]

Json = dict[str, Any]
#: Part totals (A, B, C) of a council sheet by the stars that they give, under the maxima of either table of parts:
#: 35 + 25 + 40 of 1048/QĐ-TTg, 40 + 25 + 35 of 148/QĐ-TTg and later decisions.
PARTS = {5: "34,24,34", 4: "30,20,25", 3: "20,15,20", 2: "15,10,10"}
#: What is typed into a required field by its type, where no choice is offered.
_FIELD_VALUES = {
    "text": "theo hồ sơ",
    "boolean": "true",
    "integer": "1",
    "decimal": "1.5",
    "document_number": "12/QĐ-UBND",
}
#: The Vietnamese catalogue: once it is there, every message must differ from its English source.
TRANSLATED = (Path(ocop_flow.__file__).parent / "locale" / "vi").is_dir()
#: Districts ended, and most communes were made anew, on this day (Resolution 202/2025/QH15).
NEW_UNITS = "2025-07-01"


@dataclass(frozen=True, slots=True)
class Answer:
    """What one command line gave back."""

    exit: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """The one JSON document on stdout; anything else there is a breach of the contract."""
        return json.loads(self.out)

    @property
    def codes(self) -> list[str]:
        """Codes of the reasons of an error document."""
        return [item["code"] for item in self.document["reasons"]]


@contextlib.contextmanager
def environment(values: Mapping[str, str | None]) -> Iterator[None]:
    """``os.environ`` with some values set (None: unset) for a while."""
    kept = {name: os.environ.get(name) for name in values}
    try:
        _set(values)
        yield
    finally:
        _set(kept)


def _set(values: Mapping[str, str | None]) -> None:
    for name, value in values.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def ocop(*words: str, now: str | None = None, lang: str | None = None) -> Answer:
    """Run one command line in this process; ``now`` is a moment for OCOP_NOW."""
    out, err = io.StringIO(), io.StringIO()
    values = {"OCOP_NOW": now, "OCOP_LANG": lang, "OCOP_AS": None, "OCOP_DB": None}
    with environment(values), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = run(list(words))
    return Answer(code, out.getvalue(), err.getvalue())


def _speak_alike(first: list[Json], second: list[Json]) -> None:
    """The same reasons in two languages: equal but for the sentences, and those filled in and translated."""
    assert [_wordless(item) for item in first] == [_wordless(item) for item in second]
    for item in (*first, *second):
        assert "{" not in item["message"] + item["remedy"], f"a field was not filled in: {item}"
    for one, other in zip(first, second, strict=True) if TRANSLATED else ():
        assert one["message"] != other["message"], f"not translated: {one['message']}"
        assert one["remedy"] != other["remedy"], f"not translated: {one['remedy']}"


def _wordless(item: Json) -> Json:
    return {name: value for name, value in item.items() if name not in ("message", "remedy")}


@dataclass
class Office:
    """A training database and the people appointed in it so far; ``day`` is today's date for every command."""

    db: Path
    day: str = "2026-06-01"
    lang: str = "en"
    people: dict[tuple[str, str, int, bool], str] = field(default_factory=dict)
    councils: dict[tuple[str, str], tuple[str, str, str]] = field(default_factory=dict)
    communes: dict[str, str] = field(default_factory=dict)
    units: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)

    # --- one command ---------------------------------------------------------------------------------------------

    def ask(self, *words: str, who: str | None = None, lang: str | None = None) -> Answer:
        """Run a command with ``--json`` at ten o'clock in Viet Nam on ``day``, as ``who`` if given."""
        extra = ["--db", str(self.db), "--json", *(["--as", who] if who else [])]
        return ocop(*words, *extra, now=f"{self.day}T10:00:00+07:00", lang=lang or self.lang)

    def do(self, *words: str, who: str | None = None) -> Any:
        """Run a command that must succeed; its document."""
        answer = self.ask(*words, who=who)
        assert answer.exit == 0, f"{words} as {who} on {self.day}: exit {answer.exit}\n{answer.out}{answer.err}"
        return answer.document

    def refuses(self, exit_code: int, *words: str, who: str | None = None) -> list[str]:
        """Run a command that must fail with ``exit_code`` and write nothing; the codes of its reasons.

        It is asked in both languages: each has the contract's error document with whole sentences, the same but for
        those sentences.
        """
        before = dump(self.db)
        answers = [self.ask(*words, who=who, lang=lang) for lang in LANGUAGES]
        for answer in answers:
            assert answer.exit == exit_code, f"{words}: exit {answer.exit}\n{answer.out}{answer.err}"
        assert dump(self.db) == before, f"{words} wrote to the database although it failed"
        first, second = [held(answer.document, "error")["reasons"] for answer in answers]
        _speak_alike(first, second)
        return [item["code"] for item in first]

    # --- people --------------------------------------------------------------------------------------------------

    def appoint(self, handle: str, role: str, unit: str, since: str, until: str | None = None) -> str:
        """Add a person unless known, and give the post by a numbered decision; the handle."""
        known = {item["handle"] for item in self.do("person", "list")}
        if handle not in known:
            self.do("person", "add", handle, "--name", f"Cán bộ {handle}", who="admin")
        period = ["--from", since, *(["--to", until] if until else [])]
        post = ["--unit", unit, "--role", role, "--decision", "15/QĐ-UBND"]
        self.do("person", "appoint", handle, *post, *period, who="admin")
        return handle

    def holder(self, role: str, unit: str, number: int = 1) -> str:
        """The ``number``-th holder of a role at the unit that has this code today, appointed when first asked for."""
        after = self.day >= NEW_UNITS
        key = (role, unit, number, after)
        if key not in self.people:
            handle = f"{role.replace('_', '-')}.{unit}.{number}.{'new' if after else 'old'}"
            self.people[key] = self.appoint(handle, role, unit, NEW_UNITS if after else "2018-01-01")
        return self.people[key]

    # --- dossiers ------------------------------------------------------------------------------------------------

    def open(self, commune: str, product: str, **options: str) -> str:
        """Open a dossier as an officer of a tier that receives it; its code. Options replace the usual ones."""
        usual = {
            "entity": "Hợp tác xã số 1",
            "entity-kind": "cooperative",
            "product-set": "coffee_cacao",
            "kind": "first",
            "track": "new_product",
        }
        words = [part for name, value in {**usual, **options}.items() for part in (f"--{name}", value)]
        officer = self.holder("officer", commune)
        code = self.do("dossier", "open", "--commune", commune, "--product", product, *words, who=officer)["code"]
        self.communes[code] = commune
        return str(code)

    def show(self, dossier: str) -> Json:
        found: Json = self.do("dossier", "show", dossier)
        return found

    def state(self, dossier: str) -> str:
        return str(self.show(dossier)["state"])

    def actions(self, dossier: str) -> dict[str, Json]:
        """Every action from the dossier's state, by id."""
        return {item["action"]: item for item in self.do("dossier", "actions", dossier, "--all")}

    def unit_at(self, commune: str, tier: str) -> str:
        """Code of the unit reached from a commune up to a tier today."""
        key = (commune, self.day)
        if key not in self.units:
            unit = self.do("unit", "show", commune, "--on", self.day)
            above = {each["tier"]: each["code"] for each in unit["ancestors"]}
            self.units[key] = {unit["tier"]: unit["code"], **above}
        return self.units[key][tier]

    def rightful(self, dossier: str, action: Json) -> str:
        """A holder of the first role that the contract names for an action."""
        role, tier = action["roles"][0].split("@")
        return self.holder(role, self.unit_at(self.communes[dossier], tier))

    def words_for(self, dossier: str, action: Json) -> list[str]:
        """The command line that meets every need the contract lists, apart from evidence and scores."""
        words = ["advance", dossier, action["action"]]
        for need in action["needs"]["fields"]:
            if need["required"]:
                usual = self.day if need["type"] == "date" else _FIELD_VALUES.get(need["type"], "")
                words += ["--set", f"{need['name']}={(need.get('choices') or [usual])[0]}"]
        words += ["--decision", "12/QĐ-UBND"] if action["needs"]["decision"] else []
        words += ["--reason", "theo hồ sơ"] if action["needs"]["reason"] else []
        return words

    def hand_in(self, dossier: str, action: Json) -> None:
        """Attach every copy of evidence that an action still lacks."""
        officer = self.holder("officer", self.communes[dossier])
        for need in action["needs"]["evidence"]:
            lacking = need["required"] - need["have"]
            if lacking > 0:
                self.do("attach", dossier, "--kind", need["kind"], "--copies", str(lacking), who=officer)

    def take(self, dossier: str, action: str | Json, *, stars: int = 4) -> Json:
        """Carry out an action (by id, or as listed) rightfully; what it needs is handed in and sat for first."""
        action = self.actions(dossier)[action] if isinstance(action, str) else action
        if any(item["code"] == "scores_missing" for item in action["reasons"]):
            self.hold_sitting(dossier, action, stars)
        self.hand_in(dossier, action)
        moved: Json = self.do(*self.words_for(dossier, action), who=self.rightful(dossier, action))
        return moved

    # --- councils ------------------------------------------------------------------------------------------------

    def council(self, unit: str) -> tuple[str, str, str]:
        """(council, its scoring chair, its secretary) of a unit for this year, set up when first asked for."""
        key = (unit, self.day[:4])
        if key not in self.councils:
            secretary, chair = self.holder("council_secretary", unit), self.holder("council_chair", unit)
            words = ["--unit", unit, "--decision", "10/QĐ-HĐOCOP", "--round", "1", "--year", self.day[:4]]
            code = self.do("council", "create", *words, who=secretary)["code"]
            self.do("council", "member", code, chair, "--role", "council_chair", who=secretary)
            self.do("council", "member", code, secretary, "--role", "council_secretary", who=secretary)
            self.councils[key] = (code, chair, secretary)
        return self.councils[key]

    def hold_sitting(self, dossier: str, action: Json, stars: int) -> Json:
        """Convene, score so that the mean gives ``stars``, close; what ``council close`` printed."""
        unit = self.unit_at(self.communes[dossier], action["tier"])
        code, chair, secretary = self.council(unit)
        present = ["--present", f"{chair},{secretary}", "--dossiers", dossier]
        sitting = self.do("council", "convene", code, *present, who=secretary)["sitting"]
        self.do("council", "score", sitting, dossier, "--member", chair, "--parts", PARTS[stars], who=secretary)
        closed: Json = self.do("council", "close", sitting, dossier, who=secretary)
        return closed

    # --- whole walks ---------------------------------------------------------------------------------------------

    def walk(self, dossier: str, to: str, *, stars: int = 4) -> str:
        """Forward until the state begins with ``to``, every council finding ``stars``; the state reached.

        At most thirty moves: no regime has a longer way.
        """
        state = self.state(dossier)
        for _ in range(30):
            if state.startswith(to):
                return state
            ahead = self.forward(dossier)
            assert ahead, f"no way forward for {dossier} from {state}: {self.actions(dossier)}"
            state = self.take(dossier, ahead[0], stars=stars)["to_state"]
        raise AssertionError(f"{dossier} came to {state} and not to {to}")

    def forward(self, dossier: str) -> list[Json]:
        """Forward actions for which handing in evidence and holding a sitting is all that may still be lacking."""
        ahead = [item for item in self.actions(dossier).values() if item["kind"] == "forward"]
        curable = {"evidence_missing", "scores_missing", "another_must_sign"}
        return [item for item in ahead if item["allowed"] or {each["code"] for each in item["reasons"]} <= curable]
