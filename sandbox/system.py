"""What the frame asks of a stand-in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from sandbox.exchange import Reply, Request


@dataclass(frozen=True, slots=True)
class Table:
    """Something the stand-in holds, as text to look at."""

    title: str
    columns: list[str]
    rows: list[list[str]]


class System(Protocol):
    """A stand-in for one outside system."""

    name: str
    limits_on: bool  # rate limits can be switched off
    reads_change: bool = False  # a GET changes what it holds, which must then be kept

    def answer(self, request: Request) -> Reply:
        """Carry out one request; called from several threads, so an implementation locks inside."""
        ...

    def spoil(self, reply: Reply, request: Request) -> Reply:
        """Put headers right (sign again) after a fault changed body or status; nothing, where nothing is signed."""
        return reply

    def credentials(self, address: str) -> dict[str, object]:
        """Give the answers a user would type in for the system at this address, http://127.0.0.1:PORT."""
        ...

    def do(self, action: str, arguments: dict[str, object]) -> object:
        """Do what a person would do inside the system; ValueError with a sentence for an unknown action."""
        ...

    def state(self) -> dict[str, object]:
        """Give everything that must survive a restart, as plain JSON values."""
        ...

    def restore(self, state: dict[str, object]) -> None:
        """Go back to what `state` gave."""
        ...

    def tables(self) -> list[Table]:
        """Show what the system holds."""
        ...
