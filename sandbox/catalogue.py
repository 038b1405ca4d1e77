"""The stand-ins there are, each imported only when it is asked for."""

from __future__ import annotations

from sandbox.clock import Clock
from sandbox.system import System

NAMES = ("ccv-shop", "eaccounting", "abicart", "specter")


def listed() -> str:
    """The names as a sentence lists them."""
    return " and ".join([", ".join(NAMES[:-1]), NAMES[-1]])


def build(name: str, clock: Clock, *, seed: int, orders: int, rotate: bool = True) -> System:
    """Make the stand-in of that name; ValueError with a sentence when there is none."""
    if name == "ccv-shop":
        from sandbox.ccv_shop import CcvShop

        return CcvShop(clock, seed=seed, orders=orders)
    if name == "eaccounting":
        from sandbox.eaccounting import EAccounting

        return EAccounting(clock, seed=seed, orders=orders, rotate=rotate)
    if name == "abicart":
        from sandbox.abicart import Abicart

        return Abicart(clock, seed=seed, orders=orders)
    if name == "specter":
        from sandbox.specter import Specter

        return Specter(clock, seed=seed, orders=orders)
    raise ValueError(f"There is no stand-in called {name!r}; there are {listed()}.")
