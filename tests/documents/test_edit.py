"""Editing one place of a document leaves every other byte as it was."""

import copy
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents.edit import insert, remove, rename, set_formula, set_value
from engine.documents.positions import scan, scan_members
from engine.documents.saving import save
from engine.documents.strict_json import read_strict
from engine.errors import DocumentError

FLOW = """{
    "title": "Orders",
    "x-own": {"kept": 1.50, "big": 12345678901234567890},
    "steps": [
        {
            "fields": {
                "Name": {"formula": "name"},
                "Rows[].Price": {
                    "formula": [
                        "$sum(",
                        "  price",
                        ")"
                    ],
                    "note": "caf\\u00e9"
                }
            }
        }
    ]
}
"""
PRICE = ["steps", 0, "fields", "Rows[].Price", "formula"]
NAME = ["steps", 0, "fields", "Name", "formula"]


def _changed_lines(before: str, after: str) -> list[tuple[str, str]]:
    return [(a, b) for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b]


def test_changing_one_formula_changes_only_its_line() -> None:
    changed = set_value(FLOW, NAME, "name & 'x'")

    assert _changed_lines(FLOW, changed) == [
        (
            '                "Name": {"formula": "name"},',
            '                "Name": {"formula": "name & \'x\'"},',
        )
    ]


def test_a_formula_held_as_lines_stays_lines_and_only_its_changed_line_differs() -> None:
    changed = set_formula(FLOW, PRICE, "$sum(\n  price * 2\n)")

    assert _changed_lines(FLOW, changed) == [
        ('                        "  price",', '                        "  price * 2",')
    ]


def test_a_shorter_formula_held_as_lines_stays_a_list() -> None:
    changed = set_formula(FLOW, PRICE, "price")

    assert read_strict(changed)["steps"][0]["fields"]["Rows[].Price"]["formula"] == ["price"]


def test_a_formula_with_line_breaks_becomes_a_list_of_lines() -> None:
    changed = set_formula(FLOW, NAME, "a\n& b")

    assert read_strict(changed)["steps"][0]["fields"]["Name"]["formula"] == ["a", "& b"]


def test_line_ends_of_windows_and_a_missing_last_line_end_survive() -> None:
    text = FLOW.rstrip("\n").replace("\n", "\r\n")

    changed = insert(set_value(text, PRICE, ["a", "b"]), ["steps", 0, "when"], "true")

    assert changed.count("\n") == changed.count("\r\n")
    assert not changed.endswith("\n")


def test_a_byte_order_mark_and_tabs_survive() -> None:
    text = '\ufeff{\n\t"a": {\n\t\t"b": 1\n\t}\n}'

    assert set_value(text, ["a", "c"], {"d": 2}) == (
        '\ufeff{\n\t"a": {\n\t\t"b": 1,\n\t\t"c": {\n\t\t\t"d": 2\n\t\t}\n\t}\n}'
    )


def test_writing_what_is_there_changes_nothing() -> None:
    assert set_value(FLOW, [], read_strict(FLOW)) == FLOW


def test_a_member_is_inserted_after_the_key_named() -> None:
    changed = insert(FLOW, ["description"], "What it is for", after="title")

    assert changed == FLOW.replace('"title": "Orders",\n', '"title": "Orders",\n    "description": "What it is for",\n')


def test_a_new_record_is_written_on_one_line_where_its_neighbour_is() -> None:
    changed = insert(FLOW, ["steps", 0, "fields", "City"], {"formula": "city"}, after="Name")

    name = '                "Name": {"formula": "name"},\n'
    assert changed == FLOW.replace(name, f'{name}                "City": {{"formula": "city"}},\n')


def test_an_item_is_inserted_where_it_was_asked_for() -> None:
    changed = insert('{"a": [1, 3]}', ["a", 1], 2)

    assert changed == '{"a": [1, 2, 3]}'


def test_an_empty_object_opens_up_on_lines() -> None:
    assert insert('{\n  "a": {}\n}\n', ["a", "b"], 1) == '{\n  "a": {\n    "b": 1\n  }\n}\n'


def test_removing_takes_the_comma_with_it() -> None:
    assert remove('{\n  "a": 1,\n  "b": 2\n}', ["b"]) == '{\n  "a": 1\n}'
    assert remove('{\n  "a": 1,\n  "b": 2\n}', ["a"]) == '{\n  "b": 2\n}'
    assert remove('{\n  "a": 1\n}', ["a"]) == "{}"
    assert remove("[1, 2, 3]", [1]) == "[1, 3]"


@pytest.mark.parametrize("path", [["nothing", "here"], ["title", "x"], ["steps", 7, "x"]])
def test_a_place_that_is_not_there_is_refused(path: list[str | int]) -> None:
    with pytest.raises(DocumentError, match="no such place"):
        set_value(FLOW, path, 1)


def test_a_key_that_is_there_cannot_be_inserted_again() -> None:
    with pytest.raises(DocumentError, match="is there already"):
        insert(FLOW, ["title"], "x")


