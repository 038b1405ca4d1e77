"""Where in a file's text a value stands: a small scanner, run only to tell of a problem or to edit."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

Path = Sequence[str | int]  # keys and positions from the top of a document

_SPACE = re.compile(r"[ \t\r\n\ufeff]*")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"?', re.DOTALL)
_BARE = re.compile(r"[^\s,:\]}\[{\"]+")
_PLAIN_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]*")
_BETWEEN = r'[^"{}\[\]]*+'
_TEXT = r'"(?:[^"\\]++|\\.)*+"'
_FLAT = rf"{_BETWEEN}(?:{_TEXT}{_BETWEEN})*+"  # what stands in a container that holds no other
_TO_BRACKET = re.compile(rf"{_BETWEEN}(?:(?:{_TEXT}|\{{{_FLAT}\}}|\[{_FLAT}\]){_BETWEEN})*+", re.DOTALL)


@dataclass(slots=True)
class Node:
    """A value in a text: text[start:end]. kind: object, array or value."""

    start: int
    end: int
    kind: str
    members: list[Member] = field(default_factory=list)

    def member(self, step: str | int) -> Member | None:
        """The member under a key (the last of equal ones, as it is read), or at a position."""
        if isinstance(step, int):
            inside = self.kind == "array" and -len(self.members) <= step < len(self.members)
            return self.members[step] if inside else None
        return next((m for m in reversed(self.members) if self.kind == "object" and m.key == step), None)


@dataclass(slots=True)
class Member:
    """An item of an array or a member of an object; start: where its key (or the item) begins."""

    key: str | None
    start: int
    node: Node


def scan(text: str, at: int = 0) -> Node:
    """The tree of the JSON value that begins here, with the place of every value; what is broken is passed over."""
    start = _after_space(text, at)
    stack: list[tuple[Node, str | None, int]] = []  # open containers; the key that waits for its value
    top = _opened(text, start)
    if top.kind == "value":
        return top
    stack.append((top, None, start + 1))
    while stack:
        container, _, at = stack[-1]
        child, at = _next_member(text, container, at)
        if child is None:
            container.end = at
            stack.pop()
            if stack:
                stack[-1] = (stack[-1][0], None, at)
        elif child.node.kind == "value":
            stack[-1] = (container, None, child.node.end)
        else:
            stack.append((child.node, None, child.node.start + 1))
    return top


@lru_cache(maxsize=4)
def _scanned(text: str) -> Node:
    """The same, to look at only: a file with many problems is scanned once, not once for each."""
    return scan(text)


def scan_members(text: str, at: int = 0) -> Node:
    """The value that begins here with its members, but nothing below them: a tenth of the time."""
    node = _opened(text, _after_space(text, at))
    if node.kind == "value":
        return node
    at = node.start + 1
    while True:
        child, at = _next_member(text, node, at)
        if child is None:
            node.end = at
            return node
        if child.node.kind != "value":
            at = child.node.end = _end_of(text, child.node.start)


def _end_of(text: str, at: int) -> int:
    """Where the container that opens here is closed; the end of the text where it is not."""
    depth, at = 1, at + 1
    while True:
        found = _TO_BRACKET.match(text, at)
        at = found.end() if found else at
        sign = text[at : at + 1]
        if sign not in ("{", "[", "}", "]"):
            return len(text)
        depth += 1 if sign in "{[" else -1
        at += 1
        if depth == 0:
            return at


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _opened(text: str, at: int) -> Node:
    """The value that begins here; a container is left open, its end is not known yet."""
    first = text[at : at + 1]
    if first == "{":
        return Node(at, at + 1, "object")
    if first == "[":
        return Node(at, at + 1, "array")
    found = (_STRING if first == '"' else _BARE).match(text, at)
    return Node(at, found.end() if found else at, "value")


def _next_member(text: str, container: Node, at: int) -> tuple[Member | None, int]:
    """The next member, added to its container; None and the end when it closes or the text ends."""
    while True:
        at = _after_space(text, at)
        sign = text[at : at + 1]
        if sign in ("}", "]") or not sign:
            return None, at + len(sign)
        if sign not in (",", ":"):
            break
        at += 1
    start, key = at, None
    if container.kind == "object":
        found = _STRING.match(text, at)
        if found is not None:
            key = _text_of(found.group())
            at = _after_space(text, found.end())
            if text[at : at + 1] == ":":
                at = _after_space(text, at + 1)
    node = _opened(text, at)
    if node.kind == "value" and node.end == node.start and text[at : at + 1] not in (",", "}", "]"):
        node.end = min(at + 1, len(text))  # a sign that belongs nowhere: pass over it
    member = Member(key, start, node)
    container.members.append(member)
    return member, node.end


def _text_of(literal: str) -> str:
    if "\\" not in literal:
        return literal.strip('"')
    try:
        text: str = json.loads(literal, strict=False)
    except ValueError:
        return literal.strip('"')
    return text


def node_at(text: str, path: Path) -> Node | None:
    """The place of the value at this path, or None when the text has no such value."""
    node = scan(text)
    for step in path:
        member = node.member(step)
        if member is None:
            return None
        node = member.node
    return node


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Line and column of a place in a text, both counted from 1."""
    before = text.rfind("\n", 0, offset)
    return text.count("\n", 0, offset) + 1, offset - before


def offsets_of(text: str, paths: Sequence[Path]) -> list[int]:
    """Where the value of each path begins, or the nearest thing around it that is there."""
    top = _scanned(text)
    offsets = []
    for path in paths:
        node = top
        for step in path:
            member = node.member(step)
            if member is None:
                break
            node = member.node
        offsets.append(node.start)
    return offsets


def position_of(text: str, path: Path) -> tuple[int, int]:
    """Line and column of the value at this path, or of the nearest thing around it that is there."""
    return line_and_column(text, offsets_of(text, [path])[0])


def path_text(path: Path) -> str:
    """A path as people read it: steps[2].fields.Name, lines."Rows[].Price"."""
    written = ""
    for step in path:
        if isinstance(step, int):
            written += f"[{step}]"
        else:
            shown = step if _PLAIN_KEY.fullmatch(step) else json.dumps(step, ensure_ascii=False)
            written += f".{shown}" if written else shown
    return written


def place_text(file: str, path: Path, text: str | None = None) -> str:
    """File, line and path as a problem says them: saved_mappings/x.json:41 steps[2].fields.Name.formula."""
    line = f":{position_of(text, path)[0]}" if text is not None else ""
    return " ".join(part for part in (file + line if file else "", path_text(path)) if part)


def find_doubled_key(text: str) -> int | None:
    """Where a key stands for the second time in one object (the innermost first, as a reader meets them)."""
    for node in _inside_out(scan(text)):
        seen: set[str] = set()
        for member in node.members:
            if member.key is not None:
                if member.key in seen:
                    return member.start
                seen.add(member.key)
    return None


def find_literal(text: str, literal: str) -> int | None:
    """Where this number or name first stands as a value (not inside a text)."""
    places = (n.start for n in _inside_out(scan(text)) if n.kind == "value" and text[n.start : n.end] == literal)
    return min(places, default=None)


def _inside_out(top: Node) -> Iterator[Node]:
    """All nodes, each after what it holds, in the order of the text."""
    stack: list[tuple[Node, int]] = [(top, 0)]
    while stack:
        node, seen = stack.pop()
        if seen < len(node.members):
            stack += [(node, seen + 1), (node.members[seen].node, 0)]
        else:
            yield node
