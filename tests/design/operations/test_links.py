"""What a line from a source to a target's field writes."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from engine.design.operations import Schemas, apply
from engine.flows.flow import read_flow
from engine.formulas import Environment, Formulas
from engine.mappings.mapping import Mapping
from tests.design.operations.pair import CONNECTORS, FLOW, ORDERS, SCHEMAS, changed, done, fields, linked, read, refusal

VALUES = {
    "goods": 'lines.{"number": sku, "label": $uppercase(name), "price": $multiply(price, quantity)}',
    "fees": '{"number": "FEE", "label": "Fee", "price": 1}',
    "rows": "$append($values.goods, $values.fees)",
    "city": "delivery.city",
}


def with_values(each: str = "lines") -> str:
    """The flow with named values, and another list for its rows."""
    document = read(changed(values=VALUES))
    document["steps"][1]["fields"]["Rows[]"]["each"] = each
    del document["steps"][1]["before"]
    return json.dumps(document, indent=2)


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


# --- inside lists


@pytest.mark.parametrize(
    ("source", "target", "formula"),
    [
        ("lines[].price", "Rows[].Price", "price"),
        ("lines[].options[].name", "Rows[].Text", '$join(options.name, ", ")'),
        ("buyer.email", "Rows[].Text", "$record.buyer.email"),
        ("payments[].amount", "Rows[].Price", "$sum_money($record.payments.amount)"),
        ("$answers.unit", "Rows[].Text", "$answers.unit"),
        ("$steps.customer.Id", "Rows[].Text", "$steps.customer.Id"),
    ],
)
def test_a_row_sees_its_item_and_the_whole_record(source: str, target: str, formula: str) -> None:
    assert linked(source, target) == formula


@pytest.mark.parametrize(
    ("each", "source", "formula"),
    [
        ("$values.goods", "$values.goods[].label", "label"),
        ("$values.goods", "lines[].sku", "number"),
        ("$values.goods", "lines[].name", "label"),
        ("$values.rows", "lines[].name", "label"),
        ("$values.rows", "$values.rows[].price", "price"),
        ("$values.rows", "$values.city", "$values.city"),
        ("lines[quantity > 0]", "lines[].sku", "sku"),
        ("lines.options", "lines[].options[].name", "name"),
    ],
)
def test_items_that_a_named_value_made_are_followed(each: str, source: str, formula: str) -> None:
    assert linked(source, "Rows[].Text", text=with_values(each)) == formula


def test_another_list_for_the_rows_is_seen_at_once() -> None:
    """What is known of a flow is kept from one operation to the next; not what has changed in between."""
    schemas = Schemas(CONNECTORS.get)
    link = {"op": "link", "step": "order", "target": "Rows[].Text", "source": "lines[].sku"}
    other = {"op": "set_formula", "step": "order", "target": "Rows[]", "formula": "$values.goods"}

    text = done(link, text=with_values(), schemas=schemas)
    assert fields(text, "order")["Rows[].Text"] == {"formula": "sku"}
    assert fields(done(other, link, text=text, schemas=schemas), "order")["Rows[].Text"] == {"formula": "number"}


def test_what_the_items_no_longer_have_is_refused_with_what_is_made_of_it() -> None:
    operation = {"op": "link", "step": "order", "target": "Rows[].Price", "source": "lines[].quantity"}

    problem = refusal(operation, text=with_values("$values.goods"))

    assert problem.what == "the items of “$values.goods” do not have “lines.quantity”"
    assert problem.what_to_do == "Use price, which is made of it; or add it to those items."


def test_a_field_of_the_list_around_the_items_is_refused() -> None:
    operation = {"op": "link", "step": "order", "target": "Rows[].Text", "source": "lines[].sku"}

    assert "do not have “lines.sku”" in refusal(operation, text=with_values("lines.options")).what


def test_the_first_field_of_a_list_says_what_its_items_are() -> None:
    after = done({"op": "link", "step": "order", "target": "Fees[].Amount", "source": "payments[].amount"})

    assert list(fields(after, "order").items())[-2:] == [
        ("Fees[]", {"each": "payments"}),
        ("Fees[].Amount", {"formula": "amount"}),
    ]


def test_a_field_outside_lists_cannot_say_what_the_items_are() -> None:
    problem = refusal({"op": "link", "step": "order", "target": "Fees[].Text", "source": "number"})

    assert problem.what_to_do == "Drop a list on “Fees[]” first; then its fields can be mapped."


def test_a_list_inside_a_list_is_refused() -> None:
    operation = {"op": "link", "step": "order", "target": "Rows[].Options[].Name", "source": "lines[].options[].name"}

    assert "a list inside a list" in refusal(operation).what


def test_a_list_is_dropped_on_a_list_with_the_fields_of_its_items() -> None:
    pairs = [["payments[].method", "Fees[].Text"], ["payments[].amount", "Fees[].Amount"]]
    operation = {"op": "link_list", "step": "order", "target": "Fees[]", "source": "payments", "children": pairs}

    after = done(operation)

    assert {path: held for path, held in fields(after, "order").items() if path.startswith("Fees")} == {
        "Fees[]": {"each": "payments"},
        "Fees[].Text": {"formula": "method"},
        "Fees[].Amount": {"formula": "amount"},
    }


def test_dropping_a_list_alone_is_the_same_as_a_link() -> None:
    link = {"op": "link", "step": "order", "target": "Fees[]", "source": "payments"}

    assert done(link) == done({**link, "op": "link_list", "children": []})


# --- steps that are done for each item


def of_articles(each: str = "lines") -> str:
    document = read(changed())
    article = {
        "step": "articles",
        "title": "Each article",
        "connector": "books",
        "resource": "customers",
        "each": "lines",
        "match": {"field": "Name", "formula": "sku"},
        "policy": "skip_if_exists",
        "fields": {"Name": {"formula": "sku"}},
    }
    document["steps"].insert(1, article)
    document["steps"][2]["fields"]["Rows[]"]["each"] = each
    return json.dumps(document, indent=2)


def test_a_step_for_each_item_sees_the_item_and_the_record() -> None:
    assert linked("lines[].name", "Email", "articles", text=of_articles()) == "name"
    assert linked("buyer.email", "Email", "articles", text=of_articles()) == "$record.buyer.email"


def test_a_row_finds_the_answer_for_its_own_item() -> None:
    assert linked("$steps.articles.Id", "Rows[].Article", text=of_articles()) == "$lookup($steps.articles, sku).Id"


def test_one_of_many_answers_cannot_be_told_elsewhere() -> None:
    operation = {"op": "link", "step": "order", "target": "Text", "source": "$steps.articles.Id"}

    problem = refusal(operation, text=of_articles())

    assert "is done for each of lines, so it has many answers" in problem.what
    assert "$lookup($steps.articles, …).Id" in problem.what_to_do


def test_a_later_step_has_no_answer_yet() -> None:
    problem = refusal({"op": "link", "step": "customer", "target": "Name", "source": "$steps.order.Reference"})

    assert "has no answer yet" in problem.what


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
