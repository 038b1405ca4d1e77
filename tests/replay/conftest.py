"""The stage of the runs: a shop, books, a ledger and a clock nobody waits for."""

from tests.runs.conftest import engine, formulas, once, stage

__all__ = ["engine", "formulas", "once", "stage"]
