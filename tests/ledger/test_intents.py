"""Intents and exchanges as one process sees them."""

import threading
from datetime import datetime, timedelta

import pytest

from engine.runs.ledger import Exchange, Ledger
from tests.ledger.making import open_intent


def test_an_intent_is_new_only_for_the_call_that_made_it(ledger: Ledger, at: datetime) -> None:
    first = open_intent(ledger, at)
    second = open_intent(ledger, at, flow="g", key="2", idempotency_key="second")

    assert (first.state, second.state) == ("new", "open")
    assert (second.id, second.idempotency_key, second.flow, second.key) == (first.id, "first", "f", "1")


def test_a_key_has_other_intents_for_another_account(ledger: Ledger, at: datetime) -> None:
    open_intent(ledger, at)
    open_intent(ledger, at, connection="test books", binding="test")

    assert [i.connection for i in ledger.intents("f", "default", "1")] == ["books"]
    assert [i.connection for i in ledger.intents("f", "test", "1")] == ["test books"]


@pytest.mark.parametrize("other", [{"connection": "x"}, {"resource": "x"}, {"match_value": "x"}])
def test_intents_differ_by_connection_resource_and_match_value(
    ledger: Ledger, at: datetime, other: dict[str, str]
) -> None:
    open_intent(ledger, at)

    assert open_intent(ledger, at, **other).state == "new"


def test_a_done_intent_says_what_was_made(ledger: Ledger, at: datetime) -> None:
    intent = open_intent(ledger, at)
    ledger.intent_done(intent.id, "id-7", "C7", {"Id": "id-7"}, at)

    again = open_intent(ledger, at)

    assert (again.state, again.target_id, again.target_number, again.answer) == (
        "done",
        "id-7",
        "C7",
        {"Id": "id-7"},
    )


def test_a_refused_intent_may_be_tried_again_as_new(ledger: Ledger, at: datetime) -> None:
    ledger.intent_refused(open_intent(ledger, at).id)

    assert open_intent(ledger, at, idempotency_key="second").idempotency_key == "second"


def test_an_unknown_outcome_stays_unknown(ledger: Ledger, at: datetime) -> None:
    ledger.intent_unknown(open_intent(ledger, at).id)

    assert open_intent(ledger, at).state == "unknown"


def test_a_done_intent_is_never_undone(ledger: Ledger, at: datetime) -> None:
    intent = open_intent(ledger, at)
    ledger.intent_done(intent.id, "7", None, None, at)
    ledger.intent_refused(intent.id)
    ledger.intent_unknown(intent.id)

    assert open_intent(ledger, at).state == "done"


def test_of_many_threads_one_makes_the_intent(ledger: Ledger, at: datetime) -> None:
    states: list[str] = []
    barrier = threading.Barrier(8)

    def work() -> None:
        barrier.wait()
        states.append(open_intent(ledger, at).state)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(states) == ["new"] + ["open"] * 7


def test_one_worker_at_a_time_holds_an_intent(ledger: Ledger) -> None:
    inside, most = 0, 0
    count = threading.Lock()

    def work() -> None:
        nonlocal inside, most
        for _ in range(50):
            with ledger.intent_lock("books", "customers", "zoe"):
                with count:
                    inside += 1
                    most = max(most, inside)
                with count:
                    inside -= 1

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most == 1


def test_a_lock_is_free_again_after_an_error(ledger: Ledger) -> None:
    with pytest.raises(ZeroDivisionError), ledger.lock("x"):
        _ = 1 / 0
    with ledger.locks.hold("lock:x", wait=False) as held:
        assert held


def test_reading_sees_what_rides(ledger: Ledger, at: datetime) -> None:
    intent = open_intent(ledger, at)
    ledger.intent_done(intent.id, "7", None, None, at + timedelta(seconds=1))

    assert [i.state for i in ledger.intents("f", "default", "1")] == ["done"]


# --- exchanges


def test_exchanges_are_kept_in_order_and_as_they_were(ledger: Ledger, at: datetime) -> None:
    sent = Exchange("create", "POST", "https://x.example/a?b", {"A": "b"}, "{}", 201, {}, "ø" * 3000, 0.25, 2)
    for step in ("one", "two"):
        ledger.keep_exchange(5, "f", "live", "1", step, sent, at)
    ledger.keep_exchange(5, "f", "live", None, "read", Exchange("read", "GET", "u"), at)

    kept = ledger.exchanges("f", "live", "1")

    assert [(k.step, k.run_id, k.at, k.exchange) for k in kept] == [
        ("one", 5, at, sent),
        ("two", 5, at, sent),
    ]
    assert [k.exchange.operation for k in ledger.exchanges("f", "live", None)] == ["read"]


def test_old_exchanges_and_answers_are_purged(ledger: Ledger, at: datetime, later: datetime) -> None:
    intent = open_intent(ledger, at)
    ledger.intent_done(intent.id, "7", "C7", {"Name": "Zoe"}, at)
    for n in range(1200):
        moment = at if n < 1100 else later
        ledger.keep_exchange(None, "f", "live", "1", "s", Exchange("get", "GET", "u"), moment)

    gone = ledger.purge_before(later).total

    again = open_intent(ledger, later)
    assert gone == 1101
    assert len(ledger.exchanges("f", "live", "1")) == 100
    assert (again.target_id, again.answer) == ("7", None)
