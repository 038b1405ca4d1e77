"""What `tell` takes: who is told of what goes wrong while nobody watches."""

from __future__ import annotations

import argparse
from collections.abc import Callable

_TELL = (
    "tell",
    "be told, by mail or chat, what goes wrong while nobody watches",
    "An address is one of Apprise (https://github.com/caronc/apprise/wiki), such as mailtos://… or slack://…; it is "
    "kept sealed and never shown. Told are new causes, flows that stopped, go on, or did not run; one message at most "
    "every 15 minutes, without anything of a record. Without an option: what is wrong now, and who is told.",
    "python -m engine tell --add < address.txt",
)


def add_telling(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], new: Callable[..., argparse.ArgumentParser]
) -> None:
    """The parser. new: makes a command's parser with the options of all commands."""
    command = new(commands, *_TELL)
    what = command.add_mutually_exclusive_group()
    what.add_argument(
        "--add",
        metavar="",
        nargs="?",
        const="",
        help="tell one more; the address is asked for, or read from standard input",
    )
    what.add_argument("--list", action="store_true", help="who is told: kind and host only")
    what.add_argument("--test", action="store_true", help="send each of them a message now")
    what.add_argument("--send", action="store_true", help="send what waits, if it is time; for a line of cron")
    what.add_argument("--remove", metavar="N", type=int, help="tell this one no more")
    command.add_argument("--by", metavar="NAME", default="", help="who changes it; without it the signed-in user")
