"""Specter for the suite: what its connector does not say."""

from __future__ import annotations

from typing import Any

from engine.errors import BrokenReply, RecordRefused
from sandbox.clock import Clock
from sandbox.specter import Specter
from tests.every_connector.about import About, Kept, Limit, Misbehaviour, Record
from tests.every_connector.stand import Stand

ARTICLES = 8  # of those that the stand-in has: each read would be hundreds of rows


def books(clock: Clock) -> Specter:
    """The books of a company with a few articles, all of them counted."""
    made = Specter(clock, seed=7, orders=5)
    held = made.books.articles
    kept = [number for number, article in held.items() if article["managed"]][:ARTICLES]
    made.books.articles = {number: held[number] for number in kept}
    for name, queue in made.books.queues.shown():
        if not name.startswith("orders"):
            queue.changed = [number for number in queue.changed if number in kept]
    return made


def waiting(kind: str) -> Any:
    """The keys of what changed and was not handed out yet."""
    return lambda stand: list(stand.stand_in.books.queues.of(kind, "1").changed)


def levels(stand: Stand) -> list[str]:
    articles = stand.stand_in.books.articles
    return [f"{number} @{site}" for number in waiting("stock")(stand) for site in articles[number]["levels"]]


def customer(_: Stand, n: int) -> Record:
    street = {"address": "Ågatan 1; port & 2", "zipCodeEng": "11122", "city": "Örebro", "countryCode": "SE"}
    return {"name": f"Zoë O'Brien {n}", "currency": "SEK", "emailAddress": f"zoe{n}@buyer.example", **street}


def order(stand: Stand, n: int) -> Record:
    row = {"articleName": "Vas; blå & grå = 100 %", "noOfItems": 2, "priceExclVAT": 19.9, "vatPercent": 25}
    rows = [{"articleNo": "SP-001", **row}, {"articleNo": "FRAKT", **row}]
    buyer = next(iter(stand.stand_in.books.customers))
    return {"customerId": buyer, "externalOrderNo": f"W-{n}", "currency": "SEK", "rows": rows}


def article(_: Stand, n: int) -> Record:
    return {"articleNo": f"NY-{n}", "name": "Skål åäö", "priceExclVAT": 59.5, "vatPercent": 25}


def held(kind: str) -> Any:
    return lambda stand: list(getattr(stand.stand_in.books, kind))


def look(kind: str) -> Any:
    return lambda stand, key: getattr(stand.stand_in.books, kind)[key]


def change_customer(stand: Stand) -> tuple[str, Record]:
    key, known = next(iter(stand.stand_in.books.customers.items()))
    return key, {name: known[name] for name in ("name", "currency", "emailAddress")} | {"city": "Växjö"}


def choose(**choice: Any) -> Any:
    return lambda stand: stand.stand_in.do("choose", choice)


def move_stock(stand: Stand, key: str) -> None:
    number, site = key.split(" @")
    level = float(stand.stand_in.books.articles[number]["levels"][site])
    stand.stand_in.do("set_stock", {"articleNo": number, "site": site, "level": level + 5})


def deliver_new(stand: Stand, n: int) -> None:
    made = stand.open().create("orders", order(stand, 700 + n))
    stand.stand_in.do("deliver_order", {"orderNo": made.key})


def answered(body: str) -> Any:
    return lambda stand: stand.arm({"kind": "status", "status": 200, "body": body})


ABOUT = About(
    stand_in=books,
    reads="stock_changes",
    nobody="999999999",
    limit=Limit(
        too_many=45,
        told={"kind": "status", "status": 429, "body": ""},
        seconds=60,
        begin=choose(calls_per_minute=20, retry_after=True),
    ),
    wrong={
        "API user key": {"apiUserKey": "not-the-key-of-it"},
        "integration key": {"integrationKey": "not-the-key-of-it"},
    },
    refusal=RecordRefused,  # no code for a wrong key is documented: the system's own sentence tells it
    misbehaves=[
        Misbehaviour(
            "a reply of neither form", lambda s: s.arm({"kind": "status", "status": 200, "body": "OK"}), BrokenReply
        ),
        Misbehaviour("an empty reply", lambda s: s.arm({"kind": "status", "status": 200, "body": ""}), BrokenReply),
        *(
            Misbehaviour(f"{name} is {value}", choose(**{name: value}))
            for name, value in (
                ("key_version", "v2"),
                ("empty_batches_wait", False),
                ("unknown_fields", "ignore"),
                ("single_amount", "total"),
            )
        ),
        *(
            Misbehaviour(f"{name} is {value}", choose(**{name: value}), writes=resource)
            for resource, name, value in (
                ("orders", "duplicate_order", "refuse_with_number"),
                ("orders", "duplicate_order", "same_order"),
                ("orders", "codes", "same"),
                ("customers", "known_customer", "refuse"),
                ("articles", "known_article", "skip"),
            )
        ),
    ],
    resources={
        "account": Kept(),
        "customers": Kept(keys=held("customers"), fresh=customer, update=change_customer, look=look("customers")),
        "orders": Kept(keys=held("orders"), fresh=order),
        "articles": Kept(
            keys=held("articles"),
            fresh=article,
            update=lambda stand: (held("articles")(stand)[0], {"name": "Skål"}),
            look=look("articles"),
        ),
        "stock_changes": Kept(
            keys=levels,
            add=lambda stand, n: stand.stand_in.do("set_stock", {"articleNo": "SP-001", "site": "3", "level": 900 + n}),
            change=move_stock,
        ),
        "article_changes": Kept(
            keys=waiting("articles"),
            add=lambda stand, n: stand.stand_in.do("new_article", {"articleNo": f"LATE-{n}"}),
            change=lambda stand, key: stand.stand_in.do("change_article", {"articleNo": key, "name": "Another"}),
        ),
        "order_changes": Kept(
            keys=waiting("orders"),
            add=deliver_new,
            change=lambda stand, key: stand.stand_in.do("delete_order", {"orderNo": key}),
        ),
    },
)
