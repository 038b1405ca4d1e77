"""A stand-in for CCV Shop: a web shop of the Netherlands and Belgium with a signed REST API."""

from sandbox.ccv_shop.shop import CcvShop

__all__ = ["CcvShop"]
