"""Reads the YAML that people write: safe, strict, and able to say on which line a fault stands.

DESIGN section 8: duplicate keys are refused; a code or date that YAML would read as a number or a day
(``08``, ``36``, ``2020-03-30``, ``on:``) must be quoted, so an unquoted one is an error with its line.
Aliases are refused altogether: no file of ours needs one, and they are how a small file becomes a huge one.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from ocop_flow.errors import InputInvalid, Reason, reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    import yaml

#: Largest file accepted, in bytes: far above any plan or regime, far below what could exhaust a machine.
MAX_BYTES = 8_000_000
#: Deepest nesting accepted.
MAX_DEPTH = 40
#: Numbers that may stand unquoted as a key: stars.
_DIGITS = frozenset("0123456789")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Located:
    """A parsed document and where each of its values stands.

    data    dicts with string keys, lists, str, int, bool, None; never float, date or other YAML guesses
    lines   path (keys and list indexes from the root) -> line, 1-based; of the key for a mapping's value
    name    file name to show
    """

    data: Any
    lines: dict[Path, int] = field(default_factory=dict)
    name: str = ""

    def line(self, path: Path) -> int:
        """Line of a path, or of its nearest recorded ancestor; 1 for the document."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(text: str | bytes, name: str) -> Located:
    """Parse one document.

    raises  InputInvalid listing every fault with its line: not UTF-8, syntax, duplicate key, alias, unquoted code or
            date, float, non-string key, tag, depth or size over the limit
    """
    import yaml

    if len(text) > MAX_BYTES:
        raise InputInvalid(reason("file_too_large", file=name, limit=MAX_BYTES))
    if isinstance(text, bytes):
        try:
            text = text.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise InputInvalid(reason("file_not_utf8", file=name, position=error.start)) from error
    loader_class = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    loader = loader_class(text)
    try:
        aliases = [event for event in _events(text, yaml) if isinstance(event, yaml.AliasEvent)]
        if aliases:
            raise InputInvalid(*(reason("yaml_alias", file=name, line=_line(event)) for event in aliases[:20]))
        node = loader.get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else 1
        raise InputInvalid(reason("yaml_syntax", file=name, line=line, problem=str(error.problem))) from error
    except yaml.YAMLError as error:
        raise InputInvalid(reason("yaml_syntax", file=name, line=1, problem=str(error).splitlines()[0])) from error
    except RecursionError as error:
        raise InputInvalid(reason("yaml_too_deep", file=name, limit=MAX_DEPTH)) from error
    finally:
        loader.dispose()
    if node is None:
        raise InputInvalid(reason("file_empty", file=name))
    builder = _Builder(name)
    data = builder.value(node, ())
    if builder.faults:
        raise InputInvalid(*builder.faults)
    return Located(data, builder.lines, name)


def _events(text: str, yaml_module: Any) -> Iterator[Any]:
    loader_class = getattr(yaml_module, "CSafeLoader", yaml_module.SafeLoader)
    depth = 0
    for event in yaml_module.parse(text, Loader=loader_class):
        if isinstance(event, (yaml_module.MappingStartEvent, yaml_module.SequenceStartEvent)):
            depth += 1
            if depth > MAX_DEPTH:
                raise RecursionError
        elif isinstance(event, (yaml_module.MappingEndEvent, yaml_module.SequenceEndEvent)):
            depth -= 1
        yield event


def _line(node: Any) -> int:
    return int(node.start_mark.line) + 1


class _Builder:
    """Turns YAML nodes into plain values, collecting faults instead of stopping at the first."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.lines: dict[Path, int] = {}
        self.faults: list[Reason] = []

    def value(self, node: yaml.Node, path: Path) -> Any:
        self.lines.setdefault(path, _line(node))
        kind = node.tag.rsplit(":", 1)[-1]
        if kind == "map":
            return self.mapping(node, path)
        if kind == "seq":
            return [self.value(item, (*path, index)) for index, item in enumerate(node.value)]
        if kind == "str":
            # YAML 1.1 reads 08 as text but 07 as seven: a bare number with a leading zero is never what was meant.
            if getattr(node, "style", None) is None and node.value.isdigit():
                self.fault("yaml_unquoted", node, value=node.value, kind="int")
            return node.value
        if kind == "null":
            return None
        if kind == "bool" and node.value.lower() in ("true", "false"):
            return node.value.lower() == "true"
        if kind == "int" and (node.value == "0" or node.value.lstrip("-")[:1] in "123456789") and "_" not in node.value:
            return self.integer(node)
        self.fault("yaml_unquoted", node, value=str(node.value), kind=kind)
        return None

    def integer(self, node: Any) -> int | None:
        digits = node.value.lstrip("-")
        if digits.isascii() and digits.isdigit() and len(digits) <= 15:
            return int(node.value)
        self.fault("yaml_unquoted", node, value=str(node.value), kind="int")
        return None

    def mapping(self, node: Any, path: Path) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = key_node.value
            kind = key_node.tag.rsplit(":", 1)[-1]
            # A bare 3, 4 or 5 as a key (stars) is plain enough to accept; `on`, `no`, 08 and dates are not.
            if not isinstance(key, str) or not (kind == "str" or (kind == "int" and key in _DIGITS)):
                self.fault("yaml_unquoted", key_node, value=str(key), kind=kind)
                continue
            if key in result:
                self.fault("yaml_duplicate_key", key_node, key=key)
                continue
            self.lines[(*path, key)] = _line(key_node)
            result[key] = self.value(value_node, (*path, key))
        return result

    def fault(self, code: str, node: Any, **params: str) -> None:
        self.faults.append(reason(code, file=self.name, line=_line(node), **params))
