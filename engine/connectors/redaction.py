"""Hides secrets in what is kept of an exchange."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterable
from datetime import datetime
from urllib.parse import quote, quote_plus

from engine.connectors.bodies import in_utf8
from engine.connectors.exchange import Exchange, Reply, Request
from engine.connectors.parameters import AS_IT_IS, parameter_name

HIDDEN = "«hidden»"
KEPT_BODY_BYTES = 1_000_000
_ALWAYS_HIDDEN = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "www-authenticate", "proxy-authenticate"}
)
_LEFT_AS_IT_IS = ("", "/", AS_IT_IS)  # what addresses and forms do not percent-encode
_SHORT = 6  # a secret this short is hidden only where it is the whole value, else it would eat common words


class Redactor:
    """Knows a connection's secrets, also those it learns on the way; safe to use from many threads."""

    def __init__(self, encoding: str = "utf-8") -> None:
        """encoding: of the system's forms and replies, beside UTF-8."""
        self._encodings = tuple(dict.fromkeys(("utf-8", encoding)))
        self._lock = threading.Lock()
        self._secrets: dict[str, set[str]] = {}  # each with its forms
        self._headers: frozenset[str] = _ALWAYS_HIDDEN
        self._parameters: frozenset[str] = frozenset()
        self._whole: frozenset[str] = frozenset()
        self._texts: tuple[tuple[str, str], ...] = ()
        self._bytes: tuple[tuple[bytes, bytes], ...] = ()
        self._longest = 0

    def hide(self, secret: str) -> None:
        """From now on this text is not to be seen, in any of the ways it is written in requests."""
        if not secret or secret in self._secrets:
            return
        with self._lock:
            self._secrets[secret] = _forms(secret, self._encodings)
            self._whole = frozenset().union(*self._secrets.values())
            inside = set[str]().union(*(forms for known, forms in self._secrets.items() if len(known) >= _SHORT))
            longest_first = sorted(inside, key=len, reverse=True)
            self._texts = tuple((form, HIDDEN) for form in longest_first)
            self._bytes = tuple((form.encode("utf-8", "replace"), HIDDEN.encode()) for form in longest_first)
            short = [f'"{known}"' for known in self._secrets if len(known) < _SHORT]
            self._bytes += tuple((form.encode("utf-8", "replace"), f'"{HIDDEN}"'.encode()) for form in short)
            self._longest = max((len(form) for form, _ in self._bytes), default=0)

    def hide_headers(self, names: Iterable[str]) -> None:
        """These headers' values are never kept."""
        self._headers = self._headers | {name.lower() for name in names}

    def hide_parameters(self, names: Iterable[str]) -> None:
        """What queries and forms hold under these names is never kept."""
        self._parameters = self._parameters | set(names)

    def text(self, text: str, also: Iterable[str] = ()) -> str:
        """also: what else is not to be seen in this one text."""
        text = _without(text, also)
        for form, instead in self._texts:
            if form in text:
                text = text.replace(form, instead)
        return text

    def url(self, url: str) -> str:
        address, mark, query = url.partition("?")
        if not mark:
            return self.text(address)
        return self.text(f"{address}?{self._pieces(query)}")

    def _pieces(self, query: str) -> str:
        """A query or a form without what is hidden by its name or as a whole value."""
        pieces = []
        for piece in query.split("&"):
            name, equals, value = piece.partition("=")
            hidden = value in self._whole or (equals and parameter_name(piece) in self._parameters)
            pieces.append(f"{name}{equals}{HIDDEN if hidden else value}")
        return "&".join(pieces)

    def headers(self, headers: dict[str, str]) -> dict[str, str]:
        return {
            name: HIDDEN if name.lower() in self._headers or value in self._whole else self.text(value)
            for name, value in headers.items()
        }

    def exchange(
        self,
        at: datetime,
        sent: Request,
        reply: Reply | None,
        seconds: float,
        attempt: int,
        cause: str | None,
    ) -> Exchange:
        """What is kept of one attempt; `sent.hidden` is not seen in it, nor remembered for others."""
        body = self._pieces(sent.body.decode("utf-8", "replace")).encode() if sent.codec == "form" else sent.body
        return Exchange(
            at=at,
            method=sent.method,
            url=_without(self.url(sent.url), sent.hidden),
            request_headers=self.headers(sent.headers),
            request_body=self.body(body, sent.hidden),
            status=reply.status if reply else None,
            reply_headers=_each_without(self.headers(reply.headers), sent.hidden) if reply else {},
            reply_body=self.body(reply.body, sent.hidden, sent.encoding) if reply else b"",
            seconds=seconds,
            attempt=attempt,
            cause=cause,
            encoding=sent.encoding,
        )

    def body(self, body: bytes, also: Iterable[str] = (), encoding: str = "utf-8") -> bytes:
        """The body without secrets, cut at `KEPT_BODY_BYTES`; in UTF-8 where it was a text in the encoding."""
        more = [(secret.encode(), HIDDEN.encode()) for secret in also]
        kept = body[: KEPT_BODY_BYTES + max([self._longest, *(len(secret) for secret, _ in more)])]
        kept = in_utf8(kept, encoding)
        for form, instead in (*more, *self._bytes):
            if form in kept:
                kept = kept.replace(form, instead)
        return kept[:KEPT_BODY_BYTES]


def _without(text: str, secrets: Iterable[str]) -> str:
    for secret in secrets:
        text = text.replace(secret, HIDDEN)
    return text


def _each_without(headers: dict[str, str], secrets: Iterable[str]) -> dict[str, str]:
    return {name: _without(value, secrets) for name, value in headers.items()}


def _forms(secret: str, encodings: Iterable[str]) -> set[str]:
    """The ways a secret is written in addresses, headers and bodies."""
    forms = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    for name in encodings:
        forms |= {form(secret, safe, name, "replace") for form in (quote, quote_plus) for safe in _LEFT_AS_IT_IS}
    forms.add(base64.b64encode(secret.encode("utf-8", "replace")).decode())
    return forms
