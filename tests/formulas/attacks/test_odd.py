"""Odd names and deep records are mapped like any other."""

from typing import Any

import pytest

from tests.formulas.attacks.conftest import nested

ODD_NAMES = (
    *(
        "\0",
        "\ud800",
        "\ufeff",
        "\x01",
        "\U0001f600",
        "__class__",
        "__builtins__",
        'a"]; import os #',
        "a\nb",
        "\\",
        "'",
    ),
    *("{0}", "%s", "constructor", "__proto__", "toString", "0", "-1", " ", "$", "$$", "null", "length"),
)


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_name_of_a_field_is_only_a_name(name: str, value: Any) -> None:
    record = {name: [{name: 1}, {name: 2}], "other": {name: name}}

    assert value(f"`{name}`.`{name}`", record) == [1, 2]
    assert value(f"$sum(`{name}`[`{name}` > 0].`{name}`)", record) == 3
    assert value("other", record) == {name: name} and value("$keys(other)", record) == name
    assert value("$string(other.*)", record) == name
    assert value(f"$exists(`{name}x`)", record) is False


@pytest.mark.parametrize("name", ["__class__", "__builtins__", "__evaluate_entry", "`", '"', "\\", "'", "x\u2028"])
def test_odd_name_of_a_variable_is_only_a_name(name: str, value: Any) -> None:
    assert value(f"${name}", {}, **{name: 7}) == 7
    assert value(f"(${name} := 1; ${name} + 1)") == 2


DEEP: dict[str, Any] = {
    "deep": nested(500),
    "$string(deep)": '{"x":' * 500 + "1" + "}" * 500,
    "deep = other": True,
    "$count(deep)": 1,
    "$exists(deep" + ".x" * 500 + ")": True,
    "$length($digest(deep))": 64,
    "$power($count(deep), 2)": 1,
}


@pytest.mark.parametrize("formula", DEEP)
def test_record_nested_500_deep_is_mapped(formula: str, value: Any) -> None:
    assert value(formula, {"deep": nested(500), "other": nested(500)}) == DEEP[formula]
