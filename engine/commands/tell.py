"""`tell`: who is told what goes wrong while nobody watches, and what that is now."""

from __future__ import annotations

import getpass
import sys
from argparse import Namespace

from engine.commands.caller import caller
from engine.commands.output import Output
from engine.commands.telling import moment
from engine.design.desk import Desk, desk
from engine.errors import DocumentError, Problem
from engine.runs.ledger.causes import OPEN
from engine.runs.telling import apprise_door
from engine.runs.telling.recipients import Recipient, add, recipients, remove
from engine.runs.telling.sending import Sent, tell_now

_MOST_CHARS = 4_000
_TEST = "This is a test: messages of Mapping Studio arrive here."


def run(asked: Namespace) -> int:
    """Exit code 0; 1 where a message did not arrive, 2 where the call or an address is wrong."""
    output = Output(asked.json)
    with desk(asked.workspace) as things:
        if asked.add is not None:
            return _add(things, asked, output)
        if asked.remove is not None:
            return _remove(things, asked, output)
        if asked.test:
            return _test(things, output)
        if asked.send:
            return _said(tell_now(things.ledger, things.workspace, things.clock), output)
        _list(things, output)
        if not asked.list:
            _causes(things, output)
    return 0


def _add(things: Desk, asked: Namespace, output: Output) -> int:
    if asked.add:
        what = "an address stands in the command, where others on this machine and the shell's history can read it"
        raise _wrong("--add", what, "Take it out of the history, make it anew, and give it on standard input.")
    url = _address()
    found = apprise_door.look(url)
    if "why" in found:
        raise _wrong("the address", str(found["why"]), "Compare it with the page of its service in Apprise's wiki.")
    who, now = caller(asked), things.clock.now()
    made = add(things.ledger, url, found["service"], found["host"], who, now)
    things.ledger.note("tells", who, now, subject=made.named)
    output.object("recipient", **_shown(made))
    output.text(f"{made.named} is told from now on. `tell --test` sends a message.")
    return 0


def _address() -> str:
    asks = sys.stdin.isatty()
    url = getpass.getpass("Address (it is not shown): ") if asks else sys.stdin.readline(_MOST_CHARS + 1)
    url = url.strip()
    if not url or len(url) > _MOST_CHARS:
        what = "standard input has no address" if not url else "an address is not so long"
        raise _wrong("--add", what, "Give it on standard input: tell --add < address.txt")
    return url


def _remove(things: Desk, asked: Namespace, output: Output) -> int:
    gone = remove(things.ledger, asked.remove)
    if gone is None:
        known = ", ".join(str(each.id) for each in recipients(things.ledger)) or "nobody"
        raise _wrong("--remove", f"nobody who is told has the number {asked.remove}", f"There is {known}.")
    things.ledger.note("tells no more", caller(asked), things.clock.now(), subject=gone.named)
    output.object("removed", **_shown(gone))
    output.text(f"{gone.named} is told no more.")
    return 0


def _test(things: Desk, output: Output) -> int:
    known = recipients(things.ledger)
    if not known:
        raise _wrong("tell", "nobody is told", "Name somebody first: tell --add < address.txt")
    sent = [Sent(each, apprise_door.send(each.url, "Mapping Studio", _TEST, is_good=True)) for each in known]
    return _said(sent, output)


def _said(sent: list[Sent], output: Output) -> int:
    for one in sent:
        output.object("sent", recipient=one.recipient.id, arrived=not one.why, why=one.why)
        output.text(f"{one.recipient.named}: {one.why or 'taken'}")
    return 1 if any(one.why for one in sent) else 0


def _list(things: Desk, output: Output) -> None:
    known = recipients(things.ledger)
    for each in known:
        output.object("recipient", **_shown(each))
        said = f", failing since {each.failing_since}: {each.why}" if each.failing_since else ""
        output.text(f"{each.named}, by {each.who} since {each.at[:10]}{said}")
    if not known:
        output.text("Nobody is told. `tell --add` reads an address of Apprise from standard input.")


def _causes(things: Desk, output: Output) -> None:
    wrong = [cause for cause in things.ledger.causes() if cause.state == OPEN]
    for cause in wrong:
        parts = {"flow": cause.flow, "binding": cause.binding, "says": cause.says, "count": cause.records}
        told = cause.told_at.isoformat() if cause.told_at else None
        output.object("cause", **parts, since=cause.first_at.isoformat(), told_at=told)
        was = f"told {moment(cause.told_at)}" if cause.told_at else "not told yet"
        output.text(f"{cause.flow}: {cause.records} × {cause.says} (since {moment(cause.first_at)}, {was})")


def _shown(each: Recipient) -> dict[str, object]:
    waiting = len(each.waiting)
    about = {"id": each.id, "service": each.service, "host": each.host, "by": each.who, "since": each.at}
    return {**about, "waiting": waiting, "failing_since": each.failing_since, "why": each.why, "lost": each.lost}


def _wrong(where: str, what: str, what_to_do: str) -> DocumentError:
    return DocumentError([Problem(where, what, what_to_do)])
