"""What trying a connection came to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from engine.errors import Json, Problem


@dataclass(frozen=True, slots=True)
class Finding:
    """ok: the system answers and lets us in. sentences: what was found, in plain words; facts: by name.

    problem: why it is not ok; notes: what is not open to us although the system answers; question: the question
    whose answer is most likely wrong; needs_sign_in: somebody must agree in the browser first; connector: whose.
    """

    ok: bool
    sentences: tuple[str, ...] = ()
    facts: Mapping[str, Json] = field(default_factory=dict)
    problem: Problem | None = None
    notes: tuple[Problem, ...] = ()
    question: str = ""
    needs_sign_in: bool = False
    connector: str = ""
