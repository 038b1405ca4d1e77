"""The reads: a batch is fetched, then acknowledged (specter.md, Reads)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal

from sandbox.exchange import Reply
from sandbox.specter import fields, replies
from sandbox.specter.books import MAIN, SITES, Books, Doc, plain
from sandbox.specter.choices import Choices
from sandbox.specter.refusals import MISSING, WRONG, Refused
from sandbox.specter.replies import element

Form = dict[str, str]
# not documented: the fields of an article that is read; they are called as they are when it is written
ARTICLE_SHOWN: tuple[str, ...] = ("articleNo", "name", "description", "priceExclVAT", "vatPercent", "barCode")
ARTICLE_SHOWN += ("productWeight", "productVolume", "manufacturingCountryCode")


@dataclass(frozen=True, slots=True)
class Pull:
    """One kind of change: what it shows, how, and which further fields the call may have."""

    kind: str
    shown: Callable[[Books, str, Choices], Doc]
    xml: Callable[[list[Doc], Form], str]
    extra: tuple[str, ...] = ()


def _stock(books: Books, number: str, choices: Choices) -> Doc:
    article = books.articles[number]
    levels = {site: Decimal(article["levels"].get(site, "0")) for site in SITES}
    # not documented: which amount is told without getMultipleStocksites
    single = levels[MAIN] if choices.single_amount == "main" else sum(levels.values(), Decimal(0))
    return {
        "specterId": article["specterId"],
        "articleNo": number,
        "levels": {site: plain(level) for site, level in levels.items() if site in article["levels"]},
        "single": plain(single),
    }


def _stock_xml(held: list[Doc], form: Form) -> str:
    """Write `stockChanges/stock/articles/article{articleNo,noItemsAv}`; specter-stock.xml."""
    several = form.get("getMultipleStocksites") == "1"
    sites = []
    for site in SITES if several else (MAIN,):  # not documented: XML without getMultipleStocksites; one stock
        there = [(one["articleNo"], one["levels"].get(site) if several else one["single"]) for one in held]
        articles = [
            element("article", "", element("articleNo", number), element("noItemsAv", level))
            for number, level in there
            if level is not None
        ]
        if articles:
            sites.append(element("stock", "", element("articles", "", *articles), id=site))
    return element("stockChanges", "", *sites)


def _stock_text(held: list[Doc], number: str) -> str:
    # specter-stock.xml: `specterId;articleNo;newAmount;batchId`, "lines separated by CR"
    return "\r".join(f"{one['specterId']};{one['articleNo']};{one['single']};{number}" for one in held)


def _article(books: Books, number: str, choices: Choices) -> Doc:
    article = books.articles[number]
    shown = {name: article[name] for name in ARTICLE_SHOWN if article.get(name)}
    return shown | {"createArticleStock": "1" if article["managed"] else "0"}


def _articles_xml(held: list[Doc], form: Form) -> str:
    """Write `articles/article`; not documented: that fields are elements in it."""
    rows = [element("article", "", *(element(name, value) for name, value in one.items())) for one in held]
    return element("articles", "", *rows)


def _order(books: Books, number: str, choices: Choices) -> Doc:
    order = books.orders[number]
    return {name: order[name] for name in ("orderNo", "statusId", "deliveryStatus")} | {
        "tracking": list(order["tracking"])
    }


def _orders_xml(held: list[Doc], form: Form) -> str:
    """Write orders as specter-getOrders.xml has them."""
    rows = []
    for one in held:
        status = element("orderstatus", statusId=one["statusId"], deliveryStatus=one["deliveryStatus"])
        parcels = [element("delivery", trackingNo=tracking) for tracking in one["tracking"]]
        # not documented: what `updated` means; here 1 where there is a delivery
        deliveries = element("deliveries", "", *parcels, updated="1" if parcels else "0")
        rows.append(element("order", "", status, deliveries, orderNo=one["orderNo"]))
    return element("orders", "", *rows)


PULLS = {
    "getArticleExternalNeedUpdate": Pull("stock", _stock, _stock_xml, ("getMultipleStocksites",)),
    "getArticleInfoExternalNeedUpdate": Pull("articles", _article, _articles_xml, ("responseMaxLimit",)),
    "getOrdersExternalNeedUpdate": Pull("orders", _order, _orders_xml),
}
ACKNOWLEDGEMENTS = {
    "updateArticlesFromBatch": "stock",
    "updateArticleInfosFromBatch": "articles",
    "updateOrdersFromBatch": "orders",
}
SETTINGS = "checkaccountsettings"
ACTIONS = (*PULLS, *ACKNOWLEDGEMENTS, SETTINGS)


def answer(books: Books, action: str, form: Form, choices: Choices) -> Reply:
    """Carry out a read."""
    xml, number = form["useXML"] == "2", form.get("batchNo", "")
    pull = PULLS.get(action)
    fields.check(form, ("Action", *(pull.extra if pull else ())), (), choices)
    if action == SETTINGS:  # specter.md, Reads: "settings check"; not documented: what it answers
        return replies.done(["OK"], xml=xml)
    _check_number(number)
    if pull is None:
        books.queues.of(ACKNOWLEDGEMENTS[action], form["webshopId"]).acknowledge(number, choices)
        return replies.done([number], xml=xml)  # not documented: what an acknowledgement is answered
    _check_form(pull, form, xml=xml)
    queue = books.queues.of(pull.kind, form["webshopId"])
    held = queue.fetch(number, lambda key: pull.shown(books, key, choices), _most(form), choices)
    return replies.xml_reply(pull.xml(held, form)) if xml else replies.text_reply(_stock_text(held, number))


def _check_number(number: str) -> None:
    if not number:
        raise Refused(MISSING, "batchNo is missing.")
    if "'" in number or ";" in number or len(number) > 100:  # not documented: what a batch may be called
        raise Refused(WRONG, "batchNo has signs that it must not have.")


def _check_form(pull: Pull, form: Form, *, xml: bool) -> None:
    """Refuse text where no text is documented: specter.md, Reads, has it for the stock of one site only."""
    if not xml and (pull.kind != "stock" or form.get("getMultipleStocksites") == "1"):
        raise Refused(WRONG, "useXML is 2 here; how this would look as text is not documented.")


def _most(form: Form) -> int | None:
    written = form.get("responseMaxLimit", "")
    if not written:
        return None
    if not written.isascii() or not written.isdigit() or int(written) < 1:
        raise Refused(WRONG, "responseMaxLimit is a whole number from 1.")
    return int(written)
