"""What the commands take that connect systems: connect and disconnect."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from engine.commands.argument_types import port

_CONNECT = (
    "connect",
    "connect a system: try its answers and credentials, and keep them, sealed, where they work",
    "Answers are a JSON object from question to answer. Secrets are sealed with the workspace's key. Says what was "
    "found (name, currency, numbers of records), or what is wrong and what to do.",
    "python -m engine connect webshop --answers webshop.json",
)
_DISCONNECT = (
    "disconnect",
    "forget a system's answers, secrets and sign-in",
    "What was read and made through it stays in the ledger; nothing is changed in the system itself.",
    "python -m engine disconnect webshop",
)
_AS = "name of the connection, where a system has several; without it that of the system"


def add_connecting(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], new: Callable[..., argparse.ArgumentParser]
) -> None:
    """The parsers of both. new: makes a command's parser with the options of all commands."""
    _connect(new(commands, *_CONNECT))
    command = new(commands, *_DISCONNECT)
    command.add_argument("system", metavar="SYSTEM", help="name of the connector")
    command.add_argument("--as", dest="name", metavar="NAME", default="", help=_AS)


def _connect(command: argparse.ArgumentParser) -> None:
    command.add_argument("system", metavar="SYSTEM", nargs="?", help="name of the connector")
    command.add_argument("--as", dest="name", metavar="NAME", default="", help=_AS)
    command.add_argument("--answers", metavar="FILE", help="JSON file with the answers; - reads standard input")
    command.add_argument(
        "--allow-private",
        action="store_true",
        help="may be on this machine or a private network, without https (sandboxes)",
    )
    command.add_argument(
        "--sign-in", action="store_true", help="agree in a browser, for systems that are signed in to that way"
    )
    command.add_argument(
        "--redirect", metavar="URL", help="with --sign-in: the redirect address that the system has of your application"
    )
    command.add_argument("--port", metavar="N", type=port, default=0, help="with --sign-in: where to wait on 127.0.0.1")
    tests = command.add_mutually_exclusive_group()
    tests.add_argument("--no-test", action="store_true", help="keep the answers without trying them")
    tests.add_argument(
        "--test-only", action="store_true", help="keep nothing; without --answers, try the connection that is kept"
    )
    tests.add_argument(
        "--look",
        metavar="RESOURCE",
        help="show the first record of a resource as formulas see it, over the connection that is kept",
    )
    tests.add_argument("--list", action="store_true", help="the systems there are, and which are connected")
