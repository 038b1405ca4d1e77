"""`bindings`, `connect --as` and `disconnect --as`, as a person calls them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.design.running.exporting import MOST_BYTES
from tests.bindings.conftest import SECOND
from tests.bindings.customers import Customers, customers, unchanged
from tests.commands.conftest import FLOW, Call, call

__all__ = ["call", "customers", "unchanged"]

BOUND = ("--connection", "ccv-shop=shop_b", "--connection", "eaccounting=books_b")


def shown(call: Call, customers: Customers, name: str = SECOND) -> dict[str, Any]:
    said = call(customers.workspace, "bindings", FLOW, name, "--json")
    assert said.code == 0, said.err
    return said.lines[0]


def test_a_binding_is_made_changed_and_used(call: Call, customers: Customers) -> None:
    said = call(customers.workspace, "bindings", FLOW, SECOND, "--title", "Customer B", *BOUND, "--by", "Anna")
    assert said.code == 0, said.err
    number = customers.order(customers.second)
    assert call(customers.workspace, "run", FLOW, "--binding", SECOND).code == 0
    assert customers.documents(customers.second) == [number]
    told = call(customers.workspace, "audit", "--flow", FLOW, "--json").lines
    assert [(line["what"], line["who"], line["binding"]) for line in told if line["what"] == "bound"] == [
        ("bound", "Anna", SECOND)
    ]


def test_answers_rows_and_schedules_differ_in_a_binding(call: Call, customers: Customers) -> None:
    said = call(
        *(customers.workspace, "bindings", FLOW, SECOND, *BOUND),
        *("--answer", "update_customers=no", "--answer", "document=quote", "--row", "payment_terms:ideal=14 dagen"),
        *("--schedule", "every 15 minutes mon-fri 07:00-19:00", "--schedule", "daily at 02:30", "--off"),
    )
    assert said.code == 0, said.err
    line = shown(call, customers)
    assert line["answers"] == {"update_customers": False, "document": "quote"}
    assert line["lookups"] == {"payment_terms": {"ideal": "14 dagen"}}
    assert line["schedule"] == "every 15 minutes, Monday to Friday, 07:00–19:00; every day at 02:30"
    assert (line["on"], line["next"]) == (False, None)
    back = ("--answer", "update_customers=", "--row", "payment_terms:ideal=", "--schedule", "flow", "--on")
    assert call(customers.workspace, "bindings", FLOW, SECOND, *back).code == 0
    line = shown(call, customers)
    assert (line["answers"], line["lookups"], line["on"]) == ({"document": "quote"}, {}, True)


def test_the_next_run_names_its_zone_where_the_machine_has_another(
    call: Call, customers: Customers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    assert "(Europe/Amsterdam)" in call(customers.workspace, "bindings", FLOW, "default").out
    monkeypatch.setenv("TZ", "Europe/Amsterdam")
    assert "(Europe/Amsterdam)" not in call(customers.workspace, "bindings", FLOW, "default").out


def test_the_default_binding_can_be_switched_off_and_is_as_its_file_says_again(
    call: Call, customers: Customers
) -> None:
    assert call(customers.workspace, "bindings", FLOW, "--off").code == 0
    said = call(customers.workspace, "run", "--all", "--json")
    assert {"kind": "off", "flow": FLOW, "binding": "default", "runs": False} in said.lines
    assert call(customers.workspace, "bindings", FLOW, "default", "--remove").code == 0
    assert shown(call, customers, "default")["on"] is True


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ((FLOW, "Customer B"), "small letters"),
        ((FLOW, "../../etc"), "small letters"),
        ((FLOW, "x" * 60), "small letters"),
        ((FLOW, "b", "--connection", "shop=shop_b"), "does not speak to shop"),
        ((FLOW, "b", "--connection", "eaccounting=shop_b"), "shop_b is a connection of ccv-shop"),
        ((FLOW, "b", "--connection", "eaccounting=books_z"), "there is no connection books_z"),
        ((FLOW, "b", "--answer", "update_custmers=no"), "Did you mean `update_customers`"),
        ((FLOW, "b", "--answer", "update_customers=perhaps"), "neither yes nor no"),
        ((FLOW, "b", "--answer", "document=poem"), "document"),
        ((FLOW, "b", "--row", "payment_term:ideal=x"), "Did you mean `payment_terms`"),
        ((FLOW, "b", "--schedule", "now and then"), "is no schedule"),
        ((FLOW, "b", "--title", "x" * 200), "too long"),
        (("orders", "b", "--on"), "orders"),
        (("--on",), "not said of which flow"),
        ((FLOW, "b", "--set", "/nowhere/file.json"), "cannot be read"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_made(
    call: Call, unchanged: Customers, words: tuple[str, ...], why: str
) -> None:
    extra = () if any(word.startswith("--") for word in words) else ("--on",)
    said = call(unchanged.workspace, "bindings", *words, *extra)
    assert said.code == 2
    assert why in said.out + said.err
    assert call(unchanged.workspace, "bindings", FLOW, "--json").lines[1:] == []


def test_a_binding_with_records_is_not_removed_unless_they_may_stay(call: Call, customers: Customers) -> None:
    customers.bind()
    customers.order(customers.second)
    call(customers.workspace, "run", FLOW, "--binding", SECOND)
    said = call(customers.workspace, "bindings", FLOW, SECOND, "--remove")
    assert (said.code, "it has 1 records" in said.out + said.err) == (2, True)
    assert call(customers.workspace, "bindings", FLOW, SECOND, "--remove", "--keep-records", "--by", "Bo").code == 0
    assert call(customers.workspace, "run", FLOW, "--binding", SECOND).code == 2
    customers.bind()  # made again, it goes on with its records: nothing is sent twice
    said = call(customers.workspace, "run", FLOW, "--binding", SECOND, "--json")
    assert next(line for line in said.lines if line["kind"] == "run")["counts"]["created"] == 0
    assert len(customers.documents(customers.second)) == 1


def test_an_export_holds_no_secret_and_makes_the_same_bindings_elsewhere(
    call: Call, customers: Customers, tmp_path: Path
) -> None:
    changes = (
        "--answer",
        "update_customers=no",
        "--row",
        "payment_terms:ideal=14 dagen",
        "--schedule",
        "every 5 minutes",
    )
    call(customers.workspace, "bindings", FLOW, SECOND, "--title", "Customer B", *BOUND, *changes)
    file = tmp_path / "bindings.json"
    assert call(customers.workspace, "bindings", "--export", str(file)).code == 0
    text = file.read_text()
    for secret in customers.secrets():
        assert secret not in text
    before = shown(call, customers)
    call(customers.workspace, "bindings", FLOW, SECOND, "--remove")
    call(customers.workspace, "disconnect", "eaccounting", "--as", "books_b")
    said = call(customers.workspace, "bindings", "--import", str(file))
    assert said.code == 1
    assert "connect eaccounting --as books_b" in said.out + said.err
    after = shown(call, customers)
    same = ("title", "connections", "answers", "lookups", "schedules", "on")
    assert {part: before[part] for part in same} == {part: after[part] for part in same}
    assert call(customers.workspace, "bindings", "--import", str(file)).code == 2  # it is there already
    assert call(customers.workspace, "bindings", "--import", str(file), "--over").code == 1


def test_an_export_can_be_read_by_a_program(call: Call, customers: Customers) -> None:
    customers.bind()
    said = call(customers.workspace, "bindings", FLOW, "--export", "--json")
    assert [each["name"] for each in said.lines[0]["bindings"]] == [SECOND]
    assert said.lines[0]["connections"] == {"books_b": "eaccounting", "shop_b": "ccv-shop"}


def test_an_account_cannot_be_accepted_where_nobody_answers(call: Call, customers: Customers) -> None:
    customers.bind()
    customers.second.arm("eaccounting", [{"kind": "status", "status": 401}])
    said = call(customers.workspace, "bindings", FLOW, SECOND, "--accept-account")
    assert said.code == 3
    with customers.ledger() as ledger:
        assert ledger.accounts(FLOW, SECOND) == {}


@pytest.mark.parametrize(
    ("document", "why"),
    [
        ("{", "JSON"),
        ("[]", "object"),
        ('{"form": 1, "bindings": [], "bindings": []}', "twice"),
        ({"form": 2, "bindings": []}, "form"),
        ({"form": 1, "bindings": [{"flow": FLOW, "name": "a" * 2_000}]}, "name"),
        ({"form": 1, "bindings": [{"flow": "../../etc/passwd", "name": "b"}]}, "etc/passwd"),
        ({"form": 1, "bindings": [{"flow": FLOW, "name": "../b"}]}, "small letters"),
        ({"form": 1, "bindings": [{"flow": FLOW, "name": "b"}, {"flow": FLOW, "name": "b"}]}, "stands twice"),
        (
            {"form": 1, "bindings": [{"flow": FLOW, "name": "b", "answers": {"update_customers": 3}}]},
            "update_customers",
        ),
        ({"form": 1, "bindings": [{"flow": FLOW, "name": "b", "answers": {"api_secret": "x"}}]}, "api_secret"),
        ({"form": 1, "bindings": [{"flow": FLOW, "name": "b", "connections": {"eaccounting": "shop_b"}}]}, "not of"),
        ({"form": 1, "bindings": [{"flow": FLOW, "name": "b", "connections": {"eaccounting": "a b"}}]}, "small let"),
        ({"form": 1, "bindings": [{"flow": FLOW, "name": "b", "schedules": [{"cron": "x"}]}]}, "cron"),
        ({"form": 1, "bindings": [{"flow": FLOW, "name": "b", "schedules": [{}]}]}, "either every_minutes or cron"),
        ({"form": 1, "bindings": [{"flow": FLOW, "name": "b", "lookups": {"payment_terms": {"a": [1]}}}]}, "one value"),
        ({"form": 1, "bindings": [{"flow": FLOW, "name": "ok"}, {"flow": FLOW, "name": "Not"}]}, "small letters"),
        ({"form": 1, "bindings": [{"flow": FLOW, "name": "b", "command": "rm"}]}, "unknown key `command`"),
    ],
)
def test_a_hostile_file_is_refused_whole(
    call: Call, unchanged: Customers, tmp_path: Path, document: Any, why: str
) -> None:
    file = tmp_path / "bindings.json"
    file.write_text(document if isinstance(document, str) else json.dumps(document))
    said = call(unchanged.workspace, "bindings", "--import", str(file))
    assert said.code == 2
    assert why in said.out + said.err
    assert [line["binding"] for line in call(unchanged.workspace, "bindings", FLOW, "--json").lines] == ["default"]


def test_a_file_that_is_too_large_is_not_read_to_its_end(call: Call, unchanged: Customers, tmp_path: Path) -> None:
    file = tmp_path / "large.json"
    file.write_text('{"form": 1, "bindings": [' + " " * MOST_BYTES + "]}")
    said = call(unchanged.workspace, "bindings", "--import", str(file))
    assert (said.code, "large.json" in said.out + said.err) == (2, True)


def test_a_connection_has_a_name_of_its_own(call: Call, customers: Customers, tmp_path: Path) -> None:
    file = tmp_path / "ccv-shop.json"
    for name, why in (("eaccounting", "name of a system"), ("books_b", "connection of eaccounting"), ("A B", "small")):
        said = call(customers.workspace, "connect", "ccv-shop", "--as", name, "--answers", str(file), "--no-test")
        assert (said.code, why in said.out + said.err) == (2, True), name
    listed = {line["name"]: line for line in call(customers.workspace, "connect", "--list", "--json").lines}
    assert listed["eaccounting"]["others"] == {"books_b": "127.0.0.1"}
    assert "books_b" not in listed  # it is one more of a system, not a system
    assert {"ccv-shop", "eaccounting"} <= set(listed)


def test_disconnecting_one_of_two_names_what_works_through_it(call: Call, customers: Customers) -> None:
    customers.bind()
    said = call(customers.workspace, "disconnect", "eaccounting", "--as", "books_b", "--json")
    assert (said.code, said.lines[0]["flows"]) == (0, [f"{FLOW}, {SECOND}"])
    customers.order(customers.first)
    assert call(customers.workspace, "run", FLOW).code == 0
    said = call(customers.workspace, "run", FLOW, "--binding", SECOND)
    assert (said.code, "connect eaccounting --as books_b" in said.out + said.err) == (2, True)
    said = call(customers.workspace, "disconnect", "eaccounting", "--as", "books_b")
    assert (said.code, "it has no connection books_b" in said.out + said.err) == (2, True)


def test_another_company_is_accepted_by_name(call: Call, customers: Customers) -> None:
    customers.order(customers.first)
    assert call(customers.workspace, "run", FLOW).code == 0
    books: Any = customers.first.system("eaccounting")
    books.do("set_setting", {"name": "Name", "value": "De Linde Holding B.V."})
    said = call(customers.workspace, "run", FLOW)
    assert (said.code, "--accept-account" in said.out + said.err) == (2, True)
    said = call(customers.workspace, "bindings", FLOW, "default", "--accept-account", "--by", "Anna", "--json")
    assert [(line["system"], line["now"]) for line in said.lines] == [
        ("eaccounting", "De Linde Holding B.V., 00000001")
    ]
    assert call(customers.workspace, "run", FLOW).code == 0
    said = call(customers.workspace, "bindings", FLOW, "--accept-account")
    assert "nothing to accept" in said.out
