"""A stand-in for Abicart, once Textalk Webshop: a web shop behind JSON-RPC 2.0."""

from sandbox.abicart.choices import Choices
from sandbox.abicart.shop import Abicart
from sandbox.clock import Clock

__all__ = ["Abicart", "Choices", "make"]


def make(clock: Clock, *, seed: int, orders: int, rotate: bool) -> Abicart:
    """The stand-in as the command line starts it."""
    return Abicart(clock, seed=seed, orders=orders)
