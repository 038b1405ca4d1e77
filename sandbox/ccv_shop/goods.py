"""The sixty products of the shop, a few awkward ones, and the payment methods."""

from __future__ import annotations

import random
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sandbox.ccv_shop.money import Doc

FIRST_PRODUCT_ID = 501
COUNT = 60
RATES = {
    "normal": Decimal(21),
    "low a": Decimal(9),
    "low b": Decimal(9),
    "extra low": Decimal(0),
    "zero": Decimal(0),
}
AWKWARD_NUMBER = "ÅTER, BRUK 1"
LONG_NUMBER = "ART-9003-UITVOERING-EXTRA-LANG-GROEN-LINKSDRAAIEND"  # 50 characters
LOOSE_NUMBER = "ART-9001"
GIFT_NUMBER = "ART-9002"

_THINGS = [
    "Mok",
    "Kaars",
    "Theedoek",
    "Notitieboek",
    "Sleutelhanger",
    "Broodtrommel",
    "Vaas",
    "Plaid",
    "Gieter",
    "Lamp",
]
_LOOKS = ["blauw", "groen", "geel", "gestreept", "met stippen", "van hout"]
_FOODS = ["Kruidenthee", "Appelsap", "Honing", "Mosterd", "Jam"]
# prices that do not divide evenly by 1.21 or 1.09
_PRICES = ["19.99", "4.95", "12.49", "7.77", "99.99", "3.33", "24.95", "149.00", "0.89", "33.35"]


def product(identity: int, number: str, name: str, price: str, tariff: str, made: datetime) -> Doc:
    """Make one product with all fields that the shop keeps; hrefs are added when it is shown."""
    moment = made.strftime("%Y-%m-%dT%H:%M:%SZ")
    amount = Decimal(price)
    texts = dict.fromkeys(
        "eannumber mpnnumber shortdescription stocklocation subcategory meta_description meta_keywords "
        "page_title deeplink stock_delivery_standard memo".split(),
        "",
    )
    unknown: dict[str, Any] = dict.fromkeys(
        "tradecodesystem credit_points_custom credit_points_calculated maincategory brand condition color "
        "productmainphoto specs marktplaats_status marktplaats_cpc marktplaats_daily_budget "
        "marktplaats_total_budget marktplaats_category_id marktplaats_price_type google_shopping_category "
        "supplier multishop_href".split()
    )
    switches = dict.fromkeys(
        "is_multishop_product no_index no_follow show_in_template show_on_beginpage show_on_facebook "
        "fixed_staggered_prices marktplaats_active".split(),
        False,
    )
    return {
        **texts,
        **unknown,
        **switches,
        "id": identity,
        "is_active": True,
        "createdate": moment,
        "modifydate": moment,
        "productnumber": number,
        "name": name,
        "description": None,
        "vatrate": float(RATES[tariff]),
        "taxtariff": tariff,  # ccv-shop.md, Endpoints: "normal|low a|low b|extra low|zero"
        "price": float(amount),
        "discount": 0.0,
        "purchaseprice": float((amount * Decimal("0.4")).quantize(Decimal("0.01"))),
        "container_deposit_price": 0.0,
        "safety_deposit_price": 0.0,
        "unit": "stuk",
        "stockenabled": True,
        "stocktype": "product",  # not documented: which words stocktype may hold
        "stock": 25.0,
        "ordering_without_stock": "global_setting",
        "weight": 0.25,
        "alias": number.lower().replace(" ", "-").replace(",", ""),
        "decimal_amount": 0,
        "amount_sold": 0.0,
        "minimal_order_amount": 1.0,
        "stock_delivery_number": 2,
        "stock_delivery_type": "days",
        "show_order_button": "Y",
        "product_layout": 1,
        "photo_size": "normal",
        "hide_without_category": "YES",
        "package_id": 1,
        "is_included_for_export_feed": True,
        "is_visible": True,
        "can_be_ordered": True,
    }


def make_products(dice: random.Random, started: datetime) -> dict[int, Doc]:
    """Stock the shop: ART-1001 to ART-1060, every third number of the low tariff, and the awkward ones."""
    made = started.replace(microsecond=0) - timedelta(days=90)
    products: list[Doc] = []
    for place in range(COUNT):
        low = (1001 + place) % 3 == 0  # the books know ART-1001 to ART-1030 with the same tariffs
        name = f"{_FOODS[place % 5]} no. {place}" if low else f"{_THINGS[place % 10]} {_LOOKS[place % 6]}"
        tariff = "low a" if low else "normal"
        one = product(FIRST_PRODUCT_ID + place, f"ART-{1001 + place}", name, _PRICES[place % 10], tariff, made)
        one["stock"] = float(dice.randint(0, 80))
        one["eannumber"] = f"20000000{1001 + place}0"
        products.append(one)
    identity = FIRST_PRODUCT_ID + COUNT
    loose = product(identity, LOOSE_NUMBER, "Losse thee per kilo", "17.35", "low a", made)
    loose |= {"unit": "kg", "decimal_amount": 2, "minimal_order_amount": 0.1, "weight": 1.0}
    products.append(loose)
    products.append(product(identity + 1, GIFT_NUMBER, "Cadeautje", "0.00", "normal", made))
    products.append(product(identity + 2, LONG_NUMBER, "Iets met een lang nummer", "11.11", "normal", made))
    products.append(product(identity + 3, AWKWARD_NUMBER, 'Återbruk <nr 1> & "meer"', "29.95", "normal", made))
    retired = product(identity + 4, "ART-9004", "Uit de handel", "5.00", "normal", made)
    products.append(retired | {"is_active": False, "is_visible": False, "can_be_ordered": False})
    return {one["id"]: one for one in products}


def _method(identity: int, psp: str, method: str, label: str, fixed: float = 0.0, percentage: float = 0.0) -> Doc:
    return {
        "id": identity,
        "psp": psp,
        "method": method,
        "combined_name": f"{psp}_{method}",
        "label": label,
        "extra_costs": bool(fixed or percentage),
        "extra_costs_fixed": fixed,
        "extra_costs_percentage": percentage,
        "apppsp": None,
        "apppsppaymethod": None,
    }


BANK_TRANSFER = 5
ON_ACCOUNT = 8
PAYMETHODS = [
    _method(1, "sandboxpay", "ideal", "iDEAL"),
    _method(2, "sandboxpay", "bancontact", "Bancontact"),
    _method(3, "sandboxpay", "creditcard", "Creditcard", percentage=1.5),
    _method(4, "paypal", "paypal", "PayPal", fixed=0.35),
    _method(BANK_TRANSFER, "offline", "banktransfer", "Overboeking"),
    _method(6, "klarna", "pay_now", "Klarna"),
    _method(7, "offline", "cash", "Contant bij afhalen"),
    _method(ON_ACCOUNT, "offline", "invoice", "Op rekening"),
]
# an order may carry a method that the resource does not list (any more)
UNKNOWN_METHOD = {"id": 99, "combined_name": "klarna_later", "label": "Klarna achteraf betalen"}


def method_of(identity: int) -> Doc:
    """Give a payment method, the unlisted one included."""
    return next((method for method in PAYMETHODS if method["id"] == identity), UNKNOWN_METHOD)
