"""Paging, order, filters and children."""

from __future__ import annotations

from typing import Any

import pytest


def test_pages_hold_every_order_once(client: Any, shop: Any) -> None:
    orders = client.every("/orders/?size=7&orderby=create_date%20desc")
    finished = [order for order in shop.holdings.orders.values() if order["is_completed"]]

    assert len({order["id"] for order in orders}) == len(orders) == len(finished) == 58
    dates = [order["create_date"] for order in orders]
    assert dates == sorted(dates, reverse=True)


def test_a_page_says_where_the_others_are(client: Any) -> None:
    page = client.get("/orders/?start=10&size=5&is_paid=true").json

    assert (page["start"], page["size"], len(page["items"])) == (10, 5, 5)
    assert page["next"] == f"{client.address}/api/rest/v1/orders/?is_paid=true&start=15&size=5"
    assert page["previous"] == f"{client.address}/api/rest/v1/orders/?is_paid=true&start=5&size=5"


def test_the_first_page_has_no_previous_and_the_last_no_next(client: Any) -> None:
    assert client.get("/orders/?size=5").json["previous"] is None
    assert client.get("/orders/?start=29&size=29").json["next"] is None  # there are 58
    assert client.get("/orders/?start=5000").json["items"] == []


def test_size_is_cut_down_to_a_hundred(client: Any) -> None:
    assert client.get("/orders/?size=5000").json["size"] == 100


def test_unknown_parameters_are_ignored(client: Any) -> None:
    assert client.get("/orders/?modified_since=2020-01-01&size=3").json["size"] == 3


@pytest.mark.parametrize("query", ["size=many", "orderby=total_price", "orderby=id%20up", "is_paid=perhaps"])
def test_a_value_that_cannot_be_read_is_refused(client: Any, query: str) -> None:
    assert client.get(f"/orders/?{query}").json["code"] == "500.20"


@pytest.mark.parametrize("wish", ["ordernumber%20desc", "ordernumber:desc", "-ordernumber", "ordernumber+DESC"])
def test_orders_come_in_the_order_asked_for(client: Any, wish: str) -> None:
    numbers = [order["ordernumber"] for order in client.every(f"/orders/?orderby={wish}")]

    assert numbers == sorted(numbers, reverse=True)


def test_unfinished_orders_are_hidden_unless_asked_for(client: Any) -> None:
    assert all(order["is_completed"] for order in client.every("/orders/"))
    unfinished = client.every("/orders/?is_completed=false")

    assert len(unfinished) == 2
    for order in unfinished:
        assert order["status"] is order["ordernumber"] is order["ordernumber_full"] is order["invoicenumber"] is None
    assert None in [order["customer"] for order in unfinished]


@pytest.mark.parametrize(("name", "field"), [("status", "status"), ("paymethod_id", "paymethod_id")])
def test_numbers_filter(client: Any, name: str, field: str) -> None:
    everything = client.every("/orders/")
    value = everything[3][field]
    found = client.every(f"/orders/?{name}={value}")

    assert [order["id"] for order in found] == [o["id"] for o in everything if o[field] == value] != []


def test_an_order_is_found_by_its_number(client: Any) -> None:
    assert [order["ordernumber"] for order in client.every("/orders/?ordernumber=10007")] == [10007]


@pytest.mark.parametrize("paid", [True, False])
def test_paid_filters(client: Any, paid: bool) -> None:
    found = client.every(f"/orders/?is_paid={str(paid).lower()}")

    assert {order["paid"] for order in found} == {paid}


def test_dates_filter_with_their_bounds(client: Any) -> None:
    everything = client.every("/orders/?orderby=create_date")
    low, high = everything[10]["create_date"], everything[20]["create_date"]
    found = client.every(f"/orders/?min_create_date={low}&max_create_date={high}")

    assert [order["create_date"] for order in found if low <= order["create_date"] <= high] == sorted(
        order["create_date"] for order in found
    )
    assert len(found) == 11


