"""Is `serve` well? What a watchdog asks, and what a person reads; it says nothing of customers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta

from engine.commands.serving.known_flows import KnownFlows
from engine.commands.serving.loop import LONGEST_WAIT_SECONDS, Loop
from engine.design.desk import Desk
from engine.errors import Json, LedgerError
from engine.runs.serving.due import is_held_back, name_of, overdue, unended
from engine.runs.telling.recipients import failing, recipients


@dataclass(frozen=True, slots=True)
class Watched:
    """A part of `serve` that works in threads of its own, and whether they still do."""

    what: str
    is_well: Callable[[], bool]


_STUCK = timedelta(seconds=3 * LONGEST_WAIT_SECONDS)
WELL, ILL = 200, 503


def health(things: Desk, flows: KnownFlows, loop: Loop, threads: Sequence[Watched]) -> tuple[int, dict[str, Json]]:
    """Status and answer. 503 where a new start may help: the loop stands, the ledger fails, a flow is overdue.

    What a person must mend (a flow with an error, a system that does not let us in) and pauses are said with 200.
    """
    now = things.clock.now()
    ill: list[str] = []
    said: dict[str, Json] = {}
    if loop.looked_at is None or now - loop.looked_at > _STUCK:
        ill.append("the loop has not looked at the clock, and written that down, for too long")
    ill += [f"{each.what} stands still" for each in threads if not each.is_well()]
    try:
        ill += [
            f"{name_of(each)} should have run at {each.due_at:%Y-%m-%dT%H:%MZ}" for each in overdue(things.ledger, now)
        ]
        planned = things.ledger.timetable()
        moments = [each.due_at for each in planned if each.due_at is not None]
        said["next"] = min(moments).isoformat(timespec="seconds") if moments else None
        said["failed"] = [str(name_of(each)) for each in planned if each.problem is not None]
        said["held_back"] = [str(name_of(each)) for each in planned if is_held_back(each)]
        said["long"] = [str(name_of(each)) for each in unended(things.ledger, now)]
        said["paused"] = [pause.flow or "everything" for pause in things.ledger.pauses()]
        said["inbox"] = things.ledger.hints_waiting()
        said["telling"] = {"told": len(recipients(things.ledger)), "failing": len(failing(things.ledger))}
    except LedgerError as error:
        ill.append(error.what)
    said["broken"] = sorted(flows.broken())
    said["first_run"] = [str(name) for name in flows.waiting()]
    return (ILL if ill else WELL), {"status": "ill" if ill else "well", "ill": ill, **said}
