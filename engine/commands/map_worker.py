"""Reshaping a chunk, here or in a child process: the child reads chunks from its input until that closes."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Protocol

from engine.commands.map_failures import fault_of_ours, too_long
from engine.commands.map_lines import PIECE_BYTES, Chunk
from engine.commands.map_pipes import ANSWER, PROBLEMS, REQUEST, read_some, wait_until_closed, write_all
from engine.documents.workspace import Workspace
from engine.errors import DocumentError, Json, Problem, RecordProblem, StudioError


class Reshapes(Protocol):
    """What `engine.runs.reshaping` opens."""

    def chunk(self, lines: bytes, first: int) -> tuple[bytes, bytes, int]:
        """Whole lines, the number of the first → NDJSON of results, NDJSON of failures, how many failed."""
        ...


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be opened."""

    workspace: str
    flow: str
    step: str | None
    answers: dict[str, Json]

    def as_json(self) -> bytes:
        return json.dumps([self.workspace, self.flow, self.step, self.answers]).encode()


Opening = Callable[[Wanted], AbstractContextManager[Reshapes]]


def open_wanted(wanted: Wanted) -> AbstractContextManager[Reshapes]:
    """The reshaping of a flow in a workspace. StudioError where it cannot be opened."""
    from engine.runs.reshaping import open_reshaping

    folder = Path(wanted.workspace)
    if not (folder / "connector_specs").is_dir():
        from engine.design.desk import workspace_in  # loads the ledger and HTTP, which reshaping does not need

        workspace_in(wanted.workspace)
    return open_reshaping(Workspace(folder), wanted.flow, wanted.step, wanted.answers)


def reshape(reshaping: Reshapes, chunk: Chunk, piece_bytes: int = PIECE_BYTES) -> tuple[bytes, bytes, int]:
    """Results, failures, how many failed. A fault of ours is a failure of its line; the others go on."""
    if chunk.is_too_long:
        return b"", too_long(chunk), 1
    if len(chunk.lines) <= piece_bytes or chunk.count == 1:
        return _reshape_piece(reshaping, chunk)
    done = [_reshape_piece(reshaping, piece) for piece in chunk.pieces(piece_bytes)]
    return b"".join([one[0] for one in done]), b"".join([one[1] for one in done]), sum([one[2] for one in done])


def _reshape_piece(reshaping: Reshapes, piece: Chunk) -> tuple[bytes, bytes, int]:
    try:
        return reshaping.chunk(piece.lines, piece.first)
    except StudioError:
        raise
    except Exception as fault:
        return (b"", fault_of_ours(piece, fault), 1) if piece.count == 1 else reshape(reshaping, piece, 1)


def serve(opening: Opening) -> None:
    """Be a child: the first frame says what is wanted, each further one holds lines; leave when the input closes."""
    answers = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)  # whatever a library prints must not get between the frames
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    first = _read_request()
    if first is None:
        return
    try:
        with opening(Wanted(*json.loads(first[1]))) as reshaping:
            threading.Thread(target=_leave_with, args=[answers], daemon=True).start()
            write_all(answers, ANSWER.pack(0, 0, 0))
            os.dup2(nowhere, 2)
            while (request := _read_request()) is not None:
                number, lines = request
                chunk = Chunk(lines, number, lines.count(b"\n"))
                results, failures, failed = reshape(reshaping, chunk)
                write_all(answers, b"".join((ANSWER.pack(failed, len(results), len(failures)), results, failures)))
    except StudioError as error:
        said = _packed_error(error)
        write_all(answers, ANSWER.pack(PROBLEMS, 0, len(said)) + said)
    except BrokenPipeError:  # who started us has gone
        os._exit(1)


def _leave_with(answers: int) -> None:
    """End this process when nobody can read its answers any more, whatever it is at."""
    wait_until_closed(answers)
    os._exit(1)


class NotOpened(StudioError):
    """A child could not open what was wanted. problems: why; code: the exit code that says so."""

    def __init__(self, said: bytes) -> None:
        told = json.loads(said)
        self.code: int = told["code"]
        self.problems = tuple(Problem(**problem) for problem in told["problems"])
        first = self.problems[0]
        super().__init__(first.what, where=first.where, what_to_do=first.what_to_do)


def _packed_error(error: StudioError) -> bytes:
    from engine.commands.main import exit_code_of

    problems = error.problems if isinstance(error, DocumentError | RecordProblem) else (error.as_problem(),)
    return json.dumps({"code": exit_code_of(error), "problems": [asdict(problem) for problem in problems]}).encode()


def _read_request() -> tuple[int, bytes] | None:
    head = _read_exactly(REQUEST.size)
    if head is None:
        return None
    number, length = REQUEST.unpack(head)
    lines = _read_exactly(length)
    return None if lines is None else (number, lines)


def _read_exactly(length: int) -> bytes | None:
    parts = []
    while length:
        part = read_some(0, length)
        if not part:
            return None
        parts.append(part)
        length -= len(part)
    return b"".join(parts)


def child_words() -> list[str]:
    """The command that starts a child with this Python, finding what this process finds."""
    start = "import sys; sys.path[:] = sys.argv[1:]; from engine.commands.map_worker import main; main()"
    return [sys.executable, "-c", start, *sys.path]


def main() -> None:
    serve(open_wanted)
