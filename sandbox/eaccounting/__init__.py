"""A stand-in for Visma eAccounting (Spiris Bokföring & Fakturering), written from its documentation alone."""

from sandbox.clock import Clock
from sandbox.eaccounting.system import EAccounting

__all__ = ["EAccounting", "make"]


def make(clock: Clock, *, seed: int, orders: int, rotate: bool) -> EAccounting:
    """The stand-in as the command line starts it."""
    return EAccounting(clock, seed=seed, orders=orders, rotate=rotate)
