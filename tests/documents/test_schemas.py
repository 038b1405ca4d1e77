"""Problems of a document: all at once, in words, with the line they are in."""

import json
from typing import Any

import pytest

from engine.documents.positions import path_text, place_text, position_of
from engine.documents.schemas import compiled_check, explain, schema_names, validate
from engine.errors import DocumentError

GOOD: dict[str, Any] = {
    "title": "Orders",
    "source": {"connector": "shop", "resource": "orders"},
    "steps": [
        {
            "step": "order",
            "title": "The order",
            "connector": "books",
            "resource": "orders",
            "policy": "create",
            "fields": {"Name": {"formula": ["name", "& 'x'"]}},
        }
    ],
}


def problems(**changes: Any) -> dict[str, tuple[str, str]]:
    document = {**GOOD, **changes}
    return {p.where: (p.what, p.what_to_do) for p in validate(document, "flow", "f.json")}


def step(**changes: Any) -> list[dict[str, Any]]:
    return [{**GOOD["steps"][0], **changes}]


def test_a_right_document_has_no_problems() -> None:
    assert validate(GOOD, "flow") == []


def test_every_problem_is_told_at_once_in_the_order_of_the_file() -> None:
    document = {"titel": "x", **GOOD, "title": 5, "steps": step(policy="crate", colour="red")}
    text = json.dumps(document, indent=2)

    found = [(p.where, p.what) for p in validate(document, "flow", "f.json", text=text)]

    assert [where.split(" ")[0] for where, _ in found] == ["f.json:1", "f.json:3", "f.json:9", "f.json:14"]
    assert [what for _, what in found][:3] == [
        "the document has an unknown key `titel`",
        "`title` must be text, not a number",
        "item 1 of `steps` has an unknown key `colour`",
    ]


def test_an_unknown_key_comes_with_the_nearest_one_and_all_allowed_ones() -> None:
    said, advice = problems(steps=step(fields={"Name": {"formul": "x"}}))["f.json steps[0].fields.Name"]

    assert said in ("`Name` has an unknown key `formul`", "`Name` must have `formula` or `each`")
    both = validate({**GOOD, "steps": step(fields={"Name": {"formul": "x"}})}, "flow")
    assert both[0].what_to_do == "Did you mean `formula`? Allowed are `formula`, `each`, `write` and `note`."
    assert advice


@pytest.mark.parametrize(
    ("changes", "where", "said"),
    [
        ({"title": None}, "f.json title", "`title` must be text, not null"),
        ({"title": ""}, "f.json title", "`title` must not be empty"),
        ({"steps": []}, "f.json steps", "`steps` must not be empty"),
        (
            {"steps": step(step="A b")},
            "f.json steps[0].step",
            '`step` does not have the form ^[a-z][a-z0-9_]*$: "A b"',
        ),
        (
            {"steps": step(fields={"a.b[].c": {"formula": 5}})},
            'f.json steps[0].fields."a.b[].c".formula',
            "`formula` must be text or a list, not 5",
        ),
        (
            {"steps": step(fields={"N": {"formula": ["a", 5]}})},
            "f.json steps[0].fields.N.formula[1]",
            "item 2 of `formula` must be text, not a number",
        ),
        (
            {"steps": step(fields={"N": {"formula": "a", "each": "b"}})},
            "f.json steps[0].fields.N",
            "`N` must have `formula` or `each`, not both",
        ),
        (
            {"steps": step(fields={"N": 3})},
            "f.json steps[0].fields.N",
            "`N` must have `formula` or `each`",
        ),
        (
            {"steps": step(policy={"formula": 5})},
            "f.json steps[0].policy.formula",
            "`formula` must be text or a list, not 5",
        ),
        ({"source": {"connector": "shop"}}, "f.json source", "`source` lacks `resource`"),
    ],
)
def test_a_problem_is_said_in_words(changes: dict[str, Any], where: str, said: str) -> None:
    assert problems(**changes)[where][0] == said


def test_a_wrong_word_of_a_list_comes_with_the_nearest_one() -> None:
    otherwise = {"x": {"title": "t", "rows": {}, "otherwise": {"do": "fial"}}}

    said, advice = problems(lookups=otherwise)["f.json lookups.x.otherwise.do"]

    assert (said, advice) == (
        '`do` must be "fail", "leave_out" or "value", not "fial"',
        'Did you mean "fail"?',
    )


