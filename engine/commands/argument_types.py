"""Numbers that commands take, from their text: what is none is told as argparse tells a wrong call."""

from __future__ import annotations

import argparse
from datetime import date
from decimal import Decimal

from engine.design.support.said import amounts_meant

STATES = ("due", "created", "updated", "unchanged", "skipped", "waiting", "parked")  # of a record


def positive(text: str) -> int:
    """A whole number from 1 on."""
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no number from 1 on")
    return int(text)


def port(text: str) -> int:
    """A port of this machine; 0 is any free one."""
    if not text.isdecimal() or int(text) > 65_535:
        raise argparse.ArgumentTypeError(f"{text} is no port; one is a number up to 65535")
    return int(text)


def day(text: str) -> date:
    """A day as 2026-11-27."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no day; write it as 2026-11-27") from None


def amounts(text: str) -> tuple[Decimal, Decimal]:
    """The least and the most an amount may be."""
    meant = amounts_meant(text)
    if meant is None:
        raise argparse.ArgumentTypeError(f"{text} is no amount; write it as 4120.50, or without its decimals")
    return meant
