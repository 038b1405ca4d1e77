"""What orders, quotes, invoices and drafts share: the customer, addresses, flags, rows and sums."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.eaccounting.books import Books
from sandbox.eaccounting.countries import EU
from sandbox.eaccounting.customers import check_codes
from sandbox.eaccounting.errors import refuse_if_any
from sandbox.eaccounting.filter_tokens import write_moment
from sandbox.eaccounting.models import Model, Record
from sandbox.eaccounting.rows import Sale, make_rows
from sandbox.eaccounting.sums import Sums, add_up

_DELIVERY = "DeliveryCustomerName DeliveryAddress1 DeliveryAddress2 DeliveryPostalCode DeliveryCity".split()
_INVOICE = "InvoiceAddress1 InvoiceAddress2 InvoicePostalCode InvoiceCity InvoiceCountryCode".split()
FROM_CUSTOMER = [*_DELIVERY, "DeliveryCountryCode", *_INVOICE]


def find_customer(books: Books, values: Record, problems: list[str]) -> Record | None:
    """Give the customer a document is for."""
    customer = books["customers"].get(values["CustomerId"])
    if values["CustomerId"] and customer is None:
        problems.append(f"CustomerId: The customer {values['CustomerId']} does not exist.")
    elif customer is not None and not customer["IsActive"]:
        # not documented: documents for inactive customers; refused as inactive articles are.
        problems.append(f"CustomerId: The customer {customer['CustomerNumber']} is not active.")
    return customer


def customer_of(books: Books, values: Record, problems: list[str]) -> Record:
    """Give the customer a document is for, its flags checked; refuse the document without one."""
    customer = find_customer(books, values, problems)
    check_flags(books, values, customer, problems)
    if customer is None:
        refuse_if_any(problems)
        raise AssertionError("CustomerId is required")
    return customer


def fill_from_customer(model: Model, values: Record, customer: Record) -> None:
    """Put what the system takes from the customer."""
    for name in FROM_CUSTOMER:
        # visma-eaccounting-schemas.json: "Default: The value on the selected customer"
        if values.get(name) is None and customer[name] is not None:
            # not documented: a customer's DeliveryCustomerName may be longer than a document's; it is cut.
            values[name] = customer[name][: model.fields[name].limit]
    values["InvoiceCustomerName"] = values["CustomerName"] = customer["Name"]
    values["CustomerNumber"] = customer["CustomerNumber"]
    values["CustomerIsPrivatePerson"] = customer["IsPrivatePerson"]


def check_flags(books: Books, values: Record, customer: Record | None, problems: list[str]) -> None:
    """Note flags that this company or this customer cannot have."""
    settings = books.settings
    if values["RotReducedInvoicingType"] and not settings["UsesRotReducedInvoicing"]:
        # visma-eaccounting-schemas.json, CompanySettingsApi: ROT/RUT "Only for swedish companies"
        problems.append("RotReducedInvoicingType: ROT/RUT is not activated in the company settings.")
    if values.get("ReverseChargeOnConstructionServices") and not settings["UsesReverseConstructionVat"]:
        # inferred from CompanySettingsApi.UsesReverseConstructionVat
        problems.append("ReverseChargeOnConstructionServices: Not activated in the company settings.")
    if values["EuThirdParty"] and customer is not None:
        # visma-eaccounting-schemas.json, CustomerInvoiceApi: only "to a company from a different EU country"
        country = customer["InvoiceCountryCode"] or settings["CountryCode"]
        if customer["IsPrivatePerson"] or country not in EU or country == settings["CountryCode"]:
            problems.append("EuThirdParty: Only for companies in another EU country.")
    check_codes(values, ("InvoiceCountryCode", "DeliveryCountryCode"), (), problems)


def includes_vat(books: Books, customer: Record) -> bool:
    """Tell whether prices in the customer's documents include VAT."""
    # visma-eaccounting.md, Quirks: "set by the system (private person / company setting ShowPricesExclVatPC)"
    return bool(customer["IsPrivatePerson"] and not books.settings["ShowPricesExclVatPC"])


def is_foreign(books: Books, customer: Record) -> bool:
    """Tell whether the customer is abroad."""
    home = books.settings["CountryCode"]
    return bool((customer["InvoiceCountryCode"] or home) != home)


def add_rows(
    books: Books, model: Model, sent_rows: Any, values: Record, sale: Sale, currency: str, problems: list[str]
) -> Sums:
    """Put the rows and give the sums of the document."""
    values["Rows"], amounts = make_rows(books, model, sent_rows, sale, problems)
    values["IncludesVat"] = sale.includes_vat
    settings = books.settings
    # visma-eaccounting-schemas.json, DomesticCurrencyRounding: 0 = None, HalfAwayFromZero = 1
    rounded = settings["DomesticCurrencyRounding"] == 1 and currency == settings["CurrencyCode"]
    return add_up(amounts, sale.includes_vat, rounded)


def set_identity(books: Books, kind: str, values: Record, old: Record | None, now: datetime) -> None:
    """Put the id and the creation of a document."""
    values["Id"] = old["Id"] if old else books.ids.guid(kind)
    values["CreatedUtc"] = old["CreatedUtc"] if old else write_moment(now)