def test_a_long_value_is_never_shown() -> None:
    said, _ = problems(steps=step(step="Secret words " * 9))["f.json steps[0].step"]

    assert "Secret" not in said


def test_the_quick_check_and_the_reasons_agree() -> None:
    schema = {
        "type": "object",
        "properties": {
            "n": {"type": "integer", "minimum": 1},
            "d": {"type": ["string", "null"], "maxLength": 3},
        },
        "if": {"properties": {"n": {"const": 5}}, "required": ["n"]},
        "then": {"required": ["d"]},
    }
    check = compiled_check(schema)
    values: list[Any] = [
        {},
        {"n": 1},
        {"n": 0},
        {"n": 1.0},
        {"n": 1.5},
        {"n": True},
        {"d": "long text"},
        {"n": 5},
        7,
    ]

    assert [check(value) for value in values] == [explain(schema, value) == [] for value in values]
    assert explain(schema, {"n": 5}) == [((), "the document lacks `d`")]
    assert explain(schema, {"n": 1.5, "d": "abcd"}) == [
        (("d",), "`d` must have at most 3 characters, it has 4"),
        (("n",), "`n` must be a whole number, not 1.5"),
    ]


@pytest.mark.parametrize("value", ["craete", 5])
def test_a_value_beside_titled_options_is_told_all_of_them(value: object) -> None:
    options = [{"const": "create", "title": "Make one"}, {"const": "fail", "title": "Park the order"}]
    schema = {"properties": {"articles": {"oneOf": options}, "statuses": {"items": {"oneOf": options}}}}

    assert explain(schema, {"articles": value, "statuses": ["fail", value]}) == [
        (("articles",), f'`articles` must be "create" or "fail", not {json.dumps(value)}'),
        (("statuses", 1), f'item 2 of `statuses` must be "create" or "fail", not {json.dumps(value)}'),
    ]


def test_every_schema_of_the_folder_can_be_used() -> None:
    for name in schema_names():
        assert validate(None, name) != []


def test_an_unknown_schema_is_named_with_the_known_ones() -> None:
    with pytest.raises(DocumentError, match=r"no schema of this name\n.*connector, flow"):
        validate({}, "flwo")


def test_a_schema_that_is_none_is_refused() -> None:
    with pytest.raises(DocumentError, match="schema cannot be used"):
        compiled_check({"type": "nonsense"})
    with pytest.raises(DocumentError, match=r"refers to other\.json"):
        compiled_check({"$ref": "other.json"})


# --- positions


TEXT = '{\n  "a": {"b": [1,\n    {"c d": "x, \\"]"}]},\n  "a": 2, "last": true\n}'


@pytest.mark.parametrize(
    ("path", "place"),
    [
        (["a"], (4, 8)),
        (["last"], (4, 19)),
        (["nothing"], (1, 1)),
        ([], (1, 1)),
    ],
)
def test_a_value_is_found_where_a_reader_would_look(path: list[str | int], place: tuple[int, int]) -> None:
    assert position_of(TEXT, path) == place


def test_a_path_into_a_list_is_found_and_a_longer_one_ends_at_what_is_there() -> None:
    text = TEXT.replace('  "a": 2, ', "  ")

    assert position_of(text, ["a", "b", 1, "c d"]) == (3, 13)
    assert position_of(text, ["a", "b", 1, "none", 5]) == (3, 5)
    assert place_text("f.json", ["a", "b", 1, "c d"], text) == 'f.json:3 a.b[1]."c d"'


@pytest.mark.parametrize(
    "broken", ["", "{", '{"a"', '{"a": ', '{"a": [1, 2', "]]", '{"a": }', "{,,:}", '{"a', "\\", "[}"]
)
def test_a_broken_text_is_scanned_to_its_end(broken: str) -> None:
    assert position_of(broken, ["a", 0]) >= (1, 1)


def test_a_path_is_written_as_people_read_it() -> None:
    assert path_text(["steps", 2, "fields", "Name", "formula"]) == "steps[2].fields.Name.formula"
    assert path_text([0, "x y"]) == '[0]."x y"'
