"""What the ledger takes and gives: plain data classes, times as aware UTC datetimes."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from engine.errors import PLACES, Json, Problem
from engine.runs.ledger.mended_fields import NOT_MENDED, Mended

# states of a record: where it stands now
DUE, WAITING, SKIPPED, PARKED = "due", "waiting", "skipped", "parked"
CREATED, UPDATED, UNCHANGED = "created", "updated", "unchanged"
OUTCOMES = (CREATED, UPDATED, UNCHANGED, SKIPPED, WAITING, PARKED)
STATES = (DUE, *OUTCOMES)

# states of an intent; "new" only in the answer to the call that made it
NEW, OPEN, DONE, UNKNOWN = "new", "open", "done", "unknown"

_PARTS, _MOST_AMOUNT = Decimal(10_000), Decimal(10**14)

# states of a run
RUNNING, INTERRUPTED = "running", "interrupted"


@dataclass(frozen=True, slots=True)
class StoredConnection:
    """A connector with answers. `answers` has the secret ones too when read by name, not in a list."""

    name: str
    connector: str
    answers: dict[str, Json] = field(repr=False)
    secrets: frozenset[str]
    host: str
    allow_private: bool
    saved_at: datetime


@dataclass(frozen=True, slots=True)
class StoredVersion:
    """A version of a flow as people count them. hash: of the flow with its connectors; file_sha256: of its file alone;
    published_at: None where it was edited in the file and numbered when it ran; as_number: the version it brings back;
    note: why it was published although something spoke against it.
    """

    flow: str
    number: int
    hash: str
    file_sha256: str
    name: str
    who: str
    note: str
    as_number: int | None
    at: datetime
    published_at: datetime | None


@dataclass(frozen=True, slots=True)
class PulledRecord:
    """A source record as one page brought it. state: due, waiting, skipped, or parked with its problems.

    version: hash of the source fields the flow reads; search_words: e-mail addresses, names, phone numbers
    that support looks for (kept as keyed hashes only); amount: what it comes to, as people call it.
    """

    key: str
    number: str
    version: str
    payload: dict[str, Json] = field(repr=False)
    state: str = DUE
    reason: str = ""
    source_time: datetime | None = None
    search_words: list[str] = field(default_factory=list, repr=False)
    problems: tuple[Problem, ...] = ()
    amount: Decimal | None = None
    currency: str | None = None


@dataclass(frozen=True, slots=True)
class PageResult:
    """How many records of a page were new, changed (version, or the filter's word) and the same."""

    new: int
    changed: int
    same: int


@dataclass(frozen=True, slots=True)
class StoredRecord:
    """A record as the ledger holds it. payload: None once purged, or not asked for, with the values that were mended in
    it; as_read: without them; attempts: of this version; cause: of one that is parked, the same for all that are
    parked for the same reason.
    """

    id: int
    flow: str
    binding: str
    key: str
    number: str
    version: str
    payload: dict[str, Json] | None = field(repr=False)
    state: str
    reason: str
    problems: tuple[Problem, ...]
    attempts: int
    next_attempt_at: datetime | None
    target_number: str | None
    source_time: datetime | None
    first_seen: datetime
    last_seen: datetime
    changed_at: datetime
    amount: Decimal | None = None
    currency: str | None = None
    cause: str | None = None
    as_read: dict[str, Json] | None = field(default=None, repr=False)
    mended: Mended = NOT_MENDED


@dataclass(frozen=True, slots=True)
class StoredOutcome:
    """One line of a record's history; run_id: the run that said it; attempt counts from 1 per version."""

    id: int
    run_id: int | None
    version: str
    outcome: str
    reason: str
    problems: tuple[Problem, ...]
    target_number: str | None
    attempt: int
    at: datetime
    next_attempt_at: datetime | None


@dataclass(frozen=True, slots=True)
class StoredRun:
    """A run of a flow; state: running, interrupted, or what the runner said when it ended it. stopped_by: who asked it
    to stop, "" where nobody did.
    """

    id: int
    flow: str
    binding: str
    version: str
    mode: str
    state: str
    started_at: datetime
    ended_at: datetime | None
    counts: dict[str, int]
    problem: Problem | None
    stopped_by: str = ""


@dataclass(frozen=True, slots=True)
class Intent:
    """The will to make one thing in a target: state "new" when this call wrote it down first.

    idempotency_key is the stored one, whoever asks; flow, binding, key and step name the first owner.
    """

    id: int
    connection: str
    resource: str
    match_value: str = field(repr=False)
    state: str
    flow: str
    binding: str
    key: str
    step: str
    idempotency_key: str
    target_id: str | None
    target_number: str | None
    answer: Json = field(repr=False)
    opened_at: datetime


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request as sent and its reply as answered, secrets already redacted; bodies are decoded text.

    note: what must be known to read it rightly.
    """

    operation: str
    method: str
    url: str = field(repr=False)
    request_headers: dict[str, str] = field(default_factory=dict, repr=False)
    request_body: str = field(default="", repr=False)
    status: int | None = None
    reply_headers: dict[str, str] = field(default_factory=dict, repr=False)
    reply_body: str = field(default="", repr=False)
    seconds: float = 0.0
    attempt: int = 1
    problem: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class StoredExchange:
    """An exchange with its place: run, record key (None: belongs to no record) and step."""

    id: int
    run_id: int | None
    key: str | None
    step: str
    at: datetime
    exchange: Exchange


@dataclass(frozen=True, slots=True)
class Window:
    """What one read of the source covered, for telling why a record was or was not seen."""

    run_id: int
    since: datetime | None
    until: datetime | None
    pages: int
    records: int
    at: datetime


def amount_number(amount: Decimal | None) -> int | None:
    """An amount as a number that sorts, in ten-thousandths; None for one that no ledger of money holds."""
    if amount is None or not amount.is_finite() or abs(amount) >= _MOST_AMOUNT:
        return None
    return int((amount * _PARTS).to_integral_value(ROUND_HALF_EVEN))


def amount_or_none(number: int | None) -> Decimal | None:
    return None if number is None else Decimal(number) / _PARTS


def time_text(moment: datetime) -> str:
    """A moment as text that sorts as the times do (UTC, always six decimals); a naive one is refused."""
    if moment.tzinfo is None:
        raise ValueError("the ledger takes times with a zone only")
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def time_text_or_none(moment: datetime | None) -> str | None:
    return None if moment is None else time_text(moment)


def moment_or_none(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def problems_json(problems: Iterable[Problem]) -> list[dict[str, str]]:
    return [_kept(problem) for problem in problems]


def _kept(problem: Problem) -> dict[str, str]:
    return problem.as_json() | {name: getattr(problem, name) for name in PLACES if getattr(problem, name)}


def problem_of(parts: dict[str, Any]) -> Problem:
    return Problem(
        parts.get("where", ""),
        parts.get("what", ""),
        parts.get("what_to_do", ""),
        **{name: parts[name] for name in ("code", "caret", "severity", *PLACES) if name in parts},
    )


def problem_text(problem: Problem | None) -> str | None:
    return None if problem is None else json.dumps(_kept(problem), ensure_ascii=False)
