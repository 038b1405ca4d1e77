"""The shipped flow's mapping written by hand in Python, as a bare script would: what the engine is compared with."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

EU = frozenset("AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split())
LIMIT = Decimal("0.05")
CENT = Decimal("0.01")


class Skip(Exception):
    """The engine parks this order; so does the script."""


@dataclass(slots=True)
class Tables:
    """Values of the books that the mapping needs: ids by name, rate by coding."""

    terms: dict[str, str]
    codings: dict[int, str]
    rate_of_coding: dict[str, float]
    unit: str
    country: str = "NL"
    currency: str = "EUR"


@dataclass(slots=True)
class Worked:
    """What an order comes to."""

    is_company: bool
    zero_rated: bool
    basis: str
    country: str
    vat_number: str | None
    lines: list[dict[str, Any]] = field(default_factory=list)
    tax: Decimal = Decimal(0)
    total: Decimal = Decimal(0)


def first(*values: Any) -> Any:
    """The first value that is filled, trimmed."""
    for value in values:
        if isinstance(value, str):
            value = value.strip()
        if value not in (None, ""):
            return value
    return None


def joined(*values: Any) -> str | None:
    return " ".join(str(v).strip() for v in values if v not in (None, "")) or None


def fit(value: Any, most: int) -> str | None:
    return None if value is None else str(value)[:most]


def _money(value: Any) -> Decimal:
    return Decimal(repr(value))


def _cents(value: Decimal) -> Decimal:
    return value.quantize(CENT, ROUND_HALF_UP)


def _plain(value: Decimal) -> float | int:
    return int(value) if value == value.to_integral_value() else float(value)


def document_sums(lines: list[dict[str, Any]], basis: str) -> tuple[Decimal, Decimal]:
    """(tax, total) of the lines: rows rounded to the cent, tax worked out for each rate."""
    by_rate: dict[Decimal, Decimal] = {}
    for line in lines:
        rate = _money(line["rate"])
        by_rate[rate] = by_rate.get(rate, Decimal(0)) + _cents(_money(line["quantity"]) * line["price"])
    tax = total = Decimal(0)
    for rate, amount in by_rate.items():
        of_rate = _cents(amount * rate / (100 + rate if basis == "gross" else Decimal(100)))
        tax += of_rate
        total += amount if basis == "gross" else amount + of_rate
    return tax, total


def work_out(order: dict[str, Any], tables: Tables) -> Worked:
    """Basis, lines and sums of an order."""
    bill = order["customer"]["billingaddress"]
    is_company = first(bill.get("company")) is not None
    country = str(first(bill.get("country_code"), tables.country)).upper()
    vat = first(re.sub(r"[^A-Za-z0-9]", "", order["customer"].get("btw") or "").upper())
    zero = country != tables.country and (country not in EU or (is_company and vat is not None))
    worked = Worked(is_company, zero, "net" if is_company else "gross", country, vat)
    rows = order["orderrows"]
    rows_basis = "gross" if order["order_row_taxes_included"] else "net"
    top = max((row["tax"] for row in rows), default=0 if zero else 21)
    for row in rows:
        amount = (_money(row["total_price"]) / _money(row["count"])).quantize(Decimal("0.000001"), ROUND_HALF_UP)
        number = first(row["sub_sku_number"], row["sub_product_number"], row["product_number"])
        ending = "-25" if row["tax"] == 25 else ""
        named = str(number) + ending if number is not None else None
        _line(worked, named, row["product_name"], row["count"], amount, rows_basis, row["tax"], goods=True)
    _charges(worked, order, rows_basis, top)
    _round(worked, order, top)
    return worked


def _line(
    worked: Worked, number: str | None, text: str, quantity: Any, amount: Decimal, basis: str, rate: Any, *, goods: bool
) -> None:
    factor = 1 + _money(rate) / 100
    price = amount if basis == worked.basis else amount / factor if basis == "gross" else amount * factor
    worked.lines.append(
        {
            "number": number if goods else f"{number}-{rate:g}",
            "text": text,
            "quantity": quantity,
            "rate": 0 if worked.zero_rated else rate,
            "coding_rate": 21 if worked.zero_rated and goods else rate,
            "price": _cents(price),
        }
    )


def _charges(worked: Worked, order: dict[str, Any], basis: str, top: Any) -> None:
    if order["total_shipping"]:
        rate = order["shipping_tax_percentage"] if order["shipping_taxes_included"] else 0
        _line(worked, "SHIPPING", "Shipping", 1, _money(order["total_shipping"]), "gross", rate, goods=False)
    if order["paymethod_costs"]:
        text = f"Payment fee: {order['paymethod_label']}"
        _line(worked, "FEE", text, 1, _money(order["paymethod_costs"]), basis, top, goods=False)
    if order["extra_costs"]:
        text = first(order.get("extra_costs_description"), "Extra costs")
        _line(worked, "EXTRA", text, 1, _money(order["extra_costs"]), basis, top, goods=False)
    for name, text, amount in (
        ("DISCOUNT", "Discount", order["total_discounts"]),
        ("CREDIT", "Credit points", order["credit_point_discount"]),
    ):
        if amount:
            for rate, part in _shares(_money(amount), order["orderrows"]):
                if part:
                    _line(worked, name, text, 1, -part, basis, rate, goods=False)


def _shares(amount: Decimal, rows: list[dict[str, Any]]) -> list[tuple[Any, Decimal]]:
    """The amount spread over the rates by what the rows cost; the cents left go to the largest remainders."""
    rates = sorted({row["tax"] for row in rows})
    weights = [sum((_money(r["total_price"]) for r in rows if r["tax"] == rate), Decimal(0)) for rate in rates]
    whole = sum(weights, Decimal(0)) or Decimal(1)
    exact = [amount * weight / whole for weight in weights]
    parts = [(share // CENT) * CENT for share in exact]
    left = int((amount - sum(parts, Decimal(0))) / CENT)
    for i in sorted(range(len(parts)), key=lambda i: parts[i] - exact[i])[:left]:
        parts[i] += CENT
    return list(zip(rates, parts, strict=True))


def _round(worked: Worked, order: dict[str, Any], top: Any) -> None:
    """Rounding rows where tax or total differ by cents."""
    tax, _ = document_sums(worked.lines, worked.basis)
    shift = Decimal(0)
    off = Decimal(0) if worked.zero_rated else _money(order["total_tax"]) - tax
    if off and top > 0 and abs(off) <= LIMIT:
        rate = _money(top)
        shift = _cents(off * (100 + rate if worked.basis == "gross" else 100) / rate)
    if shift:
        worked.lines.append(_rounding(top, shift))
    difference = _money(order["total_price"]) - document_sums(worked.lines, worked.basis)[1]
    if difference and abs(difference + shift) <= LIMIT:
        worked.lines.append(_rounding(0, difference))
    worked.tax, worked.total = document_sums(worked.lines, worked.basis)


def _rounding(rate: Any, price: Decimal) -> dict[str, Any]:
    number = f"ROUNDING-{rate:g}"
    return {"number": number, "text": "Rounding", "quantity": 1, "rate": rate, "coding_rate": rate, "price": price}


def customer_body(order: dict[str, Any], worked: Worked, tables: Tables) -> dict[str, Any]:
    """The customer's fields for a creation; Skip where the payment method has no payment term."""
    bill = order["customer"]["billingaddress"]
    if order["paymethod"] not in tables.terms:
        raise Skip
    person = first(bill.get("full_name"), joined(bill.get("first_name"), bill.get("last_name")))
    body = {
        "Name": fit(bill["company"] if worked.is_company else person, 50),
        "EmailAddress": order["customer"]["email"].strip().lower(),
        "IsPrivatePerson": not worked.is_company,
        "IsActive": True,
        "ContactPersonName": fit(person, 100) if worked.is_company else None,
        "CorporateIdentityNumber": fit(first(order["customer"].get("kvk")), 20) if worked.is_company else None,
        "VatNumber": worked.vat_number if worked.is_company else None,
        "InvoiceAddress1": fit(_street(bill), 50),
        "InvoicePostalCode": fit(first(bill.get("zipcode")), 10),
        "InvoiceCity": fit(first(bill.get("city")), 50),
        "InvoiceCountryCode": worked.country,
        "Telephone": fit(first(bill.get("telephone")), 50),
        "MobilePhone": fit(first(bill.get("mobile")), 50),
        "TermsOfPaymentId": tables.terms[order["paymethod"]],
    }
    return {name: value for name, value in body.items() if value is not None}


