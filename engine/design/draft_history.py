"""What a draft remembers of its changes: each as the piece of text that differs, to be undone and redone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

MOST_STEPS = 200
MOST_CHARACTERS = 1_000_000  # of all pieces of one draft together


@dataclass(frozen=True, slots=True)
class Step:
    """One change: at `start` stood `old`, and now stands `new`. typed: what was being typed, "" for any other."""

    start: int
    old: str
    new: str
    says: str
    typed: str = ""

    @classmethod
    def between(cls, before: str, after: str, says: str, typed: str = "") -> Step:
        start = _alike(before, after)
        end = _alike(before[start:][::-1], after[start:][::-1])
        return cls(start, before[start : len(before) - end], after[start : len(after) - end], says, typed)

    def undone(self, text: str) -> str | None:
        """The text without this change; None where something else stands there."""
        return _exchanged(text, self.start, self.new, self.old)

    def redone(self, text: str) -> str | None:
        """The text with this change again; None where something else stands there."""
        return _exchanged(text, self.start, self.old, self.new)

    def as_json(self) -> list[Any]:
        return [self.start, self.old, self.new, self.says, self.typed]


def latest(steps: Iterable[Step]) -> list[Step]:
    """The last of the steps, as many as are kept."""
    kept: list[Step] = []
    size = 0
    for step in reversed(list(steps)):
        size += len(step.old) + len(step.new)
        if len(kept) == MOST_STEPS or (size > MOST_CHARACTERS and kept):
            break
        kept.append(step)
    return kept[::-1]


def _alike(one: str, other: str) -> int:
    """How many characters both begin with; found by halving, since comparing slices costs next to nothing."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _exchanged(text: str, start: int, there: str, instead: str) -> str | None:
    end = start + len(there)
    return text[:start] + instead + text[end:] if text[start:end] == there else None
