"""Variants of products, categories, and which product stands in which: what is read of them and written to them."""

from __future__ import annotations

from typing import Any

from sandbox.ccv_shop.money import Doc
from sandbox.ccv_shop.refusals import PROPERTY_EXISTS, SAME_VALUE, UNFIT, Refused
from sandbox.ccv_shop.shapes import Shape, check, fields_of

FIRST_VARIANT_ID, FIRST_CATEGORY_ID, FIRST_PLACE_ID = 8_001, 41, 9_001

# ccv-schemas.json, Internal/Resource/Attributecombinations/Patch/Patch
VARIANT_PATCH: Shape = (
    fields_of("string", "note product_number ean_number sku_number delivery_time_type delivery_default_text")
    | fields_of("float", "stock")
    | fields_of("int", "delivery_time")
    | fields_of("bool", "active")
)
# ccv-schemas.json, Internal/Resource/Categories/Post/Post; photos and layouts are left out
CATEGORY_POST: Shape = (
    fields_of("string", "description description_bottom searchwords orderby meta_description meta_keywords page_title")
    | fields_of("string", "alias")
    | fields_of("int", "items_per_page position parentcategory_id color")
    | fields_of("bool", "show_on_website no_index no_follow show_big_photo show_orderbutton")
    | {"name": "string!"}
)
CATEGORY_PATCH: Shape = CATEGORY_POST | {"name": "string"}
# ccv-schemas.json, Internal/Resource/Producttocategories/Post/Post
PLACE_POST: Shape = {"product_id": "int!", "category_id": "int!", "position": "int"}


class Assortment:
    """Holds them by id; a product that is deleted takes its variants and places along."""

    def __init__(self) -> None:
        self.variants: dict[int, Doc] = {}
        self.categories: dict[int, Doc] = {}
        self.places: dict[int, Doc] = {}

    def variants_of(self, product: int) -> list[Doc]:
        """Give the combinations of one product."""
        return [one for one in self.variants.values() if one["product_id"] == product]

    def places_of(self, product: int) -> list[Doc]:
        """Give where one product stands."""
        return [one for one in self.places.values() if one["product_id"] == product]

    def add_variant(self, product: int, fields: Doc) -> Doc:
        """Add a combination, as its makers do in the shop; the API has no POST for it."""
        check(fields, VARIANT_PATCH)
        identity = max(self.variants, default=FIRST_VARIANT_ID - 1) + 1
        empty = dict.fromkeys("note ean_number sku_number delivery_default_text".split(), "")
        made: Doc = {
            "id": identity,
            "product_id": product,
            "product_number": "",
            "stock": 0.0,
            "netto_extra_price": 0.0,
            "ordering_without_stock": "global_setting",
            "delivery_time": 0,
            "delivery_time_type": "unknown",
            "active": True,
            "combination": [],
        }
        self.variants[identity] = empty | made | fields
        self.variants[identity]["stock"] = float(self.variants[identity]["stock"])
        return self.variants[identity]

    def patch_variant(self, kept: Doc, fields: Doc) -> None:
        """Change a combination; nothing is changed where one field is refused."""
        check(fields, VARIANT_PATCH)
        _refuse_same(kept, fields)
        kept |= {name: float(value) if name == "stock" else value for name, value in fields.items()}

    def post_category(self, fields: Doc) -> Doc:
        """Add a category."""
        check(fields, CATEGORY_POST)
        self._refuse_parent(fields)
        identity = max(self.categories, default=FIRST_CATEGORY_ID - 1) + 1
        made: Doc = dict.fromkeys(name for name in CATEGORY_POST if name != "parentcategory_id")
        made |= {"id": identity, "show_on_website": True, "position": len(self.categories) + 1, "parentcategory": None}
        self.categories[identity] = made | {n: v for n, v in fields.items() if v is not None}
        return self.categories[identity]

    def patch_category(self, kept: Doc, fields: Doc) -> None:
        """Change a category."""
        check(fields, CATEGORY_PATCH)
        self._refuse_parent(fields)
        _refuse_same(kept, fields)
        kept |= fields

    def _refuse_parent(self, fields: Doc) -> None:
        if fields.get("parentcategory_id") not in (None, *self.categories):
            raise Refused(UNFIT, f"There is no category {fields['parentcategory_id']}.")

    def post_place(self, products: dict[int, Doc], fields: Doc) -> Doc:
        """Put a product into a category."""
        check(fields, PLACE_POST)
        product, category = fields["product_id"], fields["category_id"]
        if product not in products or category not in self.categories:
            raise Refused(UNFIT, f"There is no product {product}, or no category {category}.")
        if any(one["category_id"] == category for one in self.places_of(product)):
            # inferred from ccv-shop.md, "500.40 property exists": a product stands in a category once
            raise Refused(PROPERTY_EXISTS, f"The product {product} is in the category {category} already.")
        identity = max(self.places, default=FIRST_PLACE_ID - 1) + 1
        self.places[identity] = {"id": identity, "position": len(self.places) + 1, **fields}
        return self.places[identity]

    def forget_product(self, product: int) -> None:
        """Let go what belonged to a product that is deleted."""
        self.variants = {i: one for i, one in self.variants.items() if one["product_id"] != product}
        self.places = {i: one for i, one in self.places.items() if one["product_id"] != product}

    def state(self) -> dict[str, Any]:
        """Give all of it; the seed makes none."""
        return {name: list(getattr(self, name).values()) for name in ("variants", "categories", "places")}

    def restore(self, kept: dict[str, Any]) -> None:
        """Take back what `state` gave."""
        for name in ("variants", "categories", "places"):
            setattr(self, name, {one["id"]: one for one in kept.get(name, [])})


def _refuse_same(kept: Doc, fields: Doc) -> None:
    # ccv-shop.md, Quirks 5: "Setting a value to what it already is can be an error (500.50)"
    for name, value in fields.items():
        if name in kept and kept[name] == value:
            raise Refused(SAME_VALUE, f"The property {name} has this value already.")
