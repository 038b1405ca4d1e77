"""Creates, replaces and deletes orders."""

from __future__ import annotations

from datetime import datetime

from sandbox.eaccounting import choices, documents
from sandbox.eaccounting.books import Books
from sandbox.eaccounting.checking import check
from sandbox.eaccounting.customers import check_codes
from sandbox.eaccounting.document_fields import ORDER, ORDER_ROW
from sandbox.eaccounting.errors import Refusal, refuse_if_any
from sandbox.eaccounting.filter_tokens import write_moment
from sandbox.eaccounting.models import Record
from sandbox.eaccounting.rows import Sale

_INVOICED = 4


def make(books: Books, sent: Record, old: Record | None, now: datetime) -> Record:
    """Give the order that a POST (`old` is None) or PUT makes, or refuse."""
    if old is not None and old["Status"] == _INVOICED:
        # visma-eaccounting.md, Errors: 4002 CanNotBeCreatedOrUpdated; inferred for invoiced orders.
        raise Refusal(choices.NOT_CHANGEABLE, f"The order {old['Number']} is invoiced and cannot be changed.")
    problems: list[str] = []
    values = check(ORDER, {name: sent[name] for name in sent if name != "Rows"}, "", problems)
    check_codes(values, (), ("CurrencyCode",), problems)
    customer = documents.customer_of(books, values, problems)
    documents.fill_from_customer(ORDER, values, customer)
    reverses = values["ReverseChargeOnConstructionServices"]
    sale = Sale(
        customer,
        documents.includes_vat(books, customer),
        price_decimals=2,  # visma-eaccounting-schemas.json, OrderRowApi.UnitPrice: "Format: 2 decimals"
        replaces_zero=False,
        zero_rated_flag="EligibleForReverseChargeOnVat" if reverses else None,
    )
    currency = values["CurrencyCode"] or ""
    sums = documents.add_rows(books, ORDER_ROW, sent.get("Rows"), values, sale, currency, problems)
    refuse_if_any(problems)
    # not documented: whether Amount holds the VAT. IncludesVat is read as speaking of the rows, so that
    # Amount is what the customer pays, as TotalAmount is on drafts and invoices.
    values["Amount"], values["VatAmount"] = float(sums.total), float(sums.vat)
    values["RoundingsAmount"] = float(sums.rounding)
    documents.set_identity(books, "order", values, old, now)
    values["Number"] = old["Number"] if old else books.take_number("order")
    values["ModifiedUtc"] = write_moment(now)
    _set_row_ids(books, values["Rows"], old)
    return ORDER.complete(values)


def _set_row_ids(books: Books, rows: list[Record], old: Record | None) -> None:
    # not documented: row ids after a PUT; a row that names one of its order's keeps it.
    known = {row["Id"] for row in old["Rows"]} if old else set()
    for row in rows:
        if row["Id"] in known:
            known.discard(row["Id"])
        else:
            row["Id"] = books.ids.guid("orderrow")


def may_delete(_: Books, order: Record) -> None:
    """Refuse when the order has become an invoice."""
    if order["Status"] == _INVOICED:
        raise Refusal(choices.NOT_DELETABLE, f"The order {order['Number']} is invoiced and cannot be deleted.")
