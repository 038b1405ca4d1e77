"""What is tried again, what is never, and how long we wait; all of it on a fake clock."""

import threading
from datetime import timedelta

import httpx
import pytest

from engine.connectors.clock import FakeClock
from engine.connectors.lanes import MemoryLanes
from engine.errors import BrokenReply, Cause, RecordRefused, SignInNeeded, TryAgain

OK = httpx.Response(200, json={"ok": True})


def test_a_read_is_tried_four_times_with_growing_waits(bench):
    b = bench(httpx.Response(503))

    with pytest.raises(TryAgain) as failed:
        b.get()
    assert len(b.sent) == 4
    assert [round(s / w, 1) in (0.8, 0.9, 1.0, 1.1, 1.2) for s, w in zip(b.clock.sleeps, (0.5, 2, 8), strict=True)]
    assert b.clock.sleeps[0] < b.clock.sleeps[1] < b.clock.sleeps[2]
    assert failed.value.cause is Cause.SERVER_FAULT
    assert not failed.value.outcome_unknown


def test_a_read_that_works_the_second_time_is_a_success(bench):
    b = bench([httpx.ReadTimeout("slow"), OK])

    assert b.get().document == {"ok": True}
    assert [e.cause for e in b.exchanges] == [Cause.TIME_OUT, None]
    assert [e.attempt for e in b.exchanges] == [1, 2]


@pytest.mark.parametrize(
    "fault", [httpx.ReadTimeout(""), httpx.WriteError(""), httpx.ReadError(""), httpx.RemoteProtocolError("")]
)
def test_a_write_that_may_have_arrived_is_not_sent_again(bench, fault):
    b = bench([fault])

    with pytest.raises(TryAgain) as failed:
        b.post()
    assert failed.value.outcome_unknown
    assert len(b.sent) == 1
    assert "it is looked for before it is sent again" in str(failed.value)


@pytest.mark.parametrize("fault", [httpx.ConnectError("refused"), httpx.ConnectTimeout("")])
def test_a_write_that_surely_did_not_arrive_is_sent_again(bench, fault):
    b = bench([fault, fault, OK])

    assert b.post().status == 200


def test_a_write_that_never_arrived_leaves_a_known_outcome(bench):
    b = bench([httpx.ConnectError("refused")] * 4)

    with pytest.raises(TryAgain) as failed:
        b.post()
    assert not failed.value.outcome_unknown
    assert failed.value.cause is Cause.CONNECTION_REFUSED


@pytest.mark.parametrize("status", [500, 502, 503, 504, 408])
def test_a_failing_system_leaves_a_write_unknown(bench, status):
    b = bench(httpx.Response(status))

    with pytest.raises(TryAgain) as failed:
        b.post()
    assert failed.value.outcome_unknown
    assert len(b.sent) == 1


def test_only_the_named_failures_are_tried_again(bench):
    b = bench(lambda _: httpx.Response(500), http={"retry": {"statuses": [503], "attempts": 3}})

    with pytest.raises(TryAgain):
        b.get()
    assert len(b.sent) == 1


def test_a_write_that_may_be_repeated_is_repeated(bench):
    b = bench([httpx.ReadTimeout(""), OK])

    assert b.post(safe=True).status == 200


@pytest.mark.parametrize(
    ("status", "leaf", "cause"),
    [
        (400, RecordRefused, Cause.REFUSED_RECORD),
        (401, SignInNeeded, Cause.NOT_SIGNED_IN),
        (403, SignInNeeded, Cause.FORBIDDEN),
        (404, RecordRefused, Cause.NOT_FOUND),
        (422, RecordRefused, Cause.REFUSED_RECORD),
        (500, TryAgain, Cause.SERVER_FAULT),
        (304, BrokenReply, Cause.BROKEN_REPLY),
    ],
)
def test_each_status_has_its_leaf(bench, status, leaf, cause):
    b = bench(httpx.Response(status, json={"code": "E1", "message": "No such tax code", "field": "tax"}))

    with pytest.raises(leaf) as failed:
        b.get()
    error = failed.value
    assert (error.cause, error.status) == (cause, status)
    assert (error.system_code, error.system_message, error.system_field) == ("E1", "No such tax code", "tax")
    assert "The Shop (shop.test)" in str(error)
    assert "No such tax code" in str(error)
    assert error.what_to_do


