"""Orders and invoice drafts: what they take from customer and article, and their sums."""

from __future__ import annotations

from typing import Any

import pytest

PRIVATE, SWEDISH, BRITISH = "sanne.devries", "linnea.oberg", "oliver.brown"


def person(api: Any, name: str) -> str:
    return str(api.data("customers", filter=f"EmailAddress eq '{name}@post.example'")[0]["Id"])


def sums(document: dict[str, Any]) -> tuple[float, float, float]:
    return document["Amount"], document["VatAmount"], document["RoundingsAmount"]


def test_an_order_takes_number_names_and_addresses_from_the_system(api: Any) -> None:
    first = api.post("orders", api.order(person(api, PRIVATE), Number=99, CustomerName="x", IncludesVat=False))
    second = api.post("orders", api.order(person(api, PRIVATE), InvoiceCity="Zeist", OrderDate="2026-03-02T23:30:00Z"))

    assert (first["Number"], second["Number"]) == (1, 2)
    assert (first["CustomerName"], first["CustomerNumber"]) == ("Sanne de Vries", "1")
    assert (first["InvoiceCity"], second["InvoiceCity"]) == ("Utrecht", "Zeist")
    assert (first["IncludesVat"], first["CustomerIsPrivatePerson"]) == (True, True)
    assert second["OrderDate"] == "2026-03-02"
    assert api.get("orders/" + first["Id"]) == first
    assert api.get("companysettings")["NextOrderNumber"] == 3


def test_a_private_buyers_prices_include_vat(api: Any) -> None:
    rows = [api.row("ART-1001", 2, 12.1), api.row("ART-1002", 1, 10.9)]
    order = api.post("orders", api.order(person(api, PRIVATE), *rows))

    assert [row["Amount"] for row in order["Rows"]] == [24.2, 10.9]
    assert sums(order) == (35.1, 5.1, 0)


def test_a_companys_prices_exclude_vat_and_vat_is_reckoned_once_for_each_rate(api: Any) -> None:
    rows = [api.row("ART-1001", 1, 19.99) for _ in range(3)]
    order = api.post("orders", api.order(api.company("NL"), *rows))

    assert order["IncludesVat"] is False
    assert sums(order) == (72.56, 12.59, 0)  # row by row it would be 3 × 4.20 = 12.60


def test_private_prices_exclude_vat_when_the_company_says_so(api: Any) -> None:
    api.system.do("set_setting", {"name": "ShowPricesExclVatPC", "value": True})
    order = api.post("orders", api.order(person(api, PRIVATE), api.row("ART-1001", 1, 10)))

    assert (order["IncludesVat"], *sums(order)) == (False, 12.1, 2.1, 0)


@pytest.mark.parametrize(
    ("country", "vat_number", "vat"),
    [
        ("NL", "NL123456789B01", 21),
        ("DE", "DE123456789", 0),
        ("DE", None, 21),
        ("GB", None, 0),
        ("US", None, 0),
    ],
)
def test_a_companys_vat_follows_its_country(api: Any, country: str, vat_number: str | None, vat: float) -> None:
    order = api.post("orders", api.order(api.company(country, vat_number), api.row("ART-1001", 1, 100)))

    assert sums(order) == (100 + vat, vat, 0)


@pytest.mark.parametrize(("name", "vat"), [(SWEDISH, 21), (BRITISH, 0)])
def test_a_persons_vat_follows_the_country(api: Any, name: str, vat: float) -> None:
    assert sums(api.post("orders", api.order(person(api, name), api.row("ART-1001", 1, 121))))[1] == vat


def test_under_the_one_stop_shop_a_swedish_person_pays_25_percent(api: Any) -> None:
    api.system.do("set_setting", {"name": "UsesMoss", "value": True})
    article = api.post("articles", api.article(UsesMoss=True))
    order = api.post("orders", api.order(person(api, SWEDISH), api.row(article["Number"], 1, 125)))

    assert sums(order) == (125, 25, 0)


def test_discounts_and_halves_round_away_from_zero(api: Any) -> None:
    rows = [
        api.row("ART-1001", 1, 0.29, DiscountPercentage=50),
        api.row("ART-1001", -1, 0.29, DiscountPercentage=50),
    ]
    order = api.post("orders", api.order(person(api, PRIVATE), *rows))

    assert [row["Amount"] for row in order["Rows"]] == [0.15, -0.15]


@pytest.mark.parametrize(("price", "total", "rounding"), [(100.45, 100.5, 0.05), (100.44, 100.4, -0.04)])
def test_a_total_is_rounded_when_the_company_rounds(api: Any, price: float, total: float, rounding: float) -> None:
    api.system.do("set_setting", {"name": "DomesticCurrencyRounding", "value": 1})
    order = api.post("orders", api.order(person(api, PRIVATE), api.row("ART-1001", 1, price)))

    assert (order["Amount"], order["RoundingsAmount"]) == (total, rounding)


