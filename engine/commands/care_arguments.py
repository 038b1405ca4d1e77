"""What the commands take that look after the ledger: audit."""

from __future__ import annotations

import argparse
from collections.abc import Callable

_AUDIT = (
    "audit",
    "show who published, brought back, restored, purged or erased what",
    "The newest first. Lines are only ever added; none is taken away by purge or erase.",
    "python -m engine audit --flow orders-to-books",
)


def add_care(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], new: Callable[..., argparse.ArgumentParser]
) -> None:
    """The parsers of all of them. new: makes a command's parser with the options of all commands."""
    audit = new(commands, *_AUDIT)
    audit.add_argument("--flow", metavar="FLOW", help="what concerns this flow only")
    audit.add_argument("--limit", metavar="N", type=_how_many, default=100, help="at most so many lines (100)")


def _how_many(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError("write a whole number from 1 to 1000000")
    return int(text)
