"""Values finished by the target's schema, a whole column at once, and the bodies that are made of them."""

from __future__ import annotations

import copy
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engine.design.view.memo import Column, Memo
from engine.errors import Json, Problem, RecordProblem
from engine.formulas import MISSING
from engine.mappings.finish import Note, finish
from engine.mappings.paths import list_of, set_path

if TYPE_CHECKING:
    from engine.design.view.work import FieldWork


@dataclass(frozen=True, slots=True)
class FinishedColumn:
    """Finished values, MISSING where there is none; notes and problems by the number of the value."""

    values: tuple[Json, ...]
    notes: tuple[tuple[int, Note], ...] = ()
    problems: tuple[tuple[int, Problem], ...] = ()


def finished_column(memo: Memo, column: Column, schema: Mapping[str, Json] | None, path: str) -> FinishedColumn:
    """What the schema of a field makes of a column; without a schema it stays as it is."""
    if schema is None:
        return FinishedColumn(tuple(each.value for each in column))
    held = memo.things.made(
        ("finished", id(column), id(schema), path), lambda: (_finished(column, schema, path), column, schema)
    )
    return held[0]


def _finished(column: Column, schema: Mapping[str, Json], path: str) -> FinishedColumn:
    values: list[Json] = []
    notes: list[tuple[int, Note]] = []
    problems: list[tuple[int, Problem]] = []
    for number, each in enumerate(column):
        if each.error is not None or each.value is MISSING:
            values.append(MISSING)
            continue
        done = finish(each.value, schema, path)
        values.append(done.value)
        notes += [(number, note) for note in done.notes]
        problems += [(number, problem) for problem in done.problems]
    return FinishedColumn(tuple(values), tuple(notes), tuple(problems))


def assembled(
    fields: Mapping[str, FieldWork], inner: Mapping[str, Sequence[FieldWork]], number: int, write: str
) -> dict[str, Json]:
    """The body for one item of a step, of what its fields gave; what failed or is not written now is left out."""
    body: dict[str, Json] = {}
    for path, work in fields.items():
        if not is_written(work.mapping.write, write):
            continue
        if work.mapping.is_list:
            if number < len(work.column) and work.column[number].error is None:
                _put(body, path.removesuffix("[]"), _rows(path, inner, number, work.column[number].value))
        elif number < len(work.done.values) and work.done.values[number] is not MISSING:
            _put(body, path, work.done.values[number])
    return body


def is_written(rule: str, write: str) -> bool:
    """Whether a field with this rule goes into a creation or update of a record the target does not have yet."""
    return rule in ("always", "if_empty") or rule == f"on_{write}"


def _rows(path: str, inner: Mapping[str, Sequence[FieldWork]], number: int, held: Json) -> list[Json]:
    inside = {
        p: works[number] for p, works in inner.items() if (list_of(p) or ("",))[0] == path and number < len(works)
    }
    many = max((len(work.column) for work in inside.values()), default=len(held) if isinstance(held, list) else 0)
    rows: list[Json] = []
    for at in range(many):
        row: dict[str, Json] = {}
        for place, work in inside.items():
            if work.done.values[at] is not MISSING:
                _put(row, place.removeprefix(path + "."), work.done.values[at])
        rows.append(row)
    return rows


def _put(target: dict[str, Json], path: str, value: Json) -> None:
    try:
        set_path(target, path, copy.deepcopy(value) if isinstance(value, dict) else value)
    except RecordProblem:
        return  # two mappings of one place: the checks of the flow tell it
