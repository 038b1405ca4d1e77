"""Versions of flows: numbered at their first run or when published, and brought back under a new number."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

from engine.runs.ledger import Ledger

TEXT = {"saved_mappings/f.json": '{"title": "F"}'}


def test_a_version_gets_the_next_number_of_its_flow_at_its_first_run(ledger: Ledger, at: datetime) -> None:
    numbers = [ledger.remember_version(hash, "f", TEXT, at) for hash in ("a", "b", "a")]
    numbers.append(ledger.remember_version("c", "g", {}, at))

    assert numbers == [1, 2, 1, 1]
    assert [(v.number, v.hash, v.published_at) for v in ledger.versions("f")] == [(2, "b", None), (1, "a", None)]
    assert ledger.version("a") == TEXT
    assert len(ledger.versions("f")[0].file_sha256) == 64


def test_a_published_version_has_a_name_and_a_number_of_its_own(ledger: Ledger, at: datetime) -> None:
    ledger.remember_version("a", "f", TEXT, at)
    ledger.remember_version("b", "f", TEXT, at)
    again = ledger.publish_version("a", "f", TEXT, at, name="Back", who="kim", note="urgent", as_number=1)

    assert (again.number, again.as_number, again.name, again.who, again.note) == (3, 1, "Back", "kim", "urgent")
    assert ledger.versions("f")[0] == again == ledger.version_of_hash("f", "a")
    assert ledger.remember_version("a", "f", TEXT, at) == 3


def test_a_version_can_be_named_afterwards(ledger: Ledger, at: datetime, later: datetime) -> None:
    ledger.remember_version("a", "f", TEXT, at)
    ledger.name_version("f", 1, "With fees", "kim", later)

    [version] = ledger.versions("f")
    assert (version.name, version.who, version.at, version.published_at) == ("With fees", "kim", at, later)


def test_runs_are_counted_for_the_number_that_ran(ledger: Ledger, at: datetime) -> None:
    hours = [at + timedelta(hours=n) for n in range(6)]
    for n, hash in enumerate(("a", "a", "b")):
        ledger.remember_version(hash, "f", TEXT, hours[n])
        ledger.start_run("f", "default", hash, "all", hours[n])
    ledger.publish_version("a", "f", TEXT, hours[3], name="", who="kim", as_number=1)
    ledger.start_run("f", "default", "a", "all", hours[4])
    ledger.start_run("g", "default", "a", "all", hours[5])

    assert ledger.runs_of_versions("f") == {1: (2, hours[1]), 2: (1, hours[2]), 3: (1, hours[4])}


def test_two_who_publish_at_once_get_two_numbers(ledger: Ledger, at: datetime) -> None:
    def publish() -> None:
        ledger.publish_version("a", "f", TEXT, at, name="", who="kim")

    threads = [threading.Thread(target=publish) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [version.number for version in ledger.versions("f")] == list(range(8, 0, -1))


def test_several_who_first_run_one_version_at_once_give_it_one_number(ledger: Ledger, at: datetime) -> None:
    threads = [threading.Thread(target=ledger.remember_version, args=("a", "f", TEXT, at)) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert [version.number for version in ledger.versions("f")] == [1]


def test_an_outcome_is_told_by_the_number_of_its_time(ledger: Ledger, at: datetime, later: datetime) -> None:
    ledger.remember_version("a", "f", TEXT, at)
    ledger.publish_version("a", "f", TEXT, later, name="", who="kim")

    def number(hash: str, moment: datetime) -> int | None:
        version = ledger.version_at("f", hash, moment)
        return version.number if version else None

    assert [number("a", at), number("a", later), number("a", at - timedelta(days=1))] == [1, 2, 1]
    assert number("b", at) is None
