"""What was made for a record and has no outcome yet: its intent says so until `finish` has stored the outcome."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from engine.errors import Json
from engine.runs.aim import Place
from engine.runs.ledger import Intent, Ledger
from engine.runs.opening import OpenStep
from engine.runs.results import PARKED, UNCHANGED, UNKNOWN, Delivered, StepResult
from engine.runs.write_problems import gone, older_copy, unknown


@dataclass(slots=True)
class Made(StepResult):
    """The record's own document, made by us; its intent waits for `tell`, and keeps `told` as its answer then."""

    intent_id: int = 0
    told: Json = None


def answer_of(sent: str | None = None, *, untold: bool = False) -> Json:
    """What an intent keeps: that nobody was told yet, and a hash of what a change would send."""
    return {**({"untold": True} if untold else {}), **({"sent": sent} if sent else {})} or None


def tell(ledger: Ledger, results: list[StepResult], at: datetime) -> None:
    """What was made has its outcome: written with the next commit, which is the outcome's own."""
    for made in results:
        if isinstance(made, Made):
            ledger.intent_done(made.intent_id, made.key, made.number, made.told, at)


def finish(
    ledger: Ledger,
    place: tuple[str, str, str],
    version: str,
    result: Delivered,
    run_id: int,
    now: datetime,
    again: datetime | None = None,
) -> None:
    """Store what came of a record, and that it was told. place: flow, binding, key; again: when it is tried again."""
    if result.seen:
        ledger.keep_delivery(*place, run_id, result.seen, now)
    ledger.finish_record(
        *place, version, result.outcome, result.reason, result.problems, result.target_number, run_id, now, again
    )
    if result.outcome != PARKED:  # one whose sums differ stays untold: they are compared again
        tell(ledger, result.results, now)


def is_untold(intent: Intent) -> bool:
    """Did nobody hear yet what came of it?"""
    return intent.state != "done" or (isinstance(intent.answer, dict) and intent.answer.get("untold") is True)


def begun_before(
    ledger: Ledger,
    step: OpenStep,
    place: Place,
    look: Callable[[], dict[str, Json] | None] | None,
    *,
    anew: bool = False,
) -> StepResult | None:
    """What a delivery would come to that does not find the record's document, although it was begun before; None where
    it would be sent. Raises what parks it. For a dry run, which opens no intent.

    look: where nobody has looked yet; anew: what is not found any more would be made again.
    """
    begun = ledger.begun(place.flow, place.binding, place.key) if place.is_main else []
    for intent in begun:
        if not step.began(intent):
            continue  # of another step, or made in another account
        found = look() if look is not None and step.can_find else None
        if found is not None:
            names = step.system.key_of(step.step.resource, found), step.system.number_of(step.step.resource, found)
            return StepResult(step.step.name, UNCHANGED, found, *names)
        if intent.state == "done" and step.can_find:
            if anew:
                return None
            raise gone(step, intent)
        if intent.state == "done":
            return StepResult(step.step.name, UNCHANGED, {}, intent.target_id, intent.target_number)
        if not step.can_find:
            raise unknown(step)
    if place.is_main and not step.can_find and ledger.may_be_forgotten(place.flow, place.binding, place.key, UNKNOWN):
        raise older_copy(step)
    return None
