"""What the commands take that run flows and tell of it: run, explain and history."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from engine.commands.argument_types import STATES, amounts, day, positive

_RUN = (
    "run",
    "read what is new and deliver what is due, once",
    "Ends with a table of outcomes; each parked record is named with its reason.",
    "python -m engine run orders-to-books --only W-10001 --dry-run",
)
_EXPLAIN = (
    "explain",
    "tell the story of a record",
    "When it was seen, what held it back, each step with every field's formula, inputs and value, what was sent "
    "and answered. For a record never seen: which time was read, and what would have held it back.",
    "python -m engine explain W-10001",
)
_HISTORY = (
    "history",
    "list runs, or find records",
    "Without anything to find by: the latest runs with their counts. An amount or a day (2026-11-27) may stand in "
    "--find too.",
    "python -m engine history --find anna@post.example",
)


def add_running(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], new: Callable[..., argparse.ArgumentParser]
) -> None:
    """The parsers of all of them. new: makes a command's parser with the options of all commands."""
    _run(new(commands, *_RUN))
    explain = new(commands, *_EXPLAIN)
    explain.add_argument("key", metavar="KEY", help="number, key, number in the target, e-mail or name")
    explain.add_argument("--flow", metavar="F", help="only this flow")
    explain.add_argument("--requests", action="store_true", help="show bodies in full, as sent and as answered")
    history = new(commands, *_HISTORY)
    history.add_argument("--flow", metavar="F", help="only this flow")
    which = history.add_mutually_exclusive_group()
    which.add_argument("--find", metavar="TEXT", help="records by number, e-mail, name, amount or day")
    which.add_argument("--parked", action="store_true", help="the records that are parked, with their reasons")
    history.add_argument("--amount", metavar="A", type=amounts, help="records that come to this, as 4120.50 or 4120")
    history.add_argument("--from", dest="first", metavar="D", type=day, help="records made on this day or later")
    history.add_argument("--to", dest="last", metavar="D", type=day, help="records made on this day or earlier")
    history.add_argument("--outcome", choices=STATES, help="records that stand so now")
    history.add_argument("--limit", metavar="N", type=positive, default=20, help="at most so many lines")
    for command in (explain, history):
        command.add_argument("--binding", metavar="B", help="only this binding; without it all")


def _run(command: argparse.ArgumentParser) -> None:
    command.add_argument("flows", nargs="*", metavar="FLOW")
    command.add_argument("--all", action="store_true", help="every flow of the workspace, each binding that is on")
    command.add_argument("--binding", metavar="B", help="for whom; without it `default`, with --all each that is on")
    command.add_argument("--since", metavar="D", help="read from this date on, instead of where the last run ended")
    command.add_argument("--limit", metavar="N", type=positive, help="read at most so many records")
    command.add_argument(
        "--only",
        metavar="KEY",
        type=_named,
        action="append",
        default=[],
        help="only this record (number or key); repeat for more",
    )
    command.add_argument(
        "--dry-run",
        action="store_true",
        help="show the requests, with «placeholders» for ids that do not exist yet; send none",
    )
    command.add_argument(
        "--not-there",
        action="store_true",
        help="with --only: I looked, the record with the unknown outcome is not in the target; send it again",
    )
    command.add_argument(
        "--made-as",
        metavar="NUMBER",
        type=_named,
        help="with --only: I looked, the record with the unknown outcome is in the target under this number; do what "
        "comes after it",
    )
    command.add_argument(
        "--as-well",
        action="store_true",
        help="with --only: make the document that the settings ask for, although another kind of it was made before",
    )
    command.add_argument(
        "--again",
        action="store_true",
        help="deliver all that is read, also what has not changed: what the target has is overwritten. Shows the "
        "requests and sends none until --yes is there too",
    )
    command.add_argument("--yes", action="store_true", help="with --again: overwrite")
    command.add_argument("--threads", metavar="N", type=positive, default=8, help=argparse.SUPPRESS)


def _named(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("a number or a key is needed")
    return text
