"""However the input is cut into blocks, its lines come out whole, in order and with their numbers."""

from __future__ import annotations

import os
from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.commands.map_lines import Chunk, Cutter, read_chunks
from engine.errors import DocumentError

MARK = b"\xef\xbb\xbf"


def cut(blocks: Iterable[bytes], *, chunk_bytes: int = 1, most_line_bytes: int = 1000) -> list[Chunk]:
    cutter = Cutter(chunk_bytes=chunk_bytes, most_line_bytes=most_line_bytes)
    chunks = [chunk for block in blocks for chunk in cutter.feed(block)]
    return [*chunks, *cutter.end()]


def numbered(chunks: Iterable[Chunk]) -> list[tuple[int, bytes]]:
    """Each line with its number; a line that is too long as a star."""
    found = []
    for chunk in chunks:
        lines = [b"*\n"] if chunk.is_too_long else chunk.lines.splitlines(keepends=True)
        assert len(lines) == chunk.count
        found += list(enumerate(lines, chunk.first))
    return found


@given(
    lines=st.lists(st.sampled_from([b"", b"a", b"bb", b"\xe2\x82\xac" * 3, b"x" * 40, b"x" * 41, b"y" * 200])),
    cuts=st.lists(st.integers(1, 40), min_size=1),
    chunk_bytes=st.integers(1, 100),
    has_last_end=st.booleans(),
)
def test_lines_come_out_as_they_went_in(
    lines: list[bytes], cuts: list[int], chunk_bytes: int, has_last_end: bool
) -> None:
    text = b"\n".join(lines) + b"\n" * has_last_end
    blocks, rest = [], text
    while rest:
        size = cuts[len(blocks) % len(cuts)]
        blocks.append(rest[:size])
        rest = rest[size:]

    expected = [b"*" if len(line) > 40 else line for line in text.removesuffix(b"\n").split(b"\n")] if text else []
    chunks = cut(blocks, chunk_bytes=chunk_bytes, most_line_bytes=40)

    assert numbered(chunks) == [(number, line + b"\n") for number, line in enumerate(expected, 1)]


def test_a_chunk_is_full_before_it_is_given() -> None:
    chunks = cut([b"one\ntwo\nthr", b"ee\n", b"four\n"], chunk_bytes=10)

    assert [chunk.lines for chunk in chunks] == [b"one\ntwo\nthree\n", b"four\n"]
    assert [(chunk.first, chunk.count) for chunk in chunks] == [(1, 3), (4, 1)]


def test_a_line_that_is_too_long_is_not_held() -> None:
    cutter = Cutter(chunk_bytes=1, most_line_bytes=100)
    given_so_far = [chunk for _ in range(50) for chunk in cutter.feed(b"x" * 100)]

    assert given_so_far == [Chunk(b"", 1, 1, is_too_long=True)]
    assert cutter._begun_bytes == 0
    assert numbered([*cutter.feed(b"xx\nnext\n")]) == [(2, b"next\n")]


def test_a_byte_order_mark_is_no_part_of_the_first_line() -> None:
    assert numbered(cut([MARK[:1], MARK[1:] + b"a\n", MARK + b"b\n"])) == [(1, b"a\n"), (2, MARK + b"b\n")]
    assert numbered(cut([MARK])) == [(1, b"\n")]


@pytest.mark.parametrize(
    ("beginning", "what"), [("{}\n".encode("utf-16"), "UTF-16"), (b"\x1f\x8b\x08\x00", "gzip"), (b"PK\x03\x04", "zip")]
)
def test_what_is_no_ndjson_at_all_is_refused_as_a_whole(beginning: bytes, what: str) -> None:
    with pytest.raises(DocumentError, match=what):
        cut([beginning])


def test_lines_are_not_held_back_while_nothing_more_is_coming() -> None:
    reader, writer = os.pipe()
    with os.fdopen(reader), os.fdopen(writer, "wb", buffering=0) as pen:
        chunks = read_chunks(reader, Cutter())
        pen.write(b"one\ntw")
        first = next(chunks)
        pen.write(b"o\n")
        second = next(chunks)

    assert (first.lines, second.lines, second.first) == (b"one\n", b"two\n", 2)


def test_the_lines_of_a_piece_keep_their_numbers() -> None:
    chunk = Chunk(b"a\n\nb\nccccc\n", 7, 4)

    assert [*chunk.pieces(1)] == [
        Chunk(b"a\n", 7, 1),
        Chunk(b"\n", 8, 1),
        Chunk(b"b\n", 9, 1),
        Chunk(b"ccccc\n", 10, 1),
    ]
    assert [*chunk.pieces(4)] == [Chunk(b"a\n\n", 7, 2), Chunk(b"b\n", 9, 1), Chunk(b"ccccc\n", 10, 1)]
