"""Those who are told: their addresses, and the messages that wait for each. Kept sealed, changed by pure functions."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timedelta

from engine.errors import Json
from engine.runs.ledger import Ledger
from engine.runs.ledger.audit import note
from engine.runs.ledger.rows import moment_or_none, time_text
from engine.runs.ledger.sql import Transaction
from engine.runs.telling.texts import Message

RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))  # after the first try; then given up
MOST_WAITING = 5  # messages of one recipient
_CLOCK_SET_BACK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Waiting:
    """A message that one recipient has not got yet. tries: how often it was tried."""

    id: int
    title: str
    body: str
    is_good: bool
    next_at: str
    tries: int = 0

    def is_due(self, now: datetime) -> bool:
        """Is it to be tried now? Also where the clock was set back."""
        return not time_text(now) < self.next_at <= time_text(now + _CLOCK_SET_BACK)


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody who is told. url: their address for Apprise, with its passwords; service, host: what may be shown of it;
    failing_since, why: where messages do not arrive; lost: how many were given up since the last one that arrived.
    """

    id: int
    url: str = field(repr=False)
    service: str
    host: str
    who: str
    at: str
    waiting: tuple[Waiting, ...] = ()
    failing_since: str | None = None
    why: str = ""
    lost: int = 0

    @property
    def named(self) -> str:
        """How it is shown: what kind it is, and its host where that is no secret."""
        return f"{self.id} ({self.service}{f', {self.host}' if self.host else ''})"


def recipients(ledger: Ledger) -> list[Recipient]:
    """Everybody who is told."""
    return _recipients(ledger.recipients())


def failing(ledger: Ledger) -> list[Recipient]:
    """Those whom a message did not reach, although it was tried again and again."""
    return [each for each in recipients(ledger) if each.failing_since is not None and (each.lost or not each.waiting)]


def add(ledger: Ledger, url: str, service: str, host: str, who: str, now: datetime) -> Recipient:
    """One more; it stands in the audit log too, without the address."""
    made: list[Recipient] = []

    def change(held: Json) -> Json:
        number = (held or {}).get("next", 1)
        made[:] = [Recipient(number, url, service, host, who, time_text(now))]
        return {**_of(held), "next": number + 1, **_written([*_recipients(held), *made])}

    ledger.change_recipients(change, _noting("tells", made, who, now))
    return made[0]


def remove(ledger: Ledger, number: int, who: str, now: datetime) -> Recipient | None:
    """Tell this one no more; None where there is none. It stands in the audit log too."""
    gone: list[Recipient] = []

    def change(held: Json) -> Json:
        gone[:] = [each for each in _recipients(held) if each.id == number]
        return {**_of(held), **_written([each for each in _recipients(held) if each.id != number])}

    ledger.change_recipients(change, _noting("tells no more", gone, who, now))
    return gone[0] if gone else None


def _noting(did: str, whom: list[Recipient], who: str, now: datetime) -> Callable[[Transaction], None]:
    def write(transaction: Transaction) -> None:
        for each in whom:
            note(transaction, did, who, now, subject=each.named)

    return write


def add_message(held: Json, message: Message, now: datetime) -> Json:
    """The message waits for everybody from now on."""
    number = held.get("message", 1)
    waiting = Waiting(number, message.title, message.body, message.is_good, time_text(now))
    after = []
    for each in _recipients(held):
        kept = (*each.waiting, waiting)[-MOST_WAITING:]
        after.append(replace(each, waiting=kept, lost=each.lost + len(each.waiting) + 1 - len(kept)))
    return {**held, "message": number + 1, "last_at": time_text(now), **_written(after)}


def last_message_at(held: Json) -> datetime | None:
    """When the last message was made."""
    return moment_or_none(_of(held).get("last_at"))


def arrived(ledger: Ledger, number: int, message: int) -> None:
    """The recipient has got this message."""
    _change(ledger, number, lambda each: replace(_without(each, message), failing_since=None, why="", lost=0))


def reached(ledger: Ledger, number: int) -> None:
    """A test was taken: messages arrive again. How many were given up is still said by the next one."""
    _change(ledger, number, lambda each: replace(each, failing_since=None, why=""))


def failed(ledger: Ledger, number: int, message: int, why: str, now: datetime) -> None:
    """It was not taken: it is tried again, or given up."""

    def change(each: Recipient) -> Recipient:
        tried = next((one for one in each.waiting if one.id == message), None)
        each = replace(each, failing_since=each.failing_since or time_text(now), why=why)
        if tried is None:
            return each
        if tried.tries >= len(RETRIES):
            return replace(_without(each, message), lost=each.lost + 1)
        again = replace(tried, tries=tried.tries + 1, next_at=time_text(now + RETRIES[tried.tries]))
        return replace(each, waiting=tuple(again if one.id == message else one for one in each.waiting))

    _change(ledger, number, change)


def _without(each: Recipient, message: int) -> Recipient:
    return replace(each, waiting=tuple(one for one in each.waiting if one.id != message))


def _change(ledger: Ledger, number: int, change: Callable[[Recipient], Recipient]) -> None:
    def work(held: Json) -> Json:
        after = [change(each) if each.id == number else each for each in _recipients(held)]
        return {**_of(held), **_written(after)}

    ledger.change_recipients(work)


def _of(held: Json) -> dict[str, Json]:
    return dict(held or {})


def _recipients(held: Json) -> list[Recipient]:
    return [
        Recipient(**{**about, "waiting": tuple(Waiting(**one) for one in about["waiting"])})
        for about in _of(held).get("recipients", ())
    ]


def _written(after: list[Recipient]) -> dict[str, Json]:
    return {"recipients": [asdict(each) for each in after]}
