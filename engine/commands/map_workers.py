"""Several children reshape at once: chunks go to whoever is free, answers come out in the order of the lines."""

from __future__ import annotations

import select
from collections import deque
from collections.abc import Callable, Sequence
from types import TracebackType
from typing import Self

from engine.commands.map_child import Answer, Child, Place
from engine.commands.map_failures import ended_twice, too_long
from engine.commands.map_lines import Chunk, Cutter, read_block
from engine.commands.map_results import Results
from engine.errors import StudioError

AHEAD = 2  # chunks that one child has: the one it is at, and one for when the parent is late
MOST_PLACES = 4  # for each child, chunks that are read and not written: how far one may run ahead of another
MOST_BYTES = 32 * 1024 * 1024  # of all these chunks together, which are few where lines are huge
_MOST_STARTS = 3  # children one after the other that end before they are ready


class Workers:
    """The children of one call, and the chunks under way between input and results."""

    def __init__(self, words: Sequence[str], wanted: bytes, count: int, source: int, cutter: Cutter) -> None:
        self._start: Callable[[], Child] = lambda: Child(words, wanted)
        self._source = source
        self._cutter = cutter
        self._is_over = False  # the source has ended
        self._order: deque[Place] = deque()  # everything under way, in the order of the lines
        self._waiting: deque[Place] = deque()  # that of it which no child has
        self._bytes = 0  # of all chunks under way
        self._failed_starts = 0
        self._most_places = MOST_PLACES * count
        self.children: list[Child] = []
        try:
            for _ in range(count):
                self.children.append(self._start())
        except OSError as error:
            self._close(kill=True)
            raise StudioError(
                f"{count} processes cannot be started",
                why=(error.strerror or type(error).__name__).lower(),
                what_to_do="Ask for fewer with --workers.",
            ) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close(kill=kind is not None)

    def run(self, results: Results) -> None:
        """Until all that the source gives is written. StudioError where no child can be opened."""
        while not (self._is_over and not self._order and any(child.is_open for child in self.children)):
            self._hand_out()
            self._wait()
            while self._order and (answer := self._order[0].answer) is not None:
                place = self._order.popleft()
                self._bytes -= len(place.chunk.lines)
                results.take(place.chunk, answer.results, answer.failures, answer.failed)

    def _hand_out(self) -> None:
        """Give what is waiting to the least busy; nothing ahead while somebody is still starting, who will be idle."""
        able = [child for child in self.children if child.is_open]
        most = AHEAD if len(able) == len(self.children) else 1
        while self._waiting and able:
            child = min(able, key=lambda child: len(child.given))
            if len(child.given) >= most:
                return
            child.give(self._waiting.popleft())

    def _wait(self) -> None:
        """Wait until something can be moved, and move it."""
        poll = select.poll()
        readers = {child.output: child for child in self.children}
        writers = {child.input: child for child in self.children if child.has_unsent}
        for descriptor in readers:
            poll.register(descriptor, select.POLLIN)
        for descriptor in writers:
            poll.register(descriptor, select.POLLOUT)
        if self._has_room:
            poll.register(self._source, select.POLLIN)
        hurry = self._has_room and self._cutter.has_lines and self._somebody_is_idle()
        ready = [descriptor for descriptor, _ in poll.poll(0 if hurry else None)]
        for descriptor in ready:
            if descriptor in writers:
                writers[descriptor].send()
        for descriptor in ready:
            if descriptor in readers and not readers[descriptor].receive():
                self._replace(readers[descriptor])
        if self._has_room and self._source in ready:
            self._read()
        elif hurry and self._somebody_is_idle():
            self._queue(*self._cutter.flush())

    @property
    def _has_room(self) -> bool:
        return not self._is_over and len(self._order) < self._most_places and self._bytes < MOST_BYTES

    def _somebody_is_idle(self) -> bool:
        return not self._waiting and any(child.is_open and not child.given for child in self.children)

    def _read(self) -> None:
        block = read_block(self._source)
        self._is_over = not block
        self._queue(*(self._cutter.feed(block) if block else self._cutter.end()))

    def _queue(self, *chunks: Chunk) -> None:
        for chunk in chunks:
            place = Place(chunk)
            self._order.append(place)
            self._bytes += len(chunk.lines)
            if chunk.is_too_long:
                place.answer = Answer(b"", too_long(chunk), 1)
            else:
                self._waiting.append(place)

    def _replace(self, child: Child) -> None:
        """A child has ended: what it was at is tried once more, what it had not come to is given to another."""
        child.close(kill=True)
        self._failed_starts = 0 if child.is_open else self._failed_starts + 1
        if self._failed_starts == _MOST_STARTS:
            raise StudioError(
                "The processes that reshape do not start",
                why=child.last_words,
                what_to_do="Try --workers 1, and see what `python -m engine doctor` says.",
            )
        if child.given:
            blamed = child.given[0]
            blamed.ended += 1
            if blamed.ended == 2:
                child.given.popleft()
                blamed.answer = Answer(b"", ended_twice(blamed.chunk), blamed.chunk.filled_lines())
        self._waiting.extendleft(reversed(child.given))
        self.children[self.children.index(child)] = self._start()

    def _close(self, *, kill: bool) -> None:
        for child in self.children:
            child.leave()
        for child in self.children:
            child.close(kill=kill)
