"""The whole mapping in words, to read and to print."""

from __future__ import annotations

from studio.parts.mapping.work import Work


def reading_dialog(work: Work) -> None:
    """Show it."""
