"""Customers with an account come to the books by themselves, recognised as a setting says, each once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.runs.beside import Beside, beside, written

MakeStage = Callable[..., Any]
CUSTOMERS = "ccv-customers-to-eaccounting"


@pytest.fixture
def empty(stage: MakeStage) -> Callable[..., tuple[Any, Beside]]:
    """Books without customers, and the flow of customers with these answers."""

    def make(**answers: Any) -> tuple[Any, Beside]:
        s = stage()
        for customer in s.held("customers"):
            s.books.do("delete_customer", {"id": customer["Id"]})
        return s, beside(s, CUSTOMERS, **answers)

    return make


def opened(s: Any, **wishes: Any) -> dict[str, Any]:
    user: dict[str, Any] = s.shop.do("new_user", wishes)
    return user


def in_books(s: Any, email: str) -> list[dict[str, Any]]:
    return [c for c in s.held("customers") if c["EmailAddress"] == email]


def test_a_person_and_a_company_become_customers_and_then_it_is_quiet(empty: Any) -> None:
    s, customers = empty()
    person, company = opened(s, email="anna@post.example", name="Anna Berg"), opened(s, company="Bedacht B.V.")
    report = customers.run()

    assert report.counts["created"] == 2
    [anna] = in_books(s, "anna@post.example")
    assert (anna["Name"], anna["IsPrivatePerson"], anna["WebshopCustomerNumber"]) == ("Anna Berg", True, person["id"])
    [firm] = in_books(s, company["username"])
    assert (firm["Name"], firm["IsPrivatePerson"]) == ("Bedacht B.V.", False)
    assert firm["CorporateIdentityNumber"] == company["userinfo"]["kvk"]
    assert firm["ContactPersonName"] == company["userinfo"]["billingaddress"]["full_name"]

    written(s, "eaccounting")
    for _ in range(3):
        assert customers.run().counts["unchanged"] == 2
    assert written(s, "eaccounting") == []


@pytest.mark.parametrize("follows", [True, False])
def test_a_changed_address_follows_where_the_setting_says_so(empty: Any, follows: bool) -> None:
    s, customers = empty(update_customers=follows)
    opened(s, email="anna@post.example")
    customers.run()
    s.shop.do("change_user", {"email": "anna@post.example", "userinfo": {"billingaddress": {"city": "Nieuwstad"}}})
    customers.run()

    [anna] = in_books(s, "anna@post.example")
    assert (anna["InvoiceCity"] == "Nieuwstad") is follows


def test_a_company_is_recognised_by_its_organisation_number_whatever_its_address(empty: Any) -> None:
    s, customers = empty(match_customer="number")
    fields = {"Name": "Bedacht", "IsPrivatePerson": False, "CorporateIdentityNumber": "00000042"}
    there = s.books.do("add_customer", fields)
    opened(s, company="Bedacht B.V.", email="new@bedacht.example", register_number="00000042")
    customers.run()

    [firm] = s.held("customers")
    assert (firm["Id"], firm["Name"], firm["EmailAddress"]) == (there["Id"], "Bedacht B.V.", None)


def test_without_an_organisation_number_the_email_address_recognises(empty: Any) -> None:
    s, customers = empty(match_customer="number")
    there = s.books.do("add_customer", {"Name": "Anna", "EmailAddress": "anna@post.example"})
    opened(s, email="anna@post.example", name="Anna Berg")
    customers.run()

    [anna] = s.held("customers")
    assert (anna["Id"], anna["Name"]) == (there["Id"], "Anna Berg")


def test_never_recognised_each_account_becomes_a_customer_of_its_own_once(empty: Any) -> None:
    s, customers = empty(match_customer="never")
    s.books.do("add_customer", {"Name": "Anna", "EmailAddress": "anna@post.example"})
    user = opened(s, email="anna@post.example", name="Anna Berg")
    s.serving.arm("eaccounting", [{"kind": "lose_reply", "method": "POST", "path": "/v2/customers", "times": 1}])
    customers.run()
    s.shop.do("change_user", {"email": "anna@post.example", "userinfo": {"billingaddress": {"city": "Nieuwstad"}}})
    customers.run()

    held = {c["WebshopCustomerNumber"]: c for c in in_books(s, "anna@post.example")}
    assert list(held) == [None, user["id"]]
    assert held[user["id"]]["InvoiceCity"] == "Nieuwstad"
    assert held[None]["Name"] == "Anna"


def test_the_shop_gives_the_number_where_that_is_chosen(empty: Any) -> None:
    s, customers = empty(customer_number="shop")
    user = opened(s, email="anna@post.example")
    customers.run()

    assert [c["CustomerNumber"] for c in s.held("customers")] == [str(user["id"])]


def test_a_number_that_the_books_gave_away_is_a_sentence(empty: Any) -> None:
    s, customers = empty(customer_number="shop")
    user = opened(s, email="anna@post.example")
    s.books.do("add_customer", {"Name": "Bo", "CustomerNumber": str(user["id"])})
    customers.run()

    assert customers.state(str(user["id"])) == "parked"
    assert "the books have one with this number already" in customers.says(str(user["id"]))


def test_an_account_that_is_switched_off_or_without_an_address_waits(empty: Any) -> None:
    s, customers = empty()
    off, bare = opened(s, email="off@post.example"), opened(s, email="bare@post.example")
    s.shop.do("change_user", {"email": "off@post.example", "status": False})
    s.shop.do("change_user", {"email": "bare@post.example", "userinfo": {"billingaddress": {"city": ""}}})
    customers.run()

    assert customers.says(str(off["id"])) == "its account is switched off"
    assert customers.says(str(bare["id"])) == "its address is not complete yet"
    assert s.held("customers") == []

    s.shop.do("change_user", {"email": "bare@post.example", "userinfo": {"billingaddress": {"city": "Nieuwstad"}}})
    customers.run()
    assert customers.state(str(bare["id"])) == "created"


def test_an_order_and_the_account_of_one_buyer_meet_in_one_customer(empty: Any) -> None:
    s, customers = empty()
    user = opened(s, email="anna@post.example")
    number = s.order(email="anna@post.example", account=True)
    customers.run()
    s.run()

    [anna] = in_books(s, "anna@post.example")
    assert s.documents()[number][0]["CustomerId"] == anna["Id"]
    assert anna["WebshopCustomerNumber"] == user["id"]


def test_a_payment_term_that_is_gone_parks_the_customer_and_is_named(empty: Any) -> None:
    s, customers = empty()
    user = opened(s, email="anna@post.example")
    s.books.do("remove_terms", {"name": "30 dagen"})
    customers.run()

    assert customers.state(str(user["id"])) == "parked"
    assert "30 dagen" in customers.says(str(user["id"]))
    assert s.held("customers") == []
