"""The tables on which a person sees what the shop holds."""

from __future__ import annotations

from sandbox.ccv_shop.goods import PAYMETHODS
from sandbox.ccv_shop.holdings import Holdings
from sandbox.ccv_shop.money import Doc
from sandbox.system import Table

STATUS_NAMES = (
    "New|In process|Wait for manufacturer|Wait for payment|Sent|Delivered|Completed|Cancelled|"
    "Wait for supplier|Being packaged|Ready to be collected|Being assembled|Backorder|Reserved"
).split("|")


def tables(own: Holdings) -> list[Table]:
    """Show orders with the newest first, then products, users and payment methods."""
    newest = sorted(own.orders.values(), key=lambda order: (order["create_date"], order["id"]), reverse=True)
    orders = [_order(order) for order in newest]
    products = [
        [str(one[key]) for key in ("id", "productnumber", "name", "price", "taxtariff", "stock", "is_active")]
        for one in own.products.values()
    ]
    users = [[str(one["id"]), one["username"], _name(one["userinfo"])] for one in own.users.values()]
    methods = [[str(one["id"]), one["combined_name"], one["label"]] for one in PAYMETHODS]
    columns = "id|order number|placed|customer|e-mail|country|rows|total|tax|paid|status"
    return [
        Table("Orders", [*columns.split("|"), "invoice", "reservation", "why it is here"], orders),
        Table("Products", ["id", "number", "name", "price", "tariff", "stock", "active"], products),
        Table("Users", ["id", "username", "name"], users),
        Table("Payment methods", ["id", "method", "label"], methods),
    ]


def _order(order: Doc) -> list[str]:
    customer = order["customer"] or {}
    status = order["status"]
    return [
        str(order["id"]),
        order["ordernumber_full"] or "",
        order["create_date"],
        _name(customer),
        customer.get("email") or "",
        (customer.get("billingaddress") or {}).get("country_code") or "",
        str(len(order["rows"])),
        f"{order['total_price']:.2f}",
        f"{order['total_tax']:.2f}",
        "yes" if order["paid"] else "no",
        f"{status} {STATUS_NAMES[status - 1]}" if status else "unfinished",
        str(order["invoicenumber"] or ""),
        order["reservationnumber"] or "",
        order["case"],
    ]


def _name(customer: Doc) -> str:
    address = customer.get("billingaddress") or {}
    return str(address.get("company") or address.get("full_name") or "")
