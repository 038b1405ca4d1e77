"""What Abicart's connector makes of what the shop answers: plain fields beside maps, buyers, carts, prices."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from engine import evaluate

TEXTS = {"name": "names", "introductionText": "introductionTexts", "description": "descriptions"}
USUAL = {
    "webshop": 33007,
    "language": "sv",
    "currency": "SEK",
    "email_at": "info",
    "identity_field": "",
    "stock_field": "stock",
    "price_form": "by_currency",
}


@pytest.fixture
def abicart(specs: Any) -> Any:
    def made(resource: str, operation: str, answer: Any, child: str = "", **connection: Any) -> Any:
        """What the operation's formula makes of a record."""
        about = specs.connectors["abicart"]["resources"][resource]["operations"][operation]
        for name in filter(None, child.split(".")):
            about = about["children"][name]
        return evaluate(_text(about.get("each") or about["record"]), answer, variables=_seen(connection))

    return made


@pytest.fixture
def sent(specs: Any) -> Any:
    def body(resource: str, operation: str, **variables: Any) -> Any:
        """What the operation would send."""
        about = specs.connectors["abicart"]["resources"][resource]["operations"][operation]
        connection = variables.pop("connection", {})
        seen = {"choose": ["uid"], "paging": {"start": 0, "size": 500}, **_seen(connection), **variables}
        return evaluate(_text(about["body"]), {}, variables=seen)

    return body


def _text(held: str | list[str]) -> str:
    return held if isinstance(held, str) else "\n".join(held)


def _seen(connection: dict[str, Any]) -> dict[str, Any]:
    return {"connection": USUAL | connection}


def made_fields(schema: dict[str, Any]) -> set[str]:
    return {name for name, field in schema["properties"].items() if field.get("x-asked") is False}


def as_answered(record: dict[str, Any], schema: dict[str, Any]) -> dict[str, Any]:
    """A sample as the shop itself would have written it."""
    raw = {name: value for name, value in record.items() if name not in made_fields(schema)}
    raw |= {name: record[plural] for name, plural in TEXTS.items() if plural in record}
    if "prices" in record:
        raw["price"] = record["prices"]
    if "stockLevel" in record:
        raw["stock"] = {**record["stock"], "stock": record["stockLevel"]}
    return raw


@pytest.mark.parametrize(
    ("resource", "operation"), [("orders", "get"), ("articles", "get"), ("article_stock", "get"), ("customers", "get")]
)
def test_samples_are_what_the_connector_makes_of_an_answer(
    specs: Any, abicart: Any, resource: str, operation: str
) -> None:
    schema = specs.schema_of(f"abicart/{resource}")
    about = specs.connectors["abicart"]["resources"][resource]["operations"][operation]
    fetched = set(about.get("children", {})) & made_fields(schema)
    for record in specs.samples[f"abicart/{resource}"]:
        own = {name: value for name, value in record.items() if name not in fetched}
        made = abicart(resource, operation, as_answered(own, schema))

        assert {**made, "stock": own.get("stock")} == {**own, "stock": own.get("stock")}


def test_amounts_of_sample_orders_add_up_to_the_cent(specs: Any) -> None:
    for order in specs.samples["abicart/orders"]:
        costs = order["costs"]
        for part in ("incVat", "exVat", "vat"):
            rows = sum(_exact(row["costs"]["total"][part]) for row in order["items"])

            assert _exact(costs["cart"][part]) == rows
            assert _exact(costs["total"][part]) == sum(
                _exact(costs[name][part]) for name in ("cart", "shipment", "payment")
            )
        for row in order["items"]:
            unit = _exact(row["costs"]["unit"]["incVat"])

            assert _exact(row["costs"]["total"]["incVat"]) == unit * _exact(row["quantity"])


def _exact(number: float) -> Decimal:
    return Decimal(repr(number))


