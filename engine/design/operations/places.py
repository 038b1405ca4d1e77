"""Paths of sources as the picture writes them: `customer.email`, `orderrows[].price`, `$answers.unit`."""

from __future__ import annotations

import re
from dataclasses import dataclass

from engine.design.operations.editing import refuse
from engine.formulas.paths import written

VARIABLES = ("$answers", "$facts", "$values", "$steps", "$lookups")
_PART = re.compile(r"(?:`(?P<quoted>[^`]+)`|(?P<plain>[^.`\[\]]+))(?P<list>\[\])?(?P<end>\.|$)")


@dataclass(frozen=True, slots=True)
class Place:
    """A source: its names from the record (or the variable) down, and after which of them a list is walked."""

    names: tuple[str, ...]
    lists: tuple[int, ...] = ()
    quoted: tuple[int, ...] = ()

    @property
    def variable(self) -> str:
        """$answers, $facts, $values, $steps or $lookups; "" for a field of the record."""
        return self.names[0] if self.names[0] in VARIABLES and 0 not in self.quoted else ""

    @property
    def list_names(self) -> tuple[str, ...]:
        """The innermost list it stands in; empty where it stands in none."""
        return self.names[: self.lists[-1] + 1] if self.lists else ()

    def written(self, start: int = 0) -> str:
        """The formula that names it, from the given name on."""
        parts = [f"`{name}`" if n in self.quoted else written((name,)) for n, name in enumerate(self.names)]
        return ".".join(parts[start:])


def place_of(source: str) -> Place:
    """The place a source path names; refused where it is none."""
    names: list[str] = []
    lists: list[int] = []
    quoted: list[int] = []
    at = 0
    while at < len(source) or not names:
        part = _PART.match(source, at)
        if part is None or (not part["end"] and part.end() < len(source)):
            refuse(
                source[:80], "this is no path of a source", "Write it as customer.email, or lines[].price in a list."
            )
        name = part["quoted"] or part["plain"].strip()
        is_variable = not names and name in VARIABLES
        if part["quoted"] and (name.startswith("$") or name in ("*", "**")):
            quoted.append(len(names))
        elif name.startswith("$") and not is_variable and not (not names and name == "$record"):
            refuse(source[:80], f"there is no “{name[:40]}” to read from", f"There are: {', '.join(VARIABLES)}.")
        if part["list"]:
            lists.append(len(names))
        names.append(name)
        at = part.end()
        if part["end"] == "." and at >= len(source):
            refuse(source[:80], "this path ends with a dot", "Write the name of a field behind it.")
    return _of_record(Place(tuple(names), tuple(lists), tuple(quoted)))


def _of_record(place: Place) -> Place:
    """`$record.currency` is the field `currency`."""
    if place.names[0] != "$record" or 0 in place.quoted or len(place.names) == 1:
        return place
    return Place(place.names[1:], tuple(n - 1 for n in place.lists if n), tuple(n - 1 for n in place.quoted))
