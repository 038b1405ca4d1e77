"""Customers, articles and the lists one can only read."""

from __future__ import annotations

import json
from typing import Any

import pytest


def test_a_customer_gets_a_number_and_its_terms(api: Any) -> None:
    customer = api.post("customers", api.customer(Colour="blue", Id="x", ChangedUtc="2001-01-01"))

    assert customer["CustomerNumber"] == "11"
    assert customer["CurrencyCode"] == "EUR"
    assert customer["TermsOfPayment"]["NumberOfDays"] == 14
    assert "Colour" not in customer
    assert not customer["ChangedUtc"].startswith("2001")
    assert api.get("customers/" + customer["Id"]) == customer


def test_the_number_series_leaves_out_numbers_that_are_taken(api: Any) -> None:
    api.post("customers", api.customer(CustomerNumber="11"))

    assert api.post("customers", api.customer())["CustomerNumber"] == "12"


def test_every_missing_required_field_is_named(api: Any) -> None:
    status, code, message = api.refused("POST", "customers", {"Name": "  ", "InvoiceCity": None})

    assert (status, code) == (400, 2000)
    for name in (
        "Name",
        "InvoiceCity",
        "InvoicePostalCode",
        "TermsOfPaymentId",
        "IsPrivatePerson",
        "IsActive",
    ):
        assert f"{name}: The field is required." in message


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Name", "x" * 51),
        ("Name", "😀" * 26),
        ("Name", 5),
        ("InvoicePostalCode", "12345 67890"),
        ("IsActive", "true"),
        ("WebshopCustomerNumber", "12"),
        ("WebshopCustomerNumber", 2**31),
        ("WebshopCustomerNumber", 1.5),
        ("DiscountPercentage", 1.23456),
        ("DiscountPercentage", 101),
        ("TermsOfPaymentId", "14 dagen"),
        ("TermsOfPaymentId", "00000000-0000-0000-0000-000000000000"),
        ("DeliveryMethodId", "00000000-0000-0000-0000-000000000000"),
        ("InvoiceCountryCode", "UK"),
        ("InvoiceCountryCode", "nl"),
        ("InvoiceCountryCode", "NLD"),
        ("CurrencyCode", "EUX"),
        ("VatNumber", "NL 123456789B01"),
        ("VatNumber", "123456789B01"),
        ("VatNumber", "NL1234567"),
        ("VatNumber", "ZZ123456789"),
        ("ReverseChargeOnConstructionServices", True),
        ("DeliveryBasedVat", True),
        ("EmailAddresses", "a@post.example"),
    ],
)
def test_a_value_that_its_field_cannot_take_is_refused(api: Any, field: str, value: object) -> None:
    status, code, message = api.refused("POST", "customers", api.customer(**{field: value}))

    assert (status, code) == (400, 2000)
    assert field in message


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("Name", "x" * 50),
        ("Name", "😀" * 25),
        ("VatNumber", "NL123456789B01"),
        ("VatNumber", "EL123456789"),
        ("DiscountPercentage", 12.3456),
        ("DiscountPercentage", 12.50000),
        ("WebshopCustomerNumber", 3.0),
        ("CustomerNumber", "AB-77"),
    ],
)
def test_a_value_at_the_limit_is_taken(api: Any, field: str, value: object) -> None:
    assert api.post("customers", api.customer(**{field: value}))[field] == value


def test_a_company_may_demand_more_of_a_customer(api: Any) -> None:
    api.system.do("demand", {"fields": ["Telephone"]})
    again = type(api.system)(api.clock)
    again.restore(json.loads(json.dumps(api.system.state())))

    refused = api.refused("POST", "customers", api.customer())
    assert refused == (400, 2000, "Telephone: The field is required.")
    with pytest.raises(ValueError, match=r"Telephone: The field is required\."):
        again.do("add_customer", {"Name": "Somebody"})
    api.post("customers", api.customer(Telephone="+31 20 000 00 11"))
    api.system.do("demand", {"fields": []})
    api.post("customers", api.customer())


def test_only_a_field_that_can_be_written_can_be_demanded(api: Any) -> None:
    for name in ("Colour", "LastInvoiceDate"):
        with pytest.raises(ValueError, match=f"no field {name}"):
            api.system.do("demand", {"fields": [name]})


def test_terms_for_purchases_only_are_refused(api: Any) -> None:
    terms = api.data("termsofpayments", filter="AvailableForSales eq false")[0]["Id"]

    assert api.refused("POST", "customers", api.customer(TermsOfPaymentId=terms))[:2] == (400, 2000)


def test_customer_numbers_are_unique_and_emails_are_not(api: Any) -> None:
    api.post("customers", api.customer(CustomerNumber="K1", EmailAddress="a@post.example"))
    api.post("customers", api.customer(CustomerNumber="K2", EmailAddress="a@post.example"))

    assert api.refused("POST", "customers", api.customer(CustomerNumber="k1"))[:2] == (409, 4000)


def test_a_number_that_was_given_up_is_free_again(api: Any) -> None:
    customer = api.post("customers", api.customer(CustomerNumber="K1"))
    api.call("PUT", "customers/" + customer["Id"], api.customer(CustomerNumber="K2"))

    assert api.post("customers", api.customer(CustomerNumber="K1"))["CustomerNumber"] == "K1"
    assert api.refused("POST", "customers", api.customer(CustomerNumber="K2"))[:2] == (409, 4000)


