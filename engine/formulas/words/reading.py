"""What reading one node needs: where it stands, the names it knows, and the reader that reads its parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Protocol

from engine.formulas.words.names import Names
from engine.formulas.words.phrases import Phrase, Speech
from engine.formulas.words.titles import Titles

Way = tuple[str, ...] | None  # the names from the record down; None below a computed value


@dataclass(frozen=True)
class Known:
    """What a variable of the formula stands for: an item (its fields then stand bare), or a value by its phrase."""

    phrase: Phrase | None = None
    way: Way = None
    is_item: bool = False


@dataclass(frozen=True)
class Scope:
    """Where a node stands: the way of the value at hand, and whether it is one item of a list."""

    way: Way = ()
    inside: bool = False
    names: Mapping[str, Known] = field(default_factory=dict)

    def at(self, way: Way) -> Scope:
        """One item of the list there."""
        return replace(self, way=way, inside=True)

    def knowing(self, **names: Known) -> Scope:
        return replace(self, names={**self.names, **names})


class Reading(Protocol):
    """The reader, as the modules of this package see it."""

    say: Speech
    names: Names
    titles: Titles
    ambiguous: frozenset[tuple[str, ...]]  # called like another that the formula reads
    as_written: frozenset[tuple[str, ...]]  # those of them that only their written names tell apart

    def read(self, node: Any, scope: Scope) -> Phrase: ...

    def source(self, node: Any) -> str:
        """The text of a node that is one token."""


def way_at(node: Any, scope: Scope) -> Way:
    """The way of a node that only names a place, seen from the scope; None for any other."""
    steps = node.steps if node.type == "path" else [node]
    way: Way = scope.way
    for number, step in enumerate(steps):
        if step.type == "variable" and number == 0:
            if step.value == "$":
                way = ()
            elif step.value in scope.names:
                way = scope.names[step.value].way
            elif step.value != "":
                way = (f"${step.value}",)
        elif step.type == "name":
            way = None if way is None else (*way, step.value)
        elif step.type != "sort":
            return None
    return way
