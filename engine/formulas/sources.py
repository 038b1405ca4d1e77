"""Things that formulas read or make on the way, each of which can be asked where its fields come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

Way = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Origin:
    """A place that is read: names from the record down, or from `$answers`, `$values`, `$lookups`, `$steps`, `$facts`.

    via: the named values on the way to it, the one the formula names first.
    """

    way: Way
    via: tuple[str, ...] = ()


Found = dict[Origin, None]


@dataclass(frozen=True)
class Source:
    """Something that has fields: asked for the way to one of them, it says where that comes from."""

    get: Callable[[Way], Found]
    above: Source | None = None

    def below(self, name: str) -> Source:
        return Source(lambda rest: self.get((name, *rest)), self)


RECORD = Source(lambda rest: {Origin(rest): None})
NOTHING = Source(lambda rest: {})


def together(found: Iterable[Found]) -> Found:
    """All of them, each once."""
    every: Found = {}
    for some in found:
        every |= some
    return every