def test_put_replaces_the_whole_customer_but_not_its_number(api: Any) -> None:
    customer = api.post("customers", api.customer(Telephone="555", EmailAddress="a@post.example"))
    reply = api.call("PUT", "customers/" + customer["Id"], api.customer(Name="Other"))

    changed = reply.json()
    assert reply.status_code == 200
    assert (changed["Name"], changed["Telephone"], changed["EmailAddress"]) == ("Other", None, None)
    assert (changed["Id"], changed["CustomerNumber"]) == (customer["Id"], customer["CustomerNumber"])
    assert api.refused("PUT", "customers/" + customer["Id"], {"Name": "Half"})[:2] == (400, 2000)


def test_a_customer_with_an_order_cannot_be_deleted(api: Any) -> None:
    customer = api.post("customers", api.customer())
    api.post("orders", api.order(customer["Id"]))

    assert api.refused("DELETE", "customers/" + customer["Id"])[:2] == (400, 4001)


@pytest.mark.parametrize("path", ["customers/x", "nothing", "customers/", "orders/1/convert", "vouchers", "x/y/z"])
def test_what_is_not_there_is_not_found(api: Any, path: str) -> None:
    assert api.refused("GET", path)[:2] == (404, 3000)


def test_an_unknown_id_is_not_found(api: Any) -> None:
    path = "customers/00000000-0000-4000-8000-000000000000"

    assert api.refused("GET", path)[:2] == (404, 3000)
    assert api.refused("PUT", path, api.customer())[:2] == (404, 3000)


def test_error_ids_differ_and_follow_from_the_seed(api: Any) -> None:
    ids = [api.call("GET", "nothing").json()["ErrorId"] for _ in range(2)]

    assert ids[0] != ids[1]


@pytest.mark.parametrize(
    ("body", "status"),
    [(b"{", 400), (b"[]", 400), (b'{"Name": NaN}', 400), (b"\xff", 400), (rb'{"Name": "\ud800"}', 400)],
)
def test_a_body_that_is_no_json_object_is_refused(api: Any, body: bytes, status: int) -> None:
    headers = {**api.headers, "Content-Type": "application/json"}

    reply = api.http.post("/v2/customers", content=body, headers=headers)
    assert (reply.status_code, reply.json()["ErrorCode"]) == (status, 2000)


def test_a_body_of_another_media_type_is_refused(api: Any) -> None:
    assert api.http.post("/v2/customers", data={"Name": "x"}, headers=api.headers).status_code == 415


def test_articles_cannot_be_deleted(api: Any) -> None:
    reply = api.call("DELETE", "articles/" + api.article_id("ART-1001"))

    assert (reply.status_code, reply.headers["allow"]) == (405, "GET, PUT")


def test_an_article_keeps_its_number_and_gets_the_other_price(api: Any) -> None:
    article = api.post("articles", api.article(Number="Å, 1", NetPrice=10))

    assert (article["Number"], article["GrossPrice"], article["CodingName"]) == (
        "Å, 1",
        12.1,
        "Goederen hoog 21%",
    )
    assert api.post("articles", api.article(Number="2", GrossPrice=9.99))["NetPrice"] == 8.26


def test_prices_that_do_not_agree_with_the_rate_are_refused(api: Any) -> None:
    _, code, message = api.refused("POST", "articles", api.article(NetPrice=10, GrossPrice=12.5))

    assert code == 2000
    assert "VAT rate 21%" in message
    assert api.post("articles", api.article(NetPrice=8.26, GrossPrice=9.99))["GrossPrice"] == 9.99


def test_article_numbers_are_unique(api: Any) -> None:
    assert api.refused("POST", "articles", api.article(Number="art-1001"))[:2] == (409, 4000)


@pytest.mark.parametrize(("field", "value"), [("Number", "x" * 41), ("NetPrice", 1.005), ("UsesMoss", True)])
def test_an_article_that_does_not_fit_is_refused(api: Any, field: str, value: object) -> None:
    assert field in api.refused("POST", "articles", api.article(**{field: value}))[2]


def test_an_inactive_coding_cannot_be_used(api: Any) -> None:
    inactive = api.data("articleaccountcodings", filter="IsActive eq false")[0]["Id"]

    assert api.refused("POST", "articles", api.article(CodingId=inactive))[:2] == (400, 2000)
    assert api.data("articles", filter=f"CodingId eq {inactive}")[0]["Number"] == "OUD-2001"


def test_stock_is_read_only_while_the_stock_module_is_active(api: Any) -> None:
    article = api.post("articles", api.article(StockBalance=5))
    assert (article["StockBalance"], article["StockBalanceAvailable"]) == (5, 5)

    api.system.do("set_module", {"name": "stock_standard", "on": True})
    changed = api.call("PUT", "articles/" + article["Id"], api.article(StockBalance=9)).json()
    assert changed["StockBalance"] == 5


def test_the_read_only_lists_are_there_and_read_only(api: Any) -> None:
    types = {terms["TermsOfPaymentTypeId"] for terms in api.data("termsofpayments")}
    rates = {coding["VatRatePercent"] for coding in api.data("articleaccountcodings") if coding["IsActive"]}
    year = api.data("fiscalyears")[0]["Id"]

    assert types == {0, 1, 2, 3, 4, 5}
    assert rates == {21, 9, 0, 25}
    for path in ("units", "vatcodes", "vatcodesrates", "accounts", "deliverymethods", "deliveryterms"):
        assert api.data(path)
        assert api.refused("POST", path, {})[0] == 405
    assert {account["FiscalYearId"] for account in api.data("accounts/" + year)} == {year}
    assert api.get(f"accounts/{year}/8000")["Number"] == "8000"
    assert api.refused("GET", f"accounts/{year}/1")[:2] == (404, 3002)
    assert api.get("customerinvoices")["Meta"]["TotalNumberOfResults"] == 10
