"""Failures that reshaping itself cannot tell: a line that is too long, a fault of ours, a process that ended."""

from __future__ import annotations

import json
import traceback
from pathlib import Path

from engine.commands.map_lines import MOST_LINE_BYTES, Chunk
from engine.errors import Problem


def too_long(chunk: Chunk, most_line_bytes: int = MOST_LINE_BYTES) -> bytes:
    return _failure(
        chunk,
        Problem(
            "the line",
            f"it is longer than {_size(most_line_bytes)}",
            "See whether its end is missing: each record stands on one line of its own.",
            "too_long",
        ),
    )


def fault_of_ours(chunk: Chunk, fault: Exception) -> bytes:
    """What kind of fault and where, without the values it had in hand."""
    place = traceback.extract_tb(fault.__traceback__)[-1]
    return _failure(
        chunk,
        Problem(
            f"{Path(place.filename).name}:{place.lineno}",
            f"the engine itself failed on {_which(chunk)} ({type(fault).__name__})",
            "Tell its makers this place; give the lines one by one to see which it is.",
            "fault",
        ),
    )


def ended_twice(chunk: Chunk) -> bytes:
    return _failure(
        chunk,
        Problem(
            "the lines" if chunk.count > 1 else "the line",
            f"the process that reshaped {_which(chunk)} ended, and so did a second one",
            "See whether memory was short; give the lines alone, with --workers 1, to see which it is.",
            "worker_ended",
        ),
    )


def _failure(chunk: Chunk, problem: Problem) -> bytes:
    """One line of NDJSON; a chunk of several lines names the last one too."""
    last = {"last_line": chunk.first + chunk.count - 1} if chunk.count > 1 else {}
    told = {name: text for name, text in problem.as_json().items() if name != "severity"}
    failure = {"kind": "failure", "line": chunk.first, **last, "problems": [told]}
    return json.dumps(failure, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def _which(chunk: Chunk) -> str:
    last = chunk.first + chunk.count - 1
    return f"lines {chunk.first} to {last}" if chunk.count > 1 else f"line {chunk.first}"


def _size(size_bytes: int) -> str:
    return f"{size_bytes // 1024**2} MiB" if size_bytes >= 1024**2 else f"{size_bytes} bytes"
