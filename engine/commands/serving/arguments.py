"""What the commands take that run flows unattended: serve, pause, resume and webhooks."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from engine.commands.argument_types import port

_SERVE = (
    "serve",
    "run flows by themselves, by the clock and by webhooks",
    "Each flow runs when one of its schedules is due. It ends well on SIGTERM or Ctrl-C: records under way are "
    "finished, within 30 seconds; a second one ends it at once.",
    "python -m engine serve",
)
_PAUSE = (
    "pause",
    "let a flow, or everything, not run by itself",
    "Without FLOW everything. A run under way ends its records. It lasts until `resume`, also over restarts.",
    "python -m engine pause orders-to-books --why stocktaking",
)
_RESUME = (
    "resume",
    "take a pause away",
    "Without FLOW the pause of everything; flows that were paused by name stay paused.",
    "python -m engine resume orders-to-books",
)


_WEBHOOKS = (
    "webhooks",
    "let a system tell at once that something changed",
    "Lists the webhooks that were registered. A webhook is a hint only: the record it names is fetched.",
    "python -m engine webhooks webshop --register --public-url https://hooks.shop.example",
)


def add_serving(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], new: Callable[..., argparse.ArgumentParser]
) -> None:
    """The parsers of all of them. new: makes a command's parser with the options of all commands."""
    _serve(new(commands, *_SERVE))
    pause = new(commands, *_PAUSE)
    pause.add_argument("flow", metavar="FLOW", nargs="?", default="")
    pause.add_argument("--why", metavar="TEXT", default="", help="the reason, shown wherever the pause is")
    pause.add_argument("--by", metavar="NAME", default="", help="who pauses; without it the signed-in user")
    pause.add_argument("--list", action="store_true", help="show what is paused")
    resume = new(commands, *_RESUME)
    resume.add_argument("flow", metavar="FLOW", nargs="?", default="")
    resume.add_argument("--by", metavar="NAME", default="", help="who resumes; without it the signed-in user")
    _webhooks(new(commands, *_WEBHOOKS))


def _serve(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", metavar="HOST", default="127.0.0.1", help="where it listens (default 127.0.0.1)")
    command.add_argument(
        "--port", metavar="PORT", type=port, default=8080, help="its port (default 8080; 0: a free one)"
    )
    command.add_argument("--once", action="store_true", help="run what is due now, then leave")


def _webhooks(command: argparse.ArgumentParser) -> None:
    command.add_argument("system", metavar="SYSTEM", nargs="?", default="", help="only this one")
    what = command.add_mutually_exclusive_group()
    what.add_argument("--register", action="store_true", help="have the system call us, at --public-url")
    what.add_argument("--unregister", action="store_true", help="have it call us no more")
    command.add_argument(
        "--as",
        metavar="NAME",
        dest="connection",
        default="",
        help="the connection it is about, where the system has several; without it the one named like the system",
    )
    command.add_argument("--public-url", metavar="URL", default="", help="how the system reaches `serve` from outside")
    command.add_argument(
        "--event", metavar="NAME", action="append", default=[], help="only this event; repeat for more"
    )
