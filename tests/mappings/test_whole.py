"""A mapping has one meaning: as one compiled function it gives what it gives field by field, or leaves it to that."""

from collections.abc import Iterator
from datetime import UTC, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, event, given, settings
from hypothesis import strategies as st

from engine.formulas import Environment, Formulas
from engine.mappings.mapping import FieldMapping, Mapping, Write
from engine.mappings.whole import whole
from tests.mappings import targets

ENVIRONMENT = Environment(now=datetime(2026, 1, 1, tzinfo=UTC), variables={"answers": {"p": "W"}})
often = settings(
    derandomize=True,
    deadline=None,
    max_examples=120,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


class Both:
    """The same mapping by the compiled function and by the worker, field by field."""

    def __init__(self) -> None:
        self.compiles = Formulas()
        self.asks = Formulas(compiles=False)

    def differing(self, schema: dict[str, Any], fields: list[FieldMapping], record: Any, write: Write) -> str:
        """What the mapping gives each way, where that differs."""
        quick = Mapping(self.compiles, fields, schema, "x").made(record, {}, ENVIRONMENT, write)
        slow = Mapping(self.asks, fields, schema, "x").made(record, {}, ENVIRONMENT, write)
        if bool(quick.problems) == bool(slow.problems) and (quick.problems or same(quick.fields, slow.fields)):
            return ""
        return f"{fields} {schema} {record}: {quick} is not {slow}"


@pytest.fixture(scope="module")
def both() -> Iterator[Both]:
    made = Both()
    with made.compiles, made.asks:
        yield made


def same(left: Any, right: Any) -> bool:
    """The same as JSON writes it, names in the same order; beyond 2^53 the same double."""
    if isinstance(left, dict) and isinstance(right, dict):
        return list(left) == list(right) and all(same(left[name], right[name]) for name in left)
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, int | float) and not isinstance(left, bool) and abs(left) >= 2**53:
        return isinstance(right, int | float) and float(left) == float(right)
    return type(left) is type(right) and repr(left) == repr(right)


@often
@given(st.randoms(use_true_random=False))
def test_a_mapping_gives_the_same_at_once_and_field_by_field(both: Both, random: Random) -> None:
    schema = targets.schema(random)
    fields = targets.fields(random, schema)
    write: Write = random.choice(("create", "update"))
    event("at once" if Mapping(both.compiles, fields, schema, "x").source(write) else "field by field")

    assert both.differing(schema, fields, targets.record(random), write) == ""


def test_a_mapping_gives_the_same_both_ways_for_a_thousand_seeds(both: Both) -> None:
    found = []
    for seed in range(1_000):
        random = Random(seed)
        schema = targets.schema(random)
        fields = targets.fields(random, schema)
        found += [both.differing(schema, fields, targets.record(random), "create") for _ in range(3)]

    assert not [each for each in found if each]


@pytest.mark.parametrize("text", ["plain", "Åsa", "Łódź", "😀"])
@pytest.mark.parametrize("formula", ["t", "$uppercase(t)", '$first_filled(t, "x")'])
def test_a_character_outside_the_charset_is_found_both_ways(both: Both, formula: str, text: str) -> None:
    schema = {"type": "object", "properties": {"A": {"type": "string", "x-charset": "iso-8859-1"}}}
    fields = [FieldMapping("A", formula)]

    assert both.differing(schema, fields, {"t": text}, "create") == ""
    made = Mapping(both.compiles, fields, schema, "x").made({"t": text}, {}, ENVIRONMENT, "create")
    assert bool(made.problems) == (text in ("Łódź", "😀"))


ROWS = {"type": "object", "properties": {"Q": {"type": "string"}}}
LIST_OF_ROWS = {"type": "object", "properties": {"Rows": {"type": "array", "items": ROWS}}}


@pytest.mark.parametrize("formula", ["$$.q", '$lookup($$, "q")', "$$.a", "($x := $$; $x.q)", "$.q"])
def test_the_whole_record_of_a_row_s_formula_is_the_row(both: Both, formula: str) -> None:
    fields = [FieldMapping("Rows[]", "l", True), FieldMapping("Rows[].Q", formula)]

    assert both.differing(LIST_OF_ROWS, fields, {"a": "no row", "l": [{"q": "x"}, {"q": "y"}]}, "create") == ""


@pytest.mark.parametrize("formula", ["$number(a)", "$sum(a)", "$average(a)", '$lookup($, "a")', "-a", "a"])
def test_a_number_beyond_what_a_double_holds_becomes_the_same_text(both: Both, formula: str) -> None:
    schema = {"type": "object", "properties": {"A": {"type": "string"}}}

    assert both.differing(schema, [FieldMapping("A", formula)], {"a": 12345678901234567890}, "create") == ""


@pytest.mark.parametrize("name", ["__class__", '"]; import os #', "a\nb", "\\", "'", "\x00", "\u2028", "{t1}", "d"])
def test_odd_names_of_fields_and_targets_are_only_names(both: Both, name: str) -> None:
    schema = {"type": "object", "properties": {name: {"type": "string", "enum": [name]}}}
    formula = f"$lookup($, {_quoted(name)})"

    assert both.differing(schema, [FieldMapping(name, formula)], {name: name}, "create") == ""
    assert Mapping(both.compiles, [FieldMapping(name, formula)], schema, "x").made(
        {name: name}, {}, ENVIRONMENT, "create"
    ).fields == {name: name}


def _quoted(name: str) -> str:
    return '"' + "".join(f"\\u{ord(character):04x}" for character in name) + '"'


def test_what_a_mapping_gives_shares_nothing_with_the_record(both: Both) -> None:
    record = {"a": [1, {"b": [2]}], "l": [{"q": {"r": [1]}}]}
    schema = {"type": "object", "properties": {"A": {"type": "array", "items": {}}, "Any": {}, "Rows": {}}}
    fields = [FieldMapping("A", "a"), FieldMapping("Any", "a"), FieldMapping("Rows", "l")]

    made = Mapping(both.compiles, fields, schema, "x").made(record, {}, ENVIRONMENT, "create").fields
    made["A"][1]["b"].append(3)
    made["Any"][1]["b"].append(4)
    made["Rows"][0]["q"]["r"].append(5)

    assert record == {"a": [1, {"b": [2]}], "l": [{"q": {"r": [1]}}]}


def test_a_mapping_made_again_is_compiled_once_and_another_schema_is_another_mapping() -> None:
    fields = [FieldMapping("Name", "name")]
    short, long = ({"properties": {"Name": {"type": "string", "maxLength": most}}} for most in (3, 9))

    first = whole(fields, short, ["Name"])

    assert first is not None and whole(list(fields), dict(short), ("Name",)) is first
    assert whole(fields, long, ["Name"]) is not first and whole(fields, short, []) is not first
    assert whole([FieldMapping("Name", "name", is_list=True)], short, ["Name"]) is not first
