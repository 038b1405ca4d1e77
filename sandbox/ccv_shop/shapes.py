"""The fields that may be written, with their types, and the check of a body against them."""

from __future__ import annotations

import json
import math
from typing import Any, cast

from sandbox.ccv_shop.money import Doc
from sandbox.ccv_shop.people import ADDRESS_KEYS, DELIVERY_KEYS, PERSON_KEYS
from sandbox.ccv_shop.refusals import UNFIT, Refused

Shape = dict[str, object]  # field -> "int", "float", "bool", "string", with "!" when null is refused; a Shape; [Shape]


def fields_of(kind: str, names: str) -> Shape:
    """Give the fields of one type."""
    return dict.fromkeys(names.split(), kind)


_BILLING: Shape = {**dict.fromkeys(ADDRESS_KEYS, "string"), "housenumber": "int"}
_DELIVERY: Shape = {**dict.fromkeys(DELIVERY_KEYS, "string"), "housenumber": "int"}
# ccv-schemas.json, Internal/Entity/Personalinfo/Input
PERSON: Shape = dict.fromkeys(PERSON_KEYS, "string") | {
    "billingaddress": _BILLING,
    "deliveryaddress": _DELIVERY,
}
# inferred from the row that is read: the model Internal/Entity/Orderrow/Input is not among the schemas
ROW: Shape = (
    fields_of("int", "product_id package_id")
    | fields_of("float", "count price discount tax weight product_purchase_price")
    | fields_of("string", "product_name product_number unit memo stock_location supplier")
)
# ccv-schemas.json, Internal/Resource/Orders/Patch/Patch
ORDER_PATCH: Shape = (
    fields_of("int", "invoicenumber status takeoutslot")
    | fields_of("float", "total_shipping paymethod_costs extra_costs")
    | fields_of(
        "bool",
        "paid safety_deposit_returned taxes_included order_row_taxes_included shipping_taxes_included "
        "is_intra_community_order is_platform_sale mail",
    )
    | fields_of(
        "string",
        "extra_costs_description currency orderedinlng note track_and_trace_code track_and_trace_carrier "
        "deliver_date deliver_method reservationnumber",
    )
    | {"customer": PERSON, "orderrows": [ROW]}
)
# ccv-schemas.json, Internal/Resource/Products/Patch/Patch
PRODUCT_PATCH: Shape = (
    fields_of(
        "string",
        "productnumber eannumber mpnnumber name shortdescription description taxtariff unit stocktype "
        "stocklocation ordering_without_stock brand condition maincategory subcategory meta_description "
        "meta_keywords page_title alias specs stock_delivery_type stock_delivery_standard show_order_button "
        "photo_size hide_without_category memo "
        "marktplaats_status marktplaats_price_type google_shopping_category",
    )
    | fields_of(
        "float",
        "vatrate price discount purchaseprice container_deposit_price safety_deposit_price stock weight "
        "amount_sold minimal_order_amount marktplaats_cpc marktplaats_daily_budget marktplaats_total_budget",
    )
    | fields_of(
        "int",
        "credit_points_custom brand_id condition_id color_id package_id decimal_amount stock_delivery_number "
        "product_layout supplier_id marktplaats_category_id",
    )
    | fields_of(
        "bool",
        "active stockenabled no_index no_follow show_in_template show_on_beginpage show_on_facebook "
        "fixed_staggered_prices marktplaats_active is_included_for_export_feed",
    )
)
# ccv-schemas.json, Internal/Resource/Products/Post/Post: these four are not nullable
PRODUCT_POST: Shape = PRODUCT_PATCH | {
    "name": "string!",
    "price": "float!",
    "discount": "float!",
    "package_id": "int!",
}


def read_body(body: bytes) -> Doc:
    """Read a JSON object, strictly."""
    try:
        document = json.loads(body, parse_constant=_no_number)
    except (ValueError, RecursionError):
        raise Refused(UNFIT, "The body is not JSON.") from None
    if not isinstance(document, dict):
        raise Refused(UNFIT, "The body is not a JSON object.")
    if not document:
        raise Refused(UNFIT, "The body holds no field.")
    return cast(Doc, document)


def _no_number(word: str) -> None:
    raise ValueError(word)


def check(document: Doc, shape: Shape, where: str = "") -> None:
    """Refuse unknown fields, wrong types and nulls where none may be."""
    for name, value in document.items():
        if name not in shape:
            raise Refused(UNFIT, f"The property {where}{name} is not known.")
        _check_value(value, shape[name], where + name)
    for name, kind in shape.items():
        if isinstance(kind, str) and kind.endswith("!") and name not in document:
            raise Refused(UNFIT, f"The property {where}{name} is missing.")


def _check_value(value: Any, kind: object, where: str) -> None:
    if value is None:
        if isinstance(kind, str) and kind.endswith("!"):
            raise Refused(UNFIT, f"The property {where} may not be null.")
    elif isinstance(kind, dict):
        if not isinstance(value, dict):
            raise Refused(UNFIT, f"The property {where} is not an object.")
        check(value, kind, f"{where}.")
    elif isinstance(kind, list):
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise Refused(UNFIT, f"The property {where} is not a list of objects.")
        for place, one in enumerate(value):
            check(one, kind[0], f"{where}[{place}].")
    elif not _fits(value, str(kind).rstrip("!")):
        raise Refused(UNFIT, f"The property {where} is not of the type {str(kind).rstrip('!')}.")


def _fits(value: Any, kind: str) -> bool:
    if kind == "float":  # a JSON number without a fraction is a float too; a truth is neither
        return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    if kind == "int":
        return isinstance(value, int) and not isinstance(value, bool)
    return isinstance(value, {"bool": bool, "string": str}[kind])
