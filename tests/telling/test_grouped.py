"""When causes are told: together, in time, to everybody once."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.connectors.clock import SystemClock
from engine.errors import Cause, DocumentError, FlowBusy, Problem, SignInNeeded, StudioError, TryAgain, WrongCompany
from engine.runs.ledger import Ledger
from engine.runs.telling.causes import Went, after, tell_long, tell_missed, tell_not_begun
from engine.runs.telling.grouping import BETWEEN, group
from engine.runs.telling.recipients import MOST_WAITING, Recipient, Waiting, add, arrived, recipients, remove
from engine.runs.telling.sending import send_waiting
from tests.telling.problems import NOW, refusal, tally

DOWN = TryAgain("The books do not answer", cause=Cause.TIME_OUT)
REFUSED = SignInNeeded("The token is refused", cause=Cause.NOT_SIGNED_IN)


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
    assert remove(ledger, 1, "anna", NOW) is not None
    assert remove(ledger, 1, "anna", NOW) is None
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
