"""What goes out in which words: ``notifications/catalogue.yaml`` and its templates, checked before anything is sent."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from importlib import resources
from string import Formatter
from typing import TYPE_CHECKING, Any

from ocop_flow import yamlfile
from ocop_flow.domain.reminding import Hours
from ocop_flow.domain.units import CENTRAL
from ocop_flow.errors import InputInvalid, Reason, reason

if TYPE_CHECKING:
    from jinja2 import Environment, Template

LANGUAGES = ("vi", "en")
_WEEK = 7
_HOURS = ("opens", "closes")
PARTS = ("subject", "txt", "html")
#: Fields that the words of the catalogue may use.
_FIELDS = {
    "day": {"weekday", "day", "month", "year"},
    "before": {"days"},
    "today": set(),
    "after": {"days"},
    "lacking": {"name", "count"},
    "complete": set(),
    "complete_entity": set(),
    "present_step": set(),
    "ask": {"office", "address"},
    "office": {"unit"},
    "chat_head": {"unit", "count", "day"},
    "chat_line": {"number", "duty", "about", "due", "left"},
    "chat_more": {"count"},
    "show_dossier": {"code"},
    "show_milestone": {"code"},
    "show_certificate": {"code"},
    "duty": {"name"},
    "todo": set(),
    "paper": {"name", "papers"},
}
#: What stands for each kind in the catalogue.
_PHRASES = ("duty", "todo", "paper")
#: Kinds of what a unit owes, and of what an entity is told; the latter's words stand under ``entity``.
_SECTIONS = ("duties", "entity")


@dataclass(frozen=True, slots=True)
class Words:
    """Phrases of one language."""

    weekdays: tuple[str, ...]
    forms: Mapping[str, str]
    duties: Mapping[str, Mapping[str, str]]
    entity: Mapping[str, Mapping[str, str]]

    def day(self, day: date) -> str:
        weekday = self.weekdays[day.weekday()]
        return self.forms["day"].format(weekday=weekday, day=day.day, month=day.month, year=day.year)

    def left(self, days: int) -> str:
        return self.forms["before" if days > 0 else "after" if days else "today"].format(days=abs(days))

    def office(self, unit: str) -> str:
        """How the authority of a unit is addressed; the centre by its own name."""
        if not unit or unit == CENTRAL.name:
            return unit
        return self.forms["office"].format(unit=unit[0].lower() + unit[1:])

    def lacking(self, name: str, count: int) -> str:
        """A paper of which so many copies are missing."""
        return self.forms["lacking"].format(name=name, count=count)

    def papers(self, lacking: Sequence[tuple[str, int]] | None, *, to_entity: bool) -> str:
        """What is lacking (name, copies) in a row of words; None where nobody knows which dossier it is."""
        if lacking is None:
            return self.forms["present_step"]
        listed = "; ".join(self.lacking(name, count) for name, count in lacking)
        return listed or self.forms["complete_entity" if to_entity else "complete"]

    def ask(self, unit: str, address: str | None) -> str:
        """Whom to call or write to."""
        office = self.office(unit)
        return self.forms["ask"].format(office=office, address=address) if address else office

    def chat_head(self, unit: str, count: int, day: str) -> str:
        return self.forms["chat_head"].format(unit=unit, count=count, day=day)

    def chat_line(self, number: int, duty: str, about: str, due: str, left: str) -> str:
        return self.forms["chat_line"].format(number=number, duty=duty, about=about, due=due, left=left)

    def chat_more(self, count: int) -> str:
        return self.forms["chat_more"].format(count=count)

    def show(self, subject: str, code: str) -> str:
        """The command that shows what a duty is of: a ``dossier``, ``milestone`` (its plan) or ``certificate``."""
        return self.forms[f"show_{subject}"].format(code=code)

    def duty(self, kind: str, name: str, papers: str = "", *, to_entity: bool = False) -> tuple[str, str, str]:
        """(what the duty is called, what to do, which paper it takes), in the words for a unit or for an entity."""
        section = self.entity if to_entity else self.duties
        found = section.get(kind) or section["limit"]
        named = name or kind
        return found["duty"].format(name=named), found["todo"], found["paper"].format(name=named, papers=papers)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """``templates`` by (language, name, part), compiled."""

    hours: Hours
    words: Mapping[str, Words]
    templates: Mapping[tuple[str, str, str], Template]


@cache
def load() -> Catalogue:
    """The packaged catalogue, compiled once."""
    folder = resources.files("ocop_flow.notifications")
    templates = {
        f"{language}/{entry.name}": entry.read_text(encoding="utf-8")
        for language in LANGUAGES
        for entry in (folder / "templates" / language).iterdir()
        if entry.name.endswith(".j2")
    }
    return read((folder / "catalogue.yaml").read_bytes(), templates)


def read(catalogue: bytes, templates: Mapping[str, str]) -> Catalogue:
    """A catalogue with its templates.

    templates  text by ``<language>/<name>.<part>.j2``
    raises     InputInvalid with every fault: a phrase or template missing, an unknown variable, a slip of syntax
    """
    located = yamlfile.read(catalogue, "notifications/catalogue.yaml")
    environment = _environment(templates)
    faults = [*_missing_keys(located)]
    if not faults:
        faults += _faulty_words(located)
        faults += _faulty_templates(located, templates, environment)
    if faults:
        raise InputInvalid(*faults)
    data = located.data
    return Catalogue(
        Hours(*(_time_of_day(data["hours"][name]) for name in _HOURS)),
        {language: _words(data, language) for language in LANGUAGES},
        {
            (language, kind, part): environment.get_template(f"{language}/{entry['template']}.{part}.j2")
            for kind, entry in data["messages"].items()
            for language in LANGUAGES
            for part in PARTS
        },
    )


def _words(data: Any, language: str) -> Words:
    forms = data["words"][language]
    duties, entity = ({kind: entry[language] for kind, entry in data[name].items()} for name in _SECTIONS)
    return Words(tuple(forms["weekdays"]), {key: forms[key] for key in forms if key != "weekdays"}, duties, entity)


def _environment(templates: Mapping[str, str]) -> Environment:
    """Sandboxed, strict about names, escaping what goes into HTML."""
    from jinja2 import DictLoader, StrictUndefined, nodes
    from jinja2.compiler import CodeGenerator, Frame
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Fields(CodeGenerator):
        """``line.code`` is an item of a plain dict whose fields were checked: nobody need ask how to read it."""

        def visit_Getattr(  # noqa: N802 - the library's name
            self, node: nodes.Getattr, frame: Frame
        ) -> None:
            if isinstance(node.node, nodes.Name) and node.node.name == "line":
                self.visit(node.node, frame)
                self.write(f"[{node.attr!r}]")
            else:
                super().visit_Getattr(node, frame)

    class Sandbox(ImmutableSandboxedEnvironment):
        code_generator_class = Fields

    return Sandbox(
        loader=DictLoader(dict(templates)),
        undefined=StrictUndefined,
        autoescape=lambda name: bool(name and name.endswith(".html.j2")),
        trim_blocks=True,
        lstrip_blocks=True,
        cache_size=-1,
        auto_reload=False,
    )


def _missing_keys(located: yamlfile.Located) -> Iterator[Reason]:
    data = located.data
    wanted: dict[str, tuple[str, ...]] = {"hours": _HOURS, "messages": ("reminder", "entity")}
    wanted |= {"words": LANGUAGES, **dict.fromkeys(_SECTIONS, ("limit",))}
    for key, below in wanted.items():
        for name in below:
            part = data.get(key) if isinstance(data, dict) else None
            if not isinstance(part, dict) or name not in part:
                yield reason("catalogue_key_missing", file=located.name, line=located.line((key,)), key=f"{key}.{name}")
    messages = data.get("messages") if isinstance(data, dict) else None
    for kind in messages if isinstance(messages, dict) else ():
        yield from _undeclared(located, kind)


def _undeclared(located: yamlfile.Located, kind: str) -> Iterator[Reason]:
    """Each message says which template it takes and what that may name."""
    entry = located.data["messages"][kind]
    declared = entry if isinstance(entry, dict) else {}
    for part in ("template", "variables", "line"):
        names = [declared.get(part)] if part == "template" else declared.get(part)
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            key = f"messages.{kind}.{part}"
            yield reason("catalogue_key_missing", file=located.name, line=located.line(("messages", kind)), key=key)


def _faulty_words(located: yamlfile.Located) -> Iterator[Reason]:
    data = located.data
    yield from _faulty_hours(located)
    for language in LANGUAGES:
        words = data["words"][language]
        weekdays = words.get("weekdays") if isinstance(words, dict) else None
        if not isinstance(weekdays, list) or len(weekdays) != _WEEK:
            path = ("words", language, "weekdays")
            yield reason("catalogue_key_missing", file=located.name, line=located.line(path), key=".".join(path))
        for form in _FIELDS.keys() - set(_PHRASES):
            yield from _faulty_form(located, ("words", language, form), form)
        for section in _SECTIONS:
            for kind in data[section]:
                for form in _PHRASES:
                    yield from _faulty_form(located, (section, kind, language, form), form)


def _faulty_hours(located: yamlfile.Located) -> Iterator[Reason]:
    """Times of day, the office opened before it is closed: else nothing would ever go out."""
    read = []
    for name in _HOURS:
        written = located.data["hours"][name]
        try:
            read.append(_time_of_day(written))
        except ValueError:
            line = located.line(("hours", name))
            yield reason("catalogue_hours_unreadable", file=located.name, line=line, text=str(written))
    if len(read) == 2 and read[1] <= read[0]:
        yield reason("catalogue_hours_crossed", file=located.name, line=located.line(("hours",)))


def _time_of_day(written: Any) -> time:
    """By the clock on the office's wall, which has no zone; raises ValueError."""
    found = time.fromisoformat(str(written))
    if found.tzinfo is not None:
        raise ValueError(written)
    return found


