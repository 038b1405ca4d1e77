"""What differs between what an example expects and what was found: each place with its formula, and a hint."""

from __future__ import annotations

import json
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from engine.documents.positions import path_text
from engine.errors import Json, Problem
from engine.flows.flow import Example, Flow, Step
from engine.formulas import MISSING
from engine.mappings.mapping import FieldMapping
from engine.runs.examples import Outcome, as_written

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One place that differs. path: in the target, "" for what became of the record as a whole; expected, found:
    MISSING where there is nothing; formula: what gives the field; problem: why the record is parked, if it is.
    """

    path: str
    expected: Json
    found: Json
    formula: str = ""
    hint: str = ""
    problem: Problem | None = None

    def as_json(self) -> dict[str, Json]:
        """`expected` and `found` are left out where there is nothing."""
        values = {"expected": self.expected, "found": self.found}
        texts = {"formula": self.formula, "hint": self.hint}
        parts: dict[str, Json] = {"path": self.path}
        parts |= {name: value for name, value in values.items() if value is not MISSING}
        parts |= {name: text for name, text in texts.items() if text}
        if self.problem is not None:
            parts["problem"] = self.problem.as_json()
        return parts


def differences(example: Example, outcome: Outcome, flow: Flow) -> list[Difference]:
    """Everything that differs; none where all is as expected."""
    [(kind, wanted)] = example.outcomes.items()
    if kind != outcome.kind:
        return _of_another_kind(kind, wanted, outcome)
    if kind == "expected":
        return [each for name, fields in wanted.items() for each in _of_step(name, fields, outcome, flow)]
    if kind == "parked":
        return _of_reasons([wanted] if isinstance(wanted, str) else wanted, outcome)
    if wanted is True or wanted in outcome.reason:
        return []
    return [Difference("", _told(kind, wanted), _told(kind, outcome.reason))]


def value_differences(before: Json, now: Json) -> list[tuple[str, Json, Json]]:
    """Each innermost place where two values differ, as a path, with both; MISSING where there is nothing."""
    return [(path_text(path), left, right) for path, left, right, _ in _compared(before, now, ())]


# --- what became of the record


def _of_another_kind(kind: str, wanted: Json, outcome: Outcome) -> list[Difference]:
    expected = _told(kind, wanted)
    if outcome.kind == "parked":
        return [Difference("", expected, _told("parked", each.what), problem=each) for each in outcome.problems]
    found = _told("expected", outcome.steps) if outcome.kind == "expected" else _told(outcome.kind, outcome.reason)
    return [Difference("", expected, found)]


def _told(kind: str, what: Json) -> str:
    """An outcome in words."""
    if kind == "expected":
        return f"sent: {', '.join(name for name, fields in what.items() if fields is not None) or 'no step'}"
    if what is True:
        return kind
    return f"{kind}: {what if isinstance(what, str) else '; '.join(what)}"


def _of_reasons(wanted: list[str], outcome: Outcome) -> list[Difference]:
    told = {f"{problem.where}: {problem.what}": problem for problem in outcome.problems}
    found = _told("parked", [problem.what for problem in outcome.problems])
    missing = [part for part in wanted if not any(part in reason for reason in told)]
    more = [problem for reason, problem in told.items() if not any(part in reason for part in wanted)]
    if missing and len(missing) == len(more) == 1:
        return [Difference("", _told("parked", missing[0]), _told("parked", more[0].what), problem=more[0])]
    return [
        *(Difference("", _told("parked", part), found, hint="no reason says so") for part in missing),
        *(
            Difference("", MISSING, _told("parked", each.what), hint="a reason nobody expected", problem=each)
            for each in more
        ),
    ]


# --- fields


def _of_step(name: str, wanted: Json, outcome: Outcome, flow: Flow) -> Iterator[Difference]:
    step = next(each for each in flow.steps if each.name == name)
    found = outcome.steps.get(name)
    if wanted is None or found is None:
        if found is not None:
            yield Difference(name, MISSING, found, step.when or "", "the step is done")
        elif wanted is not None:
            yield Difference(name, wanted, MISSING, step.when or "", "the step is not done")
        return
    fields = {mapping.path: mapping for mapping in step.fields}
    for path, expected, given, hint in _compared(as_written(wanted), found, ()):
        formula, said = _formula_at(path, step, fields)
        if expected is MISSING and not hint:
            hint = "nobody expected this field"
        elif given is MISSING and not hint:
            hint = said
        yield Difference(path_text((name, *path)), expected, given, formula, hint)


def _formula_at(path: Path, step: Step, fields: dict[str, FieldMapping]) -> tuple[str, str]:
    """The formula that gives what stands at this path, and why it may have given nothing."""
    if step.each is not None:
        path = path[1:]
    while path:
        written = "".join("[]" if isinstance(part, int) else f".{part}" for part in path).removeprefix(".")
        mapping = fields.get(written) or fields.get(f"{written}[]")
        if mapping is not None:
            is_for_updates = mapping.write == "on_update"
            return mapping.formula, "it is written on updates only" if is_for_updates else "its formula gave nothing"
        path = path[:-1]
    return step.each or "", "no formula gives it"


Compared = tuple[Path, Json, Json, str]  # where, expected, found, a hint


def _compared(expected: Json, found: Json, path: Path) -> Iterator[Compared]:
    """Each innermost place that differs. Numbers are compared by value, lists by position."""
    if isinstance(expected, dict) and isinstance(found, dict):
        for name in dict.fromkeys([*expected, *found]):
            yield from _compared(expected.get(name, MISSING), found.get(name, MISSING), (*path, name))
    elif isinstance(expected, list) and isinstance(found, list):
        yield from _compared_lists(expected, found, path)
    elif not _is_same(expected, found):
        yield path, expected, found, _hint(expected, found)


def _compared_lists(expected: list[Json], found: list[Json], path: Path) -> Iterator[Compared]:
    before, after = _alike(expected, found)
    if len(expected) == len(found):
        if before < len(found) and _in_any_order(expected) == _in_any_order(found):
            yield path, expected, found, "the same items in another order"
            return
        for i, (left, right) in enumerate(zip(expected, found, strict=True)):
            yield from _compared(left, right, (*path, i))
        return
    counts = f"{len(expected)} expected, {len(found)} found"
    shorter = min(len(expected), len(found))
    is_clear = before + after >= shorter  # the others are the same: it is seen which items are missing or too many
    start = min(before, shorter) if is_clear else shorter
    if not is_clear:
        for i in range(shorter):
            yield from _compared(expected[i], found[i], (*path, i))
    for i in range(start, start + len(expected) - shorter):
        yield (*path, i), expected[i], MISSING, f"this item is missing; {counts}"
    for i in range(start, start + len(found) - shorter):
        yield (*path, i), MISSING, found[i], f"an item too many; {counts}"


def _alike(expected: list[Json], found: list[Json]) -> tuple[int, int]:
    """How many items at the beginning, and how many at the end, are the same."""
    pairs, backwards = zip(expected, found, strict=False), zip(reversed(expected), reversed(found), strict=False)
    return _same_first(pairs), _same_first(backwards)


def _same_first(pairs: Iterator[tuple[Json, Json]]) -> int:
    count = 0
    for left, right in pairs:
        if next(_compared(left, right, ()), None) is not None:
            break
        count += 1
    return count


def _in_any_order(items: list[Json]) -> Counter[str]:
    return Counter(json.dumps(_by_value(item), sort_keys=True) for item in items)


def _by_value(value: Json) -> Json:
    """Whole numbers without a point, so that 1 and 1.0 are written alike."""
    if isinstance(value, dict):
        return {name: _by_value(held) for name, held in value.items()}
    if isinstance(value, list):
        return [_by_value(held) for held in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _is_same(expected: Json, found: Json) -> bool:
    if _is_number(expected) and _is_number(found):
        return bool(expected == found)
    return type(expected) is type(found) and bool(expected == found)


def _is_number(value: Json) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _hint(expected: Json, found: Json) -> str:
    if isinstance(expected, str) and isinstance(found, str):
        if _look(expected) == _look(found):
            return "only spaces, or signs that look alike, differ"
        return "only small and capital letters differ" if expected.casefold() == found.casefold() else ""
    if isinstance(expected, str) and _is_number(found):
        return "a number, where a text is expected" if expected == str(found) else ""
    if _is_number(expected) and isinstance(found, str):
        return "a text, where a number is expected" if found == str(expected) else ""
    return ""


def _look(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).split())
