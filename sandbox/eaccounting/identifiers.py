"""Gives ids and tokens that look random but follow from the seed and a counter."""

from __future__ import annotations

import hashlib
import uuid
from typing import Any


class Identifiers:
    """A counter for each kind of id."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._counters: dict[str, int] = {}

    def guid(self, kind: str) -> str:
        """Give the next GUID of a kind."""
        return str(uuid.UUID(bytes=self._digest(kind)[:16], version=4))

    def token(self, kind: str) -> str:
        """Give the next token of a kind."""
        return self._digest(kind).hex()

    def _digest(self, kind: str) -> bytes:
        count = self._counters[kind] = self._counters.get(kind, 0) + 1
        return hashlib.sha256(f"{self._seed}/{kind}/{count}".encode()).digest()

    def state(self) -> dict[str, Any]:
        """Give what must survive a restart."""
        return dict(self._counters)

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to what `state` gave."""
        self._counters = {kind: int(count) for kind, count in state.items()}
