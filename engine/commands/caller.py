"""Who calls."""

from __future__ import annotations

from argparse import Namespace
from dataclasses import replace

from engine.design.desk import Desk, user_of_machine
from engine.design.people.rights import Person, Role


def caller(asked: Namespace) -> str:
    """As it was said with --by, else the user of this machine."""
    return asked.by.strip() or user_of_machine()


def of_caller(things: Desk, asked: Namespace) -> Desk:
    """The things in the hands of whoever calls, who may do everything: the workspace's files are theirs."""
    return replace(things, person=Person(caller(asked), Role.ADMINISTER))
