"""Customers, orders and articles are written, each with the key of what it says."""

from __future__ import annotations

import http.client
from decimal import Decimal

import pytest

from sandbox.server import Serving
from sandbox.specter import Specter
from sandbox.specter.books import sums
from tests.sandbox.specter.conftest import Client, row

NAME = "Åsa Björksten"


@pytest.mark.parametrize("v2", [False, True])
@pytest.mark.parametrize("xml", [False, True])
def test_a_name_with_letters_of_swedish_is_hashed_in_latin_1(
    client: Client, system: Specter, v2: bool, xml: bool
) -> None:
    reply = client.put("newCustomerSubmit", NAME, {"name": NAME, "currency": "SEK"}, xml, v2)

    assert ("<code>1</code><message>1041</message>" if xml else "1;1041;") in reply
    assert system.books.customers["1041"]["name"] == NAME


def test_a_wrong_key_is_refused_in_both_forms(client: Client) -> None:
    form = {"name": NAME, "currency": "SEK"}

    assert client.put("newCustomerSubmit", "Asa", form) == "0;31;The key is wrong."
    assert "<code>31</code><message>The key is wrong.</message>" in client.put("newCustomerSubmit", "Asa", form, True)


def test_one_version_of_the_key_can_be_asked_for(client: Client, system: Specter) -> None:
    system.do("choose", {"key_version": "v2"})
    form = {"name": NAME, "currency": "SEK"}

    assert client.put("newCustomerSubmit", NAME, form, v2=False).startswith("0;31;")
    assert client.put("newCustomerSubmit", NAME, form, v2=True).startswith("1;")


def test_a_known_customer_is_changed_only_when_that_is_said(client: Client, system: Specter) -> None:
    form = {"name": NAME, "currency": "SEK", "emailAddress": "kund1@post.example"}

    assert client.put("newCustomerSubmit", NAME, form) == "1;1041;"
    assert client.put("newCustomerSubmit", NAME, form | {"forceCustomerUpdate": "1"}) == "1;1001;"
    assert system.books.customers["1001"]["name"] == NAME


def test_text_in_utf8_is_refused_not_mangled(client: Client) -> None:
    name = "Åsa".encode().decode("latin-1")

    assert client.put("newCustomerSubmit", name, {"name": name, "currency": "SEK"}).startswith("0;33;")
    assert client.put("newCustomerSubmit", "\x80", {"name": "\x80", "currency": "SEK"}).startswith("0;33;")


def test_an_order_has_rows_and_exact_sums(client: Client, system: Specter) -> None:
    assert client.order(**row(2, "FRAKT"), discount_2="10") == "1;200031;"

    order = system.books.orders["200031"]
    assert [one["articleNo"] for one in order["rows"]] == ["SP-001", "FRAKT"]
    assert sums(order) == (Decimal("148.96"), Decimal("37.24"))


def test_the_same_external_number_makes_no_second_order(client: Client, system: Specter) -> None:
    client.order()

    assert client.order() == "0;37;Externt ordernummer 'A1' finns redan."
    assert client.order(ignoreExternalOrderNoControl="1") == "1;200032;"
    system.do("choose", {"duplicate_order": "same_order"})
    assert client.order() == "1;200031;"


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"vatPercent_1": "-"}, "vatPercent_1 is missing"),
        ({"priceExclVAT_1": "39,2"}, "priceExclVAT_1 is a number"),
        ({"customerId": "9"}, "no customer 9"),
        ({"payTypeIdentifier": "XX"}, "payTypeIdentifier is one of"),
        ({"stocksiteid": "9"}, "no stock site 9"),
        ({"zipCode": "1"}, "no field zipCode"),
        (row(3), "2 is left out"),
    ],
)
def test_a_wrong_order_is_refused_whole(client: Client, system: Specter, changed: dict[str, str], said: str) -> None:
    reply = client.order(**changed)

    assert reply.startswith("0;") and said in reply
    assert len(system.books.orders) == 30


