"""What sign-ins are made of: the vault of tokens, the materials they use and what they give back."""

from __future__ import annotations

import copy
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Protocol

from engine.connectors.clock import Clock
from engine.connectors.exchange import Reply, Request
from engine.errors import Json


class Vault(Protocol):
    """Where a connection's tokens live, shared by every worker and encrypted at rest."""

    def read(self, connection: str) -> dict[str, Json] | None:
        """The tokens as last written, or None."""

    def write(self, connection: str, tokens: dict[str, Json]) -> None:
        """Keep the tokens; they are durable when this returns."""

    def lock(self, connection: str) -> AbstractContextManager[None]:
        """Held while tokens are refreshed: one holder among all threads and processes."""


class MemoryVault:
    """A vault for tests and single calls; it forgets when the process ends."""

    def __init__(self, tokens: Mapping[str, dict[str, Json]] | None = None) -> None:
        self._tokens = copy.deepcopy(dict(tokens or {}))
        self._locks: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def read(self, connection: str) -> dict[str, Json] | None:
        return copy.deepcopy(self._tokens.get(connection))

    def write(self, connection: str, tokens: dict[str, Json]) -> None:
        self._tokens[connection] = copy.deepcopy(tokens)

    @contextmanager
    def lock(self, connection: str) -> Iterator[None]:
        with self._locks[connection]:
            yield


@dataclass(frozen=True, slots=True)
class Materials:
    """What a sign-in may use. where: the system in words, for messages.

    post: sends a request to a token address, signs nothing, records no bodies; hide: a text that must not
    be seen in any record from now on; encoding: of the system's forms, queries and digests.
    """

    spec: Mapping[str, Json]
    answers: Mapping[str, Json]
    connection: str
    where: str
    vault: Vault
    clock: Clock
    post: Callable[[Request], Reply]
    hide: Callable[[str], None]
    encoding: str = "utf-8"


def cannot_renew(_failed: Request) -> bool:
    """For credentials that are what they are."""
    return False


def needs_no_consent(_code: str, _redirect_uri: str, _verifier: str) -> None:
    """For credentials that are answered, not fetched."""


def trusts_any(_request: Request, _reply: Reply) -> str:
    """For systems that do not sign their replies."""
    return ""


@dataclass(frozen=True, slots=True)
class SignIn:
    """A connection's sign-in at work.

    sign: the request with its credential; renew: called with the request that was answered “not signed
    in”, true where sending again is worth it; check: what is wrong with a reply's signature, or "";
    connect: keeps the first tokens for a consent's code, redirect address and verifier; hidden_headers: lower-case
    names whose values are never recorded; hidden_parameters: such names in queries and forms.
    """

    sign: Callable[[Request], Request]
    renew: Callable[[Request], bool] = cannot_renew
    check: Callable[[Request, Reply], str] = trusts_any
    connect: Callable[[str, str, str], None] = needs_no_consent
    hidden_headers: frozenset[str] = frozenset()
    hidden_parameters: frozenset[str] = frozenset()
