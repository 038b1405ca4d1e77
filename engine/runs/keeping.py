"""Exchanges as the ledger keeps them."""

from __future__ import annotations

from engine.connectors.codecs import CODECS
from engine.connectors.exchange import Exchange
from engine.connectors.forms import readable
from engine.runs.ledger import Exchange as KeptExchange


def as_kept(exchange: Exchange, operation: str) -> KeptExchange:
    """The exchange in the ledger's words; bodies as people can read them, secrets hidden already by the client."""
    return KeptExchange(
        operation=operation,
        method=exchange.method,
        url=exchange.url,
        request_headers=exchange.request_headers,
        request_body=readable(exchange.request_body, exchange.encoding, is_form=_is_form(exchange)),
        status=exchange.status,
        reply_headers=exchange.reply_headers,
        reply_body=readable(exchange.reply_body, exchange.encoding),
        seconds=exchange.seconds,
        attempt=exchange.attempt,
        problem=exchange.cause or "",
        note=exchange.note,
    )


def _is_form(exchange: Exchange) -> bool:
    types = (value for name, value in exchange.request_headers.items() if name.lower() == "content-type")
    return next(types, "").partition(";")[0].strip().lower() == CODECS["form"].content_type