def test_a_hundred_articles_are_taken_and_one_more_is_not(client: Client, system: Specter) -> None:
    form: dict[str, str] = {}
    for n in range(1, 101):
        form |= {f"articleNo_{n}": f"N{n}", f"name_{n}": "Ö", f"priceExclVAT_{n}": "1.5", f"vatPercent_{n}": "25"}
    more = {"articleNo_101": "N101", "name_101": "Ö", "priceExclVAT_101": "1", "vatPercent_101": "25"}

    assert client.put("newArticleSubmit", "N1", form | more).startswith("0;38;")
    assert "N1" not in system.books.articles
    assert client.put("newArticleSubmit", "N1", form).startswith("1;1051;1052;")
    assert client.put("newArticleSubmit", "N1", form).startswith("0;37;")
    assert client.put("newArticleSubmit", "N1", form | {"forceArticleUpdate": "1"}).startswith("1;1051;")


def test_an_article_number_has_plain_signs(client: Client) -> None:
    form = {"articleNo_1": "å 1", "name_1": "x", "priceExclVAT_1": "1", "vatPercent_1": "25"}

    assert client.put("newArticleSubmit", "å 1", form).startswith("0;35;")


def test_a_lost_reply_leaves_the_order_there(client: Client, serving: Serving, system: Specter) -> None:
    serving.arm("specter", [{"kind": "lose_reply", "holds": "action=newOrderSubmit", "times": 1}])
    with pytest.raises((http.client.HTTPException, ConnectionError)):
        client.order()

    assert len(system.books.orders) == 31
    assert client.order().startswith("0;37;")


@pytest.mark.parametrize(("choice", "rows"), [("accept", 2), ("stop", 1)])
def test_a_gap_between_rows_can_be_taken_otherwise(client: Client, system: Specter, choice: str, rows: int) -> None:
    system.do("choose", {"row_gaps": choice})

    assert client.order(**row(3)) == "1;200031;"
    assert len(system.books.orders["200031"]["rows"]) == rows


def test_codes_can_all_be_the_same(client: Client, system: Specter) -> None:
    system.do("choose", {"codes": "same"})

    assert client.order(customerId="9").startswith("0;17;")


def test_bytes_may_stand_in_the_form_as_they_are(client: Client, system: Specter) -> None:
    common = "&".join(f"{name}={value}" for name, value in client.common(NAME, False, True).items())
    body = f"{common}&currency=SEK&name={NAME.replace(' ', '+')}"
    put = "/putInfo.asp?action=newCustomerSubmit"

    assert client.send("POST", put, body.encode("utf-8")).startswith(b"0;33;")
    assert client.send("POST", put, body.encode("latin-1")) == b"1;1041;"
    assert client.send("POST", put, b"{}", "application/json").startswith(b"0;33;")
    utf8 = "application/x-www-form-urlencoded; charset=utf-8"
    assert client.send("POST", put, body.encode("latin-1"), utf8).startswith(b"0;33;")


def test_what_utf8_would_make_of_a_name_can_be_looked_at(client: Client, system: Specter) -> None:
    system.do("choose", {"utf8_bytes": "keep", "odd_bytes": "keep"})
    mangled = NAME.encode().decode("latin-1")

    assert client.put("newCustomerSubmit", mangled, {"name": mangled, "currency": "SEK"}) == "1;1041;"
    assert system.books.customers["1041"]["name"] == mangled


def test_letters_go_out_as_the_order_says(client: Client, system: Specter) -> None:
    client.order(sendOrderMail="1", sendOrderMailToUser="1")

    assert [one["to"] for one in system.books.letters] == ["kund1@post.example", "user"]


def test_a_first_name_and_a_surname_make_the_name(client: Client, system: Specter) -> None:
    form = {"firstName": "Östen", "surName": "Åkervind", "currency": "SEK"}

    assert client.put("newCustomerSubmit", "Östen Åkervind", form) == "1;1041;"
    assert client.put("newCustomerSubmit", "", {"currency": "SEK"}).startswith("0;34;")
