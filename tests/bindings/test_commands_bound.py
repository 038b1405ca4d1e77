"""run, preview, explain and history for a binding, as a person calls them."""

from __future__ import annotations

from tests.bindings.conftest import SECOND
from tests.bindings.customers import Customers, customers
from tests.commands.conftest import FLOW, Call, call

__all__ = ["call", "customers"]


def test_a_binding_that_is_not_there_is_refused_with_those_there_are(call: Call, customers: Customers) -> None:
    customers.bind()
    for words in (["run", FLOW], ["preview", FLOW], ["check", FLOW, "--connected"]):
        said = call(customers.workspace, *words, "--binding", "customer_z")
        assert said.code == 2
        assert "there are default, customer_b" in said.out + said.err


def test_run_takes_the_binding_it_is_told(call: Call, customers: Customers) -> None:
    customers.bind()
    number = customers.order(customers.second)
    said = call(customers.workspace, "run", FLOW, "--binding", SECOND, "--json")
    assert (said.code, said.lines[0]["binding"], said.lines[0]["counts"]["created"]) == (0, SECOND, 1)
    assert customers.documents(customers.second) == [number]
    assert customers.documents(customers.first) == []


def test_all_runs_each_binding_that_is_on(call: Call, customers: Customers) -> None:
    customers.bind()
    customers.bind("resting", is_on=False)
    customers.order(customers.first)
    customers.order(customers.second)
    said = call(customers.workspace, "run", "--all", "--json")
    runs = [(line["flow"], line["binding"], line["counts"]["created"]) for line in said.lines if line["kind"] == "run"]
    assert [run for run in runs if run[0] == FLOW] == [(FLOW, "default", 1), (FLOW, SECOND, 1)]
    assert {"kind": "off", "flow": FLOW, "binding": "resting", "runs": False} in said.lines


def test_what_is_off_runs_where_it_is_named(call: Call, customers: Customers) -> None:
    customers.bind(is_on=False)
    customers.order(customers.second)
    said = call(customers.workspace, "run", FLOW, "--binding", SECOND)
    assert said.code == 0
    assert "switched off: it runs because you named it" in said.out
    assert len(customers.documents(customers.second)) == 1


def test_one_number_in_two_bindings_is_two_stories(call: Call, customers: Customers) -> None:
    customers.bind()
    number = customers.order(customers.first)
    assert customers.order(customers.second) == number
    call(customers.workspace, "run", "--all")
    both = [line for line in call(customers.workspace, "explain", number, "--json").lines if line["kind"] == "record"]
    assert {line["binding"] for line in both} == {"default", SECOND}
    one = call(customers.workspace, "explain", number, "--binding", SECOND, "--json").lines
    assert [line["binding"] for line in one if line["kind"] == "record"] == [SECOND]
    told = call(customers.workspace, "history", "--binding", SECOND, "--json").lines
    assert {line["binding"] for line in told} == {SECOND}
    found = call(customers.workspace, "history", "--find", number, "--binding", SECOND, "--json").lines
    assert [line["binding"] for line in found] == [SECOND]


def test_preview_reads_from_the_binding_s_systems(call: Call, customers: Customers) -> None:
    customers.bind()
    number = customers.order(customers.second)
    said = call(customers.workspace, "preview", FLOW, "--key", number, "--binding", SECOND, "--json")
    assert said.code == 0
    assert call(customers.workspace, "preview", FLOW, "--key", number, "--json").code == 2  # the first has none


def test_only_takes_the_record_of_its_binding(call: Call, customers: Customers) -> None:
    customers.bind()
    number = customers.order(customers.first)
    customers.order(customers.second)
    call(customers.workspace, "run", FLOW)
    said = call(customers.workspace, "run", FLOW, "--only", number, "--binding", SECOND, "--json")
    assert (said.code, said.lines[0]["counts"]["created"]) == (0, 1)
    assert customers.documents(customers.second) == [number]


def test_doctor_looks_at_every_connection_of_a_system(call: Call, customers: Customers) -> None:
    customers.second.arm("eaccounting", [{"kind": "status", "status": 401}])
    said = call(customers.workspace, "doctor")
    assert "Visma eAccounting answers" in said.out and "CCV Shop as shop_b answers" in said.out
    assert "Visma eAccounting as books_b answers" not in said.out and said.code != 0
