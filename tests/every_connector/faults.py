"""The frame's faults as this suite arms them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from engine.errors import BrokenReply, ExchangeError
from tests.every_connector.about import Record
from tests.every_connector.stand import Stand

_LITERAL = re.compile(r'"\w+"')


@dataclass(frozen=True)
class Armed:
    """A fault. then: what a read comes to that meets it once, None where it is tried again and gives the same;
    http: what the connection must be like for it to matter, or to be quick."""

    fault: Record
    then: type[ExchangeError] | None = None
    http: Record = field(default_factory=dict)

    def faults(self, stand: Stand, resource: str, operation: str) -> list[Record]:
        """The fault, once, on the request of an operation and on no other (a sign-in, for example)."""
        asked = stand.connector.resources[resource].operations[operation]
        # where all requests go to one address, what is called stands in the body or in the query
        called = [text.strip('"') for text in asked.query.values() if _LITERAL.fullmatch(text)]
        holds = {"holds": name} if (name := asked.call or max(called, key=len, default="")) else {}
        path = {"path": asked.path.split("{")[0].split("?")[0]}
        return [{"times": 1, "method": asked.method, **path, **holds, **self.fault}]


QUICK: dict[str, Any] = {"timeouts": {"connect": 5.0, "read": 0.15, "total": 5.0}}
FAULTS = {
    "lose_reply": Armed({"kind": "lose_reply"}),
    "refuse": Armed({"kind": "refuse"}),
    "delay": Armed({"kind": "delay", "seconds": 0.3}, http=QUICK),
    "cut": Armed({"kind": "cut"}),
    "truncate_json": Armed({"kind": "truncate_json"}, BrokenReply),
    "html": Armed({"kind": "html"}, BrokenReply),
    "empty": Armed({"kind": "status", "status": 200, "body": ""}, BrokenReply),
    "server_fault": Armed({"kind": "status", "status": 500, "body": ""}),
    "gateway": Armed({"kind": "status", "status": 503, "body": "<h1>Service unavailable</h1>"}),
    "bloat": Armed({"kind": "bloat", "megabytes": 3}, BrokenReply, {"reply_limit_mb": 1.0}),
}


def armed(name: str) -> Armed:
    return FAULTS[name]
