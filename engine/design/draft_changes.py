"""A draft while it is changed: its text, what can be undone and redone, and the log of who changed what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from engine.design.draft_history import Step, latest
from engine.design.operations import Schemas, apply, described
from engine.errors import DocumentError, Json, OperationRefused, Problem

MOST_CHANGES = 200
TYPING_SECONDS = 30.0  # from one pause to the next
MOST_BYTES = 8 * 1024 * 1024  # a flow of ordinary size has a hundredth


@dataclass(frozen=True, slots=True)
class Change:
    """One entry of a draft's log. step: the step it is about, "" for the flow; says: what was done, in words."""

    revision: int
    by: str
    at: str
    step: str
    says: str


@dataclass(slots=True)
class Working:
    """A draft in hand. editors: the revision of each person's last change."""

    flow: str
    text: str
    base: str
    revision: int = 0
    done: list[Step] = field(default_factory=list)
    undone: list[Step] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    editors: dict[str, int] = field(default_factory=dict)
    is_dropped: bool = False
    is_changed: bool = False

    @classmethod
    def of(cls, held: Mapping[str, Any] | None, flow: str, text: str, base: str) -> Working:
        """A draft as it is kept; text and base are those of the published file, for a flow without a draft.

        A flow whose draft was dropped keeps counting its revisions, so that whoever looks at an old one is told.
        """
        if held is None:
            return cls(flow, text, base)
        try:
            return cls(
                flow,
                text if held["text"] is None else held["text"],
                base if held["text"] is None else held["base"],
                held["revision"],
                [Step(*step) for step in held["done"]],
                [Step(*step) for step in held["undone"]],
                [Change(*change) for change in held["changes"]],
                dict(held["editors"]),
            )
        except (KeyError, TypeError, ValueError) as error:
            what = f"the draft of “{flow}” was kept in a form that this program does not know"
            raise DocumentError([Problem(".studio/drafts.json", what, "Use the program that kept it.")]) from error

    def as_row(self) -> dict[str, Any]:
        """The draft as it is kept."""
        return {
            "flow": self.flow,
            "text": None if self.is_dropped else self.text,
            "base": self.base,
            "revision": self.revision,
            "done": [step.as_json() for step in latest(self.done)],
            "undone": [step.as_json() for step in latest(self.undone)],
            "changes": [[c.revision, c.by, c.at, c.step, c.says] for c in self.changes[-MOST_CHANGES:]],
            "editors": self.editors,
        }

    def by_others(self, by: str, revision: int) -> list[Change]:
        """What others changed after a revision; something at least where anything was."""
        since = {editor: last for editor, last in self.editors.items() if editor != by and last > revision}
        known = [change for change in self.changes if change.revision > revision and change.by != by]
        return known or [Change(last, editor, "", "", "more than the log holds") for editor, last in since.items()]

    # --- changes

    def begin(self, text: str, by: str, at: str) -> None:
        """The text of a new flow."""
        _refuse_large(text)
        self.text, self.base = text, ""
        self._note(by, at, "", "the flow was begun")

    def carry_out(self, operation: Json, by: str, at: str, schemas: Schemas) -> None:
        """One operation, undo and redo among them; OperationRefused or DocumentError where it cannot be."""
        name = operation.get("op") if isinstance(operation, Mapping) else None
        if name in ("undo", "redo"):
            if not (self.undo if name == "undo" else self.redo)(by, at):
                raise OperationRefused([Problem(self.flow, f"there is nothing to {name}", "Go on from here.")])
            return
        after = apply(self.text, operation, schemas)
        if after == self.text:
            return
        _refuse_large(after)
        says, typed = described(operation), _typed(operation, by)
        before = self._before_typing(typed, at)
        if before is not None:
            self.done.pop()
            self.changes.pop()
        step = Step.between(self.text if before is None else before, after, says, typed)
        if step.old != step.new:  # else it was typed back to what it was
            self.done = latest([*self.done, step])
        self.undone = []
        self.text = after
        self._note(by, at, str(operation.get("step", "")), says)

    def _before_typing(self, typed: str, at: str) -> str | None:
        """The text before the last change, where it was of the same typing and just now; else None."""
        if not typed or self.undone or not self.done or self.done[-1].typed != typed or not self.changes:
            return None
        seconds = (datetime.fromisoformat(at) - datetime.fromisoformat(self.changes[-1].at)).total_seconds()
        return self.done[-1].undone(self.text) if seconds <= TYPING_SECONDS else None

    def undo(self, by: str, at: str) -> bool:
        """Take the last change back; False where there is none."""
        if not self.done:
            return False
        step = self.done[-1]
        self._exchange(step.undone(self.text), step)
        self.done.pop()
        self.undone.append(step)
        self._note(by, at, "", f"undone: {step.says}")
        return True

    def redo(self, by: str, at: str) -> bool:
        """Make the change again that was taken back last; False where there is none."""
        if not self.undone:
            return False
        step = self.undone[-1]
        self._exchange(step.redone(self.text), step)
        self.undone.pop()
        self.done.append(step)
        self._note(by, at, "", f"done again: {step.says}")
        return True

    def rest_on(self, base: str) -> None:
        """Another published file under the draft."""
        self.is_changed = self.is_changed or self.base != base
        self.base = base

    def discard(self, by: str, at: str) -> None:
        """Nothing stays but the count of revisions and who was last."""
        self.done, self.undone, self.is_dropped = [], [], True
        self._note(by, at, "", "the draft was dropped; the published flow is what counts")

    def _exchange(self, text: str | None, step: Step) -> None:
        if text is None:
            what = f"what this change put into the document is no longer there: {step.says}"
            raise OperationRefused([Problem(self.flow, what, "Change the field itself.")])
        self.text = text

    def _note(self, by: str, at: str, step: str, says: str) -> None:
        self.revision += 1
        self.editors[by] = self.revision
        self.changes.append(Change(self.revision, by, at, step, says))
        self.is_changed = True


def _typed(operation: Mapping[str, Json], by: str) -> str:
    """What a person is typing at; "" for an operation that stands for itself."""
    if not operation.get("typing"):
        return ""
    return "/".join([by, *(str(operation.get(part, "")) for part in ("op", "step", "target", "name"))])


def replay_mark(operation: Json) -> tuple[str, int] | None:
    """Which browser sent an operation and its number there; None for one that is carried out whenever it comes."""
    if not isinstance(operation, Mapping):
        return None
    client, seq = operation.get("client"), operation.get("seq")
    if not isinstance(client, str) or not client or not isinstance(seq, int) or isinstance(seq, bool):
        return None
    return client, seq


def _refuse_large(text: str) -> None:
    if len(text) > MOST_BYTES:
        what = f"the flow would be larger than {MOST_BYTES // 1024 // 1024} MB"
        raise OperationRefused([Problem("", what, "Leave large records out of the examples.")])
