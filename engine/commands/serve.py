"""`serve`: runs flows by themselves until it is told to stop."""

from __future__ import annotations

import os
import signal
import socket
import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from engine.commands.output import Output
from engine.commands.run import exit_code, retention
from engine.commands.serving.journal import Journal
from engine.commands.serving.known_flows import KnownFlows
from engine.commands.serving.loop import Loop
from engine.commands.serving.runner import Runner
from engine.design.desk import Desk, desk
from engine.runs.report import RunReport
from engine.runs.serving.work import Wish, Work


def run(asked: Namespace) -> int:
    """Exit code 0 when it was stopped and ended well, 1 where something had to be broken off.

    With --once as `run`: 0 everything arrived, 1 something is parked or a flow cannot run, 3 a system not reached.
    """
    output, keep = Output(asked.json), retention()
    with desk(asked.workspace) as things:
        codes: list[int] = []

        def ended(flow: str, wish: Wish, report: RunReport | None, seconds: float) -> None:
            codes.append(1 if report is None else exit_code(report))

        journal = Journal(output, things.clock)
        flows = KnownFlows(things, journal.error)
        runner = Runner(things, flows, journal, ended)
        work = Work(runner.go, runner.failed)
        loop = Loop(things, flows, work, runner, journal, keep)
        with _stopped_by_signals(loop):
            return _once(loop, work, codes, flows) if asked.once else _until_stopped(loop, things, journal, flows)


def _once(loop: Loop, work: Work, codes: list[int], flows: KnownFlows) -> int:
    loop.look()
    while not work.wait(0.2):
        if loop.stopping.is_set() and not loop.end():
            return _broken_off()
    return max([*codes, 2 if flows.broken() else 0])


def _until_stopped(loop: Loop, things: Desk, journal: Journal, flows: KnownFlows) -> int:
    count = len(flows.scheduled())
    shown = f"{count} flow{'' if count == 1 else 's'} by the clock"
    journal.say("started", f"serving {things.workspace.root.resolve()}: {shown}", flows=count)
    _notify("READY=1")
    ended = loop.go()
    _notify("STOPPING=1")
    journal.say("stopped", "stopped" if ended else "stopped; what was still under way is looked up by the next start")
    return 0 if ended else _broken_off()


def _broken_off() -> int:
    """Leave although a thread still works: what it has sent is looked up before anything is sent again."""
    os._exit(1)


@contextmanager
def _stopped_by_signals(loop: Loop) -> Iterator[None]:
    """The first Ctrl-C or SIGTERM lets records under way finish; a second one ends at once."""

    def stop(number: int, frame: Any) -> None:
        threading.Thread(target=loop.stop).start()  # here it could meet a lock that this very thread holds
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_DFL)

    before = {number: signal.signal(number, stop) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _notify(state: str) -> None:
    """Tell systemd, where it started us, how far we are."""
    address = os.environ.get("NOTIFY_SOCKET", "")
    if address:
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sender:
            sender.sendto(state.encode(), "\0" + address[1:] if address.startswith("@") else address)
