"""Questions: which are asked after the answers so far, how each is asked, and what is wrong, in words."""

from __future__ import annotations

from typing import Any

import pytest

from engine.design.questionnaire import Kind, Option, answer_problems, asked, only_asked

SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["way"],
    "properties": {
        "way": {
            "title": "How to sign in",
            "oneOf": [{"const": "consent", "title": "With my browser"}, {"const": "token", "title": "With a token"}],
            "default": "consent",
        },
        "address": {"type": "string", "format": "uri", "title": "Address", "examples": ["https://api.example"]},
        "pages": {"type": "integer", "title": "Pages", "minimum": 1, "x-advanced": True},
    },
    "if": {"properties": {"way": {"const": "token"}}, "required": ["way"]},
    "then": {
        "required": ["token"],
        "properties": {
            "token": {
                "type": "string",
                "minLength": 4,
                "title": "Token",
                "x-secret": True,
                "x-where": ["Open Settings.", "Choose API."],
            },
            "ends": {"type": "string", "format": "date", "title": "Ends on"},
        },
    },
}


def names(schema: dict[str, Any], **answers: Any) -> list[str]:
    return [question.name for question in asked(schema, answers)]


def test_a_dependent_question_comes_after_the_one_it_depends_on() -> None:
    assert names(SCHEMA) == ["way", "address", "pages"]
    assert names(SCHEMA, way="token") == ["way", "token", "ends", "address", "pages"]


def test_a_default_counts_as_the_answer_until_there_is_one() -> None:
    schema = {**SCHEMA, "properties": {**SCHEMA["properties"], "way": {"title": "Way", "default": "token"}}}

    assert "token" in names(schema)
    assert "token" not in names(schema, way="consent")


def test_an_answer_that_is_no_longer_asked_for_decides_nothing() -> None:
    schema = {
        "properties": {"a": {"type": "boolean"}},
        "allOf": [
            {
                "if": {"properties": {"a": {"const": True}}, "required": ["a"]},
                "then": {"properties": {"b": {"type": "boolean"}}},
            },
            {
                "if": {"properties": {"b": {"const": True}}, "required": ["b"]},
                "then": {"properties": {"c": {"type": "string"}}},
            },
        ],
    }

    assert names(schema, a=True, b=True) == ["a", "b", "c"]
    assert names(schema, a=False, b=True) == ["a"]
    assert only_asked(schema, {"a": False, "b": True, "c": "x"}) == {"a": False}


def test_a_question_that_a_condition_rules_out_is_not_asked() -> None:
    schema = {
        "properties": {"kind": {"enum": ["a", "b"]}, "only_for_b": {"type": "string"}},
        "if": {"properties": {"kind": {"const": "b"}}, "required": ["kind"]},
        "else": {"properties": {"only_for_b": False}},
    }

    assert names(schema, kind="a") == ["kind"]
    assert names(schema, kind="b") == ["kind", "only_for_b"]


def test_what_an_answer_brings_along_is_asked() -> None:
    schema = {
        "properties": {"user": {"type": "string"}, "password": {"type": "string"}},
        "dependentRequired": {"user": ["password"]},
        "dependentSchemas": {"user": {"properties": {"realm": {"type": "string"}}}},
    }

    assert [(q.name, q.required) for q in asked(schema, {"user": "x"})] == [
        ("user", False),
        ("realm", False),
        ("password", True),
    ]
    assert names(schema) == ["user", "password"]


def test_each_question_says_how_it_is_asked() -> None:
    found = {q.name: q for q in asked(SCHEMA, {"way": "token"})}

    assert {name: q.kind for name, q in found.items()} == {
        "way": Kind.CHOICE,
        "token": Kind.SECRET,
        "ends": Kind.DATE,
        "address": Kind.TEXT,
        "pages": Kind.INTEGER,
    }
    assert found["way"].options == (Option("consent", "With my browser"), Option("token", "With a token"))
    assert found["token"].where == ("Open Settings.", "Choose API.")
    assert (found["token"].required, found["token"].missing, found["ends"].missing) == (True, True, False)
    assert (found["address"].example, found["pages"].advanced) == ("https://api.example", True)


def test_lists_and_tables_have_items_and_columns() -> None:
    rows = {"type": "object", "properties": {"from": {"type": "string", "title": "From"}, "rate": {"type": "number"}}}
    schema = {
        "properties": {
            "chosen": {"type": "array", "items": {"enum": [1, 2]}},
            "free": {"type": "array", "items": {"type": "integer"}},
            "table": {"type": "array", "items": rows},
            "unit": {"type": "string", "x-options": {"resource": "units", "by": "Name", "gives": "Id"}},
        }
    }

    chosen, free, table, unit = asked(schema, {})

    assert (chosen.kind, [o.value for o in chosen.options]) == (Kind.CHOICES, [1, 2])
    assert (free.kind, free.item, free.options) == (Kind.CHOICES, Kind.INTEGER, ())
    assert (table.kind, [c.title for c in table.columns]) == (Kind.TABLE, ["From", "rate"])
    assert unit.kind is Kind.CHOICE and unit.live is not None and unit.live.gives == "Id"


@pytest.mark.parametrize(
    ("answers", "said"),
    [
        ({"way": "token", "token": "abc"}, "“Token” must have at least 4 characters, it has 3"),
        ({"way": "token"}, "“Token” needs an answer"),
        ({"way": "letter"}, "“How to sign in” must be"),
        ({"pages": 0}, "“Pages” must be at least 1, not 0"),
        ({"pages": "many"}, "“Pages” must be a whole number, not text"),
        ({"address": "my shop"}, "“Address” is no address"),
        ({"address": "https://[::1"}, "“Address” must be an address"),
        ({"way": "token", "token": "abcd", "ends": "31/1"}, "“Ends on” must be a date, as 2026-01-31"),
        ({"adress": "https://x.example"}, "there is no question `adress`"),
    ],
)
def test_what_is_wrong_is_said_in_the_questions_own_words(answers: dict[str, Any], said: str) -> None:
    problems = answer_problems(SCHEMA, answers, "answers for Books")

    assert len(problems) == 1
    assert problems[0].what.startswith(said)
    assert problems[0].where.startswith("answers for Books")
    assert problems[0].what_to_do


def test_right_answers_have_no_problems() -> None:
    assert answer_problems(SCHEMA, {"address": "api.example", "pages": 2}, "") == []


def test_the_flow_that_ships_has_a_form_without_problems() -> None:
    import json
    from pathlib import Path

    flow = json.loads((Path(__file__).parents[2] / "saved_mappings/ccv-orders-to-eaccounting.json").read_text())

    form = asked(flow["questions"], {})

    assert len(form) == len(flow["questions"]["properties"])
    assert [q.name for q in form if q.problem or q.missing] == []
