"""What runs by itself: a flow with one of its bindings."""

from __future__ import annotations

from typing import NamedTuple

from engine.runs.ledger.bindings import DEFAULT


class Name(NamedTuple):
    """A flow and its binding."""

    flow: str
    binding: str = DEFAULT

    def __str__(self) -> str:
        return self.flow if self.binding == DEFAULT else f"{self.flow}, {self.binding}"
