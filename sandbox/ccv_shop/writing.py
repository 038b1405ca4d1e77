"""Carries out what PATCH and POST ask for."""

from __future__ import annotations

import copy
from datetime import datetime
from decimal import Decimal
from typing import Any

from sandbox.ccv_shop import shapes
from sandbox.ccv_shop.goods import RATES, product
from sandbox.ccv_shop.holdings import Holdings
from sandbox.ccv_shop.money import Doc, dec, settle_row
from sandbox.ccv_shop.refusals import PRODUCT_LIMIT, PROPERTY_EXISTS, SAME_VALUE, UNFIT, Refused
from sandbox.ccv_shop.shown import PRODUCT_LIMIT as MOST_PRODUCTS

STATUSES = range(1, 15)  # ccv-shop.md, Order status: 1 New to 14 Reserved
METHODS = (
    "shipping",
    "delivery",
    "pickup",
)  # ccv-shop.md, Fields: "deliver_method (shipping|delivery|pickup)"
UNSEEN = ("note", "mail", "takeoutslot")  # taken, but never shown again
RECALCULATE = {
    "total_shipping",
    "paymethod_costs",
    "extra_costs",
    "taxes_included",
    "order_row_taxes_included",
    "shipping_taxes_included",
    "is_intra_community_order",
    "is_platform_sale",
    "orderrows",
}
# ccv-schemas.json, Orders and Products: not nullable when read, so null cannot be written
NEVER_NULL = RECALCULATE | {
    "status",
    "paid",
    "currency",
    "orderedinlng",
    "deliver_method",
    "safety_deposit_returned",
}
NEVER_NULL |= {
    "extra_costs_description",
    "track_and_trace_code",
    "productnumber",
    "name",
    "price",
    "discount",
}
NEVER_NULL |= {
    "taxtariff",
    "vatrate",
    "purchaseprice",
    "weight",
    "active",
    "minimal_order_amount",
    "package_id",
}


def patch_order(holdings: Holdings, order: Doc, fields: Doc) -> None:
    """Change an order; nothing is changed when one field is refused."""
    shapes.check(fields, shapes.ORDER_PATCH)
    _refuse_nulls(fields)
    if "status" in fields and fields["status"] not in STATUSES:
        raise Refused(UNFIT, "The property status is not a status from 1 to 14.")
    if "deliver_method" in fields and fields["deliver_method"] not in METHODS:
        raise Refused(UNFIT, f"The property deliver_method is one of {', '.join(METHODS)}.")
    seen = {name: value for name, value in fields.items() if name not in (*UNSEEN, "customer", "orderrows")}
    _refuse_same(order, seen)
    new_rows = None
    if "orderrows" in fields:
        new_rows = [_written_row(holdings, row) for row in fields["orderrows"]]
    if fields.get("customer"):
        # not documented: whether an address is replaced or completed; here it is completed
        order["customer"] = _merged(order["customer"] or _nobody(), fields["customer"])
    order |= {name: float(v) if isinstance(order[name], float) else v for name, v in seen.items()}
    if "status" in seen and not order["is_completed"]:
        # not documented: a status that is written completes the order, for without one it is not complete
        holdings.complete(order)
    if new_rows is not None:
        order["rows"] = new_rows
        holdings.number_rows(order)
    if fields.get("is_intra_community_order") or fields.get("is_platform_sale"):
        # ccv-schemas.json, Orders.is_intra_community_order: 0 percent on all order rows
        for row in order["rows"]:
            row["tax"] = 0.0
    if RECALCULATE & set(fields):
        holdings.touch(order)
    holdings.changed["orders"].add(order["id"])


def _refuse_nulls(fields: Doc) -> None:
    for name, value in fields.items():
        if value is None and name in NEVER_NULL:
            raise Refused(UNFIT, f"The property {name} may not be null.")


def _refuse_same(document: Doc, fields: Doc) -> None:
    # ccv-shop.md, Quirks 5: it "can be an error"; not documented: for which
    # fields; here for each that is shown
    for name, value in fields.items():
        if name in document and document[name] == value:
            raise Refused(SAME_VALUE, f"The property {name} has this value already.")


def _nobody() -> Doc:
    customer: Doc = dict.fromkeys(shapes.PERSON)
    for address in ("billingaddress", "deliveryaddress"):
        shape = shapes.PERSON[address]
        assert isinstance(shape, dict)
        customer[address] = dict.fromkeys(shape)
    return customer


def _merged(old: Doc, new: Doc) -> Doc:
    merged = copy.deepcopy(old)
    for name, value in new.items():
        nested = isinstance(value, dict) and isinstance(merged.get(name), dict)
        merged[name] = _merged(merged[name], value) if nested else value
    return merged


