"""When two records are parked for the same reason: their problems are the same but for what they quote."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from engine.errors import Problem

_QUOTED = re.compile(r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|\"[^\"]*\"|'[^']*'|‘[^’]*’")
_ADDRESS = re.compile(r"\S+@\S+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def cause_of(problem: Problem, hashed: Callable[[str], bytes]) -> str:
    """The same for the same cause whichever record has it. hashed: a keyed hash, since a message may hold a name that
    is not in quotes.
    """
    text = "\n".join((problem.code, _without_values(problem.where), _without_values(problem.what)))
    return hashed("cause " + text).hex()


def cause_of_first(problems: Sequence[Problem], hashed: Callable[[str], bytes]) -> str | None:
    """What a record is parked for: its first problem."""
    return cause_of(problems[0], hashed) if problems else None


def _without_values(text: str) -> str:
    for pattern in (_QUOTED, _ADDRESS, _NUMBER):
        text = pattern.sub("_", text)
    return " ".join(text.split())
