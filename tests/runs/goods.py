"""Articles in the books, products in the shop, and the requests between them."""

from __future__ import annotations

from collections import Counter
from typing import Any

ARTICLES, STOCK = "eaccounting-articles-to-ccv", "eaccounting-stock-to-ccv"


def add(s: Any, number: str, **fields: Any) -> dict[str, Any]:
    article: dict[str, Any] = s.books.do("add_article", {"Number": number, "NetPrice": 10, **fields})
    return article


def products(s: Any, number: str) -> list[dict[str, Any]]:
    with s.shop.lock:
        return [one for one in s.shop.holdings.products.values() if one["productnumber"] == number]


def product(s: Any, number: str) -> dict[str, Any]:
    [one] = products(s, number)
    return one


def asked(s: Any, since: int = 0) -> Counter[str]:
    """The methods of the requests to the shop."""
    return Counter(method for method, *_ in s.requests("ccv-shop")[since:])
