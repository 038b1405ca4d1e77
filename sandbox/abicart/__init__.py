"""A stand-in for Abicart, once Textalk Webshop: a web shop behind JSON-RPC 2.0."""

from sandbox.abicart.choices import Choices
from sandbox.abicart.shop import Abicart

__all__ = ["Abicart", "Choices"]
