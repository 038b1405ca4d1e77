"""A shop whose orders name their items by ids, described, with the shop where movements are made of them."""

from __future__ import annotations

import json
from typing import Any

from tests.connectors.counting_shop import ORDER, Shop, read_operation
from tests.runs.handing_out import MOVEMENTS
from tests.runs.warehouse import Doc, Systems

STEP = {
    **MOVEMENTS["steps"][0],
    "match": {"field": "Reference", "formula": "$string(id)"},
    "fields": {
        "Reference": {"formula": "$string(id)"},
        "Level": {"formula": "$sum(items.count) + items[0].details.id"},
    },
}


def orders(read: Doc | None = None, **operations: Any) -> Doc:
    """The orders of that shop as a connector describes them."""
    return {
        "kind": "order",
        "key": "$string(id)",
        "number": '"W-" & $string(id)',
        "time": "changed",
        "fields": {name: {"title": name.title(), **about} for name, about in ORDER["properties"].items()},
        "operations": {"read": read or read_operation(), **operations},
    }


class Ids(Systems):
    """Both shops. down: a path that fails."""

    def __init__(self, orders: Shop) -> None:
        super().__init__()
        self.orders, self.down = orders, ""

    def answer(self, method: str, target: str, body: bytes) -> tuple[int, Any]:
        if target.startswith("/movements"):
            return super().answer(method, target, body)
        self.calls.append(f"{method} {target}")
        if self.down and target.startswith(self.down):
            return 500, {"code": "1", "message": "down"}
        return self.orders.answer(target, json.loads(body or b"{}"))
