"""Fills a template with the fields of a paper. A field that the paper does not have is refused before it is filled."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from io import BytesIO
from typing import TYPE_CHECKING, Any
from zipfile import BadZipFile

from ocop_flow.errors import InputInvalid, Text, Unavailable, reason
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
    available(name)
    from docx.shared import Mm
    from docxtpl import DocxTemplate, InlineImage

    check(kind, template, name)
    made = DocxTemplate(BytesIO(template))
    given = {
        key: InlineImage(made, BytesIO(value), width=Mm(_PICTURE)) if isinstance(value, bytes) else value
        for key, value in fields.items()
    }
    made.render(given, environment(), autoescape=True)
    _regrid(made.docx)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def _regrid(document: Any) -> None:
    """Columns as wide as their cells say, and no table wider than the page: lists may have added columns."""
    from docx.oxml.ns import qn

    section = document.sections[0]
    page = (section.page_width - section.left_margin - section.right_margin) // 635
    for table in document.element.body.findall(qn("w:tbl")):
        row = max(table.tr_lst, key=lambda each: len(each.tc_lst))
        widths = [int(cell.width or 0) // 635 for cell in row.tc_lst]
        if not all(widths) or (len(table.tblGrid.gridCol_lst) == len(widths) and sum(widths) <= page):
            continue
        whole = max(sum(widths), page)
        shares = [width * page // whole for width in widths]
        for column in list(table.tblGrid.gridCol_lst):
            table.tblGrid.remove(column)
        for share in shares:
            table.tblGrid.add_gridCol().set(qn("w:w"), str(share))
        for each in table.tr_lst:
            for cell, share in zip(each.tc_lst, shares, strict=False):
                cell.width = share * 635


def available(what: str = "DOCX") -> None:
    """Raises Unavailable where the extra that fills templates is not installed."""
    try:
        import docxtpl  # noqa: F401
    except ImportError as error:
        raise Unavailable(reason("extra_missing", extra="documents", what=what)) from error


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
        what = Text("nội dung không phải là tệp Word (.docx)", "what it holds is no Word file (.docx)")
        raise InputInvalid(reason("template_unreadable", file=name, detail=what)) from error
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
