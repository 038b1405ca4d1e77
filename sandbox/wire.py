"""HTTP/1.1 as far as a stand-in needs it: reads one request, writes one reply with a single send."""

from __future__ import annotations

import json
import time
from email.utils import formatdate
from http import HTTPStatus
from typing import BinaryIO
from urllib.parse import parse_qsl, unquote

from sandbox.exchange import Reply, Request

BODY_LIMIT_BYTES = 10_000_000
LINE_LIMIT_BYTES = 65_536
HEADER_LIMIT = 100

_PHRASES = {status.value: status.phrase for status in HTTPStatus}
_date: tuple[int, str] = (0, "")


class Unreadable(Exception):
    """What came in is no request that can be answered further than with this status."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence


def read_head(stream: BinaryIO) -> tuple[str, str, str, dict[str, str]] | None:
    """Give method, target, version and headers, or None when the other side has closed."""
    line = stream.readline(LINE_LIMIT_BYTES + 1)
    if line in (b"\r\n", b"\n"):  # an empty line before a request is allowed, RFC 9112 section 2.2
        line = stream.readline(LINE_LIMIT_BYTES + 1)
    if not line:
        return None
    words = line.decode("latin-1").split()
    if len(words) != 3 or len(line) > LINE_LIMIT_BYTES:
        raise Unreadable(400, "The request line is not METHOD TARGET VERSION.")
    method, target, version = words
    if version not in ("HTTP/1.1", "HTTP/1.0"):
        raise Unreadable(505, "Only HTTP/1.1 and HTTP/1.0 are spoken here.")
    return method, target, version, _read_headers(stream)


def _read_headers(stream: BinaryIO) -> dict[str, str]:
    headers: dict[str, str] = {}
    for _ in range(HEADER_LIMIT):
        line = stream.readline(LINE_LIMIT_BYTES + 1)
        if line in (b"\r\n", b"\n"):
            return headers
        name, colon, value = line.decode("latin-1").partition(":")
        if not colon or len(line) > LINE_LIMIT_BYTES:
            raise Unreadable(400, "A header line is not NAME: VALUE.")
        name, value = name.strip().lower(), value.strip()
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    raise Unreadable(431, "There are too many headers.")


def read_body(stream: BinaryIO, headers: dict[str, str]) -> bytes:
    """Read the body by its length or its chunks; never more than the limit."""
    if "chunked" in headers.get("transfer-encoding", "").lower():
        return _read_chunks(stream)
    written = headers.get("content-length", "0")
    if not written.isdecimal():
        raise Unreadable(400, "Content-Length is no number.")
    length = int(written)
    if length > BODY_LIMIT_BYTES:
        raise Unreadable(413, f"The body is larger than {BODY_LIMIT_BYTES} bytes.")
    body = stream.read(length) if length else b""
    if len(body) < length:
        raise Unreadable(400, "The body is shorter than Content-Length says.")
    return body


def _read_chunks(stream: BinaryIO) -> bytes:
    pieces: list[bytes] = []
    total = 0
    while True:
        line = stream.readline(1024).split(b";")[0].strip()
        try:
            length = int(line, 16)
        except ValueError:
            raise Unreadable(400, "A chunk does not begin with its length.") from None
        if length == 0:
            _read_headers(stream)  # trailers are read and dropped
            return b"".join(pieces)
        total += length
        if length < 0 or total > BODY_LIMIT_BYTES:
            raise Unreadable(413, f"The body is larger than {BODY_LIMIT_BYTES} bytes.")
        pieces.append(stream.read(length))
        stream.readline(3)


def make_request(method: str, target: str, headers: dict[str, str], body: bytes) -> Request:
    """Take the target apart; the target itself stays as it was, because systems sign it."""
    plain, _, query = target.partition("?")
    return Request(
        method=method,
        path=unquote(plain) if "%" in plain else plain,
        target=target,
        query=parse_qsl(query, keep_blank_values=True) if query else [],
        headers=headers,
        body=body,
    )


def json_reply(status: int, document: object) -> Reply:
    """Make a reply of the frame itself, not of a system."""
    text = json.dumps(document, ensure_ascii=False)
    return Reply(status, text.encode(), {"Content-Type": "application/json; charset=utf-8"})


def head_of(reply: Reply, *, close: bool, length: int | None, ahead_seconds: float = 0.0) -> bytes:
    """Write the status line and headers; length None means that chunks follow, ahead_seconds moves the date."""
    lines = [f"HTTP/1.1 {reply.status} {_PHRASES.get(reply.status, 'Unknown')}", f"Date: {_date_text(ahead_seconds)}"]
    lines.extend(f"{name}: {value}" for name, value in reply.headers.items())
    if length is None:
        lines.append("Transfer-Encoding: chunked")
    elif reply.status not in (204, 304):
        lines.append(f"Content-Length: {length}")
    if close:
        lines.append("Connection: close")
    lines.append("\r\n")
    return "\r\n".join(lines).encode("latin-1")


def _date_text(ahead_seconds: float) -> str:
    """Format the date once a second, because formatting it costs as much as a trivial reply."""
    global _date
    second = int(time.time() + ahead_seconds)
    if _date[0] != second:
        _date = (second, formatdate(second, usegmt=True))
    return _date[1]
