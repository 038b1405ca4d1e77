"""Where results and failures go: standard output and error, counted, and on a terminal shown as they grow."""

from __future__ import annotations

import contextlib
import os
import time
from collections.abc import Callable

from engine.commands.map_lines import Chunk
from engine.commands.map_pipes import write_all
from engine.errors import StudioError

_SHOW_SECONDS = 0.2
_CLEAR = b"\r\x1b[K"


class Results:
    """Writes what a chunk gave, in the order it is called.

    shows: tell on the failures' descriptor how far it is; it must be a terminal.
    """

    def __init__(
        self, results: int, failures: int, *, shows: bool, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self.lines = 0
        self.failed = 0
        self._results = results
        self._failures = failures
        self._shows = shows
        self._monotonic = monotonic
        self._shown_at = monotonic()

    def take(self, chunk: Chunk, results: bytes | memoryview, failures: bytes | memoryview, failed: int) -> None:
        """BrokenPipeError where the reader has left, StudioError where nothing more can be written."""
        self.lines += chunk.count
        self.failed += failed
        if failures:
            if self._shows:
                write_all(self._failures, _CLEAR)
            _write(self._failures, failures, "failures")
        _write(self._results, results, "results")
        if self._shows and self._monotonic() - self._shown_at >= _SHOW_SECONDS:
            self._shown_at = self._monotonic()
            self._show()

    def close(self) -> None:
        """Leave the last figures standing."""
        if self._shows:
            with contextlib.suppress(OSError):
                self._show()
                write_all(self._failures, b"\n")

    def _show(self) -> None:
        line = f"{self.lines:,} line{'s' if self.lines != 1 else ''} · {self.failed:,} failed"
        write_all(self._failures, _CLEAR + line.encode())


def shows_progress(results: int, failures: int) -> bool:
    """Is there a terminal to show it on, which the results do not fill?"""
    return os.isatty(failures) and not os.isatty(results)


def _write(descriptor: int, data: bytes | memoryview, what: str) -> None:
    try:
        write_all(descriptor, data)
    except BrokenPipeError:
        raise
    except OSError as error:
        raise StudioError(
            f"The {what} cannot be written",
            why=(error.strerror or type(error).__name__).lower(),
            what_to_do="Mend that and start again from the beginning: the last line may be cut.",
        ) from error
