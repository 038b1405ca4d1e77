"""`tell`: who is told what goes wrong while nobody watches, and what that is now."""

from __future__ import annotations

import getpass
import sys
from argparse import Namespace
from collections.abc import Sequence

from engine.commands.caller import of_caller
from engine.commands.output import Output
from engine.commands.telling import moment
from engine.design.desk import Desk, desk
from engine.design.settings.telling import MOST_CHARS, Told, Tried, send_test, send_waiting, tell, tell_no_more, told
from engine.errors import DocumentError, Problem
from engine.runs.ledger.causes import OPEN
from engine.runs.ledger.rows import time_text, time_text_or_none


def run(asked: Namespace) -> int:
    """Exit code 0; 1 where a message did not arrive, 2 where the call or an address is wrong."""
    output = Output(asked.json)
    with desk(asked.workspace) as opened:
        things = of_caller(opened, asked)
        if asked.add is not None:
            return _add(things, asked, output)
        if asked.remove is not None:
            return _remove(things, asked, output)
        if asked.test:
            return _test(things, output)
        if asked.send:
            return _said(send_waiting(things), output)
        _list(things, output)
        if not asked.list:
            _causes(things, output)
    return 0


def _add(things: Desk, asked: Namespace, output: Output) -> int:
    if asked.add:
        what = "an address stands in the command, where others on this machine and the shell's history can read it"
        raise _wrong("--add", what, "Take it out of the history, make it anew, and give it on standard input.")
    made = tell(things, _address())
    output.object("recipient", **_shown(made))
    output.text(f"{made.named} is told from now on. `tell --test` sends a message.")
    return 0


def _address() -> str:
    asks = sys.stdin.isatty()
    address = getpass.getpass("Address (it is not shown): ") if asks else sys.stdin.readline(MOST_CHARS + 1)
    if not address.strip():
        raise _wrong("--add", "standard input has no address", "Give it there: tell --add < address.txt")
    return address


def _remove(things: Desk, asked: Namespace, output: Output) -> int:
    gone = tell_no_more(things, asked.remove)
    output.object("removed", **_shown(gone))
    output.text(f"{gone.named} is told no more.")
    return 0


def _test(things: Desk, output: Output) -> int:
    if not told(things):
        raise _wrong("tell", "nobody is told", "Name somebody first: tell --add < address.txt")
    return _said(send_test(things), output)


def _said(tried: Sequence[Tried], output: Output) -> int:
    for one in tried:
        output.object("sent", recipient=one.whom.id, arrived=not one.why, why=one.why)
        output.text(f"{one.whom.named}: {one.why or 'taken'}")
    return 1 if any(one.why for one in tried) else 0


def _list(things: Desk, output: Output) -> None:
    known = told(things)
    for each in known:
        output.object("recipient", **_shown(each))
        failing = f", failing since {time_text(each.failing_since)}: {each.why}" if each.failing_since else ""
        output.text(f"{each.named}, by {each.who} since {each.since:%Y-%m-%d}{failing}")
    if not known:
        output.text("Nobody is told. `tell --add` reads an address of Apprise from standard input.")


def _causes(things: Desk, output: Output) -> None:
    wrong = [cause for cause in things.ledger.causes() if cause.state == OPEN]
    for cause in wrong:
        parts = {"flow": cause.flow, "binding": cause.binding, "says": cause.says, "count": cause.records}
        at = cause.told_at.isoformat() if cause.told_at else None
        output.object("cause", **parts, since=cause.first_at.isoformat(), told_at=at)
        was = f"told {moment(cause.told_at)}" if cause.told_at else "not told yet"
        output.text(f"{cause.flow}: {cause.records} × {cause.says} (since {moment(cause.first_at)}, {was})")


def _shown(each: Told) -> dict[str, object]:
    about = {"id": each.id, "service": each.service, "host": each.host, "by": each.who, "since": time_text(each.since)}
    failing = {"failing_since": time_text_or_none(each.failing_since), "why": each.why, "lost": each.lost}
    return {**about, "waiting": each.waiting, **failing}


def _wrong(where: str, what: str, what_to_do: str) -> DocumentError:
    return DocumentError([Problem(where, what, what_to_do)])
