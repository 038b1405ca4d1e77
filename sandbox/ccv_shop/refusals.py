"""What the shop answers when it does not do what it was asked."""

from __future__ import annotations

import json

from sandbox.exchange import Reply

MEDIA_TYPE = "application/vnd.verto.webshop+json"  # ccv-shop.md, Auth: `application/vnd.verto.webshop+json`

UNKNOWN_PATH = "404.20"  # ccv-shop.md, Rate limits and errors: "Codes: 404.20, 405.10"
WRONG_METHOD = "405.10"
RESOURCE_LIMIT = "429.10"  # ccv-shop.md: "429.10 resource limit, 429.11 total limit"
TOTAL_LIMIT = "429.11"
PROPERTY_EXISTS = "500.40"
SAME_VALUE = "500.50"  # ccv-shop.md, Quirks 5: "Setting a value to what it already is can be an error (500.50)"
PRODUCT_LIMIT = "500.60"
# inferred: 500.20 is documented for the output schema only; no code is listed for input that does not fit
UNFIT = "500.20"
# not documented: no code for a refused signature or a missing header is listed; these three are invented
UNSIGNED = "401.10"
WRONG_ACCEPT = "406.10"
WRONG_LANGUAGE = "400.10"


class Refused(Exception):
    """Carries the vendor's code; the first three digits are the HTTP status."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message

    def reply(self) -> Reply:
        """Write the error as documented."""
        status = int(self.code[:3])
        # ccv-shop.md, Rate limits and errors: Error JSON `{"status","code","developermessage"}`
        document = {"status": status, "code": self.code, "developermessage": self.message}
        return Reply(status, json.dumps(document, ensure_ascii=False).encode(), {"Content-Type": MEDIA_TYPE})
