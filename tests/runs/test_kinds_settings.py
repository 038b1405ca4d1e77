"""Settings of the flow of orders: who is one customer, who numbers it, lines, deliveries, and countries."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from engine.errors import DocumentError
from engine.runs.run import RunOptions

MakeStage = Callable[..., Any]
KINDS = {"order": "orders", "invoice": "customerinvoices", "draft": "customerinvoicedrafts", "quote": "quotes"}
SERVICES = "Diensten hoog 21%"  # another coding of the same rate, as a country may have one of its own


def row(table: str, key: str, value: str) -> Callable[[dict[str, Any]], None]:
    return lambda flow: flow["lookups"][table]["rows"].update({key: value})


def customers(s: Any, email: str) -> list[dict[str, Any]]:
    return [c for c in s.held("customers") if c["EmailAddress"] == email]


# --- who is one customer


def test_a_company_is_recognised_by_its_organisation_number_whatever_its_address(stage: MakeStage) -> None:
    s = stage(match_customer="number")
    fields = {"Name": "Bedacht", "IsPrivatePerson": False, "CorporateIdentityNumber": "00000042"}
    there = s.books.do("add_customer", fields)
    number = s.order(company="Bedacht B.V.", email="new@bedacht.example", register_number="00000042")
    s.run()

    assert s.documents()[number][0]["CustomerId"] == there["Id"]
    assert customers(s, "new@bedacht.example") == []


def test_a_person_is_recognised_by_email_though_companies_are_by_number(stage: MakeStage) -> None:
    s = stage(match_customer="number")
    there = s.books.do("add_customer", {"Name": "Anna", "EmailAddress": "anna@post.example"})
    number = s.order(email="anna@post.example")
    s.run()

    assert s.documents()[number][0]["CustomerId"] == there["Id"]


def test_a_person_is_recognised_by_a_personal_number_where_the_order_has_one(stage: MakeStage) -> None:
    s = stage(match_customer="number")
    there = s.books.do("add_customer", {"Name": "Anna", "CorporateIdentityNumber": "000000-0000"})
    number = s.order(email="anna@post.example")
    s.shop.do("change_order", {"ordernumber": number, "fields": {"customer": {"ssnnumber": "000000-0000"}}})
    s.run()

    assert s.documents()[number][0]["CustomerId"] == there["Id"]


def test_an_address_that_looks_like_a_number_is_still_an_address(stage: MakeStage) -> None:
    s = stage()
    s.books.do("add_customer", {"Name": "Bedacht", "IsPrivatePerson": False, "CorporateIdentityNumber": "00000042"})
    numbers = [s.order(company="Other B.V.", email="00000042") for _ in range(2)]
    s.run()

    [other] = customers(s, "00000042")
    assert {s.documents()[n][0]["CustomerId"] for n in numbers} == {other["Id"]}


def test_two_customers_of_one_organisation_number_park_the_order(stage: MakeStage) -> None:
    s = stage(match_customer="number")
    for name in ("One", "Two"):
        s.books.do("add_customer", {"Name": name, "IsPrivatePerson": False, "CorporateIdentityNumber": "00000042"})
    number = s.order(company="Bedacht B.V.", register_number="00000042")
    s.run()

    assert "2 records match" in s.problem(number).what


def test_each_order_gets_a_customer_of_its_own_and_delivered_again_no_other(stage: MakeStage) -> None:
    s = stage(match_customer="never")
    s.serving.arm("eaccounting", [{"kind": "lose_reply", "method": "POST", "path": "/v2/customers", "times": 1}])
    numbers = [s.order(email="anna@post.example") for _ in range(3)]
    s.run()
    s.run(RunOptions(only=numbers, threads=1))

    made = {c["Note"]: c["Id"] for c in customers(s, "anna@post.example")}
    assert made.keys() == {f"Order {number}" for number in numbers}
    assert len(customers(s, "anna@post.example")) == 3
    assert [s.documents()[n][0]["CustomerId"] for n in numbers] == [made[f"Order {n}"] for n in numbers]


def test_one_customer_stands_for_all_and_none_is_made_or_changed(stage: MakeStage) -> None:
    s = stage(default_customer="web@books.example")
    there = s.books.do("add_customer", {"Name": "The web", "EmailAddress": "web@books.example"})
    before = len(s.held("customers"))
    numbers = [s.order(), s.order(company="Bedacht B.V.", country="NL"), s.order(email="")]
    s.run()

    assert {s.documents()[n][0]["CustomerId"] for n in numbers} == {there["Id"]}
    assert len(s.held("customers")) == before
    assert [c for c in s.held("customers") if c["Id"] == there["Id"]] == [there]
    assert [s.state(n) for n in numbers] == ["created"] * 3


def test_a_customer_for_all_who_is_not_there_or_a_company_parks_the_order(stage: MakeStage) -> None:
    s = stage(default_customer="web@books.example")
    number = s.order()
    s.run()
    assert "there is none with e-mail or organisation number, and the flow makes none" in s.problem(number).what

    s.books.do("add_customer", {"Name": "Web", "EmailAddress": "web@books.example", "IsPrivatePerson": False})
    s.run(RunOptions(only=[number], threads=1))
    assert "the customer who stands for all is a company in the books" in s.problem(number).what
    assert s.documents() == {}


def test_the_shop_gives_the_number_to_those_with_an_account_and_the_books_to_guests(stage: MakeStage) -> None:
    s = stage(customer_number="shop")
    s.order(email="anna@post.example", account=True), s.order(email="guest@post.example")
    s.run()

    [user] = s.shop.holdings.users.values()
    [anna], [guest] = customers(s, "anna@post.example"), customers(s, "guest@post.example")
    assert anna["CustomerNumber"] == str(user["id"])
    assert guest["CustomerNumber"] not in (None, "", str(user["id"]))


# --- what documents carry


@pytest.mark.parametrize("document", KINDS)
def test_the_company_name_stands_on_line_1_and_the_street_on_line_2(stage: MakeStage, document: str) -> None:
    s = stage(company_on_line_1=True, document=document)
    number = s.order(company="Bedacht B.V.", email="inkoop@bedacht.example")
    s.run()

    [made] = s.documents(KINDS[document])[number]
    [buyer] = customers(s, "inkoop@bedacht.example")
    assert buyer["InvoiceAddress1"] == "Bedacht B.V." and buyer["InvoiceAddress2"]
    held = s.shop_orders()[number]["customer"]["deliveryaddress"]
    if held["company"]:
        assert made["DeliveryAddress1"] == "Bedacht B.V." and held["street"] in made["DeliveryAddress2"]


@pytest.mark.parametrize("document", KINDS)
def test_the_way_of_delivery_is_called_as_in_the_books(stage: MakeStage, document: str) -> None:
    s = stage(own_workspace=True, document=document)
    s.edit_flow(row("delivery_methods", "shipping", "Pakketpost"))
    number = s.order()
    s.run()

    assert s.documents(KINDS[document])[number][0]["DeliveryMethodName"] == "Pakketpost"


def test_a_delivery_method_that_is_gone_from_the_books_is_named(stage: MakeStage) -> None:
    s = stage(own_workspace=True)
    s.edit_flow(row("delivery_methods", "shipping", "Pakketpost"))
    s.books.do("remove_delivery_method", {"name": "Pakketpost"})
    number = s.order()
    try:
        s.run()
        said = s.problem(number).what
    except DocumentError as error:
        said = str(error)

    assert "shipping" in said and s.documents() == {}


def test_a_fee_of_zero_is_a_row_where_that_is_chosen(stage: MakeStage) -> None:
    s = stage(zero_fee=True)
    number = s.order()
    s.run()

    names = {a["Id"]: a["Number"] for a in s.held("articles")}
    rows = {names[r["ArticleId"]]: r["UnitPrice"] for r in s.documents()[number][0]["Rows"]}
    assert rows["FEE-21"] == 0
    assert s.state(number) == "created"


# --- a country with a coding of its own


def test_a_country_with_a_coding_of_its_own_gets_articles_of_its_own(stage: MakeStage) -> None:
    s = stage(own_workspace=True)
    s.edit_flow(row("country_codings", "21 BE", SERVICES))
    s.edit_flow(row("country_endings", "21 BE", "-BE"))
    home, abroad = s.order(country="NL"), s.order(country="BE")
    s.run()

    articles = {a["Id"]: a for a in s.held("articles")}
    numbers = {n: [articles[r["ArticleId"]]["Number"] for r in s.documents()[n][0]["Rows"]] for n in (home, abroad)}
    assert all(number.endswith("-BE") for number in numbers[abroad])
    assert not any(number.endswith("-BE") for number in numbers[home])
    codings = {a["Number"]: a["CodingName"] for a in articles.values()}
    assert {codings[number] for number in numbers[abroad]} == {SERVICES}
    assert SERVICES not in {codings[number] for number in numbers[home]}
    assert [s.state(n) for n in (home, abroad)] == ["created", "created"]


def test_without_an_ending_an_article_with_the_coding_of_home_parks_the_order(stage: MakeStage) -> None:
    s = stage(own_workspace=True)
    s.edit_flow(row("country_codings", "21 BE", SERVICES))
    home, abroad = s.order(country="NL"), s.order(country="BE")
    s.run(RunOptions(threads=1))

    assert s.state(home) == "created"
    assert "these articles have another coding in the books than their rate has in BE" in s.problem(abroad).what


def test_the_row_of_a_draft_names_the_coding_of_its_country(stage: MakeStage) -> None:
    s = stage(own_workspace=True, document="draft")
    s.edit_flow(row("country_codings", "21 BE", SERVICES))
    number = s.order(country="BE")
    s.run()

    codings = {c["Id"]: c["Name"] for c in s.held("articleaccountcodings")}
    [draft] = s.documents("customerinvoicedrafts")[number]
    assert {codings[r["VatRateId"]] for r in draft["Rows"]} == {SERVICES}


# --- what goes wrong in the middle


def test_a_coding_removed_during_a_run_parks_what_needs_it_in_words(stage: MakeStage, once: Any) -> None:
    s = stage()
    number = s.order(lines=[{"productnumber": "NEW-1", "name": "New", "price": 10}])
    gone = once("page read", lambda: s.books.do("remove_coding", {"rate": 21}))
    s.go(s.open(), RunOptions(threads=1), seam=gone)

    assert s.state(number) == "parked"
    assert "CodingId" in s.problem(number).what
    assert s.documents() == {}


def test_payment_terms_removed_during_a_run_park_what_needs_them_in_words(stage: MakeStage, once: Any) -> None:
    s = stage()
    number = s.order()
    gone = once("page read", lambda: s.books.do("remove_terms", {"name": "Betaaldienst"}))
    s.go(s.open(), RunOptions(threads=1), seam=gone)

    assert s.state(number) == "parked"
    assert "TermsOfPaymentId" in s.problem(number).what
    assert s.documents() == {}


@pytest.mark.parametrize("document", ["invoice", "draft"])
def test_a_locked_period_is_a_sentence_for_each_kind_that_is_booked_by_its_date(
    stage: MakeStage, document: str
) -> None:
    s = stage(document=document)
    number = s.order()
    s.books.do("lock_until", {"date": "2999-01-01"})
    s.run()

    assert "the period of this date is locked in the books" in s.problem(number).what


@pytest.mark.parametrize("document", KINDS)
def test_an_order_without_rows_or_in_another_currency_is_parked_as_every_kind(stage: MakeStage, document: str) -> None:
    s = stage(document=document)
    bare, foreign = s.order(lines=[]), s.order(fields={"currency": "SEK"})
    s.run()

    assert s.problem(bare).what == "the order has no rows"
    assert s.problem(foreign).what == "the order is in SEK, the books are kept in EUR"
    assert [s.documents(kind) for kind in KINDS.values()] == [{}] * 4


def test_an_order_below_zero_keeps_its_signs(stage: MakeStage) -> None:
    s = stage()
    number = s.order(lines=[{"productnumber": "ART-1001", "count": -1}], fields={"total_shipping": 0.0})
    s.run()

    total = s.shop_orders()[number]["total_price"]
    assert total < 0
    assert s.documents()[number][0]["Amount"] == total


def test_a_guest_without_an_email_address_is_parked_in_words(stage: MakeStage) -> None:
    s = stage()
    number = s.order(email="")
    s.run()

    assert "match value" in s.problem(number).what
    assert s.documents() == {}
