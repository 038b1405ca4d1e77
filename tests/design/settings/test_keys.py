"""What opens doors is told by where and when, never by what it is."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from engine.connectors.connector import Connector
from engine.design.connecting.catalogue import disconnect
from engine.design.connecting.keeping import keep
from engine.design.desk import Desk
from engine.design.settings.keys import connections, key_place, try_kept, webhooks
from engine.errors import NotAllowed
from engine.flows.library import load_connector
from engine.runs.ledger.webhooks import StoredWebhook

SECRET = "s3cret-of-the-shop"
FLOW = "ccv-orders-to-eaccounting"


@pytest.fixture
def shop(anna: Desk) -> Connector:
    """Connected to an address where nobody answers."""
    connector = load_connector(anna.workspace, "ccv-shop")
    answers = {"shop_address": "https://shop.invalid", "public_key": "p", "secret": SECRET}
    keep(anna, connector, answers, allow_private=False)
    return connector


def test_a_connection_is_told_with_what_works_through_it(anna: Desk, shop: Connector) -> None:
    [kept] = connections(anna)

    assert (kept.name, kept.system, kept.used_at, kept.signed_in_at) == ("ccv-shop", "ccv-shop", None, None)
    assert FLOW in kept.works
    assert SECRET not in repr(kept)


def test_when_a_flow_ran_last_the_connection_was_used(anna: Desk, shop: Connector) -> None:
    at = anna.clock.now() - timedelta(hours=2)
    anna.ledger.start_run(FLOW, "default", "aaaa", "run", at)

    assert connections(anna)[0].used_at == at


def test_what_its_test_met_is_said(anna: Desk, dora: Desk, shop: Connector) -> None:
    [kept] = connections(anna)

    finding = try_kept(anna, kept)

    assert not finding.ok and finding.problem is not None and "shop.invalid" in finding.problem.what
    with pytest.raises(NotAllowed):
        try_kept(dora, kept)


def test_connecting_changing_and_disconnecting_stand_in_the_log(anna: Desk, shop: Connector) -> None:
    stored = anna.ledger.connection("ccv-shop")
    assert stored is not None
    keep(anna, shop, stored.answers, allow_private=False)
    disconnect(anna, "ccv-shop")

    lines = [(line.who, line.what, line.subject) for line in reversed(anna.ledger.audit())]
    assert lines == [
        ("anna@example.com", "connected", "ccv-shop"),
        ("anna@example.com", "connection changed", "ccv-shop"),
        ("anna@example.com", "disconnected", "ccv-shop"),
    ]
    assert SECRET not in json.dumps([line.as_json() for line in anna.ledger.audit()])


def test_the_key_is_told_by_its_place_and_rights(anna: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    place = key_place(anna)
    assert (place.path, place.mode, place.is_open) == (anna.workspace.studio / "key", "0600", False)
    (anna.workspace.studio / "key").chmod(0o644)
    assert key_place(anna).is_open
    key = (anna.workspace.studio / "key").read_text().strip()
    monkeypatch.setenv(place.variable, key)

    assert key_place(anna).path is None
    assert key not in repr(place) + repr(key_place(anna))


def test_a_webhook_is_told_without_the_secret_part_of_its_address(anna: Desk) -> None:
    hook = StoredWebhook("ccv-shop", "orders.created", {}, "https://hooks.example/hooks/", anna.clock.now(), SECRET)
    anna.ledger.keep_webhook(hook, "t0ken")

    [told] = webhooks(anna)
    assert (told.connection, told.event, told.address) == ("ccv-shop", "orders.created", "https://hooks.example/hooks/")
    assert "t0ken" not in repr(told) and SECRET not in repr(told)
