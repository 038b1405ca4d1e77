"""Reads survive what a network and a system do wrong: tried again where that helps, told in words where it does not."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.errors import ExchangeError
from tests.every_connector.faults import armed
from tests.every_connector.stand import Stand, in_words, look_at

Make = Callable[..., Stand]


def test_a_read_meets_a_fault_once(read_broken: tuple[str, str], stand: Make) -> None:
    name, fault = read_broken
    s = stand(name)
    usual = look_at(s.open(), s.about.reads)
    system = s.open(**armed(fault).http)
    s.arm(*armed(fault).faults(s, s.about.reads, s.looks_by()))
    then = armed(fault).then
    if then is None:
        assert look_at(system, s.about.reads) == usual
    else:
        with pytest.raises(then) as broken:
            look_at(system, s.about.reads)
        in_words(broken.value, s)
    assert s.struck(), "the fault met no request"
    assert look_at(system, s.about.reads) == usual


def test_a_read_meets_a_fault_for_ever(read_broken: tuple[str, str], stand: Make) -> None:
    name, fault = read_broken
    if fault == "delay":
        fault = "refuse"  # seconds of real time for nothing more
    s = stand(name)
    look_at(s.open(), s.about.reads)
    system = s.open(**armed(fault).http)
    before = len(s.requests())
    s.arm(*({**each, "times": None} for each in armed(fault).faults(s, s.about.reads, s.looks_by())))
    with pytest.raises(ExchangeError) as broken:
        look_at(system, s.about.reads)

    in_words(broken.value, s)
    assert not broken.value.outcome_unknown
    assert len(s.requests()) - before <= 6


def test_a_system_misbehaves_as_its_page_says(misbehaves: tuple[str, str], stand: Make) -> None:
    name, way = misbehaves
    s = stand(name)
    [told] = [each for each in s.about.misbehaves if each.name == way]
    system = s.open()
    usual = look_at(system, s.about.reads)
    told.begin(s)
    if told.then is None:
        assert look_at(system, s.about.reads) == usual
        return
    with pytest.raises(told.then) as broken:
        look_at(system, s.about.reads)
    in_words(broken.value, s)
