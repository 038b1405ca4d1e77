"""Who is at the screen, and what they may do."""

from __future__ import annotations

from engine.design.desk import owner
from engine.design.people.rights import Person, Role


def person() -> Person:
    """Who this session is of. Without sign-in only this machine comes in: then it is its owner."""
    return owner()


def may(role: Role) -> bool:
    """May this session's person do what takes this role?"""
    return person().may(role)
