"""Who is told what goes wrong: added by an address that is looked at first, tried by a message, and let go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from engine.design.desk import Desk
from engine.design.people.rights import Role, needs
from engine.errors import DocumentError, Problem
from engine.runs.ledger.rows import moment_or_none
from engine.runs.telling import apprise_door
from engine.runs.telling.recipients import Recipient, add, reached, recipients, remove
from engine.runs.telling.sending import Sent, tell_now

MOST_CHARS = 4_000
_TITLE, _TEST = "Mapping Studio", "This is a test: messages of Mapping Studio arrive here."


@dataclass(frozen=True, slots=True)
class Told:
    """Somebody who is told, without anything of their address but what may be shown. failing_since, why: where messages
    do not arrive; waiting: how many are still tried; lost: how many were given up.
    """

    id: int
    service: str
    host: str
    who: str
    since: datetime
    failing_since: datetime | None
    why: str
    waiting: int
    lost: int

    @property
    def named(self) -> str:
        """As the audit log names it."""
        return f"{self.id} ({self.service}{f', {self.host}' if self.host else ''})"


@dataclass(frozen=True, slots=True)
class Tried:
    """A message that was sent. why: "" where it was taken."""

    whom: Told
    why: str


def told(desk: Desk) -> list[Told]:
    """Everybody who is told."""
    return [_told(each) for each in recipients(desk.ledger)]


@needs(Role.ADMINISTER, "say who is told")
def tell(desk: Desk, address: str) -> Told:
    """One more, by an address of Apprise; DocumentError where it is none. It is kept sealed, and not repeated."""
    address = address.strip()
    if not address or len(address) > MOST_CHARS:
        what = "there is no address" if not address else "an address is not so long"
        advice = "Write one of Apprise, such as mailtos://user:password@smtp.shop.example?to=ops@shop.example"
        raise DocumentError([Problem("the address", what, advice)])
    found = apprise_door.look(address)
    if "why" in found:
        advice = "Compare it with the page of its service in Apprise's wiki."
        raise DocumentError([Problem("the address", str(found["why"]), advice)])
    return _told(add(desk.ledger, address, found["service"], found["host"], desk.person.name, desk.clock.now()))


@needs(Role.ADMINISTER, "say who is told")
def tell_no_more(desk: Desk, number: int) -> Told:
    """Forget this one with its address; DocumentError where there is none of this number."""
    gone = remove(desk.ledger, number, desk.person.name, desk.clock.now())
    if gone is None:
        known = ", ".join(str(each.id) for each in recipients(desk.ledger)) or "nobody"
        raise DocumentError([Problem("tell", f"nobody who is told has the number {number}", f"There is {known}.")])
    return _told(gone)


@needs(Role.ADMINISTER, "send a test message")
def send_test(desk: Desk, number: int | None = None) -> list[Tried]:
    """A message to everybody who is told, or to one, and what became of it; nothing of it is tried again. Whoever takes
    it is counted among the failing no more.
    """
    found = []
    for each in recipients(desk.ledger):
        if number in (None, each.id):
            why = apprise_door.send(each.url, _TITLE, _TEST, is_good=True)
            if not why and each.failing_since is not None:
                reached(desk.ledger, each.id)
            found.append(Tried(_told(each), why))
    return found


@needs(Role.ADMINISTER, "send what waits")
def send_waiting(desk: Desk) -> list[Tried]:
    """What nobody was told yet, where it is time, and what waits to be tried again."""
    return [_tried(sent) for sent in tell_now(desk.ledger, desk.workspace, desk.clock)]


def _tried(sent: Sent) -> Tried:
    return Tried(_told(sent.recipient), sent.why)


def _told(each: Recipient) -> Told:
    since = moment_or_none(each.failing_since)
    at = datetime.fromisoformat(each.at)
    return Told(each.id, each.service, each.host, each.who, at, since, each.why, len(each.waiting), each.lost)
