"""Ctrl-C and SIGTERM while a command works."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STOPPING = (signal.SIGINT, signal.SIGTERM)


def first_finishes(stop: Callable[[], None]) -> Callable[[int], None]:
    """The first signal finishes the records under way; a second one ends at once."""

    def stopped(number: int) -> None:
        stop()
        signal.signal(number, signal.SIG_DFL)

    return stopped


@contextmanager
def stopped_by_signals(stop: Callable[[int], None]) -> Iterator[None]:
    """As long as the block lasts `stop` is told of each such signal; afterwards they mean what they meant before."""
    before = {number: signal.signal(number, lambda number, frame: stop(number)) for number in STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
