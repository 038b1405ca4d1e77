"""Moments as documents, systems and people write them."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.errors import DocumentError, Problem


def since_text(moment: datetime) -> str:
    """A moment as what is read since then sees it."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def as_moment(text: str) -> datetime:
    """A moment from text: a date alone is its midnight, a time without a zone is UTC."""
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError as error:
        advice = "Write it as 2026-01-31 or 2026-01-31T08:00:00Z."
        raise DocumentError([Problem("date", f"“{text[:40]}” is no date", advice)]) from error
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
