"""Is `serve` well? What a watchdog asks, and what a person reads; it says nothing of customers."""

from __future__ import annotations

from datetime import timedelta

from engine.commands.serving.known_flows import KnownFlows
from engine.commands.serving.loop import LONGEST_WAIT_SECONDS, Loop
from engine.design.desk import Desk
from engine.errors import Json, LedgerError
from engine.runs.serving.due import overdue, unended

_STUCK = timedelta(seconds=3 * LONGEST_WAIT_SECONDS)
WELL, ILL = 200, 503


def health(things: Desk, flows: KnownFlows, loop: Loop) -> tuple[int, dict[str, Json]]:
    """Status and answer. 503 where a new start may help: the loop stands, the ledger fails, a flow is overdue.

    What a person must mend (a flow with an error, a system that does not let us in) and pauses are said with 200.
    """
    now = things.clock.now()
    ill: list[str] = []
    said: dict[str, Json] = {}
    if loop.looked_at is None or now - loop.looked_at > _STUCK:
        ill.append("the loop has not looked at the clock for too long")
    try:
        ill += [
            f"{planned.flow} should have run at {planned.due_at:%Y-%m-%dT%H:%MZ}"
            for planned in overdue(things.ledger, now)
        ]
        said["failed"] = [planned.flow for planned in things.ledger.timetable() if planned.problem is not None]
        said["long"] = [planned.flow for planned in unended(things.ledger, now)]
        said["paused"] = [pause.flow or "everything" for pause in things.ledger.pauses()]
        said["inbox"] = things.ledger.hints_waiting()
    except LedgerError as error:
        ill.append(error.what)
    said["broken"] = sorted(flows.broken())
    return (ILL if ill else WELL), {"status": "ill" if ill else "well", "ill": ill, **said}
