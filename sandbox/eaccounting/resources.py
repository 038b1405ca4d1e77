"""Answers the addresses under /v2/: which there are, what may be done at each, and what comes back."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from sandbox.eaccounting import articles, choices, customers, drafts, invoices, orders, quotes
from sandbox.eaccounting.books import MODELS, Books
from sandbox.eaccounting.checking import GUID, read_json
from sandbox.eaccounting.errors import Refusal, as_json, not_found
from sandbox.eaccounting.listing import list_page, read_options, select
from sandbox.eaccounting.models import Record
from sandbox.eaccounting.shelf import Shelf
from sandbox.exchange import Reply, Request


@dataclass(frozen=True, slots=True)
class Writing:
    """How records of a kind are made and, where they can be deleted, what stands against it."""

    make: Callable[[Books, Record, Record | None, datetime], Record]
    may_delete: Callable[[Books, Record], None] | None = None
    has_put: bool = True


# visma-eaccounting-endpoints.json; articles have no DELETE, invoices neither PUT nor DELETE.
WRITINGS = {
    "customers": Writing(customers.make, customers.may_delete),
    "articles": Writing(articles.make),
    "orders": Writing(orders.make, orders.may_delete),
    "customerinvoicedrafts": Writing(drafts.make, drafts.may_delete),
    "quotes": Writing(quotes.make, quotes.may_delete),
    "customerinvoices": Writing(invoices.make, has_put=False),
}
_SALES = ("ea:sales", "ea:sales_readonly")
_ANY_READING = (*_SALES, "ea:accounting", "ea:accounting_readonly")
_NO_SINGLE = ("vatcodesrates", "companysettings")
_NO_ADDRESS = ("invoicepayments",)
_PAYMENTS = "payments"  # below an invoice


def answer(books: Books, request: Request, parts: list[str], scope: str, now: datetime) -> Reply:
    """Answer a request to /v2/{parts}; `scope` is what the token allows."""
    resource = parts[0] if parts else ""
    if resource in _NO_ADDRESS or (resource not in MODELS and resource not in _NO_SINGLE):
        raise not_found(f"No resource of this stand-in is found at '{request.path}'.")
    _check_shape(resource, parts, request)
    is_payment = resource == "customerinvoices" and parts[2:] == [_PAYMENTS]
    _check_method(request.method, resource, single=len(parts) == 2, is_payment=is_payment)
    _check_scope(request.method, resource, set(scope.split()))
    if resource == "orders" and not books.has_module(choices.ORDER_MODULE):
        # visma-eaccounting.md, Quirks: "Orders need the order_standard module … → 4002"
        raise Refusal(choices.NO_MODULE, f"The module {choices.ORDER_MODULE} is not activated.")
    if request.method == "GET":
        return _read(books, request, parts, now)
    if is_payment:
        return _pay(books, request, parts, now)
    return _write(books, request, parts, now)


def _check_shape(resource: str, parts: list[str], request: Request) -> None:
    longest = 3 if resource == "accounts" or parts[2:] == [_PAYMENTS] else 1 if resource in _NO_SINGLE else 2
    if parts[2:] == [_PAYMENTS] and resource != "customerinvoices":
        longest = 2
    ids = parts[1:2] if len(parts) > 1 else []
    if len(parts) > longest or not all(GUID.fullmatch(one) for one in ids):
        # conversions, prints, e-mails and the like: not built here
        raise not_found(f"No resource of this stand-in is found at '{request.path}'.")


def _check_method(method: str, resource: str, single: bool, is_payment: bool) -> None:
    writing = WRITINGS.get(resource)
    allowed = ["POST"] if is_payment else ["GET"]
    if writing is not None and not is_payment:
        allowed += [] if single and not writing.has_put else ["PUT"] if single else ["POST"]
        if single and writing.may_delete is not None:
            allowed.append("DELETE")
    if method not in allowed:
        # visma-eaccounting.md, Endpoints: articles "no DELETE"; not documented: the answer to such a method.
        message = f"The requested resource does not support http method '{method}'."
        raise Refusal(choices.NO_METHOD, message, {"Allow": ", ".join(allowed)})


def _check_scope(method: str, resource: str, scopes: set[str]) -> None:
    # not documented: which scope opens what; inferred from the scopes' names.
    wanted: tuple[str, ...] = _ANY_READING
    if method != "GET":
        wanted = ("ea:sales",)
    elif resource in WRITINGS:
        wanted = _SALES
    if "ea:api" not in scopes or scopes.isdisjoint(wanted):
        raise Refusal(choices.NO_SCOPE, f"The token needs the scope ea:api and {' or '.join(wanted)}.")


def _read(books: Books, request: Request, parts: list[str], now: datetime) -> Reply:
    resource = parts[0]
    if resource == "companysettings":
        return as_json(200, books.shown_settings())
    # not documented: the model of /vatcodesrates; the VAT codes' own.
    shelf = books["vatcodes" if resource == "vatcodesrates" else resource]
    if resource == "quotes" and shelf.having("Status", quotes.DRAFT):
        shelf = Shelf(shelf.model, filter(quotes.is_shown, shelf))
    if len(parts) == 1:
        return as_json(200, list_page(shelf, request.query, now))
    if resource == "accounts":
        return _read_accounts(books, request, parts, now)
    record = _found(shelf, parts)
    options = read_options(request.query)
    if "$select" in options:
        record = select(record, shelf.model, options["$select"])
    # visma-eaccounting.md, Paging: "single objects have no envelope"
    return as_json(200, record)


def _read_accounts(books: Books, request: Request, parts: list[str], now: datetime) -> Reply:
    shelf, year = books["accounts"], parts[1].lower()
    if books["fiscalyears"].get(year) is None:
        raise Refusal((404, choices.NO_FISCAL_YEAR[1]), f"There is no fiscal year {year}.")
    if len(parts) == 2:
        of_year = Shelf(shelf.model, shelf.having("FiscalYearId", year), shelf.key)
        return as_json(200, list_page(of_year, request.query, now))
    account = shelf.get(f"{year}/{parts[2]}")
    if account is None:
        # visma-eaccounting.md, Errors: 3002 AccountNotFound
        raise Refusal((404, 3002), f"There is no account {parts[2]}.")
    return as_json(200, account)


def _write(books: Books, request: Request, parts: list[str], now: datetime) -> Reply:
    writing, shelf = WRITINGS[parts[0]], books[parts[0]]
    old = _found(shelf, parts) if len(parts) == 2 else None
    if request.method == "DELETE":
        assert old is not None and writing.may_delete is not None
        writing.may_delete(books, old)
        shelf.remove(old["Id"])
        return Reply(204)
    _check_media_type(request)
    # visma-eaccounting.md, Quirks: "PUT replaces the whole object": only the system's own fields stay
    record = writing.make(books, read_json(request.body), old, now)
    shelf.put(record)
    # not documented: the status of a successful POST (201 here) and DELETE (204, empty).
    return as_json(201 if old is None else 200, record)


def _pay(books: Books, request: Request, parts: list[str], now: datetime) -> Reply:
    invoice = _found(books["customerinvoices"], parts)
    _check_media_type(request)
    changed, payment = invoices.pay(books, invoice, read_json(request.body), now)
    books["customerinvoices"].put(changed)
    books["invoicepayments"].put(payment)
    # not documented: what a payment is answered with; the payment as it was sent.
    return as_json(201, {name: payment[name] for name in payment if name not in ("Id", "InvoiceId")})


def _check_media_type(request: Request) -> None:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind not in ("application/json", "text/json"):
        raise Refusal(choices.NO_MEDIA_TYPE, "The request's media type is not supported; send application/json.")


def _found(shelf: Shelf, parts: list[str]) -> Record:
    record = shelf.get(parts[1].lower())
    if record is None:
        # visma-eaccounting.md, Errors: 3000 ResourceNotFound
        raise not_found(f"There is no record with the id {parts[1]} in {parts[0]}.")
    return record
