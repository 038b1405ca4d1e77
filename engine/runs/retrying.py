"""What a failed delivery comes to: parked, or tried again later, and when that is enough."""

from __future__ import annotations

import random
import threading
from collections.abc import Callable
from datetime import datetime, timedelta

from engine.connectors.clock import Clock
from engine.errors import (
    AddressRefused,
    BrokenReply,
    Cause,
    ExchangeError,
    LedgerError,
    SignInNeeded,
    StudioError,
    TryAgain,
)
from engine.runs.results import PARKED, Delivered, fault_of_ours

RETRY_SECONDS = (0, 5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
MOST_FAILURES_IN_A_ROW = 5
LATE_SECONDS = 300  # after a time-out the target may still be at work: so long before we look and send again
PASSING = (TryAgain, BrokenReply)  # the other system failed: the record is tried again later
ENDING = (SignInNeeded, AddressRefused, LedgerError)  # what ends a run: every other record would meet it as well


def attempted(deliver: Callable[[], Delivered]) -> Delivered:
    """What came of a delivery; parked where another attempt would fail as this one did. Raises PASSING and ENDING."""
    try:
        return deliver()
    except (*PASSING, *ENDING):
        raise
    except StudioError as error:
        return parked_by(error)
    except Exception as fault:  # a fault of ours must not keep the other records from arriving
        return fault_of_ours(fault)


def parked_by(error: StudioError) -> Delivered:
    return Delivered(PARKED, error.what, [error.as_problem()])


def seconds_until_next(attempts: int, error: ExchangeError, rng: random.Random) -> float | None:
    """How long a record waits that failed so many times; None where it is parked instead."""
    if attempts >= len(RETRY_SECONDS):
        return None
    seconds = RETRY_SECONDS[attempts] * (1 + 0.1 * rng.random())
    late = error.outcome_unknown and error.cause is Cause.TIME_OUT
    return max(seconds, LATE_SECONDS) if late else seconds


class Failures:
    """Those of a run in a row. One request that fails for many records is one failure, and they are tried again at one
    time, so that they go together again.
    """

    def __init__(self, clock: Clock, rng: random.Random) -> None:
        self._clock = clock
        self._random = rng
        self._lock = threading.Lock()
        self._last: tuple[ExchangeError, int, datetime] | None = None
        self._in_a_row = 0

    @property
    def are_too_many(self) -> bool:
        return self._in_a_row >= MOST_FAILURES_IN_A_ROW

    def over(self) -> None:
        """Something went well."""
        self._in_a_row = 0

    def next_attempt(self, attempts: int, error: ExchangeError) -> datetime | None:
        """When to try again what failed so many times; None where it is parked instead."""
        with self._lock:
            if self._last is not None and self._last[:2] == (error, attempts):
                return self._last[2]
            seconds = seconds_until_next(attempts, error, self._random)
            if seconds is None:
                return None
            self._in_a_row += self._last is None or self._last[0] is not error
            self._last = (error, attempts, self._clock.now() + timedelta(seconds=seconds))
            return self._last[2]
