"""The requests under /_sandbox/, with which a person or a test looks at a stand-in and moves it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from sandbox import faults, look
from sandbox.exchange import Reply, Request
from sandbox.wire import json_reply

if TYPE_CHECKING:
    from sandbox.server import Door

METHODS = {
    "/_sandbox": ("GET",),
    "/_sandbox/state": ("GET",),
    "/_sandbox/requests": ("GET", "DELETE"),
    "/_sandbox/clock": ("GET", "POST"),
    "/_sandbox/limits": ("GET", "POST"),
    "/_sandbox/do": ("POST",),
    "/_sandbox/faults": ("GET", "POST", "DELETE"),
}


def answer(door: Door, request: Request) -> Reply:
    """Answer one control request; a wish that cannot be read is 400 with a sentence."""
    path = request.path.rstrip("/")
    if path not in METHODS:
        return json_reply(404, {"error": f"There is no {path}; there are {', '.join(sorted(METHODS))}."})
    if request.method not in METHODS[path]:
        return json_reply(405, {"error": f"{path} takes {' and '.join(METHODS[path])}."})
    try:
        return _answered(door, path, request)
    except (ValueError, TypeError, KeyError, OverflowError) as wrong:
        sentence = f"{wrong.args[0]} is missing" if isinstance(wrong, KeyError) and wrong.args else str(wrong)
        return json_reply(400, {"error": sentence})


def _answered(door: Door, path: str, request: Request) -> Reply:
    if path == "/_sandbox":
        page = look.page(door.system.name, door.clock.now(), door.system.tables())
        policy = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
        return Reply(
            200,
            page.encode(),
            {"Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": policy},
        )
    if path == "/_sandbox/state":
        tables = {t.title: [dict(zip(t.columns, row, strict=False)) for row in t.rows] for t in door.system.tables()}
        return json_reply(200, {"system": door.system.name, "now": door.clock.now().isoformat(), "tables": tables})
    if path == "/_sandbox/requests":
        return _requests(door, request)
    if path == "/_sandbox/faults":
        if request.method != "GET":
            door.faults.arm(faults.read_list(request.body) if request.method == "POST" else [])
        return json_reply(200, door.faults.shown())
    return _moved(door, path, request)


def _requests(door: Door, request: Request) -> Reply:
    if request.method == "DELETE":
        door.requests.clear()
    keys = ("method", "target", "status", "at", "fault")
    return json_reply(200, [dict(zip(keys, entry, strict=True)) for entry in list(door.requests)])


def _moved(door: Door, path: str, request: Request) -> Reply:
    wish = json.loads(request.body or b"{}")
    if not isinstance(wish, dict):
        raise ValueError("the body is a JSON object")
    if path == "/_sandbox/clock":
        if request.method == "POST":
            door.clock.advance(float(wish["advance_seconds"]))
        return json_reply(200, {"now": door.clock.now().isoformat(), "offset_seconds": door.clock.offset_seconds})
    if path == "/_sandbox/limits":
        if request.method == "POST":
            if not isinstance(wish["on"], bool):
                raise ValueError("on is true or false")
            door.system.limits_on = wish["on"]
        return json_reply(200, {"on": door.system.limits_on})
    arguments = {name: value for name, value in wish.items() if name != "action"}
    return json_reply(200, {"done": door.system.do(str(wish["action"]), arguments)})
