"""Shows what the books hold as tables of text."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from sandbox.eaccounting.books import Books
from sandbox.eaccounting.models import Record
from sandbox.system import Table

_CUSTOMERS = (
    "CustomerNumber Name EmailAddress InvoiceCity InvoiceCountryCode VatNumber IsPrivatePerson IsActive ChangedUtc"
)
_ARTICLES = "Number Name CodingName NetPrice GrossPrice StockBalance IsActive ChangedUtc"
_ORDERS = (
    "Number OrderDate Status CustomerNumber CustomerName CurrencyCode IncludesVat Amount VatAmount "
    "RoundingsAmount YourReference BuyersOrderReference"
)
_ORDER_ROWS = "LineNumber ArticleNumber Text Quantity UnitPrice DiscountPercentage Amount"
_DRAFTS = (
    "InvoiceDate CustomerNumber CustomerName InvoiceCurrencyCode IncludesVat TotalAmount TotalVatAmount YourReference"
)
_DRAFT_ROWS = "LineNumber ArticleNumber Text Quantity UnitPrice DiscountPercentage"

_QUOTES = (
    "Number QuoteDate Status CustomerNumber CustomerName CurrencyCode IncludesVat TotalAmount VatAmount "
    "RoundingsAmount BuyersOrderReference"
)
_QUOTE_ROWS = "LineNumber ArticleNumber Text Quantity UnitPrice DiscountPercentage Amount"
_INVOICES = (
    "InvoiceNumber InvoiceDate DueDate CustomerNumber CustomerName CurrencyCode IncludesVat TotalAmount "
    "TotalVatAmount RemainingAmount PaymentStatus BuyersOrderReference"
)
_INVOICE_ROWS = "LineNumber ArticleNumber Text Quantity UnitPrice DiscountPercentage PercentVat"
_PAYMENTS = "InvoiceId PaymentDate PaymentAmount PaymentCurrency PaymentType Reference"


def tables(books: Books, refused: Iterable[Sequence[str]]) -> list[Table]:
    """Give the tables, the newest record first."""
    orders, drafts = books["orders"], books["customerinvoicedrafts"]
    quotes, invoices = books["quotes"], books["customerinvoices"]
    return [
        _table("Customers", _CUSTOMERS, books["customers"]),
        _table("Articles", _ARTICLES, books["articles"]),
        _table("Orders", _ORDERS, orders),
        _row_table("Order rows", "Number", _ORDER_ROWS, orders),
        _table("Invoice drafts", _DRAFTS, drafts),
        _row_table("Invoice draft rows", "Id", _DRAFT_ROWS, drafts),
        _table("Quotes", _QUOTES, quotes),
        _row_table("Quote rows", "Number", _QUOTE_ROWS, quotes),
        _table("Invoices", _INVOICES, invoices),
        _row_table("Invoice rows", "InvoiceNumber", _INVOICE_ROWS, invoices),
        _table("Payments", _PAYMENTS, books["invoicepayments"]),
        Table("Requests refused", ["At", "Method", "Path", "Status", "Reason"], [list(r) for r in refused][::-1]),
    ]


def _table(title: str, names: str, records: Iterable[Record]) -> Table:
    columns = names.split()
    return Table(title, columns, [[_text(record[c]) for c in columns] for record in records][::-1])


def _row_table(title: str, document: str, names: str, records: Iterable[Record]) -> Table:
    columns = names.split()
    rows = [[_text(r[document]), *(_text(row[c]) for c in columns)] for r in list(records)[::-1] for row in r["Rows"]]
    return Table(title, [document, *columns], rows)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return str(value)
