"""Who calls."""

from __future__ import annotations

from argparse import Namespace

from engine.design.desk import user_of_machine


def caller(asked: Namespace) -> str:
    """As it was said with --by, else the user of this machine."""
    return asked.by.strip() or user_of_machine()
