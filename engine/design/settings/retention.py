"""How long what came to an end is kept: said by the environment, or set for the workspace, or thirty days."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.errors import DocumentError, Problem
from engine.runs.ledger import Ledger
from engine.runs.ledger.purging import Purged as Purged

VARIABLE = "MAPPING_STUDIO_RETENTION_DAYS"
USUAL_DAYS, MOST_DAYS = 30, 36_500


@dataclass(frozen=True, slots=True)
class Retention:
    """How many days; 0 keeps none. said_by: what it comes from."""

    days: int
    said_by: Literal["environment", "workspace", "nobody"]

    @property
    def time(self) -> timedelta:
        return timedelta(days=self.days)


def retention(ledger: Ledger) -> Retention:
    """What holds now; DocumentError where the environment says something that is no number of days."""
    text = os.environ.get(VARIABLE)
    if text is not None:
        return Retention(_days(text), "environment")
    kept = ledger.retention_days()
    return Retention(USUAL_DAYS, "nobody") if kept is None else Retention(kept, "workspace")


def _days(text: str) -> int:
    if not text.isdecimal() or int(text) > MOST_DAYS:
        what = f"“{text}” is no number of days"
        raise DocumentError(
            [Problem(VARIABLE, what, f"Write a whole number up to {MOST_DAYS}, such as 30; 0 keeps none.")]
        )
    return int(text)


@needs(Role.ADMINISTER, "change for how long things are kept")
def keep_for(desk: Desk, days: int) -> None:
    """From now on; refused where the environment says it, since that would win."""
    if VARIABLE in os.environ:
        what = f"the environment says {os.environ[VARIABLE]} days, and goes before what is set here"
        raise DocumentError([Problem(VARIABLE, what, "Take the variable away where the studio and runs are started.")])
    desk.ledger.set_retention_days(_days(str(days)), desk.person.name, desk.clock.now())


def would_go(desk: Desk, time: timedelta | None = None) -> Purged:
    """How much would be forgotten now. time: else as it is set."""
    return desk.ledger.to_purge(desk.clock.now() - (retention(desk.ledger).time if time is None else time))


@needs(Role.ADMINISTER, "forget what is old")
def forget_now(desk: Desk, time: timedelta | None = None) -> Purged:
    """Forget it, beside runs that go on; what went. time: as `would_go`."""
    time = retention(desk.ledger).time if time is None else time
    gone = desk.ledger.purge_before(desk.clock.now() - time)
    details = {"days": time.days, "rows": gone.total}
    desk.ledger.note("purged", desk.person.name, desk.clock.now(), details=details)
    return gone
