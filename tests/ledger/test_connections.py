"""Connections with their secrets and tokens, and the lanes that are held for them."""

from datetime import datetime

import pytest

from engine.errors import LedgerError
from engine.runs.ledger import Ledger
from tests.ledger.making import save, tamper


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
    tamper(ledger, "UPDATE connections SET host = 'evil.example'")

    with pytest.raises(LedgerError, match="cannot be opened"):
        ledger.connection("shop")


def test_a_secret_does_not_open_for_another_connection(ledger: Ledger, at: datetime) -> None:
    save(ledger, at)
    save(ledger, at, name="other", answers={"password": "x"})
    tamper(ledger, "UPDATE connections SET secrets = (SELECT secrets FROM connections WHERE name = 'shop')")

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
