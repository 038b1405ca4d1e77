"""`check --connected`: the list before the first run, to tick off; and what stored records would meet."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.design.desk import command_line
from tests.bindings.conftest import SECOND
from tests.bindings.customers import Customers, customers
from tests.commands.conftest import FLOW, Call, call

__all__ = ["call", "customers"]

BANK = {"name": "bank", "title": "The bank is chosen", "by_hand": True, "what_to_do": "Look at it in the books."}
NEVER = {"name": "never", "title": "Never so", "holds": "$answers.zero_shipping", "what_to_do": "Show zeros."}


def edit(workspace: Path, **parts: Any) -> None:
    path = workspace / "saved_mappings" / f"{FLOW}.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **parts}))


def lines(call: Call, customers: Customers, *words: str) -> tuple[int, dict[str, Any]]:
    said = call(customers.workspace, "check", FLOW, "--connected", "--json", *words)
    return said.code, {line["name"]: line for line in said.lines if line["kind"] == "precondition"}


def test_the_list_is_shown_and_an_error_stands_until_it_is_put_right(call: Call, customers: Customers) -> None:
    edit(customers.workspace, preconditions=[BANK, NEVER])
    code, rows = lines(call, customers)
    assert code == 2
    assert (rows["never"]["state"], rows["never"]["stops"], rows["bank"]["state"]) == ("wrong", True, "by hand")
    said = call(customers.workspace, "check", FLOW, "--connected")
    assert "✗ Never so: wrong" in said.out and "☐ The bank is chosen (bank): to be looked at" in said.out
    assert "its first run does not begin" in said.out
    asked = ("check", FLOW, "--tick", "bank", "--by", "NAME")
    assert f"Look at it in the books. Then: {command_line(customers.workspace, *asked)}\n" in said.out
    assert call(customers.workspace, "run", FLOW).code == 2
    call(customers.workspace, "bindings", FLOW, "--answer", "zero_shipping=yes")
    assert lines(call, customers)[0] == 0
    assert call(customers.workspace, "run", FLOW).code == 0


def test_after_the_first_run_it_is_a_warning(call: Call, customers: Customers) -> None:
    assert call(customers.workspace, "run", FLOW).code == 0
    edit(customers.workspace, preconditions=[NEVER])
    code, rows = lines(call, customers)
    assert (code, rows["never"]["state"], rows["never"]["stops"]) == (0, "wrong", False)
    assert call(customers.workspace, "run", FLOW).code == 0


def test_each_binding_has_a_list_and_ticks_of_its_own(call: Call, customers: Customers) -> None:
    customers.bind()
    edit(customers.workspace, preconditions=[BANK])
    said = call(customers.workspace, "check", FLOW, "--binding", SECOND, "--tick", "bank", "--by", "Anna")
    assert said.code == 0, said.err
    rows = lines(call, customers, "--binding", SECOND)[1]
    assert (rows["bank"]["state"], rows["bank"]["ticked_by"]) == ("ticked", "Anna")
    assert lines(call, customers, "--binding", "default")[1]["bank"]["state"] == "by hand"
    told = call(customers.workspace, "audit", "--json").lines
    assert [(line["what"], line["who"], line["binding"]) for line in told if line["what"] == "ticked"] == [
        ("ticked", "Anna", SECOND)
    ]
    call(customers.workspace, "check", FLOW, "--binding", SECOND, "--untick", "bank")
    assert lines(call, customers, "--binding", SECOND)[1]["bank"]["state"] == "by hand"
    said = call(customers.workspace, "check", FLOW, "--connected", "--binding", SECOND)
    assert f"-m engine check {FLOW} --binding {SECOND} --tick bank" in said.out


def test_only_what_is_by_hand_can_be_ticked_off(call: Call, customers: Customers) -> None:
    edit(customers.workspace, preconditions=[BANK, NEVER])
    for name, why in (("never", "nobody ticks it off"), ("none", "no such precondition")):
        said = call(customers.workspace, "check", FLOW, "--tick", name)
        assert (said.code, why in said.out + said.err) == (2, True)
    assert call(customers.workspace, "check", "--tick", "bank").code == 2


def test_keys_without_a_row_and_what_would_be_parked_are_named(call: Call, customers: Customers) -> None:
    call(customers.workspace, "run", FLOW)
    shop: Any = customers.first.system("ccv-shop")
    shop.do("new_order", {"fields": {"paymethod": "klarna_later", "paid": False}})
    call(customers.workspace, "run", FLOW)
    code, rows = lines(call, customers)
    assert code == 0
    keys = rows["keys_without_row"]
    assert (keys["state"], "“klarna_later” is in 1 stored record" in keys["problems"][0]["what"]) == ("wrong", True)
    waits = rows["waiting_records"]
    assert (waits["state"], waits["offenders"]) == ("wrong", 1)
    assert "klarna_later" in waits["problems"][0]["what"]


def test_a_system_that_is_not_connected_is_the_first_to_be_told(call: Call, customers: Customers) -> None:
    customers.bind()
    call(customers.workspace, "disconnect", "eaccounting", "--as", "books_b")
    said = call(customers.workspace, "check", FLOW, "--connected", "--binding", SECOND)
    assert (said.code, "connect eaccounting --as books_b" in said.out + said.err) == (2, True)


def test_preconditions_that_make_no_sense_are_told_by_check(call: Call, customers: Customers) -> None:
    articles = {"connector": "eaccounting", "resource": "articles"}
    usual = {"title": "So", "what_to_do": "Do."}
    edit(
        customers.workspace,
        preconditions=[
            {**usual, "name": "a", "holds": "true", "by_hand": True},
            {**usual, "name": "a"},
            {**usual, "name": "b", "unique": "Number"},
            {**usual, "name": "c", "holds": "true", "names": "Number"},
            {**usual, "name": "d", "holds": "true", "each": {**articles, "resource": "article"}},
            {**usual, "name": "e", "holds": "true", "each": {**articles, "connector": "eaccountin"}},
            {**usual, "name": "f", "holds": "true", "each": {"connector": "ccv-shop", "resource": "order_changes"}},
            {**usual, "name": "g", "holds": "$fact.x = 1"},
            {**usual, "name": "h", "holds": "1 +"},
        ],
    )
    said = call(customers.workspace, "check", FLOW)
    assert said.code == 2 and "preconditions[8].holds" in said.out + said.err
    edit_h = json.loads((customers.workspace / "saved_mappings" / f"{FLOW}.json").read_text())["preconditions"][:-1]
    edit(customers.workspace, preconditions=edit_h)
    told = call(customers.workspace, "check", FLOW)
    text = told.out + told.err
    for sentence in (
        "it has holds and by_hand",
        "two preconditions are called a",
        "it has none of them",
        "what is to be unique among is not said",
        "`names` is about records that are read",
        "Visma eAccounting has no resource article",
        "Did you mean `articles`",
        "the flow does not speak to eaccountin",
        "cannot be read",
    ):
        assert sentence in text, sentence
