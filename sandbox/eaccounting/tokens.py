"""Keeps authorization codes, access tokens and refresh tokens."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sandbox.eaccounting import choices
from sandbox.eaccounting.identifiers import Identifiers


@dataclass(frozen=True, slots=True)
class Code:
    """An authorization code that was not used yet."""

    redirect_uri: str
    scope: str
    ends: float


@dataclass(frozen=True, slots=True)
class Access:
    """An access token, good until `ends` (seconds since 1970)."""

    scope: str
    ends: float


class Tokens:
    """What one client and one company may do; every token is bound to that company."""

    def __init__(self, seed: int, rotate: bool) -> None:
        self.rotate = rotate
        self._ids = Identifiers(seed)
        self._codes: dict[str, Code] = {}
        self._access: dict[str, Access] = {}
        self._refresh: dict[str, str] = {}  # the token and its scope
        self.newest_refresh = ""

    def consent(self, scope: str) -> str:
        """Give a refresh token as if somebody had just consented."""
        token = self.newest_refresh = self._ids.token("refresh")
        self._refresh[token] = scope
        return token

    def give_code(self, redirect_uri: str, scope: str, now: float) -> str:
        """Give an authorization code."""
        code = self._ids.token("code")
        self._codes[code] = Code(redirect_uri, scope, now + choices.CODE_SECONDS)
        return code

    def take_code(self, code: str, redirect_uri: str, now: float) -> str | None:
        """Use a code up and give its scope; None when it is unknown, used, too old or for another address."""
        found = self._codes.pop(code, None)
        if found is None or now >= found.ends or found.redirect_uri != redirect_uri:
            return None
        return found.scope

    def take_refresh(self, token: str) -> tuple[str, str] | None:
        """Use a refresh token; give its scope and the token for the next time."""
        scope = self._refresh.get(token)
        if scope is None:
            return None
        # visma-eaccounting.md, OAuth 2: "rotate for old clients, are reusable for newly created clients"
        if not self.rotate:
            return scope, token
        del self._refresh[token]
        return scope, self.consent(scope)

    def give_access(self, scope: str, now: float) -> str:
        """Give an access token."""
        self._access = {t: a for t, a in self._access.items() if a.ends > now}
        token = self._ids.token("access")
        self._access[token] = Access(scope, now + choices.ACCESS_SECONDS)
        return token

    def access(self, token: str, now: float) -> Access | None:
        """Give what an access token allows, None when it is unknown or has expired."""
        found = self._access.get(token)
        return found if found is not None and now < found.ends else None

    def expire_access(self) -> int:
        """End every access token now and give how many there were."""
        count, self._access = len(self._access), {}
        return count

    def revoke(self, token: str) -> None:
        """End one token; where it was the newest refresh token, somebody consents anew."""
        self._access.pop(token, None)
        # not documented: what becomes of the access tokens of a revoked refresh token; they simply run out.
        scope = self._refresh.pop(token, None)
        if scope is not None and token == self.newest_refresh:
            self.consent(scope)

    def revoke_all(self, scope: str) -> None:
        """End every refresh token; the one of a new consent is the newest then."""
        self._refresh.clear()
        self.consent(scope)

    def state(self) -> dict[str, Any]:
        """Give what must survive a restart."""
        return {
            "ids": self._ids.state(),
            "codes": {code: asdict(found) for code, found in self._codes.items()},
            "access": {token: asdict(found) for token, found in self._access.items()},
            "refresh": dict(self._refresh),
            "newest_refresh": self.newest_refresh,
        }

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to what `state` gave."""
        self._ids.restore(state["ids"])
        self._codes = {code: Code(**found) for code, found in state["codes"].items()}
        self._access = {token: Access(**found) for token, found in state["access"].items()}
        self._refresh = dict(state["refresh"])
        self.newest_refresh = state["newest_refresh"]
