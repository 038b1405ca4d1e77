"""A name that nobody knows, told with the nearest one that is known."""

from __future__ import annotations

from collections.abc import Iterable

from engine.documents.workspace import did_you_mean
from engine.errors import Problem


def unknown(where: str, kind: str, name: str, known: Iterable[str], severity: str = "error") -> Problem:
    """A name nobody knows, with the nearest one that is."""
    names = sorted(known)
    close = did_you_mean(name, names)
    advice = f"Did you mean “{close}”?" if close else f"There are: {', '.join(names[:15]) or 'none'}."
    return Problem(where, f"there is no {kind} “{name}”", advice, severity=severity)