def test_a_refused_record_is_not_sent_again_and_its_outcome_is_known(bench):
    b = bench(httpx.Response(422, json={"code": "1", "message": "no"}))

    with pytest.raises(RecordRefused) as failed:
        b.post()
    assert not failed.value.outcome_unknown
    assert len(b.sent) == 1


def test_a_code_can_mean_something_else_than_its_status(bench):
    http = {"errors": {"causes": {"500.50": "refused_record", "9": "not_found"}, "in_success": True}}
    b = bench([httpx.Response(500, json={"code": "500.50"}), httpx.Response(200, json={"code": "9"})], http=http)

    with pytest.raises(RecordRefused) as failed:
        b.post()
    assert not failed.value.outcome_unknown
    with pytest.raises(RecordRefused) as failed:
        b.get()
    assert failed.value.cause is Cause.NOT_FOUND


def test_messages_show_neither_query_nor_body(bench):
    b = bench(httpx.Response(400, text="anna@example.test wants a refund"))

    with pytest.raises(RecordRefused) as failed:
        b.get("/customers?email=anna@example.test")
    assert "anna" not in str(failed.value)


# --- too many requests


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({"retry-after": "30"}, 30),
        ({"retry-after": "Tue, 01 Jan 2030 00:00:40 GMT"}, 40),
        ({"retry-after": "Tue, 01 Jan 2030 08:00:40 GMT", "date": "Tue, 01 Jan 2030 08:00:00 GMT"}, 40),
        ({"retry-after": "1893456020"}, 20),
        ({"retry-after": "soon"}, 60),
        ({}, 60),
    ],
)
def test_the_stated_wait_is_kept(bench, headers, seconds):
    b = bench([httpx.Response(429, headers=headers), OK])

    b.post()

    assert b.clock.sleeps == [seconds]
    assert b.waits == [(seconds, "the system asked us to wait")]


def test_a_wait_in_the_message_is_kept(bench):
    limited = {"codes": ["4010"], "statuses": [], "wait": {"pattern": "Try again in ([0-9]+) seconds"}}
    reply = httpx.Response(403, json={"code": 4010, "message": "Quota exceeded! Try again in 55 seconds."})
    b = bench([reply, OK], http={"limited": limited})

    b.get()

    assert b.clock.sleeps == [55]


def test_another_header_may_hold_the_wait(bench):
    b = bench([httpx.Response(429, headers={"X-Reset": "7"}), OK], http={"limited": {"wait": {"header": "X-Reset"}}})

    b.get()

    assert b.clock.sleeps == [7]


def test_waiting_ends_after_a_quarter_of_an_hour(bench):
    b = bench(httpx.Response(429, headers={"retry-after": "400"}))

    with pytest.raises(TryAgain) as failed:
        b.get()
    assert sum(b.clock.sleeps) == 800
    assert failed.value.wait_seconds == 400
    assert failed.value.cause is Cause.LIMITED


def test_a_system_that_says_zero_seconds_for_ever_is_not_hammered(bench):
    b = bench(httpx.Response(429, headers={"retry-after": "0"}))

    with pytest.raises(TryAgain):
        b.get()
    assert len(b.sent) < 12


def test_a_hold_is_respected_by_every_client_of_the_connection(bench):
    lanes, clock = MemoryLanes(), FakeClock()
    first = bench(httpx.Response(429, headers={"retry-after": "2000"}), lanes=lanes, clock=clock)
    second = bench(OK, lanes=lanes, clock=clock)
    with pytest.raises(TryAgain):
        first.get()

    with pytest.raises(TryAgain) as failed:
        second.get()
    assert second.sent == []
    assert failed.value.wait_seconds == 2000
    clock.advance(2000)
    assert second.get().status == 200


