"""The system behind its two addresses: reads a call, carries it out, answers as text or XML."""

from __future__ import annotations

import threading
from dataclasses import asdict
from datetime import datetime
from typing import Any, cast

from sandbox.calls import CallsOfMinute
from sandbox.choosing import chosen
from sandbox.clock import Clock
from sandbox.exchange import Reply, Request
from sandbox.specter import actions, forms, keys, overview, pulling, replies, submitting, world
from sandbox.specter.books import SHOPS, Books, Doc
from sandbox.specter.choices import VALUES, Choices
from sandbox.specter.refusals import ACTION, OLD_BATCH, SAME, UNKNOWN, WRONG, Refused
from sandbox.system import System, Table

# specter.md, Base: `putInfo.asp?action=<action>` is a POST, `getInfo.asp?Action=<action>&…` a GET
PUT, GET = "/putInfo.asp", "/getInfo.asp"
METHODS = {PUT: "POST", GET: "GET"}


class Specter(System):
    """A business system with invented customers, articles and orders."""

    name = "specter"
    reads_change = True  # specter.md, Reads: batches are fetched and acknowledged at getInfo.asp, which is a GET

    def __init__(self, clock: Clock, seed: int = 7, orders: int = 200, choices: Choices | None = None) -> None:
        self.clock = clock
        self.limits_on = True
        self.lock = threading.RLock()
        self.choices = choices or Choices()
        self.account = keys.account_of(seed)
        self._seed, self._orders = seed, orders
        self._calls = CallsOfMinute()
        self.start_anew(clock.now())

    def start_anew(self, start: datetime) -> None:
        """Make the books of the first day."""
        self.started = start.replace(microsecond=0)
        self.books = Books()
        world.fill(self.books, self._seed, self._orders, self.started)

    def answer(self, request: Request) -> Reply:
        """Answer one request, one at a time; every refusal is 200 (not documented: other statuses)."""
        plain = {"Content-Type": "text/plain"}
        if request.path not in METHODS:
            return Reply(404, b"Not Found", plain)
        if request.method != METHODS[request.path]:
            return Reply(405, b"Method Not Allowed", plain | {"Allow": METHODS[request.path]})
        with self.lock:
            if late := self._limited(self.clock.now()):
                return late
            form: dict[str, str] = {}
            try:
                action = self._read(request, form)
                return self._carried_out(action, form)
            except Refused as refused:
                code = refused.code if self.choices.codes == "own" or refused.code == OLD_BATCH else SAME
                return replies.refused(code, refused.message, xml=form.get("useXML") == "2")

    def _limited(self, now: datetime) -> Reply | None:
        """Refuse what is too much; specter.md, Errors: "Rate limits: not found", so there is none until chosen."""
        most = self.choices.calls_per_minute if self.limits_on else 0
        return self._calls.refused(now, most, tells_when=self.choices.retry_after) if most else None

    def _read(self, request: Request, form: Doc) -> str:
        """Read the fields into the form; give the action."""
        query = forms.query_of(request, self.choices)
        if request.path == PUT:
            form.update(forms.body_of(request, self.choices))
            if set(query) != {"action"}:
                raise Refused(WRONG, "The query of putInfo.asp holds action, and nothing else.")
            action = query["action"]
        else:
            form.update(query)
            action = form.get("Action", "")
        known = tuple(submitting.ACTIONS) if request.path == PUT else pulling.ACTIONS
        if action not in known:
            raise Refused(ACTION, f"There is no action {action!r} at {request.path}.")
        return action

    def _carried_out(self, action: str, form: dict[str, str]) -> Reply:
        if form.get("useXML") not in ("1", "2"):  # specter.md, Base: "1 = semicolon-separated text, 2 = XML"
            raise Refused(WRONG, "useXML is 1 or 2.")
        keys.check(self.account, action, form, self.choices)
        form["webshopId"] = form.get("webshopId") or SHOPS[0]  # not documented: what its absence means
        if form["webshopId"] not in SHOPS:
            raise Refused(UNKNOWN, f"There is no web shop {form['webshopId']}.")
        if action in pulling.ACTIONS:
            return pulling.answer(self.books, action, form, self.choices)
        ids = submitting.ACTIONS[action](self.books, form, self.choices, self.clock.now())
        return replies.done(ids, xml=form["useXML"] == "2")

    def choose(self, wishes: dict[str, Any]) -> Doc:
        """Turn choices."""
        self.choices = chosen(self.choices, wishes, VALUES)
        return asdict(self.choices)

    def credentials(self, address: str) -> dict[str, object]:
        """Give what a user would type in: address, account and keys."""
        return {
            "address": address,
            "sbmId": self.account.sbm_id,
            "apiUserId": self.account.api_user_id,
            "apiUserKey": self.account.api_user_key,
            "integrationKey": self.account.integration_key,
            "webshopId": SHOPS[0],
        }

    def do(self, action: str, arguments: dict[str, object]) -> object:
        """Do what a person would do in the system."""
        with self.lock:
            return actions.do(self, action, arguments)

    def state(self) -> dict[str, object]:
        """Give everything that must survive a restart."""
        with self.lock:
            kept = {"started": self.started.isoformat(), "choices": asdict(self.choices)}
            return kept | {"account": asdict(self.account), "books": self.books.state()}

    def restore(self, state: dict[str, object]) -> None:
        """Go back to what `state` gave."""
        kept = cast("dict[str, Any]", state)
        with self.lock:
            self.started = datetime.fromisoformat(kept["started"])
            self.choices = Choices(**kept["choices"])
            self.account = keys.Account(**kept["account"])
            self.books.restore(kept["books"])

    def tables(self) -> list[Table]:
        """Show orders, articles, customers, batches, letters and choices."""
        with self.lock:
            return overview.tables(self.books, self.choices)
