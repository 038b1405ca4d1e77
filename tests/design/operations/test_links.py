"""What a line from a source to a target's field writes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from engine.design.operations import Schemas, apply
from engine.flows.flow import read_flow
from engine.formulas import Environment, Formulas
from engine.mappings.mapping import Mapping
from tests.design.operations.pair import FLOW, ORDERS, SCHEMAS, changed, done, fields, linked, read, refusal

# --- fields of the record


@pytest.mark.parametrize(
    ("source", "formula"),
    [
        ("number", "number"),
        ("buyer.email", "buyer.email"),
        ("delivery.`post-code`", "delivery.`post-code`"),
        ("delivery.post-code", "delivery.`post-code`"),
        ("delivery.`and`", "delivery.`and`"),
        ("delivery.`$ref`", "delivery.`$ref`"),
        ("$record.currency", "currency"),
        ("$answers.unit", "$answers.unit"),
        ("$facts.target.currency", "$facts.target.currency"),
        ("$values.total", "$values.total"),
        ("$steps.customer.Id", "$steps.customer.Id"),
    ],
)
def test_a_single_value_is_named(source: str, formula: str) -> None:
    assert linked(source, "Text") == formula


@pytest.mark.parametrize("source", ["", "a..b", "a.", ".a", "lines[", "lines[0].sku", "$nothing.x", "a.$b", "a`b"])
def test_what_is_no_path_is_refused(source: str) -> None:
    assert refusal({"op": "link", "step": "order", "target": "Text", "source": source}).what


def test_a_field_that_neither_schema_nor_sample_has_is_linked_all_the_same() -> None:
    """A live record may have it; `check` warns of it."""
    assert linked("buyer.custom", "Text") == "buyer.custom"


# --- lists on one field


@pytest.mark.parametrize(
    ("source", "target", "formula"),
    [
        ("lines[].price", "Total", "$sum_money(lines.price)"),
        ("lines[].name", "Text", '$join(lines.name, ", ")'),
        ("lines[].nick", "Text", '$join_filled(lines.nick, ", ")'),
        ("lines[].ean", "Text", '$join_filled(lines.ean, ", ")'),
        ("lines[].sku", "Code", "(lines.sku)[0]"),
        ("lines[].options[].name", "Text", '$join(lines.options.name, ", ")'),
        ("labels", "Text", '$join(labels, ", ")'),
        ("labels", "Labels", "labels"),
        ("payments[].method", "Text", '$join(payments.method, ", ")'),
    ],
)
def test_several_values_become_what_one_field_takes(source: str, target: str, formula: str) -> None:
    assert linked(source, target) == formula


@pytest.mark.parametrize(
    ("source", "target", "advice"),
    [("buyer", "Text", "Take one of its fields (name, email, phone)."), ("lines", "Text", "or count them with $count")],
)
def test_a_record_is_no_value(source: str, target: str, advice: str) -> None:
    problem = refusal({"op": "link", "step": "order", "target": target, "source": source})

    assert "holds several fields" in problem.what
    assert advice in problem.what_to_do


def test_a_value_is_no_record() -> None:
    problem = refusal({"op": "link", "step": "customer", "target": "Address", "source": "number"})

    assert "has fields of its own" in problem.what


# --- conversions


def test_a_moment_on_a_day_asks_in_which_zone() -> None:
    asked = {"type": "object", "properties": {"time_zone": {"type": "string", "default": "Europe/Stockholm"}}}

    assert linked("placed_at", "Day") == "placed_at"  # only a person can say which zone's day is meant
    assert linked("placed_at", "Day", text=changed(questions=asked)) == "$local_date(placed_at, $answers.time_zone)"


def test_the_zone_that_the_flow_uses_is_used_again() -> None:
    known = done({"op": "set_formula", "step": "customer", "target": "Since", "formula": ""}).replace(
        '"$truncate(buyer.name, 50)"', '"$local_date($first_filled(placed_at), \\"Europe/Oslo\\")"'
    )

    assert linked("placed_at", "Day", text=known) == '$local_date(placed_at, "Europe/Oslo")'
    assert linked("packed_at", "Day", text=known) == '$local_date($first_filled(packed_at), "Europe/Oslo")'


def test_a_time_without_a_zone_gets_one() -> None:
    assert linked("packed_at", "PackedAt") == '$in_zone($first_filled(packed_at), "UTC")'


def test_yes_and_no_become_words() -> None:
    assert linked("paid", "Text") == "$string(paid)"
    assert linked("gift", "Text") == "$first_filled($text(gift))"
    assert linked("paid", "Paid") == "paid"


# --- lookups


def test_a_lookup_translates_what_is_mapped_there() -> None:
    text = done({"op": "link", "step": "order", "target": "Code", "source": "payment_method"})

    assert linked("$lookups.terms", "Code", text=text) == '$table("terms", payment_method)'


def test_a_lookup_on_its_own_translation_changes_nothing() -> None:
    operation = {"op": "link", "step": "customer", "target": "TermsId", "source": "$lookups.terms"}

    assert done(operation) == FLOW


def test_another_lookup_keeps_the_key() -> None:
    text = done({"op": "add_lookup", "lookup": "others", "title": "Others"})

    assert linked("$lookups.others", "TermsId", "customer", text=text) == '$table("others", payment_method)'


def test_a_lookup_takes_the_key_by_which_the_step_asks_it_already() -> None:
    assert linked("$lookups.terms", "Address.City", "customer") == '$table("terms", payment_method)'


def test_a_lookup_without_a_key_is_refused() -> None:
    problem = refusal({"op": "link", "step": "order", "target": "Code", "source": "$lookups.terms"})

    assert "needs a key to look up" in problem.what


def test_a_yes_or_no_is_a_key_in_words() -> None:
    text = done({"op": "link", "step": "order", "target": "Paid", "source": "paid"})

    assert linked("$lookups.terms", "Paid", text=text) == '$table("terms", $string(paid))'


# --- the same thing by other ways


@pytest.mark.parametrize(
    ("source", "target", "typed"),
    [("buyer.email", "Text", "buyer.email"), ("lines[].price", "Rows[].Price", "price"), ("lines", "Rows[]", "lines")],
)
def test_each_way_to_map_gives_the_same_bytes(source: str, target: str, typed: str) -> None:
    link = {"op": "link", "step": "order", "target": target, "source": source}
    known = done(link)

    assert done({"op": "set_formula", "step": "order", "target": target, "formula": typed}) == known
    assert done({**link, "how": "replace", "seq": 3, "client": "x"}) == known
    assert done({**link, "how": "join"}, text=done({**link, "op": "unlink"}, link)) == done(
        {**link, "op": "unlink"}, link
    )


def test_without_schemas_the_plain_path_is_written() -> None:
    operation = {"op": "link", "step": "order", "target": "Text", "source": "lines[].price"}

    assert fields(apply(FLOW, operation), "order")["Text"] == {"formula": "lines.price"}
    assert fields(apply(FLOW, operation, Schemas()), "order")["Text"] == {"formula": "lines.price"}


@pytest.mark.parametrize(
    ("target", "said", "advice"),
    [
        ("Nam", "there is no field “Nam”", "Did you mean “Name”?"),
        ("Id", "the target sets this field itself; it cannot be written", "Map another field."),
    ],
)
def test_a_field_that_cannot_be_written_is_refused(target: str, said: str, advice: str) -> None:
    problem = refusal({"op": "link", "step": "customer", "target": target, "source": "number"})

    assert (problem.what, problem.what_to_do) == (said, advice)


# --- and they work


def test_the_formulas_give_what_the_picture_promises() -> None:
    """The record of docs/flows.md, through all kinds of links at once."""
    sources = {
        "Reference": "number",
        "Total": "lines[].price",
        "Text": "lines[].nick",
        "Code": "lines[].sku",
        "Labels": "labels",
        "PackedAt": "packed_at",
        "Fees[].Text": "payments[].method",
        "Rows[].Text": "buyer.email",
        "Rows[].Price": "payments[].amount",
        "Rows[].Article": "lines[].sku",
    }
    text = FLOW
    for target, source in sources.items():
        text = apply(text, {"op": "link", "step": "order", "target": target, "source": source}, SCHEMAS)
    text = done({"op": "link", "step": "order", "target": "Text", "source": "gift", "how": "join"}, text=text)
    record = {
        "number": "W-1",
        "labels": ["new"],
        "gift": None,
        "packed_at": None,
        "buyer": {"email": "anna@post.example"},
        "lines": [{"sku": "MUG", "price": 12.1, "nick": None}, {"sku": "PEN", "price": 0.2, "nick": "Biro"}],
        "payments": [{"amount": 0.1, "method": "card"}, {"amount": 0.2, "method": "card"}],
    }
    step = read_flow("x", read(text)).steps[1]
    mapped = [mapping for mapping in step.fields if mapping.path != "CustomerId"]
    with Formulas() as formulas:
        mapping = Mapping(formulas, mapped, {**ORDERS, "required": []}, "order")
        made = mapping.made(record, {"record": record}, Environment(datetime(2026, 1, 1, tzinfo=UTC)), "create")

    assert made.problems == []
    assert made.fields == {
        "Reference": "W-1",
        "Total": 12.3,
        "Text": "Biro",
        "Code": "MUG",
        "Labels": ["new"],
        "Fees": [{"Text": "card"}, {"Text": "card"}],
        "Rows": [
            {"Article": "MUG", "Price": 0.3, "LineNumber": 1, "Text": "anna@post.example"},
            {"Article": "PEN", "Price": 0.3, "LineNumber": 2, "Text": "anna@post.example"},
        ],
    }
