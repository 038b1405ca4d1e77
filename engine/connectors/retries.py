"""Which failures are tried again in place, and how long after."""

from __future__ import annotations

from random import Random

from engine.connectors.http_description import Retry
from engine.errors import Cause, ExchangeError

FIRST_BACKOFF_SECONDS = 0.5
BACKOFF_FACTOR = 4
_CAUSES = frozenset(
    {Cause.NAME_NOT_FOUND, Cause.CONNECTION_REFUSED, Cause.TIME_OUT, Cause.INTERRUPTED, Cause.SERVER_FAULT}
)


def seconds_before_again(error: ExchangeError, failures: int, retry: Retry, random: Random) -> float | None:
    """Seconds before another attempt; None when another would not help or was made often enough.

    The caller has seen to it that the request may be sent again. failures: this one included.
    """
    if error.cause not in _CAUSES or failures >= retry.attempts:
        return None
    if error.cause is Cause.SERVER_FAULT and error.status not in retry.statuses:
        return None
    return max(backoff_seconds(failures, random), error.wait_seconds or 0.0)


def backoff_seconds(failures: int, random: Random) -> float:
    """0.5 s, 2 s, 8 s …, each up to a fifth more or less, so that workers do not come back together."""
    seconds: float = FIRST_BACKOFF_SECONDS * BACKOFF_FACTOR ** (failures - 1)
    return seconds * random.uniform(0.8, 1.2)
