"""What must agree before or after a step: sums compared exactly, conditions that hold, and how a failure is said."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal

from engine.errors import Json, Problem, RecordProblem
from engine.flows.flow import Check, Source
from engine.flows.library import LoadedFlow
from engine.formulas import MISSING, Evaluation, Formulas, Program
from engine.mappings.finish import is_placeholder


def checks_program(checks: tuple[Check, ...], formulas: Formulas) -> Program | None:
    """One program for all checks: `0 source`, `0 target`, …"""
    held = {f"{i} {part}": text for i, check in enumerate(checks) for part, text in check.formulas.items()}
    return formulas.program(held) if held else None


def zone_of(loaded: LoadedFlow) -> str:
    """The zone of the source's times without one, "" where its connector declares none."""
    return str(loaded.connectors[loaded.flow.source.connector].http.get("zone", ""))


def check_problems(
    checks: tuple[Check, ...], found: Mapping[str, Json], where: str, source: str, target: str
) -> list[Problem]:
    """The checks that fail. found: what the formulas of `checks_program` gave; source, target: the systems' titles."""
    return list(_problems(checks, found, where, source, target))


def _problems(
    checks: tuple[Check, ...], found: Mapping[str, Json], where: str, source: str, target: str
) -> Iterator[Problem]:
    for i, check in enumerate(checks):
        if found.get(f"{i} when", True) is not True:
            continue
        parts = {part: found[f"{i} {part}"] for part in check.formulas}
        place = f"{where}, {check.what}"
        if "holds" in parts:
            if parts["holds"] is not True:
                said = parts["says"]
                yield Problem(place, str(check.what if said is MISSING else said), check.what_to_do, code="check")
        elif not _agree(parts["source"], parts["target"], parts.get("within", 0)):
            ours, theirs = _amount(parts["source"]), _amount(parts["target"])
            what = f"the sums do not agree: {ours} in {source}, {theirs} in {target}"
            yield Problem(place, what, check.what_to_do, code="sums_differ")


def given_values(results: Mapping[str, Evaluation], where: str) -> dict[str, Json]:
    """The values of a program's formulas; a RecordProblem naming each that failed."""
    failed = [(name, e.error) for name, e in results.items() if e.error is not None]
    if failed:
        raise RecordProblem(
            [
                Problem(f"{where}, {name}", error.what, error.what_to_do, error.code, error.caret)
                for name, error in failed
            ]
        )
    return {name: evaluation.value for name, evaluation in results.items()}


def _agree(source: Json, target: Json, within: Json) -> bool:
    if is_placeholder(target) or source == target:
        return True
    numbers = [
        value for value in (source, target, within) if isinstance(value, (int, float)) and not isinstance(value, bool)
    ]
    if len(numbers) != 3:
        return False
    left, right, most = (Decimal(repr(number)) for number in numbers)
    return abs(left - right) <= most


def _amount(value: Json) -> str:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        exact = Decimal(repr(value))
        return f"{exact:.2f}" if -(exact.as_tuple().exponent) <= 2 else str(exact)  # type: ignore[operator]
    return "nothing" if value is MISSING or value is None else str(value)


def condition_formulas(source: Source) -> dict[str, str]:
    """The formulas of a source's conditions, as `verdict` finds their answers."""
    never = {f"never {i}": condition.formula for i, condition in enumerate(source.never)}
    return never | {f"where {i}": condition.formula for i, condition in enumerate(source.where)}


def verdict(source: Source, found: Mapping[str, Evaluation]) -> tuple[str, str]:
    """What a source's conditions say of a record: skipped, waiting or due, and why. found: what `condition_formulas`
    gave. RecordProblem where a condition fails on the record.
    """
    for i, condition in enumerate(source.never):
        if _holds(found[f"never {i}"], condition.says):
            return "skipped", condition.says
    held_back = [each.says for i, each in enumerate(source.where) if not _holds(found[f"where {i}"], each.says)]
    return ("waiting", "; ".join(held_back)) if held_back else ("due", "")


def _holds(evaluation: Evaluation, says: str) -> bool:
    if evaluation.error is not None:
        error = evaluation.error
        where = f"the condition “{says}”"
        raise RecordProblem([Problem(where, error.what, error.what_to_do, error.code, error.caret)])
    return evaluation.value is True
