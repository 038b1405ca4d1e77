"""The words of messages: templates of ours, filled with the flow's title, counts and times, never with what a record or
another system says.
"""

from __future__ import annotations

import os
import re
import shlex
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from engine.errors import (
    AddressRefused,
    BrokenReply,
    Cause,
    ConnectionMissing,
    DocumentError,
    ExchangeError,
    FormulaError,
    LedgerError,
    Problem,
    SignInNeeded,
    StudioError,
    TryAgain,
    WrongCompany,
)
from engine.runs.places import place_of

PARKED, STOPPED, HINTED, MISSED, LONG = "parked", "stopped", "hinted", "missed", "long"  # how a fingerprint begins
OTHER = "other"

# why records are parked, by the kind of their problem
_PARKED = {
    "fault": "the program itself failed on them",
    "both": "they were made, and the other system told of an error with them; a person must look",
    "unknown": "whether they were made in the target cannot be told; a person must look",
    "sums": "the sums of both systems do not agree",
    "check": "a check of the flow does not hold",
    "formula": "a formula failed on them",
    "refused": "the other system refused them",
    "sign_in": "the other system does not let us do this",
    "not_reached": "the other system did not answer, again and again",
    OTHER: "they cannot be mapped or sent as they are",
}
# why a flow stopped, by the kind of error; and the command that helps
_STOPPED = {
    "sign_in": ("the sign-in is not accepted any more", ("check", "{flow}", "--connected")),
    "company": (
        "another account answers than before; nothing was read or written",
        ("bindings", "{flow}", "{binding}"),
    ),
    "connection": ("a system is not connected", ("connect",)),
    "document": ("the flow or the description of a system has an error", ("check", "{flow}")),
    "address": ("the address of a system is refused", ("check", "{flow}", "--connected")),
    "ledger": ("the ledger cannot be used", ("doctor",)),
    "not_reached": ("a system did not answer well", ("history", "--flow", "{flow}")),
    "fault": ("the program itself failed", ("history", "--flow", "{flow}")),
    OTHER: ("it could not go on", ("history", "--flow", "{flow}")),
}
_TAKE_BINDING = ("history", "check")
PATIENT = frozenset({"not_reached"})  # mostly over with the next run: told when it lasts
RUNS_IN_A_ROW = 2

_BY_ERROR: tuple[tuple[type[StudioError], str], ...] = (
    (SignInNeeded, "sign_in"),
    (WrongCompany, "company"),
    (ConnectionMissing, "connection"),
    (AddressRefused, "address"),
    (TryAgain, "not_reached"),
    (BrokenReply, "not_reached"),
    (DocumentError, "document"),
    (FormulaError, "document"),
    (LedgerError, "ledger"),
)
_BY_CODE = {
    "fault": "fault",
    "outcome_unknown": "unknown",
    "made_with_error": "both",
    "sums_differ": "sums",
    "check": "check",
    Cause.REFUSED_RECORD.name.lower(): "refused",
    Cause.NOT_FOUND.name.lower(): "refused",
    Cause.NOT_SIGNED_IN.name.lower(): "sign_in",
    Cause.FORBIDDEN.name.lower(): "sign_in",
}
_OF_A_FORMULA = re.compile(r"[A-Z]\d{4}")
_MOST_LINES = 12


def kind_of_problem(problem: Problem) -> str:
    """Which of our sentences says why a record is parked."""
    code = problem.code
    if code in _BY_CODE:
        return _BY_CODE[code]
    if code.upper() in Cause.__members__:
        return "not_reached"
    if not code:
        return OTHER
    return "formula" if problem.caret or _OF_A_FORMULA.fullmatch(code) else "refused"  # a code of the other system


def kind_of_error(error: StudioError) -> str:
    """Which of our sentences says why a flow stopped."""
    return next((kind for among, kind in _BY_ERROR if isinstance(error, among)), OTHER)


def says_of_problem(problem: Problem, steps: Iterable[str]) -> str:
    """Why records are parked, and in which step of these; nothing of the problem's own words."""
    step = place_of(problem).step
    return _PARKED[kind_of_problem(problem)] + (f" (step {step})" if step in set(steps) else "")