def test_a_text_row_needs_no_article_and_adds_nothing(api: Any) -> None:
    row = api.row("ART-1001", 3, 5, IsTextRow=True, ArticleId=None, Text="Thank you")
    order = api.post("orders", api.order(person(api, PRIVATE), row))

    assert (order["Rows"][0]["Text"], *sums(order)) == ("Thank you", 0, 0, 0)


def test_a_row_takes_text_unit_and_number_from_its_article(api: Any) -> None:
    article = api.get("articles/" + api.article_id("ART-1001"))
    row = api.post("orders", api.order(person(api, PRIVATE), api.row("ART-1001", 1, 5)))["Rows"][0]

    assert (row["Text"], row["UnitId"], row["ArticleNumber"]) == (
        article["Name"],
        article["UnitId"],
        "ART-1001",
    )


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"UnitPrice": 1.005}, "Rows[0].UnitPrice"),
        ({"Quantity": 1.00001}, "Rows[0].Quantity"),
        ({"DiscountPercentage": 100.5}, "Rows[0].DiscountPercentage"),
        ({"LineNumber": None}, "Rows[0].LineNumber"),
        ({"ArticleId": None}, "Rows[0].ArticleId"),
        ({"ArticleId": "00000000-0000-4000-8000-000000000000"}, "Rows[0].ArticleId"),
        ({"UnitId": "00000000-0000-4000-8000-000000000000"}, "Rows[0].UnitId"),
        ({"ProjectId": "00000000-0000-4000-8000-000000000000"}, "Rows[0].ProjectId"),
        ({"IsWorkCost": None}, "Rows[0].IsWorkCost"),
        ({"Text": "x" * 2001}, "Rows[0].Text"),
    ],
)
def test_a_row_that_does_not_fit_is_refused(api: Any, change: dict[str, object], name: str) -> None:
    body = api.order(person(api, PRIVATE), {**api.row("ART-1001", 1, 5), **change})
    status, code, message = api.refused("POST", "orders", body)

    assert (status, code) == (400, 2000)
    assert message.startswith(name + ": ")


@pytest.mark.parametrize(
    ("change", "name"),
    [
        ({"Status": 5}, "Status"),
        ({"Status": "2"}, "Status"),
        ({"CurrencyCode": "EURO"}, "CurrencyCode"),
        ({"OrderDate": "01-03-2026"}, "OrderDate"),
        ({"OrderDate": "2026-02-30"}, "OrderDate"),
        ({"CustomerId": "00000000-0000-4000-8000-000000000000"}, "CustomerId"),
        ({"EuThirdParty": None}, "EuThirdParty"),
        ({"EuThirdParty": True}, "EuThirdParty"),
        ({"RotReducedInvoicingType": 1}, "RotReducedInvoicingType"),
        ({"DeliveryCountryCode": "XX"}, "DeliveryCountryCode"),
        ({"DeliveryCustomerName": "x" * 51}, "DeliveryCustomerName"),
        ({"Rows": {}}, "Rows"),
        ({"Rows": [1]}, "Rows[0]"),
    ],
)
def test_an_order_that_does_not_fit_is_refused(api: Any, change: dict[str, object], name: str) -> None:
    status, code, message = api.refused("POST", "orders", {**api.order(person(api, PRIVATE)), **change})

    assert (status, code) == (400, 2000)
    assert message.startswith(name + ": ")


def test_a_vat_field_on_an_orders_row_has_no_effect(api: Any) -> None:
    row = api.row("ART-1001", 1, 121, VatRateId=api.coding_id(9), PercentVat=9)

    assert sums(api.post("orders", api.order(person(api, PRIVATE), row))) == (121, 21, 0)


def test_an_inactive_article_or_customer_cannot_be_sold_to(api: Any) -> None:
    inactive = api.post("customers", api.customer(IsActive=False))["Id"]

    row = api.row("ART-1029", 1, 5)
    assert "ART-1029 is not active" in api.refused("POST", "orders", api.order(person(api, PRIVATE), row))[2]
    assert "is not active" in api.refused("POST", "orders", api.order(inactive))[2]


def test_an_article_whose_coding_was_removed_cannot_be_sold(api: Any) -> None:
    api.system.do("remove_coding", {"rate": 9})
    body = api.order(person(api, PRIVATE), api.row("ART-1002", 1, 5))

    assert "has no article account coding" in api.refused("POST", "orders", body)[2]


def test_put_replaces_the_whole_order(api: Any) -> None:
    body = api.order(person(api, PRIVATE), api.row("ART-1001", 1, 5), YourReference="R1", InvoiceCity="Zeist")
    order = api.post("orders", body)
    kept = {**api.row("ART-1001", 2, 5), "Id": order["Rows"][0]["Id"]}
    api.clock.advance(5)
    reply = api.call("PUT", "orders/" + order["Id"], api.order(person(api, PRIVATE), kept, api.row("ART-1002", 1, 1)))

    changed = reply.json()
    assert reply.status_code == 200
    assert (changed["YourReference"], changed["InvoiceCity"]) == (None, "Utrecht")
    assert (changed["Number"], changed["CreatedUtc"]) == (order["Number"], order["CreatedUtc"])
    assert changed["ModifiedUtc"] > order["ModifiedUtc"]
    assert changed["Rows"][0]["Id"] == order["Rows"][0]["Id"] != changed["Rows"][1]["Id"]


