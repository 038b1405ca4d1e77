"""Limits, what a person does inside, keeping and looking."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from sandbox.clock import Clock
from sandbox.eaccounting import EAccounting
from sandbox.exchange import Request


def test_the_601st_call_in_a_minute_is_refused_and_the_wait_is_in_the_message_only(api: Any) -> None:
    statuses = {api.call("GET", "units").status_code for _ in range(600)}
    reply = api.call("GET", "units")
    error = reply.json()

    assert statuses == {200}
    assert (reply.status_code, error["ErrorCode"]) == (429, 4010)
    assert re.fullmatch(
        r"API calls quota exceeded! maximum admitted 600 per Minute\. Try again in \d{1,2} seconds\.",
        error["DeveloperErrorMessage"],
    )
    assert "retry-after" not in reply.headers
    assert api.call("GET", "vatcodes").status_code == 200
    api.clock.advance(int(re.findall(r"in (\d+) seconds", error["DeveloperErrorMessage"])[0]))
    assert api.call("GET", "units").status_code == 200


def test_calls_for_different_ids_count_together(api: Any) -> None:
    ids = [unit["Id"] for unit in api.data("units")]
    for number in range(600):
        assert api.call("GET", "units/" + ids[number % len(ids)]).status_code == 200

    assert api.call("GET", "units/" + ids[0]).status_code == 429


def test_limits_can_be_switched_off(api: Any) -> None:
    api.system.limits_on = False

    assert {api.call("GET", "units").status_code for _ in range(650)} == {200}


def test_the_same_seed_gives_the_same_books() -> None:
    def world(seed: int) -> tuple[Any, Any]:
        state = EAccounting(Clock(), seed=seed).state()
        articles = [(a["Id"], a["Number"], a["NetPrice"]) for a in state["articles"]]  # type: ignore[attr-defined]
        return articles, EAccounting(Clock(), seed=seed).credentials("http://x")

    assert world(7) == world(7)
    assert world(7) != world(8)


def test_everything_survives_a_restart(api: Any) -> None:
    customer = api.system.do("add_customer", {"Name": "Late", "EmailAddress": "late@post.example"})
    api.post("orders", api.order(customer["Id"], api.row("ART-1001", 1, 5)))
    kept = json.loads(json.dumps(api.system.state()))
    fresh = EAccounting(api.clock)
    fresh.restore(kept)

    assert json.loads(json.dumps(fresh.state())) == kept
    assert fresh.credentials("a") == api.system.credentials("a")
    answer = fresh.answer(_get("/v2/customers", "EmailAddress eq 'LATE@post.example'", api.headers["Authorization"]))
    assert json.loads(answer.body)["Data"][0]["Id"] == customer["Id"]
    assert fresh.do("add_customer", {"Name": "Later"})["CustomerNumber"] == "12"  # type: ignore[index]


def _get(path: str, text: str, authorization: str) -> Request:
    return Request("GET", path, path, [("$filter", text)], {"authorization": authorization}, b"")


def test_reset_gives_the_first_day_back_and_keeps_the_sign_in(api: Any) -> None:
    first = api.data("customers")
    api.system.do("add_customer", {"Name": "Late"})
    api.system.do("set_module", {"name": "order_standard", "on": False})
    api.system.do("reset", {})

    assert api.data("customers") == first
    assert api.data("orders") == []


def test_another_company_is_chosen_at_a_new_consent_and_the_first_one_keeps_its_books(books: EAccounting) -> None:
    books.do("add_customer", {"Name": "Late", "EmailAddress": "late@post.example"})
    before, token = books.state()["customers"], books.credentials("")["refresh_token"]
    books.do("choose_company", {"name": "Bakkerij Zon B.V.", "number": "00000002"})
    assert books.credentials("")["refresh_token"] != token
    fresh = EAccounting(Clock())
    fresh.restore(json.loads(json.dumps(books.state())))
    assert fresh.state()["customers"] != before
    fresh.do("choose_company", {"name": "Voorbeeldwinkel De Linde B.V.", "number": "00000001"})
    assert fresh.state()["customers"] == before
    with pytest.raises(ValueError, match="name and number"):
        fresh.do("choose_company", {})


def test_a_person_adds_and_deletes_customers_and_articles(api: Any) -> None:
    article = api.system.do("add_article", {"Number": "ART-2000", "rate": 9, "NetPrice": 10})
    assert article["GrossPrice"] == 10.9

    api.system.do("add_customer", {"Name": "Late", "EmailAddress": "late@post.example"})
    api.system.do("delete_customer", {"email": "late@post.example"})
    assert api.data("customers", filter="EmailAddress eq 'late@post.example'") == []


@pytest.mark.parametrize(
    ("action", "arguments", "sentence"),
    [
        ("fly", {}, "no action 'fly'"),
        ("set_setting", {"name": "Colour", "value": 1}, "no setting Colour"),
        ("set_setting", {"name": "ShowPricesExclVatPC", "value": "yes"}, "takes a bool"),
        ("set_module", {"name": "x"}, "on is missing"),
        ("lock_until", {"date": "soon"}, "soon"),
        ("add_customer", {"Name": "x" * 51}, "Name: The maximum length is 50"),
        ("delete_customer", {"email": "nobody@post.example"}, "0 customers"),
        ("remove_coding", {"name": "nothing"}, "no coding"),
    ],
)
def test_what_cannot_be_done_is_said(
    books: EAccounting, action: str, arguments: dict[str, object], sentence: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(sentence)):
        books.do(action, arguments)


def test_the_tables_show_what_came_and_what_was_refused(api: Any) -> None:
    buyer = api.data("customers")[0]["Id"]
    api.post("orders", api.order(buyer, api.row("ART-1001", 2, 12.1), YourReference="R-9"))
    api.refused("POST", "orders", {})
    tables = {table.title: table for table in api.system.tables()}

    assert all(len(row) == len(table.columns) for table in tables.values() for row in table.rows)
    assert tables["Orders"].rows[0][:3] == ["1", "2026-03-01", "2"]
    assert "24.2" in tables["Orders"].rows[0]
    assert tables["Order rows"].rows[0][:3] == ["1", "1", "ART-1001"]
    assert tables["Requests refused"].rows[0][1:4] == ["POST", "/v2/orders", "400"]
