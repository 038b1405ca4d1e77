"""Links inside lists and in steps that are done for each item: what a row sees, and what it cannot see."""

from __future__ import annotations

import json

import pytest

from engine.design.operations import Schemas
from tests.design.operations.pair import CONNECTORS, changed, done, fields, linked, read, refusal

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
