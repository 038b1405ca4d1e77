"""A system over a real server that keeps what it was sent, raw, and answers as it is told."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from typing import Any

from engine.connectors.client import Client
from engine.connectors.clock import FakeClock
from engine.connectors.connector import read_connector
from engine.connectors.credentials import MemoryVault
from engine.connectors.exchange import Exchange, SystemError_
from engine.connectors.http_description import HttpDescription
from engine.connectors.lanes import MemoryLanes
from engine.connectors.system import System
from engine.formulas import Environment, Formulas

SCHEMA = {"type": "object", "properties": {"number": {"type": "string"}, "name": {"type": "string"}}}

SECRET, INTEGRATION, ACCOUNT = "canary-secret-1", "canary-integration-2", "4711"
ANSWERS = {"account": ACCOUNT, "user": "u", "secret_key": SECRET, "shop": "7", "empty": ""}
DIGEST = {
    "kind": "digest",
    "algorithm": "md5",
    "parts": ["secret_key", "account", "subject"],
    "outer": ["secret_integration", "digest"],
    "parameters": {"account": "{account}", "key": "{digest}", "extra": "{empty}"},
}
HTTP = {
    "text": {"encoding": "iso-8859-1"},
    "query": {"shop": "{shop}", "unsaid": "{empty}"},
    "sign_in": DIGEST,
    "errors": {
        "in_success": True,
        "code": '$exists(rows) ? (rows[0][0] = "0" ? rows[0][1]) : reply.code[0]',
        "message": '$exists(rows) ? (rows[0][0] = "0" ? rows[0][2]) : reply.message[0]',
    },
}
CREATE = {
    "method": "POST",
    "path": "/put",
    "query": {"action": '"order"'},
    "codec": "form",
    "reply": ["semicolon", "xml"],
    "numbered": ["rows"],
    "subject": "$fields.name",
    "body": '{"name": $fields.name, "user": $connection.user, "rows": $fields.rows}',
    "record": '{"number": rows[0][1]}',
}
READ = {
    "method": "GET",
    "path": "/get",
    "query": {"batch": "$batch", "who": '"Åsa"'},
    "reply": ["xml", "semicolon"],
    "subject": "$batch",
    "records": "reply.order.{'number': `@no`}",
}


@dataclass
class Sent:
    """One request as it came: the line's target, its headers in lower case, its body."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Speaking:
    """answers: (status, content type, body) in their order, the last one again and again."""

    system: System
    sent: list[Sent]
    exchanges: list[Exchange]
    answers: list[tuple[int, str, bytes]]

    def answer(self, *bodies: bytes, kind: str = "text/plain", status: int = 200) -> Speaking:
        self.answers[:] = [(status, kind, body) for body in bodies]
        return self


@dataclass
class Speaks:
    """Makes them, and closes them all."""

    serve: Callable[..., tuple[str, int]]
    formulas: Formulas
    made: list[System] = field(default_factory=list)

    def __call__(
        self, http: dict[str, Any], operations: dict[str, Any], answers: dict[str, Any], **options: Any
    ) -> Speaking:
        sent: list[Sent] = []
        replies: list[tuple[int, str, bytes]] = [(200, "text/plain", b"1;7;")]

        def handle(request: BaseHTTPRequestHandler) -> None:
            body = request.rfile.read(int(request.headers.get("content-length", 0)))
            headers = {name.lower(): value for name, value in request.headers.items()}
            sent.append(Sent(request.command, request.path, headers, body))
            status, kind, reply = replies.pop(0) if len(replies) > 1 else replies[0]
            request.send_response(status)
            request.send_header("Content-Type", kind)
            request.send_header("Content-Length", str(len(reply)))
            request.end_headers()
            request.wfile.write(reply)

        host, port = self.serve(handle)
        questions = {name: {"type": "string", "x-secret": name.startswith("secret")} for name in answers}
        document = {
            "title": "Books",
            "roles": ["erp"],
            "version": "1.0.0",
            "evidence": [],
            "questions": {"type": "object", "properties": questions},
            "http": {"base": f"http://{host}:{port}/api", **http},
            "resources": {
                "orders": {
                    "title": "Orders",
                    "kind": "order",
                    "schema": "orders.schema.json",
                    "key": "number",
                    "number": "number",
                    "operations": operations,
                }
            },
        }
        connector = read_connector("books", document, {"orders.schema.json": SCHEMA}, {})
        environment = Environment(datetime(2030, 1, 1, tzinfo=UTC), {"connection": connector.told(answers)})
        exchanges: list[Exchange] = []
        client = Client(
            HttpDescription.read(connector.http),
            connection="books",
            title="Books",
            answers=answers,
            secret_answers=connector.secret_questions(),
            vault=MemoryVault(),
            lanes=MemoryLanes(),
            clock=FakeClock(),
            random=random.Random(1),
            allow_private=True,
            read_error=self._errors(connector.http.get("errors", {}), environment),
            on_exchange=exchanges.append,
            **options,
        )
        system = System(connector, client, self.formulas, environment)
        self.made.append(system)
        return Speaking(system, sent, exchanges, replies)

    def _errors(self, about: dict[str, Any], environment: Environment) -> Callable[[Any], SystemError_]:
        program = self.formulas.program({part: about[part] for part in ("code", "message") if part in about})

        def read(document: Any) -> SystemError_:
            [found] = self.formulas.evaluate(program, environment, [(document, {})])
            for each in found.values():
                if each.error is not None:
                    raise each.error
            return SystemError_(**{n: str(e.value) for n, e in found.items() if isinstance(e.value, str | int)})

        return read

    def close(self) -> None:
        for system in self.made:
            system.close()


def md5(*parts: str) -> str:
    return hashlib.md5("".join(parts).encode("latin-1")).hexdigest()


def books(speaks: Speaks, **more: Any) -> Speaking:
    """Books that take forms, and sign in by a digest."""
    return speaks(HTTP | more, {"create": CREATE, "read": READ}, ANSWERS)
