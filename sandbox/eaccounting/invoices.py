"""Books invoices, and payments towards them."""

from __future__ import annotations

from datetime import datetime

from sandbox.eaccounting import choices, documents
from sandbox.eaccounting.books import Books
from sandbox.eaccounting.checking import check
from sandbox.eaccounting.customers import check_codes
from sandbox.eaccounting.dates import check_open, due_date
from sandbox.eaccounting.errors import Refusal, refuse_if_any
from sandbox.eaccounting.filter_tokens import write_moment
from sandbox.eaccounting.models import Record
from sandbox.eaccounting.rows import Sale
from sandbox.eaccounting.sales_fields import INVOICE, INVOICE_ROW, PAYMENT
from sandbox.eaccounting.sums import Sums, cents, exact

# visma-eaccounting.md, Enumerations: CustomerInvoice.PaymentStatus 0 Paid, 1 Unpaid, 2 Overdue
PAID, UNPAID, OVERDUE = 0, 1, 2
_COMPLETE = 2  # PaymentType 1 Partial, 2 Complete, 3 Rounding


def make(books: Books, sent: Record, _: Record | None, now: datetime) -> Record:
    """Give the invoice that a POST books at once, or refuse; there is no PUT."""
    problems: list[str] = []
    values = check(INVOICE, sent, "", problems)
    check_codes(values, (), ("CurrencyCode",), problems)
    if values["CreatedFromOrderId"] or values["CreatedFromDraftId"]:
        problems.append("CreatedFromOrderId, CreatedFromDraftId: not built in this stand-in.")
    if not values["Rows"]:
        # visma-eaccounting.md, Required fields: CustomerInvoice … `Rows`; an empty list is taken for none.
        problems.append("Rows: The field is required.")
    customer = documents.find_customer(books, values, problems)
    documents.check_flags(books, values, customer, problems)
    terms_id = values["TermsOfPaymentId"] or (customer["TermsOfPaymentId"] if customer else None)
    terms = books["termsofpayments"].get(terms_id)
    if terms is None or not terms["AvailableForSales"]:
        problems.append("TermsOfPaymentId: The terms of payment do not exist or are not for sales.")
    if customer is None or terms is None:
        refuse_if_any(problems)
        raise AssertionError("CustomerId is required")
    documents.fill_from_customer(INVOICE, values, customer)
    sale = Sale(
        customer,
        documents.includes_vat(books, customer),
        # visma-eaccounting-schemas.json, CustomerInvoiceRowApi.UnitPrice: 2 decimals if domestic, 4 if foreign
        price_decimals=4 if documents.is_foreign(books, customer) else 2,
        replaces_zero=False,
        zero_rated_flag="IsVatFree" if values["ReverseChargeOnConstructionServices"] else None,
    )
    # not documented: the currency of an invoice that names none; the customer's.
    currency = values["CurrencyCode"] = values["CurrencyCode"] or customer["CurrencyCode"]
    sums = documents.add_rows(books, INVOICE_ROW, sent.get("Rows"), values, sale, currency, problems)
    refuse_if_any(problems)
    today = now.date().isoformat()
    # not documented: the date of an invoice that names none; today.
    values["InvoiceDate"] = values["InvoiceDate"] or today
    check_open(books, values["InvoiceDate"], "InvoiceDate")
    values["DueDate"] = values["DueDate"] or due_date(values["InvoiceDate"], terms)
    values["TermsOfPaymentId"], values["CustomerEmail"] = terms["Id"], customer["EmailAddress"]
    _set_sums(values, sums, currency)
    # not documented: terms by card or wallet; such an invoice is unpaid here as any other.
    values["PaymentStatus"] = OVERDUE if values["DueDate"] < today else UNPAID
    documents.set_identity(books, "invoice", values, None, now)
    values["InvoiceNumber"] = books.take_number("invoice")
    values["ModifiedUtc"] = write_moment(now)
    for row in values["Rows"]:
        row["Id"] = books.ids.guid("invoicerow")
    return INVOICE.complete(values)


def _set_sums(values: Record, sums: Sums, currency: str) -> None:
    # not documented: which of the two is the company's currency; taken from the names.
    rate = choices.EUR_FOR_ONE[currency]
    values["CurrencyRate"] = float(rate)
    values["TotalAmountInvoiceCurrency"], values["TotalVatAmountInvoiceCurrency"] = float(sums.total), float(sums.vat)
    values["TotalAmount"] = values["RemainingAmount"] = float(cents(sums.total * rate))
    values["TotalVatAmount"] = float(cents(sums.vat * rate))
    values["TotalRoundings"] = float(sums.rounding)
    values["RemainingAmountInvoiceCurrency"] = float(sums.total)


def pay(books: Books, invoice: Record, sent: Record, now: datetime) -> tuple[Record, Record]:
    """Give the invoice and the payment after a payment towards it, or refuse."""
    problems: list[str] = []
    values = check(PAYMENT, sent, "", problems)
    account = books["bankaccounts"].get(values["CompanyBankAccountId"])
    if values["CompanyBankAccountId"] and (account is None or not account["IsActive"]):
        problems.append("CompanyBankAccountId: The bank account does not exist or is not active.")
    # visma-eaccounting.md, Quirks: "Payment date cannot be in the future"; not documented: whose today, UTC here.
    if values["PaymentDate"] and values["PaymentDate"] > now.date().isoformat():
        problems.append("PaymentDate: The date cannot be in the future.")
    if values["PaymentCurrency"] and values["PaymentCurrency"] != invoice["CurrencyCode"]:
        problems.append(f"PaymentCurrency: The invoice is in {invoice['CurrencyCode']}.")
    left, amount = exact(invoice["RemainingAmountInvoiceCurrency"]), exact(values["PaymentAmount"] or 0.0)
    if amount <= 0 or amount > left or (values["PaymentType"] == _COMPLETE and amount != left):
        # not documented: a complete payment of another amount than what is left; refused.
        problems.append(f"PaymentAmount: {left} is left to pay.")
    if invoice["PaymentStatus"] == PAID:
        # visma-eaccounting.md, Errors: 4002 CanNotBeCreatedOrUpdated; inferred for invoices that are paid.
        raise Refusal(choices.NOT_CHANGEABLE, f"The invoice {invoice['InvoiceNumber']} is paid already.")
    refuse_if_any(problems)
    check_open(books, values["PaymentDate"], "PaymentDate")
    left -= amount
    paid = {"PaymentStatus": PAID, "PaymentDate": values["PaymentDate"]} if left == 0 else {}
    remaining = float(cents(left * exact(invoice["CurrencyRate"])))
    changed = {"RemainingAmountInvoiceCurrency": float(left), "RemainingAmount": remaining, **paid}
    payment = {**values, "Id": books.ids.guid("payment"), "InvoiceId": invoice["Id"]}
    return {**invoice, **changed, "ModifiedUtc": write_moment(now)}, PAYMENT.complete(payment)
