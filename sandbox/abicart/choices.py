"""What the documentation leaves open, each a switch that can be turned; README.md says what each means.

None of this is documented: every default is this stand-in's own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choices:
    """One answer to every open question; SHAPES are those that only hold for a world made anew."""

    # The shop
    base_currency: str = "SEK"
    prices_with_vat: bool = True
    # abicart.md, Customer: "No `email` key was seen at top level; where it lives (info?) is not confirmed"
    email_at: str = "info"
    identity_key: str = ""  # the key in `info` that holds a person's or company's number; none
    # abicart.md, Article: "`stock` (has `useStock`)"; "low for … stock/price sub-objects"
    stock_key: str = "stock"
    price_shape: str = "map"
    # abicart.md says `order` of an OrderItem beside "`article` (uid)"; the constructed sample has "10001"
    item_order: str = "uid"
    # abicart.md: "field lists not found (DeliveryMethod and Payment exist as entities in [A5])"
    named_methods: bool = False
    deleted_article: str = "uid"
    # Reading
    language_flattens: bool = False
    missing_language: str = "null"
    string_query: str = "object"
    nested_queries: bool = False
    list_carts: bool = True
    bounds_inclusive: bool = True
    case_matters: bool = True
    default_limit: int = 100
    too_much: str = "refuse"
    variants_show_base: bool = False
    # Writing
    external_number_moves_changed: bool = True
    set_merges: bool = True
    unique_numbers: bool = False
    # The wire
    api_key_as_auth: bool = True
    token_hours: int = 12
    batches: bool = False
    http_errors: bool = False
    calls_per_minute: int = 0  # abicart.md, Rate limits: "Not found."
    retry_after: bool = True


SHAPES = frozenset(
    "base_currency prices_with_vat email_at identity_key stock_key price_shape item_order named_methods "
    "deleted_article".split()
)
VALUES: dict[str, tuple[str, ...]] = {
    "base_currency": ("SEK", "EUR"),
    "email_at": ("info", "address", "top", "nowhere"),
    "price_shape": ("map", "number"),
    "item_order": ("uid", "orderNumber"),
    "deleted_article": ("uid", "null"),
    "missing_language": ("null", "default", "absent"),
    "string_query": ("object", "value"),
    "too_much": ("refuse", "cut"),
}
