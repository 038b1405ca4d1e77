"""What a person does with orders, invoices and lists inside the system."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sandbox.eaccounting import orders
from sandbox.eaccounting.books import Books
from sandbox.eaccounting.errors import made
from sandbox.eaccounting.filter_tokens import write_moment
from sandbox.eaccounting.models import Record


def change_order(books: Books, arguments: Record, now: datetime) -> object:
    """Change fields of the order of that number, as its status."""
    order = _one(books, "orders", "Number", arguments)
    changed = made(lambda: orders.make(books, {**order, **arguments.get("fields", {})}, order, now))
    books["orders"].put(changed)
    return changed


def delete_order(books: Books, arguments: Record, _: datetime) -> object:
    """Delete the order of that number."""
    order = _one(books, "orders", "Number", arguments)
    books["orders"].remove(order["Id"])
    return order["Id"]


def credit_invoice(books: Books, arguments: Record, now: datetime) -> object:
    """Credit the invoice of that number whole: a credit invoice, which the invoice names."""
    invoice = _one(books, "customerinvoices", "InvoiceNumber", arguments)
    if invoice["CreditedBy"]:
        raise ValueError(f"The invoice {invoice['InvoiceNumber']} is credited already.")
    number, moment = books.take_number("invoice"), write_moment(now)
    # not documented: the signs of a credit invoice; its sums are those of the invoice, below zero.
    sums = {name: -invoice[name] for name in ("TotalAmount", "TotalVatAmount", "TotalAmountInvoiceCurrency")}
    credit = {**invoice, **sums, "Id": books.ids.guid("invoice"), "InvoiceNumber": number, "IsCreditInvoice": True}
    books["customerinvoices"].put({**credit, "CreatedUtc": moment, "ModifiedUtc": moment})
    # visma-eaccounting-schemas.json, CustomerInvoiceApi.CreditedBy; not documented: the fields of CreditedByApi.
    named = [{"Id": credit["Id"], "InvoiceNumber": number}]
    books["customerinvoices"].put({**invoice, "CreditedBy": named, "ModifiedUtc": moment})
    return credit


def remove_terms(books: Books, arguments: Record, _: datetime) -> object:
    """Remove the terms of payment of that name."""
    return _removed(books, "termsofpayments", arguments)


def remove_delivery_method(books: Books, arguments: Record, _: datetime) -> object:
    """Remove the delivery method of that name."""
    return _removed(books, "deliverymethods", arguments)


ON_SALES: dict[str, Callable[[Books, Record, datetime], object]] = {
    "change_order": change_order,
    "delete_order": delete_order,
    "credit_invoice": credit_invoice,
    "remove_terms": remove_terms,
    "remove_delivery_method": remove_delivery_method,
}


def _removed(books: Books, shelf: str, arguments: Record) -> Any:
    found = books[shelf].having("Name", arguments.get("name"))
    if len(found) != 1:
        raise ValueError(f"{len(found)} of {shelf} have the name {arguments.get('name')!r}; one is needed.")
    books[shelf].remove(found[0]["Id"])
    return found[0]["Id"]


def _one(books: Books, shelf: str, field: str, arguments: Record) -> Record:
    found = books[shelf].having(field, arguments.get("number"))
    if len(found) != 1:
        raise ValueError(f"There is no {field} {arguments.get('number')!r} in {shelf}.")
    return found[0]
