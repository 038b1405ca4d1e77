"""A stand-in for Visma eAccounting (Spiris Bokföring & Fakturering), written from its documentation alone."""

from sandbox.eaccounting.system import EAccounting

__all__ = ["EAccounting"]
