"""What counts as one cause, when it is new, over or back, and when it is told."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.commands.arguments import build_parser
from engine.connectors.clock import SystemClock
from engine.errors import Cause, DocumentError, FlowBusy, Problem, SignInNeeded, StudioError, TryAgain, WrongCompany
from engine.runs.ledger import Ledger
from engine.runs.ledger.causes import OPEN, StoredCause
from engine.runs.telling.causes import (
    MOST_CAUSES,
    Tally,
    Went,
    after,
    runs_stopped,
    tell_long,
    tell_missed,
    tell_not_begun,
)
from engine.runs.telling.grouping import BETWEEN, group
from engine.runs.telling.recipients import MOST_WAITING, Recipient, Waiting, add, arrived, recipients, remove
from engine.runs.telling.sending import send_waiting
from engine.runs.telling.texts import _RECOVERED, _STOPPED, Item, Message, message_of

NOW = datetime(2026, 11, 27, 11, tzinfo=UTC)
DOWN = TryAgain("The books do not answer", cause=Cause.TIME_OUT)
REFUSED = SignInNeeded("The token is refused", cause=Cause.NOT_SIGNED_IN)


def hashed(text: str) -> bytes:
    return text.encode()


def tally(*problems: Problem) -> Tally:
    made = Tally(["order"], hashed)
    for problem in problems:
        made.add(problem)
    return made


def refusal(what: str, code: str = "", where: str = "step order (Books, order)") -> Problem:
    return Problem(where, what, "Mend it.", code)


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


# --- in the ledger


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger.open(tmp_path / "ledger.sqlite") as opened:
        yield opened


class Still(SystemClock):
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW


class Told:
    """Groups as `serve` does, and says what is waiting for the first recipient."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def __call__(self, **later: float) -> bool:
        return group(self.ledger, {("orders", "default")}, str.title, NOW + timedelta(**later))

    @property
    def bodies(self) -> list[str]:
        return [message.body for message in recipients(self.ledger)[0].waiting]


@pytest.fixture
def tell(ledger: Ledger) -> Told:
    add(ledger, "json://h.example", "JSON", "h.example", "Ann", NOW)
    return Told(ledger)


def stop(ledger: Ledger, error: StudioError, **later: float) -> None:
    tell_not_begun(ledger, "orders", "default", error, NOW + timedelta(**later), whole=True)


@pytest.mark.parametrize(
    ("error", "runs"),
    [
        (REFUSED, 1),
        (WrongCompany("Another company answers"), 1),
        (DocumentError([Problem("a", "b", "c")]), 1),
        (DOWN, 2),
    ],
)
def test_what_a_person_must_mend_is_told_at_once_and_what_may_pass_when_it_lasts(
    ledger: Ledger, tell: Told, error: StudioError, runs: int
) -> None:
    for _ in range(runs - 1):
        stop(ledger, error)
        assert not tell()
    stop(ledger, error)

    assert tell()
    assert "It stopped" in tell.bodies[0]
    stop(ledger, error)
    assert not tell(hours=9)


def test_another_run_of_the_same_flow_is_nothing_to_tell(ledger: Ledger, tell: Told) -> None:
    stop(ledger, FlowBusy("busy"))

    assert ledger.causes() == []


def test_one_message_at_most_every_quarter_of_an_hour_holds_all_that_came_meanwhile(ledger: Ledger, tell: Told) -> None:
    stop(ledger, REFUSED)
    assert tell()
    tell_missed(ledger, "orders", "default", NOW - timedelta(hours=9), NOW)
    tell_long(ledger, "orders", "default", NOW, NOW)
    assert not tell(minutes=14)

    assert tell(minutes=15)
    assert tell.bodies[1].count("\n- ") == 2
    assert not tell(hours=9)
    tell_missed(ledger, "orders", "default", NOW - timedelta(hours=9), NOW)
    assert len(tell.bodies) == 2


def test_a_clock_set_back_keeps_no_message_waiting(ledger: Ledger, tell: Told) -> None:
    stop(ledger, REFUSED)
    assert tell(days=400)
    stop(ledger, WrongCompany("Another company answers"))

    assert tell()


def test_who_is_added_later_hears_what_is_still_wrong(ledger: Ledger) -> None:
    stop(ledger, REFUSED)
    assert not Told(ledger)()
    add(ledger, "json://h.example", "JSON", "h.example", "Ann", NOW)

    assert Told(ledger)()


def test_numbers_of_recipients_are_not_given_twice(ledger: Ledger, tell: Told) -> None:
    assert remove(ledger, 1) is not None
    assert remove(ledger, 1) is None
    assert add(ledger, "json://h.example", "JSON", "h.example", "Ann", NOW).id == 2
    assert "json://" not in repr(recipients(ledger))


