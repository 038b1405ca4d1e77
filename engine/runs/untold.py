"""What was made for a record and has no outcome yet: its intent says so until the outcome is stored."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.runs.ledger import Intent, Ledger
from engine.runs.results import StepResult

UNTOLD = {"untold": True}


@dataclass(slots=True)
class Made(StepResult):
    """The record's own document, made by us; its intent waits for `tell`."""

    intent_id: int = 0


def tell(ledger: Ledger, results: list[StepResult], at: datetime) -> None:
    """What was made has its outcome: written with the next commit, which is the outcome's own."""
    for made in results:
        if isinstance(made, Made):
            ledger.intent_done(made.intent_id, made.key, made.number, None, at)


def is_untold(intent: Intent) -> bool:
    """Did nobody hear yet what came of it?"""
    return intent.state != "done" or intent.answer == UNTOLD
