"""Serves a fresh stand-in over real HTTP and signs in to it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from sandbox.clock import Clock
from sandbox.eaccounting import EAccounting
from sandbox.server import Serving


class Api:
    """A signed-in client of the stand-in."""

    def __init__(self, system: EAccounting, address: str) -> None:
        self.system = system
        self.clock = system.clock
        self.http = httpx.Client(base_url=address, verify=False)  # no certificates are read for http
        self.answers = system.credentials(address)
        self.headers: dict[str, str] = {}

    def token(self, **form: str) -> httpx.Response:
        client = (str(self.answers["client_id"]), str(self.answers["client_secret"]))
        return self.http.post("/connect/token", data=form, auth=client)

    def refresh(self, refresh_token: object) -> httpx.Response:
        return self.token(grant_type="refresh_token", refresh_token=str(refresh_token))

    def sign_in(self) -> None:
        token = self.refresh(self.system.credentials("")["refresh_token"]).json()["access_token"]
        self.headers = {"Authorization": f"Bearer {token}"}

    def call(self, method: str, path: str, body: Any = None, **options: object) -> httpx.Response:
        query = {f"${name}": str(value) for name, value in options.items()}
        return self.http.request(method, f"/v2/{path}", json=body, params=query, headers=self.headers)

    def get(self, path: str, **options: object) -> Any:
        reply = self.call("GET", path, **options)
        assert reply.status_code == 200, reply.text
        return reply.json()

    def data(self, path: str, **options: object) -> list[Any]:
        return list(self.get(path, **options)["Data"])

    def post(self, path: str, body: Any) -> Any:
        reply = self.call("POST", path, body)
        assert reply.status_code == 201, reply.text
        return reply.json()

    def refused(self, method: str, path: str, body: Any = None, **options: object) -> tuple[int, int, str]:
        """Give status, error code and message."""
        reply = self.call(method, path, body, **options)
        error = reply.json()
        assert set(error) == {"ErrorCode", "DeveloperErrorMessage", "ErrorId"}
        return reply.status_code, error["ErrorCode"], error["DeveloperErrorMessage"]

    def customer(self, **fields: Any) -> dict[str, Any]:
        """Give what a POST of a private Dutch customer carries."""
        terms = self.data("termsofpayments", filter="Name eq '14 dagen'")[0]["Id"]
        start = {
            "Name": "Tess Tester",
            "InvoiceCity": "Utrecht",
            "InvoicePostalCode": "3511 AA",
            "InvoiceCountryCode": "NL",
            "TermsOfPaymentId": terms,
            "IsPrivatePerson": True,
            "IsActive": True,
        }
        return {**start, **fields}

    def company(self, country: str, vat_number: str | None = None) -> str:
        """Create a company and give its id."""
        body = self.customer(IsPrivatePerson=False, InvoiceCountryCode=country, VatNumber=vat_number)
        return str(self.post("customers", body)["Id"])

    def article_id(self, number: str) -> str:
        return str(self.data("articles", filter=f"Number eq '{number}'")[0]["Id"])

    def coding_id(self, rate: int) -> str:
        wanted = f"VatRatePercent eq {rate} and Type eq 'Goods' and IsActive"
        return str(self.data("articleaccountcodings", filter=wanted)[0]["Id"])

    def article(self, **fields: Any) -> dict[str, Any]:
        """Give what a POST of an article at 21 % carries."""
        unit = self.data("units")[0]["Id"]
        start = {
            "Number": "NEW-1",
            "Name": "New",
            "IsActive": True,
            "CodingId": self.coding_id(21),
            "UnitId": unit,
        }
        return {**start, **fields}

    def row(self, number: str, quantity: float, price: float, **fields: Any) -> dict[str, Any]:
        """Give the row of an order."""
        start = {
            "LineNumber": 1,
            "IsTextRow": False,
            "ArticleId": self.article_id(number),
            "Quantity": quantity,
            "UnitPrice": price,
            "IsWorkCost": False,
            "EligibleForReverseChargeOnVat": False,
        }
        return {**start, **fields}

    def order(self, customer_id: str, *rows: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """Give what a POST of an order carries."""
        start = {
            "CustomerId": customer_id,
            "CurrencyCode": "EUR",
            "EuThirdParty": False,
            "OrderDate": "2026-03-01",
            "Status": 2,
            "RotReducedInvoicingType": 0,
            "ReverseChargeOnConstructionServices": False,
            "Rows": list(rows),
        }
        return {**start, **fields}

    def draft(self, customer_id: str, *rows: dict[str, Any], **fields: Any) -> dict[str, Any]:
        """Give what a POST of an invoice draft carries; rows are made as for an order."""
        for row in rows:
            row["ReversedConstructionServicesVatFree"] = False
        start = {
            "CustomerId": customer_id,
            "EuThirdParty": False,
            "RotReducedInvoicingType": 0,
            "Rows": list(rows),
        }
        return {**start, **fields}


@pytest.fixture
def books() -> EAccounting:
    return EAccounting(Clock())


@pytest.fixture
def api(books: EAccounting) -> Iterator[Api]:
    with Serving([books]) as serving:
        found = Api(books, serving.addresses["eaccounting"])
        found.sign_in()
        yield found
        found.http.close()
