"""The mapping that is measured: its workspace is right, and the peers map what the engine maps."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from benchmarks.orders import COMPACT, LINES, SPACED, order, texts
from benchmarks.peers.by_hand import mapped
from engine.documents.schemas import explain
from engine.documents.workspace import Workspace
from engine.flows.check import check_workspace
from engine.flows.library import LoadedFlow, load_flow
from engine.formulas import Environment, Formulas, LookupTable
from engine.mappings.mapping import Mapping

BENCHMARKS = Path(__file__).parents[2] / "benchmarks"
WORKSPACE = Workspace(BENCHMARKS / "mapping")
PEERS = BENCHMARKS / "peers"
FLOW = "web-orders"
ORDERS = [order(i) for i in range(1, 31)]


@pytest.fixture(scope="module")
def formulas() -> Iterator[Formulas]:
    with Formulas() as pool:
        yield pool


@pytest.fixture(scope="module")
def loaded() -> LoadedFlow:
    return load_flow(WORKSPACE, FLOW)


@pytest.fixture(scope="module")
def environment(loaded: LoadedFlow) -> Environment:
    lookups = {
        name: LookupTable(name, held.title, dict(held.rows), held.otherwise, held.value)
        for name, held in loaded.flow.lookups.items()
    }
    return Environment(datetime(2026, 11, 20, tzinfo=UTC), lookups=lookups)


def read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


def test_the_workspace_has_no_problem(formulas: Formulas) -> None:
    assert WORKSPACE.flow_names() == [FLOW]
    assert check_workspace(WORKSPACE, [], formulas) == []


def test_the_flow_has_one_step_of_twenty_fields(loaded: LoadedFlow) -> None:
    [step] = loaded.flow.steps

    assert len([field for field in step.fields if "[]." not in field.path]) == 20


def test_written_by_hand_and_by_the_engine_an_order_becomes_the_same(
    formulas: Formulas, loaded: LoadedFlow, environment: Environment
) -> None:
    [step] = loaded.flow.steps
    schema = loaded.connectors[step.connector].resources[step.resource].schema
    fields = Mapping(formulas, step.fields, schema, "step order")
    for record in ORDERS:
        found = fields.apply(record, {"record": record}, environment)
        body = fields.body(found, "create")

        assert found.problems + body.problems == []
        assert mapped(record) == body.fields, record["number"]


def test_the_peers_expression_gives_the_same_in_one_piece(formulas: Formulas, loaded: LoadedFlow) -> None:
    """The truth is JSONata's: no way of rounding, joining or choosing of the hand-written code differs from it."""
    program = formulas.program({"all": (PEERS / "web_orders.jsonata").read_text(encoding="utf-8")})
    environment = Environment(datetime(2026, 11, 20, tzinfo=UTC), {"terms": loaded.flow.lookups["terms"].rows})
    found = formulas.evaluate(program, environment, [(record, {}) for record in ORDERS])

    assert [mapped(record) for record in ORDERS] == [one["all"].value for one in found]


def test_node_red_is_given_the_same_expression() -> None:
    [change] = [node for node in read(PEERS / "node_red/flow.json") if node["type"] == "change"]
    expression = (PEERS / "web_orders.jsonata").read_text(encoding="utf-8").strip()

    assert change["rules"][0]["to"] == "payload." + expression.replace("$terms", "$globalContext('terms')")


def test_the_orders_have_all_that_the_mapping_distinguishes() -> None:
    public = {sum(note["type"] == "public" for note in record["notes"]) for record in ORDERS}

    assert {len(record["lines"]) for record in ORDERS} == {LINES}
    assert [record["id"] for record in ORDERS if "company" in record["billing"]] == [
        100_000 + i for i in range(3, 31, 3)
    ]
    assert public == {0, 1, 2, 3}
    assert {line["discount"] for record in ORDERS for line in record["lines"]} == {0, 10}
    assert {mapped(record)["paymentTerm"] for record in ORDERS} == {"PAID", "NET30", "NET14", "DEBIT"}


def test_orders_are_the_same_each_time_whatever_their_spacing() -> None:
    compact, spaced = ([*texts(range(1, 31), separators)] for separators in (COMPACT, SPACED))

    assert [json.loads(text) for text in compact] == [json.loads(text) for text in spaced] == ORDERS
    assert all(len(text) < len(wide) for text, wide in zip(compact, spaced, strict=True))
    assert "ö".encode() in b"".join(compact)


@pytest.mark.parametrize("system", ["shop", "books"])
def test_samples_keep_their_schema(system: str) -> None:
    folder = WORKSPACE.connectors / system
    samples = read(folder / "samples/orders.json")

    assert len(samples) == 2
    assert [reason for one in samples for reason in explain(read(folder / "orders.schema.json"), one)] == []


def test_the_peers_are_pinned_without_naming_where_they_come_from() -> None:
    lock = (PEERS / "package-lock.json").read_text(encoding="utf-8")

    assert json.loads(lock)["packages"]["node_modules/jsonata"]["version"] == "2.2.2"
    assert "integrity" in lock
    assert not any(word in lock for word in ("http", "resolved", "registry"))
