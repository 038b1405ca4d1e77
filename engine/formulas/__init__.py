"""Formulas compute: JSONata evaluated under limits of time, memory and depth, with plain JSON in and out.

    with Formulas() as formulas:
        program = formulas.program({"total": "$sum_money(lines.price)"})
        environment = Environment(now=datetime.now(UTC))
        [{"total": evaluation}] = formulas.evaluate(program, environment, [(record, {})])

Nothing here touches disk, network or secrets, and the evaluator is imported in the worker processes only.
"""

from engine.formulas.missing import MISSING, Missing
from engine.formulas.pool import Formulas
from engine.formulas.shared import Ask, Jobs, Shared
from engine.formulas.terms import (
    Environment,
    Evaluation,
    Limits,
    LookupTable,
    LookupUse,
    PathRead,
    Program,
    Trace,
)

__all__ = [
    "MISSING",
    "Ask",
    "Environment",
    "Evaluation",
    "Formulas",
    "Jobs",
    "Limits",
    "LookupTable",
    "LookupUse",
    "Missing",
    "PathRead",
    "Program",
    "Shared",
    "Trace",
]
