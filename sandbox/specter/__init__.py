"""A stand-in for Specter, a Swedish business system behind forms, hashes and batches."""

from sandbox.specter.choices import Choices
from sandbox.specter.specter import Specter

__all__ = ["Choices", "Specter"]
