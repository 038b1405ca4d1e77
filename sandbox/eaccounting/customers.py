"""Creates, replaces and deletes customers."""

from __future__ import annotations

import re
from datetime import datetime

from sandbox.eaccounting import choices
from sandbox.eaccounting.books import Books
from sandbox.eaccounting.checking import check
from sandbox.eaccounting.countries import COUNTRIES, VAT_PREFIXES
from sandbox.eaccounting.errors import Refusal, refuse_if_any
from sandbox.eaccounting.filter_tokens import write_moment
from sandbox.eaccounting.models import Record
from sandbox.eaccounting.register_fields import CUSTOMER

# visma-eaccounting-schemas.json, VatNumber: "2 character country code followed by 8-12 numbers"
# not documented: letters among the 8 to 12; Dutch and Austrian numbers hold some: they pass. Blanks do not.
_VAT_NUMBER = re.compile(r"([A-Z]{2})[0-9A-Z]{8,12}")


def make(books: Books, sent: Record, old: Record | None, now: datetime) -> Record:
    """Give the customer that a POST (`old` is None) or PUT makes, or refuse."""
    problems: list[str] = []
    values = check(CUSTOMER, sent, "", problems)
    values["CurrencyCode"] = values["CurrencyCode"] or books.settings["CurrencyCode"]
    check_codes(values, ("InvoiceCountryCode", "DeliveryCountryCode"), ("CurrencyCode",), problems)
    _check_references(books, values, problems)
    _check_rules(values, problems)
    # not documented: that a company may want more of its customers than the model does; a person turns it on.
    problems += [f"{name}: The field is required." for name in books.demanded if values[name] in (None, "")]
    refuse_if_any(problems)
    number = values["CustomerNumber"]
    taken = books["customers"].having("CustomerNumber", number) if number else []
    if any(old is None or other["Id"] != old["Id"] for other in taken):
        # visma-eaccounting-schemas.json, CustomerNumber: "Unique identifier"; 4000 Conflict is inferred.
        raise Refusal(choices.CONFLICT, f"CustomerNumber: A customer with the number {number} already exists.")
    if not number:
        # "CustomerNumber assigned if omitted"; not documented: a PUT without one keeps the number.
        values["CustomerNumber"] = old["CustomerNumber"] if old else books.customer_number()
    values["Id"] = old["Id"] if old else books.ids.guid("customer")
    values["TermsOfPayment"] = books["termsofpayments"].get(values["TermsOfPaymentId"])
    values["LastInvoiceDate"] = old["LastInvoiceDate"] if old else None
    values["UnpaidInvoicesAmount"] = old["UnpaidInvoicesAmount"] if old else 0.0
    values["ChangedUtc"] = write_moment(now)
    return CUSTOMER.complete(values)


def check_codes(values: Record, countries: tuple[str, ...], currencies: tuple[str, ...], problems: list[str]) -> None:
    """Note each country and currency code that the system does not know."""
    # not documented: that unknown codes are refused, and that small letters are unknown.
    for name in countries:
        if values.get(name) and values[name] not in COUNTRIES:
            problems.append(f"{name}: The country code '{values[name]}' does not exist.")
    for name in currencies:
        if values.get(name) and values[name] not in choices.EUR_FOR_ONE:
            problems.append(f"{name}: The currency code '{values[name]}' does not exist.")


def _check_references(books: Books, values: Record, problems: list[str]) -> None:
    terms = books["termsofpayments"].get(values["TermsOfPaymentId"])
    if values["TermsOfPaymentId"] and (terms is None or not terms["AvailableForSales"]):
        # not documented: terms that are not AvailableForSales; refused as unknown ones are.
        problems.append("TermsOfPaymentId: The terms of payment do not exist or are not available for sales.")
    for name, shelf in (("DeliveryMethodId", "deliverymethods"), ("DeliveryTermId", "deliveryterms")):
        if values[name] and books[shelf].get(values[name]) is None:
            problems.append(f"{name}: The id {values[name]} does not exist.")


def _check_rules(values: Record, problems: list[str]) -> None:
    if values["VatNumber"]:
        match = _VAT_NUMBER.fullmatch(values["VatNumber"])
        if match is None or match[1] not in VAT_PREFIXES:
            problems.append("VatNumber: The format is a 2 character country code followed by 8-12 numbers.")
    elif values["ReverseChargeOnConstructionServices"]:
        # visma-eaccounting-schemas.json: "If true, VatNumber must be set aswell"
        problems.append("VatNumber: Must be set when ReverseChargeOnConstructionServices is true.")
    if not 0 <= values["DiscountPercentage"] <= choices.PERCENT:
        problems.append("DiscountPercentage: The value must be between 0 and 100.")
    if values["DeliveryBasedVat"]:
        # visma-eaccounting-schemas.json: "Delivery city, country code and postal code must be set aswell"
        for name in ("DeliveryCity", "DeliveryCountryCode", "DeliveryPostalCode"):
            if not values[name]:
                problems.append(f"{name}: Must be set when DeliveryBasedVat is true.")


def may_delete(books: Books, customer: Record) -> None:
    """Refuse when documents name the customer."""
    # visma-eaccounting.md, Errors: 4001 CanNotBeDeleted; not documented: when; here while documents exist.
    for name in ("orders", "quotes", "customerinvoicedrafts", "customerinvoices"):
        if books[name].having("CustomerId", customer["Id"]):
            raise Refusal(choices.NOT_DELETABLE, f"The customer cannot be deleted, it is used in {name}.")
