"""Everything that can go wrong, one small tree; each leaf is named after what one does about it.

StudioError                 what could not be done, where, why, and what to do next
├── DocumentError           mend the file (carries every Problem found in it)
│   └── OperationRefused    the document stays as it is: ask for something else
├── DraftChanged            look at what somebody else changed, then put yours on top or leave it
├── MendedMeanwhile         look at what somebody else mended in the record, then put yours on top or leave it
├── PublishedChanged        look at what changed in the flow's file meanwhile, then publish over it or take it in
├── ExamplesDiffer          mend the mapping or the examples, or say why it is published all the same
├── FormulaError            mend the formula (code, column, caret)
├── ConnectionMissing       connect the system first, or answer its question
├── ExchangeError           something between us and another system (cause, status, their own words)
│   ├── TryAgain            it may work later: down, slow, limited, name not found
│   ├── SignInNeeded        the credential is wrong, expired or may not do this
│   ├── RecordRefused       the system refused this one record
│   ├── BrokenReply         the reply cannot be read or trusted
│   └── AddressRefused      we refuse to send there
├── RecordProblem           this record cannot be mapped: park it, the others go on
├── NotAllowed              ask somebody whose role reaches
├── FlowBusy                another run of the flow is under way: leave
├── OtherThanShown          something else would be sent than was shown: look again, then send that
├── WrongCompany            another account than before answers: look, and say that it may
├── BackupError             no backup was made, or none put back: nothing was changed
└── LedgerError             the ledger cannot be read or written: stop
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

PLACES = ("step", "field")  # of a problem, as names
TRIED_AGAIN, TRY_AGAIN = "It will be tried again later", "Try again later"  # by a run; by who called once


@dataclass(frozen=True, slots=True)
class Problem:
    """One finding: where it is, what is wrong, what to do. Rendered alike by screen and command line. step, field: the
    same place as names, for whoever leads there; they say nothing that `where` does not say in words.
    """

    where: str
    what: str
    what_to_do: str
    code: str = ""
    caret: str = ""  # the formula with a caret under the column, where there is one
    severity: str = "error"  # or "warning"
    step: str = dataclasses.field(default="", compare=False)
    field: str = dataclasses.field(default="", compare=False)

    def as_json(self) -> dict[str, str]:
        return {name: text for name, text in asdict(self).items() if text and name not in PLACES}

    def __str__(self) -> str:
        shown = f"{self.where}: {self.what}" if self.where else self.what
        if self.caret:
            shown += "\n" + self.caret
        return f"{shown}\n  → {self.what_to_do}" if self.what_to_do else shown


class StudioError(Exception):
    """What could not be done, where, why and what to do; the sentence is built when it is asked for."""

    def __init__(self, what: str, *, where: str = "", why: str = "", what_to_do: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.why = why
        self.what_to_do = what_to_do

    def __str__(self) -> str:
        sentence = f"{self.where}: {self.what}" if self.where else self.what
        if self.why:
            sentence += f": {self.why}"
        if not sentence.endswith((".", "!", "?")):
            sentence += "."
        return f"{sentence} {self.what_to_do}".strip()

    def as_problem(self) -> Problem:
        what = f"{self.what}: {self.why}" if self.why else self.what
        return Problem(self.where, what, self.what_to_do)


class DocumentError(StudioError):
    """A document cannot be used; `problems` holds every finding, not only the first."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        first = problems[0]
        super().__init__(first.what, where=first.where, what_to_do=first.what_to_do)

    def __str__(self) -> str:
        return "\n".join(str(problem) for problem in self.problems)


class OperationRefused(DocumentError):
    """A change that was asked for cannot be made; the document is as it was."""


class NotAllowed(StudioError):
    """Who asks may not do it; nothing was done."""


class DraftChanged(StudioError):
    """Somebody else changed the draft since it was read; nothing of yours is in it yet.

    draft: as it is by now; changes: who changed what and when, the oldest first.
    """

    def __init__(self, what: str, *, where: str, why: str, what_to_do: str, draft: Any, changes: Sequence[Any]) -> None:
        super().__init__(what, where=where, why=why, what_to_do=what_to_do)
        self.draft = draft
        self.changes = tuple(changes)


class MendedMeanwhile(StudioError):
    """Somebody else mended the record since it was read; nothing of yours is in it yet. record: as it is by now."""

    def __init__(self, what: str, *, where: str, why: str, what_to_do: str, record: Any) -> None:
        super().__init__(what, where=where, why=why, what_to_do=what_to_do)
        self.record = record


class PublishedChanged(StudioError):
    """The flow's file is another one than its draft began from; nothing was published.

    changes: what differs in the file, from what the draft began with to what is there now.
    """

    def __init__(self, what: str, *, where: str, why: str, what_to_do: str, changes: Sequence[Any]) -> None:
        super().__init__(what, where=where, why=why, what_to_do=what_to_do)
        self.changes = tuple(changes)