@pytest.mark.parametrize(
    ("held", "language", "found"),
    [
        ({"sv": "Kopp", "en": "Cup"}, "sv", "Kopp"),
        ({"sv": "Kopp", "en": "Cup"}, "de", "Cup"),
        ({"fi": "Kuppi"}, "de", "Kuppi"),
        ({"sv": "", "en": " ", "fi": "Kuppi"}, "sv", "Kuppi"),
        ("Kopp", "de", "Kopp"),
        ({}, "sv", None),
        (None, "sv", None),
    ],
)
def test_a_text_is_in_the_connections_language_else_in_english_else_in_any(
    abicart: Any, held: Any, language: str, found: str | None
) -> None:
    assert abicart("articles", "get", {"uid": 1, "name": held}, language=language)["name"] == found


@pytest.mark.parametrize(
    ("price", "currency", "found"),
    [({"SEK": 299, "EUR": 29.9}, "EUR", 29.9), ({"SEK": 299}, "EUR", None), (299, "SEK", 299), (None, "SEK", None)],
)
def test_a_price_is_read_by_currency_or_as_one_number(abicart: Any, price: Any, currency: str, found: Any) -> None:
    assert abicart("articles", "get", {"uid": 1, "price": price}, currency=currency)["price"] == found


@pytest.mark.parametrize(
    "customer",
    [
        {"info": {"email": "a@buyer.example"}},
        {"info": {}, "address": {"email": "a@buyer.example"}},
        {"email": "a@buyer.example"},
    ],
)
def test_a_buyers_e_mail_is_found_wherever_the_shop_keeps_it(abicart: Any, customer: Any) -> None:
    assert abicart("orders", "get", {"uid": 1, "customer": customer})["email"] == "a@buyer.example"


def test_a_number_of_the_buyer_is_read_from_the_field_that_the_connection_names(abicart: Any) -> None:
    order = {"uid": 1, "customer": {"info": {"orgno": "556000-0000"}}}

    assert abicart("orders", "get", order, identity_field="orgno")["identityNumber"] == "556000-0000"
    assert "identityNumber" not in abicart("orders", "get", order)


@pytest.mark.parametrize(
    "cart",
    [{"orderNumber": None, "ordered": None}, {"orderNumber": "", "ordered": ""}, {}, {"orderNumber": "1"}],
)
def test_a_cart_is_no_finished_order(abicart: Any, cart: Any) -> None:
    assert abicart("orders", "get", {"uid": 1, "customer": None, **cart})["finished"] is False


def test_the_delivery_address_is_the_invoice_address_where_there_is_no_other(abicart: Any) -> None:
    address = {"firstName": "Ylva", "lastName": "Sågbäck", "address": "Furustigen 4", "town": "Trollkulla"}
    for entered in ({"copyAddress": True}, None, {"copyAddress": False, "address": ""}):
        order = {"uid": 1, "customer": {"address": address, "deliveryAddress": entered}}

        assert abicart("orders", "get", order)["deliverTo"]["name"] == "Ylva Sågbäck"
    own = {"copyAddress": False, "name": "Lagret", "address": "Hamnplanen 1"}
    order = {"uid": 1, "customer": {"address": address, "deliveryAddress": own}}

    assert abicart("orders", "get", order)["deliverTo"] == {"name": "Lagret", "address": "Hamnplanen 1"}


def test_the_quantity_is_taken_out_of_the_choices_and_the_options_are_a_list(abicart: Any) -> None:
    rows = [{"uid": 1, "choices": {"879278": 57129002, "5": "Till Oma", "quantity": 2.5}}, {"uid": 2, "choices": None}]
    first, second = (abicart("orders", "get", row, "items") for row in rows)

    assert first["quantity"] == 2.5
    assert {option["choice"]: option["value"] for option in first["options"]} == {"879278": 57129002, "5": "Till Oma"}
    assert "quantity" not in second
    assert second["options"] == []


def test_a_variant_has_the_number_of_its_own(abicart: Any) -> None:
    shown = {"uid": 1, "articleNumber": "MAIN", "articleTemplate": 7, "overrides": {"articleNumber": "MAIN-M"}}

    assert abicart("articles", "get", shown)["articleNumber"] == "MAIN-M"
    assert abicart("article_stock", "get", shown)["isVariant"] is True


def test_a_key_of_sixteen_digits_is_sent_digit_for_digit(sent: Any) -> None:
    assert sent("orders", "get", key="9007199254740993")[0] == 9007199254740993