def _street(address: dict[str, Any]) -> str | None:
    if first(address.get("street")):
        return joined(address["street"], address.get("housenumber"), address.get("housenumber_suffix"))
    found: str | None = first(address.get("address_line_1"), address.get("address_line1"))
    return found


def article_body(line: dict[str, Any], worked: Worked, tables: Tables) -> dict[str, Any]:
    """The fields of a new article."""
    if line["coding_rate"] not in tables.codings or len(line["number"]) > 40:
        raise Skip
    price = line["price"]
    if worked.basis == "gross":
        price = _cents(price / (1 + _money(line["rate"]) / 100))
    return {
        "Number": line["number"],
        "Name": fit(first(line["text"], line["number"]), 50),
        "CodingId": tables.codings[line["coding_rate"]],
        "UnitId": tables.unit,
        "IsActive": True,
        "NetPrice": _plain(price),
    }


def check(
    order: dict[str, Any], worked: Worked, customer: dict[str, Any], articles: dict[str, Any], tables: Tables
) -> None:
    """Skip where the order's sums, currency or taxes do not agree with the books'."""
    home = str(first(customer.get("InvoiceCountryCode"), tables.country)).upper()
    company = not customer.get("IsPrivatePerson") and first(customer.get("VatNumber")) is not None
    free = home != tables.country and (home not in EU or company)
    rates = tables.rate_of_coding
    if (
        not order["orderrows"]
        or order["currency"] != tables.currency
        or worked.zero_rated != free
        or _money(order["total_price"]) != worked.total
        or abs(_money(order["total_tax"]) - worked.tax) > LIMIT
        or (
            not worked.zero_rated
            and any(rates[articles[line["number"]]["CodingId"]] != line["rate"] for line in worked.lines)
        )
    ):
        raise Skip


