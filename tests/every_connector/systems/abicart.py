"""Abicart for the suite: what its connector does not say."""

from __future__ import annotations

from typing import Any

from engine.errors import SignInNeeded, TryAgain
from sandbox.abicart import Abicart, Choices
from sandbox.clock import Clock
from tests.every_connector.about import About, Kept, Limit, Misbehaviour, Record
from tests.every_connector.stand import Stand

IDENTITY = "orgNo"  # not documented, so the connector asks under which name a number stands
ARTICLES, CUSTOMERS = 9, 7  # of those that the stand-in has: each read would be hundreds of rows


def shop(clock: Clock) -> Abicart:
    """A shop of a few articles and customers."""
    made = Abicart(clock, seed=7, orders=5, choices=Choices(identity_key=IDENTITY))
    order = made.records.all("Order")[0]
    made.do("change_order", {"uid": order["uid"], "fields": {"externalOrderNumber": "S-0"}})
    for article in made.records.all("Article")[ARTICLES:]:
        made.do("delete_article", {"uid": article["uid"]})
    for customer in made.records.all("Customer")[CUSTOMERS:]:
        made.records.remove("Customer", customer["uid"])
    return made


def uids(kind: str) -> Any:
    return lambda stand: [record["uid"] for record in stand.stand_in.records.all(kind)]


def do(action: str, **arguments: Any) -> Any:
    """What a person does with the record of a key."""
    return lambda stand, key: stand.stand_in.do(action, {"uid": int(key), **arguments})


def choose(**choice: Any) -> Any:
    return lambda stand: stand.stand_in.do("choose", choice)


def article(stand: Stand, n: int) -> Record:
    return {"articleNumber": f"NY-{n}", "name": "Vas åäö 🌷", "price": 59.5, "vatRate": 0.25}


def customer(stand: Stand, n: int) -> Record:
    address = {"firstName": "Zoë", "lastName": "O'Brien", "address": "Gatan 1", "postcode": "11122", "town": "Lund"}
    known = {"email": f"zoe.o'brien+{n}@buyer.example", "identityNumber": f"800101-000{n}", "isPerson": True}
    return {**known, "address": {**address, "country": "SE"}}


def first(kind: str) -> Any:
    return lambda stand: str(uids(kind)(stand)[0])


def of_first(kind: str, fields: Record) -> Any:
    return lambda stand: (first(kind)(stand), fields)


ARTICLE = Kept(
    keys=uids("Article"),
    add=lambda stand, n: stand.stand_in.do("new_article", {"articleNumber": f"LATE-{n}"}),
    change=do("change_article", fields={"hidden": True}),
    fresh=article,
    update=of_first("Article", {"name": "Skål"}),
)

ABOUT = About(
    stand_in=shop,
    answers={"identity_field": IDENTITY},
    reads="orders",
    nobody="999999999",
    limit=Limit(
        too_many=45,
        told={"kind": "status", "status": 429, "body": ""},
        seconds=60,
        begin=choose(calls_per_minute=20, retry_after=True),
    ),
    wrong={"API key": {"auth": "not-the-key-of-it"}},
    misbehaves=[
        Misbehaviour("the key is replaced", lambda stand: stand.stand_in.do("new_key", {}), SignInNeeded),
        Misbehaviour(
            "an internal error",
            lambda stand: stand.stand_in.do("answer_with", {"code": -32603, "method": "Order.list"}),
            TryAgain,
        ),
        Misbehaviour(
            "a failure that stays",
            lambda stand: stand.stand_in.do("answer_with", {"code": -32000, "method": "Order", "times": 99}),
            TryAgain,
        ),
        *(
            Misbehaviour(f"{name} is {value}", choose(**{name: value}))
            for name, value in (
                ("language_flattens", True),
                ("missing_language", "absent"),
                ("string_query", "value"),
                ("nested_queries", True),
                ("bounds_inclusive", False),
                ("default_limit", 2),
                ("too_much", "cut"),
                ("set_merges", False),
                ("http_errors", True),
            )
        ),
        *(
            Misbehaviour(f"{kind} with {name} {value}", choose(**{name: value}), writes=kind)
            for kind in ("articles", "customers")
            for name, value in (("string_query", "value"), ("language_flattens", True), ("unique_numbers", True))
        ),
    ],
    resources={
        "orders": Kept(
            keys=uids("Order"),
            add=lambda stand, n: stand.stand_in.do("new_order", {}),
            change=do("change_order", fields={"note": "Ring twice"}),
        ),
        "order_changes": Kept(
            update=of_first("Order", {"externalOrderNumber": "S-1"}),
            look=lambda stand, key: stand.stand_in.records.one("Order", int(key)),
        ),
        "articles": ARTICLE,
        "article_stock": Kept(
            keys=ARTICLE.keys,
            add=ARTICLE.add,
            change=do("set_stock", level=3),
            update=of_first("Article", {"stockLevel": 77}),
        ),
        "customers": Kept(
            keys=uids("Customer"),
            add=lambda stand, n: stand.stand_in.do("new_customer", {"email": f"late{n}@buyer.example"}),
            change=do("change_customer", fields={"approved": False}),
            fresh=customer,
            update=of_first("Customer", {"email": "new@buyer.example"}),
        ),
        "webshops": Kept(keys=lambda stand: [stand.stand_in.records.shop()["uid"]]),
        "deliverymethods": Kept(keys=uids("DeliveryMethod")),
        "paymentmethods": Kept(keys=uids("Payment")),
    },
)
