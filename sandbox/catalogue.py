"""The stand-ins there are: each folder beside this file is one, imported only when it is asked for.

Its `__init__.py` has `make(clock, *, seed, orders, rotate)`, which gives the system (sandbox.system).
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import cast

from sandbox.clock import Clock
from sandbox.system import System

NAMES = tuple(sorted(path.parent.name.replace("_", "-") for path in Path(__file__).parent.glob("*/__init__.py")))


def listed() -> str:
    """The names as a sentence lists them."""
    return " and ".join([", ".join(NAMES[:-1]), NAMES[-1]])


def build(name: str, clock: Clock, *, seed: int, orders: int, rotate: bool = True) -> System:
    """Make the stand-in of that name; ValueError with a sentence when there is none."""
    if name not in NAMES:
        raise ValueError(f"There is no stand-in called {name!r}; there are {listed()}.")
    package = import_module(f"sandbox.{name.replace('-', '_')}")
    if not hasattr(package, "make"):
        raise ValueError(f"sandbox/{name.replace('-', '_')}/__init__.py has no make(clock, *, seed, orders, rotate).")
    return cast(System, package.make(clock, seed=seed, orders=orders, rotate=rotate))
