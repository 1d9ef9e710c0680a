"""A regime drawn: states as boxes in the lanes of their tiers, actions as arrows between them.

The picture is laid out once and written as Mermaid, Graphviz or BPMN 2.0 (with BPMNDI, so that a modeller opens it
where the boxes stand). What happened to a dossier, or how many dossiers rest where, is drawn on it as notes.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape, quoteattr

from ocop_flow.domain.units import TIERS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from ocop_flow.domain.regime import Regime
    from ocop_flow.errors import Text

#: Lane of what has ended: no tier holds it.
ENDED = "closed"
FORMATS = ("mermaid", "dot", "bpmn")
_NAMESPACES = (
    'xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI" '
    'xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI" '
    'xmlns:bioc="http://bpmn.io/schema/bpmn/biocolor/1.0"'
)
#: Sizes of the BPMN drawing in its own units: box, gateway, event, and the grid that they stand in.
_BOX, _GATEWAY, _EVENT = (150, 80), (40, 40), (36, 36)
_COLUMN, _ROW, _MARGIN, _HEAD = 290, 120, 60, 50
_MARKED = 'bioc:stroke="#0d4372" bioc:fill="#bbdefb"'


@dataclass(frozen=True, slots=True)
class Node:
    """A state. ``note`` is written below its name; ``marked`` states and arrows are drawn strongly."""

    id: str
    label: str
    lane: str
    note: str
    marked: bool

    @property
    def name(self) -> str:
        """The identifier as every format takes it."""
        return self.id.replace(".", "_")

    @property
    def text(self) -> str:
        return f"{self.label} [{self.note}]" if self.note else self.label


@dataclass(frozen=True, slots=True)
class Arrow:
    id: str
    source: Node
    target: Node
    label: str
    marked: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """``lanes``: identifier -> name, from the top; ``starts``: states in which dossiers begin."""

    title: str
    lanes: Mapping[str, str]
    starts: tuple[Node, ...]
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]


def picture_of(
    regime: Regime,
    said: Callable[[Text], str],
    lanes: Mapping[str, str],
    notes: Mapping[str, str],
    passed: frozenset[tuple[str, str]] = frozenset(),
) -> Picture:
    """The picture of a regime.

    said    a text in the language of the drawing
    lanes   names of the tiers, and of ``closed``
    notes   state -> what is written into it; states with a note are drawn strongly
    passed  (from, to) of the moves that a dossier made
    """
    nodes = {
        state.id: Node(
            state.id, said(state.label), state.tier or ENDED, notes.get(state.id, ""), bool(notes.get(state.id))
        )
        for state in regime.states.values()
    }
    arrows = tuple(
        Arrow(
            f"{action.id}_{number}", nodes[source], nodes[action.to], said(action.label), (source, action.to) in passed
        )
        for action in regime.actions.values()
        for number, source in enumerate(action.sources, start=1)
    )
    used = {node.lane for node in nodes.values()}
    ordered = {lane: lanes[lane] for lane in (*TIERS, ENDED) if lane in used}
    starts = tuple(nodes[state] for state in dict.fromkeys(regime.tracks.values()))
    return Picture(said(regime.title), ordered, starts, tuple(nodes.values()), arrows)


def drawn(picture: Picture, form: str) -> str:
    """The picture as text in one of FORMATS."""
    return {"mermaid": _mermaid, "dot": _dot, "bpmn": _bpmn}[form](picture)


# --- Mermaid -----------------------------------------------------------------------------------------------------


def _mermaid(picture: Picture) -> str:
    lines = ["---", f"title: {_plain(picture.title)}", "---", "stateDiagram-v2"]
    lines += [f'  state "{_plain(node.text)}" as {node.name}' for node in picture.nodes]
    lines += [f"  [*] --> {node.name}" for node in picture.starts]
    lines += [f"  {each.source.name} --> {each.target.name} : {_plain(each.label)}" for each in picture.arrows]
    lines += [f"  {node.name} --> [*]" for node in picture.nodes if node.lane == ENDED]
    lines.append("  classDef marked fill:#bbdefb,stroke:#0d4372,stroke-width:3px")
    lines += [f"  class {node.name} marked" for node in picture.nodes if node.marked]
    return "\n".join(lines) + "\n"


def _plain(text: str) -> str:
    """Without the signs that Mermaid reads as its own."""
    return text.replace('"', "'").replace(":", " –").replace(";", ",").replace("#", "")


# --- Graphviz ----------------------------------------------------------------------------------------------------


def _dot(picture: Picture) -> str:
    lines = [
        "digraph ocop {",
        "  rankdir=LR;",
        "  node [shape=box, style=rounded];",
        f"  label={_quoted(picture.title)};",
    ]
    for lane, name in picture.lanes.items():
        lines.append(f"  subgraph cluster_{lane} {{")
        lines.append(f"    label={_quoted(name)};")
        lines += [f"    {node.name} [label={_quoted(node.text)}{_strong(node.marked)}];" for node in _in(picture, lane)]
        lines.append("  }")
    for node in picture.starts:
        lines.append(f"  start_{node.name} [shape=circle, label={_quoted('')}];")
        lines.append(f"  start_{node.name} -> {node.name};")
    lines += [
        f"  {each.source.name} -> {each.target.name} [label={_quoted(each.label)}{_strong(each.marked)}];"
        for each in picture.arrows
    ]
    return "\n".join([*lines, "}"]) + "\n"


def _strong(marked: bool) -> str:
    return ', color="#0d4372", penwidth=3' if marked else ""


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _in(picture: Picture, lane: str) -> list[Node]:
    return [node for node in picture.nodes if node.lane == lane]


# --- BPMN 2.0 ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Shape:
    """A flow node of the process with its place: ``element`` is the BPMN element, x and y its upper left corner."""

    id: str
    element: str
    name: str
    lane: str
    x: int
    y: int
    size: tuple[int, int]
    marked: bool

    @property
    def left(self) -> tuple[int, int]:
        return self.x, self.y + self.size[1] // 2

    @property
    def right(self) -> tuple[int, int]:
        return self.x + self.size[0], self.y + self.size[1] // 2


@dataclass(frozen=True, slots=True)
class _Flow:
    id: str
    name: str
    source: _Shape
    target: _Shape
    marked: bool


def _bpmn(picture: Picture) -> str:
    shapes, tops, height, width = _laid_out(picture)
    flows = tuple(_flows(picture, shapes))
    body = [
        '<?xml version="1.0" encoding="UTF-8"?>',
        f'<definitions {_NAMESPACES} id="definitions" targetNamespace="urn:ocop-flow:workflow">',
        '  <collaboration id="collaboration">',
        f'    <participant id="pool" name={quoteattr(picture.title)} processRef="process"/>',
        "  </collaboration>",
        '  <process id="process" isExecutable="false">',
        *_process(picture, shapes, flows),
        "  </process>",
        '  <bpmndi:BPMNDiagram id="diagram">',
        '    <bpmndi:BPMNPlane id="plane" bpmnElement="collaboration">',
        *_place("pool", (0, 0, width, height), ' isHorizontal="true"'),
    ]
    for lane, (top, bottom) in tops.items():
        body += _place(f"lane_{lane}", (30, top, width - 30, bottom - top), ' isHorizontal="true"')
    for shape in shapes.values():
        body += _place(shape.id, (shape.x, shape.y, *shape.size), f" {_MARKED}" if shape.marked else "")
    for flow in flows:
        body += _edge(flow)
    return "\n".join([*body, "    </bpmndi:BPMNPlane>", "  </bpmndi:BPMNDiagram>", "</definitions>"]) + "\n"


def _laid_out(picture: Picture) -> tuple[dict[str, _Shape], dict[str, tuple[int, int]], int, int]:
    """(shapes by id, top and bottom of each lane, height, width): columns by distance from the start, rows by lane."""
    columns = _columns(picture)
    shapes: dict[str, _Shape] = {}
    tops: dict[str, tuple[int, int]] = {}
    top = 0
    for lane in picture.lanes:
        rows: dict[int, int] = {}
        for node in _in(picture, lane):
            column = columns[node.id]
            row = rows[column] = rows.get(column, -1) + 1
            for shape in _shapes(picture, node, column, top + row * _ROW):
                shapes[shape.id] = shape
        bottom = top + (max(rows.values(), default=0) + 1) * _ROW
        tops[lane] = (top, bottom)
        top = bottom
    return shapes, tops, top, _HEAD + _MARGIN + (max(columns.values()) + 1) * _COLUMN


def _columns(picture: Picture) -> dict[str, int]:
    """State -> its distance from the beginning; the ends stand behind everything else."""
    found = {node.id: 0 for node in picture.starts[:1]}
    waiting = deque(found)
    while waiting:
        at = waiting.popleft()
        for arrow in picture.arrows:
            if arrow.source.id == at and arrow.target.id not in found:
                found[arrow.target.id] = found[at] + 1
                waiting.append(arrow.target.id)
    open_ = [found[node.id] for node in picture.nodes if node.lane != ENDED and node.id in found]
    last = max(open_, default=0) + 1
    return {node.id: last if node.lane == ENDED else found.get(node.id, last) for node in picture.nodes}


def _shapes(picture: Picture, node: Node, column: int, top: int) -> Iterator[_Shape]:
    x = _HEAD + _MARGIN + column * _COLUMN

    def middle(size: tuple[int, int]) -> int:
        return top + (_ROW - size[1]) // 2

    if node.lane == ENDED:
        yield _Shape(node.name, "endEvent", node.text, node.lane, x, middle(_EVENT), _EVENT, node.marked)
        return
    if node in picture.starts:
        at = x - _EVENT[0] - 20
        yield _Shape(f"start_{node.name}", "startEvent", "", node.lane, at, middle(_EVENT), _EVENT, False)
    yield _Shape(node.name, "userTask", node.text, node.lane, x, middle(_BOX), _BOX, node.marked)
    if sum(arrow.source == node for arrow in picture.arrows) > 1:
        at = x + _BOX[0] + 25
        yield _Shape(f"choice_{node.name}", "exclusiveGateway", "", node.lane, at, middle(_GATEWAY), _GATEWAY, False)


def _flows(picture: Picture, shapes: Mapping[str, _Shape]) -> Iterator[_Flow]:
    """From start to first state, from a state to its choice, and every action; a state without choice goes direct."""
    for node in picture.starts:
        yield _Flow(f"begin_{node.name}", "", shapes[f"start_{node.name}"], shapes[node.name], False)
    for node in picture.nodes:
        choice = shapes.get(f"choice_{node.name}")
        if choice is not None:
            yield _Flow(f"ask_{node.name}", "", shapes[node.name], choice, False)
    for arrow in picture.arrows:
        source = shapes.get(f"choice_{arrow.source.name}", shapes[arrow.source.name])
        yield _Flow(f"flow_{arrow.id}", arrow.label, source, shapes[arrow.target.name], arrow.marked)


def _process(picture: Picture, shapes: Mapping[str, _Shape], flows: tuple[_Flow, ...]) -> Iterator[str]:
    yield '    <laneSet id="lanes">'
    for lane, name in picture.lanes.items():
        yield f'      <lane id="lane_{lane}" name={quoteattr(name)}>'
        yield from (f"        <flowNodeRef>{shape.id}</flowNodeRef>" for shape in shapes.values() if shape.lane == lane)
        yield "      </lane>"
    yield "    </laneSet>"
    for shape in shapes.values():
        yield f"    <{shape.element} id={quoteattr(shape.id)} name={quoteattr(shape.name)}>"
        yield from (f"      <incoming>{escape(flow.id)}</incoming>" for flow in flows if flow.target == shape)
        yield from (f"      <outgoing>{escape(flow.id)}</outgoing>" for flow in flows if flow.source == shape)
        yield f"    </{shape.element}>"
    for flow in flows:
        name = f" name={quoteattr(flow.name)}" if flow.name else ""
        yield f'    <sequenceFlow id="{flow.id}"{name} sourceRef="{flow.source.id}" targetRef="{flow.target.id}"/>'


def _place(element: str, bounds: tuple[int, int, int, int], more: str) -> Iterator[str]:
    x, y, width, height = bounds
    yield f'      <bpmndi:BPMNShape id="{element}_shape" bpmnElement="{element}"{more}>'
    yield f'        <dc:Bounds x="{x}" y="{y}" width="{width}" height="{height}"/>'
    yield "      </bpmndi:BPMNShape>"


def _edge(flow: _Flow) -> Iterator[str]:
    """A straight arrow to the right; one that leads back goes below the boxes."""
    (x1, y1), (x2, y2) = flow.source.right, flow.target.left
    points = [(x1, y1), (x2, y2)]
    if x2 <= x1:
        below = max(flow.source.y + flow.source.size[1], flow.target.y + flow.target.size[1]) + 12
        points = [(x1, y1), (x1 + 12, y1), (x1 + 12, below), (x2 - 12, below), (x2 - 12, y2), (x2, y2)]
    yield f'      <bpmndi:BPMNEdge id="{flow.id}_edge" bpmnElement="{flow.id}"{" " + _MARKED if flow.marked else ""}>'
    yield from (f'        <di:waypoint x="{x}" y="{y}"/>' for x, y in points)
    yield "      </bpmndi:BPMNEdge>"
