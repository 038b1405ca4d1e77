"""A stand-in for Specter, a Swedish business system behind forms, hashes and batches."""

from sandbox.clock import Clock
from sandbox.specter.choices import Choices
from sandbox.specter.specter import Specter

__all__ = ["Choices", "Specter", "make"]


def make(clock: Clock, *, seed: int, orders: int, rotate: bool) -> Specter:
    """The stand-in as the command line starts it."""
    return Specter(clock, seed=seed, orders=orders)
