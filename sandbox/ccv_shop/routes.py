"""Finds out which resource a path means and what may be done with it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.ccv_shop.refusals import UNKNOWN_PATH, WRONG_METHOD, Refused
from sandbox.ccv_shop.shown import ORDER_CHILDREN, PRODUCT_CHILDREN, USER_CHILDREN

ROOT = "/api/rest/v1"  # ccv-shop.md, Base and environments: `https://{shop-domain}/api/rest/v1/`


@dataclass(frozen=True, slots=True)
class Route:
    """A path taken apart."""

    resource: str  # the resource whose limit counts
    action: str
    identity: int = 0


# path below the root -> resource, action, methods; ccv-shop.md, Endpoints
# not offered: POST orders, and `merchant`, which is named there but has no model
_NOTHING_OF = {
    "order": "|".join(ORDER_CHILDREN),
    "product": "|".join([*PRODUCT_CHILDREN, "productshippingcosts"]),
    "user": "|".join(USER_CHILDREN),
}
_ROUTES: list[tuple[re.Pattern[str], str, str, tuple[str, ...]]] = [
    (re.compile(pattern), resource, action, methods)
    for pattern, resource, action, methods in (
        ("orders", "orders", "orders", ("GET",)),
        (r"orders/(\d+)", "orders", "order", ("GET", "PATCH")),
        (r"orders/(\d+)/orderrows", "orderrows", "rows of order", ("GET",)),
        (rf"orders/(\d+)/({_NOTHING_OF['order']})", "", "nothing of order", ("GET",)),
        (r"orderrows/(\d+)", "orderrows", "row", ("GET",)),
        ("products", "products", "products", ("GET", "POST")),
        (r"products/(\d+)", "products", "product", ("GET", "PATCH", "DELETE")),
        # inferred from the children of Products in ccv-schemas.json: they are collections below their product
        (r"products/(\d+)/attributecombinations", "attributecombinations", "variants", ("GET",)),
        (r"attributecombinations/(\d+)", "attributecombinations", "variant", ("GET", "PATCH")),
        (r"products/(\d+)/producttocategories", "producttocategories", "places", ("GET",)),
        ("producttocategories", "producttocategories", "places", ("POST",)),  # inferred: named by its model only
        ("categories", "categories", "categories", ("GET", "POST")),
        (r"categories/(\d+)", "categories", "category", ("GET", "PATCH")),
        ("packages", "packages", "packages", ("GET",)),
        (rf"products/(\d+)/({_NOTHING_OF['product']})", "", "nothing of product", ("GET",)),
        ("paymethods", "paymethods", "paymethods", ("GET",)),
        ("users", "users", "users", ("GET",)),
        (r"users/(\d+)", "users", "user", ("GET",)),
        (rf"users/(\d+)/({_NOTHING_OF['user']})", "", "nothing of user", ("GET",)),
        ("invoices", "invoices", "invoices", ("GET",)),
        (r"invoices/(\d+)", "invoices", "invoice", ("GET",)),
        ("webshops", "webshops", "webshops", ("GET",)),
        (r"webshops/(\d+)", "webshops", "webshop", ("GET",)),
        ("webhooks", "webhooks", "webhooks", ("GET", "POST")),
        (r"webhooks/(\d+)", "webhooks", "webhook", ("GET", "DELETE")),
    )
]


def find(method: str, path: str) -> Route:
    """Give the route, or refuse with the documented code."""
    if path.startswith(ROOT + "/"):
        # not documented: whether the slash at the end is needed; both forms are taken
        below = path[len(ROOT) + 1 :].removesuffix("/")
        for pattern, resource, action, methods in _ROUTES:
            if found := pattern.fullmatch(below):
                if method not in methods:
                    raise Refused(WRONG_METHOD, f"The method {method} is not allowed here.")
                parts = found.groups()
                identity = int(parts[0][:15]) if parts else 0
                return Route(resource or parts[-1], action, identity)
    raise Refused(UNKNOWN_PATH, "There is no such resource.")
