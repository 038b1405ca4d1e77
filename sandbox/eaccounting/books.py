"""Holds everything the company has in its books, and the numbers and ids that come next."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sandbox.eaccounting import company
from sandbox.eaccounting import document_fields as documents
from sandbox.eaccounting import register_fields as registers
from sandbox.eaccounting import sales_fields as sales
from sandbox.eaccounting.identifiers import Identifiers
from sandbox.eaccounting.models import Model, Record
from sandbox.eaccounting.shelf import Key, Shelf

# The last word of a resource's path, and the model of its records.
MODELS: dict[str, Model] = {
    "customers": registers.CUSTOMER,
    "articles": registers.ARTICLE,
    "orders": documents.ORDER,
    "customerinvoicedrafts": documents.DRAFT,
    "customerinvoices": sales.INVOICE,
    "quotes": sales.QUOTE,
    "invoicepayments": sales.PAYMENT,  # kept here; the API shows them in the invoices only
    "bankaccounts": sales.BANK_ACCOUNT,
    "vatcodes": registers.VAT_CODE,
    "termsofpayments": registers.TERMS,
    "units": registers.UNIT,
    "articleaccountcodings": registers.CODING,
    "fiscalyears": registers.FISCAL_YEAR,
    "accounts": registers.ACCOUNT,
    "deliverymethods": registers.DELIVERY_METHOD,
    "deliveryterms": registers.DELIVERY_TERM,
}


def account_key(record: Record) -> str:
    """Give what tells accounts apart; they have no id."""
    return f"{record['FiscalYearId']}/{record['Number']}"


class Books:
    """The company's settings and one shelf for each kind of record."""

    def __init__(self, seed: int, start: datetime) -> None:
        self.ids = Identifiers(seed)
        self.numbers = {"customer": 1, "order": 1, "invoice": 1, "quote": 1}
        self.demanded: list[str] = []  # fields of a customer that this company wants as well
        self.shelves = {name: self._shelf(name, []) for name in MODELS}
        self._fill(company.terms_of_payment(self.ids), "termsofpayments")
        self._fill(company.units(self.ids), "units")
        self._fill(company.codings(self.ids, start), "articleaccountcodings")
        self._fill(company.vat_codes(self.ids), "vatcodes")
        years = company.fiscal_years(self.ids, start)
        self._fill(years, "fiscalyears")
        self._fill(company.accounts(years, start), "accounts")
        self._fill(company.delivery_methods(self.ids), "deliverymethods")
        self._fill(company.delivery_terms(self.ids), "deliveryterms")
        self._fill(company.bank_accounts(self.ids), "bankaccounts")
        first_terms = self["termsofpayments"].slice(0, 1)[0]["Id"]
        self.settings: Record = company.settings(first_terms, self.ids.guid("company"))

    def __getitem__(self, name: str) -> Shelf:
        return self.shelves[name]

    def _fill(self, records: list[Record], name: str) -> None:
        for record in records:
            self.shelves[name].put(record)

    @staticmethod
    def _shelf(name: str, records: list[Record]) -> Shelf:
        key: dict[str, Key] = {"key": account_key} if name == "accounts" else {}
        return Shelf(MODELS[name], records, **key)

    def has_module(self, name: str) -> bool:
        """Tell whether a module is activated."""
        return name in self.settings["ActivatedModules"]

    def change_settings(self, **values: Any) -> None:
        """Put settings; the old ones stay as they were for whoever is reading them."""
        self.settings = {**self.settings, **values}

    def take_number(self, series: str) -> int:
        """Give the next number of a series and move it on."""
        number = self.numbers[series]
        self.numbers[series] = number + 1
        return number

    def customer_number(self) -> str:
        """Give the next customer number that nobody has."""
        while True:
            number = str(self.take_number("customer"))
            if not self["customers"].having("CustomerNumber", number):
                return number

    def shown_settings(self) -> Record:
        """Give the settings as the API shows them, next numbers included."""
        following = {
            "NextCustomerNumber": self.numbers["customer"],
            "NextOrderNumber": self.numbers["order"],
            "NextCustomerInvoiceNumber": self.numbers["invoice"],
        }
        return {**self.settings, **following}

    def state(self) -> dict[str, object]:
        """Give what must survive a restart; records are never changed in place, so lists of them will do."""
        rest: Record = {"settings": self.settings, "numbers": dict(self.numbers), "ids": self.ids.state()}
        rest["demanded"] = list(self.demanded)
        return {**{name: list(shelf) for name, shelf in self.shelves.items()}, "books": rest}

    def restore(self, state: dict[str, Any]) -> None:
        """Go back to what `state` gave."""
        kept = {name: self._shelf(name, state[name]) for name in MODELS if name in state}
        self.shelves = {**self.shelves, **kept}  # what an older stand-in did not have stays as on the first day
        self.settings = state["books"]["settings"]
        self.numbers = {**self.numbers, **state["books"]["numbers"]}
        self.demanded = list(state["books"].get("demanded", []))
        self.ids.restore(state["books"]["ids"])
