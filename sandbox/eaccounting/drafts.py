"""Creates, replaces and deletes customer invoice drafts."""

from __future__ import annotations

from datetime import datetime

from sandbox.eaccounting import choices, documents
from sandbox.eaccounting.books import Books
from sandbox.eaccounting.checking import check
from sandbox.eaccounting.customers import check_codes
from sandbox.eaccounting.dates import check_open, due_date
from sandbox.eaccounting.document_fields import DRAFT, DRAFT_ROW
from sandbox.eaccounting.errors import refuse_if_any
from sandbox.eaccounting.models import Record
from sandbox.eaccounting.rows import Sale
from sandbox.eaccounting.sums import Sums, cents


def make(books: Books, sent: Record, old: Record | None, now: datetime) -> Record:
    """Give the draft that a POST (`old` is None) or PUT makes, or refuse."""
    problems: list[str] = []
    values = check(DRAFT, {name: sent[name] for name in sent if name != "Rows"}, "", problems)
    check_codes(values, (), ("InvoiceCurrencyCode",), problems)
    customer = documents.customer_of(books, values, problems)
    if values["ElectronicReference"] and customer["IsPrivatePerson"]:
        # visma-eaccounting-schemas.json: "Can only be set for non-private individuals"
        problems.append("ElectronicReference: Can only be set for customers that are companies.")
    documents.fill_from_customer(DRAFT, values, customer)
    # not documented: the currency of a draft that names none; the customer's.
    currency = values["InvoiceCurrencyCode"] = values["InvoiceCurrencyCode"] or customer["CurrencyCode"]
    reverses = values["ReverseChargeOnConstructionServices"]
    sale = Sale(
        customer,
        documents.includes_vat(books, customer),
        price_decimals=4 if documents.is_foreign(books, customer) else 2,
        replaces_zero=values["ReplaceUnitPriceWhenZero"],
        zero_rated_flag="ReversedConstructionServicesVatFree" if reverses else None,
    )
    sums = documents.add_rows(books, DRAFT_ROW, sent.get("Rows"), values, sale, currency, problems)
    refuse_if_any(problems)
    if values["InvoiceDate"] is not None:
        check_open(books, values["InvoiceDate"], "InvoiceDate")
    _set_sums(values, sums, currency)
    if values["InvoiceDate"] and not values["DueDate"]:
        values["DueDate"] = due_date(values["InvoiceDate"], customer["TermsOfPayment"])
    documents.set_identity(books, "draft", values, old, now)
    for row in values["Rows"]:
        # visma-eaccounting-schemas.json, Id of a draft's row: "updated on every change on the … draft"
        row["Id"] = books.ids.guid("draftrow")
    return DRAFT.complete(values)


def _set_sums(values: Record, sums: Sums, currency: str) -> None:
    rate = choices.EUR_FOR_ONE[currency]
    values["TotalAmount"], values["TotalVatAmount"] = float(sums.total), float(sums.vat)
    values["TotalRoundings"] = float(sums.rounding)
    values["TotalAmountBaseCurrency"] = float(cents(sums.total * rate))
    values["TotalVatAmountBaseCurrency"] = float(cents(sums.vat * rate))


def may_delete(_: Books, __: Record) -> None:
    """Any draft may be deleted."""
