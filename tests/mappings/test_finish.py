"""The target's schema finishes a value: golden cases for people to read, and what must hold for every value."""

from __future__ import annotations

import json
import math
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.mappings.finish import PLACEHOLDER, as_text, finish, is_placeholder, utf16_length

FOLDER = Path(__file__).parent / "cases"
CASES = [
    (path.stem, case)
    for path in sorted(FOLDER.glob("*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
]
TYPES = ("string", "number", "integer", "boolean", "array", "object")

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15), 10**15)
    | st.floats(-1e15, 1e15)  # what has more digits is text from the door on
    | st.text(max_size=12)
    | st.sampled_from(["1", "-2.50", "1e5", "true", "2026-01-31", "2026-01-31T08:00:00Z", "1e999", " 7 "]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("AB"), inner, max_size=2),
    max_leaves=6,
)
schemas = st.recursive(
    st.fixed_dictionaries(
        {"type": st.sampled_from(TYPES)},
        optional={"maxLength": st.integers(0, 6), "x-decimals": st.integers(0, 4), "minLength": st.integers(0, 1)},
    )
    | st.just({"type": ["string", "null"]})
    | st.just({"type": "string", "format": "date"}),
    lambda inner: (
        st.builds(lambda items: {"type": "array", "items": items}, inner)
        | st.builds(lambda a, b: {"type": "object", "properties": {"A": a, "B": b}, "required": ["A"]}, inner, inner)
    ),
    max_leaves=4,
)


@pytest.mark.parametrize(("name", "case"), CASES, ids=[f"{name}: {case['case']}" for name, case in CASES])
def test_case_is_finished_as_its_file_says(name: str, case: dict[str, Any]) -> None:
    done = finish(case["given"], case["schema"], "Field")

    assert json.dumps(case["value"]) == json.dumps(done.value)  # 1 is not 1.0, and true is not 1
    assert case.get("notes", []) == [f"{note.where}: {note.what}" for note in done.notes]
    assert case.get("problems", []) == [f"{p.where}: {p.what} → {p.what_to_do}" for p in done.problems]


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("schema", [{"type": t} for t in TYPES] + [{}, {"type": ["number", "null"]}])
def test_what_is_not_finite_is_refused_by_every_type(value: float, schema: dict[str, Any]) -> None:
    done = finish(value, schema, "Field")

    assert done.value is None
    assert "Field: the number is not finite" in str(done.problems[0])


@given(plain, schemas)
def test_a_value_without_problems_fits_its_schema(value: Any, schema: dict[str, Any]) -> None:
    done = finish(value, schema)
    if not done.problems:
        assert_fits(done.value, schema)


@given(plain, schemas)
def test_finishing_twice_changes_nothing_more(value: Any, schema: dict[str, Any]) -> None:
    done = finish(value, schema)
    if not done.problems:
        again = finish(done.value, schema)
        assert (again.notes, again.problems) == ([], [])
        assert json.dumps(done.value) == json.dumps(again.value)


@given(plain, schemas)
def test_what_changes_has_a_note(value: Any, schema: dict[str, Any]) -> None:
    done = finish(value, schema)
    if value != done.value:
        assert done.notes or done.problems


@given(plain, schemas)
def test_the_given_value_is_left_alone(value: Any, schema: dict[str, Any]) -> None:
    before = json.dumps(value)
    finish(value, schema)

    assert before == json.dumps(value)


@given(st.decimals(-(10**9), 10**9, places=6), st.integers(0, 4))
def test_rounding_is_at_most_half_a_place_off(amount: Decimal, places: int) -> None:
    done = finish(str(amount), {"type": "number", "x-decimals": places})

    assert done.problems == []
    assert abs(Decimal(repr(done.value)) - amount) <= Decimal("0.5").scaleb(-places)


@given(st.text())
def test_length_is_that_of_utf_16(text: str) -> None:
    assert len(text.encode("utf-16-le", "surrogatepass")) // 2 == utf16_length(text)


@given(st.floats(allow_nan=False, allow_infinity=False) | st.integers(-(10**20), 10**20))
def test_a_number_as_text_is_the_same_number(number: float) -> None:
    text = as_text(number)

    assert float(number) == float(text)
    assert "e" not in text.lower()


def test_only_what_a_dry_run_marked_is_a_placeholder() -> None:
    assert is_placeholder(PLACEHOLDER + "Id of the new customer»")
    assert not any(is_placeholder(value) for value in ("Id", "", "«Chez Anna»", None, 5, ["«x»"]))


def assert_fits(value: Any, schema: dict[str, Any]) -> None:
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    python: dict[str, Any] = {"string": str, "number": (int, float), "integer": int, "boolean": bool}
    python |= {"array": list, "object": dict, "null": type(None)}
    assert any(isinstance(value, python[kind]) for kind in kinds)
    if isinstance(value, bool):
        assert kinds == ["boolean"]
    elif isinstance(value, str):
        assert schema.get("minLength", 0) <= utf16_length(value) <= schema.get("maxLength", math.inf)
    elif isinstance(value, float | int) and "x-decimals" in schema:
        assert Decimal(repr(value)) == round(Decimal(repr(value)), schema["x-decimals"])
    elif isinstance(value, list):
        for item in value if "items" in schema else []:
            assert_fits(item, schema["items"])
    elif isinstance(value, dict) and "properties" in schema:
        assert "A" in value
        for name, held in value.items():
            assert_fits(held, schema["properties"][name])


def test_a_value_that_tells_something_about_a_person_is_not_quoted() -> None:
    schema = {"type": "number", "x-personal": True}

    [problem] = finish("anna@post.example", schema, "Telephone").problems

    assert "anna" not in str(problem)
