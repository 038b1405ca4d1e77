"""The three writes (specter.md, Writes). A call is carried out whole or not at all (not documented)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from sandbox.specter import fields
from sandbox.specter.books import MAIN, OPEN, SITES, WAITING, Books, Doc
from sandbox.specter.choices import Choices
from sandbox.specter.fields import required
from sandbox.specter.refusals import DOUBLE, TOO_MANY, UNKNOWN, WRONG, Refused
from sandbox.specter.rows import rows_of

Form = dict[str, str]


def new_customer(books: Books, form: Form, choices: Choices, now: datetime) -> list[str]:
    """Make or change a customer; give the number."""
    fields.check(form, fields.CUSTOMER, (), choices)
    required(form, ("currency",))
    if not form.get("name"):  # specter.md, Writes: `name | firstName+surName`
        required(form, ("firstName", "surName"))
    sent = {name: form[name] for name in fields.CUSTOMER if name in form and name != "forceCustomerUpdate"}
    sent["name"] = form.get("name") or f"{form['firstName']} {form['surName']}"
    known = _known_customer(books, form, choices)
    if known and form.get("forceCustomerUpdate") == "1":
        known.update(sent)
        return [str(known["customerId"])]
    if known and choices.known_customer == "refuse":
        raise Refused(DOUBLE, "Kunden finns redan.")
    if known and choices.known_customer == "same":
        return [str(known["customerId"])]
    number = books.next_number("customer")
    books.customers[number] = {"customerId": number, **sent, "made": now.isoformat(timespec="seconds")}
    return [number]


def _known_customer(books: Books, form: Form, choices: Choices) -> Doc | None:
    """Find the customer that is meant; not documented: by what, and "No search" is."""
    name = {"email": "emailAddress", "orgNo": "orgNo"}.get(choices.customer_match, "")
    wanted = form.get(name, "").lower()
    found = (one for one in books.customers.values() if str(one.get(name, "")).lower() == wanted)
    return next(found, None) if wanted else None


def new_order(books: Books, form: Form, choices: Choices, now: datetime) -> list[str]:
    """Make an order; give its number."""
    fields.check(form, fields.ORDER, fields.ORDER_ROW, choices)
    required(form, ("customerId", "currency"))
    if form["customerId"] not in books.customers:
        raise Refused(UNKNOWN, f"There is no customer {form['customerId']}.")
    site = form.get("stocksiteid") or MAIN
    if site not in SITES:
        raise Refused(UNKNOWN, f"There is no stock site {site}.")
    rows = rows_of(form, fields.ORDER_ROW, choices)
    for row in rows:
        required(row, ("articleNo", "articleName", "priceExclVAT", "noOfItems", "vatPercent"), row[""])
        if choices.unknown_articles == "refuse" and row["articleNo"] not in books.articles:
            raise Refused(UNKNOWN, f"There is no article {row['articleNo']}.")
    if twin := _twin(books, form):
        return _told(twin, choices)
    number = books.next_number("order")
    order: Doc = {name: form[name] for name in fields.ORDER if form.get(name)} | {
        "orderNo": number,
        "stocksiteid": site,
    }
    order |= {"webshopId": form["webshopId"], "statusId": OPEN, "deliveryStatus": WAITING, "tracking": []}
    order |= {"rows": [{name: row[name] for name in fields.ORDER_ROW if name in row} for row in rows]}
    books.orders[number] = order | {"made": now.isoformat(timespec="seconds")}
    books.move_stock(order, -1, choices, own=True)
    if choices.new_orders_listed:
        books.order_changed(order)
    _write_letters(books, books.orders[number])
    return [number]


def _twin(books: Books, form: Form) -> Doc | None:
    """Find an order of that external number: specter.md, Quirks: "Specter's own duplicate check".

    Not documented: that it looks at one web shop, and at deleted orders too.
    """
    outer = form.get("externalOrderNo")
    if not outer or form.get("ignoreExternalOrderNoControl") == "1":
        return None
    found = (one for one in books.orders.values() if one.get("externalOrderNo") == outer)
    return next((one for one in found if one["webshopId"] == form["webshopId"]), None)


def _told(twin: Doc, choices: Choices) -> list[str]:
    """Answer a doubled order; not documented: how the check answers."""
    if choices.duplicate_order == "same_order":
        return [str(twin["orderNo"])]
    number = f" som order '{twin['orderNo']}'" if choices.duplicate_order == "refuse_with_number" else ""
    raise Refused(DOUBLE, f"Externt ordernummer '{twin['externalOrderNo']}' finns redan{number}.")


def _write_letters(books: Books, order: Doc) -> None:
    """Write the order's mails (specter.md, Writes: `sendOrderMail, sendOrderMailToUser`)."""
    customer = books.customers[order["customerId"]].get("emailAddress", "")
    for switch, to in (("sendOrderMail", customer), ("sendOrderMailToUser", "user")):
        if order.get(switch) == "1":
            books.letters.append({"to": to, "orderNo": order["orderNo"], "kind": switch, "at": order["made"]})