def test_an_invoiced_order_stays_as_it_is(api: Any) -> None:
    order = api.post("orders", api.order(person(api, PRIVATE), Status=4))

    assert api.refused("PUT", "orders/" + order["Id"], api.order(person(api, PRIVATE)))[:2] == (400, 4002)
    assert api.refused("DELETE", "orders/" + order["Id"])[:2] == (400, 4001)


def test_without_the_order_module_there_are_no_orders(api: Any) -> None:
    body = api.order(person(api, PRIVATE))
    api.system.do("set_module", {"name": "order_standard", "on": False})

    assert api.refused("POST", "orders", body)[:2] == (403, 4002)
    assert api.refused("GET", "orders")[:2] == (403, 4002)


def test_a_draft_has_sums_a_due_date_and_new_row_ids_on_every_change(api: Any) -> None:
    def body() -> dict[str, Any]:
        return api.draft(person(api, PRIVATE), api.row("ART-1001", 2, 12.1), InvoiceDate=day)

    day = f"{api.clock.now().year}-03-01"
    draft = api.post("customerinvoicedrafts", body())
    changed = api.call("PUT", "customerinvoicedrafts/" + draft["Id"], body()).json()

    assert (draft["TotalAmount"], draft["TotalVatAmount"]) == (24.2, 4.2)
    assert draft["DueDate"] == f"{api.clock.now().year}-03-15"
    assert draft["Rows"][0]["UnitAbbreviation"] == "st"
    assert "Amount" not in draft["Rows"][0]
    assert draft["Rows"][0]["Id"] != changed["Rows"][0]["Id"]
    assert api.call("DELETE", "customerinvoicedrafts/" + draft["Id"]).status_code == 204
    assert api.get("customerinvoicedrafts")["Meta"]["TotalNumberOfResults"] == 0


def test_a_drafts_row_may_name_its_rate(api: Any) -> None:
    row = api.row("ART-1001", 1, 125, VatRateId=api.coding_id(25))
    draft = api.post("customerinvoicedrafts", api.draft(person(api, SWEDISH), row))

    assert (draft["TotalAmount"], draft["TotalVatAmount"]) == (125, 25)
    assert draft["Rows"][0]["VatRateId"] == api.coding_id(25)
    bad = api.draft(person(api, SWEDISH), api.row("ART-1001", 1, 5, VatRateId="25%"))
    assert "VatRateId" in api.refused("POST", "customerinvoicedrafts", bad)[2]


def test_a_foreign_draft_takes_four_decimals_and_a_domestic_one_two(api: Any) -> None:
    row = api.row("ART-1001", 1, 1.2345)

    assert api.post("customerinvoicedrafts", api.draft(person(api, SWEDISH), row))["Rows"][0]["UnitPrice"] == 1.2345
    assert "UnitPrice" in api.refused("POST", "customerinvoicedrafts", api.draft(person(api, PRIVATE), row))[2]


def test_a_price_of_zero_is_replaced_only_when_asked(api: Any) -> None:
    gross = api.get("articles/" + api.article_id("ART-1001"))["GrossPrice"]
    free = api.draft(person(api, PRIVATE), api.row("ART-1001", 1, 0))

    assert api.post("customerinvoicedrafts", free)["TotalAmount"] == 0
    assert api.post("customerinvoicedrafts", {**free, "ReplaceUnitPriceWhenZero": True})["TotalAmount"] == gross


def test_a_draft_in_a_locked_period_or_no_fiscal_year_is_refused(api: Any) -> None:
    year = api.clock.now().year
    api.system.do("lock_until", {"date": f"{year}-03-31"})

    def refused(day: str) -> tuple[int, int]:
        body = api.draft(person(api, PRIVATE), InvoiceDate=day)
        return tuple(api.refused("POST", "customerinvoicedrafts", body)[:2])  # type: ignore[return-value]

    assert refused(f"{year}-03-31") == (400, 4026)
    assert refused(f"{year - 9}-03-31") == (400, 3001)
    api.post("customerinvoicedrafts", api.draft(person(api, PRIVATE), InvoiceDate=f"{year}-04-01"))


def test_a_foreign_currency_is_reckoned_in_the_companys(api: Any) -> None:
    body = api.draft(person(api, PRIVATE), api.row("ART-1001", 1, 121), InvoiceCurrencyCode="SEK")
    draft = api.post("customerinvoicedrafts", body)

    assert (draft["TotalAmountBaseCurrency"], draft["TotalVatAmountBaseCurrency"]) == (10.59, 1.84)


def test_an_electronic_reference_is_for_companies_only(api: Any) -> None:
    body = api.draft(person(api, PRIVATE), ElectronicReference="x")
    assert "ElectronicReference" in api.refused("POST", "customerinvoicedrafts", body)[2]

    api.post("customerinvoicedrafts", api.draft(api.company("NL"), ElectronicReference="x"))
