"""The audit log told in words: who did what to what, line by line, as a page and as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from engine.design.desk import Desk
from engine.design.lookups.cells import guarded
from engine.design.people.rights import Role, needs
from engine.errors import Json
from engine.formulas.words import Speech, Template, Translations
from engine.runs.ledger.audit import Noted as Noted

A_PAGE = 50
_PORTION, _MOST_IN_A_FILE = 1_000, 100_000

DEEDS: dict[str, Template] = {  # what lines say was done; what is not here is told as it stands
    "published": "published",
    "brought back": "brought back an earlier version as",
    "bound": "set up a binding of",
    "unbound": "removed a binding of",
    "accepted": "accepted another account of",
    "ticked": "ticked off",
    "unticked": "took back the tick at",
    "paused": "put on pause",
    "resumed": "resumed",
    "replayed": "sent again",
    "mended a value of": "mended a value of a record:",
    "took back a value of": "took back a mended value of a record:",
    "run started": "started run",
    "run stopped": "stopped run",
    "gives a role": "gave a role to",
    "removes a person": "removed",
    "changes the way of signing in": "changed the way of signing in to",
    "queue moved": "gave the queue to",
    "connected": "connected",
    "connection changed": "changed the connection",
    "disconnected": "disconnected",
    "tells": "added to those who are told",
    "tells no more": "removed from those who are told",
    "retention set": "set for how long things are kept",
    "purged": "forgot what was old",
    "erased": "erased a person",
    "backed up": "made a backup",
    "backup deleted": "deleted a backup",
    "restored": "put a backup back",
}
_NAMES: dict[str, Template] = {  # of details, which say too little by themselves
    "on": "switched on",
    "with_key": "with key",
    "why": "reason",
    "note": "remark",
    "name": "name",
    "days": "days",
    "rows": "rows",
    "host": "host",
    "account": "account",
    "as_number": "as number",
    "backup_of": "backup of",
    "records": "records",
    "connections": "connections",
    "answers": "answers",
    "lookups": "lookups",
    "schedules": "schedules",
    "file": "file",
    "role": "role",
    "was": "before",
    "record": "record",
    "number": "number",
}
_WORDS: dict[str, Template] = {"yes": "yes", "no": "no", "none": "none"}


@dataclass(frozen=True, slots=True)
class Sought:
    """What lines are looked for; None: any. flow: "" for what concerns none; until: left out itself."""

    flow: str | None = None
    who: str | None = None
    what: str | None = None
    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Some lines, the newest first. next: what to ask for those that come after; None where there are none."""

    lines: tuple[Noted, ...]
    next: int | None


def templates() -> list[Template]:
    """What is translated."""
    return [*DEEDS.values(), *_NAMES.values(), *_WORDS.values()]


@needs(Role.ADMINISTER, "read the audit log")
def page_of(desk: Desk, sought: Sought | None = None, before: int | None = None, limit: int = A_PAGE) -> Page:
    """The lines that are looked for. before: as an earlier page said by `next`."""
    found = _found(desk, sought or Sought(), before, limit + 1)
    return Page(tuple(found[:limit]), found[limit - 1].id if len(found) > limit else None)


@needs(Role.ADMINISTER, "read the audit log")
def names_in(desk: Desk) -> tuple[list[str], list[str], list[str]]:
    """Whom, which deeds and which flows there are lines of."""
    return desk.ledger.audit_names("who"), desk.ledger.audit_names("what"), desk.ledger.audit_names("flow")


@needs(Role.ADMINISTER, "read the audit log")
def as_csv(desk: Desk, sought: Sought | None = None, translations: Translations | None = None) -> bytes:
    """The lines as a file for spreadsheets, the newest first, at most a hundred thousand; times are UTC. What a
    spreadsheet would take for a formula is guarded by an apostrophe.
    """
    written = io.StringIO(newline="")
    writer = csv.writer(written)
    writer.writerow(["at", "who", "what", "subject", "flow", "binding", "details"])
    for line in _all(desk, sought or Sought()):
        details = "; ".join(details_in_words(line.details, translations))
        said = (line.who, deed(line.what, translations), line.subject, line.flow, line.binding, details)
        writer.writerow([line.at.isoformat(timespec="seconds"), *map(guarded, said)])
    return written.getvalue().encode("utf-8-sig")  # the mark tells spreadsheets the encoding


def deed(what: str, translations: Translations | None = None) -> str:
    """What was done, as it is said of somebody: “published”."""
    template = DEEDS.get(what)
    return what if template is None else Speech(translations)(template)


def details_in_words(details: dict[str, Json], translations: Translations | None = None) -> list[str]:
    """Each detail with its name: yes and no, lists with commas, and names with what they are."""
    say = Speech(translations)
    return [f"{_name(name, say)}: {_in_words(value, say)}" for name, value in details.items()]


def _name(name: str, say: Speech) -> str:
    template = _NAMES.get(name)
    return name.replace("_", " ") if template is None else say(template)


def _in_words(value: Json, say: Speech) -> str:
    if isinstance(value, bool):
        return say(_WORDS["yes" if value else "no"])
    if isinstance(value, dict):
        return ", ".join(f"{name.replace('_', ' ')} {_in_words(part, say)}" for name, part in value.items())
    if isinstance(value, list):
        return ", ".join(_in_words(each, say) for each in value)
    return say(_WORDS["none"]) if value is None else str(value)


def _found(desk: Desk, sought: Sought, before: int | None, limit: int) -> list[Noted]:
    return desk.ledger.audit(
        flow=sought.flow,
        who=sought.who,
        what=sought.what,
        since=sought.since,
        until=sought.until,
        before=before,
        limit=limit,
    )


def _all(desk: Desk, sought: Sought) -> Iterator[Noted]:
    before, left = None, _MOST_IN_A_FILE
    while left > 0:
        found = _found(desk, sought, before, min(_PORTION, left))
        yield from found
        left -= len(found)
        if len(found) < _PORTION:
            return
        before = found[-1].id
