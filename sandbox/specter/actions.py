"""What a person does in the system: deliver and delete orders, change stock and articles, turn the choices."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from sandbox.specter.books import DELETED, DELIVERED, HANDLED, MAIN, SITES, Doc, plain
from sandbox.specter.fields import ARTICLE

if TYPE_CHECKING:
    from sandbox.specter.specter import Specter


def do(system: Specter, action: str, arguments: Doc) -> object:
    """Do it; ValueError with a sentence when it cannot be done."""
    if action not in ACTIONS:
        raise ValueError(f"The system cannot {action!r}; it can {', '.join(sorted(ACTIONS))}.")
    try:
        return ACTIONS[action](system, arguments)
    except InvalidOperation:
        raise ValueError("Amounts are numbers.") from None


def _order(system: Specter, wishes: Doc) -> Doc:
    for order in system.books.orders.values():
        if order["orderNo"] == str(wishes.get("orderNo")):
            return order
        if "externalOrderNo" in wishes and order.get("externalOrderNo") == str(wishes["externalOrderNo"]):
            return order
    raise ValueError("There is no such order; name it by orderNo or externalOrderNo.")


def _article(system: Specter, wishes: Doc) -> Doc:
    article = system.books.articles.get(str(wishes.get("articleNo")))
    if article is None:
        raise ValueError(f"There is no article {wishes.get('articleNo')!r}.")
    return article


def _deliver(system: Specter, wishes: Doc) -> str:
    order = _order(system, wishes)
    if order["statusId"] == DELETED:
        raise ValueError(f"Order {order['orderNo']} is deleted.")
    numbers = wishes.get("trackingNo", [])
    order["statusId"], order["deliveryStatus"] = HANDLED, DELIVERED
    order["tracking"] += [str(number) for number in (numbers if isinstance(numbers, list) else [numbers])]
    system.books.order_changed(order)
    return f"Order {order['orderNo']} is delivered."


def _delete(system: Specter, wishes: Doc) -> str:
    order = _order(system, wishes)
    if order["deliveryStatus"] == DELIVERED:
        raise ValueError(f"Order {order['orderNo']} is delivered.")
    if order["statusId"] != DELETED:
        order["statusId"] = DELETED
        system.books.order_changed(order)
        system.books.move_stock(order, 1, system.choices, own=False)
    return f"Order {order['orderNo']} is deleted."


def _set_stock(system: Specter, wishes: Doc) -> str:
    article, site = _article(system, wishes), str(wishes.get("site", MAIN))
    if site not in SITES:
        raise ValueError(f"The stock sites are {', '.join(SITES)}.")
    article["managed"] = True
    if system.books.set_stock(article["articleNo"], site, Decimal(str(wishes["level"]))):
        system.books.stock_changed(article["articleNo"])
    return f"{article['articleNo']} has {article['levels'].get(site, '0')} at {SITES[site]}."


def _change_article(system: Specter, wishes: Doc) -> str:
    article = _article(system, wishes)
    changes = {name: value for name, value in wishes.items() if name != "articleNo"}
    _check_names(changes)
    article.update({name: _written(value) for name, value in changes.items()})
    system.books.article_changed(article["articleNo"])
    return f"{article['articleNo']} is changed."


def _new_article(system: Specter, wishes: Doc) -> str:
    number = str(wishes["articleNo"])
    if number in system.books.articles:
        raise ValueError(f"There is an article {number} already.")
    _check_names(wishes)
    article = {"specterId": system.books.next_number("article"), "priceExclVAT": "100", "vatPercent": "25"}
    article |= {"name": number} | {name: _written(value) for name, value in wishes.items()}
    system.books.articles[number] = {**article, "managed": False, "levels": {}}
    system.books.article_changed(number)
    return number


def _check_names(changes: Doc) -> None:
    known = {*ARTICLE, "description"} - {"createArticleStock", "noItemsInStock"}
    unknown = sorted(set(changes) - known)
    if unknown:
        raise ValueError(f"An article has no {unknown[0]!r}; it has {', '.join(sorted(known))}.")


def _written(value: Any) -> str:
    return plain(Decimal(str(value))) if isinstance(value, int | float) else str(value)


def _reset(system: Specter, wishes: Doc) -> str:
    system.start_anew(system.started)
    return "Everything is as on the first day."


ACTIONS: dict[str, Callable[[Specter, Doc], object]] = {
    "deliver_order": _deliver,
    "delete_order": _delete,
    "set_stock": _set_stock,
    "change_article": _change_article,
    "new_article": _new_article,
    "choose": lambda system, wishes: system.choose(wishes),
    "reset": _reset,
}
