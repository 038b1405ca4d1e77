"""Something that happens in the shop between two requests of a run."""

from __future__ import annotations

from collections.abc import Callable

import httpx

from engine.connectors.transport import CheckedTransport


class Between(httpx.BaseTransport):
    """Does something in the shop right before the first request of a method goes out."""

    def __init__(self, method: str, work: Callable[[], object]) -> None:
        self._inner = CheckedTransport(allow_private=True)
        self._method, self._left = method, [work]

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if request.method == self._method and self._left:
            self._left.pop()()
        return self._inner.handle_request(request)

    def close(self) -> None:
        self._inner.close()
