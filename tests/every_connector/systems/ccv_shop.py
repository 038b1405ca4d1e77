"""CCV Shop for the suite: what its connector does not say."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from engine.errors import BrokenReply, SignInNeeded
from sandbox.ccv_shop import CcvShop
from sandbox.clock import Clock
from tests.every_connector.about import About, Kept, Limit, Misbehaviour, Record
from tests.every_connector.stand import Stand

PRODUCTS = 8  # of those that the stand-in has: the others are taken away, or each read would be hundreds of rows


def shop(clock: Clock) -> CcvShop:
    """A shop of a few products, with variants, categories, accounts and refunds."""
    made = CcvShop(clock, seed=7, orders=7)
    for number in [p["productnumber"] for p in made.holdings.products.values()][PRODUCTS:]:
        made.do("delete_product", {"productnumber": number})
    for n in range(4):
        made.do("new_user", {"email": f"account{n}@buyer.example"})
        order: Any = made.do("new_order", {"paid": True})
        made.do("refund_order", {"ordernumber": order["ordernumber"]})
        made.do("cancel_order", {"ordernumber": order["ordernumber"]})
        made.holdings.assortment.post_category({"name": f"Shelf {n}"})
    products = [p["productnumber"] for p in made.holdings.products.values()]
    for n in range(3):
        made.do("new_variant", {"productnumber": products[0], "product_number": f"V-{n}", "stock": n})
    return made


def product(_: Stand, n: int) -> Record:
    number = f"NEW & ü-{n}"
    return {
        "productnumber": number,
        "name": "Vaas",
        "price": 5.5,
        "discount": 0,
        "package_id": 1,
        "taxtariff": "normal",
    }


def products(stand: Stand) -> list[Any]:
    return list(stand.stand_in.holdings.products)


def ordinary(stand: Stand) -> list[Any]:
    return list(stand.stand_in.holdings.orders)


def cancelled(stand: Stand) -> list[Any]:
    return [key for key, order in stand.stand_in.holdings.orders.items() if order["status"] == 8]


def cancel_new(stand: Stand, _: int) -> None:
    order = stand.stand_in.do("new_order", {})
    stand.stand_in.do("cancel_order", {"ordernumber": order["ordernumber"]})


def refund_new(stand: Stand, _: int) -> None:
    order = stand.stand_in.do("new_order", {"paid": True})
    stand.stand_in.do("refund_order", {"ordernumber": order["ordernumber"]})


def change_order(stand: Stand, key: str) -> None:
    number = stand.stand_in.holdings.orders[int(key)]["ordernumber"]
    stand.stand_in.do("change_order", {"ordernumber": number, "fields": {"note": "Please ring twice"}})


def change_product(stand: Stand, key: str) -> None:
    number = stand.stand_in.holdings.products[int(key)]["productnumber"]
    stand.stand_in.do("change_product", {"productnumber": number, "fields": {"name": "Another name"}})


def place(stand: Stand, n: int) -> Record:
    held = stand.stand_in.holdings
    product, category = list(held.products)[n], next(iter(held.assortment.categories))
    return {"product_id": product, "category_id": category}


def held(kind: str) -> Any:
    return lambda stand: list(getattr(stand.stand_in.holdings.assortment, kind))


STOCK = Kept(
    keys=products,
    add=lambda stand, n: stand.stand_in.do("new_product", {"productnumber": f"LATE-{n}"}),
    change=change_product,
    update=lambda stand: (str(products(stand)[1]), {"stock": 77}),
)

ABOUT = About(
    stand_in=shop,
    reads="products",
    nobody="999999999",
    limit=Limit(too_many=160, told={"kind": "status", "status": 429, "body": {"code": "429.10"}}, seconds=60),
    wrong={"secret": {"secret": "not-the-secret-of-it"}, "public key": {"public_key": "nobody"}},
    misbehaves=[
        Misbehaviour("keys are replaced", lambda stand: stand.stand_in.do("rotate_keys", {}), SignInNeeded),
        Misbehaviour(
            "replies without a signature",
            lambda stand: stand.stand_in.do("forget_signing", {"replies": 100}),
            BrokenReply,
        ),
        Misbehaviour(
            "replies with a wrong signature",
            lambda stand: stand.stand_in.do("forget_signing", {"replies": 100, "wrong": True}),
            BrokenReply,
        ),
    ],
    resources={
        "orders": Kept(
            keys=ordinary,
            add=lambda stand, n: stand.stand_in.do("new_order", {}),
            change=change_order,
            changes_seen=False,
        ),
        "cancelled_orders": Kept(keys=cancelled, add=cancel_new, change=change_order, changes_seen=False),
        "order_changes": Kept(
            update=lambda stand: (str(ordinary(stand)[0]), {"is_platform_sale": True}),
            look=lambda stand, key: stand.stand_in.holdings.orders[int(key)],
        ),
        "products": Kept(
            keys=products,
            add=STOCK.add,
            change=change_product,
            fresh=product,
            update=lambda stand: (str(products(stand)[1]), {"name": "Schaal"}),
        ),
        "product_stock": STOCK,
        "stock_numbers": replace(STOCK, keys=lambda stand: [*products(stand), *held("variants")(stand)]),
        "variant_stock": Kept(keys=held("variants"), update=lambda s: (str(held("variants")(s)[0]), {"stock": 77})),
        "invoices": Kept(keys=lambda stand: list(stand.stand_in.holdings.invoices), add=refund_new),
        "users": Kept(
            keys=lambda stand: list(stand.stand_in.holdings.users),
            add=lambda stand, n: stand.stand_in.do("new_user", {"email": f"late{n}@buyer.example"}),
        ),
        "categories": Kept(
            keys=held("categories"),
            add=lambda stand, n: stand.stand_in.holdings.assortment.post_category({"name": f"Late {n}"}),
            fresh=lambda stand, n: {"name": f"Häkeln & Stricken {n}"},
            update=lambda stand: (str(held("categories")(stand)[0]), {"name": "Renamed"}),
        ),
        "product_categories": Kept(
            keys=held("places"),
            fresh=place,
            searched={"place": lambda record: f"{record['product_id']}/{record['category_id']}"},
        ),
        "paymethods": Kept(),
        "packages": Kept(keys=lambda stand: [1]),
        "webshops": Kept(keys=lambda stand: [1]),
    },
)