def test_a_key_is_renamed_where_it_stands() -> None:
    changed = rename(FLOW, ["steps", 0, "fields", "Name"], 'Full "name"')

    assert _changed_lines(FLOW, changed) == [
        ('                "Name": {"formula": "name"},', '                "Full \\"name\\"": {"formula": "name"},')
    ]


def test_a_key_cannot_take_the_place_of_another() -> None:
    with pytest.raises(DocumentError, match="is there already"):
        rename(FLOW, ["steps", 0, "fields", "Name"], "Rows[].Price")


# --- properties

_leaf = st.none() | st.booleans() | st.integers(-999, 999) | st.sampled_from([1.5, 0.1, -2.25]) | st.text(max_size=6)
_values = st.recursive(
    _leaf,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=12,
)
_documents = st.dictionaries(st.text(max_size=4), _values, min_size=1, max_size=4)
_layouts = st.sampled_from([None, 1, 2, 4, "\t"])


def _paths(value: Any, here: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    found = [here]
    parts = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in parts:
        found += _paths(inner, (*here, step))
    return found


def _place(document: Any, path: tuple[str | int, ...]) -> Any:
    for step in path[:-1]:
        document = document[step]
    return document


def _text(document: Any, layout: Any, windows: bool) -> str:
    text = json.dumps(document, indent=layout, ensure_ascii=False)
    return text.replace("\n", "\r\n") + "\r\n" if windows else text


@given(_documents, _values, _layouts, st.booleans(), st.data())
def test_set_value_is_the_change_at_that_path(
    document: Any, value: Any, layout: Any, windows: bool, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(_paths(document)[1:]))
    text = _text(document, layout, windows)
    expected = copy.deepcopy(document)
    _place(expected, path)[path[-1]] = value

    changed = set_value(text, path, value)

    assert json.loads(changed) == expected
    assert repr(read_strict(changed)) == repr(expected)


@given(_documents, _values, _layouts, st.data())
def test_set_value_touches_only_the_lines_of_the_value(
    document: Any, value: Any, layout: Any, data: st.DataObject
) -> None:
    path = data.draw(st.sampled_from(_paths(document)[1:]))
    mark = "\u2603"
    marked = copy.deepcopy(document)
    _place(marked, path)[path[-1]] = mark
    before, _, after = json.dumps(marked, indent=layout, ensure_ascii=False).partition(json.dumps(mark)[1:-1])
    before, _, after = json.dumps(marked, indent=layout, ensure_ascii=False).partition(f'"{mark}"')

    changed = set_value(json.dumps(document, indent=layout, ensure_ascii=False), path, value)

    assert changed.startswith(before)
    assert changed.endswith(after)


@given(_documents, _layouts, st.booleans(), st.data())
def test_members_stand_where_the_whole_tree_has_them(
    document: Any, layout: Any, windows: bool, data: st.DataObject
) -> None:
    text = _text(document, layout, windows)
    node = scan(text)
    for step in data.draw(st.sampled_from(_paths(document))):
        found = node.member(step)
        assert found is not None
        node = found.node

    quick = scan_members(text, node.start)

    assert (quick.kind, quick.end) == (node.kind, node.end)
    assert [(m.key, m.start, m.node.kind, m.node.start, m.node.end) for m in quick.members] == [
        (m.key, m.start, m.node.kind, m.node.start, m.node.end) for m in node.members
    ]


@given(_documents, _layouts, st.data())
def test_remove_is_the_document_without_that_place(document: Any, layout: Any, data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(_paths(document)[1:]))
    expected = copy.deepcopy(document)
    del _place(expected, path)[path[-1]]

    assert json.loads(remove(json.dumps(document, indent=layout), path)) == expected


@given(_documents, _values, _layouts, st.booleans())
def test_insert_then_remove_gives_the_same_document(document: Any, value: Any, layout: Any, windows: bool) -> None:
    text = _text(document, layout, windows)

    grown = insert(text, ["new key"], value)

    assert json.loads(grown) == {**document, "new key": value}
    assert remove(grown, ["new key"]) == text


# --- saving


def test_a_file_changed_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "flow.json"
    first = save(path, "{}\r\n")
    path.write_text('{"by": "somebody else"}')

    with pytest.raises(DocumentError, match="changed by somebody else"):
        save(path, '{"mine": 1}', read_sha256=first)

    assert path.read_text() == '{"by": "somebody else"}'
    assert [entry.name for entry in tmp_path.iterdir()] == ["flow.json"]


def test_saving_keeps_line_ends_and_rights_and_gives_the_hash_for_the_next_time(tmp_path: Path) -> None:
    path = tmp_path / "flow.json"
    path.write_bytes(b"{}")
    path.chmod(0o640)

    again = save(path, '{"a": 1}\r\n')
    save(path, '{"a": 2}\r\n', read_sha256=again)

    assert path.read_bytes() == b'{"a": 2}\r\n'
    assert path.stat().st_mode & 0o777 == 0o640


def test_a_folder_that_is_not_there_is_said_in_words(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="cannot be saved"):
        save(tmp_path / "none" / "a.json", "{}")
