"""One run of a flow, begun by the clock or by a webhook: told, counted, and ended in time when `serve` ends."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from engine.commands.serving.journal import Journal, tellable
from engine.commands.serving.known_flows import KnownFlows
from engine.design.desk import Desk
from engine.errors import FlowBusy, Problem, StudioError
from engine.runs.report import RunOptions, RunReport
from engine.runs.results import fault_of_ours
from engine.runs.run import Run
from engine.runs.serving.names import Name
from engine.runs.serving.work import Wish
from engine.runs.telling.causes import tell_fault, tell_not_begun

Ended = Callable[[Name, Wish, RunReport | None, float], None]


class Runner:
    """Runs flows for `Work`. ended: told of each run, its report (None: it could not begin) and its seconds."""

    def __init__(self, things: Desk, flows: KnownFlows, journal: Journal, ended: Ended) -> None:
        self._things = things
        self._flows = flows
        self._journal = journal
        self._ended = ended
        self._under_way: dict[Name, Run] = {}
        self._lock = threading.Lock()
        self._is_stopping = False

    def stop(self) -> None:
        """Let every run finish the records it has in hand, and begin no other."""
        with self._lock:
            self._is_stopping = True
            for run in self._under_way.values():
                run.stop()

    def go(self, flow: Name, wish: Wish) -> None:
        """One run; FlowBusy where somebody else runs this flow now."""
        if self._things.ledger.paused(flow.flow) is not None:
            return
        began, report, problem = time.monotonic(), None, None
        try:
            report = self._run(flow, wish)
            if report is not None:
                self._journal.ran(report)
                problem = tellable(report.stopped) if report.stopped else None
        except FlowBusy:
            raise
        except StudioError as error:
            problem = tellable(error)
            now = self._things.clock.now()
            tell_not_begun(self._things.ledger, *flow, error, now, whole=wish.whole)
            self._journal.error(flow, error)
        self._over(flow, wish, report, problem, time.monotonic() - began)

    def failed(self, flow: Name, fault: BaseException) -> None:
        """A fault of ours ended a run: told by its kind and place, never by values."""
        if isinstance(fault, Exception):
            problem = fault_of_ours(fault).problems[0]
            tell_fault(self._things.ledger, *flow, self._things.clock.now())
            self._journal.problem(flow, problem)
            self._over(flow, Wish(), None, problem, 0.0)

    def _over(self, flow: Name, wish: Wish, report: RunReport | None, problem: Problem | None, seconds: float) -> None:
        was_cut_short = self._is_stopping  # then it counts as not ended, and is due when `serve` starts again
        if (wish.whole or problem is not None) and not was_cut_short:
            self._things.ledger.planned_ended(*flow, self._things.clock.now(), problem)
        self._ended(flow, wish, report, seconds)

    def _run(self, flow: Name, wish: Wish) -> RunReport | None:
        things, options = self._things, RunOptions(hinted=list(wish.keys))
        with things.opened(self._flows.load(flow.flow), binding=flow.binding) as opened:
            run = Run(opened, things.ledger, things.clock, options)
            with self._lock:
                if self._is_stopping:
                    return None
                self._under_way[flow] = run
            try:
                return run.go()
            finally:
                with self._lock:
                    del self._under_way[flow]
