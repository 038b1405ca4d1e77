"""What runs tell: by `run`, over the whole way to an address that takes messages."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from engine.runs.ledger.rows import time_text
from engine.runs.telling.recipients import RETRIES, failing
from tests.commands.conftest import FLOW, say, try_once
from tests.serving.conftest import Place
from tests.telling.conftest import Chat, tell_add

pytestmark = pytest.mark.usefixtures("here")
NOW = datetime(2026, 1, 1, tzinfo=UTC)
REFUSAL = {"kind": "status", "status": 400, "method": "POST"}


@pytest.fixture
def told(place: Place, chat: Chat, monkeypatch: pytest.MonkeyPatch) -> Chat:
    assert tell_add(monkeypatch, place.workspace, chat.url).code == 0
    return chat


def a_quarter_later(place: Place) -> None:
    """As if the last message had been made fifteen minutes earlier."""
    with place.ledger() as ledger:
        ledger.change_recipients(lambda held: {**held, "last_at": time_text(NOW)})


def test_a_run_in_which_all_is_well_tells_nothing(place: Place, told: Chat) -> None:
    place.order()

    assert say(place.workspace, "run", FLOW).code == 0
    assert told.got == []
    with place.ledger() as ledger:
        assert ledger.causes() == []


def test_a_sign_in_that_is_not_accepted_is_told_at_once_and_once_and_that_it_works_again(
    place: Place, told: Chat
) -> None:
    place.order()
    place.serving.arm("eaccounting", [{"kind": "status", "status": 401, "times": 1_000}])
    assert say(place.workspace, "run", FLOW).code == 3
    a_quarter_later(place)
    assert say(place.workspace, "run", FLOW).code == 3
    [text] = told.texts
    assert "It stopped: the sign-in is not accepted" in text
    assert f"python -m engine check {FLOW} --connected" in text

    place.serving.arm("eaccounting", [])
    assert say(place.workspace, "run", FLOW).code == 0
    assert "Recovered: runs go through again." in told.texts[1]
    a_quarter_later(place)
    assert say(place.workspace, "run", FLOW).code == 0
    assert len(told.got) == 2


def test_a_system_that_is_down_is_told_when_the_second_run_in_a_row_stops(place: Place, told: Chat) -> None:
    try_once(place.workspace)
    place.order()
    place.serving.arm("eaccounting", [{"kind": "status", "status": 503, "times": 10_000}])
    assert say(place.workspace, "run", FLOW).code == 3
    assert told.got == []

    assert say(place.workspace, "run", FLOW).code == 3
    assert "It stopped (2 runs in a row): a system did not answer well (Visma eAccounting)." in told.texts[0]
    place.serving.arm("eaccounting", [])


def test_a_new_cause_is_told_once_however_many_records_it_parks_and_when_it_is_gone(place: Place, told: Chat) -> None:
    def refuse(times: int) -> None:
        place.serving.arm("eaccounting", [{**REFUSAL, "times": times}])

    for _ in range(3):
        place.order()
    refuse(1_000)
    assert say(place.workspace, "run", FLOW).code == 1
    [text] = told.texts
    assert "3 records are parked: the other system refused them" in text
    assert f"python -m engine history --parked --flow {FLOW}" in text
    place.order()
    a_quarter_later(place)
    assert say(place.workspace, "run", FLOW).code == 1
    assert len(told.got) == 1

    refuse(0)
    with place.ledger() as ledger:
        keys = [record.key for record in ledger.parked(FLOW)]
    assert say(place.workspace, "run", FLOW, *(word for key in keys for word in ("--only", key))).code == 0
    assert "Recovered: nothing is parked any more." in told.texts[1]
    with place.ledger() as ledger:
        assert ledger.causes() == []


def test_within_a_quarter_of_an_hour_it_waits_and_is_one_message(place: Place, told: Chat) -> None:
    place.serving.arm("eaccounting", [{**REFUSAL, "times": 1_000}])
    place.order()
    say(place.workspace, "run", FLOW)
    assert len(told.got) == 1
    place.serving.arm("eaccounting", [{"kind": "status", "status": 401, "times": 1_000}])
    place.order()
    say(place.workspace, "run", FLOW)
    with place.ledger() as ledger:
        ledger.pause("", "Ann", "", NOW)
    assert len(told.got) == 1

    assert say(place.workspace, "tell", "--send").code == 0
    assert len(told.got) == 1
    a_quarter_later(place)
    assert say(place.workspace, "tell", "--send").code == 0
    assert "It stopped: the sign-in is not accepted" in told.texts[1]
    assert say(place.workspace, "tell", "--send").out == ""


def test_a_misspelt_flow_and_a_run_of_chosen_records_tell_nothing(place: Place, told: Chat) -> None:
    number = place.order()["ordernumber"]
    place.serving.arm("eaccounting", [{"kind": "status", "status": 401, "times": 1_000}])

    assert say(place.workspace, "run", "ordrs").code == 2
    assert say(place.workspace, "run", FLOW, "--binding", "lve").code == 2
    assert say(place.workspace, "run", FLOW, "--only", str(number)).code == 3
    assert told.got == []


def test_a_run_that_cannot_begin_is_told_once_the_flow_was_run_by_a_person(place: Place, told: Chat) -> None:
    place.edit(zone="$answers.nothing_of_this_name")
    assert say(place.workspace, "run", FLOW).code == 2
    assert "the flow or the description of a system has an error" in told.texts[0]
    assert f"python -m engine check {FLOW}" in told.texts[0]


def test_what_was_wrong_with_a_flow_that_is_gone_is_forgotten(place: Place, told: Chat) -> None:
    place.serving.arm("eaccounting", [{**REFUSAL, "times": 1_000}])
    place.order()
    say(place.workspace, "run", FLOW)
    (place.workspace / "saved_mappings" / f"{FLOW}.json").rename(place.workspace / "away.json")
    a_quarter_later(place)
    say(place.workspace, "tell", "--send")

    with place.ledger() as ledger:
        assert ledger.causes() == []
    assert len(told.got) == 1


# --- an address that does not take them


def test_an_address_that_fails_fails_no_run_and_is_tried_again_and_then_said(place: Place, told: Chat) -> None:
    told.status = 500
    place.serving.arm("eaccounting", [{**REFUSAL, "times": 1_000}])
    place.order()
    assert say(place.workspace, "run", FLOW).code == 1
    for _ in RETRIES:
        say(place.workspace, "tell", "--send")
        it_is_time_again(place)
    with place.ledger() as ledger:
        assert failing(ledger) == []
    assert say(place.workspace, "tell", "--send").code == 1
    assert len(told.got) == 1 + len(RETRIES)
    said = say(place.workspace, "doctor")
    assert said.code == 2
    assert "messages to 1 (JSON, 127.0.0.1) do not arrive since" in said.out
    assert "it answered with status 500" in said.out

    told.status = 200
    a_quarter_later(place)
    place.serving.arm("eaccounting", [{"kind": "status", "status": 401, "times": 1_000}])
    place.order()
    say(place.workspace, "run", FLOW)
    assert "(1 earlier message could not be delivered.)" in told.texts[-1]
    assert "do not arrive" not in say(place.workspace, "doctor").out


def it_is_time_again(place: Place) -> None:
    with place.ledger() as ledger:

        def sooner(held: Any) -> Any:
            for each in held["recipients"]:
                for message in each["waiting"]:
                    message["next_at"] = time_text(datetime.now(UTC))
            return held

        ledger.change_recipients(sooner)
