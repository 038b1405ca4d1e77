"""What a step aims at for one item, whose record it works for, and what a run remembers of the target."""

from __future__ import annotations

import json
import unicodedata
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from engine.errors import Json
from engine.runs.ledger import Intent

MOST_REMEMBERED = 1_000
Seam = Callable[[str], None]  # told of the places where a crash is tested


def no_seam(name: str) -> None:
    """Nobody listens."""


def nothing_else() -> None:
    """Nothing speaks against it."""


@dataclass(frozen=True, slots=True)
class Aim:
    """What a step aims at for one item: the value to match, what else is its identity, or the key itself."""

    match: Json
    scope: Json
    key: Json
    policy: str
    instead: Json

    @property
    def identity(self) -> str:
        value = normalised(self.match)
        return value if self.scope is None else json.dumps([value, normalised(self.scope)])


@dataclass(slots=True)
class Place:
    """Whose record is being written: for the intent's row and the exchanges.

    before_creating: called where nothing was found and a record would be made; it raises what speaks against that.
    """

    flow: str
    binding: str
    key: str
    is_main: bool
    on_exchange: Any
    before_creating: Callable[[], None] = nothing_else

    def opened(self, intent: Intent) -> bool:
        """Is it an intent that this record was the first to open?"""
        return (intent.flow, intent.binding, intent.key) == (self.flow, self.binding, self.key)

    def idempotency_key(self, step: str) -> str:
        """The same at each attempt; another one for each account that a flow is bound to."""
        bound = "" if self.binding == "default" else f"{self.binding}:"
        return f"{self.flow}:{bound}{self.key}:{step}"


class Remembered:
    """Records of the target met in this run, so that 60 articles are not looked up 2,000 times."""

    def __init__(self) -> None:
        self._held: OrderedDict[tuple[str, str, str], dict[str, Json]] = OrderedDict()
        self._lock = Lock()

    def get(self, place: tuple[str, str, str]) -> dict[str, Json] | None:
        with self._lock:
            if place in self._held:
                self._held.move_to_end(place)
            return self._held.get(place)

    def put(self, place: tuple[str, str, str], record: dict[str, Json]) -> None:
        with self._lock:
            self._held[place] = record
            self._held.move_to_end(place)
            if len(self._held) > MOST_REMEMBERED:
                self._held.popitem(last=False)


def normalised(value: Json) -> str:
    """A match value as two systems would both understand it: trimmed, composed, small letters."""
    return unicodedata.normalize("NFC", str(value)).strip().casefold()
