"""What the documentation leaves open and one value can settle, in one place so that it can be turned."""

from __future__ import annotations

from decimal import Decimal

# visma-eaccounting.md, Paging: "Max page size: not found … Default: not found"; both chosen.
PAGE_SIZE_DEFAULT = 50
PAGE_SIZE_MAX = 1000

# visma-eaccounting.md, Rate limit: "600 requests/minute per client and per endpoint (URL)".
CALLS_PER_MINUTE = 600

# visma-eaccounting.md, OAuth 2: "Code: one use, 5 minutes. Access token 60 min."
CODE_SECONDS = 300
ACCESS_SECONDS = 3600

# not documented: whether VatRatePercent, VatRate and DiscountPercentage say 21 or 0.21; taken by their names.
PERCENT = Decimal(100)

# visma-eaccounting.md, Quirks: "100.45 → 100.5 in documents" is the only figure, hence steps of a tenth.
ROUNDING_STEP = Decimal("0.1")

# visma-eaccounting.md, Quirks: "Orders need the order_standard module".
ORDER_MODULE = "order_standard"
# not documented: the stock module's name.
STOCK_MODULE = "stock_standard"

# Error codes: visma-eaccounting.md, Errors. The HTTP status of each (429 aside) is not documented.
INVALID = (400, 2000)
NOT_FOUND = (404, 3000)
NO_FISCAL_YEAR = (400, 3001)
CONFLICT = (409, 4000)
NOT_DELETABLE = (400, 4001)
NOT_CHANGEABLE = (400, 4002)
NO_MODULE = (403, 4002)
QUOTA = (429, 4010)
LOCKED_PERIOD = (400, 4026)
# not documented: the codes that come with 401, 403 for a scope, 405 and 415; 0 says that none is published.
NOT_SIGNED_IN = (401, 0)
NO_SCOPE = (403, 0)
NO_METHOD = (405, 0)
NO_MEDIA_TYPE = (415, 0)

# not documented: how deep a filter may be nested.
FILTER_DEPTH = 40

# not documented: the currencies there are and what they are reckoned at; EUR for one unit, fixed here.
EUR_FOR_ONE = {
    "EUR": Decimal(1),
    "SEK": Decimal("0.0875"),
    "GBP": Decimal("1.165"),
    "USD": Decimal("0.92"),
    "NOK": Decimal("0.0855"),
    "DKK": Decimal("0.1341"),
    "CHF": Decimal("1.045"),
    "PLN": Decimal("0.232"),
    "CZK": Decimal("0.0401"),
    "HUF": Decimal("0.0025"),
    "AUD": Decimal("0.605"),
    "CAD": Decimal("0.665"),
    "JPY": Decimal("0.0061"),
}
