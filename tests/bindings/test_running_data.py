"""What a screen shows of flows at work: rows, forms and changes, as data."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from engine.design.desk import Desk
from engine.design.running.changing import Wanted, change_binding, remove_binding
from engine.design.running.checks import checks
from engine.design.running.exporting import export_bindings, import_bindings
from engine.design.running.forms import answer_options, form
from engine.design.running.overview import moment_in_words, overview
from engine.errors import DocumentError
from engine.flows.flow import Schedule
from engine.runs.ledger.pauses import EVERYTHING
from tests.bindings.conftest import CONNECTIONS, SECOND, MakeTwo, Two
from tests.runs.conftest import FLOW


@contextmanager
def desk_of(both: Two) -> Iterator[Desk]:
    stage: Any = both.first  # its clock waits for nobody
    yield Desk(stage.workspace, stage.ledger, stage.formulas, stage.clock)


def test_a_row_for_each_flow_and_binding(two: MakeTwo) -> None:
    both = two()
    both.bind(title="Customer B", schedules=({"every_minutes": 5, "days": "mon-fri", "hours": "07:00-19:00"},))
    both.first.order()
    both.run("default")
    with desk_of(both) as desk:
        rows = {(row.flow, row.name): row for row in overview(desk)}
        assert {flow for flow, _ in rows} == set(desk.workspace.flow_names())
        default, second = rows[FLOW, "default"], rows[FLOW, SECOND]
    assert default.last_run is not None and default.last_run.counts["created"] == 1
    assert (default.states, default.parked, default.own_schedule) == ({"created": 1}, 0, False)
    assert (second.title, second.own_schedule, second.last_run) == ("Customer B", True, None)
    assert second.schedule == "every 5 minutes, Monday to Friday, 07:00–19:00"
    assert second.next_due is not None and second.next_words
    assert [(each.name, each.connection, each.is_connected) for each in second.systems] == [
        ("ccv-shop", "shop_b", True),
        ("eaccounting", "books_b", True),
    ]


def test_what_is_off_or_paused_has_no_next_time(two: MakeTwo) -> None:
    both = two()
    both.bind(schedules=({"every_minutes": 5},), is_on=False)
    with desk_of(both) as desk:
        second = overview(desk, FLOW)[1]
        assert (second.is_on, second.next_due, second.next_words) == (False, None, "")
        change_binding(desk, FLOW, SECOND, Wanted(is_on=True), "Anna")
        assert overview(desk, FLOW)[1].next_due is not None
        desk.ledger.pause(EVERYTHING, "Bo", "stocktaking", desk.clock.now())
        paused = overview(desk, FLOW)[1]
    assert paused.pause is not None and (paused.pause.who, paused.next_due) == ("Bo", None)


def test_a_flow_that_cannot_be_read_is_a_row_with_why(two: MakeTwo) -> None:
    both = two(own_workspace=True)
    (both.first.workspace.flows / "broken.json").write_text("{")
    with desk_of(both) as desk:
        row = next(each for each in overview(desk) if each.flow == "broken")
    assert row.problem is not None and not row.is_on


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        (datetime(2026, 3, 1, 13, 5, tzinfo=UTC), "today 14:05"),
        (datetime(2026, 3, 1, 23, 30, tzinfo=UTC), "tomorrow 00:30"),
        (datetime(2026, 3, 9, 1, 30, tzinfo=UTC), "2026-03-09 02:30"),
    ],
)
def test_a_moment_is_said_as_the_clock_there_has_it(moment: datetime, words: str) -> None:
    now = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
    assert moment_in_words(moment, now, ZoneInfo("Europe/Amsterdam")) == words


def test_a_form_has_all_that_can_differ(two: MakeTwo) -> None:
    both = two()
    both.bind(answers={"document": "quote"}, lookups={"payment_terms": {"ideal_new": "14 dagen"}})
    both.open(SECOND)
    with desk_of(both) as desk:
        shown = form(desk, both.first.loaded, SECOND)
    assert [(each.system, each.chosen, each.options) for each in shown.connections] == [
        ("ccv-shop", "shop_b", ("ccv-shop", "shop_b")),
        ("eaccounting", "books_b", ("books_b", "eaccounting")),
    ]
    assert shown.own_answers == {"document"}
    assert next(each.answer for each in shown.questions if each.name == "document") == "quote"
    terms = next(each for each in shown.lookups if each.name == "payment_terms")
    assert [(row.key, row.value) for row in terms.rows if row.is_own] == [("ideal_new", "14 dagen")]
    assert terms.refers == ("eaccounting", "termsofpayments")
    assert {each.system: each.account for each in shown.accounts}["eaccounting"].startswith("Voorbeeldwinkel")
    assert not shown.is_new and form_is_new(both)


def test_what_can_be_chosen_is_read_through_the_connections_of_the_binding(two: MakeTwo) -> None:
    both = two()
    both.bind()
    with desk_of(both) as desk:
        for name, is_second in (("default", False), (SECOND, True)):
            shown = form(desk, both.first.loaded, name)
            account = next(each for each in shown.questions if each.name == "payment_account")
            before = len(both.second.requests("eaccounting"))
            assert answer_options(desk, shown, account)
            assert (len(both.second.requests("eaccounting")) > before) is is_second


def form_is_new(both: Two) -> bool:
    with desk_of(both) as desk:
        return form(desk, both.first.loaded, "customer_c").is_new


def test_two_people_change_one_binding_and_the_second_is_told(two: MakeTwo) -> None:
    both = two()
    both.bind()
    with desk_of(both) as desk:
        annas, bos = form(desk, both.first.loaded, SECOND), form(desk, both.first.loaded, SECOND)
        change_binding(desk, FLOW, SECOND, Wanted(title="Anna's"), "Anna", seen=annas.seen)
        with pytest.raises(DocumentError, match="somebody else changed it"):
            change_binding(desk, FLOW, SECOND, Wanted(is_on=False), "Bo", seen=bos.seen)
        assert form(desk, both.first.loaded, SECOND).is_on
        with pytest.raises(DocumentError, match="somebody else changed it"):
            change_binding(desk, FLOW, SECOND, Wanted(), "Bo", seen=form(desk, both.first.loaded, "new_one").seen)


def test_everything_wrong_with_a_change_is_said_at_once(two: MakeTwo) -> None:
    both = two()
    wanted = Wanted(title="x" * 200, connections={"eaccounting": "nowhere"}, lookups={"none": {"a": "b"}})
    with desk_of(both) as desk, pytest.raises(DocumentError) as caught:
        change_binding(desk, FLOW, "Not A Name", wanted, "Anna")
    assert len(caught.value.problems) == 4


def test_a_new_connection_of_a_binding_without_records_is_met_for_the_first_time(two: MakeTwo) -> None:
    both = two()
    both.bind()
    both.second.books.do("choose_company", {"name": "Bakkerij Zon B.V.", "number": "00000002"})
    both.reconnect()
    both.run(SECOND)
    with desk_of(both) as desk:
        assert desk.ledger.has_begun(FLOW, SECOND)
        change_binding(desk, FLOW, SECOND, Wanted(connections=CONNECTIONS), "Anna")
        assert desk.ledger.has_begun(FLOW, SECOND)  # they are the same
        change_binding(desk, FLOW, SECOND, Wanted(connections={"eaccounting": ""}), "Anna")
        assert not desk.ledger.has_begun(FLOW, SECOND) and not desk.ledger.was_run(FLOW, SECOND)
        both.open(SECOND)  # the first customer's books, and no word of another company
        change_binding(desk, FLOW, SECOND, Wanted(connections=CONNECTIONS), "Anna")
        both.second.order()
        both.run(SECOND)
        change_binding(desk, FLOW, SECOND, Wanted(connections={"eaccounting": ""}), "Anna")
        found = checks(desk, both.first.loaded, SECOND)
    assert found.problem is not None and "another company" in found.problem.what


def test_the_list_of_a_binding_that_began_afresh_is_that_of_a_first_run(two: MakeTwo) -> None:
    both = two()
    both.bind()
    both.run(SECOND)
    with desk_of(both) as desk:
        assert not checks(desk, both.first.loaded, SECOND).is_first
        change_binding(desk, FLOW, SECOND, Wanted(connections={"eaccounting": ""}), "Anna")
        assert checks(desk, both.first.loaded, SECOND).is_first


def test_bindings_from_a_file_meet_their_other_accounts_for_the_first_time(two: MakeTwo) -> None:
    both = two()
    both.bind()
    with desk_of(both) as desk:
        same = json.dumps(export_bindings(desk, FLOW))
        both.run(SECOND)
        import_bindings(desk, same, "Anna", "bindings.json", over=True)
        assert desk.ledger.has_begun(FLOW, SECOND)
        other = same.replace(CONNECTIONS["eaccounting"], "eaccounting")
        import_bindings(desk, other, "Anna", "bindings.json", over=True)
        assert not desk.ledger.has_begun(FLOW, SECOND) and desk.ledger.accounts(FLOW, SECOND) == {}


def test_a_removed_binding_leaves_no_plan_behind(two: MakeTwo) -> None:
    both = two()
    both.bind()
    both.open(SECOND)
    with desk_of(both) as desk:
        assert remove_binding(desk, FLOW, SECOND, "Anna") == 0
        assert desk.ledger.accounts(FLOW, SECOND) == {}
        with pytest.raises(DocumentError, match="it has no binding"):
            remove_binding(desk, FLOW, SECOND, "Anna")
        assert desk.ledger.audit(flow=FLOW)[0].what == "unbound"


def test_schedules_can_be_given_as_data(two: MakeTwo) -> None:
    both = two()
    both.bind()
    with desk_of(both) as desk:
        held = change_binding(desk, FLOW, SECOND, Wanted(schedules=(Schedule(cron="30 2 * * *"),)), "Anna")
        assert held.schedules == (Schedule(cron="30 2 * * *"),)
        row = overview(desk, FLOW)[1]
        assert row.schedule == "every day at 02:30"
        assert row.next_due is not None and row.next_due - desk.clock.now() < timedelta(days=1, minutes=1)
        with pytest.raises(DocumentError, match="no cron"):
            change_binding(desk, FLOW, SECOND, Wanted(schedules=(Schedule(cron="99 2 * * *"),)), "Anna")
        assert change_binding(desk, FLOW, SECOND, Wanted(own_schedules=True), "Anna").schedules is None
