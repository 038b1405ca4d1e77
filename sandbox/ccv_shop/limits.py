"""How many requests a minute the shop takes, for each method of each resource and in total."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from sandbox.ccv_shop.refusals import RESOURCE_LIMIT, TOTAL_LIMIT, Refused

# ccv-shop.md, Rate limits and errors: "per method+resource per minute (examples: webhooks GET 150/min,
# DELETE 100/min) and in total"; not documented: the numbers of other resources and the total
PER_MINUTE = {"GET": 150, "DELETE": 100, "POST": 100, "PATCH": 100}
TOTAL_PER_MINUTE = 400


class Limits:
    """Counts within the minute of the sandbox clock; the caller holds the lock."""

    def __init__(self) -> None:
        self._minute = -1
        self._counts: Counter[tuple[str, str]] = Counter()
        self._total = 0

    def count(self, method: str, resource: str, now: datetime) -> None:
        """Count one request; a refused one does not count."""
        minute = int(now.timestamp() // 60)  # not documented: fixed minutes or a sliding one
        if minute != self._minute:
            self._minute, self._total = minute, 0
            self._counts.clear()
        # ccv-shop.md: "Retry-After: not found", so nothing says how long to wait
        if self._counts[method, resource] >= PER_MINUTE.get(method, 100):
            raise Refused(RESOURCE_LIMIT, f"The limit of {method} requests a minute for {resource} is reached.")
        if self._total >= TOTAL_PER_MINUTE:
            raise Refused(TOTAL_LIMIT, "The limit of all requests a minute is reached.")
        self._counts[method, resource] += 1
        self._total += 1
