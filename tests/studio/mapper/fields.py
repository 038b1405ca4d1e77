"""Trees, lines and words for the tests of the mapper, as Python would send them."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

TEXTS = Path(__file__).parents[3] / "studio" / "mapper" / "src" / "mapper" / "texts.ts"

Json = dict[str, Any]


def english() -> dict[str, str]:
    """The words of the trees as the component's own list has them."""
    return dict(re.findall(r'^  (\w+): "(.*)";$', TEXTS.read_text(encoding="utf-8"), re.MULTILINE))


def node(path: str, label: str, kind: str = "text", **more: Any) -> Json:
    """A field, below the one that its path stands in."""
    above, _, name = path.rpartition(".")
    parent = more.pop("parent", above.removesuffix("[]") if not above.endswith("Rows[]") else above) or None
    return {"id": path, "parent": parent, "label": label, "name": name, "type": kind, **more}


SOURCE = [
    node("ordernumber", "Order number", "integer"),
    node("create_date", "Ordered at", "datetime"),
    node("status", "Status", "integer", help="1 new, 5 sent, 7 completed"),
    node("paid", "Paid", "boolean"),
    node("paymethod", "Payment method"),
    node("currency", "Currency"),
    node("total_price", "Total with tax", "number"),
    node("shipping_price", "Shipping", "number"),
    node("note", "Note of the customer"),
    node("customer", "Customer", "object"),
    node("customer.id", "Customer id", "integer"),
    node("customer.first_name", "First name", personal=True),
    node("customer.last_name", "Last name", personal=True),
    node("customer.company", "Company"),
    node("customer.email", "E-mail", personal=True),
    node("customer.phone", "Telephone", personal=True),
    node("customer.address", "Address", "object"),
    node("customer.address.street", "Street", personal=True),
    node("customer.address.housenumber", "House number", personal=True),
    node("customer.address.zipcode", "Postal code", personal=True),
    node("customer.address.city", "City"),
    node("customer.address.country", "Country code"),
    node("orderrows", "Order rows", "list"),
    node("orderrows[].product_number", "Product number", repeated=True),
    node("orderrows[].product_name", "Product name", repeated=True),
    node("orderrows[].quantity", "Quantity", "number", repeated=True),
    node("orderrows[].unit_price", "Unit price", "number", repeated=True),
    node("orderrows[].tax", "Tax rate", "number", repeated=True),
    node("$answers", "Settings", "object"),
    node("$answers.unit", "Unit of new articles"),
    node("$answers.order_status", "Status of the new order", "integer"),
    node("$lookups", "Lookups", "object"),
    node("$lookups.payment_terms", "Payment terms by payment method", "table"),
    node("$steps", "Earlier steps", "object"),
    node("$steps.customer", "Customer in the books", "object"),
    node("$steps.customer.Id", "Id of the customer"),
    node("$facts", "About the accounts", "object"),
    node("$facts.target.currency", "Currency of the books", parent="$facts"),
]
VALUES = {
    "ordernumber": "10482",
    "create_date": "2026-11-24T09:31:07Z",
    "status": "5",
    "paid": "true",
    "paymethod": "sandboxpay_ideal",
    "currency": "EUR",
    "total_price": "148.70",
    "shipping_price": "6.95",
    "note": "Please ring twice, the bell of number 14 is broken and the dog is asleep",
    "customer.id": "88121",
    "customer.first_name": "Anna",
    "customer.last_name": "Lindqvist",
    "customer.company": "Lindqvist Interiör",
    "customer.email": "anna@example.org",
    "customer.phone": "+46 8 123 45 67",
    "customer.address.street": "Storgatan",
    "customer.address.housenumber": "14",
    "customer.address.zipcode": "114 55",
    "customer.address.city": "Stockholm",
    "customer.address.country": "SE",
    "orderrows[].product_number": "LMP-001",
    "orderrows[].product_name": "Oak floor lamp",
    "orderrows[].quantity": "2",
    "orderrows[].unit_price": "59.90",
    "orderrows[].tax": "25",
    "$answers.unit": "Stuk",
    "$answers.order_status": "2",
    "$steps.customer.Id": "id of the new customer",
    "$facts.target.currency": "EUR",
}
TARGET = [
    node("CustomerId", "Customer", required=True),
    node("OrderNumber", "Our order number", "integer", required=True),
    node("OrderDate", "Order date", "date", required=True),
    node("DeliveryDate", "Delivery date", "date"),
    node("Currency", "Currency", required=True),
    node("YourReference", "Your reference"),
    node("TermsOfPaymentId", "Terms of payment", required=True),
    node("Amount", "Amount", "number"),
    node("IsPaid", "Paid", "boolean"),
    node("Status", "Status", "integer", required=True),
    node("Note", "Remark"),
    node("InvoiceAddress", "Invoice address", "object", required=True),
    node("InvoiceAddress.Name", "Name", required=True),
    node("InvoiceAddress.Street", "Street and number", required=True),
    node("InvoiceAddress.PostalCode", "Postal code", required=True),
    node("InvoiceAddress.City", "City", required=True),
    node("InvoiceAddress.CountryCode", "Country", required=True),
    node("InvoiceAddress.Email", "E-mail"),
    node("InvoiceAddress.Phone", "Telephone"),
    node("Rows[]", "Rows", "list", required=True),
    node("Rows[].ArticleNumber", "Article number", required=True, repeated=True),
    node("Rows[].Text", "Text", repeated=True),
    node("Rows[].Quantity", "Quantity", "number", required=True, repeated=True),
    node("Rows[].UnitPrice", "Unit price", "number", required=True, repeated=True),
    node("Rows[].Unit", "Unit", repeated=True),
    node("Rows[].Discount", "Discount", "number", repeated=True),
]


