"""API keys and the tokens that are signed in for."""

from __future__ import annotations

import hashlib
from typing import Any


class Tokens:
    """The key made in the shop's settings, and the tokens of Auth.getToken, Admin.login and Session.getToken."""

    def __init__(self, seed: int) -> None:
        self._seed = seed
        self._made = 0
        self.key_generation = 0
        self.username = "sandbox@shop.example"
        self._until: dict[str, float] = {}  # admin tokens and when they end
        self._sessions: set[str] = set()

    @property
    def key(self) -> str:
        """The key that holds now: abicart.md, Context: "API keys are created in the admin UI"."""
        return self._text(f"key {self.key_generation}")

    @property
    def password(self) -> str:
        """The password of the one user."""
        return self._text("password")[:16]

    def _text(self, what: str) -> str:
        return hashlib.sha256(f"{self._seed} {what}".encode()).hexdigest()[:40]

    def login(self, username: object, password: object, now: float, hours: int) -> str | None:
        """Give a token; abicart.md: "gets a token string, re-logging in every 12 h" (inferred: that it ends then)."""
        if (username, password) != (self.username, self.password):
            return None
        self._made += 1
        token = self._text(f"token {self._made}")
        self._until[token] = now + hours * 3600
        return token

    def session(self) -> str:
        """Give a buyer's token."""
        self._made += 1
        token = self._text(f"session {self._made}")
        self._sessions.add(token)
        return token

    def is_admin(self, token: str | None, now: float, *, key_holds: bool) -> bool:
        """Say whether this is the key or a token that still holds."""
        if token is None:
            return False
        return (key_holds and token == self.key) or self._until.get(token, 0.0) > now

    def is_session(self, token: str | None) -> bool:
        """Say whether a buyer holds this token."""
        return token in self._sessions

    def expire(self) -> int:
        """End every admin token; the key stays."""
        ended = len(self._until)
        self._until.clear()
        return ended

    def state(self) -> dict[str, Any]:
        """Give what must survive a restart."""
        return {
            "made": self._made,
            "key_generation": self.key_generation,
            "until": dict(self._until),
            "sessions": sorted(self._sessions),
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to what `state` gave."""
        self._made, self.key_generation = state["made"], state["key_generation"]
        self._until, self._sessions = dict(state["until"]), set(state["sessions"])
