"""A person who types the expected orders into the targets by hand finds them taken, and the sums right.

No flow and no connector is asked: what is typed in comes from the expected files alone. It shows that they ask for
nothing a target cannot hold, and that what its own arithmetic leaves are cents.
"""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest

from sandbox.clock import Clock
from sandbox.eaccounting import articles, customers, orders
from sandbox.eaccounting.books import Books
from sandbox.eaccounting.world import fill, terms_named
from sandbox.specter import Specter
from sandbox.specter.books import sums
from sandbox.specter.submitting import new_customer, new_order
from tests.design.starter.expected_orders import load
from tests.design.starter.expected_setup import set_up

Doc = dict[str, Any]
NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
LIMIT = Decimal("0.05")


def cents(amount: str) -> Decimal:
    return Decimal(amount).quantize(Decimal("0.01"), ROUND_HALF_UP)


def number_of(row: Doc, conventions: Doc) -> str:
    return row.get("sku") or f"{conventions['charge_numbers'][row['charge']]}-{row['rate']}"


def prepared(setup: Doc) -> Books:
    """The books of the company that the file names, with a coding for each rate it needs."""
    books = Books(7, NOW)
    fill(books, 7, 20, NOW)
    books.settings.update(setup.get("company", {}))
    set_up(books, setup)
    return books


def booked(books: Books, order: Doc, conventions: Doc) -> Doc:
    customer = order["customer"]
    wanted = {
        "Name": "name",
        "EmailAddress": "email",
        "IsPrivatePerson": "is_person",
        "VatNumber": "vat_number",
        "CorporateIdentityNumber": "registration_number",
        "InvoiceAddress1": "billing.line1",
        "InvoicePostalCode": "billing.postcode",
        "InvoiceCity": "billing.city",
        "InvoiceCountryCode": "billing.country",
        "DeliveryAddress1": "shipping.line1",
        "ContactPersonName": "contact_name",
        "Telephone": "phone",
        "MobilePhone": "mobile",
    }
    sent = {field: customer.get(f"customer.{meaning}") for field, meaning in wanted.items()}
    sent |= {"IsActive": True, "TermsOfPaymentId": terms_named(books, "14 dagen")["Id"]}
    buyer = customers.make(books, sent, None, NOW)
    books["customers"].put(buyer)
    rows = [booked_row(books, row, order["prices"], conventions) for row in order["rows"]]
    head = {"CustomerId": buyer["Id"], "CurrencyCode": order["order"]["order.currency"], "Rows": rows, "Status": 2}
    head |= {"OrderDate": order["order"]["order.placed_at"][:10], "EuThirdParty": False}
    head |= {"RotReducedInvoicingType": 0, "ReverseChargeOnConstructionServices": False}
    return orders.make(books, head, None, NOW)


def booked_row(books: Books, row: Doc, basis: str, conventions: Doc) -> Doc:
    number, rate = number_of(row, conventions), float(row["rate"])
    known = books["articles"].having("Number", number)
    if not known:
        codings = books["articleaccountcodings"]
        coding = next(one for one in codings if one["VatRatePercent"] == rate and one["IsActive"])
        new = {"Number": number, "Name": number, "IsActive": True, "CodingId": coding["Id"], "NetPrice": 1}
        known = [articles.make(books, {**new, "UnitId": books["units"].slice(0, 1)[0]["Id"]}, None, NOW)]
        books["articles"].put(known[0])
    return {
        "ArticleId": known[0]["Id"],
        "Text": row.get("name"),
        "UnitPrice": float(cents(row[basis])),
        "Quantity": float(row["quantity"]),
        "IsTextRow": False,
        "IsWorkCost": False,
        "EligibleForReverseChargeOnVat": False,
        "LineNumber": 1,
    }


@pytest.mark.parametrize("source", ["ccv-shop", "abicart"])
def test_the_books_take_each_order_and_come_to_its_totals_but_for_cents(source: str) -> None:
    document = load(source, "eaccounting")
    wrong = {}
    for number, order in document["orders"].items():
        books = prepared(document["setup"])
        made = booked(books, order, document["conventions"])
        assert made["IncludesVat"] is (order["prices"] == "gross"), number
        total, tax = Decimal(str(made["Amount"])), Decimal(str(made["VatAmount"]))
        if abs(total - Decimal(order["total_gross"])) > LIMIT or abs(tax - Decimal(order["total_tax"])) > LIMIT:
            wrong[number] = (total, tax, order["total_gross"], order["total_tax"])
    assert wrong == {}


FIELDS = {
    "name": "name",
    "email": "emailAddress",
    "billing.line1": "address",
    "billing.postcode": "zipCodeEng",
    "billing.city": "city",
    "billing.country": "countryCode",
    "shipping.name": "deliveryCompanyName",
    "shipping.line1": "deliveryAddress",
    "contact_name": "contactPerson",
    "phone": "phoneNo",
    "mobile": "mobileNo",
    "vat_number": "vatNo",
    "registration_number": "orgNo",
    "currency": "currency",
}


def form_of(order: Doc, customer: str, conventions: Doc) -> Doc:
    head = order["order"]
    form = {"customerId": customer, "externalOrderNo": head["order.external_number"]}
    form |= {"currency": head["order.currency"], "payTypeIdentifier": head["order.payment.method"], "webshopId": "1"}
    form |= {"publishedComment": head.get("order.message", ""), "internalComment": head.get("order.note", "")}
    for place, row in enumerate(order["rows"], 1):
        number = number_of(row, conventions)
        form |= {f"articleNo_{place}": number, f"articleName_{place}": row.get("name") or number}
        form |= {f"priceExclVAT_{place}": row["net"], f"noOfItems_{place}": row["quantity"]}
        form |= {f"vatPercent_{place}": row["rate"]}
    return form


@pytest.mark.parametrize("source", ["ccv-shop", "abicart"])
def test_specter_takes_each_order_and_comes_to_its_totals_but_for_cents(source: str) -> None:
    document, wrong = load(source, "specter"), {}
    for number, order in document["orders"].items():
        specter = Specter(Clock(), seed=7, orders=0)
        held = {name.removeprefix("customer."): value for name, value in order["customer"].items()}
        person = {"customerOrganizationalForm": "P" if held["is_person"] else "C"}
        form = person | {field: held[name] for name, field in FIELDS.items() if name in held}
        [buyer] = new_customer(specter.books, form, specter.choices, NOW)
        [made] = new_order(specter.books, form_of(order, buyer, document["conventions"]), specter.choices, NOW)
        net, tax = sums(specter.books.orders[made])
        if abs(net + tax - Decimal(order["total_gross"])) > LIMIT or abs(tax - Decimal(order["total_tax"])) > LIMIT:
            wrong[number] = (net, tax, order["total_net"], order["total_tax"])
    assert wrong == {}
