"""Variants, categories and what stands in which; products that come, change and go."""

from __future__ import annotations

from typing import Any

import pytest

from sandbox.ccv_shop import CcvShop
from sandbox.clock import Clock

NEW = {"name": "Ketel", "price": 10.0, "discount": 0.0, "package_id": 1, "taxtariff": "normal"}


@pytest.fixture
def shirt(shop: CcvShop) -> Any:
    """A product with two variants."""
    product = shop.do("new_product", {"productnumber": "SHIRT"})
    for size in "SM":
        shop.do("new_variant", {"productnumber": "SHIRT", "product_number": f"SHIRT-{size}", "stock": 4})
    return product


def test_a_variant_is_read_below_its_product_by_its_id_and_when_it_is_expanded(client: Any, shirt: Any) -> None:
    below = client.get(f"/products/{shirt['id']}/attributecombinations/").json["items"]
    plain, expanded = (
        client.get(f"/products/?productnumber=SHIRT{wish}").json["items"][0]["attributecombinations"]
        for wish in ("", "&expand=attributecombinations")
    )

    assert [one["product_number"] for one in below] == ["SHIRT-S", "SHIRT-M"]
    assert client.get(f"/attributecombinations/{below[1]['id']}/").json == below[1]
    assert (list(plain), expanded["collection"]) == (["href"], below)


def test_the_stock_of_a_variant_is_written_once_and_the_same_again_is_an_error(client: Any, shirt: Any) -> None:
    [first, _] = client.get(f"/products/{shirt['id']}/attributecombinations/").json["items"]
    path = f"/attributecombinations/{first['id']}/"

    assert client.write("PATCH", path, {"stock": 9}).status == 204
    assert client.get(path).json["stock"] == 9
    assert client.write("PATCH", path, {"stock": 9}).json["code"] == "500.50"
    assert client.write("PATCH", path, {"stock": "9"}).json["code"] == "500.20"
    assert client.write("PATCH", path, {"colour": "red"}).json["code"] == "500.20"


def test_a_deleted_product_is_gone_with_its_variants_also_after_a_restart(
    client: Any, shop: CcvShop, shirt: Any
) -> None:
    [first, _] = client.get(f"/products/{shirt['id']}/attributecombinations/").json["items"]

    assert client.send("DELETE", f"/api/rest/v1/products/{shirt['id']}/").status == 204
    assert client.send("DELETE", "/api/rest/v1/products/501/").status == 204
    for path in (f"/products/{shirt['id']}/", "/products/501/", f"/attributecombinations/{first['id']}/"):
        assert client.get(path).status == 404

    again = CcvShop(Clock(), 7, 20)
    again.restore(shop.state())
    assert 501 not in again.holdings.products and again.holdings.assortment.variants == {}


def test_a_product_stands_in_a_category_once(client: Any) -> None:
    category = client.write("POST", "/categories/", {"name": "Keuken"}).json
    place = {"product_id": 501, "category_id": category["id"]}

    assert client.write("POST", "/producttocategories/", place).status == 201
    assert client.write("POST", "/producttocategories/", place).json["code"] == "500.40"
    assert [one["category_id"] for one in client.get("/products/501/producttocategories/").json["items"]] == [
        category["id"]
    ]
    assert client.write("POST", "/producttocategories/", {**place, "category_id": 7}).json["code"] == "500.20"


def test_a_category_needs_a_name_and_a_parent_that_is_there(client: Any) -> None:
    above = client.write("POST", "/categories/", {"name": "Huis"}).json
    below = client.write("POST", "/categories/", {"name": "Keuken", "parentcategory_id": above["id"]}).json

    assert below["parentcategory"]["id"] == above["id"]
    assert client.write("POST", "/categories/", {"description": "x"}).json["code"] == "500.20"
    assert client.write("POST", "/categories/", {"name": "x", "parentcategory_id": 999}).json["code"] == "500.20"
    assert client.write("PATCH", f"/categories/{below['id']}/", {"name": "Tafel"}).status == 204
    assert [one["name"] for one in client.every("/categories/")] == ["Huis", "Tafel"]


def test_each_third_thing_that_is_made_is_answered_with_nothing_and_is_there(client: Any) -> None:
    statuses = [client.write("POST", "/products/", {**NEW, "productnumber": f"NEW-{n}"}).status for n in range(3)]

    assert statuses == [201, 201, 204]
    assert len(client.get("/products/?productnumber=NEW-2").json["items"]) == 1


def test_packages_are_a_collection_of_id_and_name(client: Any) -> None:
    assert [(one["id"], one["name"]) for one in client.get("/packages/").json["items"]] == [(1, "Doos")]
