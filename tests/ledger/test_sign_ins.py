"""Sign-ins under way are sealed, end, and are given out once."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta
from pathlib import Path

from engine.runs.ledger import Ledger

HELD = {"client_secret": "very-secret-value", "redirect_uri": "http://127.0.0.1:1/back"}


def test_what_was_begun_is_found_by_its_name_even_after_a_restart(path: Path, at: datetime, later: datetime) -> None:
    with Ledger.open(path) as ledger:
        ledger.keep_sign_in("state-1", HELD, later, at)
    with Ledger.open(path) as ledger:
        assert ledger.read_sign_in("state-1", at) == HELD
        assert ledger.read_sign_in("state-2", at) is None


def test_it_is_taken_once_by_whoever_comes_first(ledger: Ledger, at: datetime, later: datetime) -> None:
    ledger.keep_sign_in("state-1", HELD, later, at)
    got: list[object] = []
    takers = [threading.Thread(target=lambda: got.append(ledger.take_sign_in("state-1", at))) for _ in range(8)]

    for taker in takers:
        taker.start()
    for taker in takers:
        taker.join()

    assert [one for one in got if one is not None] == [HELD]


def test_when_its_time_is_over_it_is_forgotten(ledger: Ledger, at: datetime, later: datetime) -> None:
    ledger.keep_sign_in("state-1", HELD, later, at)

    assert ledger.read_sign_in("state-1", later) is None
    ledger.keep_sign_in("state-2", HELD, later + timedelta(hours=1), later)
    assert ledger.read_sign_in("state-1", at) is None


def test_neither_the_name_nor_what_is_held_stands_in_the_file(path: Path, at: datetime, later: datetime) -> None:
    with Ledger.open(path) as ledger:
        ledger.keep_sign_in("state-1", HELD, later, at)

    written = b"".join(file.read_bytes() for file in path.parent.glob("ledger.sqlite*"))
    assert b"very-secret-value" not in written and b"state-1" not in written
