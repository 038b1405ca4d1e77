"""What a formula gives for a record, in one form whoever evaluates: {"value"}, {"missing"} or {"code"}."""

from __future__ import annotations

import json
import math
import re
from datetime import UTC, datetime
from typing import Any

from engine.formulas import MISSING, Environment, Limits
from engine.formulas.compiled import compiled
from engine.formulas.guarded.evaluation import Evaluator
from engine.formulas.guarded.timer import Timer

Answer = dict[str, Any]
ENVIRONMENT = Environment(now=datetime(2026, 11, 20, 10, 11, 12, tzinfo=UTC))
_INTEGER_NAME = re.compile(r'"(0|[1-9][0-9]{0,9})\\?"')
_INTEGER_LIKE = re.compile(r"0|[1-9][0-9]{0,9}")


class Worker:
    """What a worker process does, in this one: the evaluator that every formula may be asked of."""

    def __init__(self) -> None:
        limits = {"seconds": 30, "depth": Limits().depth, "result_mb": Limits().result_mb}
        self._evaluator = Evaluator(limits, Timer(), lambda index: None)
        self._evaluator.learn_environment(ENVIRONMENT.number, ENVIRONMENT.as_json())

    def answer(self, formula: str, record: Any, variables: dict[str, Any] | None = None) -> Answer:
        self._evaluator.learn_program("", ["field"], [formula])
        values, missing, errors, _ = json.loads(self._evaluator.job("", ENVIRONMENT.number, record, variables or {}))
        if errors:
            return {"code": errors["0"]["code"]}
        return {"missing": True} if missing else {"value": values[0]}


def compiled_answer(formula: str, record: Any) -> Answer | None:
    """What the compiled formula gives; None where it is not plain, or leaves this record to the worker."""
    function = compiled(formula)
    if function is None:
        return None
    try:
        value = function.call(record, {"record": record}, ENVIRONMENT.surroundings)
    except Exception:  # whatever it is, the worker is asked
        return None
    return {"missing": True} if value is MISSING else {"value": value}


def difference(formula: str, our: Answer, reference: Answer) -> str:
    """What differs, in a word or two; "" when the answers are the same or differ as docs/exactness.md says."""
    kind = _difference(our, reference)
    theirs = [reference]
    if "in_order" in reference:
        theirs.append(
            {name: reference[name] for name in ("endless", "changed") if name in reference} | reference["in_order"]
        )
    known = any(not _difference(our, their) or excused(formula, our, their) for their in theirs)
    return "" if known else kind


def _difference(our: Answer, reference: Answer) -> str:
    kinds = ("value", "missing", "function", "code")
    left = next(kind for kind in kinds if kind in our)
    right = next(kind for kind in kinds if kind in reference)
    if left != right:
        return f"{left} for {right}"
    if left == "value":
        return "" if alike(our["value"], reference["value"]) else "another value"
    return "" if our[left] == reference[right] else f"{our[left]} for {reference[right]}"


def alike(left: Any, right: Any, *, last_digits: bool = False) -> bool:
    """The same JSON: numbers as doubles, true is not 1, names of objects in the same order (JavaScript puts names
    like "10" first). last_digits: whether a number's very last digit may differ.
    """
    if isinstance(left, bool) or isinstance(right, bool) or left is None or right is None:
        return left is right
    if isinstance(left, int | float) and isinstance(right, int | float):
        return float(left) == float(right) or (last_digits and math.isclose(left, right, rel_tol=4e-16))
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(
            alike(*both, last_digits=last_digits) for both in zip(left, right, strict=True)
        )
    if isinstance(left, dict) and isinstance(right, dict):
        if any(map(_INTEGER_LIKE.fullmatch, left)):
            left, right = dict(sorted(left.items())), dict(sorted(right.items()))
        values = zip(left.values(), right.values(), strict=False)
        return list(left) == list(right) and all(alike(*both, last_digits=last_digits) for both in values)
    return type(left) is type(right) and bool(left == right)


def excused(formula: str, our: Answer, reference: Answer) -> bool:
    """Whether the answers differ in one of the ways that docs/exactness.md lists, and in no other."""
    code = our.get("code")
    if reference.get("function"):
        return code == "M1007"  # the result is or holds a function
    if reference.get("endless"):
        return code in ("D1001", "M1007", "D3030")  # a number that is none: refused where it comes up
    if reference.get("changed"):
        return True  # jsonata-js changed the record while it ran: {…} behind an empty list
    if "Error" in str(reference.get("code", "")):
        return True  # jsonata-js itself broke down, with a TypeError or a RangeError
    if reference.get("code") == "T0411" and re.search(r"\?[?:]", formula) and re.search("function|λ", formula):
        return True  # in a function's last call, jsonata-js forgets the value at hand
    if "value" in our and "value" in reference and _INTEGER_NAME.search(json.dumps(our["value"])):
        return _characters(our["value"]) == _characters(reference["value"])  # such names come first in JavaScript
    if "$power" in formula and "value" in our and "value" in reference:
        return alike(our["value"], reference["value"], last_digits=True)
    return False


def _characters(value: Any) -> list[str]:
    return sorted(json.dumps(json.loads(json.dumps(value), parse_int=float)))


def shown(answer: Answer) -> str:
    return json.dumps(answer, ensure_ascii=True)[:300]
