"""`map`: records from standard input, reshaped by a flow's formulas, to standard output; one on each line."""

from __future__ import annotations

import os
import sys
from argparse import Namespace
from collections.abc import Sequence

from engine.commands.main import exit_code_of, tell_error
from engine.commands.map_lines import Cutter, read_chunks
from engine.commands.map_pipes import widen
from engine.commands.map_results import Results, shows_progress
from engine.commands.map_worker import NotOpened, Opening, Wanted, child_words, open_wanted, reshape
from engine.commands.map_workers import Workers
from engine.commands.output import Output
from engine.errors import DocumentError, Json, Problem, StudioError

IN, OUT, ERR = 0, 1, 2


def run(asked: Namespace, *, opening: Opening = open_wanted, words: Sequence[str] = ()) -> int:
    """Exit code 1 where a line failed. What is wrong with the call goes to standard error: the other holds results.

    opening: gives the reshaping in this process; words: the command that starts a child.
    """
    try:
        if asked.file is not None:
            _read_from(asked.file)
        wanted = Wanted(asked.workspace, asked.flow, asked.step, _answers(asked.answers))
        return _reshape_all(wanted, asked.workers, opening, words or child_words())
    except StudioError as error:
        output = Output(asked.json, sys.stderr)
        if isinstance(error, NotOpened):
            output.problems(error.problems)
            return error.code
        tell_error(error, output)
        return exit_code_of(error)


def _reshape_all(wanted: Wanted, workers: int, opening: Opening, words: Sequence[str]) -> int:
    _look_at_standard_streams()
    widen(IN)
    widen(OUT)
    results = Results(OUT, ERR, shows=shows_progress(OUT, ERR))
    try:
        if workers == 1:
            with opening(wanted) as reshaping:
                _say_what_is_awaited()
                for chunk in read_chunks(IN, Cutter()):
                    results.take(chunk, *reshape(reshaping, chunk))
        else:
            with Workers(words, wanted.as_json(), workers, IN, Cutter()) as several:
                _say_what_is_awaited()
                several.run(results)
    finally:
        results.close()
    return 1 if results.failed else 0


def _read_from(file: str) -> None:
    """Let a file be standard input."""
    try:
        descriptor = os.open(file, os.O_RDONLY)
        os.read(descriptor, 0)  # a folder can be opened, but not read
    except OSError as error:
        what = f"the records cannot be read: {error.strerror}"
        raise DocumentError([Problem(file, what, "Check the path.")]) from error
    os.dup2(descriptor, IN)
    os.close(descriptor)


def _answers(file: str | None) -> dict[str, Json]:
    if file is None:
        return {}
    if file == "-":
        what = "the answers cannot come from standard input, which holds the records"
        raise DocumentError([Problem("--answers", what, "Name a file.")])
    from engine.commands.answers import read_answers

    return read_answers(file)


def _look_at_standard_streams() -> None:
    """Before anything is opened, which would take the place of what is closed."""
    for descriptor, name in ((IN, "standard input"), (OUT, "standard output")):
        try:
            os.fstat(descriptor)
        except OSError:
            raise DocumentError([Problem(name, "it is closed", "Redirect it: < IN.ndjson > OUT.ndjson")]) from None
    try:
        os.fstat(ERR)
    except OSError:  # nobody wants the failures
        os.dup2(os.open(os.devnull, os.O_WRONLY), ERR)


def _say_what_is_awaited() -> None:
    if os.isatty(IN):
        print("Waiting for records, one JSON object on each line; Ctrl-D ends them.", file=sys.stderr, flush=True)
