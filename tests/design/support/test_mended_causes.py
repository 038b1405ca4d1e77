"""A cause says whether it is mended: its records are tried with the flow as it is now, and nothing is sent."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from engine.design.desk import Desk
from engine.design.support.causes import Cause, causes, same_cause
from engine.design.support.mended_causes import Looked, State, look_at, mended_now, remembered
from engine.design.support.mending import mend, take_back
from engine.errors import Cause as Why
from engine.errors import Problem, SignInNeeded
from engine.runs.telling.causes import tell_not_begun
from tests.commands.conftest import FLOW
from tests.design.support.test_causes import give_row, ran, things

__all__ = ["ran", "things"]


def the_cause(things: Desk, having: str) -> Cause:
    [found] = [each for each in causes(things) if having in each.what]
    return found


def looked(things: Desk, having: str) -> Looked:
    cause = the_cause(things, having)
    return look_at(things, [cause], seconds=60)[cause.place]


def change(things: Desk, changed: Callable[[dict[str, Any]], None]) -> None:
    path = things.workspace.flow_path(FLOW)
    document = json.loads(path.read_text(encoding="utf-8"))
    changed(document)
    path.write_text(json.dumps(document, ensure_ascii=False), encoding="utf-8")


def park(things: Desk, number: str, where: str, what: str, code: str) -> None:
    finish(things, number, "parked", what, [Problem(where, what, "", code=code)])


def finish(things: Desk, number: str, outcome: str, reason: str, problems: list[Problem]) -> None:
    [record] = [each for each in things.ledger.find_records(number) if each.number == number]
    place, at = (record.flow, record.binding, record.key), things.clock.now()
    things.ledger.finish_record(*place, record.version, outcome, reason, problems, None, None, at)


def test_a_missing_row_is_not_mended_until_somebody_gives_it(things: Desk) -> None:
    before = looked(things, "klarna_later")
    assert (before.state, before.tried, before.passing) == (State.NOT, 3, 0)
    assert before.says == "With the flow as it is now they would fail as before."

    give_row(things)

    after = looked(things, "klarna_later")
    assert (after.state, after.tried, after.passing) == (State.MENDED, 3, 3)
    assert [each.what for each in mended_now(things, FLOW)] == [the_cause(things, "klarna_later").what]


def test_values_mended_in_its_records_count_at_once_and_so_does_taking_them_back(things: Desk) -> None:
    assert looked(things, "klarna_later").state is State.NOT
    records = things.ledger.parked_for(FLOW, "default", str(the_cause(things, "klarna_later").name))
    for each in records:
        mend(things, things.ledger.record_by_id(each.id) or each, ("paymethod",), "sandboxpay_ideal", "Anna")
    assert looked(things, "klarna_later").state is State.MENDED

    take_back(things, things.ledger.record_by_id(records[0].id) or records[0], ("paymethod",), "Anna")
    assert looked(things, "klarna_later").state is State.PARTLY


def test_a_cause_has_the_ways_out_of_its_records(things: Desk) -> None:
    ways = looked(things, "klarna_later").ways

    assert [(way.kind, way.lookup, way.key) for way in ways[:1]] == [("lookup", "payment_terms", "klarna_later")]
    assert [way.kind for way in ways[1:]] == ["field"]


def test_where_some_would_go_it_says_how_many(things: Desk) -> None:
    records = things.ledger.parked_for(FLOW, "default", str(the_cause(things, "klarna_later").name))

    def left_as_it_was(document: dict[str, Any]) -> None:
        rows = document["lookups"]["payment_terms"]["rows"]
        rows["klarna_later"] = next(iter(rows.values()))
        document["source"]["never"] = [{"condition": f'$string(id) = "{records[0].key}"', "says": "nobody wants it"}]

    change(things, left_as_it_was)

    found = looked(things, "klarna_later")
    assert (found.state, found.tried, found.passing) == (State.PARTLY, 3, 2)
    assert "Of the newest 3, 2 would go now" in found.says


def test_what_the_flow_leaves_out_by_now_is_not_taken_for_mended(things: Desk) -> None:
    def nobody(document: dict[str, Any]) -> None:
        document["source"]["never"] = [{"condition": "true", "says": "nobody wants it"}]

    change(things, nobody)

    found = looked(things, "klarna_later")
    assert (found.state, found.says) == (State.NOT, "The flow as it is now leaves them out: nobody wants it.")


def test_a_flow_that_cannot_be_used_is_said(things: Desk) -> None:
    change(things, lambda document: document.pop("steps"))

    found = looked(things, "klarna_later")
    assert found.state is State.NOT and "The flow cannot be used as it is" in found.says


def test_whether_a_refusal_is_mended_only_the_target_can_tell(things: Desk) -> None:
    found = looked(things, "is not active")

    assert found.state is State.UNKNOWN
    assert "told only by sending" in found.says and "Nothing that is known of here has changed" in found.says
    things.ledger.save_connection("eaccounting", "eaccounting", {}, set(), "h", False, things.clock.now())
    again = looked(things, "is not active")
    assert again.has_changed and "was connected again" in again.says


def test_sums_that_differ_before_anything_is_sent_are_told_and_those_of_an_answer_are_not(things: Desk) -> None:
    assert looked(things, "the sums do not agree").state is State.NOT

    change(things, lambda document: [step.pop("before", None) for step in document["steps"]])
    assert looked(things, "the sums do not agree").state is State.MENDED
    park(
        things, "W-10002", "step order (Visma eAccounting, orders), the total in the books", "other sums", "sums_differ"
    )
    assert looked(things, "other sums").state is State.UNKNOWN


def test_records_whose_content_was_forgotten_are_fetched_when_they_are_sent(things: Desk) -> None:
    finish(things, "W-10002", "skipped", "nobody wants it", [])
    things.ledger.purge_before(things.clock.now() + timedelta(days=1))
    park(things, "W-10002", "step order (Visma eAccounting, orders), field Amount", "it is too long", "")

    found = looked(things, "it is too long")
    assert (found.state, found.tried) == (State.UNKNOWN, 0)
    assert "read anew" in found.says


def test_a_stopped_flow_tells_of_its_system_and_of_what_waits_behind_it(things: Desk) -> None:
    error = SignInNeeded("no", cause=Why.NOT_SIGNED_IN, where="Visma eAccounting (books.example)")
    tell_not_begun(things.ledger, FLOW, "default", error, things.clock.now(), whole=True)
    [record] = [each for each in things.ledger.find_records("W-10002") if each.number == "W-10002"]
    things.ledger.make_due(FLOW, "default", record.key, things.clock.now())

    first = causes(things)[0]
    assert (first.system, first.behind, first.is_set_up) == ("Visma eAccounting", 1, True)
    assert first.what == "All records: the sign-in of Visma eAccounting has expired, or is not accepted any more"
    stopped = look_at(things, [first])[first.place]
    assert (stopped.state, [(way.kind, way.system) for way in stopped.ways]) == (
        State.UNKNOWN,
        [("system", "eaccounting"), ("run", "")],
    )

    things.ledger.save_connection("eaccounting", "eaccounting", {}, set(), "h", False, things.clock.now())
    again = look_at(things, [causes(things)[0]])[first.place]
    assert again.state is State.MENDED and "The next run goes on by itself." in again.says


def test_records_that_a_credential_may_not_make_are_set_up_and_stand_before_data(things: Desk) -> None:
    park(things, "W-10008", "step order (Visma eAccounting, orders)", "the sign-in may not do this", "forbidden")

    found = causes(things)
    assert found[0].is_set_up and not found[0].stops_the_flow and found[0].records == 1
    assert [way.kind for way in looked(things, "may not do this").ways] == ["system"]


def test_what_was_looked_at_is_not_worked_out_again(things: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    found = causes(things)
    assert remembered(things, found) == {}
    every = look_at(things, found, seconds=60)
    assert set(every) == {each.place for each in found}

    monkeypatch.setattr(type(things.ledger), "records_like", _never)

    assert remembered(things, found) == look_at(things, found, seconds=60) == every


def _never(*given: object) -> None:
    raise AssertionError("it was worked out again")


def test_where_time_is_short_one_is_looked_at_and_the_rest_later(things: Desk) -> None:
    found = causes(things)
    seen: set[Any] = set()
    for _ in found:
        seen |= set(look_at(things, found, seconds=1e-9))
    assert seen == {each.place for each in found}


def test_the_other_records_of_a_record_s_cause_are_found(things: Desk) -> None:
    one = things.ledger.parked_for(FLOW, "default", str(the_cause(things, "klarna_later").name))[0]
    arrived = next(each for each in things.ledger.find_records("W-10002") if each.number == "W-10002")

    same = same_cause(things, one)
    assert same is not None and same.records == 3
    assert same_cause(things, arrived) is None
