"""What a person does inside the system: settings, modules, locks, customers, articles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from sandbox.eaccounting import articles, customers, invoices, world
from sandbox.eaccounting.books import Books
from sandbox.eaccounting.errors import made
from sandbox.eaccounting.filter_tokens import write_moment
from sandbox.eaccounting.models import Record
from sandbox.eaccounting.register_fields import CUSTOMER
from sandbox.eaccounting.sales_actions import ON_SALES


def set_setting(books: Books, arguments: Record, _: datetime) -> object:
    """Change one company setting."""
    name, value = str(_need(arguments, "name")), _need(arguments, "value")
    if name not in books.settings or name in ("ActivatedModules", "AccountingLockedTo", "CompanyIdentifier"):
        raise ValueError(f"There is no setting {name} that can be changed this way.")
    old = books.settings[name]
    if old is not None and value is not None and type(value) is not type(old):
        raise ValueError(f"{name} takes a {type(old).__name__}, not {value!r}.")
    books.change_settings(**{name: value})
    return {name: value}


def set_module(books: Books, arguments: Record, _: datetime) -> object:
    """Switch a module on or off."""
    name, on = str(_need(arguments, "name")), _need(arguments, "on")
    if not isinstance(on, bool):
        raise ValueError("on is true or false.")
    others = [module for module in books.settings["ActivatedModules"] if module != name]
    books.change_settings(ActivatedModules=[*others, name] if on else others)
    return books.settings["ActivatedModules"]


def demand(books: Books, arguments: Record, _: datetime) -> object:
    """Want these fields of every customer that is made or changed, beside those of the model; [] wants no more."""
    fields = [str(name) for name in _need(arguments, "fields")]
    known = {field.name for field in CUSTOMER.writable}
    for name in fields:
        if name not in known:
            raise ValueError(f"There is no field {name} of customers that can be written.")
    books.demanded = fields
    return fields


def lock_until(books: Books, arguments: Record, _: datetime) -> object:
    """Lock the books up to and including a date; null unlocks them."""
    until = _need(arguments, "date")
    day = date.fromisoformat(str(until)).isoformat() if until is not None else None
    books.change_settings(AccountingLockedTo=day)
    return day


def add_customer(books: Books, arguments: Record, now: datetime) -> object:
    """Add a customer; what is required and not given is filled in."""
    start = {
        "InvoiceCity": "Utrecht",
        "InvoicePostalCode": "3511 AA",
        "InvoiceCountryCode": books.settings["CountryCode"],
        "TermsOfPaymentId": books.settings["TermsOfPaymentId"],
        "IsPrivatePerson": True,
        "IsActive": True,
    }
    customer = made(lambda: customers.make(books, {**start, **arguments}, None, now))
    books["customers"].put(customer)
    return customer


def add_article(books: Books, arguments: Record, now: datetime) -> object:
    """Add an article; `rate` picks the coding when none is given."""
    given = {name: value for name, value in arguments.items() if name != "rate"}
    start = {"IsActive": True, "UnitId": books["units"].slice(0, 1)[0]["Id"], "Name": given.get("Number")}
    if "CodingId" not in given:
        start["CodingId"] = world.coding_of(books, float(arguments.get("rate", 21)))["Id"]
    article = made(lambda: articles.make(books, {**start, **given}, None, now))
    books["articles"].put(article)
    return article


def change_article(books: Books, arguments: Record, now: datetime) -> object:
    """Change fields of the article of that number, as in a PUT."""
    article = _article(books, arguments)
    changed = made(lambda: articles.make(books, {**_writable(article), **arguments["fields"]}, article, now))
    books["articles"].put(changed)
    return changed


def _writable(article: Record) -> Record:
    """Leave out the price with tax: it follows from the other one."""
    return {name: value for name, value in article.items() if name != "GrossPrice"}


def set_stock(books: Books, arguments: Record, now: datetime) -> object:
    """Deliver, count or reserve: set the balance and what is reserved, also where the API may not write them."""
    article = _article(books, arguments)
    balance = float(str(arguments.get("balance", article["StockBalance"])))
    reserved = float(str(arguments.get("reserved", article["StockBalanceReserved"])))
    left = {"StockBalance": balance, "StockBalanceReserved": reserved, "StockBalanceAvailable": balance - reserved}
    # not documented: whether a movement of stock changes ChangedUtc; here it does not, the harder case
    books["articles"].put({**article, **left})
    return left


def label_article(books: Books, arguments: Record, now: datetime) -> object:
    """Put labels on an article, by name."""
    # inferred: ArticleLabelApi is not among the models; its names are those of CustomerLabelApi
    labels = [{"Id": books.ids.guid("label"), "Name": name, "Description": None} for name in arguments["labels"]]
    article = {**_article(books, arguments), "ArticleLabels": labels, "ChangedUtc": write_moment(now)}
    books["articles"].put(article)
    return [label["Name"] for label in labels]


def _article(books: Books, arguments: Record) -> Record:
    found = books["articles"].having("Number", _need(arguments, "number"))
    if len(found) != 1:
        raise ValueError(f"There is no article {arguments['number']}.")
    return found[0]


def delete_customer(books: Books, arguments: Record, _: datetime) -> object:
    """Delete the customer of that id, number or email."""
    fields = {"id": "Id", "number": "CustomerNumber", "email": "EmailAddress"}
    name, value = next(((fields[n], v) for n, v in arguments.items() if n in fields), (None, None))
    if name is None:
        raise ValueError("Name the customer by id, number or email.")
    found = books["customers"].having(name, value)
    if len(found) != 1:
        raise ValueError(f"{len(found)} customers have {name} {value!r}; one is needed.")
    made(lambda: customers.may_delete(books, found[0]))
    books["customers"].remove(found[0]["Id"])
    return found[0]["Id"]


def remove_coding(books: Books, arguments: Record, _: datetime) -> object:
    """Remove the coding of that id or name; articles that have it are left without."""
    fields = {"id": "Id", "name": "Name"}
    name, value = next(((fields[n], v) for n, v in arguments.items() if n in fields), (None, None))
    if name is None and "rate" in arguments:
        name, value = (
            "Id",
            world.coding_of(books, float(arguments["rate"]), str(arguments.get("kind", "Goods")))["Id"],
        )
    if name is None:
        raise ValueError("Name the coding by id, name or rate.")
    found = books["articleaccountcodings"].having(name, value)
    if not found:
        raise ValueError(f"There is no coding with {name} {value!r}.")
    books["articleaccountcodings"].remove(found[0]["Id"])
    return found[0]["Id"]


def pay_invoice(books: Books, arguments: Record, now: datetime) -> object:
    """Record a payment on the invoice of that number: of `amount`, or of all that is left."""
    found = books["customerinvoices"].having("InvoiceNumber", _need(arguments, "number"))
    if len(found) != 1:
        raise ValueError(f"There is no invoice {arguments['number']}.")
    left = found[0]["RemainingAmountInvoiceCurrency"]
    amount = arguments.get("amount", left)
    sent = {
        "CompanyBankAccountId": next(account["Id"] for account in books["bankaccounts"] if account["IsActive"]),
        "PaymentDate": now.date().isoformat(),
        "PaymentAmount": amount,
        "PaymentCurrency": found[0]["CurrencyCode"],
        "PaymentType": 2 if amount == left else 1,
    }
    changed, payment = made(lambda: invoices.pay(books, found[0], sent, now))
    books["customerinvoices"].put(changed)
    books["invoicepayments"].put(payment)
    return payment


ON_BOOKS: dict[str, Callable[[Books, Record, datetime], object]] = {
    "set_setting": set_setting,
    "set_module": set_module,
    "demand": demand,
    "lock_until": lock_until,
    "add_customer": add_customer,
    "add_article": add_article,
    "change_article": change_article,
    "set_stock": set_stock,
    "label_article": label_article,
    "delete_customer": delete_customer,
    "remove_coding": remove_coding,
    "pay_invoice": pay_invoice,
    **ON_SALES,
}


def _need(arguments: Record, name: str) -> Any:
    if name not in arguments:
        raise ValueError(f"{name} is missing.")
    return arguments[name]
