"""Messages between the pool and a worker: four bytes of length, then JSON in ASCII.

ASCII escapes let lone surrogates through, which UTF-8 refuses; NaN and infinity are refused when written.
"""

from __future__ import annotations

import json
import os
import struct
from typing import Any

LENGTH = struct.Struct(">I")
MARK = struct.Struct(">H")  # the number of the formula about to be evaluated, or
OUT_OF_TIME = 0x8000  # with this added, of one that used up the record's time, or
NO_FORMULA = 0xFFFF  # that the record is done
MOST_FORMULAS = OUT_OF_TIME - 1

_encode = json.JSONEncoder(ensure_ascii=True, allow_nan=False, separators=(",", ":"), check_circular=False).encode


def packed(text: str) -> bytes:
    """One frame around a text of JSON."""
    body = text.encode("ascii")
    return LENGTH.pack(len(body)) + body


def encoded(message: Any) -> str:
    """A message as JSON text. ValueError for NaN and infinity, TypeError for what is not JSON."""
    return _encode(message)


def write_all(descriptor: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]


def read_exactly(descriptor: int, length: int) -> bytes | None:
    """The next `length` bytes, or None when the other side has closed."""
    parts = []
    while length:
        part = os.read(descriptor, min(length, 1 << 20))
        if not part:
            return None
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def read_frame(descriptor: int) -> bytes | None:
    """The next frame's JSON, waiting for it; None when the other side has closed."""
    head = read_exactly(descriptor, LENGTH.size)
    return None if head is None else read_exactly(descriptor, *LENGTH.unpack(head))
