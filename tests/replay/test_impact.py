"""What a draft would change for the last records is told record by record, and nothing is asked or sent for it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from engine.design.impact import impact, impacts
from engine.errors import DocumentError
from engine.runs.ledger import PulledRecord
from engine.runs.ledger.bindings import StoredBinding
from engine.runs.replay_results import MODE
from tests.replay.conftest import desk_of
from tests.runs.conftest import FLOW


@pytest.fixture
def three(stage: Callable[..., Any]) -> tuple[Any, list[str]]:
    s = stage(own_workspace=True)
    numbers = [s.order() for _ in range(3)]
    s.run()
    return s, numbers


def changed(s: Any, change: Callable[[dict[str, Any]], None]) -> str:
    """The published flow with a change, as a text that is not published."""
    document = json.loads(s.workspace.flow_path(FLOW).read_text(encoding="utf-8"))
    change(document)
    return json.dumps(document, ensure_ascii=False, indent=2)


def fields_of(flow: dict[str, Any], step: str = "order") -> dict[str, Any]:
    return dict(next(each for each in flow["steps"] if each["step"] == step)["fields"])


def test_the_published_flow_itself_changes_nothing(three: tuple[Any, list[str]]) -> None:
    s, _ = three
    asked = s.writes("eaccounting")

    found = impact(desk_of(s), FLOW, changed(s, lambda flow: None))

    assert (found.looked, found.has_run, found.records) == (3, True, ())
    assert s.writes("eaccounting") == asked


def test_a_field_that_differs_is_counted_once_for_each_record(three: tuple[Any, list[str]]) -> None:
    s, numbers = three
    only = f'ordernumber_full = "{numbers[1]}" ? "Utrecht" : '

    def some(flow: dict[str, Any]) -> None:
        field = fields_of(flow)["DeliveryCity"]
        field["formula"] = f"{only}({field['formula']})"
        rows = fields_of(flow)["Rows[].Text"]
        rows["formula"] = f'({rows["formula"]}) & "!"'

    found = impact(desk_of(s), FLOW, changed(s, some))

    assert [each.number for each in found.records] == numbers[::-1]
    assert dict(found.fields()) == {"order.Rows[].Text": 3, "order.DeliveryCity": 1}
    [city] = [each for one in found.records for each in one.fields if each.path == "order.DeliveryCity"]
    assert city.now == "Utrecht" != city.before
    assert found.failing == found.mended == ()


def test_what_would_be_parked_is_told_with_its_reason(three: tuple[Any, list[str]]) -> None:
    s, numbers = three

    def fails(flow: dict[str, Any]) -> None:
        fields_of(flow)["DeliveryCity"]["formula"] = f'ordernumber_full = "{numbers[0]}" ? $number("x") : "Utrecht"'

    found = impact(desk_of(s), FLOW, changed(s, fails))

    [failing] = found.failing
    assert (failing.number, failing.before, failing.now) == (numbers[0], "due", "parked")
    assert failing.problem is not None and "DeliveryCity" in failing.problem.where
    back = impact(desk_of(s), FLOW, changed(s, lambda flow: None), before=changed(s, fails))
    assert [each.number for each in back.mended] == [numbers[0]]


def test_a_condition_that_holds_records_back_is_told(three: tuple[Any, list[str]]) -> None:
    s, _ = three

    def later(flow: dict[str, Any]) -> None:
        flow["source"]["where"].append({"condition": "false", "says": "we are on holiday"})

    found = impact(desk_of(s), FLOW, changed(s, later))

    assert {(each.before, each.now, each.reason) for each in found.records} == {("due", "waiting", "we are on holiday")}


def test_a_row_of_a_lookup_that_names_another_record_is_a_change(three: tuple[Any, list[str]]) -> None:
    s, _ = three

    def other(flow: dict[str, Any]) -> None:
        rows = flow["lookups"]["payment_terms"]["rows"]
        names = sorted(set(rows.values()))
        for key, name in rows.items():
            rows[key] = names[names.index(name) - 1]

    found = impact(desk_of(s), FLOW, changed(s, other))

    assert found.looked == 3 and len(found.records) == 3
    assert all(path.startswith("customer.") for path, _ in found.fields())


def test_before_the_first_run_it_says_that_nothing_is_known(stage: Callable[..., Any]) -> None:
    s = stage(own_workspace=True)

    found = impact(desk_of(s), FLOW, changed(s, lambda flow: None))

    assert (found.looked, found.has_run, found.records) == (0, False, ())


def test_what_a_replay_met_is_left_aside_for_it_may_be_of_long_ago(stage: Callable[..., Any]) -> None:
    s = stage(own_workspace=True)
    now = s.clock.now()
    run = s.ledger.start_run(FLOW, "default", "v", MODE, now)
    s.ledger.keep_settings(run, {"now": now.isoformat(), "zone": "", "variables": {}, "lookups": {}})

    assert not impact(desk_of(s), FLOW, changed(s, lambda flow: None)).has_run


def test_a_text_that_is_no_flow_is_refused(three: tuple[Any, list[str]]) -> None:
    s, _ = three

    with pytest.raises(DocumentError):
        impact(desk_of(s), FLOW, "{}")


def test_each_binding_that_has_read_something_is_tried_and_no_other(three: tuple[Any, list[str]]) -> None:
    s, numbers = three
    at = s.clock.now()
    s.ledger.change_binding(FLOW, "north", lambda held: StoredBinding(FLOW, "north"), at)
    s.ledger.change_binding(FLOW, "empty", lambda held: StoredBinding(FLOW, "empty"), at)
    held = s.record(numbers[0])
    s.ledger.store_page(FLOW, "north", None, [PulledRecord(held.key, held.number, "v", held.payload)], None, at)

    found = impacts(desk_of(s), FLOW, changed(s, lambda flow: None))

    assert [(name, each.looked) for name, each in found] == [("default", 3), ("north", 1)]
