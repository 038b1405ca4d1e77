"""A record's story says what, where, why and what to do, for each way in which the shipped orders can fail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from engine.design.desk import Desk, desk
from engine.design.support.sending import choices, look, send
from engine.design.support.telling import OUTCOME, REQUEST, Failure, Told, indented, told
from engine.runs.ledger.searches import Wanted
from tests.commands.conftest import Ran, ran

__all__ = ["ran"]


@pytest.fixture(scope="module")
def things(ran: Ran) -> Iterator[Desk]:
    """The shipped flow has run once against both sandboxes."""
    with desk(str(ran.workspace)) as held:
        yield held


def story(things: Desk, number: str) -> Told:
    [record] = [each for each in things.ledger.find_records(number) if each.number == number]
    found = told(things, record.id)
    assert found is not None
    return found


def failure(things: Desk, number: str) -> Failure:
    [first, *_] = story(things, number).failures
    return first


def test_a_missing_row_leads_to_its_lookup_and_to_its_field(things: Desk) -> None:
    found = failure(things, "W-10001")

    assert (found.step, found.field) == ("The buyer is found, or becomes a customer", "Payment terms")
    assert [(read.path, read.value) for read in found.reads] == [("paymethod", "klarna_later")]
    assert found.problem.caret
    row, field, again = found.ways
    assert (row.kind, row.lookup, row.key) == ("lookup", "payment_terms", "klarna_later")
    assert (field.kind, field.step, field.field) == ("field", "customer", "TermsOfPaymentId")
    assert again.kind == "again"


def test_a_story_says_whose_it_is_so_that_a_caller_is_known_to_be_the_buyer(things: Desk) -> None:
    found = story(things, "W-10005")
    payload = found.record.payload
    assert payload is not None
    buyer = payload["customer"]

    assert found.whose[:2] == (buyer["email"], buyer["billingaddress"]["full_name"])
    assert len(set(found.whose)) == len(found.whose)


def test_a_text_that_is_too_long_leads_to_its_field(things: Desk) -> None:
    found = failure(things, "W-10028")

    assert "the text has 50 characters, the target takes 40" in found.problem.what
    assert found.step and found.field
    assert [way.kind for way in found.ways] == ["field", "again"]


def test_what_the_books_refused_is_told_in_their_own_words(things: Desk) -> None:
    found = failure(things, "W-10025")

    assert "The article ART-1029 is not active." in found.problem.what
    assert found.step == "The order is made"
    assert found.problem.what_to_do and "again" in [way.kind for way in found.ways]


def test_sums_that_do_not_agree_are_told_with_both(things: Desk) -> None:
    assert "33.89 in CCV Shop, 28.46 in Visma eAccounting" in failure(things, "W-10008").problem.what


def test_a_story_goes_from_the_source_to_the_outcome_in_order(things: Desk) -> None:
    found = story(things, "W-10002")

    assert [moment.at for moment in found.moments] == sorted(moment.at for moment in found.moments)
    assert found.moments[0].says == "Made in CCV Shop"
    assert found.moments[-1].kind == OUTCOME and found.moments[-1].says == f"Arrived as {found.record.target_number}"
    assert "The order is made: sent (POST → 201)" in [each.says for each in found.moments if each.kind == REQUEST]
    assert (found.headline, found.failures, found.note) == ("It arrived.", (), "")


def test_every_parked_record_has_a_failure_with_a_way_out(things: Desk) -> None:
    parked = things.ledger.records_like(Wanted(states=("parked",)))

    assert len(parked) == 7
    for record in parked:
        found = told(things, record.id)
        assert found is not None and found.failures
        assert all(each.problem.what and each.ways for each in found.failures)


def test_a_record_that_is_not_there_has_no_story(things: Desk) -> None:
    assert told(things, 999_999) is None


def test_a_record_that_was_never_delivered_cannot_be_mapped_as_then(things: Desk) -> None:
    parked, arrived = story(things, "W-10001").record, story(things, "W-10002").record

    assert [each.name for each in choices(things, parked)] == ["published", "1"]
    assert [each.name for each in choices(things, arrived)] == ["published", "then", "1"]


def test_what_is_there_already_is_not_sent_again(things: Desk) -> None:
    record = story(things, "W-10004").record

    shown = look(things, record, "published")
    assert not shown.sends
    report = send(things, record, "published", "Anna")
    assert [(each.delivered.outcome, each.delivered.target_number) for each in report.done] == [
        ("unchanged", record.target_number)
    ]


@pytest.mark.parametrize(
    ("body", "shown"),
    [
        ('{"a":12.50,"b":1e3}', '{\n  "a": 12.50,\n  "b": 1e3\n}'),
        ('{"a":100000000000000000001}', '{\n  "a": 100000000000000000001\n}'),
        ("1;1042;", "1;1042;"),
    ],
)
def test_a_body_is_shown_with_its_numbers_as_they_are_written(body: str, shown: str) -> None:
    assert indented(body) == (shown, body.startswith("{"))


def test_a_body_that_is_nested_without_end_is_shown_as_it_came() -> None:
    body = "[" * 100_000

    assert indented(body) == (body, False)


def test_a_key_that_may_name_somebody_stands_in_no_address(things: Desk) -> None:
    found = story(things, "W-10001")
    named = replace(found, story=replace(found.story, record=replace(found.record, key="anna@post.example")))

    assert (found.sample, named.sample) == (f"recent:{found.record.key}", "")