class ExamplesDiffer(StudioError):
    """Examples of the flow do not give what they expect; nothing was published.

    tried: the title of each such example with its differences; problems: of examples that expect nothing yet.
    """

    def __init__(
        self, what: str, *, where: str, why: str, what_to_do: str, tried: Sequence[Any], problems: Sequence[Problem]
    ) -> None:
        super().__init__(what, where=where, why=why, what_to_do=what_to_do)
        self.tried = tuple(tried)
        self.problems = tuple(problems)


class FormulaError(StudioError):
    """A formula does not parse, or failed on a record.

    code: JSONata's (S0202, T2001, D3030 …) or one of ours (M…); position: column counted from 0, or None.
    """

    def __init__(
        self,
        what: str,
        *,
        code: str,
        formula: str,
        position: int | None = None,
        where: str = "",
        what_to_do: str = "Mend the formula.",
    ) -> None:
        super().__init__(what, where=where, what_to_do=what_to_do)
        self.code = code
        self.formula = formula
        self.position = position

    @property
    def caret(self) -> str:
        """The line of the formula that fails, with a caret under the column."""
        if self.position is None or not 0 <= self.position <= len(self.formula):
            return "    " + self.formula.split("\n", 1)[0][:110]
        start = self.formula.rfind("\n", 0, self.position) + 1
        end = self.formula.find("\n", start)
        line = self.formula[start : end if end >= 0 else None]
        column = self.position - start
        cut = max(0, column - 70)
        return f"    {line[cut : cut + 110]}\n    {' ' * (column - cut)}^"

    def as_problem(self) -> Problem:
        return Problem(self.where, self.what, self.what_to_do, code=self.code, caret=self.caret)


class ConnectionMissing(StudioError):
    """A system is not connected, or one of its questions has no answer."""


class Cause(StrEnum):
    """Why an exchange failed, in the words the messages use."""

    NAME_NOT_FOUND = "name not found"
    CONNECTION_REFUSED = "connection refused"
    CERTIFICATE = "certificate not trusted"
    TIME_OUT = "no answer in time"
    INTERRUPTED = "connection broke off"
    NOT_SIGNED_IN = "not signed in"
    FORBIDDEN = "not allowed"
    LIMITED = "too many requests"
    REFUSED_RECORD = "record refused"
    NOT_FOUND = "not found"
    SERVER_FAULT = "the system failed"
    BROKEN_REPLY = "reply cannot be used"
    ADDRESS_REFUSED = "address refused"


class ExchangeError(StudioError):
    """An exchange with another system failed.

    status: HTTP status or None; system_code, system_message, system_field: the other system's own words,
    read by the connector's error formulas (shortened, never a whole body); wait_seconds: how long it asks
    us to wait; outcome_unknown: the request may have been carried out although no usable answer came;
    explained: `what` is the connector's own sentence for the system's code, not a general one.
    """

    def __init__(
        self,
        what: str,
        *,
        cause: Cause,
        where: str = "",
        why: str = "",
        what_to_do: str = "",
        status: int | None = None,
        system_code: str = "",
        system_message: str = "",
        system_field: str = "",
        wait_seconds: float | None = None,
        outcome_unknown: bool = False,
        explained: bool = False,
    ) -> None:
        super().__init__(what, where=where, why=why, what_to_do=what_to_do)
        self.explained = explained
        self.cause = cause
        self.status = status
        self.system_code = system_code
        self.system_message = system_message
        self.system_field = system_field
        self.wait_seconds = wait_seconds
        self.outcome_unknown = outcome_unknown

    def as_problem(self) -> Problem:
        what = f"{self.what}: {self.why}" if self.why else self.what
        return Problem(self.where, what, self.what_to_do, code=self.system_code or self.cause.name.lower())


class TryAgain(ExchangeError):
    """It may work later."""


class SignInNeeded(ExchangeError):
    """The credential is wrong, has expired, or may not do this."""


class RecordRefused(ExchangeError):
    """The system refused this record; others may pass."""


class BrokenReply(ExchangeError):
    """The reply cannot be read, is too large, or its signature is wrong."""


class AddressRefused(ExchangeError):
    """We refuse to send to this address."""


class RecordProblem(StudioError):
    """This record cannot be mapped or sent; `problems` says each reason. The others go on."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        first = problems[0]
        super().__init__(first.what, where=first.where, what_to_do=first.what_to_do)


class FlowBusy(StudioError):
    """Another run of this flow is under way."""


class OtherThanShown(StudioError):
    """What would be sent is no longer what was shown; nothing was sent."""


class WrongCompany(StudioError):
    """A system is another account than the one a flow worked with: nothing was read or written."""


class BackupError(StudioError):
    """A backup could not be made or put back; what was there is as it was."""


class LedgerError(StudioError):
    """The ledger cannot be opened, read or written."""


Json = Any  # a plain JSON value: None, bool, int, float, str, list of these, dict from str to these
