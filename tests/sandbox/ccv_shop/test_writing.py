"""PATCH and POST."""

from __future__ import annotations

from typing import Any

import pytest

ORDER = "/orders/100001/"


def _patch(client: Any, fields: object, path: str = ORDER) -> Any:
    return client.write("PATCH", path, fields)


def test_a_patch_answers_without_a_body(client: Any) -> None:
    answer = _patch(client, {"reservationnumber": "S-1", "invoicenumber": 12, "status": 5})
    order = client.get(ORDER).json

    assert (answer.status, answer.body) == (204, b"")
    assert (order["reservationnumber"], order["invoicenumber"], order["status"]) == ("S-1", 12, 5)


def test_a_patch_reply_is_signed_too(client: Any) -> None:
    body = b'{"reservationnumber": "S-2"}'
    answer = client.send("PATCH", "/api/rest/v1" + ORDER, body)
    expected = client.hash_of("PATCH", "/api/rest/v1" + ORDER, b"", answer.headers["x-date"])

    assert answer.headers["x-hash"] == expected


def test_the_same_value_again_is_500_50_and_nothing_is_changed(client: Any) -> None:
    _patch(client, {"reservationnumber": "S-1"})
    answer = _patch(client, {"invoicenumber": 77, "reservationnumber": "S-1"})

    assert (answer.status, answer.json["code"]) == (500, "500.50")
    assert client.get(ORDER).json["invoicenumber"] is None


@pytest.mark.parametrize(
    "fields",
    [
        {"external_number": "S-1"},
        {"invoicenumber": "12"},
        {"invoicenumber": 12.5},
        {"paid": 1},
        {"paid": None},
        {"status": 15},
        {"status": None},
        {"deliver_method": "by hand"},
        {"reservationnumber": 5},
        {"customer": {"emial": "x@post.example"}},
        {"customer": {"billingaddress": {"housenumber": "12"}}},
        {"orderrows": [{"count": "2"}]},
        {"orderrows": [{"product_id": 1}]},
        {"total_shipping": True},
        [],
        {},
        "text",
    ],
)
def test_a_body_that_does_not_fit_is_refused(client: Any, fields: object) -> None:
    before = client.get(ORDER).json

    assert _patch(client, fields).json["code"] == "500.20"
    assert client.get(ORDER).json == before


@pytest.mark.parametrize("body", [b"{", b'{"extra_costs": NaN}', b'{"extra_costs": 1e999}', b"\xff"])
def test_a_body_that_is_no_json_is_refused(client: Any, body: bytes) -> None:
    assert client.send("PATCH", "/api/rest/v1" + ORDER, body).json["code"] == "500.20"


def test_new_costs_recalculate_the_order(client: Any) -> None:
    before = client.get(ORDER).json
    _patch(client, {"extra_costs": before["extra_costs"] + 12.1})
    after = client.get(ORDER).json

    assert round(after["total_price"] - before["total_price"], 2) == 12.1
    assert after["total_tax"] >= before["total_tax"]


def test_new_rows_replace_the_old_ones(client: Any) -> None:
    old = client.get(ORDER + "orderrows/").json["items"]
    _patch(
        client,
        {"orderrows": [{"product_id": 501, "count": 3}, {"product_name": "Los", "price": 1.5, "tax": 9}]},
    )
    rows = client.get(ORDER + "orderrows/").json["items"]

    assert [(r["product_number"], r["count"], r["total_price"]) for r in rows] == [
        ("ART-1001", 3.0, 59.97),
        (None, 1.0, 1.5),
    ]
    assert client.get(ORDER).json["total_orderrow_price"] == 61.47
    gone = old[0]["href"].removeprefix(client.address)
    assert client.send("GET", gone).status == 404


def test_an_address_is_completed_and_not_replaced(client: Any) -> None:
    before = client.get(ORDER).json["customer"]["billingaddress"]
    _patch(client, {"customer": {"billingaddress": {"city": "Elders"}}})

    assert client.get(ORDER).json["customer"]["billingaddress"] == before | {"city": "Elders"}


def test_active_is_written_and_is_active_is_read(client: Any) -> None:
    assert _patch(client, {"is_active": False}, "/products/501/").json["code"] == "500.20"
    assert _patch(client, {"active": False}, "/products/501/").status == 204
    product = client.get("/products/501/").json

    assert product["is_active"] is False
    assert "active" not in product
    assert _patch(client, {"active": False}, "/products/501/").json["code"] == "500.50"


def test_a_patched_product_carries_a_new_modifydate(client: Any) -> None:
    before = client.get("/products/501/").json["modifydate"]
    _patch(client, {"stock": 999}, "/products/501/")
    product = client.get("/products/501/").json

    assert product["stock"] == 999.0
    assert product["modifydate"] > before


NEW = {
    "name": "Nieuw",
    "price": 12.5,
    "discount": 0,
    "package_id": 1,
    "taxtariff": "low a",
    "productnumber": "ART-7",
}


def test_a_product_is_added(client: Any) -> None:
    answer = client.write("POST", "/products/", NEW | {"active": False})
    found = client.get("/products/?productnumber=ART-7").json["items"]

    assert answer.status == 201
    assert [answer.json] == found
    assert (found[0]["vatrate"], found[0]["is_active"], found[0]["price"]) == (9.0, False, 12.5)


def test_each_third_post_answers_without_content(client: Any) -> None:
    posts = [client.write("POST", "/products/", NEW | {"productnumber": f"P-{n}"}) for n in range(3)]

    assert [post.status for post in posts] == [201, 201, 204]
    assert posts[2].body == b""
    assert client.get("/products/?productnumber=P-2").json["items"] != []


@pytest.mark.parametrize("missing", ["name", "price", "discount", "package_id", "taxtariff"])
def test_a_product_needs_its_required_fields(client: Any, missing: str) -> None:
    fields = {name: value for name, value in NEW.items() if name != missing}

    assert client.write("POST", "/products/", fields).json["code"] == "500.20"


def test_a_product_number_that_exists_is_500_40(client: Any) -> None:
    assert client.write("POST", "/products/", NEW | {"productnumber": "ART-1001"}).json["code"] == "500.40"


def test_the_product_limit_is_500_60(client: Any, shop: Any) -> None:
    filler = shop.holdings.products[501]
    for identity in range(10_000, 11_000):
        shop.holdings.products[identity] = filler | {"id": identity, "productnumber": f"F-{identity}"}

    assert client.write("POST", "/products/", NEW).json["code"] == "500.60"


def test_writing_a_status_completes_an_unfinished_order(client: Any) -> None:
    order = client.every("/orders/?is_completed=false")[0]
    _patch(client, {"status": 1}, f"/orders/{order['id']}/")
    after = client.get(f"/orders/{order['id']}/").json

    assert after["is_completed"] is True
    assert after["ordernumber_full"] == f"W-{after['ordernumber']}"
