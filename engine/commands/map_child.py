"""The parent's side of one child that reshapes: what it was given, what it answered, and whether it lives."""

from __future__ import annotations

import contextlib
import os
import subprocess
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

from engine.commands.map_lines import Chunk
from engine.commands.map_pipes import ANSWER, PROBLEMS, REQUEST, widen
from engine.commands.map_worker import NotOpened

_LEAVE_SECONDS = 5.0


@dataclass(slots=True)
class Answer:
    """What a chunk gave."""

    results: bytes | memoryview
    failures: bytes | memoryview
    failed: int


@dataclass(slots=True, eq=False)
class Place:
    """A chunk's place in the order. ended: how many children ended while they were at it."""

    chunk: Chunk
    answer: Answer | None = None
    ended: int = 0


class Child:
    """A child process that reshapes. Nothing here waits but `close`."""

    def __init__(self, words: Sequence[str], wanted: bytes) -> None:
        self.is_open = False  # has it said that it is ready?
        self.last_words = "it said nothing"  # on its standard error, where it ended before it was ready
        self.given: deque[Place] = deque()  # without an answer yet, the oldest first
        self._unsent: list[memoryview] = []
        self._child = subprocess.Popen(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            bufsize=0,
            start_new_session=True,  # Ctrl-C is for the parent, which ends its children
        )
        assert self._child.stdin and self._child.stdout and self._child.stderr
        self.input, self.output = self._child.stdin.fileno(), self._child.stdout.fileno()
        for descriptor in (self.input, self.output):
            os.set_blocking(descriptor, False)
            widen(descriptor)
        self._head = bytearray(ANSWER.size)
        self._body: bytearray | None = None
        self._filled = 0  # of the body, or of the head where there is no body yet
        self._send(REQUEST.pack(0, len(wanted)), wanted)

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def has_unsent(self) -> bool:
        return bool(self._unsent)

    def give(self, place: Place) -> None:
        self.given.append(place)
        self._send(REQUEST.pack(place.chunk.first, len(place.chunk.lines)), place.chunk.lines)

    def send(self) -> None:
        """Send as much as the child's input takes."""
        try:
            while self._unsent:
                sent = os.writev(self.input, self._unsent[:8])
                while self._unsent and sent >= len(self._unsent[0]):
                    sent -= len(self._unsent.pop(0))
                if sent:
                    self._unsent[0] = self._unsent[0][sent:]
        except BlockingIOError:
            pass
        except BrokenPipeError:  # it has ended, which its output will say after the last answer
            self._unsent.clear()

    def receive(self) -> bool:
        """Take the answers that are there; False when the child has ended. NotOpened where it says why."""
        try:
            while count := os.readv(self.output, [self._missing()]):
                self._filled += count
                self._look()
        except BlockingIOError:
            return True
        return False

    def leave(self) -> None:
        """Close its input, which makes it leave when it has answered."""
        assert self._child.stdin
        with contextlib.suppress(OSError):
            self._child.stdin.close()

    def close(self, *, kill: bool) -> None:
        """See it end; one that is not ready yet has nothing to finish."""
        self.leave()
        if kill or not self.is_open:
            self._child.kill()
        try:
            self._child.wait(_LEAVE_SECONDS)
        except subprocess.TimeoutExpired:
            self._child.kill()
            self._child.wait()
        assert self._child.stdout and self._child.stderr
        if not self.is_open and not self._child.stderr.closed:
            self.last_words = _last_line(self._child.stderr.read(20_000)) or self.last_words
        self._child.stdout.close()
        self._child.stderr.close()

    def _send(self, *parts: bytes) -> None:
        self._unsent += [memoryview(part) for part in parts if part]
        self.send()

    def _missing(self) -> memoryview:
        return memoryview(self._head if self._body is None else self._body)[self._filled :]

    def _look(self) -> None:
        """Go on from a full head to the body, and from a full body to the next answer."""
        if self._body is None and self._filled == len(self._head):
            _, results, failures = ANSWER.unpack(self._head)
            self._body, self._filled = bytearray(results + failures), 0
        if self._body is not None and self._filled == len(self._body):
            self._take(memoryview(self._body))
            self._body, self._filled = None, 0

    def _take(self, body: memoryview) -> None:
        failed, results, _ = ANSWER.unpack(self._head)
        if failed == PROBLEMS:
            raise NotOpened(bytes(body))
        if self.is_open:
            self.given.popleft().answer = Answer(body[:results], body[results:], failed)
        self.is_open = True


def _last_line(said: bytes) -> str:
    lines = said.decode("utf-8", "replace").strip().splitlines()
    return lines[-1][:300] if lines else ""
