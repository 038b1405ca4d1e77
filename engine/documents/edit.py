"""Changes one place of a JSON text and nothing else: order, spelling, indentation and line ends survive."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from engine.documents.positions import Member, Node, Path, path_text, scan, scan_members
from engine.documents.strict_json import read_strict
from engine.errors import DocumentError, Json, Problem

_INDENT = re.compile(r"\n([ \t]+)\S")


def set_value(text: str, path: Path, value: Json) -> str:
    """The text with `value` at `path`; only the lines of that value differ.

    A key that is not there yet is added at the end of its object; DocumentError when its object is not there.
    Inside a list or object that keeps its shape, only the items that differ are written anew.
    """
    if not path:
        return _replaced(text, scan(text), value)
    return _put(text, path, _container(text, path).member(path[-1]), value)


def set_formula(text: str, path: Path, formula: str) -> str:
    """The text with this formula at `path`, as a list of lines if it was one or if it has line breaks."""
    member = _container(text, path).member(path[-1])
    held_as_list = member is not None and member.node.kind == "array"
    return _put(text, path, member, formula.split("\n") if held_as_list or "\n" in formula else formula)


def _put(text: str, path: Path, member: Member | None, value: Json) -> str:
    if member is None:
        return insert(text, path, value)
    return _replaced(text, scan(text, member.node.start), value)


def remove(text: str, path: Path) -> str:
    """The text without the member or item at `path`; DocumentError when it is not there."""
    if not path:
        raise _absent(path)
    container = _container(text, path)
    member = container.member(path[-1])
    if member is None:
        raise _absent(path)
    place = next(n for n, other in enumerate(container.members) if other is member)
    members = container.members
    if len(members) == 1:
        return text[: container.start + 1] + text[container.end - 1 :]
    if place + 1 < len(members):
        return text[: member.start] + text[members[place + 1].start :]
    return text[: members[place - 1].node.end] + text[member.node.end :]


def rename(text: str, path: Path, key: str) -> str:
    """The text with another key for the member at `path`; DocumentError when it is not there, or the key is taken."""
    container = _container(text, path)
    member = container.member(path[-1])
    if member is None or member.key is None:
        raise _absent(path)
    if key == member.key:
        return text
    if container.member(key) is not None:
        raise _taken([*path[:-1], key])
    written = scan(text, member.start)
    return text[: written.start] + _literal(key) + text[written.end :]


def insert(text: str, path: Path, value: Json, after: str | None = None) -> str:
    """The text with a new member or item at `path`.

    In an object, `after` names the key it follows (else it comes last); in a list, the last step of the path
    is the position it gets. DocumentError when its container is not there, or the key is there already.
    """
    container = _container(text, path)
    step = path[-1]
    members = container.members
    if isinstance(step, int):
        place = min(step if step >= 0 else max(0, len(members) + step), len(members))
    elif container.member(step) is not None:
        raise _taken(path)
    else:
        place = _place_after(members, after)
    style = _Style(text)
    on_lines = _is_on_lines(text, container, style)
    indent = style.indent_at(text, container.start) + style.unit if on_lines else ""
    if on_lines and members:
        indent = style.indent_at(text, members[0].start)
    is_short = bool(members) and _is_record_on_one_line(text, members[max(0, place - 1)].node, value)
    written = style.written(value, indent if on_lines and not is_short else None)
    if isinstance(step, str):
        written = f"{_literal(step)}: {written}"
    if not members:
        inside = f"{style.line_end}{indent}{written}{style.line_end}{style.indent_at(text, container.start)}"
        return text[: container.start + 1] + (inside if on_lines else written) + text[container.end - 1 :]
    gap = f"{style.line_end}{indent}" if on_lines else " "
    if place == len(members):
        at = members[-1].node.end
        return f"{text[:at]},{gap}{written}{text[at:]}"
    at = members[place].start
    return f"{text[:at]}{written},{gap}{text[at:]}"


def _is_record_on_one_line(text: str, neighbour: Node, value: Json) -> bool:
    """Is it a record of plain values whose neighbour is one too, and written on one line?"""
    is_flat = isinstance(value, dict) and not any(isinstance(held, dict | list) for held in value.values())
    is_like = neighbour.kind == "object" and neighbour.end - neighbour.start > len("{ }")
    return is_flat and is_like and "\n" not in text[neighbour.start : neighbour.end]


def _place_after(members: Sequence[Member], after: str | None) -> int:
    places = [n for n, member in enumerate(members) if member.key == after]
    return places[-1] + 1 if after is not None and places else len(members)


def _container(text: str, path: Path) -> Node:
    node = scan_members(text)
    for step in path[:-1]:
        member = node.member(step)
        if member is None:
            raise _absent(path)
        node = scan_members(text, member.node.start)
    if node.kind != ("array" if isinstance(path[-1], int) else "object"):
        raise _absent(path)
    return node


def _absent(path: Path) -> DocumentError:
    shown = path_text(path) or "the document"
    return DocumentError([Problem(shown, "there is no such place in the document", "Read the document again.")])


def _taken(path: Path) -> DocumentError:
    return DocumentError([Problem(path_text(path), f"the key {path[-1]!r} is there already", "Change it instead.")])


def _replaced(text: str, node: Node, value: Json) -> str:
    for start, end, written in reversed(_changes(text, node, value, _Style(text))):
        text = text[:start] + written + text[end:]
    return text


def _changes(text: str, node: Node, value: Json, style: _Style) -> list[tuple[int, int, str]]:
    """What to write where, in the order of the text; nothing for what stays the same."""
    held = _value_of(text, node)
    if _is_same(held, value):
        return []
    members = node.members
    if isinstance(value, dict) and node.kind == "object" and [m.key for m in members] == list(value):
        parts = zip(members, value.values(), strict=True)
        return [change for m, new in parts for change in _changes(text, m.node, new, style)]
    if isinstance(value, list) and node.kind == "array" and len(members) == len(value):
        items = zip(members, value, strict=True)
        return [change for m, new in items for change in _changes(text, m.node, new, style)]
    on_lines = node.kind == "value" or _is_on_lines(text, node, style)
    indent = style.indent_at(text, node.start) if on_lines and style.on_lines else None
    return [(node.start, node.end, style.written(value, indent))]


def _value_of(text: str, node: Node) -> Json:
    return read_strict(text[node.start : node.end])


def _is_same(held: Json, value: Json) -> bool:
    """Equal as JSON: true is not 1, and 1 is not 1.0, because they are written differently."""
    return type(held) is type(value) and _literal(held) == _literal(value)


def _is_on_lines(text: str, container: Node, style: _Style) -> bool:
    """Are the members of this container written on lines of their own (or would they be, were there any)?"""
    if container.members:
        return "\n" in text[container.start : container.members[0].start]
    return style.on_lines


def _literal(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, allow_nan=False)


class _Style:
    """How a text is laid out: its line ends and the step of its indentation."""

    def __init__(self, text: str) -> None:
        self.line_end = "\r\n" if "\r\n" in text else "\n"
        first = _INDENT.search(text)
        self.unit = first.group(1) if first else "  "
        self.on_lines = first is not None or not text.strip("\ufeff").strip() or "\n" in text.strip()

    def indent_at(self, text: str, offset: int) -> str:
        """The spaces at the beginning of the line in which this place is."""
        start = text.rfind("\n", 0, offset) + 1
        found = re.compile(r"[ \t]*").match(text, start)
        return found.group() if found else ""

    def written(self, value: Json, indent: str | None) -> str:
        """The value as text: on lines of its own with this indentation, or on one line."""
        if indent is None:
            return _literal(value)
        lines = json.dumps(value, ensure_ascii=False, allow_nan=False, indent=self.unit).split("\n")
        return (self.line_end + indent).join(lines)
