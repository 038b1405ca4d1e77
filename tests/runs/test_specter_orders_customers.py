"""Customers of orders from Abicart to Specter: who is recognised, what follows, what stays as it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.formulas import Formulas
from engine.runs.run import RunOptions
from tests.runs.specter import Make, stages


@pytest.fixture
def stage(tmp_path: Path, formulas: Formulas) -> Iterator[Make]:
    with stages(tmp_path, formulas) as make:
        yield make


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
