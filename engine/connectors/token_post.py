"""Asks a token address for tokens, and keeps no body of such an exchange."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.connectors.clock import Clock
from engine.connectors.exchange import Exchange, Reply, Request
from engine.connectors.failures import failure_of_wire
from engine.connectors.redaction import Redactor
from engine.connectors.reply_document import read_document
from engine.connectors.transport import Wire, WireFailure, parse_address


def token_post(
    wire: Wire, redactor: Redactor, clock: Clock, where: str, record: Callable[[Exchange], None]
) -> Callable[[Request], Reply]:
    """A function that sends one request to a token address, follows no redirect and tries nothing again.

    The reply comes whatever its status, its document read if it is JSON. Raises TryAgain, or AddressRefused.
    """

    def post(request: Request) -> Reply:
        at, started = clock.now(), clock.monotonic()
        reply: Reply | None = None
        cause: str | None = None
        try:
            reply = wire.send(request)
        except WireFailure as fault:
            cause = fault.cause
            host = parse_address(request.url).host
            raise failure_of_wire(fault, f"{where}, signing in at {host}", safe=True) from fault
        finally:
            seconds = clock.monotonic() - started
            bare_reply = Reply(reply.status, reply.headers, b"", reply.seconds) if reply else None
            record(redactor.exchange(at, replace(request, body=b""), bare_reply, seconds, 1, cause))
        read_document(reply, ("json",))
        return reply

    return post
