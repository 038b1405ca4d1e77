"""Seams of a run, places that it tells by name: where a test lets it end."""

from __future__ import annotations

from collections.abc import Callable


class Killed(BaseException):
    """Ends a run wherever it is, as a kill would; nobody may take it for a fault of one record."""


def killed_at(place: str, nth: int = 1) -> Callable[[str], None]:
    """A seam that ends the run the nth time that it comes to this place."""
    left = [nth]

    def seam(name: str) -> None:
        if name == place:
            left[0] -= 1
            if left[0] == 0:
                raise Killed

    return seam
