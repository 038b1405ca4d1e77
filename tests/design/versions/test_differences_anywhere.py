"""Whatever is changed in a flow, it is told, and nothing is told where nothing is."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.design.differences import Side, changes_between

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-5, 5)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=4),
    lambda held: st.lists(held, max_size=3) | st.dictionaries(st.text(max_size=4), held, max_size=3),
    max_leaves=5,
)


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path, *(place for key, held in inner for place in places(held, (*path, key)))]


SMALL = {
    "title": "Small",
    "source": {"connector": "ccv-shop", "resource": "orders", "where": [{"condition": "paid", "says": "unpaid"}]},
    "questions": {"type": "object", "properties": {"unit": {"type": "string", "title": "Unit", "default": "x"}}},
    "lookups": {"terms": {"title": "Terms", "rows": {"a": "b"}, "otherwise": {"do": "fail"}}},
    "values": {"home": ["a", "b"]},
    "steps": [
        {
            "step": "order",
            "title": "Order",
            "connector": "eaccounting",
            "resource": "orders",
            "policy": {"formula": '"create"'},
            "match": {"field": "YourReference", "formula": "id", "where": "true", "scope": "id"},
            "before": [{"what": "total", "source": "1", "target": "2"}, {"what": "x", "holds": "true", "says": "y"}],
            "fields": {
                "Rows[]": {"each": "orderrows"},
                "Rows[].Text": {"formula": "id", "write": "always", "note": "n"},
            },
        }
    ],
    "examples": [{"title": "One", "given": {"id": 1}, "parked": "why"}],
}
PLACES = places(SMALL)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(PLACES), JSON, st.sampled_from(["put", "drop", "add"]))
def test_whatever_is_put_anywhere_is_told_and_nothing_where_nothing_is(
    place: tuple[Any, ...], value: Any, how: str
) -> None:
    document = copy.deepcopy({"flow": SMALL})
    *above, last = ("flow", *place)
    holder: Any = document
    for key in above:
        holder = holder[key]
    if how == "drop" and place:
        del holder[last]
    elif how == "add" and isinstance(holder[last], dict):
        holder[last]["more"] = value
    else:
        holder[last] = value
    before, after = json.dumps(SMALL), json.dumps(document["flow"])
    changes = changes_between(Side(before), Side(after))

    assert bool(changes) == (before != after)
    assert all(change.says and change.what for change in changes)
    assert [c.kind for c in changes_between(Side(after), Side(before))].count("changed") == [
        c.kind for c in changes
    ].count("changed")


@pytest.mark.parametrize(("before", "after"), [(1, True), (0, False), (1, 1.0), ("1", 1), (None, "")])
def test_values_that_only_look_alike_are_different(before: Any, after: Any) -> None:
    sides = [Side(json.dumps({"lookups": {"a": {"title": "A", "rows": {"k": value}}}})) for value in (before, after)]
    [change] = changes_between(*sides)

    assert change.says == "Lookup «A», row “k”: changed"
