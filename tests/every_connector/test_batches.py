"""What is handed out in batches under a number of ours comes again until it is acknowledged, and then never again."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.errors import ExchangeError
from tests.every_connector.faults import armed
from tests.every_connector.stand import Stand, in_words, read_batch, read_keys

Make = Callable[..., Stand]


def test_a_batch_comes_again_until_it_is_acknowledged(batch: tuple[str, str], stand: Make) -> None:
    s, resource = stand(*batch), batch[1]
    held = s.keys(resource)
    first = read_batch(s.open(), resource, "ours")

    assert sorted(first) == held
    assert read_batch(s.open(), resource, "ours") == first
    s.open().acknowledge(resource, "ours")
    assert read_batch(s.open(), resource, "the next") == []


def test_an_older_batch_is_told_by_its_number(batch: tuple[str, str], stand: Make) -> None:
    s, resource = stand(*batch), batch[1]
    system = s.open()
    held = read_batch(system, resource, "left over by somebody")
    with pytest.raises(ExchangeError) as refused:
        read_batch(system, resource, "ours")
    number = system.left_over(resource, refused.value)

    in_words(refused.value, s)
    assert number == "left over by somebody"
    assert read_batch(system, resource, number) == held
    system.acknowledge(resource, number)
    assert read_batch(system, resource, "ours") == []


def test_what_changes_while_a_batch_is_read_comes_with_the_next(batch: tuple[str, str], stand: Make) -> None:
    s, resource = stand(*batch), batch[1]
    system = s.open()
    first = read_batch(system, resource, "one")
    s.told(resource, "change")(s, first[0])
    assert read_batch(system, resource, "one") == first
    system.acknowledge(resource, "one")

    assert first[0] in read_batch(system, resource, "two")


@pytest.mark.parametrize("fault", ["lose_reply", "refuse", "cut", "server_fault"])
def test_an_acknowledgement_that_meets_a_fault_is_told_again(batch: tuple[str, str], stand: Make, fault: str) -> None:
    s, resource = stand(*batch), batch[1]
    system = s.open()
    read_batch(system, resource, "one")
    s.arm(*armed(fault).faults(s, resource, "acknowledge"))
    system.acknowledge(resource, "one")

    assert s.struck() == 1
    assert read_keys(system, resource) == []
