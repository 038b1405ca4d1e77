"""What needs a person, in the order in which to look at it: what keeps everything from running, records, the rest."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum

from engine.design.people.rights import Role
from engine.design.support.causes import Cause
from engine.formulas.words import Template


class Sort(StrEnum):
    """set_up: whole flows, or all of them; records: those that did not arrive; later: it can wait."""

    SET_UP = "set_up"
    RECORDS = "records"
    LATER = "later"


@dataclass(frozen=True, slots=True)
class Way:
    """Where it is mended: a page of the studio with what its address says. says: the word on the button; role: what it
    takes to do there what the word says; cause: of records, by which they are found.
    """

    says: str
    page: str
    query: Mapping[str, str] = field(default_factory=dict)
    role: Role = Role.LOOK
    cause: Cause | None = None


@dataclass(frozen=True, slots=True)
class Need:
    """One thing. what: a sentence without its full stop; about: the flow, as people call it; records, amounts: what it
    holds back; behind: records that wait for a stopped flow; hint: a command that helps;
    since: None where that is not known.
    """

    kind: str
    sort: Sort
    what: str
    way: Way
    flow: str = ""
    binding: str = ""
    about: str = ""
    records: int = 0
    amounts: Mapping[str, Decimal] = field(default_factory=dict)
    behind: int = 0
    hint: str = ""
    since: datetime | None = None


SENTENCES: dict[str, Template] = {
    "disk": "The disk is nearly full: {free} MB are free",
    "ledger": "What happens cannot be written down: the ledger may only be read",
    "connection": "{system} is not connected any more",
    "other": "The flow is stopped: it could not go on",
    "broken": "The flow cannot be used: {what}",
    "agreement": "Nobody has signed in to {system} yet, or the sign-in was let go",
    "serve": "Flows have schedules, and nothing runs them: serve is not running",
    "late": "It should have run {when} and did not",
    "long": "Its run that began {when} has not ended",
    "telling": "Messages to {who} do not arrive",
    "first run": (
        "It is ready, and its first run is yours to begin",
        "{count} flows are ready, and the first run of each is yours to begin",
    ),
    "never backed up": "There is no backup of what has happened here",
    "old backup": ("The last backup is a day old", "The last backup is {count} days old"),
    "draft": (
        "Its draft has waited for a day to be published",
        "Its draft has waited for {count} days to be published",
    ),
    "paused": "It is paused, by {who}",
    "all paused": "Everything is paused, by {who}",
}
BUTTONS: dict[str, Template] = {
    "sign in": "Sign in to {system}",
    "connect": "Connect {system}",
    "systems": "Look at the systems",
    "account": "Look at the account",
    "flow": "Open the flow",
    "flows": "Look at the flows",
    "runs": "Look at its runs",
    "all runs": "Look at the runs",
    "checklist": "Look at the list before it",
    "notifications": "Look at who is told",
    "backup": "Make a backup",
    "doctor": "Look at the workspace",
    "records": "Show them",
    "draft": "Open the draft",
}


def templates() -> list[Template]:
    """Every template of this module, for whoever translates them."""
    return [*SENTENCES.values(), *BUTTONS.values()]
