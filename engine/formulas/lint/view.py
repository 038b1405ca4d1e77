"""What a rule looks at: a formula, its parts with what is known of each, and where the formula stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.formulas.lint.inference import Inference
from engine.formulas.lint.shape import UNKNOWN, Shape
from engine.formulas.lint.source import Builder, Source


@dataclass(frozen=True, slots=True)
class Scope:
    """What a formula sees and where its value goes.

    record: what stands under `$`, called so in messages; variables: by name without the dollar sign; holding:
    formulas that are true whenever this one is asked; target: the field that gets the value, None where there is
    none or nothing is known of it.
    """

    record: Shape = UNKNOWN
    called: str = "the record"
    variables: Mapping[str, Shape] = field(default_factory=dict)
    holding: tuple[str, ...] = ()
    target: Shape | None = None
    target_path: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: which rule, at which column (from 0), what is wrong, what to do.

    proposal: the whole formula, written anew; None where only a person can tell how.
    """

    rule: str
    position: int
    what: str
    what_to_do: str
    proposal: str | None = None


@dataclass(frozen=True, slots=True)
class View:
    """A formula under inspection."""

    source: Source
    root: Any
    nodes: tuple[Any, ...]
    inference: Inference
    result: Shape
    scope: Scope

    def shape(self, node: Any) -> Shape:
        return self.inference.shape(node)

    def text(self, node: Any) -> str:
        """The node as it was written, shortened to be quoted."""
        text = " ".join(self.source.text(node).split())
        return text if len(text) <= 60 else text[:59] + "…"

    def at(self, node: Any) -> int:
        return self.source.at(node)

    def start(self, node: Any) -> int:
        """Where the node begins, its first operand included."""
        span = self.source.span(node)
        return span[0] if span else self.at(node)

    def rewritten(self, builders: Mapping[int, Builder]) -> str | None:
        return self.source.rewritten(builders, self.root)


def called_function(node: Any) -> str:
    """The name of the function a node calls by its name; empty for any other node."""
    is_call = node.type == "function" and node.procedure is not None and node.procedure.type == "variable"
    return str(node.procedure.value) if is_call else ""


def bare(node: Any) -> Any:
    """The node without brackets around it."""
    while node.type == "block" and len(node.expressions) == 1 and not node.predicate:
        node = node.expressions[0]
    return node