def test_all_threads_of_a_lane_wait(bench):
    b = bench(OK)
    b.lanes.hold("shop-1", b.clock.now() + timedelta(seconds=30))
    sent_at = []
    b.client._on_exchange = lambda exchange: sent_at.append(exchange.at)
    threads = [threading.Thread(target=b.get) for _ in range(5)]
    start = b.clock.now()

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(sent_at) == 5
    assert min(sent_at) >= start + timedelta(seconds=30)


def test_a_hold_of_one_path_family_leaves_the_others_free(bench):
    def answer(request):
        return httpx.Response(429) if request.url.path.startswith("/api/orders") else OK

    http = {"limits": {"windows": [{"requests": 600, "seconds": 60, "per": "path"}]}}
    b = bench(answer, http=http, options={"longest_wait_seconds": 10})
    with pytest.raises(TryAgain):
        b.get("/orders/17?x=1")

    assert b.get("/articles").status == 200
    assert len(b.sent) == 2


def test_a_code_for_everything_holds_every_family(bench):
    def answer(request):
        return httpx.Response(429, json={"code": "429.11"}) if "orders" in request.url.path else OK

    http = {
        "limits": {"windows": [{"requests": 600, "seconds": 60, "per": "method_and_path"}]},
        "limited": {"codes_for_all": ["429.11"]},
    }
    b = bench(answer, http=http, options={"longest_wait_seconds": 10})
    with pytest.raises(TryAgain):
        b.get("/orders")

    with pytest.raises(TryAgain):
        b.get("/articles")
    assert len(b.sent) == 1


def test_a_window_slides(bench):
    http = {"limits": {"windows": [{"requests": 3, "seconds": 10}]}}
    b = bench(OK, http=http)
    started = b.clock.now()

    for _ in range(7):
        b.get()
        b.clock.advance(1)

    assert [(e.at - started).total_seconds() for e in b.exchanges] == [0, 1, 2, 10, 11, 12, 20]


def test_two_windows_hold_together(bench):
    windows = [{"requests": 2, "seconds": 1}, {"requests": 3, "seconds": 60}]
    b = bench(OK, http={"limits": {"windows": windows}})
    started = b.clock.now()

    for _ in range(4):
        b.get()

    assert [(e.at - started).total_seconds() for e in b.exchanges] == [0, 0, 1, 60]


def test_windows_count_each_path_family_by_itself(bench):
    http = {"limits": {"windows": [{"requests": 1, "seconds": 60, "per": "path"}], "path_segments": 1}}
    b = bench(OK, http=http)

    b.get("/orders/1")
    b.get("/articles?x=1")
    assert b.clock.sleeps == []
    b.get("/orders/2")
    assert b.clock.sleeps == [60]


def test_a_turn_that_is_too_far_away_is_given_up_unsent(bench):
    b = bench(OK, http={"limits": {"windows": [{"requests": 1, "seconds": 3600}]}})
    b.get()

    with pytest.raises(TryAgain) as failed:
        b.post()
    assert failed.value.wait_seconds == 3600
    assert not failed.value.outcome_unknown
    assert len(b.sent) == 1


def test_concurrency_is_bounded(bench):
    most, now, lock, third = [0], [0], threading.Lock(), threading.Event()

    def answer(_request):
        with lock:
            now[0] += 1
            most[0] = max(most[0], now[0])
            if now[0] > 2:
                third.set()
        third.wait(0.05)  # leaves a third one time to come, if it may
        with lock:
            now[0] -= 1
        return OK

    b = bench(answer, http={"limits": {"concurrency": 2}})
    threads = [threading.Thread(target=b.get) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert most[0] == 2
    assert len(b.exchanges) == 6
