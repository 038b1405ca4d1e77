"""Ctrl-C and SIGTERM while a command works."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager

STOPPING = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def stopped_by_signals(stop: Callable[[int], None]) -> Iterator[None]:
    """As long as the block lasts `stop` is told of each such signal; afterwards they mean what they meant before."""
    before = {number: signal.signal(number, lambda number, frame: stop(number)) for number in STOPPING}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
