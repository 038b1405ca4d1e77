"""What `serve` writes while it works: one line for each thing that happened, with its time."""

from __future__ import annotations

import sys
import threading
from dataclasses import replace

from engine.commands.output import Output
from engine.connectors.clock import Clock
from engine.errors import ExchangeError, Json, Problem, StudioError, WrongCompany
from engine.runs.report import RunReport
from engine.runs.serving.names import Name
from engine.runs.telling.texts import kind_of_error

_MOST_TOLD = 5  # parked records of one run; `history --parked` lists them all


class Journal:
    """Writes lines from any thread; never values of records, which may be personal."""

    def __init__(self, output: Output, clock: Clock) -> None:
        self._output = output
        self._clock = clock
        self._lock = threading.Lock()

    def say(self, kind: str, line: str, **parts: Json) -> None:
        """One thing that happened, for people and as an object."""
        at = self._clock.now()
        with self._lock:
            self._output.object(kind, at=at.isoformat(timespec="seconds"), **parts)
            self._output.text(f"{at.astimezone():%Y-%m-%d %H:%M:%S} {line}")
            sys.stdout.flush()

    def ran(self, report: RunReport) -> None:
        """A run is over; of one that found nothing to do, its counts are told to programs only."""
        counts = {name: count for name, count in report.counts.items() if count}
        flow = Name(report.flow, report.binding)
        parts = {**named(flow), "run": report.run_id, "counts": report.counts, "later": len(report.later)}
        if report.stopped is not None:
            self.problem(flow, tellable(report.stopped))
        is_new = bool(set(counts) - {"read", "unchanged", "parked"} or report.parked_now)
        told = ", ".join(f"{count} {name}" for name, count in counts.items()) if is_new else ""
        self.say("run", f"{flow}: {told or 'nothing new'} (run {report.run_id})", **parts)
        if report.parked_now:
            numbers = ", ".join(parked.number for parked in report.parked[:_MOST_TOLD])
            self.say("parked", f"{flow}: {report.parked_now} parked; look at {numbers}", **named(flow))

    def error(self, flow: Name, error: StudioError) -> None:
        """A flow could not run."""
        self.problem(flow, tellable(error))

    def problem(self, flow: Name, problem: Problem) -> None:
        """Something is wrong with a flow."""
        self.say("problem", f"{flow}: {problem}".replace("\n", " "), **named(flow), problem=problem.as_json())


def named(flow: Name) -> dict[str, Json]:
    """A flow and its binding, for programs."""
    return {"flow": flow.flow, "binding": flow.binding}


def tellable(error: StudioError) -> Problem:
    """An error without the other system's own words: they may repeat what was sent, and a log is read by many."""
    if isinstance(error, ExchangeError):
        return Problem(error.where, f"{error.what} ({error.cause})", error.what_to_do, code=kind_of_error(error))
    if isinstance(error, WrongCompany):
        return Problem(error.where, error.what, error.what_to_do, code=kind_of_error(error))  # `why` names companies
    return replace(error.as_problem(), code=kind_of_error(error))
