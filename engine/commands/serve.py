"""`serve`: runs flows by themselves until it is told to stop."""

from __future__ import annotations

import os
import signal
import socket
import threading
import time
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from engine.commands.output import Output
from engine.commands.run import exit_code
from engine.commands.serving.journal import Journal, named
from engine.commands.serving.known_flows import KnownFlows
from engine.commands.serving.loop import Loop
from engine.commands.serving.parts import Parts
from engine.commands.serving.runner import Ended, Runner
from engine.commands.serving.teller import Teller
from engine.commands.signals import STOPPING, stopped_by_signals
from engine.design.desk import Desk, desk
from engine.design.settings.retention import retention
from engine.errors import DocumentError, Problem, StudioError
from engine.runs.report import RunReport
from engine.runs.serving.due import name_of
from engine.runs.serving.inbox import Inbox
from engine.runs.serving.names import Name
from engine.runs.serving.work import Wish, Work
from engine.runs.telling.causes import tell_not_begun
from engine.runs.telling.sending import tell_now


def run(asked: Namespace) -> int:
    """Exit code 0 when it was stopped and ended well, 1 where something was broken off, 2 where another works here.

    With --once as `run`: 0 everything arrived, 1 something is parked or a flow cannot run, 3 a system not reached.
    """
    output = Output(asked.json)
    with desk(asked.workspace) as things:
        retention(things.ledger)  # what is no number of days is told before anything begins
        codes: list[int] = []
        told: list[Ended] = []

        def ended(flow: Name, wish: Wish, report: RunReport | None, seconds: float) -> None:
            codes.append(1 if report is None else exit_code(report))
            if report is not None and report.went_through and not loop.stopping.is_set():
                inbox.fetched(flow, wish.keys, things.clock.now(), time.monotonic() - seconds)
            for tell in told:
                tell(flow, wish, report, seconds)

        journal = Journal(output, things.clock)

        def broken(flow: Name, error: StudioError) -> None:
            journal.error(flow, error)
            if any(name_of(planned) == flow for planned in things.ledger.timetable()):  # it ran by itself until now
                tell_not_begun(things.ledger, *flow, error, things.clock.now(), whole=True)

        flows = KnownFlows(things, broken)
        inbox = Inbox(things.ledger, flows.connector_of)
        runner = Runner(things, flows, journal, ended)
        work = Work(runner.go, runner.failed)
        loop = Loop(things, flows, work, runner, journal, inbox)
        parts = Parts(things, flows, journal, work, loop, told)
        with stopped_by_signals(_stopping(loop)):
            if asked.once:
                return _once(parts, codes)
            with _alone(things):
                return _until_stopped(parts, asked.host, asked.port)


@contextmanager
def _alone(things: Desk) -> Iterator[None]:
    """Be the only `serve` of this workspace; it ends with the process, however it ends."""
    with things.ledger.locks.hold("serve", wait=False) as held:
        if not held:
            what = "another `serve` works on this workspace already, and runs all its flows"
            where = str(things.workspace.root.resolve())
            raise DocumentError([Problem(where, what, "Leave it to that one, or stop that one first.")])
        yield


def _once(parts: Parts, codes: list[int]) -> int:
    _say_what_waits(parts)
    parts.loop.look()
    while not parts.work.wait(0.2):
        if parts.loop.stopping.is_set() and not parts.loop.end():
            return _broken_off()
    tell_now(parts.things.ledger, parts.things.workspace, parts.things.clock)
    return max([*codes, 2 if parts.flows.broken() else 0])


def _until_stopped(parts: Parts, host: str, port: int) -> int:
    from engine.commands.serving.health import Watched
    from engine.commands.serving.listening import listening  # `serve --once` needs no web server

    teller = Teller(parts.things, parts.journal)
    parts.told.append(lambda *run: teller.wake())
    threads = (Watched("telling", teller.is_well), Watched("running", lambda: not parts.work.left_lying()))
    with teller, listening(parts, host, port, threads) as address:
        count = sum(ready.scheduled is not None for ready in parts.flows.begun())
        _say_what_waits(parts)
        line = f"serving {parts.things.workspace.root.resolve()}: {count} flow{'' if count == 1 else 's'} by the clock"
        parts.journal.say("started", f"{line}; {address}/health says how it is", flows=count, address=address)
        _notify("READY=1")
        ended = parts.loop.go()
        _notify("STOPPING=1")
    line = "stopped" if ended else "stopped; what was still under way is looked up at the next start"
    parts.journal.say("stopped", line)
    return 0 if ended else _broken_off()


def _say_what_waits(parts: Parts) -> None:
    for name in parts.flows.waiting():
        line = f"{name}: its first run is a person's; after `run` it runs by itself"
        parts.journal.say("first_run", line, **named(name))


def _broken_off() -> int:
    """Leave although a thread still works: what it has sent is looked up before anything is sent again."""
    os._exit(1)


def _stopping(loop: Loop) -> Callable[[int], None]:
    """The first Ctrl-C or SIGTERM lets records under way finish; a second one ends at once."""

    def stop(number: int) -> None:
        threading.Thread(target=loop.stop).start()  # here it could meet a lock that this very thread holds
        for each in STOPPING:
            signal.signal(each, signal.SIG_DFL)

    return stop


def _notify(state: str) -> None:
    """Tell systemd, where it started us, how far we are."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
