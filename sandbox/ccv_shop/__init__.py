"""A stand-in for CCV Shop: a web shop of the Netherlands and Belgium with a signed REST API."""

from sandbox.ccv_shop.shop import CcvShop
from sandbox.clock import Clock

__all__ = ["CcvShop", "make"]


def make(clock: Clock, *, seed: int, orders: int, rotate: bool) -> CcvShop:
    """The stand-in as the command line starts it."""
    return CcvShop(clock, seed=seed, orders=orders)
