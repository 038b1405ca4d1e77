"""Intents, exchanges, connections, lanes, runs and versions as one process sees them."""

import threading
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.errors import FlowBusy, LedgerError, Problem
from engine.runs.ledger import Exchange, Intent, Ledger, PulledRecord


def open_intent(ledger: Ledger, at: datetime, **more: Any) -> Intent:
    values: dict[str, Any] = {
        "connection": "books",
        "resource": "customers",
        "match_value": "zoe@shop.example",
        "flow": "f",
        "binding": "default",
        "key": "1",
        "step": "customer",
        "idempotency_key": "first",
    }
    return ledger.open_intent(**{**values, **more}, at=at)


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


# --- connections


def save(ledger: Ledger, at: datetime, **more: Any) -> None:
    values: dict[str, Any] = {
        "name": "shop",
        "connector": "a-shop",
        "answers": {"url": "https://s.example", "password": "sesame"},
        "secrets": {"password"},
        "host": "s.example",
        "allow_private": False,
    }
    ledger.save_connection(**{**values, **more}, at=at)


def test_a_connection_gives_its_secrets_by_name_only(ledger: Ledger, at: datetime) -> None:
    save(ledger, at)

    found = ledger.connection("shop")

    assert found is not None
    assert found.answers == {"url": "https://s.example", "password": "sesame"}
    assert [c.answers for c in ledger.connections()] == [{"url": "https://s.example"}]
    assert "sesame" not in repr(found)
    assert ledger.connection("other") is None


def test_a_secret_does_not_open_for_another_host(ledger: Ledger, at: datetime) -> None:
    save(ledger, at)
    _tamper(ledger, "UPDATE connections SET host = 'evil.example'")

    with pytest.raises(LedgerError, match="cannot be opened"):
        ledger.connection("shop")


def test_a_secret_does_not_open_for_another_connection(ledger: Ledger, at: datetime) -> None:
    save(ledger, at)
    save(ledger, at, name="other", answers={"password": "x"})
    _tamper(ledger, "UPDATE connections SET secrets = (SELECT secrets FROM connections WHERE name = 'shop')")

    assert ledger.connection("shop") is not None
    with pytest.raises(LedgerError, match="belongs elsewhere"):
        ledger.connection("other")


def test_tokens_stay_for_the_same_account_and_go_with_another(ledger: Ledger, at: datetime) -> None:
    save(ledger, at)
    ledger.write_tokens("shop", {"access": "abc"}, at)

    save(ledger, at, allow_private=True)
    assert ledger.read_tokens("shop") == {"access": "abc"}
    save(ledger, at, answers={"url": "https://s.example", "password": "another"})
    assert ledger.read_tokens("shop") is None


def test_tokens_need_a_connection_and_go_with_it(ledger: Ledger, at: datetime) -> None:
    with pytest.raises(LedgerError, match="'shop' is not in the ledger"):
        ledger.write_tokens("shop", {}, at)
    save(ledger, at)
    ledger.write_tokens("shop", {"access": "abc"}, at)
    ledger.remove_connection("shop")
    save(ledger, at)

    assert ledger.read_tokens("shop") is None


def test_a_lane_is_held_until_the_latest_moment_anybody_said(ledger: Ledger, at: datetime, later: datetime) -> None:
    assert ledger.lane_held_until("books") is None
    ledger.hold_lane("books", later)
    ledger.hold_lane("books", at)

    assert ledger.lane_held_until("books") == later


# --- runs and versions


def test_a_flow_is_claimed_by_one_thread_at_a_time(ledger: Ledger, path: Path) -> None:
    with Ledger.open(path) as other, ledger.claim_flow("f", "live"):
        for asked in (ledger, other):
            with pytest.raises(FlowBusy, match="already being run"), asked.claim_flow("f", "live"):
                pass
        with other.claim_flow("f", "test"):
            pass
    with ledger.claim_flow("f", "live"):
        pass


def test_a_run_left_open_is_interrupted_when_its_flow_is_claimed(ledger: Ledger, at: datetime) -> None:
    with ledger.claim_flow("f", "live"):
        left = ledger.start_run("f", "live", "v", "all", at)
    other = ledger.start_run("f", "test", "v", "all", at)

    with ledger.claim_flow("f", "live"):
        mine = ledger.start_run("f", "live", "v", "all", at)
        states = {run.id: run.state for run in ledger.runs()}

    assert states == {left: "interrupted", other: "running", mine: "running"}


