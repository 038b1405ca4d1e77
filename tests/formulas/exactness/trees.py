"""Formulas as small trees: written out as text, and taken apart where a smaller one shows the same."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tree:
    """A piece of a formula: texts and trees in a row. Of one `sort`, any may stand where any other stands."""

    parts: tuple[str | Tree, ...]
    sort: str = "expression"

    def __str__(self) -> str:
        return "".join(map(str, self.parts))

    def below(self) -> Iterator[Tree]:
        """The trees inside, those nearest first."""
        inside = [part for part in self.parts if isinstance(part, Tree)]
        yield from inside
        for tree in inside:
            yield from tree.below()

    def smaller(self) -> Iterator[Tree]:
        """Trees with a piece less, the smallest first as far as that is cheap to tell."""
        yield from (tree for tree in self.below() if tree.sort == self.sort)
        if self.sort == "expression" and len(str(self)) > 1:
            yield from (Tree(("1",)), Tree(("a",)), Tree(('"a"',)))
        elif self.parts:
            yield Tree((), self.sort)
        for number, part in enumerate(self.parts):
            if isinstance(part, Tree):
                for less in part.smaller():
                    yield Tree((*self.parts[:number], less, *self.parts[number + 1 :]), self.sort)


def tree(*parts: str | Tree, sort: str = "expression") -> Tree:
    return Tree(parts, sort)


def separated(trees: list[Tree], separator: str = ", ") -> list[str | Tree]:
    """The trees with the separator between them, as parts of a tree."""
    parts: list[str | Tree] = []
    for each in trees:
        parts += [separator, each] if parts else [each]
    return parts
