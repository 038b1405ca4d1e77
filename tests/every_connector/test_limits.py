"""What a system limits is respected: nobody is refused for long, and what it asks to wait is waited."""

from __future__ import annotations

from collections.abc import Callable

from tests.every_connector.stand import Stand, read_keys

Make = Callable[..., Stand]


def test_more_requests_than_the_system_takes_arrive_all_the_same(system: str, stand: Make) -> None:
    s = stand(system)
    limit = s.about.limit
    s.stand_in.limits_on = True
    limit.begin(s)
    opened = s.open()
    reads = s.about.reads
    once = len(read_keys(opened, reads))
    while len(s.requests()) < limit.too_many:
        assert len(read_keys(opened, reads)) == once
    refused = [status for _, _, status, *_ in s.requests() if status == 429]

    assert sum(s.clock.sleeps) > 0, "nobody waited"
    # one, where the limit is known: the system counts from when a request arrives, which is later than it was sent
    assert len(refused) <= (1 if limit.told_beforehand else 3)


def test_what_the_system_asks_to_wait_is_waited(system: str, stand: Make) -> None:
    s = stand(system)
    opened = s.open()
    usual = read_keys(opened, s.about.reads)
    s.clock.sleeps.clear()
    s.arm({**s.about.limit.told, "times": 1})

    assert read_keys(opened, s.about.reads) == usual
    assert s.about.limit.seconds - 0.1 <= sum(s.clock.sleeps) <= s.about.limit.seconds * 1.5 + 5


def test_another_worker_of_the_same_connection_waits_too(system: str, stand: Make) -> None:
    s = stand(system)
    first, second = s.open(), s.open()
    s.arm({**s.about.limit.told, "times": 1})
    waits_before = len(s.clock.sleeps)
    pages = first.read(s.about.reads, {})
    s.stack.callback(pages.close)
    assert read_keys(second, s.about.reads) == read_keys(s.open(), s.about.reads)
    assert len(s.clock.sleeps) > waits_before
