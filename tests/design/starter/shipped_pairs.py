"""In what the shipped flows differ from what a starter makes for the same two systems, each with its reason.

A difference that is not written here fails; so does one that is written and is no longer there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Reasons = Mapping[object, str]


@dataclass(frozen=True)
class Pair:
    """A shipped flow and the starter that makes the same kind.

    steps, lookups, questions: shipped name → the starter's; less: (step, field) that only the shipped flow maps, more:
    only the starter; writes, matches, keys: steps or fields where these differ; the rest by name; examples: title of a
    shipped example that becomes another thing.
    """

    shipped: str
    source: str
    target: str
    resource: str
    steps: Mapping[str, str] = field(default_factory=dict)
    lookups: Mapping[str, str] = field(default_factory=dict)
    only_steps: Reasons = field(default_factory=dict)
    less: Reasons = field(default_factory=dict)
    more: Reasons = field(default_factory=dict)
    writes: Reasons = field(default_factory=dict)
    matches: Reasons = field(default_factory=dict)
    questions_less: Reasons = field(default_factory=dict)
    questions_more: Reasons = field(default_factory=dict)
    defaults: Reasons = field(default_factory=dict)
    holds: Mapping[str, Mapping[str, object]] = field(default_factory=dict)  # lookup of the starter → its rows
    lookups_less: Reasons = field(default_factory=dict)
    lookups_more: Reasons = field(default_factory=dict)
    examples: Reasons = field(default_factory=dict)


ONE_SYSTEM = "rests on a setting that is written for these two systems"
NAMED_OTHERWISE = "the starter asks it as the policy"
BY_DIGITS = (
    "the shop searches by the digits of the number; the starter by the number, which the connector turns into them"
)

DELIVERY = "the account has a delivery address, which the shipped flow leaves to orders"
ONE_STEP = "known products are changed by a step of its own, field by field; here by the policy, all of them"

STOCK = Pair("eaccounting-stock-to-ccv", "eaccounting", "ccv-shop", "article_stock")

STATUS = Pair(
    "eaccounting-status-to-ccv",
    "eaccounting",
    "ccv-shop",
    "orders",
    steps={"shop_order": "order"},
    lookups={"shop_statuses": "statuses"},
    less={("change", "track_and_trace_code"): "no field of an order in the books means a tracking code"},
    matches={"shop_order": BY_DIGITS, "change": "without the tracking code"},
    questions_less={"tracking": "which field of the books is misused for it, only a person knows"},
)

PAYMENT = Pair(
    "eaccounting-payments-to-ccv",
    "eaccounting",
    "ccv-shop",
    "customerinvoices",
    steps={"shop_order": "order"},
    matches={"shop_order": BY_DIGITS},
)

CUSTOMERS = Pair(
    "ccv-customers-to-eaccounting",
    "ccv-shop",
    "eaccounting",
    "users",
    lookups={"terms": "termsofpayments"},
    less={("customer", "CustomerNumber"): ONE_SYSTEM},
    more={
        **{("customer", f"Delivery{name}"): DELIVERY for name in ("CustomerName", "Address1", "Address2", "City")},
        **{("customer", f"Delivery{name}"): DELIVERY for name in ("PostalCode", "CountryCode")},
        ("customer", "InvoiceAddress2"): "the shop's second line, which the shipped flow leaves to orders",
    },
    matches={"customer": "the search by number is a way of the books alone, and the policy is asked in other words"},
    questions_less={
        "match_customer": ONE_SYSTEM,
        "customer_number": ONE_SYSTEM,
        "update_customers": NAMED_OTHERWISE,
    },
    questions_more={"policy": "what the shipped flow asks as update_customers"},
)

ARTICLES = Pair(
    "eaccounting-articles-to-ccv",
    "eaccounting",
    "ccv-shop",
    "articles",
    steps={"product": "article"},
    lookups={"coding_rates": "source_rates", "tariffs": "classes"},
    only_steps={
        "changes": ONE_STEP,
        "categories": "labels of the books that become categories have no meaning in common with them",
        "placed": "as categories",
    },
    less={("article", "stock"): "a starter of stock does that, for new products too"},
    more={("article", "purchaseprice"): "both systems tell what the article costs; the shipped flow does not show it"},
    writes={("article", name): ONE_STEP for name in ("productnumber", "name", "price", "taxtariff", "unit", "active")},
    matches={"product": "inactive articles are changed by the step changes; the policy is asked in other words"},
    questions_less={
        "write": "asked as policy",
        "update_fields": ONE_STEP,
        "categories": "as the step",
        "with_stock": "as the field stock",
        "new_active": "what is active in the books is active in the shop",
        "odd_numbers": "which characters a number may hold is said by nobody; the strict reading is for this shop",
    },
    questions_more={"policy": "what the shipped flow asks as write", "only_active": "a condition of the shipped flow"},
    defaults={
        "leave_out": "articles for cash on delivery and gift cards are made by orders of other shops",
        "package_id": "asked by its name, where the shipped flow asks for its id",
    },
    holds={"packages": {"Doos": 1}},
    lookups_more={"packages": "by which the name becomes the id"},
    examples={
        "A number with spaces, a comma and letters with accents": "as the question odd_numbers",
        "An article out of use": "it waits until it is in use; the shipped flow leaves it out",
    },
)

PAIRS = (STOCK, STATUS, PAYMENT, CUSTOMERS, ARTICLES)