def test_children_are_links_until_they_are_expanded(client: Any) -> None:
    closed = client.get("/orders/100005/").json
    opened = client.get("/orders/100005/?expand=orderrows,ordernotes").json

    assert closed["orderrows"] == {"href": f"{client.address}/api/rest/v1/orders/100005/orderrows/"}
    rows = client.get("/orders/100005/orderrows/").json["items"]
    assert opened["orderrows"]["items"] == rows != []
    assert opened["ordernotes"]["items"] == []
    assert client.get("/orders/?size=5&expand=orderrows").json["items"][4]["orderrows"]["items"] == rows


def test_a_user_can_be_expanded(client: Any) -> None:
    order = next(o for o in client.every("/orders/") if o["user"]["id"])
    opened = client.get(f"/orders/{order['id']}/?expand=user").json["user"]

    assert opened["username"] == client.get(f"/users/{order['user']['id']}/").json["username"]


def test_two_hundred_rows_come_in_pages(client: Any, shop: Any) -> None:
    identity = next(o["id"] for o in shop.holdings.orders.values() if o["case"] == "200 rows")

    assert len(client.every(f"/orders/{identity}/orderrows/")) == 200
    assert client.get(f"/orders/{identity}/?expand=orderrows").json["orderrows"]["next"] is not None


def test_a_row_stands_alone(client: Any) -> None:
    row = client.get("/orders/100001/orderrows/").json["items"][0]

    assert client.send("GET", row["href"].removeprefix(client.address)).json == row


def test_every_link_of_an_order_and_a_product_leads_somewhere(client: Any) -> None:
    order, product = client.get("/orders/100001/").json, client.get("/products/501/").json
    children = [value["href"] for value in order.values() if isinstance(value, dict) and value.get("href")]
    children += [v["href"] for k, v in product.items() if isinstance(v, dict) and k != "package"]

    assert len(children) > 15
    assert {client.send("GET", href.removeprefix(client.address)).status for href in children} == {200}


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("productnumber=ART-1005", ["ART-1005"]),
        ("productnumber=%C3%85TER%2C%20BRUK%201", ["ÅTER, BRUK 1"]),
        ("productname=uit+de+h", ["ART-9004"]),
        ("active=false", ["ART-9004"]),
        ("minprice=140&productname=lamp", []),
        ("eannumber=2000000010010", ["ART-1001"]),
    ],
)
def test_products_filter(client: Any, query: str, expected: list[str]) -> None:
    assert [product["productnumber"] for product in client.every(f"/products/?{query}")] == expected


def test_stock_filters_by_bounds(client: Any) -> None:
    stocks = [product["stock"] for product in client.every("/products/?minstock=20&maxstock=40")]

    assert stocks and all(20 <= stock <= 40 for stock in stocks)


def test_a_name_of_two_letters_is_refused(client: Any) -> None:
    assert client.get("/products/?productname=ka").status == 500


def test_the_other_resources_answer(client: Any) -> None:
    methods = client.get("/paymethods/").json["items"]
    users = client.get("/users/").json["items"]
    shop = client.get("/webshops/").json["items"][0]

    assert 99 not in [method["id"] for method in methods] and len(methods) == 8
    assert users and client.get("/users/?approval_status=pending").json["items"] == []
    assert client.get("/webshops/1/").json == shop


@pytest.mark.parametrize(
    "path", ["/nothing/", "/orders/1/", "/orders/x/", "/merchant/", "/webshops/2/", "/orderrows/1/"]
)
def test_an_unknown_path_is_404_20(client: Any, path: str) -> None:
    assert client.get(path).json["code"] == "404.20"


@pytest.mark.parametrize(
    ("method", "path"),
    [("DELETE", "/orders/100001/"), ("PUT", "/orders/"), ("PUT", "/products/"), ("POST", "/users/")],
)
def test_a_wrong_method_is_405_10(client: Any, method: str, path: str) -> None:
    answer = client.send(method, "/api/rest/v1" + path)

    assert (answer.status, answer.json["code"]) == (405, "405.10")


@pytest.mark.parametrize("path", ["/orders", "/orders/"])
def test_the_last_slash_may_be_left_out(client: Any, path: str) -> None:
    assert client.get(path).status == 200
