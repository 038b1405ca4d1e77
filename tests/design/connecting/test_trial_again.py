"""Stand-ins that come back with the studio: they take nothing from a system that was connected for real since."""

from __future__ import annotations

import subprocess
import sys

from engine.design.connecting.keeping import keep
from engine.design.desk import Desk
from engine.design.trial import Trial, connect_trial
from engine.flows.library import load_connector

REAL = {"shop_address": "https://shop.example.se", "public_key": "of the shop", "secret": "secret of the shop"}
STAND_IN = {"shop_address": "http://127.0.0.1:4711", "public_key": "p", "secret": "s"}


def come_back(things: Desk, address: str) -> None:
    with subprocess.Popen([sys.executable, "-c", ""], text=True) as ended:
        connect_trial(things, Trial(ended, {}, {"ccv-shop": {**STAND_IN, "shop_address": address}}))


def test_a_real_connection_stays_and_a_stand_in_is_found_at_its_new_address(things: Desk) -> None:
    come_back(things, "http://127.0.0.1:4711")
    come_back(things, "http://127.0.0.1:4712")
    moved = things.ledger.connection("ccv-shop")
    assert moved is not None
    assert moved.answers["shop_address"] == "http://127.0.0.1:4712"

    keep(things, load_connector(things.workspace, "ccv-shop"), REAL, allow_private=False)
    come_back(things, "http://127.0.0.1:4711")

    kept = things.ledger.connection("ccv-shop")
    assert kept is not None
    assert kept.answers == REAL
    assert not kept.allow_private
