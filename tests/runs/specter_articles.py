"""Articles in the shop, articles in Specter, and the requests between them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engine.formulas import Formulas
from tests.runs.specter import Make, OrdersStage, stages

ARTICLES = "abicart-articles-to-specter"
FEW = ("AB-1001", "AB-1002")


@contextmanager
def shops(folder: Path, formulas: Formulas, usual: tuple[str, ...] = FEW, *, begun: bool = False) -> Iterator[Make]:
    """A shop that sells what is named, else the usual, and nothing else; Specter has the goods of its first day."""
    with stages(folder, formulas, begun=begun, flow=ARTICLES) as make:

        def selling(*sells: str, **options: Any) -> OrdersStage:
            s = make(**options)
            keep_only(s, *(sells or usual))
            return s

        yield selling


def keep_only(s: OrdersStage, *numbers: str) -> None:
    """Let the shop sell these and nothing else; "*" lets it sell all it has."""
    with s.shop.lock:
        records = s.shop.records
        for article in list(records.all("Article")):
            if "*" not in numbers and article["articleNumber"] not in numbers:
                records.remove("Article", article["uid"])


def add(s: OrdersStage, number: str, price: Any = 125, **fields: Any) -> int:
    """A new article of the shop; its uid."""
    made: Any = s.shop.do("new_article", {"articleNumber": number, "name": fields.pop("name", number), "price": price})
    if fields:
        change(s, made["uid"], **fields)
    return int(made["uid"])


def change(s: OrdersStage, which: str | int, **fields: Any) -> None:
    """Change an article of the shop, a moment after what was changed before."""
    s.clock.sleep(1)
    named = {"uid": which} if isinstance(which, int) else {"articleNumber": which}
    s.shop.do("change_article", {**named, "fields": fields})


def handed_in(s: OrdersStage) -> dict[str, dict[str, Any]]:
    """The articles of Specter that are not of its first day, by number."""
    return {a["articleNo"]: a for a in s.held("articles") if "description" not in a}


def there(s: OrdersStage, number: str) -> dict[str, Any]:
    return next(a for a in s.held("articles") if a["articleNo"] == number)


def hand_ins(s: OrdersStage) -> int:
    """How often articles were handed in."""
    return s.actions().count("newArticleSubmit")
