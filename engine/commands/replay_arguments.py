"""What the commands take that look back at what was delivered: mend, replay and reconcile."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from engine.commands.argument_types import day

_MEND = (
    "mend",
    "put in another value for one record, kept here and never written to the source; or take it back",
    "It counts over what the source says, in every run and replay, until the source itself changes that value. "
    "Nothing is sent by it. Without a change it tells which values are mended. What a value may be is said by the "
    "source's connector; the key and the number of a record stay.",
    "python -m engine mend W-10001 --set orderrows[0].product_number=ART-1001",
)
_REPLAY = (
    "replay",
    "map records again by a version of their flow, compare the requests, and send them once if you say so",
    "Shows step by step what was sent and what would be sent now. With --send it is sent, once for each version; a "
    "second call says what the first did. On a terminal it asks; in a pipe it sends nothing without --send. What is "
    "in the target already stays as it is unless --update is given. Exit code 1 where something was parked.",
    "python -m engine replay W-10001 --version 11",
)


_RECONCILE = (
    "reconcile",
    "compare the source's days with the target: counts, sums, and each difference with its story",
    "Reads only; nothing is kept. What is missing, there twice, with another sum, or only there is named, with what "
    "is known of it. Exit code 1 where something differs; what the flow itself holds back is told, and does not count.",
    "python -m engine reconcile orders-to-books --from 2026-11-01 --to 2026-11-30 --csv november.csv",
)


def add_looking_back(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], new: Callable[..., argparse.ArgumentParser]
) -> None:
    """The parsers of all. new: makes a command's parser with the options of all commands."""
    _mend(new(commands, *_MEND))
    _replay(new(commands, *_REPLAY))
    _reconcile(new(commands, *_RECONCILE))


def _mend(command: argparse.ArgumentParser) -> None:
    command.add_argument("key", metavar="KEY", help="number or key of a record, as `explain` finds it")
    for option, what, more in (
        ("--set", "PATH=VALUE", "this value there; numbers with a point, lists begin with 0"),
        ("--nothing", "PATH", "nothing at all stands there"),
        ("--take-back", "PATH", "what the source says counts again"),
    ):
        command.add_argument(option, metavar=what, action="append", default=[], help=more)
    command.add_argument("--flow", metavar="F", help="the flow, where several have such a record")
    command.add_argument("--binding", metavar="B", default="default", help="for whom; without it `default`")
    command.add_argument("--by", metavar="NAME", default="", help="who does it; without it the signed-in user")


def _replay(command: argparse.ArgumentParser) -> None:
    command.add_argument("keys", metavar="KEY", nargs="+", help="numbers or keys of records, as `explain` finds them")
    command.add_argument("--flow", metavar="F", help="the flow, where several have such a record")
    command.add_argument("--binding", metavar="B", default="default", help="for whom; without it `default`")
    how = command.add_mutually_exclusive_group()
    how.add_argument(
        "--version", metavar="V", default="", help="number, name or hash; without it what is published now"
    )
    how.add_argument(
        "--as-then",
        action="store_true",
        help="the version, answers, lookups and clock of the run that delivered each record",
    )
    command.add_argument("--send", action="store_true", help="send, without asking")
    command.add_argument("--by", metavar="NAME", default="", help="who does it; without it the signed-in user")
    command.add_argument("--again", action="store_true", help="although it was replayed in this way before")
    command.add_argument("--update", action="store_true", help="update the document where it is there already")
    command.add_argument(
        "--not-there",
        action="store_true",
        help="I looked: what was made is not in the target any more; where it is not found, make it anew",
    )
    command.add_argument(
        "--as-well", action="store_true", help="make this kind of document although there is one of another kind"
    )


def _reconcile(command: argparse.ArgumentParser) -> None:
    command.add_argument("flow", metavar="FLOW")
    command.add_argument("--from", dest="first", metavar="D", type=day, required=True, help="the first day")
    command.add_argument("--to", dest="last", metavar="D", type=day, help="the last day; without it the first")
    command.add_argument("--binding", metavar="B", default="default", help="for whom; without it `default`")
    command.add_argument("--csv", metavar="FILE", help="also write days and differences as CSV, for a spreadsheet")
