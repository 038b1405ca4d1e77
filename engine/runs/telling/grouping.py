"""Which causes become a message, and when: one at most every 15 minutes, and nothing twice while it stays open."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from datetime import datetime, timedelta

from engine.errors import Json
from engine.runs.ledger import Ledger
from engine.runs.ledger.causes import OPEN, OVER, StoredCause
from engine.runs.telling.recipients import add_message, last_message_at
from engine.runs.telling.texts import (
    HINTED,
    MISSED,
    PATIENT,
    RUNS_IN_A_ROW,
    STOPPED,
    Item,
    message_of,
)

BETWEEN = timedelta(minutes=15)


def group(
    ledger: Ledger, flows: Collection[tuple[str, str]], title_of: Callable[[str], str], now: datetime, link: str = ""
) -> bool:
    """Put what nobody was told yet into a message for every recipient; False where there is nothing, or it is early.

    flows: each with its binding, that there are; what was wrong with one that is gone is forgotten.
    """

    def change(held: Json, causes: list[StoredCause]) -> tuple[Json, list[StoredCause]] | None:
        there = [cause for cause in causes if (cause.flow, cause.binding) in flows]
        told = [cause for cause in there if is_untold(cause)] if _is_time(held, now) else []
        if not told:
            return None if len(there) == len(causes) else (held, there)
        items = [_item(cause) for cause in told if _is_worth_a_line(cause, there)]
        if items:
            held = add_message(held, message_of(items, title_of, link), now)
        return held, [after for cause in there for after in (_told(cause, now) if cause in told else [cause])]

    causes = ledger.causes()
    if not any(is_untold(cause) or (cause.flow, cause.binding) not in flows for cause in causes):
        return False
    return ledger.hand_over(change)


def _is_time(held: Json, now: datetime) -> bool:
    """Is somebody told, and was the last message long enough ago? A clock that was set back keeps nobody waiting."""
    last = last_message_at(held)
    return bool(held and held["recipients"]) and (last is None or not timedelta(0) <= now - last < BETWEEN)


def is_untold(cause: StoredCause) -> bool:
    """Is it to be told: wrong and not told yet, or over after it was told?"""
    if cause.state == OVER:
        return True
    is_early = cause.sort in (STOPPED, HINTED) and cause.kind in PATIENT and cause.records < RUNS_IN_A_ROW
    return cause.told_at is None and not is_early


def _is_worth_a_line(cause: StoredCause, causes: list[StoredCause]) -> bool:
    """Of what is over: that a flow goes on; that nothing is parked any more, not each cause of it, and once."""
    if cause.state == OPEN:
        return True
    place = (cause.flow, cause.binding, cause.sort)
    alike = [other for other in causes if (other.flow, other.binding, other.sort) == place]
    return all(other.state == OVER for other in alike) and alike[0] == cause


def _item(cause: StoredCause) -> Item:
    is_over = cause.state == OVER
    return Item(cause.flow, cause.binding, cause.sort, cause.kind, cause.says, cause.records, cause.first_at, is_over)


def _told(cause: StoredCause, now: datetime) -> list[StoredCause]:
    """What stays of a cause once it is told: what is still wrong."""
    if cause.state == OVER or cause.sort == MISSED:
        return []
    return [replace(cause, told_at=now)]
