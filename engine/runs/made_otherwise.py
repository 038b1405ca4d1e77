"""One record, one document: what became an order is not made an invoice too because a setting changed meanwhile.

A flow may have several steps that make the record's own document, of which the settings choose one. Before a step makes
one, the intents of the record are looked at, and what the ledger knows of its number. A document that another step has
made stays the only one; one that another step may have made is looked up first. Somebody may say that both are wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from engine.runs.aim import Aim, Place
from engine.runs.ledger import Intent, Ledger
from engine.runs.opening import OpenStep
from engine.runs.results import UNCHANGED, UNKNOWN, StepResult
from engine.runs.untold import is_untold
from engine.runs.write_problems import gone, unknown
from engine.runs.writing import Writer

AimOf = Callable[[OpenStep], Aim]


class MadeOtherwise(Exception):
    """The record has its document already, made by another step; result: what came of that step."""

    def __init__(self, made: OpenStep, result: StepResult, wanted: OpenStep) -> None:
        number = result.number or result.key or ""
        super().__init__(
            f"{made.system.title} has it as {_kind(made)} {number}".rstrip()
            + f" already, so no {_kind(wanted)} is made of it too; --as-well makes both"
        )
        self.made = made
        self.result = result


@dataclass(frozen=True, slots=True)
class OtherDocuments:
    """The other steps that could have made the document of a record. aim_of: what a step aims at for this record;
    is_wanted: whether the flow wants what a step makes now, for a flow may make several documents of one record.
    """

    ledger: Ledger
    writer: Writer
    place: Place
    aim_of: AimOf
    is_wanted: Callable[[OpenStep], bool]
    is_dry: bool

    def refuse_second(self, wanted: OpenStep, others: Collection[OpenStep]) -> None:
        """Raise MadeOtherwise where another step made it, OutcomeUnknown where nobody can tell."""
        place = self.place
        through = {each.step.name: each.connection for each in (wanted, *others)}  # in another account it says nothing
        intents = self.ledger.begun(place.flow, place.binding, place.key)
        begun = {intent.step: intent for intent in intents if through.get(intent.step) == intent.connection}
        if wanted.step.name in begun:
            return  # it was begun like this before, so it is finished like this
        is_looked_for = self._may_be_there()
        for other in others:
            intent = begun.get(other.step.name)
            if (intent is not None or is_looked_for) and not self.is_wanted(other):
                self._refuse(wanted, other, intent)

    def _may_be_there(self) -> bool:
        """Was the record delivered, although no intent tells by which step?"""
        place = (self.place.flow, self.place.binding, self.place.key)
        return self.ledger.target_number(*place) is not None or self.ledger.may_be_forgotten(*place, UNKNOWN)

    def _refuse(self, wanted: OpenStep, other: OpenStep, intent: Intent | None) -> None:
        if intent is not None and intent.state == "done" and not is_untold(intent):
            told = StepResult(other.step.name, UNCHANGED, {}, intent.target_id, intent.target_number)
            raise MadeOtherwise(other, told, wanted)
        found = self.writer.find(other, self.aim_of(other), self.place)
        if found is not None:
            raise MadeOtherwise(other, self.writer.met(other, intent, found, self.place), wanted)
        if intent is None:
            return
        if intent.state == "done":
            raise gone(other, intent)
        if not other.can_find:
            raise unknown(other)
        if not self.is_dry:
            self.ledger.intent_refused(intent.id)  # it was never made, and is not to be made any more


def _kind(step: OpenStep) -> str:
    return step.resource.kind.replace("_", " ")
