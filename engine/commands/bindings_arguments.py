"""What the command takes that binds flows: bindings."""

from __future__ import annotations

import argparse
from collections.abc import Callable

_BINDINGS = (
    "bindings",
    "for whom a flow works: list bindings, make one, change it, write them into a file",
    "A binding is a flow with connections, answers, rows of lookups and schedules of its own: test and live, "
    "customer A and customer B. `default` is always there. Without FLOW all are listed, with FLOW and NAME one is "
    "shown; with an option it is changed, or made. What is bound and by whom is kept in the audit log.",
    "python -m engine bindings orders-to-books customer_a --connection webshop=shop_a --answer document=quote",
)


def add_bindings(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], new: Callable[..., argparse.ArgumentParser]
) -> None:
    """The parser of it. new: makes a command's parser with the options of all commands."""
    command = new(commands, *_BINDINGS)
    command.add_argument("flow", metavar="FLOW", nargs="?", default="")
    command.add_argument("name", metavar="NAME", nargs="?", default="")
    _changes(command)
    which = command.add_mutually_exclusive_group()
    which.add_argument("--remove", action="store_true", help="forget the binding; refused while it has records")
    which.add_argument(
        "--accept-account",
        action="store_true",
        help="the account that answers now is right, although it is another than before",
    )
    which.add_argument(
        "--take-queue",
        action="store_true",
        help="what its source hands out once is for this flow and binding from now on, and for no other",
    )
    which.add_argument(
        "--export", metavar="FILE", nargs="?", const="-", help="write them as JSON, without secrets; - or nothing: here"
    )
    which.add_argument("--import", dest="read", metavar="FILE", help="take bindings from a file; - is standard input")
    command.add_argument("--keep-records", action="store_true", help="with --remove: its records stay in the ledger")
    command.add_argument("--over", action="store_true", help="with --import: also over bindings that are there")
    command.add_argument("--by", metavar="NAME", default="", help="who does it; without it the signed-in user")


def _changes(command: argparse.ArgumentParser) -> None:
    changes = command.add_argument_group("changes")
    changes.add_argument("--title", metavar="TEXT", help="what people call it")
    changes.add_argument(
        "--connection",
        metavar="SYSTEM=NAME",
        type=_pair,
        action="append",
        default=[],
        help="work through this connection (`connect SYSTEM --as NAME`); nothing behind = is the system's own",
    )
    changes.add_argument(
        "--answer",
        metavar="Q=V",
        type=_pair,
        action="append",
        default=[],
        help="answer a question of the flow; nothing behind = is the flow's own answer",
    )
    changes.add_argument(
        "--row",
        metavar="LOOKUP:KEY=V",
        type=_row,
        action="append",
        default=[],
        help="a row over the flow's; nothing behind = takes it away",
    )
    changes.add_argument("--rows", metavar="FILE", help="JSON: lookup to its rows here, in place of those it has here")
    changes.add_argument(
        "--schedule",
        metavar="TEXT",
        action="append",
        default=[],
        help="as: every 5 minutes mon-fri 07:00-19:00, daily at 02:30, cron 30 2 1 * *, never; flow: as the flow says",
    )
    switch = changes.add_mutually_exclusive_group()
    switch.add_argument("--on", action="store_true", default=None, help="runs by itself and with `run --all`")
    switch.add_argument("--off", action="store_true", help="runs only where it is named")
    changes.add_argument("--set", dest="changes", metavar="FILE", help="JSON with any of these; - is standard input")


def _pair(text: str) -> tuple[str, str]:
    name, separator, value = text.partition("=")
    if not (separator and name.strip()):
        raise argparse.ArgumentTypeError(f"“{text[:60]}” is not NAME=VALUE")
    return name.strip(), value


def _row(text: str) -> tuple[str, str, str]:
    lookup, separator, rest = text.partition(":")
    key, equals, value = rest.partition("=")
    if not (separator and equals and lookup.strip() and key):
        raise argparse.ArgumentTypeError(f"“{text[:60]}” is not LOOKUP:KEY=VALUE")
    return lookup.strip(), key, value
