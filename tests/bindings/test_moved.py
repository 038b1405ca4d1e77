"""A binding that is moved to other books: what was made in the first ones says nothing of what is in the others."""

from __future__ import annotations

from engine.design.replays import flow_as, replay
from engine.runs.run import RunOptions
from tests.bindings.conftest import CONNECTIONS, MakeTwo, Two
from tests.replay.conftest import desk_of
from tests.runs.conftest import FLOW


def move(both: Two, **answers: str) -> None:
    """The default binding writes to the second customer's books from now on, and somebody says that this is right."""
    stage = both.first
    both.bind("default", connections={"eaccounting": CONNECTIONS["eaccounting"]}, answers=answers)
    stage.ledger.begin_afresh(FLOW, "default")


def test_another_kind_in_other_books_keeps_no_document_from_being_made(two: MakeTwo) -> None:
    both = two()
    number = both.first.order()
    assert both.run("default").counts["created"] == 1
    move(both, document="invoice")

    report = both.run("default", RunOptions(only=[number], threads=1))

    assert report.counts["created"] == 1
    assert list(both.second.documents("customerinvoices")) == [number]


def delivered_and_moved(both: Two) -> tuple[str, str]:
    """An order that was made in the first books, before the binding was moved; its number and key."""
    number = both.first.order()
    both.run("default")
    key = both.first.record(number).key
    move(both)
    return number, key


def test_a_replay_shows_what_it_would_make_in_the_other_books(two: MakeTwo) -> None:
    both = two()
    _, key = delivered_and_moved(both)

    things = desk_of(both.first)
    mapped = flow_as(things, FLOW, "1")
    with replay(things, mapped, mapped.manner()) as work:
        shown = work.show(key)

    assert shown.delivered.outcome == "created", shown.delivered.reason


def test_a_replay_in_other_books_forgets_nothing_of_the_first(two: MakeTwo) -> None:
    both = two()
    number, key = delivered_and_moved(both)
    things = desk_of(both.first)
    mapped = flow_as(things, FLOW, "1")

    with replay(things, mapped, mapped.manner(not_there=True)) as work:
        work.send([key], "Anna")

    assert list(both.second.documents()) == [number]
    made = [each.connection for each in both.first.ledger.intents(FLOW, "default", key) if each.step == "order"]
    assert sorted(made) == sorted(["eaccounting", CONNECTIONS["eaccounting"]])
