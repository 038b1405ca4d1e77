"""The plain language: every kind of node that a formula which compiles may consist of, and nothing else.

A plain formula reads fields, computes, chooses, builds, and walks lists that are there. It has no function values, no
recursion, no ranges, no regular expressions: nothing in this file can repeat anything but once for each item of a list.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from typing import TypeAlias

from engine.errors import Json


@dataclass(frozen=True, slots=True)
class Literal:
    """A text, a number, true, false or null as written."""

    value: Json


@dataclass(frozen=True, slots=True)
class Context:
    """`$`: the value at hand."""


@dataclass(frozen=True, slots=True)
class Root:
    """`$$`: the whole record."""


@dataclass(frozen=True, slots=True)
class Variable:
    """`$name`: bound in the formula, or by whoever evaluates it."""

    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """A name: what the value at hand has there."""

    name: str


@dataclass(frozen=True, slots=True)
class Position:
    """`[0]`, `[-1]`: one item by its place."""

    index: int


@dataclass(frozen=True, slots=True)
class Where:
    """`[condition]`: the items for which it holds."""

    condition: Node


Stage: TypeAlias = Position | Where


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a path, with what filters each of its results."""

    node: Node
    stages: tuple[Stage, ...] = ()


@dataclass(frozen=True, slots=True)
class Path:
    """`a.b.c`; keeps_list for `a.b[]`, which is a list also where it finds one thing."""

    steps: tuple[Step, ...]
    keeps_list: bool = False


@dataclass(frozen=True, slots=True)
class Filtered:
    """Anything but a path with filters behind it: `$x[0]`, `(a)[b]`."""

    node: Node
    stages: tuple[Stage, ...]


@dataclass(frozen=True, slots=True)
class Negative:
    """`-a`."""

    node: Node


@dataclass(frozen=True, slots=True)
class Joined:
    """`a & b & c`."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Computed:
    """`a + b`; operator is one of + - * / %."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Compared:
    """`a = b`; operator is one of = != < <= > >= in."""

    operator: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Both:
    """`a and b` (is_or false) or `a or b`: the right side is looked at only where it matters."""

    is_or: bool
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Choice:
    """`a ? b : c`; without an else, missing."""

    condition: Node
    then: Node
    otherwise: Node | None


@dataclass(frozen=True, slots=True)
class Default:
    """`a ?: b` (unless it counts as false) or `a ?? b` (unless it is missing)."""

    unless_missing: bool
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Bind:
    """`$name := a`."""

    name: str
    node: Node


@dataclass(frozen=True, slots=True)
class Block:
    """`(a; b; c)`: the last one's value."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """`[a, b]`; an item that is itself written with brackets stays a list in it, others are flattened."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class ObjectOf:
    """`{"a": b}` with names that are written out."""

    members: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Call:
    """A function by name; from_context where its first argument is the value at hand."""

    function: str
    arguments: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Lambda:
    """`function($a, $b){ body }` where it is used."""

    parameters: tuple[str, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Walk:
    """$map, $filter, $single, $reduce or $sort of a list with a function written in place."""

    function: str
    items: Node
    each: Lambda
    first: Node | None = field(default=None)


Node: TypeAlias = (
    Literal
    | Context
    | Root
    | Variable
    | Field
    | Path
    | Filtered
    | Negative
    | Joined
    | Computed
    | Compared
    | Both
    | Choice
    | Default
    | Bind
    | Block
    | ListOf
    | ObjectOf
    | Call
    | Walk
)


def parts(node: object) -> Iterator[object]:
    """The node and everything below it, in the order it is written."""
    yield node
    if isinstance(node, tuple):
        for part in node:
            yield from parts(part)
    elif hasattr(type(node), "__dataclass_fields__"):
        for each in fields(node):  # type: ignore[arg-type]
            yield from parts(getattr(node, each.name))
