"""The texts of reminders and notices: reads ``notifications/catalogue.yaml`` and its Jinja templates.

The catalogue holds short phrases in Vietnamese and English (``words``, ``duties``, ``entity``) and says which templates
make a message (``messages``). ``read`` checks all of it at once, so that a slip in a phrase or template is found
before anything is sent.
"""

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
#: Phrase of the catalogue -> the ``{fields}`` that it may use.
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
#: Phrases that the catalogue has for every kind of duty or notice.
_PHRASES = ("duty", "todo", "paper")
#: Sections of the catalogue: the duties of a unit, and the notices to an entity.
_SECTIONS = ("duties", "entity")


@dataclass(frozen=True, slots=True)
class Words:
    """The phrases of one language, and the methods that fill in their fields.

    weekdays  names from Monday to Sunday
    forms     phrase -> its text with fields, e.g. ``before`` -> ``còn {days} ngày``
    duties    kind of duty -> its phrases ``duty`` (name), ``todo`` (what to do), ``paper`` (what to hand in)
    entity    kind of notice to an entity -> the same three
    """

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
        """A missing paper with the number of copies that are missing."""
        return self.forms["lacking"].format(name=name, count=count)

    def papers(self, lacking: Sequence[tuple[str, int]] | None, *, to_entity: bool) -> str:
        """The missing papers (name, copies) as one phrase; None where the duty belongs to no dossier, and so the
        papers are not known."""
        if lacking is None:
            return self.forms["present_step"]
        listed = "; ".join(self.lacking(name, count) for name, count in lacking)
        return listed or self.forms["complete_entity" if to_entity else "complete"]

    def ask(self, unit: str, address: str | None) -> str:
        """The office to ask, with its address where there is one."""
        office = self.office(unit)
        return self.forms["ask"].format(office=office, address=address) if address else office

    def chat_head(self, unit: str, count: int, day: str) -> str:
        return self.forms["chat_head"].format(unit=unit, count=count, day=day)

    def chat_line(self, number: int, duty: str, about: str, due: str, left: str) -> str:
        return self.forms["chat_line"].format(number=number, duty=duty, about=about, due=due, left=left)

    def chat_more(self, count: int) -> str:
        return self.forms["chat_more"].format(count=count)

    def show(self, subject: str, code: str) -> str:
        """The ``ocop`` command that shows the subject of a duty.

        subject  ``dossier``, ``milestone`` or ``certificate``; for a milestone ``code`` is that of its plan
        """
        return self.forms[f"show_{subject}"].format(code=code)

    def duty(self, kind: str, name: str, papers: str = "", *, to_entity: bool = False) -> tuple[str, str, str]:
        """(name of the duty, what to do, which paper to hand in), worded for a unit or for an entity.

        A kind that the catalogue does not know is worded as a plain time limit (``limit``).
        """
        section = self.entity if to_entity else self.duties
        found = section.get(kind) or section["limit"]
        named = name or kind
        return found["duty"].format(name=named), found["todo"], found["paper"].format(name=named, papers=papers)


@dataclass(frozen=True, slots=True)
class Catalogue:
    """The checked catalogue.

    hours      when messages may go out
    words      language -> its phrases
    templates  (language, kind of message, part) -> compiled template; parts are ``subject``, ``txt`` and ``html``
    """

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
    """A Jinja environment for templates that an office may edit.

    It is sandboxed, stops at an unknown variable, and escapes values in HTML.
    """
    from jinja2 import DictLoader, StrictUndefined, nodes
    from jinja2.compiler import CodeGenerator, Frame
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    class Fields(CodeGenerator):
        """Compiles ``line.code`` to ``line["code"]``: a line is always a dict, and Jinja's general look-up is slow."""

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
    """Sections, languages and messages that the catalogue must have."""
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
    """Missing parts of one message: each names its template, the template's variables, and the fields of a line."""
    entry = located.data["messages"][kind]
    declared = entry if isinstance(entry, dict) else {}
    for part in ("template", "variables", "line"):
        names = [declared.get(part)] if part == "template" else declared.get(part)
        if not isinstance(names, list) or not all(isinstance(each, str) for each in names):
            key = f"messages.{kind}.{part}"
            yield reason("catalogue_key_missing", file=located.name, line=located.line(("messages", kind)), key=key)


def _faulty_words(located: yamlfile.Located) -> Iterator[Reason]:
    """Opening hours, weekdays and phrases that are missing or cannot be used."""
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
    """Hours that are no times of day, or a closing time not after the opening time: nothing would ever go out."""
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
    """A time without time zone, meant as local time of the office; raises ValueError."""
    found = time.fromisoformat(str(written))
    if found.tzinfo is not None:
        raise ValueError(written)
    return found


def _faulty_form(located: yamlfile.Located, path: tuple[str, ...], form: str) -> Iterator[Reason]:
    """Faults of the phrase at ``path``: missing, not a format string, or with a field that ``form`` does not have."""
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
    """Attributes that a template reads and that do not exist: (as written, line number).

    Only a line has attributes (``fields``); the loop variable may have any name.
    """
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
    """Filters and tests that do not exist, and includes, which are not allowed: (problem, line number)."""
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
