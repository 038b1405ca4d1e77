"""`serve` runs each binding by itself; one whose system is another company than before stops, and the others go on."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.bindings.conftest import SECOND
from tests.bindings.customers import Customers, customers
from tests.commands.conftest import FLOW, Call, call

__all__ = ["call", "customers"]


def other_company(call: Call, customers: Customers, folder: Path) -> None:
    """Somebody signs in to the first customer's books anew, and chooses another company."""
    books: Any = customers.first.system("eaccounting")
    books.do("choose_company", {"name": "Bakkerij Zon B.V.", "number": "00000002"})
    file = folder / "eaccounting.json"
    file.write_text(json.dumps(books.credentials(customers.first.addresses["eaccounting"])))
    said = call(customers.workspace, "connect", "eaccounting", "--answers", str(file), "--allow-private", "--no-test")
    assert said.code == 0, said.err


def test_a_flow_of_the_wrong_company_is_stopped_and_said(call: Call, customers: Customers, tmp_path: Path) -> None:
    customers.bind(schedules=({"every_minutes": 5},))
    assert call(customers.workspace, "run", "--all").code == 0
    other_company(call, customers, tmp_path)
    customers.order(customers.first)
    number = customers.order(customers.second)
    said = call(customers.workspace, "serve", "--once")
    assert "answers as another company than before" in said.out
    assert f"bindings {FLOW} default --accept-account" in said.out
    assert customers.documents(customers.first) == []
    assert customers.documents(customers.second) == [number]


def test_a_binding_that_is_off_or_never_due_does_not_run_by_itself(call: Call, customers: Customers) -> None:
    customers.bind(schedules=({"every_minutes": 5},))
    assert call(customers.workspace, "run", FLOW, "--binding", SECOND).code == 0
    number = customers.order(customers.second)
    call(customers.workspace, "bindings", FLOW, SECOND, "--off")
    call(customers.workspace, "serve", "--once")
    assert customers.documents(customers.second) == []
    call(customers.workspace, "bindings", FLOW, SECOND, "--on", "--schedule", "never")
    call(customers.workspace, "serve", "--once")
    assert customers.documents(customers.second) == []
    call(customers.workspace, "bindings", FLOW, SECOND, "--schedule", "every 5 minutes")
    call(customers.workspace, "serve", "--once")
    assert customers.documents(customers.second) == [number]
