"""What an open system shows of itself, in sentences: whose it is, its facts, and how its main records stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from engine.connectors.connector import Resource
from engine.connectors.system import System
from engine.design.connecting.peeking import (
    LOOK_BACK,
    Peek,
    handed_out,
    looks_back,
    main_resources,
    peek_name,
    read_peek,
)
from engine.errors import Cause, ExchangeError, FormulaError, Json, Problem

# Of one kind of record only: the system answers, yet does not open it. Anything else ends the look.
_OF_ONE_RESOURCE = (Cause.FORBIDDEN, Cause.NOT_FOUND, Cause.REFUSED_RECORD)


@dataclass(slots=True)
class Look:
    """What was seen so far."""

    sentences: list[str] = field(default_factory=list)
    facts: dict[str, Json] = field(default_factory=dict)
    notes: list[Problem] = field(default_factory=list)


def look_around(system: System, now: datetime) -> Look:
    """Read the account's name, its facts and one page of each main resource; ExchangeError where it does not answer."""
    look = Look()
    name = _whose(system)
    if name:
        look.sentences.append(f"It is “{name}”.")
    look.facts = system.facts()
    for fact, value in look.facts.items():
        if value is not None and value != name:
            look.sentences.append(f"{system.connector.facts[fact].title}: {plain(value)}.")
    for resource in main_resources(system.connector):
        try:
            seen = read_peek(system.get(peek_name(resource)))
        except (ExchangeError, FormulaError) as error:
            if isinstance(error, ExchangeError) and error.cause not in _OF_ONE_RESOURCE:
                raise
            look.notes.append(_closed(resource, error))
        else:
            look.sentences.append(_counted(resource, seen, now))
    for resource in handed_out(system.connector):
        look.sentences.append(f"{resource.title}: handed out once to who asks for them, so nothing was looked at here.")
    return look


def _whose(system: System) -> str:
    """The name of the company or shop, where a resource tells it."""
    for resource in system.connector.resources.values():
        if resource.kind == "company" and {"read", "get"} & set(resource.operations):
            first = next(iter(system.all(resource.name)), None)
            return (system.number_of(resource.name, first) or "") if first is not None else ""
    return ""


def _counted(resource: Resource, seen: Peek, now: datetime) -> str:
    newest = _newest(seen) if looks_back(resource) else ""
    if looks_back(resource):
        since = f"in the last {LOOK_BACK.days} days"
        if not seen.rows:
            return f"{resource.title}: none {since}."
        count = f"more than {len(seen.rows)}" if seen.more else str(len(seen.rows))
        return f"{resource.title}: {count} {since}{f'; the newest is {newest}' if newest and not seen.more else ''}."
    if seen.total is not None:
        return f"{resource.title}: {seen.total or 'none yet'}."
    if not seen.rows:
        return f"{resource.title}: none yet."
    return f"{resource.title} can be read."


def _newest(seen: Peek) -> str:
    timed = [row for row in seen.rows if isinstance(row.get("time"), str)]
    latest: Mapping[str, Json] = max(timed, key=lambda row: str(row["time"]), default={})
    if not latest.get("number"):
        return ""
    return f"{latest['number']} of {str(latest['time'])[:10]}"


def _closed(resource: Resource, error: ExchangeError | FormulaError) -> Problem:
    problem = error.as_problem()
    what = f"{resource.title} cannot be read: {problem.what}"
    return Problem(problem.where, what, problem.what_to_do, problem.code, severity="warning")


def plain(value: Json) -> str:
    """A fact as people read it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(plain(item) for item in value) or "none"
    return value if isinstance(value, str) else str(value)
