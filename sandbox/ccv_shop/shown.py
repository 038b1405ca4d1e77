"""Writes what the shop holds the way its API shows it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sandbox.ccv_shop.goods import PAYMETHODS
from sandbox.ccv_shop.money import Doc

# ccv-schemas.json, Orders: the children that only carry a link
ORDER_CHILDREN = "ordernotes ordermessages ordernotifications orderaffiliatenetworks orderlabels invoices".split()
PRODUCT_CHILDREN = (
    "productlabels productphotos productvariations productvideos producttaxtariffexceptions "
    "productattachments productkeywords productrelevant productattributesets productstaggeredprices "
    "producttocategories productreviews webshops attributecombinations producttopropertygroups"
).split()
USER_CHILDREN = ["creditpoints", "creditpointmutations", "disabledpaymethods"]
INSIDE = {"case", "rows", "user_id", "pays_at"}  # what the shop keeps of an order but does not show
PRODUCT_LIMIT = 1000
SHOP_ID = 1
Opened = Callable[[str], Doc]  # gives the child resource that stands behind a path


class Showing:
    """Writes documents with absolute links to one address; opens the children that `expand` names."""

    def __init__(self, root: str, expand: frozenset[str] = frozenset(), opened: Opened | None = None) -> None:
        self.root = root  # http://127.0.0.1:PORT/api/rest/v1
        self._expand = expand
        self._opened = opened

    def _child(self, name: str, path: str) -> Doc:
        # ccv-shop.md, Paging: "child resources appear as `{"href":…}` and can be `expand`ed"
        # inferred: an expanded child is the whole resource that its href leads to
        if name in self._expand and self._opened is not None:
            return self._opened(path)
        return {"href": self.root + path}

    def order(self, order: Doc) -> Doc:
        """Write an order with all its fields."""
        path = f"/orders/{order['id']}/"
        open_basket = None if order["is_completed"] else f"{self.root[:-12]}/basket/{order['id']}"
        shown: Doc = {"href": self.root + path}
        shown |= {name: value for name, value in order.items() if name not in INSIDE}
        shown |= {
            "basket_href": open_basket,
            "checkout_href": open_basket,
            "packing_slip_deeplink": f"{self.root[:-12]}/packingslip/{order['id']}" if order["is_completed"] else None,
            "user": self._user_of(order),
            "orderrows": self._child("orderrows", f"{path}orderrows/"),
        }
        shown |= {name: self._child(name, f"{path}{name}/") for name in ORDER_CHILDREN}
        return shown

    def _user_of(self, order: Doc) -> Doc:
        identity = order["user_id"]
        if identity is None:  # ccv-schemas.json, Orders.user.id: null without a user
            return {"id": None, "discount_percentage": None, "href": None}
        shown = self._child("user", f"/users/{identity}/")
        return {"id": identity, "discount_percentage": 0.0} | shown

    def row(self, row: Doc) -> Doc:
        """Write an order row."""
        product = f"{self.root}/products/{row['product_id']}/" if row["product_id"] else None
        return {
            "href": f"{self.root}/orderrows/{row['id']}/",
            **row,
            "product_href": product,
            "parent": {"href": f"{self.root}/orders/{row['order_id']}/"},
        }

    def product(self, product: Doc, quantity: float = 1.0) -> Doc:
        """Write a product; reading gives is_active where writing takes active."""
        path = f"/products/{product['id']}/"
        shown: Doc = {"href": self.root + path}
        shown |= {name: value for name, value in product.items() if name != "package_id"}
        shown["package"] = {
            "href": f"{self.root}/packages/{product['package_id']}/",
            "id": product["package_id"],
        }
        shown["productshippingcosts"] = {
            "costs": 6.95,
            "default_country": "NL",
            "quantity": quantity,
            "href": f"{self.root}{path}productshippingcosts/",
        }
        for name in PRODUCT_CHILDREN:
            child: Doc = {"href": f"{self.root}{path}{name}/"}
            # ccv-schemas.json, Products children: href and collection; shown when asked for, as in the sample
            shown[name] = child | {"collection": []} if name in self._expand else child
        return shown

    def expands(self, child: str) -> bool:
        """Say whether this child was asked for."""
        return child in self._expand

    def variant(self, variant: Doc) -> Doc:
        """Write a combination of attributes, which is a variant of a product."""
        path = f"/attributecombinations/{variant['id']}/"
        above = f"{self.root}/products/{variant['product_id']}/attributecombinations/"
        shown: Doc = {"href": self.root + path, **variant, "parent": {"href": above}}
        children = ("attributecombinationphotos", "attributes", "attributevalues")
        return shown | {name: {"href": f"{self.root}{path}{name}/"} for name in children}

    def category(self, category: Doc) -> Doc:
        """Write a category; what it was made with under parentcategory_id is read as parentcategory."""
        path = f"/categories/{category['id']}/"
        shown: Doc = {"href": self.root + path, **category}
        above = shown.pop("parentcategory_id", None)
        shown["parentcategory"] = {"id": above, "href": above and f"{self.root}/categories/{above}/"}
        shown["deeplink"] = None
        return shown | {name: {"href": f"{self.root}{path}{name}/"} for name in ("producttocategories", "categories")}

    def place(self, place: Doc) -> Doc:
        """Write which product stands in which category."""
        return {
            "href": f"{self.root}/producttocategories/{place['id']}/",
            **place,
            "product_href": f"{self.root}/products/{place['product_id']}/",
            "category_href": f"{self.root}/categories/{place['category_id']}/",
        }

    def packages(self) -> Doc:
        """Write the packages: a collection without paging."""
        # ccv-schemas.json, Collection/Packages: href and items only; not documented: what a shop starts with
        href = f"{self.root}/packages/"
        one: Doc = {"href": f"{href}1/", "id": 1, "name": "Doos", "parent": {"href": href}}
        return {"href": href, "items": [one]}

    def user(self, user: Doc) -> Doc:
        """Write a user, which is a customer with an account."""
        path = f"/users/{user['id']}/"
        shown: Doc = {"href": self.root + path, **user, "parent": {"href": f"{self.root}/users/"}}
        return shown | {name: {"href": f"{self.root}{path}{name}/"} for name in USER_CHILDREN}

    def webshop(self, active_products: int) -> Doc:
        """Write the one webshop there is."""
        return {
            "href": f"{self.root}/webshops/{SHOP_ID}/",
            "id": SHOP_ID,
            "name": "De Verzonnen Winkel",
            "is_multishop_system": False,
            "is_salespos": False,
            "product_limit": PRODUCT_LIMIT,
            "product_limit_left": PRODUCT_LIMIT - active_products,
            "api_root": self.root + "/",
            "webshops": {"href": f"{self.root}/webshops/{SHOP_ID}/webshops/"},
            "parent": {"href": f"{self.root}/webshops/"},
        }

    def paymethods(self) -> Doc:
        """Write the payment methods: a collection without paging."""
        # ccv-schemas.json, Collection/Paymethods: href and items only
        return {"href": f"{self.root}/paymethods/", "items": [dict[str, Any](one) for one in PAYMETHODS]}
