"""Problems as runs meet them, and a tally of some."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.errors import Problem
from engine.runs.telling.causes import Tally

NOW = datetime(2026, 11, 27, 11, tzinfo=UTC)


def hashed(text: str) -> bytes:
    return text.encode()


def tally(*problems: Problem) -> Tally:
    made = Tally(["order"], hashed)
    for problem in problems:
        made.add(problem)
    return made


def refusal(what: str, code: str = "", where: str = "step order (Books, order)") -> Problem:
    return Problem(where, what, "Mend it.", code)
