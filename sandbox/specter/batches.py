"""What changed and was not handed out yet, and the batch that waits to be acknowledged.

specter.md, Reads: "the server tracks what it has handed out"; Quirks: "Un-acked batch blocks the queue (code 99)".
A batch is kept as it was handed out, so that fetching it again gives the same; what changed since comes with the next.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from sandbox.specter.choices import Choices
from sandbox.specter.refusals import NO_BATCH, OLD_BATCH, Refused

Doc = dict[str, Any]


@dataclass(slots=True)
class Queue:
    """One kind of change for one web shop."""

    changed: list[str] = field(default_factory=list)  # keys, the oldest change first
    number: str | None = None  # of the batch that waits
    held: list[Doc] = field(default_factory=list)
    told: list[str] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)

    def note(self, key: str) -> None:
        """Note a change; one that is already waiting keeps its place."""
        if key not in self.changed:
            self.changed.append(key)

    def fetch(self, number: str, shown: Callable[[str], Doc], most: int | None, choices: Choices) -> list[Doc]:
        """Give the batch of that number: the one that waits, or a new one."""
        if self.number == number:
            return self.held
        if self.number is not None:
            # "Code 99: an old batch was not acknowledged; message quotes the old batch number in `'…'`"
            raise Refused(OLD_BATCH, f"Batchen '{self.number}' är inte kvitterad.")
        keys, self.changed = self.changed[:most], self.changed[len(self.changed[:most]) :]
        self.held = [shown(key) for key in keys]
        self.told = keys
        # not documented: a number that was used before is like a new one, and whether an empty batch waits
        if self.held or choices.empty_batches_wait:
            self.number = number
        return self.held

    def acknowledge(self, number: str, choices: Choices) -> None:
        """Let the batch go."""
        if self.number == number:
            if choices.acknowledgement_holds:
                self.acknowledged.append(number)
                self.number, self.held = None, []
                for key in self.told if choices.endless else []:
                    self.note(key)
                self.told = []
            return
        # not documented: an acknowledgement that comes twice is a yes, one of a number never seen is a no
        if number not in self.acknowledged and choices.unknown_batch == "refuse":
            raise Refused(NO_BATCH, f"Det finns ingen batch '{number}'.")


class Queues:
    """The queues of all kinds and shops."""

    def __init__(self) -> None:
        self._queues: dict[str, Queue] = {}

    def of(self, kind: str, shop: str) -> Queue:
        """Give the queue; not documented: that each web shop has its own."""
        return self._queues.setdefault(f"{kind} {shop}", Queue())

    def shown(self) -> list[tuple[str, Queue]]:
        """Give all of them, with their names."""
        return sorted(self._queues.items())

    def state(self) -> Doc:
        """Give everything that must survive a restart."""
        return {name: asdict(queue) for name, queue in self._queues.items()}

    def restore(self, state: Doc) -> None:
        """Go back to what `state` gave."""
        self._queues = {name: Queue(**queue) for name, queue in state.items()}
