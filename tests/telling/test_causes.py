"""What counts as one cause, when it is new, over or back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from engine.errors import Problem
from engine.runs.ledger.causes import OPEN, StoredCause
from engine.runs.telling.causes import MOST_CAUSES, Went, after, runs_stopped
from tests.telling.problems import NOW, refusal, tally


def names(*problems: Problem) -> set[str]:
    return set(tally(*problems).told_apart(()))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Row 3: the sum 12,50 is wrong", "Row 14: the sum 1.200,00 is wrong"),
        ("“Bolt 5” is unknown", "“Nut” is unknown"),
        ("'a' is \"b\"", "'c' is \"d\""),
        ("a@post.example is taken", "bo.ek@post.example is taken"),
        ("«A» and „B“", "«C» and „D“"),
    ],
)
def test_numbers_quotations_and_addresses_make_no_cause_of_its_own(one: str, other: str) -> None:
    assert len(names(refusal(one), refusal(other))) == 1


def test_a_refusal_that_names_several_rows_is_the_cause_of_one_that_names_one() -> None:
    one = "Books refused it: Rows[0].ArticleId: The article ART-1029 is not active."
    three = " ".join((one, *(f"Rows[{row}].ArticleId: The article ART-7 is not active." for row in (9, 88))))

    assert len(names(refusal(one), refusal(three))) == 1
    assert len(names(refusal(one), refusal(f"{one} Rows[1].VatId: The rate is unknown."))) == 2


@pytest.mark.parametrize(
    "other",
    [
        refusal("the sum is wrong", code="4026"),
        refusal("the date is wrong"),
        refusal("the sum is wrong", where="step customer (Books, customer)"),
    ],
)
def test_another_code_message_or_place_is_another_cause(other: Problem) -> None:
    assert len(names(refusal("the sum is wrong"), other)) == 2


def test_where_each_record_has_words_of_its_own_they_are_few_causes_and_none_is_uncounted() -> None:
    letters = [chr(0x4E00 + n) for n in range(3_000)]
    found = tally(*(refusal(f"{letter} is blocked") for letter in letters)).told_apart(())

    assert len(found) <= MOST_CAUSES + 1
    assert found.total() == 3_000


def seen(before: dict[str, StoredCause], went: Went) -> dict[str, StoredCause]:
    return after(before, "orders", "default", went, NOW)


def told(causes: dict[str, StoredCause]) -> dict[str, StoredCause]:
    return {name: replace(cause, told_at=NOW) for name, cause in causes.items()}


WELL = Went(True, True, parked=tally())


def test_a_cause_nobody_was_told_of_leaves_no_trace_when_it_is_over() -> None:
    stopped = seen({}, Went(True, False, "sign_in"))

    assert seen(stopped, WELL) == {}
    assert [cause.state for cause in seen(told(stopped), WELL).values()] == ["over"]


def test_what_comes_back_before_that_was_told_is_not_new() -> None:
    stopped = told(seen({}, Went(True, False, "sign_in")))
    again = seen(seen(stopped, WELL), Went(True, False, "sign_in"))

    assert [(cause.state, cause.told_at) for cause in again.values()] == [(OPEN, NOW)]


def test_runs_in_a_row_are_counted_until_one_goes_through() -> None:
    causes: dict[str, StoredCause] = {}
    for _ in range(3):
        causes = seen(causes, Went(True, False, "not_reached"))
    assert runs_stopped(causes.values(), "orders", "default") == 3
    assert runs_stopped(causes.values(), "orders", "live") == 0

    causes = seen(told(causes), WELL)
    assert runs_stopped(causes.values(), "orders", "default") == 0
    assert runs_stopped(seen(causes, Went(True, False, "not_reached")).values(), "orders", "default") == 1


def test_a_run_that_a_webhook_woke_does_not_say_that_whole_runs_are_well() -> None:
    stopped = told(seen({}, Went(True, False, "not_reached")))

    assert seen(stopped, Went(False, True, parked=tally())) == stopped
    assert len(seen(stopped, Went(False, False, "not_reached"))) == 1


def test_a_flow_that_stops_for_another_reason_is_not_said_to_have_recovered() -> None:
    found = seen(told(seen({}, Went(True, False, "not_reached"))), Went(True, False, "sign_in"))

    assert [name.split(":")[1] for name in found] == ["sign_in"]


def test_a_run_that_could_not_look_at_everything_ends_no_cause() -> None:
    parked = told(seen({}, Went(True, True, parked=tally(refusal("a"), refusal("b")))))
    partly = seen(parked, Went(True, True, parked=tally(refusal("b"), refusal("c")), is_all=False))

    assert len(partly) == 3 and {cause.state for cause in partly.values()} == {OPEN}
