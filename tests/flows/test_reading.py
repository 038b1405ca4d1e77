"""What a flow reads of a record: a change elsewhere in the record is no new version of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.documents.workspace import Workspace
from engine.flows.library import load_flow
from engine.formulas import Formulas
from engine.runs.reading import flow_formulas, record_paths, version_of_record

FLOW = "ccv-orders-to-eaccounting"
FILE = f"saved_mappings/{FLOW}.json"


@pytest.fixture(scope="module")
def formulas() -> Iterator[Formulas]:
    with Formulas() as pool:
        yield pool


def test_every_formula_of_the_file_is_told_with_its_place(workspace: Workspace) -> None:
    found = dict(flow_formulas(load_flow(workspace, FLOW).flow))

    assert found["values.bill"] == "customer.billingaddress"
    assert found["source.never[0].condition"] == "status = 8"
    assert found["steps[1].each"] == "$values.lines"
    assert found["steps[2].fields.Rows[].UnitPrice.formula"] == "price"
    assert {"holds", "says"} <= {place.rsplit(".", 1)[1] for place in found if place.startswith("steps[2].before")}


def test_fields_that_values_and_steps_name_are_read_and_others_are_not(
    workspace: Workspace, formulas: Formulas
) -> None:
    reads = record_paths(load_flow(workspace, FLOW), formulas)

    assert {"customer", "orderrows", "paid", "currency", "total_price", "total_tax", "id"} <= set(reads)
    assert not {"status", "is_completed"} & set(reads)  # these only decide whether an order is taken
    assert not {"track_and_trace_code", "orderedinlng", "reservationnumber", "total_weight"} & set(reads)
    assert sorted(reads) == reads


@pytest.mark.parametrize("formula", ["$string($record)", "*", "**.email"])
def test_formula_that_reads_everything_reads_every_field(
    workspace: Workspace, edit: Callable[..., None], formulas: Formulas, formula: str
) -> None:
    edit(FILE, lambda flow: flow["values"].update(bill=formula))
    loaded = load_flow(workspace, FLOW)
    known = loaded.connectors["ccv-shop"].resources["orders"].schema["properties"]

    assert sorted(known) == record_paths(loaded, formulas)


records = st.dictionaries(st.sampled_from("abcd"), st.integers() | st.text(max_size=3) | st.none())


@settings(suppress_health_check=[HealthCheck.too_slow])  # a busy machine is no fault of the code
@given(records, records, st.sets(st.sampled_from("abcd")))
def test_version_changes_with_the_fields_read_and_with_nothing_else(
    one: dict[str, Any], other: dict[str, Any], reads: set[str]
) -> None:
    seen = [{name: record[name] for name in reads if name in record} for record in (one, other)]
    versions = {version_of_record(record, sorted(reads)) for record in (one, other)}

    assert (seen[0] == seen[1]) is (len(versions) == 1)


def test_order_of_the_fields_is_no_new_version() -> None:
    assert version_of_record({"a": 1, "b": {"c": 1, "d": 2}}, ["a", "b"]) == version_of_record(
        {"b": {"d": 2, "c": 1}, "a": 1}, ["a", "b"]
    )
