"""When two records are parked for the same reason: their problems are the same but for what they quote."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from engine.errors import Problem

_QUOTED = re.compile(r"“[^”]*”|„[^“”]*[“”]|«[^»]*»|\"[^\"]*\"|'[^']*'|‘[^’]*’")
_ADDRESS = re.compile(r"\S+@\S+")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_SENTENCE = re.compile(r"(?<=[.;!?]) ")


def cause_of(problem: Problem, hashed: Callable[[str], bytes]) -> str:
    """The same for the same cause whichever record has it. hashed: a keyed hash, since a message may hold a name that
    is not in quotes.
    """
    what = _each_once(_without_values(problem.what))
    text = "\n".join((problem.code, _without_values(problem.where), what))
    return hashed("cause " + text).hex()


def cause_of_first(problems: Sequence[Problem], hashed: Callable[[str], bytes]) -> str | None:
    """What a record is parked for: its first problem."""
    return cause_of(problems[0], hashed) if problems else None


def _without_values(text: str) -> str:
    for pattern in (_QUOTED, _ADDRESS, _NUMBER):
        text = pattern.sub("_", text)
    return " ".join(text.split())


def _each_once(text: str) -> str:
    """Without the sentences that say again what one before them said: a system names each row it refuses, and an order
    with three such rows has the same cause as one with one.
    """
    kept: list[str] = []
    for sentence in _SENTENCE.split(text):
        if not any(f" {earlier}".endswith(f" {sentence}") for earlier in kept):
            kept.append(sentence)
    return " ".join(kept)