def test_orders_are_asked_for_by_when_they_were_changed_in_an_order_that_changes_do_not_move(sent: Any) -> None:
    [query, selection] = sent("orders", "read", since="2026-10-01T08:00:00.123+02:00")

    assert query == ["uid"]
    assert selection["filters"] == {"/changed": {"min": "2026-10-01T06:00:00Z"}}
    assert (selection["sort"], selection["limit"], selection["offset"]) == ("uid", 500, 0)
    assert sent("orders", "read")[1]["filters"] == {}


def test_a_changed_text_is_sent_with_the_languages_that_are_there(sent: Any) -> None:
    existing = {
        "names": {"sv": "Kopp", "en": "Cup"},
        "prices": {"SEK": 10, "EUR": 1},
        "stock": {"useStock": True, "x": 1},
    }
    fields = {"name": "Mugg", "price": 12, "stockLevel": 4, "ean": "2000006100018"}
    [key, data, _] = sent("articles", "update", key="17", fields=fields, existing=existing)

    assert key == 17
    assert data == {
        "name": {"sv": "Mugg", "en": "Cup"},
        "price": {"SEK": 12, "EUR": 1},
        "stock": {"useStock": True, "x": 1, "stock": 4},
        "ean": "2000006100018",
    }


def test_a_price_is_written_as_the_article_has_it_and_a_new_one_as_the_connection_says(sent: Any) -> None:
    assert sent("articles", "update", key="17", fields={"price": 12}, existing={"prices": 10})[1] == {"price": 12}
    assert sent("articles", "create", fields={"price": 12})[1] == {"price": {"SEK": 12}}
    assert sent("articles", "create", fields={"price": 12}, connection={"price_form": "one_number"})[1] == {"price": 12}


def test_only_what_is_mapped_is_sent(sent: Any) -> None:
    assert sent("articles", "create", fields={"articleNumber": "A"})[1] == {"articleNumber": "A"}
    assert sent("article_stock", "update", key="1", fields={"stockLevel": 3}, existing={})[1] == {"stock": {"stock": 3}}
    assert sent("order_changes", "update", key="1", fields={"externalOrderNumber": "S-1"})[1] == {
        "externalOrderNumber": "S-1"
    }


@pytest.mark.parametrize(
    ("state", "data"),
    [
        ("discarded", {"discarded": True}),
        ("sent", {"deliveryStatus": "sent"}),
        ("unsent", {"deliveryStatus": "unsent"}),
    ],
)
def test_a_state_is_written_as_the_field_that_says_it(sent: Any, state: str, data: Any) -> None:
    assert sent("order_changes", "update", key="1", fields={"state": state})[1] == data


def test_an_e_mail_is_written_and_searched_where_the_connection_says(sent: Any) -> None:
    fields = {"email": "a@buyer.example"}
    for place, data in (
        ("info", {"info": {"type": "private", "email": "a@buyer.example"}}),
        ("address", {"address": {"town": "Trollkulla", "email": "a@buyer.example"}}),
        ("customer", {"email": "a@buyer.example"}),
    ):
        existing = {"info": {"type": "private"}, "address": {"town": "Trollkulla"}}
        connection = {"email_at": place}

        assert sent("customers", "update", key="1", fields=fields, existing=existing, connection=connection)[1] == data
        found = sent("customers", "find", field="email", match="a@buyer.example", connection=connection)[1]["filters"]
        pointer = "/email" if place == "customer" else f"/{place}/email"
        assert found == {pointer: "a@buyer.example"}


def test_a_search_takes_only_what_has_exactly_the_value(abicart: Any, specs: Any) -> None:
    about = specs.connectors["abicart"]["resources"]["articles"]["operations"]["find"]
    answer = [
        {"uid": 1, "articleNumber": "MAIN", "overrides": None},
        {"uid": 2, "articleNumber": "MAIN", "articleTemplate": 1, "overrides": {"articleNumber": "MAIN-M"}},
    ]
    seen = {**_seen({}), "field": "articleNumber", "match": "MAIN"}

    assert evaluate(_text(about["records"]), answer, variables=seen)["uid"] == 1
