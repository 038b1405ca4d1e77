"""When a record is tried again that could not be delivered because a system was down, and when that is enough."""

from __future__ import annotations

import random

from engine.errors import AddressRefused, Cause, ExchangeError, LedgerError, SignInNeeded

RETRY_SECONDS = (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
MOST_FAILURES_IN_A_ROW = 5
LATE_SECONDS = 300  # after a time-out the target may still be at work: so long before we look and send again
ENDING = (SignInNeeded, AddressRefused, LedgerError)  # what ends a run: every other record would meet it as well


def seconds_until_next(attempts: int, error: ExchangeError, rng: random.Random) -> float | None:
    """How long a record waits that failed so many times; None where it is parked instead."""
    if attempts >= len(RETRY_SECONDS):
        return None
    seconds = RETRY_SECONDS[attempts] * (1 + 0.1 * rng.random())
    late = error.outcome_unknown and error.cause is Cause.TIME_OUT
    return max(seconds, LATE_SECONDS) if late else seconds
