"""How this process is served: at which address, for whom, and with which OpenID provider. Said once, at the start."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Served:
    """address: as people open it, "" where it is not known; is_for_others: may anybody but this machine reach it;
    key: of the OpenID provider that Streamlit was given, "" for none.
    """

    address: str = ""
    is_for_others: bool = False
    key: str = field(default="", repr=False)

    @property
    def hosts(self) -> frozenset[str]:
        """How browsers name the host of the address, with its port; the usual one is left out, or named."""
        parts = urlsplit(self.address)
        usual = {"https": 443, "http": 80}.get(parts.scheme)
        if not parts.hostname:
            return frozenset()
        host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
        port = parts.port or usual
        return frozenset({f"{host}:{port}", host} if port == usual else {f"{host}:{port}"})

    @property
    def is_secure(self) -> bool:
        """Do browsers reach it by https?"""
        return self.address.startswith("https://")


_HELD: list[Served] = [Served()]


def served() -> Served:
    """As it was said; before, as on this machine only."""
    return _HELD[0]


def say_served(how: Served) -> None:
    """Say it, before the first visitor."""
    _HELD[0] = how
