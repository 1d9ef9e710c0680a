"""The published schemas say exactly what the parsers read, and what they read is never more than plain values."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib import resources
from typing import Any

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from ocop_flow import regimes, schemafaults, yamlfile
from ocop_flow.domain import guards, ladder, lint_names, parameters, regime, regime_document, units
from ocop_flow.errors import MARKS
from ocop_flow.messages.files import MESSAGES as FILE_MESSAGES
from ocop_flow.messages.workflow import MESSAGES

#: Keys for readers of a file or for other parts of the program; the regime's own parser has no use for them.
READ_ELSEWHERE = {
    (): {"schema", "status", "star_conditions", "adopted"},
    ("parameters", "*"): {"choices"},
    ("overlap",): {"source", "mark"},
    ("rating", "conditions"): {"source", "mark"},
}
#: A remark for readers may stand in many places and is read nowhere.
REMARK = "note"


class Recording(dict[str, Any]):
    """A document that notes at which place which keys were asked for."""

    def __init__(self, value: dict[str, Any], place: tuple[str, ...], log: dict[tuple[str, ...], set[str]]) -> None:
        super().__init__({key: recording(item, (*place, key), log) for key, item in value.items()})
        self.place, self.log = place, log
        log.setdefault(place, set())

    def __getitem__(self, key: str) -> Any:
        self.log[self.place].add(key)
        return super().__getitem__(key)

    def get(self, key: str, default: Any = None) -> Any:
        self.log[self.place].add(key)
        return super().get(key, default)


def recording(value: Any, place: tuple[str, ...], log: dict[tuple[str, ...], set[str]]) -> Any:
    if isinstance(value, dict):
        return Recording(value, place, log)
    if isinstance(value, list):
        return [recording(item, (*place, "*"), log) for item in value]
    return value


def vocabulary(schema: dict[str, Any]) -> dict[tuple[str, ...], set[str]]:
    """Place -> keys that the schema allows there; parameter references, which are gone once read, left out."""
    found: dict[tuple[str, ...], set[str]] = {}

    def walk(part: dict[str, Any], place: tuple[str, ...]) -> None:
        if "$ref" in part:
            name = part["$ref"].rsplit("/", 1)[-1]
            if name != "parameter_reference":
                walk(schema["$defs"][name], place)
            return
        for alternative in part.get("anyOf", ()):
            walk(alternative, place)
        if "properties" in part:
            assert part["additionalProperties"] is False, place
            found[place] = set(part["properties"])
            for key, inner in part["properties"].items():
                walk(inner, (*place, key))
        if "items" in part:
            walk(part["items"], (*place, "*"))

    walk(schema, ())
    return found


def read_places() -> dict[tuple[str, ...], set[str]]:
    log: dict[tuple[str, ...], set[str]] = {}
    for name in regimes.shipped():
        regime_document.from_document(recording(regimes.effective(name), (), log))
    return log


def test_the_schema_allows_what_the_parser_reads_and_nothing_else() -> None:
    """STYLE, workflow as data: the parser's vocabulary must equal the schema's.

    Dictionaries with free choice of one key (guards, periods, quorum) and texts are looked at by their own tests.
    """
    allowed, read = vocabulary(schemafaults.schema("regime")), read_places()
    by_one_key = {("limits", "*", "period"), ("actions", "*", "guards", "*"), ("council_rules", "quorum")}
    whole = {("rating", "parts"), ("tracks",)}
    for place, keys in allowed.items():
        if place in by_one_key | whole or keys == {"vi", "en"} or place[:1] in {("adopted",)}:
            continue
        assert keys - READ_ELSEWHERE.get(place, set()) - {REMARK} == read[place], place


def test_no_place_is_read_that_the_schema_does_not_describe() -> None:
    """What ``from_document`` asks for is described, so a file that passed the schema can always be built."""
    allowed = vocabulary(schemafaults.schema("regime"))
    for place, keys in read_places().items():
        if place not in (("criteria",), ("star_conditions",)):
            assert keys <= allowed[place], place


def test_every_predicate_stands_in_the_schema_with_its_arity() -> None:
    """Guards are named predicates with typed arguments (DESIGN section 3): an integer, or a pair of them."""
    properties = schemafaults.schema("regime")["$defs"]["guard"]["properties"]
    arity = {
        name: 2 if part.get("type") == "array" and part["minItems"] == part["maxItems"] == 2 else 1
        for name, part in properties.items()
        if name not in ("source", "mark")
    }
    assert arity == {name: predicate.arity for name, predicate in guards.PREDICATES.items()}


@pytest.mark.parametrize("name", schemafaults.KINDS)
def test_every_form_of_a_text_is_told_in_words(name: str) -> None:
    """What does not match a pattern is named by its title: a pattern without one could not be told."""

    def forms(part: Any) -> Iterator[dict[str, Any]]:
        if isinstance(part, dict):
            if isinstance(part.get("pattern"), str) or isinstance(part.get("format"), str):
                yield part
            part = [*part.values()]
        if isinstance(part, list):
            for each in part:
                yield from forms(each)

    for form in forms(schemafaults.schema(name)):
        assert f"schema_form_{form.get('title')}" in MESSAGES | FILE_MESSAGES, form


def test_fixed_lists_are_those_of_the_code() -> None:
    """Phases, roles, tiers, kinds of action, field types, marks and parameter types have one source of truth."""
    defs = schemafaults.schema("regime")["$defs"]
    assert defs["action"]["properties"]["kind"]["enum"] == list(regime.ACTION_KINDS)
    assert defs["field_need"]["properties"]["type"]["enum"] == list(regime.FIELD_TYPES)
    assert defs["parameter"]["properties"]["type"]["enum"] == list(parameters.TYPES)
    assert defs["mark"]["enum"] == list(MARKS)
    assert defs["tier"]["enum"] == list(units.TIERS)
    assert defs["state_id"]["pattern"].startswith("^(" + "|".join(regime.PHASES) + ")")
    tiers = "|".join((*units.TIERS, "holder"))
    assert defs["role_at"]["pattern"].startswith("^(" + "|".join(regime.ROLES) + ")@(" + tiers + ")")
    assert [*lint_names.STEPS, "closed"] == list(regime.PHASES)
    rung = schemafaults.schema("ladder")["$defs"]["rung"]["properties"]
    assert rung["to"]["enum"] == list(ladder.RECIPIENTS)


@pytest.mark.parametrize("kind", schemafaults.KINDS)
def test_the_schemas_are_schemas(kind: str) -> None:
    """JSON Schema, Draft 2020-12."""
    Draft202012Validator.check_schema(schemafaults.schema(kind))


@pytest.mark.parametrize("name", regimes.shipped())
def test_shipped_files_pass_the_published_schema_as_written_and_as_used(name: str) -> None:
    """An author's editor sees the file with its parameter references, a dossier is pinned to the effective document."""
    text = (resources.files("ocop_flow.workflows") / f"{name}.yaml").read_bytes()
    assert schemafaults.findings("regime", yamlfile.read(text, name).data) == []
    assert schemafaults.findings("regime", regimes.effective(name)) == []


