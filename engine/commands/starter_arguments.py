"""What `starter` and `suggest` take."""

from __future__ import annotations

import argparse
from collections.abc import Callable


def add_starter(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], new: Callable[..., argparse.ArgumentParser]
) -> None:
    """The parsers of both. new: makes a command's parser with the options of all commands."""
    command = new(
        commands,
        "starter",
        "make a flow from what the fields of two systems mean",
        "Prints the flow and, on standard error, what each step does and what is left to do. Without SOURCE and TARGET "
        "it lists what can be made, and for the rest why not.",
        "python -m engine starter webshop books --resource orders --draft",
    )
    command.add_argument("source", metavar="SOURCE", nargs="?", help="name of the connector that is read")
    command.add_argument("target", metavar="TARGET", nargs="?", help="name of the connector that is written to")
    command.add_argument("--resource", metavar="R", default="orders", help="the kind of record; without it: orders")
    command.add_argument(
        "--process", metavar="P", default="", help="what is done with them; without it the first that can be"
    )
    command.add_argument("--name", metavar="FLOW", help="name of the flow; without it SOURCE-R-to-TARGET")
    command.add_argument("--answers", metavar="FILE", help="JSON file with answers to the flow's questions")
    command.add_argument(
        "--connected", action="store_true", help="propose lookup rows from what the connected systems hold"
    )
    which = command.add_mutually_exclusive_group()
    which.add_argument("--draft", action="store_true", help="keep it as a draft, to be looked at and published")
    which.add_argument("--write", action="store_true", help="write it to saved_mappings/; never over a flow")
    command = new(
        commands,
        "suggest",
        "propose formulas for the fields of a flow that have none",
        "Of its draft, where it has one. Each with its reason; nothing is changed without --accept.",
        "python -m engine suggest orders-to-books --step customer",
    )
    command.add_argument("flow", metavar="FLOW")
    command.add_argument("--step", metavar="S", help="only this step")
    command.add_argument(
        "--accept", metavar="FIELD", action="append", default=[], help="put it into the draft; repeat for more"
    )
    command.add_argument("--by", metavar="NAME", default="", help="who accepts; without it the signed-in user")
