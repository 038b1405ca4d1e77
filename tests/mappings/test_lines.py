"""The lines of the picture: from every field, answer, fact, value, step and lookup to the fields it goes into."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.flows.flow import Flow, read_flow
from engine.formulas.origins import Origins
from engine.formulas.paths import reads_here
from engine.formulas.words import Titles, in_words
from engine.mappings.lines import Line, lines
from engine.mappings.mapping import FieldMapping

ROOT = Path(__file__).parents[2]
ORDER = (
    FieldMapping("Reference", "number"),
    FieldMapping("CustomerId", "$steps.customer.Id"),
    FieldMapping("TermsId", '$table("terms", payment.method)'),
    FieldMapping("Unit", "$answers.unit & $facts.source.currency"),
    FieldMapping("Rows[]", "lines", is_list=True),
    FieldMapping("Rows[].Article", "sku"),
    FieldMapping("Rows[].Price", "$money(price)"),
    FieldMapping("Rows[].Text", "text & ' ' & $record.number"),
    FieldMapping("Rows[].LineNumber", "$index + 1"),
)


def drawn(made: Sequence[Line]) -> list[tuple[str, ...]]:
    return [(line.source, line.kind, line.target, *line.via) for line in made]


def one(formula: str, **more: object) -> list[tuple[str, ...]]:
    """The lines into a field F, without its name."""
    made = lines([FieldMapping("F", formula)], **more)  # type: ignore[arg-type]
    return [(line.source, *line.via) for line in made]


def test_every_kind_of_source_has_its_lines() -> None:
    assert drawn(lines(ORDER)) == [
        ("number", "field", "Reference"),
        ("$steps.customer.Id", "step", "CustomerId"),
        ("$lookups.terms", "lookup", "TermsId"),
        ("payment.method", "field", "TermsId"),
        ("$answers.unit", "answer", "Unit"),
        ("$facts.source.currency", "fact", "Unit"),
        ("lines", "field", "Rows[]"),
        ("lines[].sku", "field", "Rows[].Article"),
        ("lines[].price", "field", "Rows[].Price"),
        ("lines[].text", "field", "Rows[].Text"),
        ("number", "field", "Rows[].Text"),
    ]


def test_the_example_of_the_documentation_is_drawn() -> None:
    text = (ROOT / "docs/flows.md").read_text(encoding="utf-8")
    flow = read_flow("example", json.loads(text.split("```json flow\n")[1].split("```")[0]))
    [customer, order] = [drawn(lines(step.fields, values=flow.values)) for step in flow.steps]

    assert ("$lookups.terms", "lookup", "TermsId") in customer
    assert ("payment_method", "field", "TermsId") in customer
    assert ("lines[].sku", "field", "Rows[].Article") in order
    assert ("$steps.customer.Id", "step", "CustomerId") in order


# --- values


def test_a_value_is_drawn_itself_and_followed_to_its_fields() -> None:
    values = {"bill": "customer.address", "city": "$uppercase($values.bill.city)"}

    assert one("$values.city", values=values) == [
        ("$values.city",),
        ("customer.address.city", "city", "bill"),
    ]
    assert one("$values.bill.zip", values=values) == [("$values.bill.zip",), ("customer.address.zip", "bill")]


def test_rows_of_a_value_lead_to_the_fields_of_its_items() -> None:
    values = {
        "goods": 'lines.{"number": $first_filled(sku, id), "price": $divide(total, count)}',
        "fees": '{"number": $answers.fee_article, "price": fee}',
        "all": "$append($values.goods, $values.fees)",
    }
    fields = (
        FieldMapping("Rows[]", "$values.all", is_list=True),
        FieldMapping("Rows[].Article", "number"),
        FieldMapping("Rows[].Price", "price"),
    )
    made = [line for line in drawn(lines(fields, values=values)) if line[2] != "Rows[]"]

    assert made == [
        ("$values.all.number", "value", "Rows[].Article"),
        ("lines[].sku", "field", "Rows[].Article", "all", "goods"),
        ("lines[].id", "field", "Rows[].Article", "all", "goods"),
        ("$answers.fee_article", "answer", "Rows[].Article", "all", "fees"),
        ("$values.all.price", "value", "Rows[].Price"),
        ("lines[].total", "field", "Rows[].Price", "all", "goods"),
        ("lines[].count", "field", "Rows[].Price", "all", "goods"),
        ("fee", "field", "Rows[].Price", "all", "fees"),
    ]


def test_a_field_put_into_a_record_hides_the_one_it_replaces() -> None:
    values = {
        "rows": '$values.goods.$merge([$, {"price": net}])',
        "goods": 'lines.{"price": gross, "net": net, "sku": sku}',
    }

    assert one("$values.rows.price", values=values) == [("$values.rows.price",), ("lines[].net", "rows", "goods")]
    assert one("$values.rows.sku", values=values) == [("$values.rows.sku",), ("lines[].sku", "rows", "goods")]


def test_a_value_that_reads_itself_ends() -> None:
    assert one("$values.a", values={"a": "$values.b & x", "b": "$values.a"}) == [("$values.a",), ("x", "a")]


def test_a_value_nobody_made_has_no_line() -> None:
    assert one("$values.nowhere & x") == [("x",)]


# --- what formulas read


@pytest.mark.parametrize(
    ("formula", "sources"),
    [
        ("'constant'", []),
        ("$index + 1", []),
        ("paid ? total : rest", ["paid", "total", "rest"]),
        ("$sum(lines.(quantity * price))", ["lines[].quantity", "lines[].price"]),
        ("$sum(lines.price)", ["lines[].price"]),
        ("$count(order.lines)", ["order.lines"]),
        ("lines[type = 'sale' and $$.paid].price", ["lines[].type", "paid", "lines[].price"]),
        ("lines^(>price).sku", ["lines[].price", "lines[].sku"]),
        ("lines{sku: $sum(price)}", ["lines[].sku", "lines[].price", "lines"]),
        ("lines.(sku & %.number)", ["lines[].sku", "number"]),
        ("lines@$l.customers[id = $l.id].name", ["customers[].id", "lines.id", "customers[].name"]),
        ("$map(lines, function($line) { $line.sku & order })", ["lines", "lines[].sku", "order"]),
        ("$sort(lines, function($l, $r) { $l.price > $r.price }).sku", ["lines[].price", "lines[].sku"]),
        ("($c := customer; $c.first & $c.last)", ["customer.first", "customer.last"]),
        ("name ~> $truncate(size)", ["name", "size"]),
        ("$lookup($steps.articles, sku).Id", ["$steps.articles.Id", "sku"]),
        ("$lookup(rates, country)", ["rates", "country"]),
        ("$ ~> |lines|{'x': sku}|", ["$", "lines", "lines[].sku"]),
        ("a ?? b ?: c", ["a", "b", "c"]),
        ("{'a': x, 'b': {'c': y}}.b.c", ["y", "x"]),
        ("(paid ? billing : delivery).city", ["paid", "billing.city", "delivery.city"]),
        ("lines[0].sku", ["lines[].sku"]),
        ("a +", []),
        ("&".join("a" * 3_900), []),
    ],
)
def test_lines_come_from_all_that_a_formula_reads(formula: str, sources: list[str]) -> None:
    assert [source for source, *_ in one(formula)] == sources


SHAPES = st.sampled_from(
    [
        *("{a} & {b}", "{a} ? {b} : {c}", "{a}[{b}]", "{a}.({b})", "{a}.{b}", "{{'k': {a}}}", "$f({a}, {b})", "-{a}"),
        *("({a}; {b})", "{a} ?: {b}", "$map({a}, function($v) {{ $v.{b} }})", "{a} ~> $f({b})", "{a}^({b})"),
    ]
)
FORMULAS = st.recursive(
    st.sampled_from(["name", "lines", "`odd name`", "$answers.x", "1", "$$.total"]),
    lambda inner: st.builds(lambda shape, a, b, c: shape.format(a=a, b=b, c=c), SHAPES, inner, inner, inner),
    max_leaves=10,
)


@given(FORMULAS)
def test_no_path_that_a_formula_reads_is_without_a_line(formula: str) -> None:
    sources = {source.replace("[]", "") for source, *_ in one(formula)}

    for path in reads_here(formula) or []:
        assert any(source == path or source.startswith(path + ".") for source in sources), path


def test_lists_of_the_schema_are_marked() -> None:
    assert one("lines.sku") == [("lines.sku",)]
    assert one("lines.sku", lists=["lines"]) == [("lines[].sku",)]


def test_fields_of_a_step_for_each_item_come_from_the_items() -> None:
    assert drawn(lines([FieldMapping("Number", "sku")], each="order.lines")) == [
        ("order.lines[].sku", "field", "Number")
    ]


# --- the flow that ships


@pytest.fixture(scope="module")
def flow() -> Flow:
    path = ROOT / "saved_mappings/ccv-orders-to-eaccounting.json"
    return read_flow(path.stem, json.loads(path.read_text(encoding="utf-8")))


def test_prices_of_the_shipped_flow_lead_to_the_shop_rows(flow: Flow) -> None:
    [order] = [step for step in flow.steps if step.name == "order"]
    made = {(line.source, line.target): line for line in lines(order.fields, values=flow.values)}

    assert made["orderrows[].total_price", "Rows[].UnitPrice"].via[-1] == "goods"
    assert made["orderrows[].count", "Rows[].Quantity"].via[-1] == "goods"
    assert made["$steps.articles.Id", "Rows[].ArticleId"].kind == "step"
    assert ("customer.email", "Rows[].UnitPrice") not in made


def test_every_path_of_the_shipped_flow_is_the_beginning_of_a_line(flow: Flow) -> None:
    origins = Origins(flow.values)
    for step in flow.steps:
        targets = {line.target for line in lines(step.fields, values=flow.values, each=step.each)}
        reading = {f.path for f in step.fields if origins.of(f.formula)}

        assert reading <= targets


def test_every_plain_formula_of_the_shipped_flow_has_a_reading(flow: Flow) -> None:
    titles = Titles.of(values=flow.values)
    formulas = [*flow.values.values(), *(f.formula for step in flow.steps for f in step.fields)]
    formulas += [formula for step in flow.steps for c in (*step.before, *step.after) for formula in c.formulas.values()]

    assert len(formulas) > 100
    for formula in formulas:
        said = in_words(formula, titles)

        assert "a formula of its own" not in said, formula
        assert "function $" not in said, formula
