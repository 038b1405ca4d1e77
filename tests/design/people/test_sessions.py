"""The password is tried one at a time; a session is good for twelve hours, one workspace and one way of signing in."""

from __future__ import annotations

import base64
import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

import pytest

from engine.connectors.clock import FakeClock
from engine.design.desk import Desk, desk
from engine.design.people.entering import MOST_WRONG, SLOWED_SECONDS, Door, Entry
from engine.design.people.passwords import fits, hashed
from engine.design.people.sessions import LONGEST, cookie_name, end_session, new_session, session_in
from engine.design.people.sign_in import sign_in_with_nothing, sign_in_with_password, way_in
from tests.design.people.conftest import PASSWORD


@pytest.fixture
def locked(things: Desk) -> Desk:
    sign_in_with_password(things, PASSWORD)
    return things


def test_the_password_fits_itself_only_however_its_accents_are_typed() -> None:
    kept = hashed("smörgåsbord i maj")

    assert fits("smo\u0308rga\u030asbord i maj", kept)
    assert not fits("smörgåsbord i Maj", kept)
    assert hashed("smörgåsbord i maj")["hash"] != kept["hash"]


def test_the_right_password_opens_a_session_of_the_local_one(locked: Desk) -> None:
    session = session_in(Door().enter(locked, PASSWORD).session, way_in(locked), locked.clock.now())

    assert session is not None and session.name == "local"


def test_wrong_passwords_are_slowed_and_after_five_in_a_minute_all_wait(locked: Desk, clock: FakeClock) -> None:
    door = Door()
    for number in range(MOST_WRONG):
        assert door.enter(locked, "a wrong password") == Entry(tries_left=MOST_WRONG - 1 - number)
    assert clock.sleeps == [SLOWED_SECONDS] * MOST_WRONG
    waiting = door.enter(locked, PASSWORD)
    assert waiting.session == "" and 0 < waiting.wait_seconds <= 60
    clock.sleep(waiting.wait_seconds)

    assert door.enter(locked, PASSWORD).session


def test_tries_at_the_same_time_are_counted_one_by_one(locked: Desk) -> None:
    door = Door()
    with ThreadPoolExecutor(8) as pool:
        came = list(pool.map(lambda number: door.enter(locked, f"wrong {number}"), range(12)))

    assert sum(1 for each in came if each.wait_seconds) == 12 - MOST_WRONG
    assert not any(each.session for each in came)


def test_nobody_comes_in_by_a_password_where_none_is_set(locked: Desk) -> None:
    sign_in_with_nothing(locked)

    assert Door().enter(locked, PASSWORD).session == ""


def test_a_session_ends_after_twelve_hours_by_signing_out_and_with_another_password(
    locked: Desk, clock: FakeClock
) -> None:
    now = clock.now()
    text = new_session("anna@example.com", way_in(locked), now)
    session = session_in(text, way_in(locked), now)
    assert session is not None and session.name == "anna@example.com"
    assert session_in(text, way_in(locked), now + LONGEST) is None
    assert session_in(text, way_in(locked), now - timedelta(hours=1)) is None  # the clock was set back
    other = new_session("anna@example.com", way_in(locked), now)
    end_session(locked, session)
    assert session_in(text, way_in(locked), now) is None
    assert session_in(other, way_in(locked), now) is not None
    sign_in_with_password(locked, "another four words")

    assert session_in(other, way_in(locked), now) is None


def test_sessions_that_ended_are_forgotten_when_they_would_be_over(locked: Desk, clock: FakeClock) -> None:
    for _ in range(3):
        session = session_in(new_session("local", way_in(locked), clock.now()), way_in(locked), clock.now())
        assert session is not None
        end_session(locked, session)
        clock.sleep(LONGEST.total_seconds() + 1)

    assert len(way_in(locked).ended) == 1
    assert "signs out" not in str(locked.ledger.audit())


def forged(text: str) -> list[str]:
    plain, _, signature = text.partition(".")
    name, number, until = json.loads(base64.urlsafe_b64decode(plain + "=" * (-len(plain) % 4)))
    other = base64.urlsafe_b64encode(json.dumps(["anna@example.com", number, until + 9]).encode()).decode().rstrip("=")
    return ["", ".", plain, f"{plain}.", f"{other}.{signature}", f"{plain}.{signature[:-1]}", f"{text}.x", "å.ä", name]


def test_what_was_forged_or_cut_is_no_session(locked: Desk) -> None:
    now = locked.clock.now()
    for text in forged(new_session("local", way_in(locked), now)):
        assert session_in(text, way_in(locked), now) is None, text


def test_a_session_of_another_workspace_is_none_here_and_its_cookie_has_another_name(
    locked: Desk, tmp_path: Path
) -> None:
    (tmp_path / "other" / "connector_specs").mkdir(parents=True)
    with desk(str(tmp_path / "other")) as other:
        sign_in_with_password(other, PASSWORD)
        text = new_session("local", way_in(other), locked.clock.now())

        assert cookie_name(other) != cookie_name(locked)
    assert session_in(text, way_in(locked), locked.clock.now()) is None


def test_without_a_key_nothing_is_signed_well(things: Desk) -> None:
    way = way_in(things)

    assert session_in(new_session("local", way, things.clock.now()), way, things.clock.now()) is None
