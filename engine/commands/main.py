"""The command line's door: reads the call, runs one command, turns what went wrong into words and an exit code."""

from __future__ import annotations

import argparse
import importlib
import io
import os
import sys
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from engine.commands.arguments import build_parser
from engine.commands.output import Output
from engine.errors import (
    AddressRefused,
    BackupError,
    BrokenReply,
    ConnectionMissing,
    DocumentError,
    FormulaError,
    LedgerError,
    Problem,
    RecordProblem,
    SignInNeeded,
    StudioError,
    TryAgain,
    WrongCompany,
)

ALL_WELL, SOMETHING_FAILED, CALL_IS_WRONG, NOT_REACHED = 0, 1, 2, 3
_OF_THE_CALL = (DocumentError, FormulaError, ConnectionMissing, LedgerError, BackupError, WrongCompany)
_OF_THE_OTHER_SYSTEM = (TryAgain, SignInNeeded, AddressRefused, BrokenReply)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; its exit code: 0 well, 1 something parked or failed, 2 call or document wrong, 3 not reached."""
    parser = build_parser()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # what a terminal cannot show becomes a question mark
            stream.reconfigure(errors="replace")
    words = list(sys.argv[1:] if arguments is None else arguments)
    if any("\udc80" <= c <= "\udcff" for word in words for c in word):
        parser.error("an argument is not written in UTF-8; type it again")
    asked = parser.parse_args(words)
    if asked.command is None:
        parser.print_help()
        return CALL_IS_WRONG
    try:
        code = _run(asked)
        if sys.stdout is not None:  # closed from outside
            sys.stdout.flush()
        return code
    except BrokenPipeError:  # who read us has left, as `| head` does; what was to be done is done
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return SOMETHING_FAILED
    except StudioError as error:
        tell_error(error, Output(asked.json))
        return exit_code_of(error)
    except KeyboardInterrupt:
        print("Stopped.", file=sys.stderr)
        return SOMETHING_FAILED


def _run(asked: argparse.Namespace) -> int:
    module: Any = importlib.import_module(f"engine.commands.{asked.command}")
    asked.workspace = asked.workspace or os.environ.get("MAPPING_STUDIO_WORKSPACE") or "."
    code: int = module.run(asked)
    return code


def exit_code_of(error: StudioError) -> int:
    """What the caller's script should do about it."""
    if isinstance(error, _OF_THE_CALL):
        return CALL_IS_WRONG
    return NOT_REACHED if isinstance(error, _OF_THE_OTHER_SYSTEM) else SOMETHING_FAILED


def tell_error(error: StudioError, output: Output, about: str = "") -> None:
    """Write every problem an error carries. about: the flow and its binding, where several are worked at."""
    problems = error.problems if isinstance(error, DocumentError | RecordProblem) else (error.as_problem(),)
    output.problems(_placed(problem, about) for problem in problems)


def _placed(problem: Problem, about: str) -> Problem:
    flow, _, binding = about.partition(", ")
    if flow in problem.where:
        return problem if binding in problem.where else replace(problem, where=f"{problem.where} ({binding})")
    return replace(problem, where=f"{about}, {problem.where}" if problem.where else about)
