"""What a connector reads: all of it, once, whatever happens meanwhile; since a moment; and one record by its key."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from engine.errors import Cause, ExchangeError
from engine.runs.moments import since_text
from tests.every_connector.stand import SMALL_PAGE, Stand, in_words, read_keys, read_pages

Make = Callable[..., Stand]


def read_while(s: Stand, resource: str, happens: Callable[[list[str]], object]) -> list[str]:
    """The keys of all pages; something happens as long as a page's worth was read, told what was."""
    found: list[str] = []
    for keys in read_pages(s.open(page=SMALL_PAGE), resource):
        found += keys
        if len(found) <= SMALL_PAGE:
            happens(found)
    return found


def test_everything_is_read_once(read: tuple[str, str], stand: Make) -> None:
    s, resource = stand(*read), read[1]
    held = s.keys(resource) if s.kept(resource).keys else None
    found = read_keys(s.open(page=SMALL_PAGE), resource)

    assert len(found) == len(set(found)), "a record came twice"
    assert found, f"the sandbox holds none of {resource}: its table must put some there"
    assert held is None or sorted(found) == held


def test_a_record_more_while_one_reads_hides_none(read_growing: tuple[str, str], stand: Make) -> None:
    s, resource = stand(*read_growing), read_growing[1]
    add, before = s.told(resource, "add"), s.keys(resource)
    found = read_while(s, resource, lambda _: add(s, 1))

    assert set(before) <= set(found)
    assert len(found) - len(set(found)) <= 1, "more records came twice than were added"


def test_a_record_changed_while_one_reads_hides_none(read_changing: tuple[str, str], stand: Make) -> None:
    s, resource = stand(*read_changing), read_changing[1]
    change, before = s.told(resource, "change"), s.keys(resource)

    def is_changed(found: list[str]) -> None:
        s.clock.sleep(90)
        change(s, found[0])

    found = read_while(s, resource, is_changed)

    assert set(before) <= set(found)


def test_what_is_new_or_changed_since_a_moment_is_read(read_since: tuple[str, str], stand: Make) -> None:
    s, resource = stand(*read_since), read_since[1]
    kept, before = s.kept(resource), s.keys(resource)
    s.clock.sleep(86_400)
    since = since_text(s.clock.now() - timedelta(seconds=60))
    s.told(resource, "add")(s, 1)
    expected = set(s.keys(resource)) - set(before)
    assert expected, "the sandbox did not get a record more"
    if kept.change is not None and kept.changes_seen:
        kept.change(s, before[0])
        expected.add(before[0])

    assert set(read_keys(s.open(page=SMALL_PAGE), resource, {"since": since})) == expected


def test_a_record_is_got_by_its_key(get: tuple[str, str], stand: Make) -> None:
    s, resource = stand(*get), get[1]
    system = s.open()
    for key in s.keys(resource)[:3]:
        assert system.key_of(resource, system.get(resource, key)) == key


def test_a_key_that_nothing_has_is_not_found(get: tuple[str, str], stand: Make) -> None:
    s = stand(*get)
    with pytest.raises(ExchangeError) as refused:
        s.open().get(get[1], s.about.nobody)

    assert refused.value.cause in (Cause.NOT_FOUND, Cause.REFUSED_RECORD)
    in_words(refused.value, s)
