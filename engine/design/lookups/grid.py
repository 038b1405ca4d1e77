"""Rows changed in a grid: what was typed, dropped and added becomes rows again, each value of its kind.

What cannot be saved yet (a key that stands twice, a number that is none) is told, and its row stays as it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.design.lookups.cells import common_kind, kind_of, shown, value_of
from engine.design.lookups.tables import Table, Value
from engine.errors import Json, Problem

KEY, VALUE, KIND = "key", "value", "kind"  # the columns that can be changed


@dataclass(frozen=True, slots=True)
class Edited:
    """The rows with all changes that can be saved. problems: of those that cannot; is_whole: none is waiting."""

    rows: dict[str, Value]
    problems: tuple[Problem, ...]

    @property
    def is_whole(self) -> bool:
        return not self.problems


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of the grid. was: its row before, None where it is new."""

    key: str
    text: str
    kind: str
    was: tuple[str, Value] | None


def edited(table: Table, changed: Mapping[str, Any]) -> Edited:
    """The rows of a table after changes in a grid that showed them in their order.

    changed: `edited_rows` (cells by column, by number of the row), `added_rows`, `deleted_rows`. A new row that has no
    key yet, or names no record yet where it must, is not there yet.
    """
    rows: dict[str, Value] = {}
    problems: list[Problem] = []
    lines = list(_lines(table, changed))
    kept = {line.was[0] for line in lines if line.was is not None and line.key == line.was[0]}
    for line in lines:
        taken = line.key in rows or (line.key in kept and (line.was is None or line.was[0] != line.key))
        try:
            if taken:
                raise ValueError(f"“{line.key[:60]}” is in the table already")
            if not line.key:
                raise ValueError("a row needs a source value")
            rows[line.key] = _value(line)
        except ValueError as error:
            advice = "Change it: until then this row is not saved."
            problems.append(Problem(f"row “{line.key[:60]}”", str(error), advice, severity="warning"))
            if line.was is not None and line.was[0] not in rows:
                rows[line.was[0]] = line.was[1]
    return Edited(rows, tuple(problems))


def _lines(table: Table, changed: Mapping[str, Any]) -> Iterator[_Line]:
    cells: Mapping[Any, Mapping[str, Json]] = changed.get("edited_rows", {})
    dropped = {int(number) for number in changed.get("deleted_rows", ())}
    for number, was in enumerate(table.rows.items()):
        if number not in dropped:
            of_row = cells.get(number, cells.get(str(number), {}))
            yield _Line(
                _text(of_row.get(KEY, was[0])),
                _text(of_row.get(VALUE, shown(was[1]))),
                _text(of_row.get(KIND)) or kind_of(was[1]),
                was,
            )
    usual = common_kind(table.rows.values())
    added: Sequence[Mapping[str, Json]] = changed.get("added_rows", ())
    for cell in added:
        if cell.get(KEY) and (table.refers is None or cell.get(VALUE)):
            yield _Line(_text(cell[KEY]), _text(cell.get(VALUE)), _text(cell.get(KIND)) or usual, None)


def _value(line: _Line) -> Value:
    """What the line says; the very value that was there, where nobody changed it."""
    if line.was is not None and line.text == shown(line.was[1]) and line.kind == kind_of(line.was[1]):
        return line.was[1]
    return value_of(line.text, line.kind)


def _text(cell: Json) -> str:
    return "" if cell is None else str(cell)