def line(source: str, target: str, *, direct: bool = True, converts: str = "") -> Json:
    """A line, its kind told by where it begins."""
    kinds = {"$answers": "answer", "$lookups": "lookup", "$steps": "step", "$facts": "fact", "$values": "value"}
    made: Json = {
        "source": source,
        "target": target,
        "kind": kinds.get(source.split(".")[0], "field"),
        "direct": direct,
    }
    return {**made, "converts": converts} if converts else made


def mapped(formula: str, value: str | None, status: str = "ok", says: str = "", **more: Any) -> Json:
    """What a mapped field shows."""
    told = {"formula": formula, "chip": formula, "value": value, "status": status, "says": says, "write": "always"}
    return {**told, **more}


LINES = [
    line("$steps.customer.Id", "CustomerId"),
    line("ordernumber", "OrderNumber"),
    line("create_date", "OrderDate", direct=False, converts="date and time → date"),
    line("currency", "Currency", direct=False),
    line("$facts.target.currency", "Currency", direct=False),
    line("paymethod", "TermsOfPaymentId", direct=False),
    line("$lookups.payment_terms", "TermsOfPaymentId", direct=False),
    line("total_price", "Amount"),
    line("$answers.order_status", "Status"),
    line("customer.first_name", "InvoiceAddress.Name", direct=False),
    line("customer.last_name", "InvoiceAddress.Name", direct=False),
    line("customer.company", "InvoiceAddress.Name", direct=False),
    line("customer.address.street", "InvoiceAddress.Street", direct=False),
    line("customer.address.housenumber", "InvoiceAddress.Street", direct=False),
    line("customer.address.city", "InvoiceAddress.City"),
    line("customer.email", "InvoiceAddress.Email"),
    line("orderrows", "Rows[]"),
    line("orderrows[].product_number", "Rows[].ArticleNumber"),
    line("orderrows[].product_name", "Rows[].Text"),
    line("orderrows[].quantity", "Rows[].Quantity"),
    line("orderrows[].unit_price", "Rows[].UnitPrice", direct=False),
    line("orderrows[].tax", "Rows[].UnitPrice", direct=False),
    line("$answers.unit", "Rows[].Unit"),
]
NAME = "customer.company ? customer.company : customer.first_name & ' ' & customer.last_name"
FIELDS = {
    "CustomerId": mapped("$steps.customer.Id", "id of the new customer"),
    "OrderNumber": mapped("ordernumber", "10482"),
    "OrderDate": mapped(
        "$local_date(create_date)", "2026-11-24", "note", "The time was left out: this field is a date."
    ),
    "Currency": mapped("currency ? currency : $facts.target.currency", "EUR"),
    "TermsOfPaymentId": mapped("$lookup_of('payment_terms', paymethod)", "Betaaldienst"),
    "Amount": mapped("total_price", "148.70", "warning", "It includes tax; the field wants it without."),
    "Status": mapped("$answers.order_status", "2", write="on_create"),
    "InvoiceAddress.Name": mapped(NAME, "Lindqvist Interiör", note="Agreed with sales: the company goes first."),
    "InvoiceAddress.Street": mapped("customer.address.street & ' ' & customer.address.housenumber", "Storgatan 14"),
    "InvoiceAddress.City": mapped("customer.address.city", "Stockholm"),
    "InvoiceAddress.Email": mapped("customer.email", "anna@example.org", write="if_empty"),
    "Rows[]": mapped("orderrows", None),
    "Rows[].ArticleNumber": mapped("product_number", "LMP-001"),
    "Rows[].Text": mapped("product_name", "Oak floor lamp"),
    "Rows[].Quantity": mapped("quantity", "2"),
    "Rows[].UnitPrice": mapped("$round(unit_price / (1 + tax)", None, "error", "A ) is missing at column 30."),
    "Rows[].Unit": mapped("$answers.unit", "Stuk"),
}
SUGGESTIONS = [
    {
        "target": "InvoiceAddress.PostalCode",
        "source": "customer.address.zipcode",
        "formula": "customer.address.zipcode",
        "why": "same meaning",
    },
    {
        "target": "InvoiceAddress.CountryCode",
        "source": "customer.address.country",
        "formula": "customer.address.country",
        "why": "same value in 40 samples",
    },
    {"target": "Note", "source": "note", "formula": "note", "why": "same name"},
]


