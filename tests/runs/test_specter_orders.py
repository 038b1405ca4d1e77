"""Orders from Abicart to Specter: what becomes of them, over both sandboxes, and every setting that both can honour."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.formulas import Formulas
from sandbox.specter.books import sums
from tests.runs.specter import CARD, INVOICE, ON_DELIVERY, Make, stages

ALL = {"only_paid": False, "from_date": "2020-01-01"}


@pytest.fixture
def stage(tmp_path: Path, formulas: Formulas) -> Iterator[Make]:
    with stages(tmp_path, formulas) as make:
        yield make


def rows(document: dict[str, Any]) -> list[tuple[str, Decimal, Decimal]]:
    """Number, quantity and price of each row."""
    return [(r["articleNo"], Decimal(r["noOfItems"]), Decimal(r["priceExclVAT"])) for r in document["rows"]]


def numbers(document: dict[str, Any]) -> list[str]:
    return [row["articleNo"] for row in document["rows"]]


# --- an order


def test_an_order_becomes_a_customer_and_an_order_and_its_number_is_in_the_shop(stage: Make) -> None:
    s = stage()
    number = s.order(name="Åsa Östersjö", email="asa@post.example", lines=[{"articleNumber": "AB-1001", "price": 125}])
    s.run()

    made, buyer = s.made(number), s.buyer(number)
    assert (buyer["name"], buyer["emailAddress"], buyer["customerOrganizationalForm"]) == (
        "Åsa Östersjö",
        "asa@post.example",
        "P",
    )
    assert (buyer["countryCode"], buyer["deliveryCountryCode"]) == ("SE", "SE")
    assert buyer["deliveryAddress"] == buyer["address"] != ""
    assert rows(made) == [("AB-1001", 1, 100), ("SHIPPING", 1, Decimal("39.2"))]
    assert s.placed(number)["externalOrderNumber"] == made["orderNo"]
    assert s.outcomes(number) == ["created"]


def test_nothing_is_sent_for_what_has_arrived_though_writing_the_number_back_changed_the_order(stage: Make) -> None:
    s = stage()
    number = s.order()
    s.run()
    before = s.actions()
    for _ in range(2):
        s.sandbox_clock.advance(300)
        s.run()

    assert [action for action in s.actions()[len(before) :] if action != "checkaccountsettings"] == []
    assert len(s.documents()[number]) == 1
    assert s.outcomes(number) == ["created"]


def test_that_an_order_was_paid_or_sent_afterwards_sends_nothing(stage: Make) -> None:
    s = stage()
    number = s.order(payment=INVOICE, fields={"paymentStatus": "unpaid"})
    s.run()
    before = len(s.actions())
    for action in ("pay_order", "send_order"):
        s.sandbox_clock.advance(300)
        s.shop.do(action, {"orderNumber": number})
        s.run()

    assert [action for action in s.actions()[before:] if action.startswith("new")] == []
    assert s.outcomes(number) == ["created"]


def test_the_shop_is_written_to_once_for_each_order_and_specter_twice(stage: Make) -> None:
    s = stage()
    placed = [s.order() for _ in range(5)]
    s.run()

    assert len(s.documents()) == len(placed)
    assert s.actions().count("newCustomerSubmit") == s.actions().count("newOrderSubmit") == len(placed)


def test_the_shops_order_stays_as_it_is_where_the_number_is_not_wanted(stage: Make) -> None:
    s = stage(write_back=False)
    number = s.order()
    s.run()

    assert s.made(number)
    assert s.placed(number)["externalOrderNumber"] == ""


@pytest.mark.parametrize(("shop", "decimals"), [({}, 2), ({}, 4), ({"prices_with_vat": False}, 2)])
def test_every_order_comes_to_what_the_shop_says_or_is_parked(stage: Make, shop: dict[str, Any], decimals: int) -> None:
    """All the awkward ones: gift cards, discounts, three rates, whole kronor, companies without tax."""
    s = stage(orders=60, shop=shop, price_decimals=decimals, other_letters="transliterate", **ALL)
    s.run()

    delivered = s.documents()
    for number, [document] in delivered.items():
        total = s.placed(number)["costs"]["total"]
        net, tax = sums(document)
        assert (net + tax, tax) == (Decimal(str(total["incVat"])), Decimal(str(total["vat"]))), number
    assert len(delivered) > 40
    held = {o["orderNumber"]: o for o in s.shop.records.all("Order") if o["orderNumber"] and not o["discarded"]}
    parked = {number for number in held if s.state(number) == "parked"}
    assert parked and parked | delivered.keys() == held.keys()
    assert all("sums" not in s.problem(number).what and "total" not in s.problem(number).where for number in parked)


# --- rows and comments


@pytest.mark.parametrize(("payment", "article"), [(INVOICE, "FEE"), (ON_DELIVERY, "COD")])
def test_a_fee_is_a_row_and_that_of_cash_on_delivery_one_of_its_own(stage: Make, payment: int, article: str) -> None:
    s = stage()
    number = s.order(payment=payment)
    s.run()

    assert numbers(s.made(number)) == ["AB-1001", "SHIPPING", article]
    assert s.made(number)["payTypeIdentifier"] == {INVOICE: "I", ON_DELIVERY: "P"}[payment]


def test_rows_of_zero_are_sent_where_they_are_wanted_and_only_there(stage: Make) -> None:
    s = stage(zero_shipping=True, zero_fee=True)
    wanted = s.order(shipping=0, payment=CARD)
    s.run()
    other = s.order(shipping=0, payment=CARD)
    s.run(zero_shipping=False, zero_fee=False)

    assert rows(s.made(wanted))[1:] == [("SHIPPING", 1, 0), ("FEE", 1, 0)]
    assert numbers(s.made(other)) == ["AB-1001"]


def test_rows_have_the_article_numbers_that_were_chosen(stage: Make) -> None:
    s = stage(shipping_article="FRAKT", fee_article="AVGIFT")
    number = s.order(payment=INVOICE)
    s.run()

    assert numbers(s.made(number)) == ["AB-1001", "FRAKT", "AVGIFT"]


def test_gift_cards_and_discounts_are_rows_below_zero_with_numbers_of_their_own(stage: Make) -> None:
    s = stage(gift_card_article="PK", discount_article="RAB")
    lines = [("AB-1001", 750), ("PRESENTKORT", -200), ("RABATT", -50)]
    number = s.order(lines=[{"articleNumber": name, "price": price} for name, price in lines], shipping=0)
    s.run()

    assert rows(s.made(number)) == [("AB-1001", 1, 600), ("PK", 1, -200), ("RAB", 1, -40)]


def test_discounts_are_a_percentage_for_the_order_where_that_is_chosen(stage: Make) -> None:
    s = stage(order_discounts="percent")
    lines = [("AB-1001", 500), ("AB-1012", 300), ("RABATT", -80), ("PRESENTKORT", -100)]
    number = s.order(lines=[{"articleNumber": name, "price": price, "vatRate": 0.25} for name, price in lines])
    s.run()

    made = s.made(number)
    assert numbers(made) == ["AB-1001", "AB-1012", "GIFTCARD", "SHIPPING"]
    assert [Decimal(row["discount"]) for row in made["rows"]] == [10, 10, 0, 0]
    net, tax = sums(made)
    assert net + tax == Decimal(str(s.placed(number)["costs"]["total"]["incVat"]))


def test_goods_that_go_elsewhere_have_the_other_address_and_never_that_of_an_order_before(stage: Make) -> None:
    s = stage()
    first = s.order(email="anna@post.example")
    customer = s.placed(first)["customer"]
    elsewhere = {"copyAddress": False, "name": "Börje Åkervind", "address": "Ingenväg 9", "postcode": "00009"}
    address = {**elsewhere, "town": "Bortavik", "country": "SE", "company": "", "address2": "", "state": ""}
    s.shop.do("change_order", {"orderNumber": first, "fields": {"customer": {**customer, "deliveryAddress": address}}})
    s.run()
    assert (s.buyer(first)["deliveryCompanyName"], s.buyer(first)["deliveryCity"]) == ("Börje Åkervind", "Bortavik")
    comment = "Leveransadress: Börje Åkervind, Ingenväg 9, 00009 Bortavik, SE"
    assert s.made(first)["internalComment"] == comment

    second = s.order(email="anna@post.example")
    s.run()
    buyer = s.buyer(second)
    assert "internalComment" not in s.made(second)
    assert (buyer["deliveryAddress"], buyer["deliveryCity"]) == (buyer["address"], buyer["city"])


def test_the_shops_own_checkout_fields_stand_in_the_internal_comment(stage: Make) -> None:
    s = stage(checkout_fields=True)
    number = s.order(fields={"note": "Ring först"})
    customer = s.placed(number)["customer"]
    info = {**customer["info"], "portkod": "1234", "tom": ""}
    s.shop.do("change_order", {"orderNumber": number, "fields": {"customer": {**customer, "info": info}}})
    s.run()

    assert s.made(number)["internalComment"] == "Ring först\nportkod: 1234"


def test_specter_writes_to_the_buyer_and_to_its_user_where_that_is_chosen(stage: Make) -> None:
    s = stage(send_confirmation=True, send_copy=True)
    number = s.order(email="anna@post.example")
    s.run()

    letters = [(one["to"], one["orderNo"]) for one in s.books.books.letters]
    assert letters == [("anna@post.example", s.made(number)["orderNo"]), ("user", s.made(number)["orderNo"])]


def test_nobody_is_written_to_unless_that_is_chosen(stage: Make) -> None:
    s = stage()
    s.order()
    s.run()

    assert s.books.books.letters == []
