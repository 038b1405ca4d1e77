"""Exchanges as the ledger keeps them."""

from __future__ import annotations

from engine.connectors.exchange import Exchange
from engine.runs.ledger import Exchange as KeptExchange


def as_kept(exchange: Exchange, operation: str) -> KeptExchange:
    """The exchange in the ledger's words; bodies as text, secrets hidden already by the client."""
    return KeptExchange(
        operation=operation,
        method=exchange.method,
        url=exchange.url,
        request_headers=exchange.request_headers,
        request_body=exchange.request_body.decode("utf-8", "replace"),
        status=exchange.status,
        reply_headers=exchange.reply_headers,
        reply_body=exchange.reply_body.decode("utf-8", "replace"),
        seconds=exchange.seconds,
        attempt=exchange.attempt,
        problem=exchange.cause or "",
        note=exchange.note,
    )
