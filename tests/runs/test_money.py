"""Money: what stands in the books is what the shop charged, to the cent, or a person is shown why it is not there.

The shop and the books are read from the sandboxes themselves, so nothing the engine believes is believed here.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any, NamedTuple

import pytest

from engine.runs.run import RunOptions, RunReport

CANCELLED, ON_ACCOUNT = 8, "offline_invoice"
NOT_CHOSEN = (4, CANCELLED, None)  # waiting for payment, cancelled, unfinished
CHARGES = ("SHIPPING-", "FEE-", "EXTRA-", "DISCOUNT-", "CREDIT-", "ROUNDING-")
LARGEST_ROUNDING = Decimal("0.05")
REASONS = (  # each parked order shows one of these; sums are shown both
    "the sums do not agree: ",
    "The lookup «Payment terms by payment method» has no row for ‹klarna_later›",
    "the order has no rows",
    "the match value (article number) is missing, so the record cannot be looked up",
    "the text has 50 characters, the target takes 40",
    "these articles bear another tax in the books than in the order: ",
    "The article ART-1029 is not active.",
)
FIELDS = {  # the resource and its fields: total, tax
    "order": ("orders", "Amount", "VatAmount"),
    "draft": ("customerinvoicedrafts", "TotalAmount", "TotalVatAmount"),
    "invoice": ("customerinvoices", "TotalAmount", "TotalVatAmount"),
    "quote": ("quotes", "TotalAmount", "VatAmount"),
}


class Settled(NamedTuple):
    """A shop of many orders after one run."""

    stage: Any
    report: RunReport
    document: str
    tax_rounding: str

    @property
    def documents(self) -> dict[str, list[dict[str, Any]]]:
        found: dict[str, list[dict[str, Any]]] = self.stage.documents(FIELDS[self.document][0])
        return found

    def numbers(self) -> Callable[[dict[str, Any]], str]:
        """The article's number of a row in the books."""
        known = {article["Id"]: article["Number"] for article in self.stage.held("articles")}
        return lambda row: str(known[row["ArticleId"]])


SETTINGS = [
    ("order", "rows", 200),
    ("draft", "park", 200),
    ("order", "park", 60),
    ("draft", "rows", 60),
    ("invoice", "rows", 60),
    ("quote", "rows", 60),
]


@pytest.fixture(scope="module", params=SETTINGS, ids=lambda setting: "-".join(map(str, setting)))
def settled(request: pytest.FixtureRequest, module_stage: Callable[..., Any]) -> Settled:
    document, tax_rounding, orders = request.param
    stage = module_stage(orders=orders, document=document, tax_rounding=tax_rounding)
    return Settled(stage, stage.run(RunOptions(threads=8)), document, tax_rounding)


def money(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(Decimal("0.01"))


def wanted(stage: Any) -> dict[str, dict[str, Any]]:
    """The orders that belong in the books: finished, in a chosen status, paid or on account."""
    return {
        number: order
        for number, order in stage.shop_orders().items()
        if order["status"] not in NOT_CHOSEN and (order["paid"] or order["paymethod"] == ON_ACCOUNT)
    }


def test_every_order_is_in_the_books_once_or_parked(settled: Settled) -> None:
    there, parked = settled.documents, {record.number for record in settled.report.parked}
    expected = set(wanted(settled.stage))

    assert settled.report.stopped is None
    assert expected == set(there) | parked
    assert not set(there) & parked
    assert {1} == {len(documents) for documents in there.values()}
    assert len(there) == settled.report.counts["created"] > 0.6 * len(expected)


def test_total_and_tax_are_the_shops_to_the_cent(settled: Settled) -> None:
    _, total, tax = FIELDS[settled.document]
    orders, number_of = settled.stage.shop_orders(), settled.numbers()
    rounded = 0
    for number, [document] in settled.documents.items():
        order = orders[number]
        rounding = [row for row in document["Rows"] if number_of(row).startswith("ROUNDING-")]
        rounded += bool(rounding)
        off = abs(money(document[tax]) - money(order["total_tax"]))

        assert money(order["total_price"]) == money(document[total]), number
        assert off == 0, number
        net = sum((money(row["UnitPrice"]) for row in rounding), Decimal(0))
        assert abs(net) <= LARGEST_ROUNDING, number
    assert rounded > 0


def test_lines_are_those_of_the_order(settled: Settled) -> None:
    number_of = settled.numbers()
    for number, [document] in settled.documents.items():
        rows = settled.stage.shop_orders()[number]["rows"]
        goods = [(article_of(row, settled.document), row["count"]) for row in rows]
        found = [(number_of(row), row["Quantity"]) for row in document["Rows"]]

        assert goods == found[: len(goods)], number
        assert all(name.startswith(CHARGES) for name, _ in found[len(goods) :]), number


def article_of(row: dict[str, Any], document: str) -> str:
    """An order's row takes its tax from its article, so Swedish goods have articles of their own."""
    ending = "-25" if row["tax"] == 25 and document != "draft" else ""
    return f"{row['product_number']}{ending}"


def test_amounts_of_the_rows_add_up_to_the_total(settled: Settled) -> None:
    """Nothing is hidden in a sum: the rows alone, with their tax where prices have none, give the total."""
    _, total, tax = FIELDS[settled.document]
    customers = {customer["Id"]: customer for customer in settled.stage.held("customers")}
    for number, [document] in settled.documents.items():
        rows = sum((money(row["UnitPrice"] * row["Quantity"]) for row in document["Rows"]), Decimal(0))
        private = customers[document["CustomerId"]]["IsPrivatePerson"]

        assert money(document[total]) == rows + (0 if private else money(document[tax])), number


def test_parked_orders_show_a_reason(settled: Settled) -> None:
    for record in settled.report.parked:
        problem = record.problems[0]

        assert any(reason in problem.what for reason in REASONS), f"{record.number}: {problem}"
        assert problem.where and problem.what_to_do
        if "sums do not agree" in problem.what:
            assert_both_sums(settled, record.number, str(problem))


def assert_both_sums(settled: Settled, number: str, shown: str) -> None:
    order = settled.stage.shop_orders()[number]
    field = "total_price" if ", the total: " in shown else "total_tax"
    assert f"{money(order[field])} in CCV Shop, " in shown
    assert f"{money(order[field])} in Visma eAccounting" not in shown


def test_other_orders_wait_or_are_skipped(settled: Settled) -> None:
    stage = settled.stage
    for number in set(stage.shop_orders()) - set(wanted(stage)):
        cancelled = stage.shop_orders()[number]["status"] == CANCELLED
        assert ("skipped" if cancelled else "waiting") == stage.state(number), number


def test_parking_leaves_tax_differences_to_people(settled: Settled) -> None:
    """With the policy `park` no rounding row bears tax; with `rows` no order waits for the cents of its tax."""
    number_of = settled.numbers()
    with_tax = [
        number
        for number, [document] in settled.documents.items()
        if any(number_of(row).startswith("ROUNDING-") and number_of(row) != "ROUNDING-0" for row in document["Rows"])
    ]
    for_tax = [r.number for r in settled.report.parked if r.problems[0].where.endswith(", the tax")]

    if settled.tax_rounding == "park":
        assert with_tax == [] and for_tax
    else:
        assert with_tax and for_tax == []
