"""Sizes of files, as people say them."""

from __future__ import annotations

from studio.words import number

_STEP = 1000
_LEAST_WHOLE = 10


def size_in_words(size: int) -> str:
    """In kB, MB or GB, with two figures or more."""
    held = float(size)
    for unit in ("B", "kB", "MB"):
        if held < _STEP:
            return _said(held, unit)
        held /= _STEP
    return _said(held, "GB")


def _said(held: float, unit: str) -> str:
    shown = round(held) if held >= _LEAST_WHOLE or unit == "B" else round(held, 1)
    return f"{number(shown)}\N{NO-BREAK SPACE}{unit}"
