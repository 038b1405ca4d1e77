"""What a person does with orders, invoices and lists inside the books."""

from __future__ import annotations

from typing import Any

import pytest


def ordered(api: Any) -> dict[str, Any]:
    buyer = api.post("customers", api.customer())["Id"]
    made: dict[str, Any] = api.post("orders", api.order(buyer, api.row("ART-1001", 1, 12.1)))
    return made


def invoiced(api: Any) -> dict[str, Any]:
    row = {"ArticleId": api.article_id("ART-1001"), "Quantity": 2, "UnitPrice": 12.1}
    fields = {"CustomerId": api.post("customers", api.customer())["Id"], "Rows": [row]}
    made: dict[str, Any] = api.post("customerinvoices", {**fields, "EuThirdParty": False, "RotReducedInvoicingType": 0})
    return made


def test_an_order_changes_its_status_and_says_when(api: Any) -> None:
    made = ordered(api)
    api.clock.advance(60)
    api.system.do("change_order", {"number": made["Number"], "fields": {"Status": 3}})

    changed = api.get(f"orders/{made['Id']}")
    assert changed["Status"] == 3 and changed["ModifiedUtc"] > made["ModifiedUtc"]
    assert {**changed, "Status": 2, "ModifiedUtc": ""} == {**made, "ModifiedUtc": ""}
    since = api.data("orders", filter=f"ModifiedUtc gt {made['ModifiedUtc']}", orderby="ModifiedUtc")
    assert [order["Id"] for order in since] == [made["Id"]]


def test_an_invoiced_order_is_neither_changed_nor_deleted(api: Any) -> None:
    made = ordered(api)
    api.system.do("change_order", {"number": made["Number"], "fields": {"Status": 4}})

    with pytest.raises(ValueError, match="is invoiced and cannot be changed"):
        api.system.do("change_order", {"number": made["Number"], "fields": {"Status": 2}})
    assert api.refused("DELETE", f"orders/{made['Id']}")[1] == 4001


def test_an_invoice_that_is_credited_names_its_credit_note_once(api: Any) -> None:
    made = invoiced(api)
    credit = api.system.do("credit_invoice", {"number": made["InvoiceNumber"]})

    assert [one["Id"] for one in api.get(f"customerinvoices/{made['Id']}")["CreditedBy"]] == [credit["Id"]]
    shown = api.get(f"customerinvoices/{credit['Id']}")
    assert (shown["IsCreditInvoice"], shown["TotalAmount"]) == (True, -made["TotalAmount"])
    with pytest.raises(ValueError, match="is credited already"):
        api.system.do("credit_invoice", {"number": made["InvoiceNumber"]})


@pytest.mark.parametrize(
    ("action", "path"), [("remove_terms", "termsofpayments"), ("remove_delivery_method", "deliverymethods")]
)
def test_an_entry_of_a_list_is_removed_by_name(api: Any, action: str, path: str) -> None:
    names = [one["Name"] for one in api.data(path)]
    api.system.do(action, {"name": names[0]})

    assert [one["Name"] for one in api.data(path)] == names[1:]
    with pytest.raises(ValueError, match="one is needed"):
        api.system.do(action, {"name": "nothing is called so"})