def test_messages_for_an_address_that_fails_do_not_pile_up(ledger: Ledger, tell: Told) -> None:
    for n in range(MOST_WAITING + 3):
        tell_missed(ledger, "orders", "default", NOW - timedelta(hours=n), NOW)
        assert tell(minutes=n * BETWEEN.total_seconds() / 60)
    [recipient] = recipients(ledger)

    assert (len(recipient.waiting), recipient.lost) == (MOST_WAITING, 3)


def test_of_two_that_send_at_once_one_sends(ledger: Ledger, tell: Told) -> None:
    stop(ledger, REFUSED)
    tell()
    begun, may_end, sent = threading.Event(), threading.Event(), []

    def slowly(recipient: Recipient, message: Waiting) -> str:
        sent.append(message.id)
        begun.set()
        may_end.wait(20)
        return ""

    first = threading.Thread(target=send_waiting, args=(ledger, Still(), slowly))
    first.start()
    assert begun.wait(20)
    assert send_waiting(ledger, Still(), slowly) == []
    may_end.set()
    first.join(20)

    assert send_waiting(ledger, Still(), slowly) == []
    assert sent == [1]


def _told(ledger: Ledger) -> set[str]:
    """What somebody believes to be wrong, whichever kind of run it stops."""
    known = [cause.fingerprint for cause in ledger.causes() if cause.told_at is not None]
    return {name.replace("hinted:", "stopped:") for name in known}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["well", "well", "down", "refused", "hinted well", "hinted down", "parked a", "parked b"]),
            st.integers(1, 40),
        ),
        max_size=25,
    )
)
def test_whatever_happens_nothing_is_told_twice_while_it_lasts_and_nothing_is_forgotten(
    steps: list[tuple[str, int]],
) -> None:
    """Runs one after the other, some minutes apart; after each of them what is due is told."""
    with TemporaryDirectory() as folder, Ledger.open(Path(folder) / "ledger.sqlite") as ledger:
        add(ledger, "json://h.example", "JSON", "h.example", "Ann", NOW)
        now, told, last = NOW, set(), None
        for what, minutes in [*steps, ("well", 60)]:
            now += timedelta(minutes=minutes)
            how = what.removeprefix("hinted ")
            stopped = {"down": "not_reached", "refused": "sign_in"}.get(how, "")
            problems = [refusal(how)] if how.startswith("parked") else []
            went = Went(how == what, not stopped, stopped, None if stopped else tally(*problems))
            ledger.change_causes(
                "orders", "default", partial(after, flow="orders", binding="default", went=went, at=now)
            )
            assert _told(ledger) <= told  # a run itself calls nothing told
            group(ledger, {("orders", "default")}, str.title, now)
            for message in recipients(ledger)[0].waiting:
                assert last is None or now - last >= BETWEEN
                last = now
                arrived(ledger, 1, message.id)
            told = _told(ledger)
        assert ledger.causes() == []  # all is well, and who was told of trouble was told that it is over


# --- what it says


def item(n: int = 1, **changes: Any) -> Item:
    about: dict[str, Any] = {"flow": "orders", "binding": "default", "sort": "parked", "kind": "other"}
    return Item(**{**about, "says": "why", "count": n, "since": NOW, **changes})


def test_a_message_names_flow_count_reason_and_command() -> None:
    found = message_of(
        [item(3), item(flow="stock", binding="live", sort="stopped", kind="company")], str.title, "https://s.example"
    )

    assert found == Message(
        "Mapping Studio: 2 new problems in 2 flows",
        "Orders\n- 3 records are parked: why.\n  python -m engine history --parked --flow orders\n\n"
        "Stock (live)\n- It stopped: why.\n  python -m engine bindings stock live\n\nhttps://s.example",
        False,
    )


def test_a_message_stays_short_whatever_is_wrong() -> None:
    found = message_of([item(flow=f"flow-{n}") for n in range(500)], str.title)

    assert len(found.body.splitlines()) < 60
    assert "… and 488 more" in found.body
    assert found.title == "Mapping Studio: 500 new problems in 500 flows"


@pytest.mark.parametrize("binding", ["default", "live"])
def test_every_command_that_a_message_names_is_one(binding: str) -> None:
    items = [item(sort="stopped", kind=kind, binding=binding) for kind in _STOPPED]
    items += [item(sort=sort, is_over=is_over, binding=binding) for sort in _RECOVERED for is_over in (False, True)]
    items += [item(sort="missed", binding=binding)]
    for each in items:
        asked = build_parser().parse_args(list(each.words))

        assert asked.command == each.words[0]
        assert each.line.endswith((".", "why"))
