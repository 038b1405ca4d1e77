"""Every function of the design package that takes a role, found where it is defined."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import engine.design
from engine.design.people.rights import Role


@dataclass(frozen=True, slots=True)
class Marked:
    """place: module.function, without the package; doing: what it is, as “publish a flow”."""

    place: str
    role: Role
    doing: str
    function: Callable[..., Any]


def marked() -> list[Marked]:
    """In the order of their roles and places."""
    return sorted(_found(), key=lambda each: (each.role, each.place))


def _found() -> Iterator[Marked]:
    for module in pkgutil.walk_packages(engine.design.__path__, "engine.design."):
        for name, held in vars(importlib.import_module(module.name)).items():
            members = vars(held).items() if isinstance(held, type) else ()
            for shown, each in [(name, held), *((f"{name}.{member}", each) for member, each in members)]:
                told = getattr(each, "__dict__", {})
                is_marked = callable(each) and isinstance(told.get("needs"), Role) and "doing" in told
                if is_marked and each.__module__ == module.name:
                    place = f"{module.name}.{shown}".removeprefix("engine.design.")
                    yield Marked(place, told["needs"], told["doing"], each)
