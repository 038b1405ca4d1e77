"""Target paths: where a value is put, where it is found, and what the schema says of the place."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import RecordProblem
from engine.mappings.paths import get_path, list_of, schema_at, set_path

SCHEMA: dict[str, Any] = {
    "properties": {
        "Name": {"type": "string"},
        "Address": {"properties": {"City": {"title": "City"}}},
        "Rows": {"items": {"properties": {"UnitPrice": {"type": "number"}}}},
        "Tags": {"items": {"type": "string"}},
    }
}
names = st.text("abcXYZ", min_size=1, max_size=4)


def test_objects_on_the_way_are_made() -> None:
    target: dict[str, Any] = {"Address": {"Street": "Kade 1"}}
    set_path(target, "Address.City", "Utrecht")
    set_path(target, "Contact.Phone.Work", "1")

    assert target == {"Address": {"Street": "Kade 1", "City": "Utrecht"}, "Contact": {"Phone": {"Work": "1"}}}


@pytest.mark.parametrize("held", ["Kade 1", None, [], 5])
def test_a_field_is_not_put_into_a_value(held: Any) -> None:
    with pytest.raises(RecordProblem) as caught:
        set_path({"Address": {"Street": held}}, "Address.Street.Name", "Kade")

    [problem] = caught.value.problems
    assert problem.what == "Address.Street has a value of its own, so nothing can be put into Address.Street.Name"
    assert problem.what_to_do == "Map either Address.Street or the fields inside it."


@given(st.dictionaries(st.lists(names, min_size=1, max_size=3).map(".".join), st.integers(), max_size=4))
def test_what_was_put_is_found_again(values: dict[str, int]) -> None:
    apart = {p: v for p, v in values.items() if not any(q != p and (q + ".").startswith(p + ".") for q in values)}
    target: dict[str, Any] = {}
    for path, value in apart.items():
        set_path(target, path, value)

    assert apart == {path: get_path(target, path) for path in apart}


@pytest.mark.parametrize("path", ["None", "Address.None", "Name.First", "Rows.UnitPrice", "Address.City.Part"])
def test_nothing_is_found_where_nothing_is(path: str) -> None:
    assert get_path({"Name": "Anna", "Address": {"City": None}, "Rows": [{"UnitPrice": 1}]}, path) is None


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("Name", {"type": "string"}),
        ("Address.City", {"title": "City"}),
        ("Rows[].UnitPrice", {"type": "number"}),
        ("Tags[]", {"type": "string"}),
        ("Street", None),
        ("Address.Street", None),
        ("Rows[].Discount", None),
        ("Name.First", None),
    ],
)
def test_schema_of_a_place(path: str, expected: Any) -> None:
    assert expected == schema_at(SCHEMA, path)


def test_list_of_a_path() -> None:
    assert list_of("Rows[].UnitPrice") == ("Rows[]", "UnitPrice")
    assert list_of("Order.Rows[].Price.Net") == ("Order.Rows[]", "Price.Net")
    assert list_of("Rows[]") is None is list_of("Name")
