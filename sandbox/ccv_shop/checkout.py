"""Makes an order out of what a customer put into the basket."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbox.ccv_shop.goods import RATES, method_of
from sandbox.ccv_shop.money import Doc, cents, dec, settle_order, settle_row, without_tax
from sandbox.ccv_shop.people import Person, customer_of

NEW, IN_PROCESS, WAIT_FOR_PAYMENT, SENT, COMPLETED, CANCELLED = 1, 2, 4, 5, 7, 8
SHIPPING = {"NL": "6.95", "BE": "8.95", "DE": "9.95", "FR": "12.50", "SE": "17.95", "GB": "19.95"}


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the basket; what is not given comes from the product."""

    product: Doc | None
    count: Decimal = Decimal(1)
    discount: Decimal = Decimal(0)  # per unit, in the row's own tax basis
    price: Decimal | None = None
    name: str | None = None
    number: str | None = None
    memo: str = ""
    rate: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Basket:
    """What a customer ordered, and how the shop treats it."""

    person: Person | None
    created: datetime
    lines: list[Line]
    case: str = ""  # what makes this order worth a look
    method: int = 1
    paid: bool = True
    pays_after: timedelta | None = None  # unpaid until then
    status: int | None = NEW
    completed: bool = True
    zero_rated: bool = False
    rows_with_tax: bool = True
    shipping_with_tax: bool = True
    hide_taxes: bool = False
    shipping: Decimal | None = None
    coupon: tuple[str, Decimal] | None = None
    coupon_ships_free: bool = False
    credits: Decimal = Decimal(0)
    costs: Decimal = Decimal(0)
    costs_for: str = ""
    pickup: bool = False
    platform: bool = False
    has_account: bool = False
    changes: dict[str, Any] = field(default_factory=dict)  # written over the finished order


def _row(line: Line, basket: Basket) -> Doc:
    product: Doc = line.product or {}
    home_rate = RATES[product["taxtariff"]] if product else Decimal(21)
    swedish = basket.person is not None and basket.person.country == "SE" and not basket.person.is_company
    # Swedish consumers pay 25 on what is 21 at home
    rate = Decimal(0) if basket.zero_rated else Decimal(25) if swedish and home_rate == 21 else home_rate
    rate = rate if line.rate is None else line.rate
    listed = dec(product.get("price", "10.00"))  # the shop's prices contain the Dutch tax
    usual = cents(listed) if basket.rows_with_tax and rate else without_tax(listed, home_rate)
    price = usual if line.price is None else line.price
    row: Doc = {
        "product_type": "product",  # not documented: which words product_type may hold
        "product_id": product.get("id"),
        "product_name": line.name or product.get("name", "Maatwerk"),
        "product_name_google": None,
        "product_number": line.number or product.get("productnumber"),
        "sub_product_number": "",
        "sub_sku_number": "",
        "sub_ean_number": "",
        "count": float(line.count),
        "price": float(price),
        "product_purchase_price": product.get("purchaseprice"),
        "discount": float(line.discount),
        "custom_price": line.price is not None,
        "tax": float(rate),
        "unit": product.get("unit", ""),
        "weight": product.get("weight", 0.0),
        "memo": line.memo,
        "package_id": product.get("package_id"),
        "package_name": "Standaard" if product else None,
        "stock_location": product.get("stocklocation"),
        "supplier": None,
        "user_discount": 0.0,
        "original_price": float(usual),
        "attributes": [],
        "uploads": [],
    }
    settle_row(row)
    return row


def make_order(basket: Basket) -> Doc:
    """Make the order, without ids and numbers, which the shop hands out."""
    method = method_of(basket.method)
    rows = [_row(line, basket) for line in basket.lines]
    country = basket.person.country if basket.person else "NL"
    shipping = Decimal(0) if basket.pickup or not rows else Decimal(SHIPPING[country])
    if basket.shipping is not None:
        shipping = basket.shipping
    if basket.coupon_ships_free:
        shipping = Decimal(0)
    order: Doc = _fixed_fields() | {
        "case": basket.case,
        "rows": rows,
        "user_id": None,
        "has_account": basket.has_account,
        "pays_at": _text(basket.created + basket.pays_after) if basket.pays_after else None,
        "create_date": _text(basket.created),
        "deliver_method": "pickup" if basket.pickup else "shipping",
        "deliver_date": _text(basket.created + timedelta(days=2)) if basket.pickup else None,
        "take_out_window": _window(basket),
        "is_platform_sale": basket.platform,
        "orderedinlng": {"NL": "nl", "BE": "nl", "DE": "de", "FR": "fr", "SE": "en", "GB": "en"}[country],
        # ccv-shop.md, Order status: "`null` while the order is not completed"
        "status": basket.status if basket.completed else None,
        "is_completed": basket.completed,
        "paid": basket.paid and basket.completed and not basket.pays_after,
        "paymethod_id": method["id"],
        "paymethod": method["combined_name"],
        "paymethod_label": method["label"],
        "taxes_included": not basket.hide_taxes,
        "order_row_taxes_included": basket.rows_with_tax,
        "shipping_taxes_included": basket.shipping_with_tax,
        "shipping_tax_percentage": 21.0 if basket.shipping_with_tax and not basket.zero_rated else 0.0,
        "is_intra_community_order": basket.zero_rated and country not in ("GB", "NL"),
        "total_shipping": float(shipping),
        "total_discounts": float(basket.coupon[1]) if basket.coupon else 0.0,
        "paymethod_costs": _method_costs(method, rows),
        "credit_point_discount": float(basket.credits),
        "extra_costs": float(basket.costs),
        "extra_costs_description": basket.costs_for,
        "delivery_option": None,
        "discountcoupon": _coupon(basket),
        "customer": customer_of(basket.person) if basket.person else None,
    }
    settle_order(order)
    return order | basket.changes


def _text(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def _window(basket: Basket) -> dict[str, str | None]:
    if not basket.pickup:
        return {"start": None, "end": None}
    start = basket.created.replace(hour=9, minute=0, second=0) + timedelta(days=2)
    return {"start": _text(start), "end": _text(start + timedelta(hours=2))}


def _method_costs(method: Doc, rows: list[Doc]) -> float:
    fixed, percentage = dec(method.get("extra_costs_fixed", 0)), dec(method.get("extra_costs_percentage", 0))
    rows_sum = sum((dec(row["total_price"]) for row in rows), Decimal(0))
    return float(cents(fixed + rows_sum * percentage / 100)) if rows else 0.0


def _coupon(basket: Basket) -> dict[str, Any]:
    # ccv-schemas.json, Orders.discountcoupon is not nullable: without a coupon its fields are empty
    code, discount = basket.coupon or ("", Decimal(0))
    return {
        "code": code,
        "discount": float(discount),
        "type": "fixed" if code else None,  # not documented: which words type may hold
        "enddate": None,
        "onetimeuse": False,
        "givesfreeshipping": basket.coupon_ships_free,
        "minimumprice": 0.0,
    }


def _fixed_fields() -> Doc:
    return {
        "ordernumber_prefix": None,
        "ordernumber": None,
        "ordernumber_full": None,
        "invoicenumber": None,
        "transaction_id": None,
        "safety_deposit_returned": False,
        "currency": "EUR",
        "extra_payment_option": "",
        "extra_payment_option_price": None,
        "extra_payment_option_no_sentprice": False,
        "extra_payment_option_pay_on_pickup": False,
        "track_and_trace_code": "",
        "track_and_trace_carrier": None,
        "track_and_trace_deeplink": "",
        "reservationnumber": None,
        "pickup_address": None,
    }
