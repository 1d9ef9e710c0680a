"""What kinds of records stand beside the state, and what each says: data of ``workflows/beside/kinds.yaml``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from ocop_flow.domain import codes, names
from ocop_flow.domain.facts import TEXT_LIMIT
from ocop_flow.domain.finding import Finding, Path, finding
from ocop_flow.errors import InputInvalid, Reason, Text, reason

Json = dict[str, Any]
#: Most digits of a sum of money: 999 trillion VND.
_DIGITS = 15


@dataclass(frozen=True, slots=True)
class Fact:
    """``type``: text; money (whole VND); personal (sealed); cause (a ground of revocation); document_number."""

    name: str
    type: str
    required: bool
    label: Text


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply owed within so many days of the record."""

    days: int
    source: str
    mark: str


@dataclass(frozen=True, slots=True)
class Kind:
    id: str
    label: Text
    reply: Reply | None


@dataclass(frozen=True, slots=True)
class Group:
    """``answer``: what is said when a record is settled; empty where nothing is."""

    id: str
    label: Text
    kinds: tuple[Kind, ...]
    facts: tuple[Fact, ...]
    answer: tuple[Fact, ...]

    def kind(self, typed: str) -> Kind:
        """A kind by its identifier or its label in either language; raises InputInvalid."""
        key = names.fold(typed)
        for each in self.kinds:
            if typed == each.id or key in (names.fold(each.label.vi), names.fold(each.label.en)):
                return each
        known = ", ".join(each.id for each in self.kinds)
        raise InputInvalid(reason("beside_kind_unknown", kind=typed, group=self.label, known=known))


def lint(document: Any) -> list[Finding]:
    """Faults of a document of kinds that passed its schema: a name that stands twice."""
    found = list(_twice(("groups",), document["groups"], "id"))
    for index, group in enumerate(document["groups"]):
        for key, name in (("kinds", "id"), ("facts", "name"), ("answer", "name")):
            found += _twice(("groups", index, key), group.get(key, ()), name)
    return found


def _twice(path: Path, entries: Any, name: str) -> Iterator[Finding]:
    seen: set[str] = set()
    for index, entry in enumerate(entries):
        if entry[name] in seen:
            yield finding((*path, index, name), "lint_name_twice", name=entry[name])
        seen.add(entry[name])


def own_faults(groups: Mapping[str, Group], own: Mapping[str, Any]) -> Iterator[Finding]:
    """Faults of the kinds in a province's own file: a new one without its words, or one that stands twice."""
    for name, kinds in own.items():
        known = {kind.id for kind in groups[name].kinds}
        yield from _twice(("beside", name), kinds, "id")
        for index, kind in enumerate(kinds):
            if kind["id"] not in known and "label" not in kind:
                yield finding(("beside", name, index), "schema_key_missing", key="label")
            if kind["id"] in known and "reply_days" not in kind and "label" not in kind:
                yield finding(("beside", name, index), "schema_key_missing", key="reply_days")


def with_own(groups: Mapping[str, Group], own: Mapping[str, Any], decision: str) -> dict[str, Group]:
    """The groups with a province's own kinds, and its own periods for a reply; both are adopted by its decision."""
    return {name: _with_kinds(group, own.get(name, ()), decision) for name, group in groups.items()}


def _with_kinds(group: Group, own: Any, decision: str) -> Group:
    kinds = {kind.id: kind for kind in group.kinds}
    for each in own:
        before = kinds.get(each["id"])
        label = Text(each["label"]["vi"], each["label"]["en"]) if "label" in each else None
        reply = Reply(each["reply_days"], decision, "adopted") if "reply_days" in each else None
        if before is None:
            kinds[each["id"]] = Kind(each["id"], label or Text(each["id"], each["id"]), reply)
        else:
            kinds[each["id"]] = replace(before, label=label or before.label, reply=reply or before.reply)
    return replace(group, kinds=tuple(kinds.values()))


def groups_from(document: Any) -> dict[str, Group]:
    """The groups of a document by their ids, in the order of the file."""
    return {
        each["id"]: Group(
            each["id"],
            _text(each),
            tuple(Kind(kind["id"], _text(kind), _reply(kind.get("reply"))) for kind in each["kinds"]),
            tuple(_fact(fact) for fact in each["facts"]),
            tuple(_fact(fact) for fact in each.get("answer", ())),
        )
        for each in document["groups"]
    }


def _text(part: Any) -> Text:
    return Text(part["label"]["vi"], part["label"]["en"])


def _fact(part: Any) -> Fact:
    return Fact(part["name"], part["type"], bool(part.get("required", False)), _text(part))


def _reply(part: Any) -> Reply | None:
    return Reply(part["days"], part["source"], part["mark"]) if part else None


def read_facts(facts: tuple[Fact, ...], typed: Mapping[str, str]) -> dict[str, str]:
    """What was typed, by name, in the form in which it is kept; what was not typed is left out.

    raises  InputInvalid with every fault: a required one missing, money that is no whole number, an unreadable number
    """
    faults: list[Reason] = []
    found: dict[str, str] = {}
    for fact in facts:
        text = typed.get(fact.name)
        if text is None or not text.strip():
            faults += [reason("beside_fact_missing", fact=fact.label, option=f"--{fact.name}")] if fact.required else []
            continue
        try:
            found[fact.name] = _kept(fact, text)
        except InputInvalid as error:
            faults += error.reasons
    if faults:
        raise InputInvalid(*faults)
    return found


def _kept(fact: Fact, text: str) -> str:
    if fact.type == "money":
        return money(text)
    if fact.type == "document_number":
        return codes.document_number(text)
    return names.clean_name(text, limit=TEXT_LIMIT, field=fact.name)


def money(text: str) -> str:
    """Whole VND as digits; ``12.500.000 đ`` and ``12500000`` are the same.

    raises  InputInvalid for anything else, a fraction included
    """
    plain = text.strip().lower().removesuffix("đồng").removesuffix("vnd").removesuffix("đ").strip()
    parts = plain.replace(",", ".").replace(" ", ".").split(".")
    grouped = len(parts) > 1 and 1 <= len(parts[0]) <= 3 and all(len(part) == 3 for part in parts[1:])
    digits = "".join(parts)
    if not (digits.isascii() and digits.isdigit()) or not (len(parts) == 1 or grouped) or len(digits) > _DIGITS:
        raise InputInvalid(reason("money_unreadable", text=text))
    return str(int(digits))
