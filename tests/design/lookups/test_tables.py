"""Value tables in flows, sound or broken, and the changes from one to another."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from engine.design.lookups import changes, free_name, table_of, tables_of, value_of
from engine.design.operations import apply
from engine.errors import DocumentError

TERMS = {"title": "Terms", "help": "By method.", "rows": {"b": "1", "a": 2, "yes": True}, "otherwise": {"do": "fail"}}
VALUES = some.text(max_size=3) | some.integers(0, 3) | some.booleans() | some.none() | some.sampled_from([1.0, 0.5])
ROWS = some.dictionaries(some.sampled_from("abcdefgh"), VALUES)


def flow(rows: Any = None, **more: Any) -> str:
    lookup = {**TERMS, **more, **({} if rows is None else {"rows": rows})}
    document = {"title": "F", "source": {"connector": "a", "resource": "b"}, "lookups": {"terms": lookup}, "steps": []}
    return json.dumps(document, indent=2)


def test_rows_keep_their_order_and_kinds() -> None:
    table = table_of(flow(), "terms")

    assert list(table.rows.items()) == [("b", "1"), ("a", 2), ("yes", True)]
    assert (table.title, table.help, table.otherwise) == ("Terms", "By method.", "fail")


def test_a_reference_is_read() -> None:
    refers = {"connector": "books", "resource": "terms", "by": ["Name", " & 1"], "gives": "Id", "every": True}
    table = table_of(flow(refers=refers), "terms")

    assert table.is_read
    assert table.refers is not None
    assert table.refers.by == "Name\n & 1"


@pytest.mark.parametrize(
    "text",
    ['{"lookups": {"terms": {}}}', '{"lookups": {"terms": {"rows": 3, "otherwise": [], "refers": {"by": 1}}}}'],
)
def test_a_table_in_a_broken_flow_is_read_as_far_as_it_goes(text: str) -> None:
    table = table_of(text, "terms")

    assert (table.title, dict(table.rows), table.otherwise, table.refers) == ("terms", {}, "fail", None)


@pytest.mark.parametrize("text", ["[]", "{}", '{"lookups": null}'])
def test_a_flow_without_tables_has_none(text: str) -> None:
    assert tables_of(text) == {}


def test_an_unknown_table_is_refused_with_a_suggestion() -> None:
    with pytest.raises(DocumentError, match="Did you mean “terms”"):
        table_of(flow(), "term")


@given(ROWS, ROWS)
def test_changes_bring_about_the_other_rows(before: dict[str, Any], after: dict[str, Any]) -> None:
    text = flow(before)
    for operation in changes("terms", before, after):
        text = apply(text, operation)

    found = [(key, type(value), value) for key, value in table_of(text, "terms").rows.items()]
    assert found == [(key, type(value), value) for key, value in after.items()]


def test_one_changed_row_is_one_operation() -> None:
    assert changes("t", {"a": "1", "b": "2"}, {"a": "1", "b": 2}) == [
        {"op": "set_row", "lookup": "t", "key": "b", "value": 2}
    ]
    assert changes("t", {"a": "1"}, {"a": "1"}) == []


def test_a_renamed_key_keeps_its_place() -> None:
    [operation] = changes("t", {"a": "1", "b": "2"}, {"c": "1", "b": "2"})

    assert (operation["op"], list(operation["rows"])) == ("set_rows", ["c", "b"])


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("021", "text", "021"),
        ("021", "number", 21),
        (" 2,50 ", "number", 2.5),
        ("−5", "number", -5),
        ("Yes", "yes/no", True),
        ("", "nothing", None),
    ],
)
def test_a_text_becomes_a_value_of_its_kind(text: str, kind: str, value: Any) -> None:
    found = value_of(text, kind)

    assert (type(found), found) == (type(value), value)


@pytest.mark.parametrize(
    ("text", "kind"), [("x", "number"), ("", "number"), ("1,234.5", "number"), ("on", "yes/no"), ("x", "nothing")]
)
def test_a_text_that_is_none_of_its_kind_is_refused(text: str, kind: str) -> None:
    with pytest.raises(ValueError, match=r"number|yes|nothing"):
        value_of(text, kind)


def test_the_name_of_a_table_keeps_the_letters_of_its_title() -> None:
    assert free_name("Färg – ÅÄÖ", []) == "farg_aao"
    assert free_name("Størrelse", ["storrelse"]) == "storrelse_2"
    assert free_name("色", []) == "lookup"
