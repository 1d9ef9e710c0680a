"""Fills a template with the fields of a paper. A field that the paper does not have is refused before it is filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from ocop_flow.errors import InputInvalid, Unavailable, reason
from ocop_flow.papers.kinds import Field, Kind

if TYPE_CHECKING:
    from jinja2 import nodes

Json = dict[str, Any]
#: What a name stands for while a template is read: the fields of its rows, or None for one value.
Scope = Mapping[str, "Mapping[str, Field] | None"]
#: Width of a picture in a paper, mm.
_PICTURE = 30


def filled(kind: Kind, template: bytes, name: str, fields: Json) -> bytes:
    """The paper as a Word file.

    name    of the template, for messages
    raises  Unavailable (the extra is not installed), InputInvalid (no Word file, not readable as a template, or a
            field that this kind of paper does not have: every one is named)
    """
    try:
        from docxtpl import DocxTemplate, InlineImage
    except ImportError as error:
        raise Unavailable(reason("extra_missing", extra="documents", what=name)) from error
    from docx.shared import Mm

    check(kind, template, name)
    made = DocxTemplate(BytesIO(template))
    given = {
        key: InlineImage(made, BytesIO(value), width=Mm(_PICTURE)) if isinstance(value, bytes) else value
        for key, value in fields.items()
    }
    made.render(given, environment(), autoescape=True)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def check(kind: Kind, template: bytes, name: str) -> None:
    """Whether a template names only what the kind of paper has; raises as ``filled``."""
    unknown = strange(kind.fields, template, name)
    if unknown:
        given = (reason("template_field_unknown", file=name, field=each, kind=kind.id) for each in unknown)
        raise InputInvalid(*given)


def strange(fields: Mapping[str, Field], template: bytes, name: str) -> list[str]:
    """Every name in a template that no field has; raises InputInvalid where it cannot be read as a template."""
    from jinja2 import TemplateError

    try:
        reader, source = environment(), _source(template, name)
        tree = reader.parse(source)
        reader.compile(source)
    except TemplateError as error:
        raise InputInvalid(reason("template_unreadable", file=name, detail=str(error))) from error
    return sorted(set(_strange(tree, {key: field.rows for key, field in fields.items()})))


def environment() -> Any:
    """Templates are written elsewhere: they see values and nothing of the program."""
    from jinja2 import StrictUndefined
    from jinja2.sandbox import ImmutableSandboxedEnvironment

    return ImmutableSandboxedEnvironment(undefined=StrictUndefined, autoescape=True)


def _source(template: bytes, name: str) -> str:
    """Body, headers and footers of a Word file as the text that Jinja reads."""
    from docx.opc.exceptions import PackageNotFoundError
    from docxtpl import DocxTemplate

    made = DocxTemplate(BytesIO(template))
    try:
        made.init_docx()
    except (PackageNotFoundError, BadZipFile, ValueError, KeyError, SyntaxError) as error:
        raise InputInvalid(reason("template_unreadable", file=name, detail=type(error).__name__)) from error
    texts = [made.patch_xml(made.get_xml())]
    for uri in (made.HEADER_URI, made.FOOTER_URI):
        texts += [made.patch_xml(made.get_part_xml(part)) for _, part in made.get_headers_footers(uri)]
    return "\n".join(texts)


def _strange(node: nodes.Node, scope: Scope) -> Iterator[str]:
    """Names that no field has, wherever they stand; a loop's variable is known within the loop."""
    from jinja2 import nodes

    if isinstance(node, nodes.For):
        yield from _strange(node.iter, scope)
        inner = {**scope, "loop": {}}
        if isinstance(node.target, nodes.Name):
            inner[node.target.name] = _rows(node.iter, scope)
        for child in (*node.body, *node.else_, *([node.test] if node.test else [])):
            yield from _strange(child, inner)
        return
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name) and node.node.name in scope:
        fields = scope[node.node.name]
        if node.node.name != "loop" and (fields is None or node.attr not in fields):
            yield f"{node.node.name}.{node.attr}"
        return
    if isinstance(node, nodes.Name) and node.name not in scope:
        yield node.name
    for child in node.iter_child_nodes():
        yield from _strange(child, scope)


def _rows(node: nodes.Node, scope: Scope) -> Mapping[str, Field] | None:
    """Fields of the rows that an expression gives: of a list field, or of a list within a row."""
    from jinja2 import nodes

    if isinstance(node, nodes.Name):
        return scope.get(node.name)
    if isinstance(node, nodes.Getattr) and isinstance(node.node, nodes.Name):
        found = (scope.get(node.node.name) or {}).get(node.attr)
        return found.rows if found else None
    return None