def _written_row(holdings: Holdings, given: Doc) -> Doc:
    """Make a row of what was written: the product's data, overruled by the payload."""
    # ccv-schemas.json, Orders/Patch.orderrows: a product_id fills in the product's data
    found: Doc = {}
    if given.get("product_id") is not None:
        if given["product_id"] not in holdings.products:
            raise Refused(UNFIT, f"There is no product {given['product_id']}.")
        found = holdings.products[given["product_id"]]
    price = given.get("price", found.get("price", 0.0))
    row: Doc = dict.fromkeys(("product_name_google", "package_name"))
    row |= dict.fromkeys(("sub_product_number", "sub_sku_number", "sub_ean_number", "unit", "memo"), "")
    row |= {
        "product_type": "product",
        "product_id": found.get("id"),
        "product_name": found.get("name", ""),
        "product_number": found.get("productnumber"),
        "count": 1.0,
        "price": price,
        "product_purchase_price": found.get("purchaseprice"),
        "discount": found.get("discount", 0.0),
        "custom_price": "price" in given,
        "tax": float(RATES[found["taxtariff"]]) if found else 21.0,
        "weight": found.get("weight", 0.0),
        "package_id": found.get("package_id"),
        "stock_location": found.get("stocklocation"),
        "supplier": None,
        "user_discount": 0.0,
        "original_price": found.get("price", price),
        "attributes": [],
        "uploads": [],
    }
    row |= {name: value for name, value in given.items() if name != "product_id"}
    for name in ("count", "price", "discount", "tax"):
        row[name] = float(row[name] or 0)
    settle_row(row)
    return row


def patch_product(holdings: Holdings, kept: Doc, fields: Doc, now: datetime) -> None:
    """Change a product."""
    shapes.check(fields, shapes.PRODUCT_PATCH)
    _refuse_nulls(fields)
    changes = _inside(fields)
    _refuse_same(kept, changes)
    _refuse_number(holdings, changes, kept["id"])
    kept |= {
        name: float(v) if isinstance(kept.get(name), float) and v is not None else v for name, v in changes.items()
    }
    kept["modifydate"] = now.strftime("%Y-%m-%dT%H:%M:%SZ")
    holdings.changed["products"].add(kept["id"])


def post_product(holdings: Holdings, fields: Doc, now: datetime) -> Doc:
    """Add a product."""
    shapes.check(fields, shapes.PRODUCT_POST)
    _refuse_nulls(fields)
    if "taxtariff" not in fields and "vatrate" not in fields:
        # ccv-schemas.json, Products/Post.vatrate: either this or taxtariff must be set
        raise Refused(UNFIT, "The property taxtariff is missing.")
    active = sum(one["is_active"] for one in holdings.products.values())
    if active >= MOST_PRODUCTS:
        raise Refused(PRODUCT_LIMIT, "The shop may not hold more products.")
    changes = _inside(fields)
    _refuse_number(holdings, changes, None)
    identity = max(holdings.products) + 1
    number = changes.get("productnumber") or ""
    made = product(identity, number, fields["name"], str(fields["price"]), changes["taxtariff"], now)
    made |= {name: float(v) if isinstance(made.get(name), float) else v for name, v in changes.items() if v is not None}
    holdings.products[identity] = made
    holdings.changed["products"].add(identity)
    return made


def _inside(fields: Doc) -> dict[str, Any]:
    """Translate what is written into what is kept."""
    changes = dict(fields)
    if "active" in changes:  # ccv-shop.md, Quirks 2: "GET `is_active` vs write `active`"
        changes["is_active"] = changes.pop("active")
    if "vatrate" in changes:
        rate = Decimal(str(changes["vatrate"]))
        tariffs = [tariff for tariff, percentage in RATES.items() if percentage == rate]
        if not tariffs:
            raise Refused(UNFIT, f"There is no tax tariff of {rate} percent.")
        changes.setdefault("taxtariff", tariffs[0])
    if "taxtariff" in changes:
        if changes["taxtariff"] not in RATES:
            raise Refused(UNFIT, f"The property taxtariff is one of {', '.join(RATES)}.")
        changes["vatrate"] = float(RATES[changes["taxtariff"]])
    for name in (
        "brand",
        "condition",
        "color",
        "supplier",
    ):  # not documented here: these resources hold nothing
        if changes.pop(f"{name}_id", None) is not None or (name in fields and changes.pop(name) is not None):
            raise Refused(UNFIT, f"There is no such {name}.")
    if dec(changes.get("price") or 0) < 0:
        raise Refused(UNFIT, "The property price is below zero.")
    return changes


def _refuse_number(holdings: Holdings, changes: Doc, own: int | None) -> None:
    # inferred from ccv-shop.md, "500.40 property exists": a product number is unique
    number = changes.get("productnumber")
    if number and any(p["productnumber"] == number and p["id"] != own for p in holdings.products.values()):
        raise Refused(PROPERTY_EXISTS, f"A product with the number {number} exists.")