def _faulty_form(located: yamlfile.Located, path: tuple[str, ...], form: str) -> Iterator[Reason]:
    found: Any = located.data
    for key in path:
        found = found.get(key) if isinstance(found, dict) else None
    line = located.line(path)
    if not isinstance(found, str):
        yield reason("catalogue_key_missing", file=located.name, line=line, key=".".join(path))
        return
    try:
        used = {name for _, name, _, _ in Formatter().parse(found) if name is not None}
    except ValueError as error:
        yield reason("template_syntax", file=located.name, line=line, problem=str(error))
        return
    for name in sorted(used - _FIELDS[form]):
        yield reason("template_variable", file=located.name, line=line, variable=name, known=_listed(_FIELDS[form]))


def _faulty_templates(
    located: yamlfile.Located, templates: Mapping[str, str], environment: Environment
) -> Iterator[Reason]:
    for kind, entry in located.data["messages"].items():
        for language in LANGUAGES:
            for part in PARTS:
                name = f"{language}/{entry['template']}.{part}.j2"
                if name not in templates:
                    line = located.line(("messages", kind, "template"))
                    yield reason("template_missing", file=located.name, line=line, template=name)
                else:
                    variables, fields = set(entry["variables"]), set(entry["line"])
                    yield from _faulty_template(environment, name, templates[name], variables, fields)


