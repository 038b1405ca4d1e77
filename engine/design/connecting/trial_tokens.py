"""The sign-in tokens of answers that are only tried: not lost, though a token that was typed may work once only."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import timedelta
from typing import Any

from engine.connectors.clock import Clock
from engine.connectors.connector import Connector
from engine.errors import Json
from engine.runs.ledger import Ledger

_KEPT = timedelta(days=30)


class TrialVault:
    """A vault (`engine.connectors.credentials.Vault`) that is no connection's yet.

    What a typed token was exchanged for is kept sealed and found by the typed one, so that trying and then
    connecting with the same answers works, whatever happens in between.
    """

    def __init__(self, ledger: Ledger, clock: Clock, connector: Connector, answers: Mapping[str, Json]) -> None:
        self._ledger = ledger
        self._clock = clock
        names = sorted(connector.token_questions())
        self._given = {name: str(answers[name]) for name in names if answers.get(name)}
        self._name = "\n".join(["trial", connector.name, *self._given.values()])
        self._memory: dict[str, Json] | None = None  # for credentials that fetch their tokens anew at any time

    def read(self, connection: str) -> dict[str, Json] | None:
        if not self._given:
            return self._memory
        kept = self._kept()
        if kept.get("moved"):
            kept = self._ledger.read_tokens(connection) or {}
        return kept or dict(self._given)

    def write(self, connection: str, tokens: dict[str, Json]) -> None:
        if not self._given:
            self._memory = dict(tokens)
        elif self._kept().get("moved") and self._ledger.read_tokens(connection):
            self._ledger.write_tokens(connection, tokens, self._clock.now())
        else:
            self._keep(dict(tokens))

    def lock(self, connection: str) -> AbstractContextManager[Any]:
        return self._ledger.lock("sign-in:" + connection)

    def moved(self) -> None:
        """The tokens live with their connection from now on; who types the same first token again means those."""
        self._keep({"moved": True})

    def _kept(self) -> dict[str, Json]:
        return self._ledger.read_sign_in(self._name, self._clock.now()) or {}

    def _keep(self, tokens: dict[str, Json]) -> None:
        now = self._clock.now()
        self._ledger.keep_sign_in(self._name, tokens, now + _KEPT, now)