def new_articles(books: Books, form: Form, choices: Choices, now: datetime) -> list[str]:
    """Make or change articles; give their numbers in the system, in the order of the rows."""
    fields.check(form, fields.ARTICLES, fields.ARTICLE, choices)
    rows = rows_of(form, fields.ARTICLE, choices)
    if len(rows) > choices.most_articles:
        raise Refused(TOO_MANY, f"At most {choices.most_articles} articles a call.")
    numbers = [row.get("articleNo", "") for row in rows]
    for row in rows:
        _check_article(books, row, form, choices)
    if len(set(numbers)) < len(numbers):
        raise Refused(DOUBLE, "An article stands in the call twice.")
    return [_kept_article(books, row, form, choices) for row in rows]


def _check_article(books: Books, row: Form, form: Form, choices: Choices) -> None:
    required(row, ("articleNo",), row[""])
    fields.check_article_number(row["articleNo"], choices)
    known = books.articles.get(row["articleNo"])
    if known is None:
        required(row, ("name", "priceExclVAT", "vatPercent"), row[""])
    elif form.get("forceArticleUpdate") != "1" and choices.known_article == "refuse":
        raise Refused(DOUBLE, f"Artikeln '{row['articleNo']}' finns redan.")
    managed = row.get("createArticleStock") == "1" or bool(known and known["managed"])
    if row.get("noItemsInStock") and not managed:
        raise Refused(WRONG, f"noItemsInStock_{row['']} needs createArticleStock_{row['']}=1.")
    supplier = row.get("supplierNo")
    if supplier and supplier not in books.suppliers and form.get("addSupplier") != "1":
        raise Refused(UNKNOWN, f"There is no supplier {supplier}; addSupplier=1 makes one.")


def _kept_article(books: Books, row: Form, form: Form, choices: Choices) -> str:
    number = row["articleNo"]
    known = books.articles.get(number)
    if known and form.get("forceArticleUpdate") != "1":
        return str(known["specterId"])
    article = known or {"specterId": books.next_number("article"), "managed": False, "levels": {}}
    before = dict(article)
    article.update({name: row[name] for name in fields.ARTICLE if name in row and name not in _STOCK})
    article["managed"] = article["managed"] or row.get("createArticleStock") == "1"
    books.articles[number] = article
    if row.get("supplierNo"):
        books.suppliers.setdefault(row["supplierNo"], row.get("supplierName", ""))
    level = row.get("noItemsInStock")
    moved = bool(level) and books.set_stock(number, MAIN, Decimal(level or "0"))
    if choices.own_changes_listed:
        if article != before or not known:
            books.article_changed(number)
        if moved:
            books.stock_changed(number)
    return str(article["specterId"])


_STOCK = ("createArticleStock", "noItemsInStock")
ACTIONS: dict[str, Callable[[Books, Form, Choices, datetime], list[str]]] = {
    "newCustomerSubmit": new_customer,
    "newOrderSubmit": new_order,
    "newArticleSubmit": new_articles,
}
