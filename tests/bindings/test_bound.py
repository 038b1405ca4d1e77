"""A flow is bound to connections, answers, rows and schedules; `default` is there without being made."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.errors import ConnectionMissing, DocumentError
from engine.flows.flow import Schedule
from engine.runs.bindings import all_bound, binding_names, bound
from engine.runs.ledger import PulledRecord
from tests.bindings.conftest import CONNECTIONS, SECOND, MakeTwo
from tests.runs.conftest import FLOW, MakeStage, stage

__all__ = ["stage"]


def test_default_is_there_without_being_made(two: MakeTwo) -> None:
    stage = two().first
    held = bound(stage.ledger, stage.loaded)
    assert (held.name, held.is_on, held.schedules, held.answers, held.lookups) == ("default", True, None, {}, {})
    assert held.connections == {"ccv-shop": "ccv-shop", "eaccounting": "eaccounting"}
    assert held.applied(stage.loaded) is stage.loaded


def test_a_binding_says_what_differs_and_nothing_else(two: MakeTwo) -> None:
    both = two()
    both.bind(answers={"update_customers": False}, schedules=({"every_minutes": 15},), title="Customer B")
    held = bound(both.first.ledger, both.first.loaded, SECOND)
    assert held.connections == CONNECTIONS
    assert held.answered(both.first.loaded.flow)["update_customers"] is False
    assert held.answered(both.first.loaded.flow)["document"] == both.first.loaded.flow.answers()["document"]
    assert held.scheduled(both.first.loaded.flow) == (Schedule(every_minutes=15),)
    assert [each.name for each in all_bound(both.first.ledger, both.first.loaded)] == ["default", SECOND]


def test_a_binding_that_is_not_there_is_refused_with_the_names_there_are(two: MakeTwo) -> None:
    both = two()
    both.bind()
    with pytest.raises(DocumentError, match=r"there are default, customer_b.*\n.*Did you mean `customer_b`"):
        bound(both.first.ledger, both.first.loaded, "customer_c")
    assert binding_names(both.first.ledger, FLOW) == ["default", SECOND]


def test_rows_of_a_binding_count_over_those_of_the_flow(two: MakeTwo) -> None:
    both = two()
    name, lookup = next((n, each) for n, each in both.first.loaded.flow.lookups.items() if each.rows)
    key = next(iter(lookup.rows))
    both.bind(lookups={name: {key: "other", "new": "row"}})
    rows = bound(both.first.ledger, both.first.loaded, SECOND).applied(both.first.loaded).flow.lookups[name].rows
    assert rows == {**lookup.rows, key: "other", "new": "row"}


def test_a_connection_of_another_system_is_refused(two: MakeTwo) -> None:
    both = two()
    both.bind(connections={**CONNECTIONS, "eaccounting": "shop_b"})
    with pytest.raises(ConnectionMissing, match="is one of ccv-shop, not of"):
        both.open(SECOND)


def test_an_answer_that_does_not_fit_is_said_with_its_binding(two: MakeTwo) -> None:
    both = two()
    both.bind(answers={"update_customers": "perhaps"})
    with pytest.raises(DocumentError, match=f"binding {SECOND}, answer update_customers"):
        both.open(SECOND)


def test_changes_of_two_people_are_both_kept(two: MakeTwo) -> None:
    both = two()
    both.bind(answers={"update_customers": False})
    now = both.first.clock.now()
    first = both.first.ledger.change_binding(FLOW, SECOND, lambda held: replace(held, title="B"), now)
    second = both.first.ledger.change_binding(FLOW, SECOND, lambda held: replace(held, is_on=False), now)
    assert second.saved_at is not None and first.saved_at is not None and second.saved_at > first.saved_at
    assert (second.title, second.is_on, second.answers) == ("B", False, {"update_customers": False})


def test_a_number_is_found_in_its_binding_however_many_others_have_it(stage: MakeStage) -> None:
    s = stage(connect=False)
    now, names = s.clock.now(), [f"customer_{i}" for i in range(60)]
    for i, name in enumerate(names):
        words = [PulledRecord(f"key-{i}", "W-1", "v", {"id": i}, search_words=["anna@post.example"])]
        s.ledger.store_page(FLOW, name, None, words, {}, now)
    for text in ("W-1", "anna@post.example"):
        found = s.ledger.find_records(text, flow=FLOW, binding=names[0])
        assert [(record.binding, record.key) for record in found] == [(names[0], "key-0")], text
        assert len(s.ledger.find_records(text)) == 50
    assert s.ledger.find_records("W-1", flow="other") == []
    assert [r.key for r in s.ledger.find_records("anna@post.example", binding=names[7])] == ["key-7"]
    assert [r.key for r in s.ledger.find_records("W-1", binding=names[0])] == ["key-0"]
