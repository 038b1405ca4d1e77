"""Counts the calls of a minute, for stand-ins whose documentation names no limit until one is chosen."""

from __future__ import annotations

from datetime import datetime

from sandbox.exchange import Reply


class CallsOfMinute:
    """Counts within the minute of the sandbox clock; the caller holds the lock."""

    def __init__(self) -> None:
        self._minute, self._counted = -1, 0

    def refused(self, now: datetime, most: int, *, tells_when: bool) -> Reply | None:
        """Count one call; give the reply to one that is more than `most`."""
        minute = int(now.timestamp() // 60)
        if minute != self._minute:
            self._minute, self._counted = minute, 0
        self._counted += 1
        if self._counted <= most:
            return None
        wait = {"Retry-After": str(60 - int(now.timestamp()) % 60)} if tells_when else {}
        return Reply(429, b"Too Many Requests", {"Content-Type": "text/plain", **wait})
