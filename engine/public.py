"""What scripts import from `engine`: evaluating one formula on one record."""

from __future__ import annotations

import atexit
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from threading import Lock

from engine.errors import FormulaError, Json
from engine.formulas import MISSING, Environment, Formulas, Limits, Missing, Program
from engine.formulas.compiled import compiled

__all__ = ["MISSING", "FormulaError", "evaluate", "is_plain"]

_lock = Lock()
_by_seconds: dict[float, Formulas] = {}
_MOST_POOLS = 4


def evaluate(
    formula: str, record: Json, *, variables: Mapping[str, Json] | None = None, seconds: float = 2.0
) -> Json | Missing:
    """What the formula gives for the record: a plain JSON value, or MISSING where it gives nothing.

    variables: seen as $name. `$now()` is the moment of the call. Raises FormulaError, with `.code`, `.position` (the
    column, from 0) and `.formula`, where the formula does not parse, fails on this record, or takes more than
    `seconds`. Safe with any formula and from many threads.
    """
    formulas = _pool(seconds)
    environment = Environment(now=datetime.now(UTC), variables=dict(variables or {}))
    [found] = formulas.evaluate(_program(formulas, formula), environment, [(record, {})])
    if found["formula"].error is not None:
        error = found["formula"].error
        error.where = ""
        raise error
    return found["formula"].value


def is_plain(formula: str) -> bool:
    """Whether the formula is compiled, and so answered at once; others are evaluated in a guarded process."""
    return compiled(formula) is not None


def _pool(seconds: float) -> Formulas:
    if not 0 < seconds <= 3600:
        raise ValueError("seconds must lie between 0 and 3600")
    with _lock:
        formulas = _by_seconds.get(seconds)
        if formulas is None:
            if len(_by_seconds) >= _MOST_POOLS:
                _by_seconds.pop(next(iter(_by_seconds))).close()
            formulas = _by_seconds[seconds] = Formulas(limits=Limits(seconds=seconds))
        return formulas


@lru_cache(maxsize=1_024)
def _program(formulas: Formulas, formula: str) -> Program:
    try:
        return formulas.program({"formula": formula})
    except FormulaError as error:
        error.where = ""
        raise


@atexit.register
def _close() -> None:
    with _lock:
        for formulas in _by_seconds.values():
            formulas.close()
        _by_seconds.clear()
