"""Errors that are planned for calls to come, and tokens that end in mid-run.

The faults of the frame know paths only, and every call here has the same path; these know the method. That the shop
answers -32603, -32000 or 1006 is in abicart.md, Errors; when it does is not documented.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sandbox.abicart.errors import MESSAGES, Refused
from sandbox.abicart.tokens import Tokens


@dataclass(slots=True)
class Plan:
    """One planned error."""

    code: int
    method: re.Pattern[str]
    after: int
    times: int
    carried_out: bool

    def refused(self) -> Refused:
        """Make the error."""
        return Refused(self.code, "This was planned.")


class Planned:
    """The errors to come; the first whose turn it is strikes."""

    def __init__(self) -> None:
        self._plans: list[Plan] = []
        self._ends_after: int | None = None

    def answer_with(self, wishes: dict[str, Any]) -> str:
        """Plan an error: `code`, and `method` (a regular expression), `after`, `times`, `carried_out`."""
        unknown = sorted(set(wishes) - {"code", "method", "after", "times", "carried_out"})
        if unknown or wishes.get("code") not in MESSAGES:
            raise ValueError(f"The code is one of {', '.join(map(str, MESSAGES))}; there are method, after, times too.")
        try:
            pattern = re.compile(str(wishes.get("method", "")))
        except re.error as wrong:
            raise ValueError(f"The method is a regular expression: {wrong}.") from None
        times, after = int(wishes.get("times", 1)), int(wishes.get("after", 0))
        self._plans.append(Plan(wishes["code"], pattern, after, times, bool(wishes.get("carried_out", False))))
        return f"{times} calls are answered with {wishes['code']}."

    def end_tokens(self, after: int) -> None:
        """Let every token end after so many calls."""
        self._ends_after = after

    def clear(self) -> None:
        """Forget every plan."""
        self._plans.clear()
        self._ends_after = None

    def turn(self, method: str, tokens: Tokens) -> Plan | None:
        """Count a call; give the error it meets."""
        if self._ends_after is not None:
            if self._ends_after == 0:
                tokens.expire()
                self._ends_after = None
            else:
                self._ends_after -= 1
        for plan in self._plans:
            if not plan.method.search(method):
                continue
            if plan.after:
                plan.after -= 1
            elif plan.times:
                plan.times -= 1
                return plan
        return None
