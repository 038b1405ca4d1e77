"""Programs that read lines of JSON and write lines of JSON: run over a file, timed and weighed from outside."""

from __future__ import annotations

import contextlib
import os
import shutil
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

ROOT = Path(__file__).resolve().parents[1]
MOST_SECONDS = 1_800


class NotMeasured(Exception):
    """A program that did not do its work; the words say what it said."""


@dataclass(frozen=True, slots=True)
class Program:
    """A command, and how many lines it is timed over: enough that its start is a small part."""

    name: str
    words: tuple[str, ...]
    lines: int


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a program. cpu_seconds and peak_mb are its own with those of the processes it waited for."""

    seconds: float
    cpu_seconds: float
    peak_mb: float


@dataclass(slots=True)
class Timed:
    """What the rounds of one program gave."""

    program: Program
    empty: list[Run] = field(default_factory=list)
    full: list[Run] = field(default_factory=list)

    @property
    def start_seconds(self) -> float:
        """From the call to the end, without a line to map."""
        return statistics.median(run.seconds for run in self.empty)

    @property
    def wall_seconds(self) -> float:
        """The whole process, its start included."""
        return statistics.median(run.seconds for run in self.full)

    @property
    def rate(self) -> float:
        """Lines a second, the start taken out."""
        return self.program.lines / (self.wall_seconds - self.start_seconds)

    @property
    def cpu_microseconds(self) -> float:
        """CPU a line, the start's taken out."""
        full, empty = (statistics.median(run.cpu_seconds for run in runs) for runs in (self.full, self.empty))
        return (full - empty) * 1e6 / self.program.lines


def run(words: Sequence[str], given: Path | None, written: Path | None = None, *, times: int = 1) -> Run:
    """Run a command over a file (over nothing without one), so many times the file; NotMeasured where it fails."""
    with tempfile.TemporaryFile() as said, (written or Path(os.devnull)).open("wb") as out:
        with (given or Path(os.devnull)).open("rb") as source:
            began = time.perf_counter()
            process = subprocess.Popen(
                words, cwd=ROOT, stdin=source if times == 1 else subprocess.PIPE, stdout=out, stderr=said
            )
            watch = threading.Timer(MOST_SECONDS, process.kill)
            watch.start()
            try:
                if process.stdin is not None:
                    _pour(source, times, process.stdin)
                _, status, used = os.wait4(process.pid, 0)
            finally:
                watch.cancel()
        seconds = time.perf_counter() - began
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            said.seek(0)
            raise NotMeasured(f"it ended with {process.returncode}: {_reason(said.read(100_000))}")
    return Run(seconds, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def _reason(said: bytes) -> str:
    """The first line of what a program said, of a traceback the last."""
    lines = said.decode("utf-8", "replace").strip().splitlines() or ["it said nothing"]
    return lines[-1 if lines[0].startswith("Traceback") else 0][:300]


def _pour(source: IO[bytes], times: int, sink: IO[bytes]) -> None:
    """The file again and again, so that a million lines need no disk."""
    with contextlib.suppress(BrokenPipeError), sink:  # why it stopped reading, its exit code says
        for _ in range(times):
            source.seek(0)
            shutil.copyfileobj(source, sink, 1 << 20)


def timed(programs: Sequence[Program], inputs: Mapping[str, Path], rounds: int) -> list[Timed]:
    """Each program once a round, in turn, so that a slow moment of the machine meets them all alike.

    inputs: by a program's name, a file of its number of lines.
    """
    found = [Timed(program) for program in programs]
    for _ in range(rounds):
        for one in found:
            one.empty.append(run(one.program.words, None))
            one.full.append(run(one.program.words, inputs[one.program.name]))
    return found