def trees(revision: str = "r1", **more: Any) -> Json:
    """The trees of an order."""
    source = {"title": "Orders of CCV Shop", "nodes": SOURCE}
    target = {"title": "Order in eAccounting", "nodes": TARGET}
    return {"kind": "trees", "revision": revision, "source": source, "target": target, "texts": english(), **more}


def mapper(**more: Any) -> Json:
    """The mapping of an order."""
    made: Json = {
        "kind": "mapper",
        "trees": "r1",
        "step": "order",
        "lines": LINES,
        "fields": FIELDS,
        "values": VALUES,
        "suggestions": [],
        "selected": None,
        "acknowledged": {},
        "progress": {"required_mapped": 11, "required": 13, "problems": 2},
        "height": 520,
    }
    return {**made, **more}


def many(count: int, *, linked: int = 3) -> tuple[Json, Json]:
    """Trees of so many fields a side, of which each `linked`-th has a line."""
    groups = [node(f"g{group}", f"Group {group}", "object") for group in range(count // 20)]
    source, target = [], []
    for group in groups:
        number = group["id"][1:]
        source += [group, *(node(f"g{number}.f{n}", f"Field {number}.{n}") for n in range(19))]
        target += [group, *(node(f"g{number}.f{n}", f"Field {number}.{n}", required=n % 4 == 0) for n in range(19))]
    paths = [each["id"] for each in source if each["type"] != "object"]
    goal = paths[::linked]
    lines = [line(paths[(7 * at) % len(paths)], path) for at, path in enumerate(goal)]
    fields = {each["target"]: mapped(each["source"], f"value of {each['source']}") for each in lines}
    sides = {"source": {"title": "Many", "nodes": source}, "target": {"title": "Many", "nodes": target}}
    values = {path: f"value of {path}" for path in paths}
    return trees(**sides), mapper(lines=lines, fields=fields, values=values)
