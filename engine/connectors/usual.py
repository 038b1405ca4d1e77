"""What every request to a system has beside its own: headers and parameters, sign-in aside."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from engine.connectors.codecs import CODECS, REPLIES
from engine.connectors.exchange import Request
from engine.connectors.http_description import HttpDescription
from engine.connectors.parameters import asks_for, filled, in_query
from engine.connectors.templates import fill_header
from engine.errors import Json


class Usual:
    """Filled once from a connection's answers; raises ConnectionMissing where one of a header is missing."""

    def __init__(self, http: HttpDescription, answers: Mapping[str, Json], where: str) -> None:
        self._headers = {name: fill_header(text, answers, where) for name, text in http.headers.items()}
        self._names = frozenset(name.lower() for name in self._headers)
        self._query = filled(http.query, answers, where, http.encoding)
        self._encoding = http.encoding

    def added_to(self, request: Request, url: str) -> Request:
        """The request to this address with all that is usual; what it says itself goes first."""
        given = {name.lower() for name in request.headers}
        headers = dict(request.headers)
        usual = {"Accept": _accepts(request), "Accept-Encoding": "gzip", "User-Agent": "mapping-studio"}
        if request.body or request.codec == "form":
            usual["Content-Type"] = CODECS[request.codec].content_type
        for name, value in usual.items():
            if name.lower() not in given and name.lower() not in self._names:
                headers[name] = value
        for name, value in self._headers.items():
            if name.lower() not in given:
                headers[name] = value
        own = asks_for(url)
        url = in_query(url, [pair for pair in self._query if pair[0] not in own], self._encoding)
        return replace(request, url=url, headers=headers)


def reply_codecs(request: Request) -> tuple[str, ...]:
    """How its reply is read: as it says, else as its body is written."""
    return request.reply_codecs or (REPLIES.get(request.codec, request.codec),)


def _accepts(request: Request) -> str:
    kinds = [name for name in reply_codecs(request) if name != "none"]
    return ", ".join(dict.fromkeys(CODECS[name].accept for name in kinds)) or "*/*"
