"""Descriptors that whoever started us set not to block are waited for."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from engine.commands.map_pipes import read_some, write_all


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reader, writer = os.pipe()
    with os.fdopen(reader), os.fdopen(writer):
        os.set_blocking(reader, False)
        os.set_blocking(writer, False)
        yield reader, writer


def test_what_was_not_there_yet_is_read(pipe: tuple[int, int]) -> None:
    with pytest.raises(BlockingIOError):
        os.read(pipe[0], 1)
    with ThreadPoolExecutor(1) as pool:
        read = pool.submit(read_some, pipe[0], 10)
        os.write(pipe[1], b"late")

        assert read.result(30) == b"late"


def test_what_did_not_fit_is_written(pipe: tuple[int, int]) -> None:
    data = os.urandom(1_000_000)  # more than the pipe holds
    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(write_all, pipe[1], data)
        found = b""
        while len(found) < len(data):
            found += read_some(pipe[0], 100_000)

        assert written.result(30) is None
    assert found == data
