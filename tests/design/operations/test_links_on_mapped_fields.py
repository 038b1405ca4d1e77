"""A link to a field that is mapped already replaces it, joins it or stands in for it; and a line is taken away."""

from __future__ import annotations

from typing import Any

import pytest

from tests.design.operations.pair import FLOW, done, fields, linked, refusal


def test_a_field_that_is_there_is_replaced_joined_or_stood_in_for() -> None:
    one = {"op": "link", "step": "customer", "target": "Phone", "source": "buyer.phone"}
    text = done(one)

    def then(how: str, source: str = "buyer.name") -> Any:
        return linked(source, "Phone", "customer", text=text, how=how)

    assert then("replace") == "buyer.name"
    assert then("join") == "$join_filled([buyer.phone, buyer.name])"
    assert then("first") == "$first_filled(buyer.phone, buyer.name)"
    assert then("join", "buyer.phone") == then("first", "buyer.phone") == "buyer.phone"


def test_joining_goes_on_inside_a_length() -> None:
    text = done({"op": "link", "step": "customer", "target": "Name", "source": "buyer.phone", "how": "join"})
    assert fields(text, "customer")["Name"]["formula"] == "$join_filled([$truncate(buyer.name, 50), buyer.phone])"

    held = FLOW.replace("$truncate(buyer.name, 50)", "$truncate($join_filled([buyer.name]), 50)")
    formula = linked("buyer.phone", "Name", "customer", text=held, how="join")

    assert formula == "$truncate($join_filled([buyer.name, buyer.phone]), 50)"


@pytest.mark.parametrize(
    ("how", "held", "formula"),
    [
        ("join", "$join_filled([a, b], ', ')", "$join_filled([a, b, buyer.name], ', ')"),
        ("join", "$join_filled([a ? b, (c)])", "$join_filled([a ? b, (c), buyer.name])"),
        ("join", "$first_filled(a, b)", "$join_filled([$first_filled(a, b), buyer.name])"),
        ("join", "a & ' ' & b", "$join_filled([a & ' ' & b, buyer.name])"),
        ("join", "$join_filled(parts)", "$join_filled([$join_filled(parts), buyer.name])"),
        ("first", "$first_filled(a, $f(b, 1))", "$first_filled(a, $f(b, 1), buyer.name)"),
        ("first", "$first_filled(a)[0]", "$first_filled($first_filled(a)[0], buyer.name)"),
        ("first", "/* why */ $first_filled(a /* b */)", "/* why */ $first_filled(a, buyer.name /* b */)"),
        ("first", "a ? b : c", "$first_filled(a ? b : c, buyer.name)"),
        ("first", "$first_filled(buyer.name, a)", "$first_filled(buyer.name, a)"),
    ],
)
def test_what_is_combined_already_is_extended(how: str, held: str, formula: str) -> None:
    text = done({"op": "set_formula", "step": "customer", "target": "Phone", "formula": held})

    assert linked("buyer.name", "Phone", "customer", text=text, how=how) == formula


def test_a_formula_of_several_lines_grows_by_a_line() -> None:
    held = "$first_filled(\n  a,\n  b\n)"
    text = done({"op": "set_formula", "step": "customer", "target": "Phone", "formula": held})

    formula = linked("buyer.name", "Phone", "customer", text=text, how="first")

    assert formula == ["$first_filled(", "  a,", "  b,", "  buyer.name", ")"]


def test_nothing_is_added_to_a_formula_that_cannot_be_read() -> None:
    text = done({"op": "set_formula", "step": "customer", "target": "Phone", "formula": "a &"})
    operation = {"op": "link", "step": "customer", "target": "Phone", "source": "buyer.name", "how": "join"}

    assert "cannot be read" in refusal(operation, text=text).what


def test_a_list_that_is_joined_becomes_a_text_first() -> None:
    text = done({"op": "link", "step": "order", "target": "Text", "source": "number"})

    formula = linked("lines[].name", "Text", text=text, how="join")

    assert formula == '$join_filled([number, $join(lines.name, ", ")])'


@pytest.mark.parametrize(
    ("held", "source", "formula"),
    [
        ("$join_filled([a, b, c])", "b", "$join_filled([a, c])"),
        ("$join_filled([a, b, c])", "c", "$join_filled([a, b])"),
        ("$join_filled([a, b, c], '-')", "a", "$join_filled([b, c], '-')"),
        ("$join_filled([a, b])", "b", "a"),
        ("$first_filled(a, $uppercase(b))", "b", "a"),
        ("$truncate($first_filled(a, b.c), 5)", "a", "$truncate(b.c, 5)"),
        ("$first_filled(a, a & b, a & c)", "a", None),
        ("a & b", "a", None),
        ("a & b", "nowhere", "a & b"),
        ("$first_filled($values.total, a)", "lines[].price", "a"),
        ('$first_filled($table("terms", a), b)', "$lookups.terms", "b"),
    ],
)
def test_a_line_is_taken_away(held: str, source: str, formula: str | None) -> None:
    text = done({"op": "set_formula", "step": "customer", "target": "Phone", "formula": held})

    after = done({"op": "unlink", "step": "customer", "target": "Phone", "source": source}, text=text)

    assert fields(after, "customer").get("Phone", {}).get("formula") == formula


def test_linking_and_unlinking_gives_the_same_bytes() -> None:
    link = {"op": "link", "step": "customer", "target": "Address.City", "source": "delivery.city"}
    join = {**link, "target": "TermsId", "source": "buyer.name", "how": "join"}
    rows = {"op": "link", "step": "order", "target": "Rows[].Text", "source": "lines[].name"}
    for operation in (link, join, rows):
        back = {key: held for key, held in operation.items() if key != "how"} | {"op": "unlink"}

        assert done(operation, back) == FLOW
        assert done(operation) != FLOW
