"""Cuts what comes in into chunks of whole lines, numbered, without looking into them; endless lines are skipped."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.commands.map_pipes import is_ready, read_some
from engine.errors import DocumentError, Problem

BLOCK_BYTES = 256 * 1024  # read at once
CHUNK_BYTES = 256 * 1024  # given to a process at once
PIECE_BYTES = 96 * 1024  # reshaped at once: its records fit into a processor's own memory, which is worth 15 %
MOST_LINE_BYTES = 16 * 1024 * 1024

_UTF_8_MARK = b"\xef\xbb\xbf"
_NO_NDJSON = {  # how what is no NDJSON at all may begin: every line of it would fail, and none say why
    b"\xff\xfe": ("it is written in UTF-16", "Write it in UTF-8."),
    b"\xfe\xff": ("it is written in UTF-16", "Write it in UTF-8."),
    b"\x1f\x8b": ("it is packed with gzip", "Unpack it on the way: gunzip -c FILE | …"),
    b"\x28\xb5\x2f\xfd": ("it is packed with zstd", "Unpack it on the way: zstd -dc FILE | …"),
    b"PK\x03\x04": ("it is a zip file", "Unpack it on the way: unzip -p FILE | …"),
}


@dataclass(frozen=True, slots=True)
class Chunk:
    """Whole lines, each with its line end. first: the number of the first one; count: how many.

    Of a line that is too long only the number is kept: `is_too_long`, and `lines` is empty.
    """

    lines: bytes
    first: int
    count: int
    is_too_long: bool = False

    def pieces(self, piece_bytes: int) -> Iterator[Chunk]:
        """The same lines in chunks of at most so many bytes, or of one line."""
        start, number = 0, self.first
        while start < len(self.lines):
            end = self.lines.rfind(b"\n", start, start + piece_bytes) + 1
            end = end or self.lines.index(b"\n", start) + 1
            piece = self.lines[start:end]
            yield Chunk(piece, number, piece.count(b"\n"))
            start, number = end, number + piece.count(b"\n")

    def filled_lines(self) -> int:
        """How many of the lines hold anything."""
        return sum(1 for line in self.lines.split(b"\n") if line.strip())


class Cutter:
    """Takes blocks as they come and gives chunks; holds a chunk, a block and the longest line allowed at most.

    most_line_bytes: of a line without its end, at least as much as a block.
    """

    def __init__(self, *, chunk_bytes: int = CHUNK_BYTES, most_line_bytes: int = MOST_LINE_BYTES) -> None:
        self._chunk_bytes = chunk_bytes
        self._most_line_bytes = most_line_bytes
        self._whole: list[bytes] = []  # together whole lines
        self._whole_bytes = 0
        self._begun: list[bytes] = []  # together the beginning of a line
        self._begun_bytes = 0
        self._next = 1  # the number of the first line that was not given yet
        self._is_skipping = False  # inside a line that is too long

    @property
    def has_lines(self) -> bool:
        """Are there whole lines that `flush` would give?"""
        return bool(self._whole)

    def feed(self, block: bytes) -> Iterator[Chunk]:
        """The chunks that are full with this block."""
        if self._is_skipping or self._begun_bytes + len(block) > self._most_line_bytes:
            end = block.find(b"\n")
            if self._is_skipping or self._begun_bytes + (end if end >= 0 else len(block)) > self._most_line_bytes:
                yield from self._skip()
                if end < 0:
                    return
                self._is_skipping = False
                block = block[end + 1 :]
        self._keep(block)
        if self._whole_bytes >= self._chunk_bytes:
            yield from self.flush()

    def flush(self) -> Iterator[Chunk]:
        """The whole lines there are, full chunk or not."""
        if not self._whole:
            return
        lines = b"".join(self._whole)
        self._whole, self._whole_bytes = [], 0
        if self._next == 1:
            lines = _without_mark(lines)
        chunk = Chunk(lines, self._next, lines.count(b"\n"))
        self._next += chunk.count
        yield chunk

    def end(self) -> Iterator[Chunk]:
        """What is left when nothing more comes; a last line without an end gets one."""
        if self._begun_bytes:
            self._keep(b"\n")
        yield from self.flush()

    def _keep(self, block: bytes) -> None:
        cut = block.rfind(b"\n") + 1
        if cut:
            self._whole += [*self._begun, block[:cut]]
            self._whole_bytes += self._begun_bytes + cut
            self._begun, self._begun_bytes = [], 0
            block = block[cut:]
        if block:
            self._begun.append(block)
            self._begun_bytes += len(block)

    def _skip(self) -> Iterator[Chunk]:
        """Let go of a line that is too long; said once, at its beginning."""
        if self._is_skipping:
            return
        yield from self.flush()
        self._is_skipping = True
        self._begun, self._begun_bytes = [], 0
        yield Chunk(b"", self._next, 1, is_too_long=True)
        self._next += 1


def read_chunks(descriptor: int, cutter: Cutter) -> Iterator[Chunk]:
    """The chunks of all that a descriptor gives. What is there is not held back while nothing more is coming."""
    while block := read_block(descriptor):
        yield from cutter.feed(block)
        if cutter.has_lines and not is_ready(descriptor):
            yield from cutter.flush()
    yield from cutter.end()


def read_block(descriptor: int) -> bytes:
    """What comes next; empty at the end. DocumentError where it cannot be read."""
    try:
        return read_some(descriptor, BLOCK_BYTES)
    except OSError as error:
        why = (error.strerror or type(error).__name__).lower()
        what_to_do = "Give a file or a pipe: < IN.ndjson"
        raise DocumentError([Problem("standard input", f"it cannot be read: {why}", what_to_do)]) from error


def _without_mark(lines: bytes) -> bytes:
    """The first lines without a byte order mark. DocumentError where they begin as no NDJSON does."""
    for beginning, (what, what_to_do) in _NO_NDJSON.items():
        if lines.startswith(beginning):
            raise DocumentError([Problem("standard input", f"{what}, and is no NDJSON", what_to_do)])
    return lines.removeprefix(_UTF_8_MARK)
