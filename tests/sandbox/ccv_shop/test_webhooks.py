"""Webhooks of the shop: registered by request, sent signed when a status changes, kept over a restart."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from queue import Queue
from typing import Any

import pytest

from sandbox.ccv_shop import CcvShop
from sandbox.ccv_shop.refusals import Refused
from sandbox.ccv_shop.webhooks import sign
from sandbox.clock import Clock

EVENT = "orders.updated.status"
Got = Queue[tuple[str, str, bytes]]


@pytest.fixture
def got() -> Iterator[tuple[str, Got]]:
    """An address that takes what is sent, and what it took: path, signature, body."""
    taken: Got = Queue()

    class Taking(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            taken.put((self.path, self.headers["x-hash"], body))
            self.send_response(202)
            self.end_headers()

        def log_message(self, format: str, *arguments: Any) -> None:
            """Nothing is said."""

    with http.server.HTTPServer(("127.0.0.1", 0), Taking) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.005,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_address[1]}/hooks/x", taken
        server.shutdown()
        thread.join()


@pytest.fixture
def shop() -> CcvShop:
    return CcvShop(Clock(), 7, 0)


def test_a_new_order_and_a_changed_status_are_told_signed(shop: CcvShop, got: tuple[str, Got]) -> None:
    address, taken = got
    made = shop.webhooks.register({"event": EVENT, "address": address, "is_active": True})
    order: Any = shop.do("new_order", {})
    shop.do("cancel_order", {"ordernumber": order["ordernumber"]})
    path, signature, body = taken.get(timeout=20)
    changed = json.loads(taken.get(timeout=20)[2])

    assert (path, signature) == ("/hooks/x", sign(made["key"], address, body))
    assert json.loads(body)["previous_status"] is None
    assert (changed["previous_status"], changed["status"]) == (json.loads(body)["status"], 8)
    assert changed["ordernumber_full"] == f"W-{order['ordernumber']}"


def test_what_changes_no_status_is_not_told(shop: CcvShop, got: tuple[str, Got]) -> None:
    address, taken = got
    order: Any = shop.do("new_order", {})
    shop.webhooks.register({"event": EVENT, "address": address})
    shop.do("change_order", {"ordernumber": order["ordernumber"], "fields": {"reservationnumber": "1042"}})
    shop.do("new_order", {})

    assert json.loads(taken.get(timeout=20)[2])["order_number"] != order["ordernumber"]
    assert taken.empty()


def test_only_events_that_are_evidenced_are_taken(shop: CcvShop) -> None:
    for fields in ({"event": "orders.created", "address": "http://a.example"}, {"event": EVENT, "address": 5}):
        with pytest.raises(Refused):
            shop.webhooks.register(fields)


def test_a_restart_keeps_who_listens(shop: CcvShop) -> None:
    shop.webhooks.register({"event": EVENT, "address": "http://127.0.0.1:1/hooks/x"})
    again = CcvShop(Clock(), 7, 0)
    again.restore(json.loads(json.dumps(shop.state())))

    assert again.webhooks.held == shop.webhooks.held
    assert again.webhooks.register({"event": EVENT, "address": "http://a.example"})["id"] == 802
