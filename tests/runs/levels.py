"""Articles in the books that have a level, and the products that have it in the shop."""

from __future__ import annotations

from typing import Any


def add(s: Any, number: str, balance: float = 3, reserved: float = 0, **fields: Any) -> None:
    """An article in the books and a product in the shop, which has 25."""
    s.books.do("add_article", {"Number": number, **fields})
    s.books.do("set_stock", {"number": number, "balance": balance, "reserved": reserved})
    if all(one["productnumber"] != number for one in s.shop.holdings.products.values()):
        s.shop.do("new_product", {"productnumber": number, "stockenabled": True, "stock": 25})


def alone(s: Any) -> None:
    """The articles of the first day are out of the way."""
    for number in range(1001, 1031):
        s.books.do("change_article", {"number": f"ART-{number}", "fields": {"SendToWebshop": False}})
