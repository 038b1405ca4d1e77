"""The stand-in for Visma eAccounting: identity server and API behind one address."""

from __future__ import annotations

import threading
from collections import deque
from datetime import datetime
from typing import Any

from sandbox.clock import Clock
from sandbox.eaccounting import actions, choices, resources, views, world
from sandbox.eaccounting.books import Books
from sandbox.eaccounting.checking import GUID
from sandbox.eaccounting.errors import Refusal, not_found
from sandbox.eaccounting.identifiers import Identifiers
from sandbox.eaccounting.limits import Limits
from sandbox.eaccounting.sign_in import FULL_SCOPE, Client, OAuthError, SignIn
from sandbox.eaccounting.tokens import Tokens
from sandbox.exchange import Reply, Request
from sandbox.system import System, Table

_REFUSALS_KEPT = 200


class EAccounting(System):
    """One company's books, as strict as the documentation says."""

    name = "eaccounting"

    def __init__(self, clock: Clock, seed: int = 7, orders: int = 200, rotate: bool = True) -> None:
        """`orders` is the size of the world all stand-ins share; here it sets the number of old invoices."""
        self.clock = clock
        self.limits_on = True
        self._seed, self._orders = seed, orders
        self._lock = threading.RLock()
        self._start = clock.now()
        self._books = self._first_books()
        self._others: dict[str, Any] = {}  # by their numbers, the companies that are not chosen now
        self._tokens = Tokens(seed, rotate)
        self._tokens.consent(FULL_SCOPE)
        secret = Identifiers(seed).token("client secret")[:40]
        self._sign_in = SignIn(Client(f"sandbox{seed}", secret), self._tokens)
        self._limits = Limits()
        self._error_ids = Identifiers(seed)
        self._refused: deque[list[str]] = deque(maxlen=_REFUSALS_KEPT)
        self._orders_until_revoked: int | None = None

    def _first_books(self) -> Books:
        books = Books(self._seed, self._start)
        world.fill(books, self._seed, self._orders, self._start)
        return books

    def answer(self, request: Request) -> Reply:
        """Carry out one request, one at a time."""
        with self._lock:
            now = self.clock.now()
            try:
                if request.path.startswith("/connect/"):
                    return self._identity(request, now.timestamp())
                return self._api(request, now)
            except OAuthError as error:
                self._note(request, now, error.status, f"{error.error}: {error}")
                return error.reply()
            except Refusal as refusal:
                self._note(request, now, refusal.status, f"{refusal.code}: {refusal.message}")
                return refusal.reply(self._error_ids.guid("error"))

    def _identity(self, request: Request, now: float) -> Reply:
        match request.method, request.path:
            case "GET" | "POST", "/connect/authorize":
                return self._sign_in.authorize(request, str(self._books.settings["Name"]), now)
            case "POST", "/connect/token":
                return self._sign_in.token(request, now)
            case "POST", "/connect/revocation":  # not documented: the path of the revocation
                return self._sign_in.revocation(request)
            case _, "/connect/authorize" | "/connect/token" | "/connect/revocation":
                raise OAuthError("invalid_request", "The method is not allowed.", 405)
        raise not_found(f"Nothing is found at '{request.path}'.")

    def _api(self, request: Request, now: datetime) -> Reply:
        first, *parts = request.path.split("/")[1:]
        if first != "v2":
            raise not_found(f"Nothing is found at '{request.path}'.")
        self._revoke_in_time(request)
        scope = self._signed_in(request, now.timestamp())
        if self.limits_on:
            endpoint = "/".join("{id}" if GUID.fullmatch(part) else part for part in parts)
            self._limits.count(self._sign_in.client.id, endpoint, now.timestamp())
        return resources.answer(self._books, request, parts, scope, now)

    def _revoke_in_time(self, request: Request) -> None:
        """Withdraw the consent before the order that is one too many, so that it ends in the middle of a run."""
        # not documented: that a consent can end between two calls; somebody withdraws it in the system.
        if self._orders_until_revoked is None or (request.method, request.path) != ("POST", "/v2/orders"):
            return
        self._orders_until_revoked -= 1
        if self._orders_until_revoked < 0:
            self._orders_until_revoked = None
            self._tokens.expire_access()
            self._tokens.revoke_all(FULL_SCOPE)

    def _signed_in(self, request: Request, now: float) -> str:
        # visma-eaccounting.md, OAuth 2: "Calls: Authorization: Bearer …"
        kind, _, token = request.headers.get("authorization", "").partition(" ")
        access = self._tokens.access(token.strip(), now) if kind.lower() == "bearer" else None
        if access is not None:
            return access.scope
        # not documented: the body and headers of a 401; the shape of all errors, and RFC 6750's header.
        challenge = 'Bearer error="invalid_token"' if token else "Bearer"
        message = "The access token is missing, unknown or has expired."
        raise Refusal(choices.NOT_SIGNED_IN, message, {"WWW-Authenticate": challenge})

    def _note(self, request: Request, now: datetime, status: int, reason: str) -> None:
        at = now.isoformat(timespec="seconds")
        self._refused.append([at, request.method, request.path, str(status), reason])

    def credentials(self, address: str) -> dict[str, object]:
        """Give what a user would type in after registering a client and consenting once."""
        with self._lock:
            return {
                "api_address": address,
                "identity_address": address,
                "client_id": self._sign_in.client.id,
                "client_secret": self._sign_in.client.secret,
                "refresh_token": self._tokens.newest_refresh,
            }

    def do(self, action: str, arguments: dict[str, object]) -> object:
        """Do what a person would do in the system."""
        with self._lock:
            now = self.clock.now()
            if action in actions.ON_BOOKS:
                return actions.ON_BOOKS[action](self._books, arguments, now)
            if action == "expire_tokens":
                return self._tokens.expire_access()
            if action == "revoke" and "after_orders" in arguments:
                self._orders_until_revoked = int(str(arguments["after_orders"]))
                return f"The consent ends after {self._orders_until_revoked} more orders."
            if action == "revoke":
                self._tokens.revoke_all(FULL_SCOPE)
                return "Every refresh token is revoked; the credentials show that of a new consent."
            if action == "choose_company":
                return self._choose_company(str(arguments.get("name", "")), str(arguments.get("number", "")))
            if action == "reset":
                self._books = self._first_books()
                self._refused.clear()
                return "The books are as on the first day; the sign-in is as it was."
            known = ", ".join(sorted([*actions.ON_BOOKS, "expire_tokens", "revoke", "choose_company", "reset"]))
            raise ValueError(f"There is no action {action!r}; there are {known}.")

    def _choose_company(self, name: str, number: str) -> str:
        """Sign in anew and choose another company, one known by its number or a new one with this name."""
        # visma-eaccounting.md, OAuth 2: the tokens belong to the company that was chosen at the consent.
        if not (name and number):
            raise ValueError("name and number of the company are needed.")
        self._others[str(self._books.settings["CorporateIdentityNumber"])] = self._books.state()
        self._books = self._first_books()
        if number in self._others:
            self._books.restore(self._others.pop(number))
        self._books.change_settings(Name=name, CorporateIdentityNumber=number)
        self._tokens.revoke_all(FULL_SCOPE)
        return "Every earlier sign-in has ended; the credentials show that of a new consent, for the other company."

    def state(self) -> dict[str, object]:
        """Give everything that must survive a restart."""
        with self._lock:
            return {
                **self._books.state(),
                "start": self._start.isoformat(),
                "other_companies": dict(self._others),
                "tokens": self._tokens.state(),
                "limits": self._limits.state(),
                "error_ids": self._error_ids.state(),
                "refused": [list(entry) for entry in self._refused],
            }

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to what `state` gave."""
        with self._lock:
            self._start = datetime.fromisoformat(state["start"])
            self._books.restore(state)
            self._others = dict(state.get("other_companies", {}))
            self._tokens.restore(state["tokens"])
            self._limits.restore(state["limits"])
            self._error_ids.restore(state["error_ids"])
            self._refused = deque(state["refused"], maxlen=_REFUSALS_KEPT)

    def tables(self) -> list[Table]:
        """Show what the books hold and what was refused."""
        with self._lock:
            return views.tables(self._books, list(self._refused))
