"""The data is what the documentation says it looks like, and holds every special case."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from sandbox.ccv_shop import CcvShop, shapes
from sandbox.clock import Clock

FIELDS = json.loads((Path(__file__).parent / "fields.json").read_text(encoding="utf-8"))
TYPES = {"int": int, "float": float, "bool": bool, "string": str, "object": dict, "list": list}
WRITTEN = {shapes_name: FIELDS[shapes_name] for shapes_name in ("order_patch", "product_patch", "product_post")}


def misfits(document: dict[str, Any], model: str, ignore: frozenset[str] = frozenset()) -> list[str]:
    found = [f"{model}.{name} is unknown" for name in set(document) - set(FIELDS[model]) - ignore]
    for name, kind in FIELDS[model].items():
        if name not in document:
            found.append(f"{model}.{name} is missing")
        elif document[name] is None:
            if not kind.endswith("?"):
                found.append(f"{model}.{name} is null")
        elif type(document[name]) is not TYPES[kind.rstrip("?")]:
            found.append(f"{model}.{name} is {type(document[name]).__name__}")
    return found


def test_all_fields_are_there_with_their_types(client: Any) -> None:
    # is_salespos of a webshop stands in the dossier's list, not in the model
    found: list[str] = misfits(client.get("/webshops/1/").json, "webshop", frozenset({"is_salespos"}))
    found += misfits(client.get("/orders/").json, "collection")
    for order in client.every("/orders/") + client.every("/orders/?is_completed=false"):
        found += misfits(order, "order") + misfits(order["discountcoupon"], "discountcoupon")
        found += misfits(order["user"], "order_user") + misfits(order["take_out_window"], "take_out_window")
        if order["customer"] is not None:
            found += misfits(order["customer"], "customer")
            found += misfits(order["customer"]["billingaddress"], "billingaddress")
            found += misfits(order["customer"]["deliveryaddress"], "deliveryaddress")
        for row in client.get(f"/orders/{order['id']}/orderrows/").json["items"]:
            found += misfits(row, "orderrow")
    for product in client.every("/products/"):
        found += misfits(product, "product")
    for user in client.every("/users/"):
        found += misfits(user, "user") + misfits(user["userinfo"], "customer")
    for method in client.get("/paymethods/").json["items"]:
        found += misfits(method, "paymethod")

    assert Counter(found) == {}


@pytest.mark.parametrize(
    ("model", "shape"),
    [
        ("order_patch", shapes.ORDER_PATCH),
        ("product_patch", shapes.PRODUCT_PATCH),
        ("product_post", shapes.PRODUCT_POST),
    ],
)
def test_what_may_be_written_is_what_is_documented(model: str, shape: dict[str, Any]) -> None:
    def kind(value: Any) -> str:
        if isinstance(value, str):
            return value.rstrip("!") + ("" if value.endswith("!") else "?")
        return "list?" if isinstance(value, list) else "object?"

    assert {name: kind(value) for name, value in shape.items()} == FIELDS[model]


@pytest.fixture(scope="module")
def orders() -> list[dict[str, Any]]:
    return list(CcvShop(Clock(), orders=40).holdings.orders.values())


def test_forty_orders_hold_every_case_once(orders: list[dict[str, Any]]) -> None:
    cases = Counter(order["case"] for order in orders)

    assert len(orders) == 40
    assert len(cases) == 36 and "" not in cases
    assert {case for case, number in cases.items() if number > 1} == {
        "two orders of one new customer within minutes",
        "unpaid, paid one day after it was placed",
    }


def test_the_six_countries_and_four_rates_appear(orders: list[dict[str, Any]]) -> None:
    countries = {o["customer"]["billingaddress"]["country_code"] for o in orders if o["customer"]}

    assert countries == {"NL", "BE", "DE", "FR", "SE", "GB"}
    assert {row["tax"] for order in orders for row in order["rows"]} == {21.0, 9.0, 0.0, 25.0}


def test_the_tax_flags_are_independent(orders: list[dict[str, Any]]) -> None:
    flags = {(o["order_row_taxes_included"], o["shipping_taxes_included"]) for o in orders if o["total_shipping"]}

    assert flags == {(True, True), (True, False), (False, True), (False, False)}
    assert {order["taxes_included"] for order in orders} == {True, False}


def test_numbers_and_texts_are_awkward(orders: list[dict[str, Any]]) -> None:
    rows = [row for order in orders for row in order["rows"]]
    numbers = {row["product_number"] for row in rows}
    texts = json.dumps([order["customer"] for order in orders], ensure_ascii=False)

    assert None in numbers and "ÅTER, BRUK 1" in numbers
    assert max(len(number) for number in numbers if number) > 40
    assert any(row["count"] == 1.5 for row in rows)
    assert any(row["price"] == 0 for row in rows)
    assert any(row["discount"] > 0 for row in rows)
    assert {len(order["rows"]) for order in orders} >= {0, 200}
    for awkward in ("🎈", "e\u0301", "\u202e", "<b>", "x" * 290):
        assert awkward in texts
    streets = [o["customer"]["billingaddress"]["street"] for o in orders if o["customer"]]
    assert max(map(len, streets)) == 300


def test_customers_are_awkward(orders: list[dict[str, Any]]) -> None:
    by_mail: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for order in orders:
        if order["customer"]:
            by_mail[order["customer"]["email"].lower()].append(order)
    shared = [group for group in by_mail.values() if len(group) > 1]
    minutes = []
    for group in shared:
        first, second = (datetime.fromisoformat(order["create_date"]) for order in group[:2])
        minutes.append((second - first).total_seconds() / 60)

    assert any(len({o["customer"]["email"] for o in group}) == 2 for group in shared)
    assert any({o["customer"]["customertype"] for o in group} == {"b2b", "b2c"} for group in shared)
    assert any(len(group) > 2 for group in shared)
    assert sum(0 < gap <= 6 for gap in minutes) >= 2
    assert any(o["customer"]["billingaddress"]["telephone"] == "" for o in orders if o["customer"])


def test_the_other_cases_are_there(orders: list[dict[str, Any]]) -> None:
    assert any(o["paymethod"] == "klarna_later" and o["paymethod_id"] == 99 for o in orders)
    assert any(o["status"] == 8 for o in orders)
    assert any(o["extra_costs"] < 0 for o in orders) and any(o["extra_costs"] > 0 for o in orders)
    for field in ("total_discounts", "credit_point_discount", "paymethod_costs"):
        assert any(order[field] > 0 for order in orders), field
    assert any(o["discountcoupon"]["givesfreeshipping"] and o["total_shipping"] == 0 for o in orders)


def _cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.01"), "ROUND_HALF_UP")


def test_the_sums_of_every_order_add_up() -> None:
    for order in CcvShop(Clock(), orders=400).holdings.orders.values():
        amounts = {name: Decimal(str(value)) for name, value in order.items() if type(value) is float}
        rows = Decimal(0)
        for row in order["rows"]:
            unit = Decimal(str(row["price"])) - Decimal(str(row["discount"]))
            assert Decimal(str(row["total_price"])) == _cents(unit * Decimal(str(row["count"])))
            rows += Decimal(str(row["total_price"]))
        assert amounts["total_orderrow_price"] == rows
        taken = amounts["total_discounts"] + amounts["credit_point_discount"]
        total = rows - taken + amounts["paymethod_costs"] + amounts["extra_costs"] + amounts["total_shipping"]
        if order["taxes_included"] and not order["order_row_taxes_included"]:
            share = amounts["shipping_tax_percentage"] if order["shipping_taxes_included"] else Decimal(0)
            in_shipping = _cents(amounts["total_shipping"] * share / (100 + share))
            total += amounts["total_tax"] - in_shipping
        assert amounts["total_price"] == total, order["case"]


def test_known_sums_come_out(shop: Any) -> None:
    def placed(**wishes: Any) -> dict[str, Any]:
        made = shop.do("new_order", wishes)
        return dict(shop.holdings.orders[made["id"]])

    # 3 x 19.99 at 21 %: 59.97, tax 10.41; 7 x 4.95 at 9 %: 34.65, tax 2.86; shipping 6.95, tax 1.21
    lines = [{"productnumber": "ART-1001", "count": 3}, {"productnumber": "ART-1002", "count": 7}]
    plain = placed(lines=lines)
    assert (plain["total_price"], plain["total_tax"]) == (101.57, 14.48)

    # 10.00 of discount: 3.66 of it from the 9 % rows, 6.34 from the 21 % rows
    coupon = placed(lines=lines, fields={"total_discounts": 10.0})
    assert (coupon["total_price"], coupon["total_tax"]) == (91.57, 13.08)

    # without tax in the rows: 21 % of 59.97 and 9 % of 34.65 come on top: 12.59 + 3.12
    net = placed(lines=lines, fields={"order_row_taxes_included": False})
    assert (net["total_price"], net["total_tax"]) == (117.28, 16.92)


def test_the_same_seed_gives_the_same_shop() -> None:
    clock = Clock()
    first, second, other = CcvShop(clock), CcvShop(clock), CcvShop(clock, seed=8)
    second.restore(first.state())

    assert first.holdings.orders == second.holdings.orders
    assert first.holdings.orders != other.holdings.orders
    assert first.keys != other.keys


def test_everybody_is_invented(orders: list[dict[str, Any]]) -> None:
    assert all(o["customer"]["email"].lower().endswith(".example") for o in orders if o["customer"])


def test_every_third_product_has_the_low_tariff(shop: Any) -> None:
    products = [p for p in shop.holdings.products.values() if p["productnumber"][4:].isdigit()][:60]

    assert [p["productnumber"] for p in products] == [f"ART-{n}" for n in range(1001, 1061)]
    assert [p["taxtariff"] == "low a" for p in products] == [n % 3 == 0 for n in range(1001, 1061)]
