"""The pool's side of one worker process: start it, ask it, and end it when it overruns."""

from __future__ import annotations

import contextlib
import importlib.util
import json
import os
import select
import subprocess
import sys
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.errors import StudioError
from engine.formulas.guarded.frames import LENGTH, MARK, NO_FORMULA, OUT_OF_TIME, encoded, packed
from engine.formulas.terms import Environment, Limits, Program

_START_SECONDS = 30.0
_LOOK_SECONDS = 0.05  # how often the marks are emptied, so that their pipe never fills
_KEPT = {"program": 512, "environment": 16}
_HELD_VALUES, _HELD_CHARS = 192, 3_000_000  # of JSON; a worker's memory is bounded
_RUN = """
import runpy, sys
sys.path[:0] = sys.argv[1:-1]
runpy.run_module('engine.formulas.guarded.worker', run_name='__main__')
"""


class WorkerGone(Exception):
    """The worker ended, or was ended because it overran. `culprits`: the numbers of the formulas it had timed
    out in this record, and of the one it was at.
    """

    def __init__(self, *, overran: bool, culprits: tuple[int, ...]) -> None:
        super().__init__("the worker overran" if overran else "the worker ended")
        self.overran = overran
        self.culprits = culprits


class WorkerProcess:
    """One child with its pipes. Used by one thread at a time."""

    def __init__(self, limits: Limits, monotonic: Callable[[], float]) -> None:
        self.tired = False  # whether the pool should replace it
        self._monotonic = monotonic
        self._known: dict[str, OrderedDict[Any, None]] = {kind: OrderedDict() for kind in _KEPT}
        self._held: OrderedDict[int, int] = OrderedDict()  # number of a value the child has → its size
        self._held_chars = 0
        self._buffer = bytearray()
        self._trail = bytearray()  # the marks since the last record was done
        marks, marks_of_child = os.pipe()
        self._marks = marks
        os.set_blocking(marks, False)
        try:
            self._child = subprocess.Popen(
                [sys.executable, "-I", "-c", _RUN, *_module_folders(), str(marks_of_child)],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                pass_fds=(marks_of_child,),
                env={},
                bufsize=0,
                start_new_session=True,
            )
        except BaseException:
            os.close(marks)
            raise
        finally:
            os.close(marks_of_child)
        assert self._child.stdin and self._child.stdout and self._child.stderr
        self._in, self._out = self._child.stdin.fileno(), self._child.stdout.fileno()
        os.set_blocking(self._in, False)
        self._greeted = False
        self._greeting = packed(encoded(asdict(limits)))

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def alive(self) -> bool:
        return self._child.poll() is None

    def greet(self) -> None:
        """Wait until the child says it is ready. StudioError with the child's own last line if it cannot."""
        if self._greeted:
            return
        try:
            self._send(self._greeting, self._monotonic() + _START_SECONDS)
            self._receive(self._monotonic() + _START_SECONDS)
        except WorkerGone:
            said = self._last_words()  # it has ended
            self.end()
            raise StudioError(
                "The process that evaluates formulas does not start",
                why=said,
                what_to_do="Check that the engine's dependencies are installed: `python -m engine doctor`.",
            ) from None
        self._greeted = True
        assert self._child.stderr
        self._child.stderr.close()

    def ask(self, request: list[Any], answers: int, seconds: float) -> Iterator[Any]:
        """The request's answers, each within `seconds` of the one before. WorkerGone ends it."""
        yield from self.ask_text(encoded(request), answers, [seconds] * answers)

    def ask_text(self, request: str, answers: int, seconds: list[float]) -> Iterator[Any]:
        """The same for a request already written as JSON, with the seconds of each answer."""
        self.greet()
        self._send(packed(request), self._monotonic() + _START_SECONDS)
        for allowed in seconds[:answers]:
            answer = self._receive(self._monotonic() + allowed)
            self._empty_marks()
            yield json.loads(answer)

    def teach(self, program: Program, environment: Environment) -> None:
        """Send the program and the environment unless the worker has them; let the oldest go."""
        self._teach("program", program.id, lambda: ["program", program.id, program.names, program.formulas])
        self.teach_environment(environment)

    def teach_environment(self, environment: Environment) -> None:
        self._teach(
            "environment",
            environment.number,
            lambda: ["environment", environment.number, environment.as_json()],
        )

    def _teach(self, kind: str, key: Any, request: Callable[[], list[Any]]) -> None:
        known = self._known[kind]
        if key in known:
            known.move_to_end(key)
            return
        next(self.ask(request(), 1, _START_SECONDS))
        known[key] = None
        if len(known) > _KEPT[kind]:
            oldest, _ = known.popitem(last=False)
            next(self.ask(["forget", kind, oldest], 1, _START_SECONDS))

    def hold(self, sizes: Mapping[int, int]) -> tuple[set[int], list[int]]:
        """Which of these values the child must be sent now, and which others it must forget to make room."""
        new = {number for number in sizes if number not in self._held}
        for number, size in sizes.items():
            if number in new:
                self._held_chars += size
            self._held[number] = size
            self._held.move_to_end(number)
        old = []
        while len(self._held) > len(sizes) and (len(self._held) > _HELD_VALUES or self._held_chars > _HELD_CHARS):
            number, size = self._held.popitem(last=False)
            self._held_chars -= size
            old.append(number)
        return new, old

    def knows(self, numbers: Iterable[int]) -> int:
        """How much of these values the child has already, in characters."""
        return sum(self._held.get(number, 0) for number in numbers)

    def _send(self, data: bytes, deadline: float) -> None:
        poll = select.poll()
        poll.register(self._in, select.POLLOUT)
        view = memoryview(data)
        while view:
            try:
                view = view[os.write(self._in, view) :]
            except BlockingIOError:
                self._wait(poll, deadline)
            except OSError:  # the child has closed its end
                raise self._gone(overran=False) from None

    def _receive(self, deadline: float) -> bytes:
        poll = select.poll()
        poll.register(self._out, select.POLLIN)
        while True:
            frame = self._frame()
            if frame is not None:
                return frame
            self._wait(poll, deadline)
            part = os.read(self._out, 1 << 18)
            if not part:
                raise self._gone(overran=False)
            self._buffer += part

    def _frame(self) -> bytes | None:
        """The next whole frame of what has been read."""
        if len(self._buffer) < LENGTH.size:
            return None
        end = LENGTH.size + LENGTH.unpack_from(self._buffer)[0]
        if len(self._buffer) < end:
            return None
        frame = bytes(self._buffer[LENGTH.size : end])
        del self._buffer[:end]
        return frame

    def _wait(self, poll: select.poll, deadline: float) -> None:
        while True:
            left = deadline - self._monotonic()
            if left <= 0:
                raise self._gone(overran=True)
            if poll.poll(min(left, _LOOK_SECONDS) * 1000):
                return
            self._empty_marks()

    def _empty_marks(self) -> None:
        # A pipe holds no more than 64 kB, so one look empties it.
        with contextlib.suppress(BlockingIOError):
            self._trail += os.read(self._marks, 1 << 20)
        done = self._trail.rfind(MARK.pack(NO_FORMULA))
        if done >= 0:
            del self._trail[: done + MARK.size]

    def _gone(self, *, overran: bool) -> WorkerGone:
        self._child.kill()
        self._child.wait()
        self._empty_marks()
        marks = [number for (number,) in MARK.iter_unpack(self._trail)]
        culprits = {number - OUT_OF_TIME for number in marks if number >= OUT_OF_TIME}
        culprits.update(number for number in marks[-1:] if number < OUT_OF_TIME)
        return WorkerGone(overran=overran, culprits=tuple(culprits))

    def _last_words(self) -> str:
        stderr = self._child.stderr
        if stderr is None or stderr.closed:
            return ""
        lines = stderr.read(20_000).decode("utf-8", "replace").strip().splitlines()
        return lines[-1][:300] if lines else "it said nothing"

    def end(self) -> None:
        """Close the input, which makes an idle worker leave; one that does not leave at once is killed."""
        assert self._child.stdin and self._child.stdout
        with contextlib.suppress(OSError):
            self._child.stdin.close()
        try:
            self._child.wait(timeout=1.0)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        self._child.stdout.close()
        if self._marks >= 0:
            os.close(self._marks)
            self._marks = -1
        if self._child.stderr:
            self._child.stderr.close()


def _module_folders() -> list[str]:
    """Where the child finds the engine and what it imports; its own search path is the interpreter's only."""
    folders = [str(Path(__file__).resolve().parents[3])]
    for module in ("jsonata", "re2"):
        spec = importlib.util.find_spec(module)
        if spec is not None and spec.origin:
            folders.append(str(Path(spec.origin).parents[1]))
    return list(dict.fromkeys(folders))
