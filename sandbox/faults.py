"""Faults that can be armed on a stand-in, so that a client meets them when it is least convenient."""

from __future__ import annotations

import json
import random
import re
import threading
from dataclasses import dataclass, field
from typing import cast

from sandbox.exchange import Reply, Request

KINDS = (
    "lose_reply",
    "refuse",
    "delay",
    "status",
    "html",
    "cut",
    "bloat",
    "body",
    "truncate_json",
)
_KEYS = {"method", "path", "holds", "times", "after", "chance", "seed", "kind", "signed"} | {
    "seconds",
    "status",
    "body",
    "megabytes",
    "replace",
}
HTML_PAGE = b"<!doctype html><html><head><title>Please wait</title></head><body><h1>Please wait</h1></body></html>"
BLOAT_START = b'{"items":['
BLOAT_PIECE = b'{"filler":"' + b"x" * 65_000 + b'"},'


@dataclass(slots=True)
class Fault:
    """One armed fault and how often its turn has come."""

    kind: str
    method: str | None = None
    path: re.Pattern[str] = field(default_factory=lambda: re.compile(""))
    holds: re.Pattern[str] | None = None  # searched in the request's query and body
    times: int | None = None  # None: for ever
    after: int = 0
    chance: float = 1.0
    seconds: float = 1.0
    status: int = 503
    body: bytes = b""
    megabytes: float = 200.0
    replace: list[tuple[str, str]] = field(default_factory=list)
    signed: bool = True  # whether the system signs what the fault made of the reply
    dice: random.Random = field(default_factory=lambda: random.Random(7))
    seen: int = 0
    done: int = 0

    def takes(self, request: Request) -> bool:
        """Say whether it is this fault's turn, and count."""
        if self.method not in (None, request.method) or not self.path.search(request.path):
            return False
        held = f"{request.target}\n{request.body.decode('utf-8', 'replace')}"
        if self.holds is not None and not self.holds.search(held):
            return False
        self.seen += 1
        if self.seen <= self.after or (self.times is not None and self.done >= self.times):
            return False
        if self.chance < 1.0 and self.dice.random() >= self.chance:
            return False
        self.done += 1
        return True


class Faults:
    """The armed faults of one stand-in; the first whose turn it is strikes."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._armed: list[Fault] = []

    def arm(self, documents: list[dict[str, object]]) -> None:
        """Replace all faults; ValueError with a sentence when one cannot be read."""
        faults = [_read(document) for document in documents]
        with self._lock:
            self._armed = faults

    def strike(self, request: Request) -> Fault | None:
        """Give the fault that befalls this request."""
        if not self._armed:
            return None
        with self._lock:
            return next((fault for fault in self._armed if fault.takes(request)), None)

    def shown(self) -> list[dict[str, object]]:
        """Show what is armed and how often it struck."""
        with self._lock:
            return [
                {"kind": fault.kind, "path": fault.path.pattern, "seen": fault.seen, "done": fault.done}
                for fault in self._armed
            ]


def _read(document: object) -> Fault:
    if not isinstance(document, dict):
        raise ValueError("a fault is a JSON object")
    unknown = sorted(set(document) - _KEYS)
    if unknown:
        raise ValueError(f"a fault has no {unknown[0]!r}; it may have {', '.join(sorted(_KEYS))}")
    kind = document.get("kind")
    if kind not in KINDS:
        raise ValueError(f"{kind!r} is no kind of fault; there are {', '.join(KINDS)}")
    fault = Fault(kind)
    try:
        fault.method = document.get("method")
        fault.path = re.compile(document.get("path", ""))
        fault.holds = re.compile(document["holds"]) if "holds" in document else None
        fault.times = None if document.get("times") is None else int(document["times"])
        fault.after = int(document.get("after", 0))
        fault.chance = float(document.get("chance", 1.0))
        fault.dice = random.Random(int(document.get("seed", 7)))
        fault.seconds = min(float(document.get("seconds", 1.0)), 600.0)
        fault.status = int(document.get("status", 503))
        fault.body = _bytes_of(document.get("body", ""))
        fault.megabytes = float(document.get("megabytes", 200.0))
        fault.replace = [(str(old), str(new)) for old, new in document.get("replace", [])]
        fault.signed = bool(document.get("signed", True))
    except (TypeError, ValueError, re.error) as wrong:
        raise ValueError(f"the fault {kind!r} cannot be read: {wrong}") from None
    return fault


def _bytes_of(body: object) -> bytes:
    return body.encode() if isinstance(body, str) else json.dumps(body, ensure_ascii=False).encode()


def instead(fault: Fault) -> Reply | None:
    """Give the reply of a fault before which nothing is done, or None when the request is carried out."""
    if fault.kind == "status":
        text = fault.body.lstrip()[:1]
        media = "application/json" if text in (b"{", b"[") else "text/plain; charset=utf-8"
        return Reply(fault.status, fault.body, {"Content-Type": media})
    if fault.kind == "html":
        return Reply(200, HTML_PAGE, {"Content-Type": "text/html; charset=utf-8"})
    return None


def changed(fault: Fault, reply: Reply) -> bool:
    """Change the text of a reply whose request was carried out; say whether that was this fault's doing."""
    if fault.kind == "truncate_json":
        reply.body = reply.body[: len(reply.body) // 2]
        return True
    if fault.kind == "body":
        charset = "latin-1" if "8859-1" in reply.headers.get("Content-Type", "") else "utf-8"
        text = reply.body.decode(charset, "replace")
        for old, new in fault.replace:
            text = text.replace(old, new)
        reply.body = text.encode(charset, "replace")
        return True
    return False


def read_list(body: bytes) -> list[dict[str, object]]:
    """Read the JSON list of faults that was posted."""
    document = json.loads(body or b"[]")
    if not isinstance(document, list):
        raise ValueError("faults are a JSON list of objects")
    return cast("list[dict[str, object]]", document)
