"""Counts calls per client and endpoint in windows of a minute."""

from __future__ import annotations

import math
from typing import Any

from sandbox.eaccounting import choices
from sandbox.eaccounting.errors import Refusal

_SECONDS = 60.0


class Limits:
    """The windows that are open, by client and endpoint."""

    def __init__(self) -> None:
        self._windows: dict[str, tuple[float, int]] = {}

    def count(self, client: str, endpoint: str, now: float) -> None:
        """Count one call, or refuse it when the minute's calls are used up.

        Args:
            endpoint: the path with ids replaced.
            now: seconds since 1970, by the sandbox's clock.
        """
        # visma-eaccounting.md, Rate limit: "per client and per endpoint (URL)"
        # not documented: whether an id or a method makes an endpoint of its own (neither does here) and the
        # kind of window: it opens with its first call, as "Try again in 55 seconds" suggests.
        key = f"{client} {endpoint}"
        opened, calls = self._windows.get(key, (now, 0))
        if not 0 <= now - opened < _SECONDS:
            opened, calls = now, 0
        if calls >= choices.CALLS_PER_MINUTE:
            seconds = max(1, math.ceil(opened + _SECONDS - now))
            # visma-429.json: the wanted wait stands in the message alone, there is no Retry-After.
            raise Refusal(
                choices.QUOTA,
                f"API calls quota exceeded! maximum admitted {choices.CALLS_PER_MINUTE} per Minute. "
                f"Try again in {seconds} seconds.",
            )
        self._windows[key] = (opened, calls + 1)

    def state(self) -> dict[str, Any]:
        """Give what must survive a restart."""
        return {key: list(window) for key, window in self._windows.items()}

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to what `state` gave."""
        self._windows = {key: (float(opened), int(calls)) for key, (opened, calls) in state.items()}
