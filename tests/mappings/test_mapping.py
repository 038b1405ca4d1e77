"""A mapping: formulas over a record and its lists, when each field is written, and what a problem names."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.formulas import Environment, Formulas
from engine.mappings.finish import PLACEHOLDER
from engine.mappings.mapping import FieldMapping, Mapped, Mapping, differs

SCHEMA: dict[str, Any] = {
    "required": ["Name", "City"],
    "properties": {
        "Name": {"type": "string", "title": "Name", "maxLength": 10},
        "City": {"type": "string", "title": "City"},
        "Phone": {"type": ["string", "null"]},
        "Address": {"type": "object", "properties": {"Street": {"type": "string"}, "Zip": {"type": "string"}}},
        "Rows": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["Price"],
                "properties": {
                    "Text": {"type": "string", "maxLength": 8},
                    "Price": {"type": "number", "title": "Price", "x-decimals": 2},
                    "Unit": {"type": "object", "properties": {"Code": {"type": "string"}}},
                },
            },
        },
        "Tags": {"type": "array", "items": {"type": "string"}},
    },
}
ROWS = (
    FieldMapping("Rows[]", "lines", is_list=True),
    FieldMapping("Rows[].Text", "text"),
    FieldMapping("Rows[].Price", "price"),
)
Make = Callable[..., tuple[Mapping, Callable[..., Mapped]]]


@pytest.fixture
def make(formulas: Formulas, environment: Environment) -> Make:
    """make(*fields): the mapping, and its `apply` on a record with variables."""

    def build(*fields: FieldMapping) -> tuple[Mapping, Callable[..., Mapped]]:
        mapping = Mapping(formulas, fields, SCHEMA, "step customer")
        return mapping, lambda item, **variables: mapping.apply(item, variables, environment)

    return build


def texts(problems: Any) -> list[tuple[str, str]]:
    return [(problem.where, problem.what) for problem in problems]


# --- formulas over a record


def test_missing_fields_are_left_out_and_null_ones_kept(make: Make) -> None:
    _, apply = make(FieldMapping("Name", "name"), FieldMapping("City", "nowhere"), FieldMapping("Phone", "phone"))

    assert apply({"name": "Anna", "phone": None}).values == {"Name": "Anna", "Phone": None}


def test_formulas_see_variables_answers_and_lookups(make: Make) -> None:
    _, apply = make(
        FieldMapping("Name", '$answers.prefix & "-" & $values.number'),
        FieldMapping("City", '$table("units", unit)'),
    )

    assert apply({"unit": "pcs"}, values={"number": 7}).values == {"Name": "W-7", "City": "st"}


def test_each_formula_that_fails_is_a_problem_and_the_others_give_their_values(make: Make) -> None:
    _, apply = make(
        FieldMapping("Name", "$uppercase(number)"),
        FieldMapping("City", "city"),
        FieldMapping("Phone", '$table("units", unit)'),
    )
    mapped = apply({"number": 5, "city": "Utrecht", "unit": "box"})

    assert mapped.values == {"City": "Utrecht"}
    assert [p.where for p in mapped.problems] == ["step customer, field Name", "step customer, field Phone"]
    assert mapped.problems[1].what == "The lookup «Units» has no row for ‹box›"
    assert all(problem.what_to_do and problem.code and "^" in problem.caret for problem in mapped.problems)


# --- lists


def test_rows_are_mapped_in_order_with_their_index_and_the_record(make: Make) -> None:
    mapping, apply = make(
        FieldMapping("Rows[]", "lines", is_list=True),
        FieldMapping("Rows[].Text", '$string($index) & " " & text & $record.mark'),
        FieldMapping("Rows[].Price", "price"),
        FieldMapping("Rows[].Unit.Code", "unit"),
    )
    record = {"mark": "!", "lines": [{"text": "Mok", "price": 1, "unit": "st"}, {"text": "Vaas", "price": 2.5}]}
    mapped = apply(record)

    assert mapped.values["Rows"] == [
        {"Text": "0 Mok!", "Price": 1, "Unit": {"Code": "st"}},
        {"Text": "1 Vaas!", "Price": 2.5},
    ]
    assert mapping.body(mapped, "update").problems == []


def test_outer_record_stays_the_record_inside_a_list_of_an_item(make: Make) -> None:
    _, apply = make(FieldMapping("Rows[]", "parts", is_list=True), FieldMapping("Rows[].Text", "$record.mark"))
    mapped = apply({"parts": [{}]}, record={"mark": "whole order"})

    assert mapped.values["Rows"] == [{"Text": "whole order"}]


@pytest.mark.parametrize(
    ("lines", "count"), [([{"price": 1}], 1), ({"price": 1}, 1), ([], 0), (None, 0), ("missing", 0)]
)
def test_a_list_stays_a_list_whatever_its_length(make: Make, lines: Any, count: int) -> None:
    mapping, apply = make(*ROWS)
    mapped = apply({} if lines == "missing" else {"lines": lines})
    rows = mapping.body(mapped, "update").fields["Rows"]

    assert [{"Price": 1}] * count == rows


def test_a_plain_list_is_restored_by_the_schema(make: Make) -> None:
    mapping, apply = make(FieldMapping("Tags", "tags.name"))
    body = mapping.body(apply({"tags": [{"name": "one"}]}), "update")

    assert body.fields == {"Tags": ["one"]}
    assert [(n.where, n.what) for n in body.notes] == [("Tags", "a single value became a list of one")]


def test_problem_of_a_formula_names_its_row(make: Make) -> None:
    _, apply = make(*ROWS[:2], FieldMapping("Rows[].Price", "$abs(price)"))
    mapped = apply({"lines": [{"price": 1}, {"price": "one"}, {"price": "two"}]})

    assert [problem.where for problem in mapped.problems] == [
        "step customer, field Rows[1].Price",
        "step customer, field Rows[2].Price",
    ]
    assert mapped.values["Rows"][0] == {"Price": 1}


def test_problem_of_the_finish_names_its_row(make: Make) -> None:
    mapping, apply = make(*ROWS)
    record = {"lines": [{"text": "Mok", "price": 1}, {"text": "Theedoeken"}, {"text": "Vaas", "price": "low"}]}
    body = mapping.body(apply(record), "update")

    assert texts(body.problems) == [
        ("step customer, field Rows[1].Text", "the text has 10 characters, the target takes 8"),
        ("step customer, field Rows[1]", "the target wants Price (Rows[1].Price), and nothing was given"),
        ("step customer, field Rows[2].Price", "the text “low” is no number"),
    ]


def test_list_whose_items_cannot_be_told_is_a_problem_of_the_list(make: Make) -> None:
    _, apply = make(FieldMapping("Rows[]", "$uppercase(lines)", is_list=True), *ROWS[1:])
    mapped = apply({"lines": 5})

    assert [problem.where for problem in mapped.problems] == ["step customer, field Rows[]"]


# --- what is written when

RULES = tuple(
    FieldMapping(path, f'"{path}"', write=write)
    for path, write in (("Name", "always"), ("City", "on_create"), ("Phone", "on_update"), ("Zip", "if_empty"))
)


@pytest.mark.parametrize(
    ("write", "existing", "expected"),
    [
        ("create", None, {"Name", "City", "Zip"}),
        ("update", None, {"Name", "Phone", "Zip"}),
        ("update", {}, {"Name", "Phone", "Zip"}),
        ("update", {"Zip": None}, {"Name", "Phone", "Zip"}),
        ("update", {"Zip": ""}, {"Name", "Phone", "Zip"}),
        ("update", {"Zip": []}, {"Name", "Phone", "Zip"}),
        ("update", {"Zip": "3511"}, {"Name", "Phone"}),
        ("update", {"Zip": 0}, {"Name", "Phone"}),
        ("update", {"Zip": False}, {"Name", "Phone"}),
    ],
)
def test_each_field_is_written_by_its_rule(make: Make, write: Any, existing: Any, expected: set[str]) -> None:
    mapping, apply = make(*RULES)

    assert expected == set(mapping.body(apply({}), write, existing).fields)


def test_rules_hold_inside_objects_and_for_lists(make: Make) -> None:
    mapping, apply = make(
        FieldMapping("Address.Zip", '"3511"', write="if_empty"),
        FieldMapping("Rows[]", "[{}]", is_list=True, write="on_create"),
        FieldMapping("Rows[].Price", "1"),
    )
    mapped = apply({})

    assert {"Rows"} == set(mapping.body(mapped, "create", {"Address": {"Zip": "1"}}).fields)
    assert mapping.body(mapped, "update", {"Address": {"Zip": "1"}}).fields == {}
    assert mapping.body(mapped, "update", {"Address": {}}).fields == {"Address": {"Zip": "3511"}}


def test_required_fields_are_named_together_and_only_for_a_creation(make: Make) -> None:
    mapping, apply = make(FieldMapping("Phone", '"1"'))
    mapped = apply({})

    assert texts(mapping.body(mapped, "create").problems) == [
        ("step customer, field Name", "the target wants Name (Name), City (City), and nothing was given")
    ]
    assert mapping.body(mapped, "update", {}).problems == []


def test_replacing_carries_over_what_is_not_mapped(make: Make) -> None:
    mapping, apply = make(FieldMapping("Name", "name"), FieldMapping("Phone", "phone", write="if_empty"))
    existing = {"Id": "c1", "Name": "Old", "Phone": "06", "City": "Utrecht"}
    mapped = apply({"name": "New", "phone": "07"})

    replaced = mapping.body(mapped, "update", existing, replace=True)
    assert replaced.fields == {"Id": "c1", "Name": "New", "Phone": "06", "City": "Utrecht"}
    assert mapping.body(mapped, "update", existing).fields == {"Name": "New"}
    assert existing["Name"] == "Old"


def test_placeholders_pass_and_other_values_are_still_checked(make: Make) -> None:
    mapping, apply = make(FieldMapping("Name", "$steps.customer.Id"), FieldMapping("City", "5"))
    body = mapping.body(apply({}, steps={"customer": {"Id": PLACEHOLDER + "Id of the new customer»"}}), "create")

    assert body.fields == {"Name": PLACEHOLDER + "Id of the new customer»", "City": "5"}
    assert body.problems == []


# --- would writing change anything?


@pytest.mark.parametrize(
    ("fields", "existing", "expected"),
    [
        ({"Name": "Anna"}, {"Name": "Anna", "Id": 1}, False),
        ({"Name": "Anna"}, {"Name": "anna"}, True),
        ({"Name": "Anna"}, {}, True),
        ({"Name": "Anna "}, {"Name": "Anna"}, False),  # systems trim
        ({"Price": 1}, {"Price": 1.0}, False),
        ({"Price": 1}, {"Price": 1.01}, True),
        ({"Price": "1"}, {"Price": 1}, True),
        ({"Phone": None}, {}, False),
        ({"Phone": ""}, {"Phone": None}, False),
        ({"Phone": None}, {"Phone": ""}, False),
        ({"Phone": None}, {"Phone": "06"}, True),
        ({"IsActive": True}, {"IsActive": 1}, True),
        ({"IsActive": False}, {"IsActive": 0}, True),
        ({"IsActive": False}, {"IsActive": False}, False),
        ({"Rows": [1, 2]}, {"Rows": [1, 2]}, False),
        ({"Rows": [1, 2]}, {"Rows": [2, 1]}, True),
        ({"Rows": [1]}, {"Rows": [1, 2]}, True),
        ({"Rows": []}, {}, False),
        ({"Rows": [{"Text": "a"}]}, {"Rows": [{"Text": "a", "Id": 5}]}, False),
        ({"Address": {"City": "Utrecht"}}, {"Address": {"City": "Utrecht", "Zip": "1"}}, False),
        ({"Address": {"City": "Utrecht"}}, {"Address": None}, True),
        ({"Address": {"City": None}}, {"Address": None}, False),
        ({}, {"Name": "Anna"}, False),
    ],
)
def test_differs(fields: Any, existing: Any, expected: bool) -> None:
    assert expected is differs(fields, existing)


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)


@given(values)
def test_nothing_differs_from_itself(value: Any) -> None:
    assert not differs(value, value)


@given(st.dictionaries(st.text(max_size=2), values), st.dictionaries(st.text(max_size=2), values))
def test_after_writing_nothing_differs(fields: dict[str, Any], existing: dict[str, Any]) -> None:
    assert not differs(fields, {**existing, **fields})
