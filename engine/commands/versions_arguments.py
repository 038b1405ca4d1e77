"""What the commands about versions take: publish, versions, diff and read."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from engine.commands.argument_types import positive


def add_versions(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], new: Callable[..., argparse.ArgumentParser]
) -> None:
    """The parsers of all four. new: makes a command's parser with the options of all commands."""
    _publish(new(commands, *_PUBLISH))
    new(commands, *_VERSIONS).add_argument("flow", metavar="FLOW")
    _diff(new(commands, *_DIFF))
    _read(new(commands, *_READ))


_PUBLISH = (
    "publish",
    "make the draft of a flow the one that runs, or bring an earlier version back",
    "Nothing is published that `check` finds an error in or whose examples differ; what was published before stays "
    "among the versions. Without a draft the file as it stands gets a number and the name. Exit code 2 where there is "
    "an error, 1 where examples differ or the file changed since the draft began.",
    'python -m engine publish orders-to-books --name "With payment fees"',
)
_VERSIONS = (
    "versions",
    "list the versions of a flow",
    "Number, name, who and when, how often it ran, and which is published now.",
    "python -m engine versions orders-to-books",
)
_DIFF = (
    "diff",
    "show what differs between the draft and what is published, or between two versions",
    "Field by field, with the formulas and what they mean in words. A and B are numbers, names or hashes of versions, "
    "“draft” or “published”. With A alone: from A to what is published; with neither: from what is published to the "
    "draft, or where there is none from the version before.",
    "python -m engine diff orders-to-books 11 12",
)
_READ = (
    "read",
    "read a whole flow in plain language",
    "What is read, what becomes of it field by field, how records are found, the settings and the lookups.",
    "python -m engine read orders-to-books --html > orders-to-books.html",
)


def _publish(command: argparse.ArgumentParser) -> None:
    command.add_argument("flow", metavar="FLOW")
    command.add_argument("--name", metavar="TEXT", default="", help="what is new in this version, in a few words")
    command.add_argument(
        "--version",
        metavar="V",
        default="",
        help="not the draft: bring this version back, as a new one (number or name)",
    )
    command.add_argument("--by", metavar="NAME", default="", help="who publishes; without it the signed-in user")
    command.add_argument(
        "--anyway", metavar="REASON", default="", help="publish though examples differ; the reason is kept"
    )
    command.add_argument(
        "--over", action="store_true", help="publish over what changed in the file since the draft began"
    )


def _diff(command: argparse.ArgumentParser) -> None:
    command.add_argument("flow", metavar="FLOW")
    command.add_argument("a", metavar="A", nargs="?", default="", help="from this version")
    command.add_argument("b", metavar="B", nargs="?", default="", help="to this one")
    command.add_argument(
        "--records",
        metavar="N",
        type=positive,
        nargs="?",
        const=200,
        help="also what it changes for the last N records that were read (200), one by one",
    )
    command.add_argument("--binding", metavar="B", default="default", help="whose records; without it `default`")


def _read(command: argparse.ArgumentParser) -> None:
    command.add_argument("flow", metavar="FLOW")
    command.add_argument(
        "--version", metavar="V", default="", help="a version (number or name) or “draft”; without it what is published"
    )
    command.add_argument("--html", action="store_true", help="one page to print, instead of text")
