"""What a formula is compiled to reaches nothing but the engine's own functions, whatever its names and texts are."""

import ast
import builtins
import json
import re
from random import Random
from types import FunctionType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.formulas import MISSING
from engine.formulas.compiled import compiled
from tests.formulas.compiled.scopes import Scopes
from tests.formulas.exactness.answers import ENVIRONMENT
from tests.formulas.exactness.pairs import of_seed

MADE_UP = re.compile(r"[tipnrfk][0-9]+|[dvewU]|formula")
METHODS = {"get", "append", "millis", "upper", "lower", "replace", "find", "is_integer"}
ODD = (
    *("__class__", "__builtins__", "__import__('os')", 'a"]; import os #', "a']; import os #", "x\\", "\\'", '\\"'),
    *(
        "a\nimport os",
        "a\r",
        "\x00",
        "\x1c",
        "\u2028",
        "\u0085",
        "\f",
        "{d}",
        "%s",
        "d",
        "U",
        "Defer",
        "None",
        "å",
        "𝄞",
    ),
    *("", " ", "#", "'''", '"""', "\\N{BULLET}", "\\x41", "lambda: 0", "w += -9", "raise Defer", "nonlocal w"),
)


def quoted(text: str) -> str:
    return json.dumps(text)


def names_in(source: str) -> set[str]:
    """Every name and attribute that the source uses."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        assert not isinstance(node, ast.Import | ast.ImportFrom | ast.Global | ast.Lambda | ast.Await | ast.ClassDef)
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.Attribute):
            assert node.attr in METHODS
    return found


def is_closed(formula: str) -> bool:
    """Whether all that the compiled formula names is made up or handed to it by the engine."""
    function = compiled(formula)
    if function is None:
        return False
    assert isinstance(function.call, FunctionType)
    given = function.call.__globals__
    names = {name for name in names_in(function.source) if not MADE_UP.fullmatch(name)}
    assert given["__builtins__"] == {}
    assert names <= given.keys() and not any(name.startswith("_") for name in names)
    dangerous = {
        getattr(builtins, name) for name in ("eval", "exec", "open", "getattr", "setattr", "__import__", "vars")
    }
    assert not any(value in dangerous for value in given.values() if callable(value))
    return True


@pytest.mark.parametrize("name", ODD)
def test_an_odd_name_is_only_a_name(name: str) -> None:
    record = {name: [{name: name}]}
    places = {
        f"$lookup($, {quoted(name)})": [{name: name}],
        f"$lookup($lookup($, {quoted(name)}), {quoted(name)})": name,
        f"{{{quoted(name)}: {quoted(name)}}}": {name: name},
        f"$replace({quoted(name + '▲')}, '▲', '') & ''": name,
        f"$substringBefore({quoted(name + '|' + name)}, '|')": name,
        f"$join([{quoted(name)}], {quoted(name)})": name,
        f"$.{quoted(name)}.{quoted(name)} = {quoted(name)}": True,
        f"$exists($.{quoted(name)}[{quoted(name)} = {quoted(name)}])": True,
    }
    if "`" not in name and name:
        places[f"`{name}`.`{name}`"] = name
        places[f"($ := 1; $lookup($$, {quoted(name)}).`{name}`)"] = name

    for formula, value in places.items():
        function = compiled(formula)
        if function is not None:
            assert is_closed(formula)
            assert function.call(record, {"record": record}, ENVIRONMENT.surroundings) == value, formula
    assert sum(compiled(formula) is not None for formula in places) >= 7


@pytest.mark.parametrize("name", [name for name in ODD if re.fullmatch(r"\w+", name)])
def test_an_odd_name_of_a_variable_is_only_a_name(name: str) -> None:
    for formula, value in (
        (f"${name}", 7),
        (f"(${name} := 1; ${name})", 1),
        (f"$map([5], function(${name}){{${name}}})", 5),
    ):
        function = compiled(formula)
        assert function is not None and is_closed(formula)
        assert function.call({}, {name: 7}, ENVIRONMENT.surroundings) == value
        assert function.call({}, {}, ENVIRONMENT.surroundings) == (MISSING if value == 7 else value)


def test_random_formulas_reach_nothing() -> None:
    formulas = [Scopes(Random(seed)).formula() for seed in range(1_500)] + [
        of_seed(seed).formula for seed in range(1_500)
    ]

    assert sum(map(is_closed, formulas)) > 1_500


@settings(derandomize=True, deadline=None, max_examples=200)
@given(st.text(), st.text())
def test_any_text_comes_out_as_it_went_in(name: str, text: str) -> None:
    formula = f"$lookup({{{quoted(name)}: {quoted(text)}}}, {quoted(name)})"
    function = compiled(formula)
    if function is not None:
        assert function.call({}, {}, ENVIRONMENT.surroundings) == text and is_closed(formula)


@settings(derandomize=True, deadline=None, max_examples=150)
@given(st.text(max_size=40))
def test_any_text_is_compiled_or_not_without_an_error(formula: str) -> None:
    assert is_closed(formula) == (compiled(formula) is not None)


@pytest.mark.parametrize("formula", ["null", "true", "1", '"a"', "1.5"])
@pytest.mark.filterwarnings("error")
def test_literals_in_odd_places_compile_without_a_warning(formula: str, recwarn: Any) -> None:
    for call in ('$substringBefore(X, " ")', "$round(X, 2)", "$uppercase(X)", "X[0]", "X.a", "X = X", "X ?: X", "-X"):
        compiled(call.replace("X", formula))
    assert not recwarn.list