@pytest.mark.parametrize(
    "value",
    ["os.system", "builtins.exec", "__import__", "a:b", "a b", "Recognise", "x\n", "", "lambda", "self.trigger"],
)
def test_nothing_that_could_be_imported_passes_as_a_name(value: str) -> None:
    """``transitions`` resolves strings by import and calls them, so a name is a bare identifier.

    ``lambda`` is a plain word: harmless, since no name is ever looked up; it shows where the line runs.
    """
    document = regimes.load_document("qd_26_2026")
    document["actions"][0]["id"] = value
    codes = [each.reason.code for each in schemafaults.findings("regime", document)]
    assert codes == ([] if value == "lambda" else ["schema_form_name"])


@pytest.mark.parametrize("key", ["before", "after", "conditions", "prepare", "unless", "trigger", "on_enter"])
def test_callbacks_of_the_machine_are_no_keys(key: str) -> None:
    """A callback named in a file would be imported and called by ``transitions``."""
    document = regimes.load_document("qd_26_2026")
    document["actions"][0][key] = "os.getcwd"
    (found,) = schemafaults.findings("regime", document)
    assert (found.path, found.reason.code) == (("actions", 0, key), "schema_key_unknown")


def test_reading_regimes_loads_neither_yaml_nor_jsonschema_before_they_are_needed() -> None:
    """Start-up time: most commands read the stored document."""
    code = "import sys, ocop_flow.regimes; print('yaml' in sys.modules, 'jsonschema' in sys.modules)"
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert out.split() == ["False", "False"]


def test_regimes_are_listed_in_the_order_of_their_days() -> None:
    """DESIGN section 3: from which day ``--on`` chooses each."""
    found = {name: regimes.load_regime(name).effective_from for name in regimes.shipped()}
    assert {name: str(day) for name, day in found.items()} == {
        "provincial_provisional": "None",
        "qd_1048_2019": "2019-08-21",
        "qd_148_2023": "2023-02-24",
        "qd_1489_2025": "2025-07-06",
        "qd_26_2026": "2026-05-22",
    }
    assert list(found) == ["provincial_provisional", "qd_1048_2019", "qd_148_2023", "qd_1489_2025", "qd_26_2026"]


def test_the_hash_is_that_of_the_canonical_json() -> None:
    """DESIGN section 3: SHA-256 of canonical JSON (sorted keys, no spaces, UTF-8) of the effective regime."""
    import hashlib

    document = regimes.effective("qd_26_2026")
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    assert regimes.workflow_hash(document) == hashlib.sha256(text.encode("utf-8")).hexdigest()


def test_the_effective_document_pins_every_criteria_set() -> None:
    """26 sets under Decision 26/2026/QĐ-TTg; none known under 148 and 1489, so no key there."""
    assert len(regimes.effective("qd_26_2026")["criteria"]) == 26
    assert "criteria" not in regimes.effective("qd_148_2023")
    assert "community_eco_tourism" in (
        regime_document.from_document(regimes.effective("qd_26_2026")).product_sets.ids or ()
    )
