"""`map` as a stream, in one process and in two: what goes in comes out in order, and every bad line says why."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.commands.conftest import ROOT

FAKE = Path(__file__).with_name("map_fake.py")
BOTH = pytest.mark.parametrize("workers", ["1", "2"])
LONG_SECONDS = 30.0


@dataclass(frozen=True)
class Gave:
    """What a call gave."""

    code: int
    out: bytes
    err: bytes

    @property
    def results(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]

    @property
    def failures(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.err.splitlines()]


def hear_interrupts() -> None:
    """As from a terminal: what a shell starts in the background ignores them, and so would its children."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def start(workers: str, flow: str = "known", **streams: Any) -> subprocess.Popen[bytes]:
    words = [sys.executable, str(FAKE), flow, "--workers", workers]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **streams}
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(words, env=env, cwd=ROOT, **{"preexec_fn": hear_interrupts, **pipes})


def give(data: bytes, workers: str, flow: str = "known", **streams: Any) -> Gave:
    with start(workers, flow, **streams) as process:
        try:
            out, err = process.communicate(data, LONG_SECONDS)
        finally:
            process.kill()
    return Gave(process.returncode, out or b"", err or b"")


def ndjson(records: Iterable[dict[str, Any]]) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def is_there(pid: int) -> bool:
    """Does the process live? One that ended and was not looked after yet does not."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    return False


def soon(holds: Callable[[], bool]) -> bool:
    until = time.monotonic() + LONG_SECONDS
    while not holds() and time.monotonic() < until:
        time.sleep(0.01)
    return holds()


def is_gone_soon(pid: int) -> bool:
    return soon(lambda: not is_there(pid))


def exists_soon(path: Path) -> bool:
    return soon(path.exists)


def children_of(pid: int) -> list[int]:
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (folder / "stat").read_text().rpartition(")")[2].split()[1] == str(pid):
                found.append(int(folder.name))
    return found


class Peaks:
    """How much memory the processes of the calls in a test took."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def highest_mb(self) -> float:
        return max(int(file.read_text()) for file in self._folder.iterdir()) / 1000


@pytest.fixture
def peaks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Peaks:
    monkeypatch.setenv("PEAKS", str(tmp_path))
    return Peaks(tmp_path)


