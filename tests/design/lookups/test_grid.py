"""What is typed into a grid becomes rows; kinds of values survive, and what cannot be saved is told."""

from __future__ import annotations

from typing import Any

import pytest

from engine.design.lookups import Table, edited
from engine.flows.flow import Reference

ROWS: dict[str, Any] = {"a": "1", "b": 2, "c": True, "d": None, "e": 1.0}
TABLE = Table("t", "T", rows=ROWS)
NAMES = Table("t", "T", rows={"a": "One"}, refers=Reference("books", "terms", "Name", "Id", None))


def rows(**changed: Any) -> list[tuple[str, type, Any]]:
    return [(key, type(value), value) for key, value in edited(TABLE, changed).rows.items()]


def kinds(held: dict[str, Any]) -> list[tuple[str, type, Any]]:
    return [(key, type(value), value) for key, value in held.items()]


def test_untouched_rows_are_the_very_same() -> None:
    assert rows() == kinds(ROWS)


@pytest.mark.parametrize(
    ("number", "cells", "key", "value"),
    [
        (0, {"value": "2"}, "a", "2"),
        (1, {"value": "3,5"}, "b", 3.5),
        (2, {"value": "no"}, "c", False),
        (0, {"kind": "number"}, "a", 1),
        (1, {"kind": "text"}, "b", "2"),
        (3, {"value": "x", "kind": "text"}, "d", "x"),
        (0, {"value": None}, "a", ""),
    ],
)
def test_a_changed_cell_keeps_its_kind_or_takes_the_chosen_one(
    number: int, cells: dict[str, Any], key: str, value: Any
) -> None:
    assert rows(edited_rows={number: cells}) == kinds({**ROWS, key: value})


def test_a_renamed_key_keeps_its_place() -> None:
    found = edited(TABLE, {"edited_rows": {1: {"key": "x"}}})

    assert list(found.rows) == ["a", "x", "c", "d", "e"]


def test_rows_are_dropped_and_added() -> None:
    found = edited(TABLE, {"deleted_rows": [0, 3], "added_rows": [{"key": "f", "value": "9"}, {"key": "g"}]})

    assert kinds(found.rows) == kinds({"b": 2, "c": True, "e": 1.0, "f": "9", "g": ""})


def test_a_new_row_is_of_the_kind_that_all_others_have() -> None:
    table = Table("t", "T", rows={"a": 1, "b": 2.5})

    assert edited(table, {"added_rows": [{"key": "c", "value": "3"}]}).rows["c"] == 3


@pytest.mark.parametrize("added", [{}, {"value": "One"}, {"key": "b"}, {"key": "b", "value": None}])
def test_an_unfinished_row_is_not_there_yet(added: dict[str, Any]) -> None:
    found = edited(NAMES, {"added_rows": [added]})

    assert (found.rows, found.is_whole) == ({"a": "One"}, True)


@pytest.mark.parametrize(
    ("changed", "what"),
    [
        ({"added_rows": [{"key": "a", "value": "9"}]}, "“a” is in the table already"),
        ({"edited_rows": {0: {"key": "b"}}}, "“b” is in the table already"),
        ({"edited_rows": {1: {"key": "a"}}}, "“a” is in the table already"),
        ({"edited_rows": {1: {"value": "two"}}}, "“two” is no number"),
        ({"edited_rows": {0: {"key": None}}}, "a row needs a source value"),
    ],
)
def test_what_cannot_be_saved_is_told_and_changes_nothing(changed: dict[str, Any], what: str) -> None:
    found = edited(TABLE, changed)

    assert [problem.what for problem in found.problems] == [what]
    assert kinds(found.rows) == kinds(ROWS)


def test_two_keys_can_change_places() -> None:
    found = edited(TABLE, {"edited_rows": {0: {"key": "b"}, 1: {"key": "a"}}})

    assert found.is_whole
    assert list(found.rows.items())[:2] == [("b", "1"), ("a", 2)]
