"""What the documentation leaves open, each a switch that can be turned; README.md says what each means.

None of this is documented: every default is this stand-in's own.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Choices:
    """One answer to every open question."""

    # specter.md, Auth: v2 is "needed for multi-shop"; whether v1 still holds beside it is not said
    key_version: str = "any"
    key_of_two_names: str = "space"
    # specter.md, Base: "POST form, ISO-8859-1"; what becomes of other bytes is not said
    odd_bytes: str = "refuse"
    utf8_bytes: str = "refuse"
    unknown_fields: str = "refuse"
    # specter.md, Errors: "Numeric code list other than 99: not found"
    codes: str = "own"
    # specter.md, Writes: forceCustomerUpdate=1; by what a customer is known is not said
    customer_match: str = "email"
    known_customer: str = "new"
    known_article: str = "refuse"
    most_articles: int = 100  # specter.md, Writes: "module sends ≤100 per call"
    article_numbers: str = "plain"
    unknown_articles: str = "accept"
    row_gaps: str = "refuse"
    duplicate_order: str = "refuse"
    # Batches
    empty_batches_wait: bool = True
    unknown_batch: str = "refuse"
    acknowledgement_holds: bool = True
    endless: bool = False
    single_amount: str = "main"
    own_changes_listed: bool = True
    new_orders_listed: bool = False
    calls_per_minute: int = 0  # specter.md, Errors: "Rate limits: not found"
    retry_after: bool = True


VALUES: dict[str, tuple[str, ...]] = {
    "key_version": ("any", "v1", "v2"),
    "key_of_two_names": ("space", "joined"),
    "odd_bytes": ("refuse", "keep"),
    "utf8_bytes": ("refuse", "keep"),
    "unknown_fields": ("refuse", "ignore"),
    "codes": ("own", "same"),
    "customer_match": ("email", "orgNo", "none"),
    "known_customer": ("new", "same", "refuse"),
    "known_article": ("refuse", "skip"),
    "article_numbers": ("plain", "any"),
    "unknown_articles": ("accept", "refuse"),
    "row_gaps": ("refuse", "accept", "stop"),
    "duplicate_order": ("refuse", "refuse_with_number", "same_order"),
    "unknown_batch": ("refuse", "accept"),
    "single_amount": ("main", "total"),
}