def test_a_run_says_how_it_ended(ledger: Ledger, at: datetime, later: datetime) -> None:
    run_id = ledger.start_run("f", "live", "v", "all", at)
    problem = Problem("shop", "cannot be reached", "try again", severity="warning")
    ledger.end_run(run_id, later, {"read": 3}, "stopped", problem)

    (run,) = ledger.runs("f")

    assert (run.state, run.started_at, run.ended_at, run.counts, run.problem) == (
        "stopped",
        at,
        later,
        {"read": 3},
        problem,
    )
    assert ledger.runs("g") == []


def test_a_version_gives_back_its_documents(ledger: Ledger, at: datetime) -> None:
    documents = {"saved_mappings/f.json": '{"title": "é"}\r\n'}
    ledger.remember_version("hash", "f", documents, at)
    ledger.remember_version("hash", "f", {"other": ""}, at)

    assert ledger.version("hash") == documents
    assert ledger.version("none") is None


def test_windows_tell_the_latest_read_first(ledger: Ledger, at: datetime, later: datetime) -> None:
    ledger.keep_window("f", "live", 1, None, at, 2, 30, at)
    ledger.keep_window("f", "live", 2, at, later, 1, 4, later)

    assert [(w.run_id, w.since, w.records) for w in ledger.windows("f", "live")] == [
        (2, at, 4),
        (1, None, 30),
    ]


# --- what is sealed


def test_a_changed_byte_of_a_payload_is_noticed(ledger: Ledger, at: datetime) -> None:
    ledger.store_page("f", "live", None, [PulledRecord("1", "1", "v", {"a": 1})], None, at)
    _tamper(
        ledger,
        "UPDATE payloads SET payload = CAST(substr(payload, 1, length(payload) - 1)"
        " || CASE substr(payload, -1) WHEN x'00' THEN x'01' ELSE x'00' END AS BLOB)",
    )

    with pytest.raises(LedgerError, match="it was changed"):
        ledger.record("f", "live", "1")


def test_a_payload_does_not_open_in_the_place_of_another(ledger: Ledger, at: datetime) -> None:
    records = [PulledRecord(key, key, "v", {"a": key}) for key in ("1", "2")]
    ledger.store_page("f", "live", None, records, None, at)
    _tamper(ledger, "UPDATE payloads SET payload = (SELECT payload FROM payloads WHERE record_id = 1)")

    with pytest.raises(LedgerError, match="belongs elsewhere"):
        ledger.record("f", "live", "2")


def test_nothing_secret_or_personal_is_in_the_files_bytes(path: Path, at: datetime) -> None:
    mark = b"Zzyzx"
    text = mark.decode()
    with Ledger.open(path) as ledger:
        save(ledger, at, answers={"url": "u", "password": text})
        ledger.write_tokens("shop", {"access": text}, at)
        record = PulledRecord("1", "1", "v", {"name": text}, search_words=[text, f"{text}@shop.example"])
        ledger.store_page("f", "live", None, [record], None, at)
        intent = open_intent(ledger, at, match_value=f"{text}@shop.example")
        ledger.intent_done(intent.id, "7", "C7", {"Name": text}, at)
        ledger.keep_exchange(1, "f", "live", "1", "s", Exchange("create", "POST", text, {}, text), at)
        problem = Problem("name", f"{text} is too long", "shorten it")
        ledger.finish_record("f", "live", "1", "v", "parked", "too long", [problem], None, None, at)
        during = b"".join(file.read_bytes() for file in path.parent.iterdir())
        found = ledger.find_records(text)

    after = b"".join(file.read_bytes() for file in path.parent.iterdir())
    assert [record.key for record in found] == ["1"]
    for content in (during, after):
        assert mark not in content
        assert mark.lower() not in content


def test_reading_sees_what_rides(ledger: Ledger, at: datetime) -> None:
    intent = open_intent(ledger, at)
    ledger.intent_done(intent.id, "7", None, None, at + timedelta(seconds=1))

    assert [i.state for i in ledger.intents("f", "default", "1")] == ["done"]


def _tamper(ledger: Ledger, sql: str) -> None:
    ledger.database.write(lambda transaction: transaction.connection.exec_driver_sql(sql))
