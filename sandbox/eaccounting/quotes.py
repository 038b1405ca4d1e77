"""Creates, replaces and deletes quotes."""

from __future__ import annotations

from datetime import datetime

from sandbox.eaccounting import choices, documents
from sandbox.eaccounting.books import Books
from sandbox.eaccounting.checking import check
from sandbox.eaccounting.customers import check_codes
from sandbox.eaccounting.errors import Refusal, refuse_if_any
from sandbox.eaccounting.filter_tokens import write_moment
from sandbox.eaccounting.models import Record
from sandbox.eaccounting.rows import Sale
from sandbox.eaccounting.sales_fields import QUOTE, QUOTE_ROW

# visma-eaccounting.md, Enumerations: Quote.Status 0 Draft, 1 Ongoing, 2 Approved, 3 Invoiced, 4 OrderCreated
DRAFT, ONGOING = 0, 1


def make(books: Books, sent: Record, old: Record | None, now: datetime) -> Record:
    """Give the quote that a POST (`old` is None) or PUT makes, or refuse."""
    if old is not None and old["Status"] != ONGOING:
        # visma-eaccounting-endpoints.json: "Replace the contents of an ongoing quote"; 4002 is inferred.
        raise Refusal(choices.NOT_CHANGEABLE, f"The quote {old['Number']} is not ongoing and cannot be changed.")
    problems: list[str] = []
    values = check(QUOTE, {name: sent[name] for name in sent if name != "Rows"}, "", problems)
    check_codes(values, (), ("CurrencyCode",), problems)
    if values["Status"] not in (DRAFT, ONGOING):
        # not documented: making a quote that is approved or converted already; refused.
        problems.append("Status: A quote is made as a draft (0) or ongoing (1).")
    customer = documents.customer_of(books, values, problems)
    documents.fill_from_customer(QUOTE, values, customer)
    # visma-eaccounting-schemas.json, QuoteRowApi.UnitPrice: "Format: 2 decimals"
    sale = Sale(customer, documents.includes_vat(books, customer), 2, replaces_zero=False, zero_rated_flag=None)
    # not documented: the currency of a quote that names none; the customer's.
    currency = values["CurrencyCode"] = values["CurrencyCode"] or customer["CurrencyCode"]
    sums = documents.add_rows(books, QUOTE_ROW, sent.get("Rows"), values, sale, currency, problems)
    refuse_if_any(problems)
    values["TotalAmount"], values["VatAmount"] = float(sums.total), float(sums.vat)
    values["RoundingsAmount"] = float(sums.rounding)
    values["IsDomestic"] = not documents.is_foreign(books, customer)
    documents.set_identity(books, "quote", values, old, now)
    values["Number"] = old["Number"] if old else books.take_number("quote")
    values["ModifiedUtc"] = write_moment(now)
    for row in values["Rows"]:
        row["Id"] = books.ids.guid("quoterow")
    return QUOTE.complete(values)


def is_shown(quote: Record) -> bool:
    """Tell whether lists and single reads give it."""
    # visma-eaccounting-endpoints.json: "Get sent and converted quotes"; ongoing ones are taken for sent.
    return bool(quote["Status"] != DRAFT)


def may_delete(_: Books, quote: Record) -> None:
    """Refuse when the quote has become something else."""
    if quote["Status"] not in (DRAFT, ONGOING):
        raise Refusal(choices.NOT_DELETABLE, f"The quote {quote['Number']} cannot be deleted any more.")
