"""The functions of ours, in one table: evaluation, documentation and completion read it."""

from __future__ import annotations

from engine.formulas.functions.function import Function
from engine.formulas.functions.of_money import MONEY
from engine.formulas.functions.of_runs import RUNS
from engine.formulas.functions.of_texts import OF_THE_LANGUAGE, TEXTS
from engine.formulas.refusals import Refused

__all__ = ["FUNCTIONS", "REFUSED", "Function"]

FUNCTIONS: tuple[Function, ...] = (*MONEY, *TEXTS, *RUNS, *OF_THE_LANGUAGE)

_TWICE = "a record must give the same result every time it is mapped"

REFUSED: dict[str, Refused] = {
    "eval": Refused(
        "M1008",
        "$eval is not allowed: a formula may not run a text as a formula",
        "Write the formula out, or keep the values in a lookup.",
    ),
    "random": Refused("M1009", f"$random is not allowed: {_TWICE}", "Use a field of the record, or $digest($)."),
    "shuffle": Refused("M1009", f"$shuffle is not allowed: {_TWICE}", "Sort the list with $sort instead."),
}
