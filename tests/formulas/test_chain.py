"""A chain of formulas, each seeing what those before it gave, is the same compiled, evaluated, and half of each."""

from __future__ import annotations

from typing import Any

import pytest

from engine.formulas import MISSING, Environment, Formulas

CHAINS: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "all plain": ({"a": "x", "b": "$values.a + 1", "c": "$values.b & ''"}, {"a": 1, "b": 2, "c": "2"}),
    "one that is not plain in between": (
        {"a": "x", "b": "$power($values.a + 1, 2)", "c": "$values.b + $values.a", "d": "$values.a"},
        {"a": 1, "b": 4, "c": 5, "d": 1},
    ),
    "one that fails": (
        {"a": "x", "b": "$number('no')", "c": "$exists($values.b)", "d": "$values.a"},
        {"a": 1, "b": "D3030", "c": False, "d": 1},
    ),
    "one that gives nothing": (
        {"a": "nothing", "b": "$exists($values.a)", "c": "$values"},
        {"b": False, "c": {"b": False}},
    ),
    "one that looks ahead": (
        {"a": "$power(1, 1)", "b": "$match('x', /x/) ? $exists($values.c)", "c": "x", "d": "$values.c"},
        {"a": 1, "b": False, "c": 1, "d": 1},
    ),
    "one that reads them all": (
        {"a": "x", "b": "$power(2, 2)", "c": "$count($keys($values))"},
        {"a": 1, "b": 4, "c": 2},
    ),
}


@pytest.mark.parametrize("name", CHAINS)
def test_chain(name: str, pool: Formulas, environment: Environment) -> None:
    formulas, expected = CHAINS[name]
    program = pool.program(formulas)

    for result in pool.evaluate(program, environment, [({"x": 1}, {}), ({"x": 1}, {})], chain="values"):
        found = {key: each.error.code if each.error else each.value for key, each in result.items()}
        assert {key: value for key, value in found.items() if value is not MISSING} == expected


def test_a_chain_begins_with_what_the_caller_bound(pool: Formulas, environment: Environment) -> None:
    program = pool.program({"b": "$values.a + 1", "c": "$power($values.b, 2)"})

    [result] = pool.evaluate(program, environment, [({}, {})], shared={"values": {"a": 1}}, chain="values")

    assert (result["b"].value, result["c"].value) == (2, 4)
