"""What a connector writes: it is there, found and changed, and whatever becomes of the reply it is there once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest

from engine.connectors.system import System
from engine.errors import ExchangeError, RecordRefused
from tests.every_connector.faults import armed
from tests.every_connector.stand import Record, Stand, in_words

Make = Callable[..., Stand]


def new(s: Stand, resource: str, before: list[str]) -> list[str]:
    """The keys that the stand-in holds beside those before."""
    left = list(before)
    return [key for key in s.keys(resource) if key not in left or left.remove(key)]


def found_again(s: Stand, system: System, resource: str, fields: Record) -> list[Any]:
    """The keys of what a search for these fields finds, by each field that can be searched by and is among them."""
    find = system.resource(resource).operation("find")
    searched = s.kept(resource).searched
    keys = []
    for field in find.finds_by if find else ():
        if field in searched or field in fields:
            value = searched[field](fields) if field in searched else fields[field]
            keys.append([system.key_of(resource, each) for each in system.find(resource, field, value)])
    return keys


def test_what_is_created_is_there_and_is_found(create: tuple[str, str], stand: Make) -> None:
    s, resource = stand(create[0]), create[1]
    system, fields, before = s.open(), s.told(resource, "fresh")(s, 1), s.keys(resource)
    answer = system.create(resource, fields)
    made = new(s, resource, before)

    assert len(made) == 1
    assert answer.key in (None, made[0])
    assert all(keys == made for keys in found_again(s, system, resource, fields))
    if system.resource(resource).operation("get"):
        assert system.key_of(resource, system.get(resource, made[0])) == made[0]


def test_several_are_created_and_each_is_found_alone(create: tuple[str, str], stand: Make) -> None:
    s, resource = stand(create[0]), create[1]
    system, before = s.open(), s.keys(resource)
    each = [s.told(resource, "fresh")(s, n) for n in (1, 2, 3)]  # of some systems each third answer is empty
    for fields in each:
        system.create(resource, fields)

    assert len(new(s, resource, before)) == 3
    assert all(len(keys) == 1 for fields in each for keys in found_again(s, system, resource, fields))


def test_a_write_that_goes_wrong_never_makes_two(create_broken: tuple[str, str, str], stand: Make) -> None:
    name, resource, fault = create_broken
    makes_it_once(stand(name), resource, fault)


def test_a_write_is_made_once_however_the_system_behaves(writes_oddly: tuple[str, str], stand: Make) -> None:
    s = stand(writes_oddly[0])
    [way] = [each for each in s.about.misbehaves if each.name == writes_oddly[1]]
    way.begin(s)
    assert way.writes is not None
    makes_it_once(s, way.writes, "lose_reply")


def makes_it_once(s: Stand, resource: str, fault: str) -> None:
    """As the engine does it: what is known not to be there is sent again, what may be there is searched for first."""
    system, fields, before = s.open(**armed(fault).http), s.told(resource, "fresh")(s, 1), s.keys(resource)
    s.arm(*armed(fault).faults(s, resource, "create"))
    try:
        system.create(resource, fields)
    except ExchangeError as error:
        in_words(error, s)
        s.settle()
        there = new(s, resource, before)
        assert error.outcome_unknown or not there, "it was said not to be there, and is"
        found = found_again(s, system, resource, fields)
        assert all(keys == there for keys in found)
        guarded = s.connector.resources[resource].operations["create"].guarded_by is not None
        if not error.outcome_unknown or (found and not there):
            system.create(resource, fields)
            assert len(new(s, resource, before)) == 1
        elif guarded and not found:
            with suppress(RecordRefused):  # the system itself says that it has it
                system.create(resource, fields)
            assert len(new(s, resource, before)) == 1
    else:  # where nothing is ever answered, an empty reply looks like success
        assert new(s, resource, before) or not s.connector.resources[resource].operations["create"].answers

    assert len(new(s, resource, before)) <= 1


def test_a_system_that_guards_refuses_the_second(guarded: tuple[str, str], stand: Make) -> None:
    s, resource = stand(guarded[0]), guarded[1]
    field = s.connector.resources[resource].operations["create"].guarded_by
    system, fields, before = s.open(), s.told(resource, "fresh")(s, 1), s.keys(resource)
    assert field is not None and fields[field]
    system.create(resource, fields)
    with pytest.raises(ExchangeError) as refused:
        system.create(resource, fields)

    in_words(refused.value, s)
    assert len(new(s, resource, before)) == 1


def test_what_is_updated_is_so_and_stays_so(update: tuple[str, str], stand: Make) -> None:
    s, resource = stand(update[0]), update[1]
    system = s.open()
    key, fields = s.told(resource, "update")(s)
    counted = s.kept(resource).keys and s.keys(resource)
    for _ in range(2):
        system.update(resource, key, fields)
        assert held(s, resource, key, fields) == wanted(s, resource, fields)

    assert counted is None or s.keys(resource) == counted


def test_an_update_whose_reply_is_lost_is_carried_out(update: tuple[str, str], stand: Make) -> None:
    s, resource = stand(update[0]), update[1]
    system = s.open()
    key, fields = s.told(resource, "update")(s)
    s.arm(*armed("lose_reply").faults(s, resource, "update"))
    system.update(resource, key, fields)

    assert s.struck() == 1
    assert held(s, resource, key, fields) == wanted(s, resource, fields)


def held(s: Stand, resource: str, key: str, fields: Record) -> Record:
    """The written fields as they are now, by the system itself where the connector cannot get them."""
    look = s.kept(resource).look or (lambda s, key: s.open().get(resource, key))
    record = look(s, key)
    return {name: record.get(name) for name in wanted(s, resource, fields)}


def wanted(s: Stand, resource: str, fields: Record) -> Record:
    return {name: value for name, value in fields.items() if name not in s.kept(resource).ignored}
