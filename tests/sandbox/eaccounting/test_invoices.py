"""Quotes, invoices that are booked at once, and payments towards them."""

from __future__ import annotations

from typing import Any

import pytest

PRIVATE = "sanne.devries"


def person(api: Any) -> str:
    return str(api.data("customers", filter=f"EmailAddress eq '{PRIVATE}@post.example'")[0]["Id"])


def quote(api: Any, **fields: Any) -> dict[str, Any]:
    rows = [{"ArticleId": api.article_id("ART-1001"), "Quantity": 2, "UnitPrice": 12.1}]
    return {"CustomerId": person(api), "Status": 1, "BuyersOrderReference": "W-1", "Rows": rows, **fields}


def invoice(api: Any, **fields: Any) -> dict[str, Any]:
    return {**quote(api), "EuThirdParty": False, "RotReducedInvoicingType": 0, **fields}


def account(api: Any, **wanted: Any) -> str:
    [found] = [a for a in api.data("bankaccounts") if a["Name"] == wanted.get("name", "Zakelijke rekening")]
    return str(found["Id"])


def payment(api: Any, **fields: Any) -> dict[str, Any]:
    start = {
        "CompanyBankAccountId": account(api),
        "PaymentDate": api.clock.now().date().isoformat(),
        "PaymentAmount": 24.2,
        "PaymentCurrency": "EUR",
        "PaymentType": 2,
    }
    return {**start, **fields}


def test_an_ongoing_quote_is_listed_and_a_draft_is_not(api: Any) -> None:
    made = api.post("quotes", quote(api))
    hidden = api.post("quotes", quote(api, Status=0))

    assert (made["Number"], made["TotalAmount"], made["VatAmount"], made["IncludesVat"]) == (1, 24.2, 4.2, True)
    assert [one["Id"] for one in api.data("quotes", filter="BuyersOrderReference eq 'W-1'")] == [made["Id"]]
    assert api.refused("GET", "quotes/" + hidden["Id"])[0] == 404
    assert "Status" in api.refused("POST", "quotes", quote(api, Status=3))[2]


def test_only_an_ongoing_quote_can_be_replaced(api: Any) -> None:
    made = api.post("quotes", quote(api))
    assert api.call("PUT", "quotes/" + made["Id"], quote(api, Status=0)).json()["Number"] == made["Number"]

    assert api.refused("PUT", "quotes/" + made["Id"], quote(api))[:2] == (400, 4002)


def test_an_invoice_is_booked_at_once_and_cannot_be_changed(api: Any) -> None:
    made = api.post("customerinvoices", invoice(api))

    assert (made["TotalAmount"], made["TotalVatAmount"], made["RemainingAmount"]) == (24.2, 4.2, 24.2)
    assert (made["PaymentStatus"], made["Rows"][0]["PercentVat"], made["Rows"][0]["AmountNoVat"]) == (1, 21, 20)
    assert api.refused("PUT", "customerinvoices/" + made["Id"], invoice(api))[0] == 405
    assert api.refused("DELETE", "customerinvoices/" + made["Id"])[0] == 405
    assert "Rows" in api.refused("POST", "customerinvoices", invoice(api, Rows=[]))[2]
    assert "35" in api.refused("POST", "customerinvoices", invoice(api, BuyersOrderReference="W" * 36))[2]


def test_an_invoice_in_a_locked_period_is_refused(api: Any) -> None:
    today = api.clock.now().date().isoformat()
    api.system.do("lock_until", {"date": today})

    assert api.refused("POST", "customerinvoices", invoice(api, InvoiceDate=today))[:2] == (400, 4026)
    assert api.data("customerinvoices", filter="BuyersOrderReference eq 'W-1'") == []


def test_a_complete_payment_makes_an_invoice_paid_and_a_second_one_is_refused(api: Any) -> None:
    made = api.post("customerinvoices", invoice(api))
    path = f"customerinvoices/{made['Id']}/payments"
    api.post(path, payment(api, PaymentAmount=4.2, PaymentType=1))
    api.post(path, payment(api, PaymentAmount=20))

    paid = api.get("customerinvoices/" + made["Id"])
    assert (paid["PaymentStatus"], paid["RemainingAmount"]) == (0, 0)
    assert api.refused("POST", path, payment(api))[:2] == (400, 4002)
    assert api.refused("GET", path)[0] == 405
    assert api.refused("GET", "invoicepayments")[0] == 404


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"PaymentDate": "2999-01-01"}, "PaymentDate"),
        ({"PaymentAmount": 24.21}, "PaymentAmount"),
        ({"PaymentAmount": 10}, "PaymentAmount"),
        ({"PaymentCurrency": "SEK"}, "PaymentCurrency"),
        ({"PaymentType": 4}, "PaymentType"),
        ({"CompanyBankAccountId": "00000000-0000-0000-0000-000000000000"}, "CompanyBankAccountId"),
    ],
)
def test_a_payment_that_cannot_be_is_refused(api: Any, fields: dict[str, Any], said: str) -> None:
    made = api.post("customerinvoices", invoice(api))
    status, code, message = api.refused("POST", f"customerinvoices/{made['Id']}/payments", payment(api, **fields))

    assert (status, code) == (400, 2000)
    assert said in message


def test_a_closed_bank_account_takes_no_payment(api: Any) -> None:
    made = api.post("customerinvoices", invoice(api))
    sent = payment(api, CompanyBankAccountId=account(api, name="Oude rekening"))

    assert "not active" in api.refused("POST", f"customerinvoices/{made['Id']}/payments", sent)[2]


def test_a_stand_in_of_before_there_were_quotes_goes_on(api: Any) -> None:
    state = api.system.state()
    for name in ("quotes", "bankaccounts", "invoicepayments"):
        del state[name]
    del state["books"]["numbers"]["quote"]
    api.system.restore(state)

    assert api.post("quotes", quote(api))["Number"] == 1
    assert account(api)
