"""Reading and writing descriptors: waits where one does not block, takes what comes, and frames with lengths."""

from __future__ import annotations

import contextlib
import fcntl
import os
import select
import struct

REQUEST = struct.Struct(">QI")  # number of the first line, length of the lines that follow
ANSWER = struct.Struct(">iII")  # how many lines failed, length of results and of failures, which follow
PROBLEMS = -1  # in place of how many failed: the failures are the problems why nothing can be reshaped

_PIPE_BYTES = 1024 * 1024  # the most that Linux gives everybody; a chunk fits in, so nobody waits for the other


def read_some(descriptor: int, most: int) -> bytes:
    """What is there, waiting for it; empty at the end."""
    while True:
        try:
            return os.read(descriptor, most)
        except BlockingIOError:  # who gave us the descriptor has set it so
            _wait(descriptor, select.POLLIN)


def write_all(descriptor: int, data: bytes | bytearray | memoryview) -> None:
    view = memoryview(data)
    while view:
        try:
            view = view[os.write(descriptor, view) :]
        except BlockingIOError:
            _wait(descriptor, select.POLLOUT)


def is_ready(descriptor: int) -> bool:
    """Would a read give something (or the end) at once?"""
    return _wait(descriptor, select.POLLIN, 0)


def wait_until_closed(descriptor: int) -> None:
    """Wait until the other side of a pipe that we write to is closed."""
    _wait(descriptor, 0)


def widen(descriptor: int) -> None:
    """Let a pipe hold more, where the system can."""
    command = getattr(fcntl, "F_SETPIPE_SZ", None)
    if command is not None:
        with contextlib.suppress(OSError):
            fcntl.fcntl(descriptor, command, _PIPE_BYTES)


def _wait(descriptor: int, event: int, milliseconds: int | None = None) -> bool:
    poll = select.poll()
    poll.register(descriptor, event)
    return bool(poll.poll(milliseconds))
