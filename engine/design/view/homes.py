"""Where a mapping could go whose field the target does not have any more: by meaning, by name, by type."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from engine.design.view.schema_nodes import Node
from engine.errors import Json

MOST_HOMES = 3
_LEAST_LIKENESS = 0.55


@dataclass(frozen=True, slots=True)
class Home:
    """A field that could take the mapping, and why it is proposed."""

    target: str
    label: str
    why: str

    def as_json(self) -> dict[str, Json]:
        return {"target": self.target, "label": self.label, "why": self.why}


def homes(
    target: str, type_: str, meanings: Collection[str], nodes: Iterable[Node], taken: Collection[str]
) -> list[Home]:
    """The free fields that fit best. type_: of what the formula gives, "any" where that is not known; meanings: what
    the sources mean that it reads.
    """
    name = _plain(target)
    is_inside = "[]." in target
    found: list[tuple[float, Home]] = []
    for node in nodes:
        if node.id in taken or node.gone or node.type == "object" or ("[]." in node.id) != is_inside:
            continue
        if target.endswith("[]") != node.id.endswith("[]"):
            continue
        means = bool(node.meaning) and node.meaning in meanings
        likeness = max(_like(name, _plain(node.id)), _like(name, node.label))
        if not means and likeness < _LEAST_LIKENESS:
            continue
        fits = type_ in ("any", node.type)
        why = "same meaning" if means else "similar name"
        found.append(
            (
                2.0 * means + likeness + 0.3 * fits,
                Home(node.id, node.label, f"{why}, same type" if fits and type_ != "any" else why),
            )
        )
    return [home for _, home in sorted(found, key=lambda each: -each[0])[:MOST_HOMES]]


def _plain(target: str) -> str:
    return target.removesuffix("[]").rsplit(".", 1)[-1]


def _like(one: str, other: str) -> float:
    a, b = _letters(one), _letters(other)
    if not a or not b:
        return 0.0
    contained = 0.8 if min(len(a), len(b)) >= 4 and (a in b or b in a) else 0.0
    return max(difflib.SequenceMatcher(None, a, b).ratio(), contained)


def _letters(text: str) -> str:
    return "".join(character for character in text.casefold() if character.isalnum())
