"""What the commands take that look at one record: preview and samples."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def add_looking(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], new: Callable[..., argparse.ArgumentParser]
) -> None:
    """The parsers of both. new: makes a command's parser with the options of all commands."""
    _preview(new(commands, *_PREVIEW))
    _samples(new(commands, *_SAMPLES))


_PREVIEW = (
    "preview",
    "show what one record becomes, and send nothing",
    "Shows every field with its formula and value, and the requests that a run would send.",
    "python -m engine preview orders-to-books --key W-10001",
)
_SAMPLES = (
    "samples",
    "list the records a flow can be looked at with, or keep one",
    "Real ones that runs have read, newest first; those that were kept here; the flow's examples; the connector's "
    "own. `preview FLOW --sample ID` looks at one. Nothing here appears in any history.",
    "python -m engine samples orders-to-books --find W-10001",
)


def _preview(command: argparse.ArgumentParser) -> None:
    command.add_argument("flow", metavar="FLOW")
    which = command.add_mutually_exclusive_group()
    which.add_argument("--record", metavar="FILE", help="a record as JSON; - reads standard input")
    which.add_argument("--key", metavar="K", help="number or key of a record in the source")
    which.add_argument("--sample", metavar="ID", help="a record that `samples` lists")
    command.add_argument("--draft", action="store_true", help="the draft of the flow instead of what is published")
    command.add_argument("--binding", metavar="B", default="default", help="for whom; without it `default`")
    command.add_argument(
        "--offline",
        action="store_true",
        help="ask no system: a field that needs one says so; with --record or --sample",
    )
    command.add_argument(
        "--show-code",
        action="store_true",
        help="also the Python that each formula is compiled to, or why it is not plain",
    )


def _samples(command: argparse.ArgumentParser) -> None:
    command.add_argument("flow", metavar="FLOW")
    which = command.add_mutually_exclusive_group()
    which.add_argument("--find", metavar="TEXT", default="", help="only these: a number, an e-mail, a part of a title")
    which.add_argument("--newest", action="store_true", help="read the newest record from the connected source")
    which.add_argument("--paste", metavar="FILE", help="keep a record, sealed; - reads standard input")
    which.add_argument("--show", metavar="ID", help="print one as JSON")
    which.add_argument("--forget", metavar="ID", help="delete one that was kept here")
    which.add_argument(
        "--example",
        metavar="KEY",
        help="make an example of this record (number, key or ID) in the draft, with invented people in it",
    )
    command.add_argument("--title", metavar="T", default="", help="what to call a record that is kept, or an example")
    command.add_argument("--by", metavar="NAME", default="", help="who makes the example")
    command.add_argument("--draft", action="store_true", help="the examples of the draft")
