"""The shop behind its one address: reads calls, carries them out, writes results or errors."""

from __future__ import annotations

import threading
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from sandbox.abicart import actions, exact_json, overview, world
from sandbox.abicart.choices import SHAPES, VALUES, Choices
from sandbox.abicart.context import Context, read_context
from sandbox.abicart.errors import INTERNAL, PARSE, REQUEST, STATUSES, Refused, bad_params
from sandbox.abicart.kinds import Doc
from sandbox.abicart.methods import Call
from sandbox.abicart.planned import Planned
from sandbox.abicart.records import Records
from sandbox.abicart.tokens import Tokens
from sandbox.calls import CallsOfMinute
from sandbox.choosing import chosen
from sandbox.clock import Clock
from sandbox.exchange import Reply, Request
from sandbox.system import System, Table

PATH = "/backend/jsonrpc/v1/"  # abicart.md, Transport: `https://admin.abicart.se/backend/jsonrpc/v1/`
JSON = {"Content-Type": "application/json"}  # not documented: the media type


class Abicart(System):
    """A web shop with invented customers, articles and orders."""

    name = "abicart"

    def __init__(self, clock: Clock, seed: int = 7, orders: int = 200, choices: Choices | None = None) -> None:
        self.clock = clock
        self.limits_on = True
        self.lock = threading.RLock()
        self.choices = choices or Choices()
        self._seed, self._orders = seed, orders
        self.tokens = Tokens(seed)
        self.planned: Planned = Planned()
        self._calls = CallsOfMinute()
        self.start_anew(clock.now())

    def start_anew(self, start: datetime) -> None:
        """Make the shop of the first day."""
        self.started = start.replace(microsecond=0)
        self.records = Records()
        self.people_made = world.fill(self.records, self.choices, self._seed, self._orders, self.started)

    def answer(self, request: Request) -> Reply:
        """Answer one request, one at a time."""
        if request.path != PATH:
            return Reply(404, b"Not Found", {"Content-Type": "text/plain"})
        if request.method != "POST":  # abicart.md, Transport: "JSON-RPC 2.0 over HTTP POST"
            return Reply(405, b"Method Not Allowed", {"Content-Type": "text/plain", "Allow": "POST"})
        with self.lock:
            now = self.clock.now()
            if late := self._limited(now):
                return late
            try:
                document = exact_json.read(request.body)
            except ValueError as wrong:
                return self._reply(_failed(None, Refused(PARSE, str(wrong))))
            if isinstance(document, list) and self.choices.batches and document:
                answers = [one for one in (self._one(call, request, now) for call in document) if one is not None]
                return _written(200, answers) if answers else Reply(204)
            return self._reply(self._one(document, request, now))

    def _limited(self, now: datetime) -> Reply | None:
        """Refuse what is too much; abicart.md, Rate limits: "Not found.", so there is none until one is chosen."""
        most = self.choices.calls_per_minute if self.limits_on else 0
        return self._calls.refused(now, most, tells_when=self.choices.retry_after) if most else None

    def _reply(self, answer: Doc | None) -> Reply:
        if answer is None:
            return Reply(204)  # not documented: what a call without an id gets; by JSON-RPC no answer
        status = 200
        if self.choices.http_errors and "error" in answer:
            status = STATUSES.get(answer["error"]["code"], 500)
        return _written(status, answer)

    def _one(self, call: Any, request: Request, now: datetime) -> Doc | None:
        """Answer one call by JSON-RPC 2.0 (abicart.md, Transport)."""
        wrong = _unreadable(call)
        identity = call.get("id") if isinstance(call, dict) and not isinstance(call.get("id"), dict | list) else None
        if wrong:
            return _failed(identity, Refused(REQUEST, wrong))
        try:
            result = self._carried_out(call, read_context(request), now)
            answer: Doc = {"jsonrpc": "2.0", "id": identity, "result": result}
        except Refused as refused:
            answer = _failed(identity, refused)
        except Exception as fault:  # a fault of the stand-in is told as the shop would tell its own
            answer = _failed(identity, Refused(INTERNAL, f"{type(fault).__name__}: {fault}"))
        return answer if "id" in call else None

    def _carried_out(self, call: Doc, context: Context, now: datetime) -> Any:
        method, params = call["method"], call.get("params", [])
        if not isinstance(params, list):
            raise bad_params("params is a list.")  # not documented: parameters by name
        early = self.planned.turn(method, self.tokens)
        if early and not early.carried_out:
            raise early.refused()
        result = Call(self.records, self.tokens, self.choices, context, now).carried_out(method, params)
        if early:
            raise early.refused()
        return result

    def choose(self, wishes: dict[str, Any]) -> Doc:
        """Turn choices; one that shapes the data starts the shop anew."""
        self.choices = chosen(self.choices, wishes, VALUES)
        if SHAPES & set(wishes):
            self.start_anew(self.started)
        return asdict(self.choices)

    def credentials(self, address: str) -> dict[str, object]:
        """Give what a user would type in: address, shop, and the key made in the settings."""
        with self.lock:
            return {
                "shop_address": address,
                "webshop": self.records.shop()["uid"],
                "auth": self.tokens.key,
            }

    def do(self, action: str, arguments: dict[str, object]) -> object:
        """Do what a person would do in the shop."""
        with self.lock:
            return actions.do(self, action, arguments)

    def state(self) -> dict[str, object]:
        """Give everything that must survive a restart."""
        with self.lock:
            return {
                "started": self.started.isoformat(),
                "choices": asdict(self.choices),
                "people_made": self.people_made,
                "tokens": self.tokens.state(),
                "records": self.records.state(),
            }

    def restore(self, state: dict[str, object]) -> None:
        """Go back to what `state` gave."""
        kept = cast("dict[str, Any]", state)
        with self.lock:
            self.started = datetime.fromisoformat(kept["started"])
            self.choices = Choices(**kept["choices"])
            self.people_made = kept["people_made"]
            self.tokens.restore(kept["tokens"])
            self.records.restore(kept["records"])

    def tables(self) -> list[Table]:
        """Show orders, articles, customers and choices."""
        with self.lock:
            return overview.tables(self.records, self.choices)


def _unreadable(call: Any) -> str:
    """Say why this is no call, or nothing."""
    if not isinstance(call, dict):
        return "A call is an object."  # not documented: whether a list of calls is taken; see `batches`
    if call.get("jsonrpc") != "2.0":
        return 'jsonrpc is "2.0".'
    if not isinstance(call.get("method"), str):
        return "method is a text."
    if isinstance(call.get("id"), dict | list | bool):
        return "id is a text, a number or null."
    return "" if isinstance(call.get("params", []), dict | list) else "params is a list."


def _failed(identity: Any, refused: Refused) -> Doc:
    # abicart-rpc-examples.json, error_shape
    return {"jsonrpc": "2.0", "id": identity, "error": refused.shown()}


def _written(status: int, document: Any) -> Reply:
    return Reply(status, exact_json.write(document).encode(), dict(JSON))
