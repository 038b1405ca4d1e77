"""Webhooks of the shop: registered by request, sent when the status of an order changes."""

from __future__ import annotations

import hashlib
import hmac
import http.client
import json
import queue
import threading
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from sandbox.ccv_shop.money import Doc
from sandbox.ccv_shop.refusals import UNFIT, Refused

if TYPE_CHECKING:
    from sandbox.ccv_shop.holdings import Holdings

# ccv-shop.md, Webhooks: "Evidenced event names"; `orders.created` and others "were not found", so they are refused here
EVENTS = ("products.created", "products.updated", "products.deleted", "orders.updated.status")
FIRST_ID = 801
_SECONDS = 10.0


class Webhooks:
    """The registrations, and a thread that sends; the caller holds the shop's lock."""

    def __init__(self) -> None:
        self.held: dict[int, Doc] = {}
        self.sent: list[tuple[str, int]] = []  # event and status of each delivery; 0: nobody answered
        self._next = FIRST_ID
        self._waiting: queue.Queue[tuple[Doc, bytes]] = queue.Queue()
        self._thread: threading.Thread | None = None

    def register(self, fields: Doc) -> Doc:
        """ccv-shop.md, Webhooks: `POST /webhooks {"event","address","is_active"}` → `id`, `key`."""
        event, address = fields.get("event"), fields.get("address")
        if event not in EVENTS:  # not documented: what is said of an unknown event
            raise Refused(UNFIT, f"The property event is none of {', '.join(EVENTS)}.")
        if not isinstance(address, str) or not address.startswith(("http://", "https://")):
            raise Refused(UNFIT, "The property address is no address.")
        identity, self._next = self._next, self._next + 1
        key = hashlib.sha256(f"webhook {identity} {address}".encode()).hexdigest()
        made = {"id": identity, "event": event, "address": address, "is_active": fields.get("is_active", True)}
        self.held[identity] = {**made, "key": key}
        return dict(self.held[identity])

    def forget(self, identity: int) -> None:
        """Send there no more."""
        self.held.pop(identity, None)

    def statuses(self, holdings: Holdings) -> dict[int, Any]:
        """The status of each order, to compare with later; nothing where nobody listens."""
        return {key: order["status"] for key, order in holdings.orders.items()} if self.held else {}

    def tell(self, before: dict[int, Any], holdings: Holdings, now: datetime) -> None:
        """Send what changed since. Chosen: an order that is placed goes from no status to its first."""
        for key, order in holdings.orders.items() if self.held else ():
            if order["status"] is not None and before.get(key) != order["status"]:
                self._send("orders.updated.status", told_of(order, before.get(key), now))

    def _send(self, event: str, payload: Doc) -> None:
        body = json.dumps(payload, ensure_ascii=False).encode()
        for webhook in self.held.values():
            if webhook["event"] == event and webhook["is_active"]:
                self._waiting.put((dict(webhook), body))
                if self._thread is None:
                    self._thread = threading.Thread(target=self._deliver, name="webhooks", daemon=True)
                    self._thread.start()

    def _deliver(self) -> None:
        while True:
            webhook, body = self._waiting.get()
            try:
                status = post(webhook["address"], body, {"x-hash": sign(webhook["key"], webhook["address"], body)})
            except OSError:
                status = 0  # not documented: whether it is sent again; here it is not
            self.sent.append((webhook["event"], status))

    def state(self) -> dict[str, Any]:
        return {"held": [dict(webhook) for webhook in self.held.values()], "next": self._next}

    def restore(self, kept: dict[str, Any]) -> None:
        self.held = {webhook["id"]: dict(webhook) for webhook in kept.get("held", [])}
        self._next = kept.get("next", FIRST_ID)


def told_of(order: Doc, previous: Any, now: datetime) -> Doc:
    """ccv-shop.md, Webhooks: "Observed payload"."""
    customer = order.get("customer") or {}
    return {
        "triggered_at": now.isoformat(),
        "href": f"/api/rest/v1/orders/{order['id']}/",
        "id": order["id"],
        "order_number": order["ordernumber"],
        "ordernumber_prefix": order.get("ordernumber_prefix"),
        "ordernumber_full": order["ordernumber_full"],
        "total_price": float(order["total_price"]),
        "previous_status": previous,
        "status": order["status"],
        "customer_email": customer.get("email") if isinstance(customer, dict) else None,
        "customer_mobile": None,
    }


def sign(key: str, address: str, body: bytes) -> str:
    """ccv-shop.md, Webhooks: the scheme was "not found"; inferred from the app's calls: over `uri|body`, SHA-512."""
    parts = urlsplit(address)
    uri = parts.path + (f"?{parts.query}" if parts.query else "")
    return hmac.new(key.encode(), uri.encode() + b"|" + body, hashlib.sha512).hexdigest()


def post(address: str, body: bytes, headers: dict[str, str]) -> int:
    """The status of the answer; OSError where there is none."""
    parts = urlsplit(address)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.netloc, timeout=_SECONDS)
    try:
        connection.request("POST", parts.path, body, {"Content-Type": "application/json", **headers})
        return connection.getresponse().status
    except http.client.HTTPException as error:
        raise OSError(str(error)) from error
    finally:
        connection.close()