@contextlib.contextmanager
def under_way(workers: str, **streams: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A call that has given its first line and waits for more."""
    with start(workers, **streams) as process:
        try:
            assert process.stdin and process.stdout
            process.stdin.write(b'{"n": 1}\n')
            process.stdin.flush()
            assert json.loads(process.stdout.readline()) == {"line": 1, "n": 1}
            yield process
        finally:
            process.kill()


@BOTH
def test_records_keep_their_order_and_their_line(workers: str) -> None:
    gave = give(ndjson({"n": n} for n in range(30_000)), workers)

    assert (gave.code, gave.err) == (0, b"")
    assert gave.results == [{"line": n + 1, "n": n} for n in range(30_000)]


@BOTH
def test_blank_lines_line_ends_of_windows_and_a_mark_do_no_harm(workers: str) -> None:
    gave = give(b'\xef\xbb\xbf{"a": 1}\r\n\r\n\n{"a": 2}\n  \n{"a": 3}', workers)

    assert gave.results == [{"line": 1, "a": 1}, {"line": 4, "a": 2}, {"line": 6, "a": 3}]
    assert (gave.code, gave.err) == (0, b"")


@BOTH
def test_garbage_fails_with_its_line_and_the_rest_goes_on(workers: str) -> None:
    gave = give(b'{"a": 1}\n\x00\x00\x00\n\xff\xfe\x80garbage\n[\n{"a": 2}\n', workers)

    assert [record["line"] for record in gave.results] == [1, 5]
    assert [(failure["kind"], failure["line"]) for failure in gave.failures] == [("failure", n) for n in (2, 3, 4)]
    assert all(failure["problems"][0]["what_to_do"] for failure in gave.failures)
    assert gave.code == 1


@BOTH
def test_a_line_of_50_mb_fails_and_is_never_held(workers: str, peaks: Peaks) -> None:
    gave = give(b'{"a": 1}\n{"a": "' + b"x" * 50_000_000 + b'"}\n{"a": 2}\n', workers)

    [failure] = gave.failures
    assert [record["line"] for record in gave.results] == [1, 3]
    assert failure["line"] == 2
    assert failure["problems"][0]["what"] == "it is longer than 16 MiB"
    assert failure["problems"][0]["what_to_do"]
    assert peaks.highest_mb() < 50


@BOTH
def test_a_line_just_within_the_limit_is_a_record(workers: str) -> None:
    text = "x" * (16 * 1024 * 1024 - 20)
    gave = give(ndjson([{"a": text}, {"a": "next"}]), workers)

    assert [(record["line"], len(record["a"])) for record in gave.results] == [(1, len(text)), (2, 4)]


@BOTH
def test_nothing_in_gives_nothing_and_is_well(workers: str) -> None:
    assert give(b"", workers) == Gave(0, b"", b"")


@BOTH
def test_an_unknown_flow_is_told_on_standard_error_even_where_there_is_no_record(workers: str) -> None:
    gave = give(b"", workers, "unknown")

    assert (gave.code, gave.out) == (2, b"")
    assert gave.err.decode() == "saved_mappings: there is no flow 'unknown'\n  → Did you mean 'known'?\n"


@BOTH
def test_packed_input_is_refused_with_how_to_unpack_it(workers: str) -> None:
    gave = give(b"\x1f\x8b\x08\x00garbage\ngarbage\n", workers)

    assert (gave.code, gave.out) == (2, b"")
    assert b"packed with gzip" in gave.err and b"gunzip" in gave.err


@BOTH
def test_a_fault_of_ours_costs_its_line_only_and_tells_no_value(workers: str) -> None:
    records = [{"n": 1}, {"do": "fail", "secret": "anna@post.example"}, {"n": 3}]
    gave = give(ndjson(records), workers)

    [failure] = gave.failures
    assert [record["line"] for record in gave.results] == [1, 3]
    assert (failure["line"], failure["problems"][0]["code"]) == (2, "fault")
    assert "KeyError" in failure["problems"][0]["what"]
    assert b"anna" not in gave.err
    assert gave.code == 1


@BOTH
def test_what_keeps_all_from_going_on_ends_the_call_with_a_sentence(workers: str) -> None:
    gave = give(ndjson([{"do": "stop"}]), workers)

    assert gave.code == 1
    assert gave.err.decode() == "The disk of the formulas is gone\n  → Put it back.\n"


@BOTH
def test_a_record_is_answered_while_the_input_stays_open(workers: str) -> None:
    with under_way(workers) as process:
        assert process.stdin and process.stdout
        process.stdin.write(b'{"n": 2}\n{"n"')
        process.stdin.flush()

        assert json.loads(process.stdout.readline()) == {"line": 2, "n": 2}


@BOTH
def test_a_reader_that_leaves_ends_the_call_quietly(workers: str) -> None:
    with under_way(workers) as process:
        children = children_of(process.pid)
        assert process.stdin and process.stdout and process.stderr
        process.stdout.close()
        with contextlib.suppress(BrokenPipeError):
            process.stdin.write(ndjson({"n": n} for n in range(20_000)))
            process.stdin.close()

        assert process.wait(LONG_SECONDS) == 1
        assert process.stderr.read() == b""
    assert len(children) == (2 if workers == "2" else 0)
    assert all(map(is_gone_soon, children))


@BOTH
def test_an_interrupt_ends_the_call_quietly(workers: str) -> None:
    with under_way(workers) as process:
        children = children_of(process.pid)
        process.send_signal(signal.SIGINT)

        assert process.wait(LONG_SECONDS) == 1
        assert process.stderr and process.stderr.read() == b"Stopped.\n"
    assert all(map(is_gone_soon, children))


@BOTH
def test_a_full_disk_is_told(workers: str) -> None:
    with Path("/dev/full").open("wb") as full:
        gave = give(b"{}\n", workers, stdout=full)

    assert gave.code == 1
    assert gave.err.startswith(b"The results cannot be written: no space left on device")


@BOTH
def test_memory_stays_flat_however_many_lines_there_are(workers: str, peaks: Peaks) -> None:
    few, many = (ndjson([{"text": "x" * 400}]) * lines for lines in (8_000, 80_000))

    assert give(few, workers, stdout=subprocess.DEVNULL).code == 0
    peak_of_few = peaks.highest_mb()
    assert give(many, workers, stdout=subprocess.DEVNULL).code == 0
    assert peaks.highest_mb() - peak_of_few < 4


def test_a_reader_that_waits_lets_the_input_wait() -> None:
    record = ndjson([{"text": "x" * 1000}]) * 100
    with under_way("2") as process:
        assert process.stdin
        os.set_blocking(process.stdin.fileno(), False)
        written, idle = 0, 0
        while idle < 20 and written < 100_000_000:
            try:
                written += os.write(process.stdin.fileno(), record)
                idle = 0
            except BlockingIOError:
                time.sleep(0.05)
                idle += 1

        assert idle == 20, "all was taken although nobody reads"


def test_a_terminal_is_told_what_is_awaited() -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "wb", buffering=0) as keyboard, os.fdopen(theirs, "rb") as terminal:
        keyboard.write(b'{"n": 1}\n\x04')  # Ctrl-D
        gave = give(b"", "1", stdin=terminal)

    assert gave.results == [{"line": 1, "n": 1}]
    assert gave.err.startswith(b"Waiting for records, one JSON object on each line")


def test_progress_shows_on_a_terminal_and_failures_stand_on_lines_of_their_own() -> None:
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as screen, os.fdopen(theirs, "wb") as terminal:
        give(b"{}\nx\n", "1", stderr=terminal)
        shown = screen.read(10_000).decode()

    assert "\x1b[K2 lines · 1 failed\r\n" in shown
    assert '\x1b[K{"kind": "failure", "line": 2' in shown