def _faulty_template(
    environment: Environment, name: str, text: str, variables: set[str], fields: set[str]
) -> Iterator[Reason]:
    from jinja2 import TemplateSyntaxError, nodes
    from jinja2.meta import find_undeclared_variables

    try:
        tree = environment.parse(text, name)
    except TemplateSyntaxError as error:
        yield reason("template_syntax", file=name, line=error.lineno, problem=error.message or "")
        return
    if strange := list(_unknown_words(tree, environment)):
        yield from (reason("template_syntax", file=name, line=line, problem=problem) for problem, line in strange)
        return
    unknown = find_undeclared_variables(tree) - variables
    for node in tree.find_all(nodes.Name):
        if node.name in unknown:
            yield reason("template_variable", file=name, line=node.lineno, variable=node.name, known=_listed(variables))
    for shown, lineno in _unknown_fields(tree, fields):
        yield reason("template_variable", file=name, line=lineno, variable=shown, known=_listed(fields))


def _unknown_fields(tree: Any, fields: set[str]) -> Iterator[tuple[str, int]]:
    """What is asked of a line and is none of its fields, or of anything else: (as it is written, its line)."""
    from jinja2 import nodes

    loops = tree.find_all(nodes.For)
    called = {each.target.name for each in loops if isinstance(each.target, nodes.Name) and _is_lines(each.iter)}

    def is_line(node: Any) -> bool:
        return (isinstance(node, nodes.Name) and node.name in called) or (
            isinstance(node, nodes.Getitem) and _is_lines(node.node)
        )

    for access in tree.find_all((nodes.Getattr, nodes.Getitem)):
        inner = access.node
        named = isinstance(access, nodes.Getattr)
        asked = access.attr if named else getattr(access.arg, "value", None)
        if named and isinstance(inner, nodes.Name) and inner.name == "loop":
            continue
        known = asked in fields if is_line(inner) else _is_lines(inner) and isinstance(asked, int)
        if not known:
            yield f"{getattr(inner, 'name', '…')}.{asked}", access.lineno


def _is_lines(node: Any) -> bool:
    from jinja2 import nodes

    return isinstance(node, nodes.Name) and node.name == "lines"


def _unknown_words(tree: Any, environment: Environment) -> Iterator[tuple[str, int]]:
    """Filters and tests that there are none of, and other templates: each stands for itself."""
    from jinja2 import nodes

    for node in tree.find_all(nodes.Filter):
        if node.name not in environment.filters:
            yield f"no filter named {node.name}", node.lineno
    for node in tree.find_all(nodes.Test):
        if node.name not in environment.tests:
            yield f"no test named {node.name}", node.lineno
    for node in tree.find_all((nodes.Include, nodes.Import, nodes.FromImport, nodes.Extends)):
        yield "a template takes in no other", node.lineno


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names)) or "-"
