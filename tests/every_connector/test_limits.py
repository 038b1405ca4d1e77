"""What a system limits is respected: nobody is refused for long, and what it asks to wait is waited."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

from tests.every_connector.stand import Stand, look_at

Make = Callable[..., Stand]


def test_more_requests_than_the_system_takes_arrive_all_the_same(limited: str, stand: Make) -> None:
    s = stand(limited)
    limit = s.about.limit
    s.stand_in.limits_on = True
    limit.begin(s)
    opened = s.open()
    reads = s.about.reads
    once = len(look_at(opened, reads))
    while len(s.requests()) < limit.too_many:
        assert len(look_at(opened, reads)) == once
    refused = [status for _, _, status, *_ in s.requests() if status == 429]

    assert sum(s.clock.sleeps) > 0, "nobody waited"
    # one, where the limit is known: the system counts from when a request arrives, which is later than it was sent
    assert len(refused) <= (1 if limit.told_beforehand else 3)


def test_what_the_system_asks_to_wait_is_waited(system: str, stand: Make) -> None:
    s = stand(system)
    opened = s.open()
    usual = look_at(opened, s.about.reads)
    s.clock.sleeps.clear()
    s.arm({**s.about.limit.told, "times": 1})

    assert look_at(opened, s.about.reads) == usual
    assert s.about.limit.seconds - 0.1 <= sum(s.clock.sleeps) <= s.about.limit.seconds * 1.5 + 5


def test_what_one_worker_is_asked_to_wait_all_of_the_connection_wait(system: str, stand: Make) -> None:
    s = stand(system)
    first, second = s.open(), s.open()
    usual = look_at(first, s.about.reads)
    told, waited = s.clock.now(), s.about.limit.seconds
    s.ledger.hold_lane(s.name, told + timedelta(seconds=waited))

    assert look_at(second, s.about.reads) == usual
    assert (s.clock.now() - told).total_seconds() >= waited