def says_of_error(kind: str, system: str = "") -> str:
    """Why a flow stopped. system: the title of the one that it is about."""
    return f"{_STOPPED[kind][0]} ({system})" if system else _STOPPED[kind][0]


def system_of_error(error: StudioError) -> str:
    """The title of the system that failed us; "" where the error is about none."""
    return error.where.rpartition(" (")[0] or error.where if isinstance(error, ExchangeError) else ""


def moment(at: datetime) -> str:
    """A moment as messages say it, with its zone: who reads it may be elsewhere."""
    return at.astimezone().strftime("%Y-%m-%d %H:%M %Z")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to tell. sort, kind: what its fingerprint begins with; is_over: it was told and is so no more."""

    flow: str
    binding: str
    sort: str
    kind: str
    says: str
    count: int
    since: datetime
    is_over: bool = False

    @property
    def line(self) -> str:
        """What is so, in one line."""
        if self.is_over:
            return "Recovered: " + _RECOVERED[self.sort]
        if self.sort == PARKED:
            one = self.count == 1
            return f"{self.count} record{' is' if one else 's are'} parked: {self.says}."
        if self.sort in (STOPPED, HINTED):
            often = f" ({self.count} runs in a row)" if self.count > 1 else ""
            return f"It stopped{often}: {self.says}."
        return self.says

    @property
    def words(self) -> tuple[str, ...]:
        """The command that says more."""
        if self.is_over or self.sort == MISSED:
            words: tuple[str, ...] = ("history", "--flow", "{flow}")
        elif self.sort == LONG:
            words = ("doctor",)
        else:
            words = ("history", "--parked", "--flow", "{flow}") if self.sort == PARKED else _STOPPED[self.kind][1]
        named = tuple({"{flow}": self.flow, "{binding}": self.binding}.get(word, word) for word in words)
        takes = words[0] in _TAKE_BINDING and self.binding != "default"
        return (*named, "--binding", self.binding) if takes else named


_RECOVERED = {
    PARKED: "nothing is parked any more.",
    STOPPED: "runs go through again.",
    HINTED: "runs go through again.",
    LONG: "the long run has ended.",
}


@dataclass(frozen=True, slots=True)
class Message:
    """What is sent. is_good: it tells of nothing wrong."""

    title: str
    body: str
    is_good: bool


def message_of(items: list[Item], title_of: Callable[[str], str], link: str = "") -> Message:
    """All of it in one message, flow by flow. link: where people look on a screen; empty where there is none."""
    wrong = [item for item in items if not item.is_over]
    lines: list[str] = []
    last = None
    for item in items[:_MOST_LINES]:
        place = (item.flow, item.binding)
        if place != last:
            lines += ["", _named(title_of(item.flow), item.binding)]
            last = place
        lines += [f"- {item.line}", f"  {_command(item.words)}"]
    if len(items) > _MOST_LINES:
        lines += ["", f"… and {len(items) - _MOST_LINES} more: {_command(('doctor',))}"]
    if link:
        lines += ["", link]
    return Message(_title(items, wrong, title_of), "\n".join(lines).strip(), not wrong)


def _title(items: list[Item], wrong: list[Item], title_of: Callable[[str], str]) -> str:
    places = {(item.flow, item.binding) for item in items}
    count = len(wrong)
    what = f"{count} new problem{'s' if count > 1 else ''}" if wrong else "recovered"
    if len(places) == 1:
        [(flow, binding)] = places
        return f"{_named(title_of(flow), binding)}: {what}"
    return f"Mapping Studio: {what} in {len(places)} flows"


def _named(title: str, binding: str) -> str:
    return title if binding == "default" else f"{title} ({binding})"


def _command(words: tuple[str, ...]) -> str:
    """As it is typed in the workspace's folder; no path of this machine, which may hold a person's name."""
    return f"{os.environ.get('MAPPING_STUDIO_COMMAND') or 'python -m engine'} {shlex.join(words)}"
