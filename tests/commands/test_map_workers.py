"""`map` in several processes: order holds whoever is slow, and a process that ends costs at most what it had."""

from __future__ import annotations

import os
import signal
import subprocess
from pathlib import Path

import pytest

from engine.commands.map_failures import ended_twice
from engine.commands.map_lines import Chunk
from tests.commands.conftest import Call
from tests.commands.test_map_stream import (
    LONG_SECONDS,
    children_of,
    exists_soon,
    give,
    is_gone_soon,
    ndjson,
    start,
    under_way,
)


def test_order_holds_although_one_process_is_slow() -> None:
    records = [{"n": n, "text": "x" * 40} for n in range(50_000)]
    for n in (0, 20_000, 40_000):
        records[n] |= {"do": "wait", "seconds": 0.3}
    gave = give(ndjson(records), "2")

    assert [(record["line"], record["n"]) for record in gave.results] == [(n + 1, n) for n in range(50_000)]
    assert gave.code == 0


def test_both_processes_work(tmp_path: Path) -> None:
    """The second record ends only when the third is at work."""
    with under_way("2") as process:
        assert process.stdin and process.stdout
        process.stdin.write(ndjson([{"do": "await", "file": str(tmp_path / "made"), "begun": str(tmp_path / "begun")}]))
        process.stdin.flush()
        assert exists_soon(tmp_path / "begun")
        process.stdin.write(ndjson([{"do": "make", "file": str(tmp_path / "made")}]))
        process.stdin.close()

        assert [line[:10] for line in process.stdout] == [b'{"line": 2', b'{"line": 3']


def test_what_a_killed_process_had_is_given_once_more(tmp_path: Path) -> None:
    records = [{"n": n, "text": "x" * 100} for n in range(10_000)]
    records[5_000] |= {"do": "end once", "mark": str(tmp_path / "ended")}
    gave = give(ndjson(records), "2")

    assert [record["n"] for record in gave.results] == list(range(10_000))
    assert (gave.code, gave.err) == (0, b"")


def test_a_chunk_that_ends_two_processes_fails_and_the_rest_goes_on(tmp_path: Path) -> None:
    records = [{"n": n, "text": "x" * 100} for n in range(10_000)]
    records[5_000] |= {"do": "end", "ends": str(tmp_path / "ends")}
    gave = give(ndjson(records), "2")

    [failure] = gave.failures
    assert (tmp_path / "ends").read_text() == "one\none\n"
    failed = range(failure["line"], failure["last_line"] + 1)
    assert 5_001 in failed and len(failed) < 5_000
    assert f"lines {failed[0]} to {failed[-1]}" in failure["problems"][0]["what"]
    assert [record["line"] for record in gave.results] == [n for n in range(1, 10_001) if n not in failed]
    assert gave.code == 1


def test_a_process_killed_from_outside_is_replaced() -> None:
    with under_way("2") as process:
        assert process.stdin and process.stdout
        killed = children_of(process.pid)
        for child in killed:
            os.kill(child, signal.SIGKILL)
        assert all(map(is_gone_soon, killed))
        process.stdin.write(b'{"n": 2}\n')
        process.stdin.close()

        assert process.stdout.read() == b'{"line": 2, "n": 2}\n'
        assert process.wait(LONG_SECONDS) == 0


def test_no_process_stays_when_the_parent_is_killed_not_even_one_at_work(tmp_path: Path) -> None:
    with under_way("2") as process:
        assert process.stdin
        process.stdin.write(
            ndjson([{"do": "await", "file": str(tmp_path / "never"), "begun": str(tmp_path / "begun")}])
        )
        process.stdin.flush()
        assert exists_soon(tmp_path / "begun")
        children = children_of(process.pid)
        process.kill()
        process.wait()

    assert len(children) == 2
    assert all(map(is_gone_soon, children))


def test_what_a_library_prints_does_not_get_between_the_results() -> None:
    gave = give(ndjson([{"do": "say"}]), "2")

    assert gave.results == [{"line": 1, "do": "say"}]
    assert gave.err == b""


def test_processes_that_cannot_start_are_told_with_their_last_words() -> None:
    gave = give(b"{}\n", "2", "broken")

    assert gave.code == 1
    assert gave.err.startswith(b"The processes that reshape do not start: RuntimeError: the reshaping is broken\n")


def test_closed_streams_are_told_before_anything_is_opened() -> None:
    with start("2", stdin=subprocess.DEVNULL, preexec_fn=lambda: os.close(0)) as process:
        _, err = process.communicate(timeout=LONG_SECONDS)

    assert process.returncode == 2
    assert err.startswith(b"standard input: it is closed\n")


def test_failed_lines_are_counted_without_the_blank_ones() -> None:
    chunk = Chunk(b"a\n\n \r\nb\n", 3, 4)

    assert chunk.filled_lines() == 2
    assert b"lines 3 to 6" in ended_twice(chunk)


@pytest.mark.parametrize("words", [["--workers", "0"], ["--workers", "65"], ["--workers", "many"]])
def test_a_number_of_workers_that_cannot_be_is_refused(call: Call, tmp_path: Path, words: list[str]) -> None:
    said = call(tmp_path, "map", "flow", *words)

    assert said.code == 2
    assert words[1] in said.err


def test_answers_cannot_come_from_where_the_records_come_from(call: Call, tmp_path: Path) -> None:
    said = call(tmp_path, "map", "flow", "--answers", "-")

    assert (said.code, said.out) == (2, "")
    assert "which holds the records" in said.err
