"""Orders from Abicart to Specter: what becomes of them, over both sandboxes, and every setting that both can honour."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.formulas import Formulas
from engine.runs.run import RunOptions
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
    assert parked | delivered.keys() == held.keys()
    assert all("sums" not in s.problem(number).what and "total" not in s.problem(number).where for number in parked)


# --- customers


def test_two_orders_of_one_address_are_of_one_customer_and_persons_and_companies_are_apart(stage: Make) -> None:
    s = stage(books={"customer_match": "none"}, update_customers=False)
    first, second = s.order(email="Anna@post.example"), s.order(email="anna@post.example")
    firm = s.order(email="anna@post.example", company="Påhitt AB")
    s.run()

    assert s.made(first)["customerId"] == s.made(second)["customerId"] != s.made(firm)["customerId"]
    assert (s.buyer(firm)["name"], s.buyer(firm)["customerOrganizationalForm"]) == ("Påhitt AB", "C")
    assert s.buyer(firm)["contactPerson"]


def test_a_customer_is_known_by_number_whatever_the_address(stage: Make) -> None:
    where = {"abicart": {"identity_field": "orgnr"}}
    s = stage(
        match_customer="number", shop={"identity_key": "orgnr"}, connections=where, books={"customer_match": "orgNo"}
    )
    first, second = s.order(email="a@post.example"), s.order(email="b@post.example")
    info = {"type": "private", "orgnr": "19000000-0007"}
    for number in (first, second):
        customer = {**s.placed(number)["customer"], "info": {**info, "email": f"{number}@post.example"}}
        s.shop.do("change_order", {"orderNumber": number, "fields": {"customer": customer}})
    other = s.order(email="c@post.example")
    s.run()

    assert s.made(first)["customerId"] == s.made(second)["customerId"] != s.made(other)["customerId"]
    assert s.buyer(first)["orgNo"] == "19000000-0007"


def test_each_order_gets_a_customer_of_its_own_where_nobody_is_to_be_recognised(stage: Make) -> None:
    s = stage(match_customer="never")
    placed = [s.order(email="anna@post.example") for _ in range(3)]
    s.run()
    s.run(RunOptions(only=placed, threads=1))

    assert len({s.made(number)["customerId"] for number in placed}) == 3
    assert "1" not in {c.get("forceCustomerUpdate") for c in s.held("customers")}


def test_a_buyer_without_an_address_is_parked_in_words_unless_nobody_is_recognised(stage: Make) -> None:
    s = stage()
    number = s.order(email="")
    s.run()
    assert "the match value (e-mail) is missing" in s.problem(number).what
    assert s.documents() == {}

    s.run(RunOptions(only=[number], threads=1), match_customer="never")
    assert s.state(number) == "created"


def test_the_address_of_a_known_customer_follows_the_latest_order(stage: Make) -> None:
    s = stage()
    first = s.order(email="anna@post.example", name="Anna Exempel")
    s.run()
    second = s.order(email="anna@post.example", name="Anna Omdöpt")
    s.run()

    assert s.made(first)["customerId"] == s.made(second)["customerId"]
    assert s.buyer(second)["name"] == "Anna Omdöpt"
    assert s.buyer(second)["deliveryAddress"] == s.placed(second)["customer"]["address"]["address"]


def test_a_known_customer_stays_as_he_is_where_that_is_chosen(stage: Make) -> None:
    s = stage(update_customers=False)
    s.order(email="anna@post.example", name="Anna Exempel")
    s.run()
    second = s.order(email="anna@post.example", name="Anna Omdöpt")
    s.run()

    assert s.buyer(second)["name"] == "Anna Exempel"
    assert s.actions().count("newCustomerSubmit") == 1


def test_an_order_is_parked_where_specter_does_not_recognise_a_customer_we_know(stage: Make) -> None:
    s = stage(books={"customer_match": "none"})
    first = s.order(email="anna@post.example")
    s.run()
    both = [s.order(email="anna@post.example", name="Anna Omdöpt") for _ in range(2)]
    s.run()

    for number in both:
        assert s.state(number) == "parked"
        assert "was to change customer" in s.problem(number).what and "answered with" in s.problem(number).what
    assert list(s.documents()) == [first]

    s.run(RunOptions(only=both, threads=1), update_customers=False)
    assert {s.made(number)["customerId"] for number in both} == {s.made(first)["customerId"]}


def test_one_customer_stands_for_all_and_none_is_handed_in(stage: Make) -> None:
    s = stage(default_customer="1001")
    placed = [s.order(), s.order(company=True)]
    s.run()

    assert {s.made(number)["customerId"] for number in placed} == {"1001"}
    assert "newCustomerSubmit" not in s.actions()


def test_the_company_stands_on_line_1_and_the_street_on_line_2(stage: Make) -> None:
    s = stage(company_on_line_1=True)
    number = s.order(company="Påhitt AB")
    s.run()

    street, buyer = s.placed(number)["customer"]["address"]["address"], s.buyer(number)
    assert (buyer["address"], buyer["addressRow2"]) == ("Påhitt AB", street)
    assert (buyer["deliveryAddress"], buyer["deliveryAddressRow2"]) == ("Påhitt AB", street)


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


# --- which orders, and when


def test_an_order_waits_until_it_is_paid_but_for_those_on_account(stage: Make) -> None:
    s = stage()
    card, account = (s.order(payment=p, fields={"paymentStatus": "unpaid"}) for p in (CARD, INVOICE))
    s.run()
    assert (s.state(card), s.state(account)) == ("waiting", "created")

    s.shop.do("pay_order", {"orderNumber": card})
    s.run()
    assert s.state(card) == "created"


def test_an_order_that_is_never_paid_is_given_up_after_thirty_days(stage: Make) -> None:
    s = stage(from_date="2020-01-01")
    number = s.order(fields={"paymentStatus": "unpaid"})
    s.run()
    s.sandbox_clock.advance(86_400 * 31)
    s.run()

    assert (s.state(number), s.documents()) == ("skipped", {})


def test_only_orders_that_were_sent_are_taken_where_that_is_chosen(stage: Make) -> None:
    s = stage(states=["sent"])
    number = s.order()
    s.run()
    assert s.state(number) == "waiting"

    s.shop.do("send_order", {"orderNumber": number})
    s.run()
    assert s.state(number) == "created"


def test_a_cart_is_never_taken_and_the_order_it_becomes_is(stage: Make) -> None:
    s = stage()
    cart: Any = s.shop.do("new_cart", {"fields": {"paymentStatus": "paid"}})
    s.run()
    assert s.documents() == {}

    s.sandbox_clock.advance(60)
    number = str(s.shop.do("finish_cart", {"uid": cart["uid"]})["orderNumber"])
    s.run()
    assert s.state(number) == "created"


def test_a_discarded_order_is_never_taken(stage: Make) -> None:
    s = stage()
    number = s.order(fields={"discarded": True})
    s.run()

    assert (s.state(number), s.documents()) == ("skipped", {})


def test_an_order_placed_before_the_first_day_stays_out_though_it_changes(stage: Make) -> None:
    s = stage(from_date="2020-01-01")
    number = s.order()
    s.sandbox_clock.advance(86_400 * 40)
    s.shop.do("change_order", {"orderNumber": number, "fields": {"note": "changed"}})
    s.run(from_date=(s.sandbox_clock.now()).date().isoformat())

    assert (s.state(number), s.documents()) == ("skipped", {})
