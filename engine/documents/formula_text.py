"""Formulas as documents hold them: one text, or a list of lines."""

from __future__ import annotations

from collections.abc import Sequence


def formula_text(held: str | Sequence[str]) -> str:
    """The formula itself; a list of lines is joined with line breaks."""
    return held if isinstance(held, str) else "\n".join(held)