def order_body(
    order: dict[str, Any], worked: Worked, customer: dict[str, Any], articles: dict[str, Any]
) -> dict[str, Any]:
    """The order's fields with its rows."""
    to = order["customer"].get("deliveryaddress") or {}
    name = first(to.get("company"), to.get("full_name"), joined(to.get("first_name"), to.get("last_name")))
    code = first(to.get("country_code"))
    rows = [
        {
            "LineNumber": i,
            "ArticleId": articles[line["number"]]["Id"],
            "IsTextRow": False,
            "Text": fit(first(line["text"], line["number"]), 2000),
            "UnitPrice": _plain(line["price"]),
            "Quantity": line["quantity"],
            "IsWorkCost": False,
            "EligibleForReverseChargeOnVat": False,
        }
        for i, line in enumerate(worked.lines, 1)
    ]
    body = {
        "CustomerId": customer["Id"],
        "CurrencyCode": order["currency"],
        "OrderDate": order["create_date"][:10],
        "Status": 2,
        "BuyersOrderReference": order["ordernumber_full"],
        "YourReference": fit(first(order["customer"].get("reference")), 100),
        "DeliveryCustomerName": fit(name, 50),
        "DeliveryAddress1": fit(_street(to), 50),
        "DeliveryPostalCode": fit(first(to.get("zipcode")), 10),
        "DeliveryCity": fit(first(to.get("city")), 50),
        "DeliveryCountryCode": str(code).upper() if code else None,
        "DeliveryMethodName": fit(first(order.get("deliver_method")), 50),
        "EuThirdParty": False,
        "RotReducedInvoicingType": 0,
        "ReverseChargeOnConstructionServices": False,
        "Rows": rows,
    }
    return {name: value for name, value in body.items() if value is not None}
