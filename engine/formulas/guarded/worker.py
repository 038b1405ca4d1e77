"""The child process that evaluates formulas: `python -m engine.formulas.guarded.worker`, started by the pool only.

It reads frames from standard input, answers on standard output, writes the number of each formula to a second
pipe before evaluating it (so that the pool knows which one it died of), and leaves when its input closes.
"""

from __future__ import annotations

import contextlib
import gc
import json
import os
import signal
import sys
from collections.abc import Iterator
from pathlib import Path

from engine.formulas.guarded.evaluation import Evaluator
from engine.formulas.guarded.frames import MARK, encoded, packed, read_frame, write_all
from engine.formulas.guarded.timer import Timer


def main(mark_descriptor: int) -> None:
    """Serve until the input closes. The first frame holds the limits; the first answer says ready."""
    answers = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # the library prints in some failures; that must not get between the frames
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    first = read_frame(0)
    if first is None:
        return
    limits = json.loads(first)
    sys.setrecursionlimit(10_000)
    _bound_memory(limits["memory_mb"])
    evaluator = Evaluator(limits, Timer(), lambda index: os.write(mark_descriptor, MARK.pack(index)))
    write_all(answers, packed(encoded({"ready": evaluator.versions()})))
    os.dup2(nowhere, 2)
    gc.freeze()
    while (frame := read_frame(0)) is not None:
        for answer in _answers(evaluator, frame):
            write_all(answers, packed(answer))


def _answers(evaluator: Evaluator, frame: bytes) -> Iterator[str]:
    """The answers to one request, each as JSON text."""
    nulls = b"null" in frame
    request = json.loads(frame)
    del frame
    match request:
        case ["program", program, names, formulas]:
            evaluator.learn_program(program, names, formulas)
            yield "null"
        case ["environment", number, environment]:
            evaluator.learn_environment(number, environment)
            yield "null"
        case ["forget", kind, key]:
            evaluator.forget(kind, key)
            yield "null"
        case ["check", formulas]:
            for formula in formulas:
                yield encoded(evaluator.check(formula))
        case ["jobs", program, environment, variables, chain, jobs]:
            evaluator.share(variables, chain, nulls=nulls)
            for job in jobs:
                yield evaluator.job(program, environment, *job, nulls=nulls)
        case ["held", values, forgotten, environment, groups]:
            evaluator.hold(values, forgotten, nulls=nulls)
            for program, names, variables, chain, records, jobs in groups:
                evaluator.share(variables, chain, names, nulls=nulls)
                for number, job in zip(records, jobs, strict=True):
                    yield evaluator.job(program, environment, *job, nulls=nulls, held=number)
        case ["reads", formula]:
            yield encoded(evaluator.reads(formula))
        case ["trace", formula, environment, record, variables]:
            yield encoded(evaluator.trace(formula, environment, record, variables))
        case _:
            raise ValueError(f"unknown request {request[0]!r}")


def _bound_memory(memory_mb: int) -> None:
    """Let the process grow by `memory_mb`; where the system cannot bound it, the clock remains."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource

        pages = int(Path("/proc/self/statm").read_text().split()[0])
        most = pages * resource.getpagesize() + memory_mb * 1_000_000
        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    main(int(sys.argv[-1]))
