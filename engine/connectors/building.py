"""Builds the requests of a system's operations: every hole filled by a formula, the body written by its codec."""

from __future__ import annotations

from collections.abc import Mapping
from urllib.parse import quote, urlencode

from engine.connectors.codecs import encode
from engine.connectors.connector import Operation, fill, holes
from engine.connectors.evaluator import Evaluator
from engine.connectors.exchange import Request
from engine.connectors.filled import paging_pairs, path_part, query_text
from engine.errors import Json
from engine.formulas import MISSING


class RequestBuilder:
    """title: the system's, for messages; base_url: what every path is below."""

    def __init__(self, title: str, base_url: str, evaluator: Evaluator, encoding: str = "utf-8") -> None:
        self._title = title
        self._base_url = base_url
        self._evaluator = evaluator
        self._encoding = encoding

    def request(self, operation: Operation, record: Json, variables: Mapping[str, Json]) -> Request:
        """The operation's request with its holes filled: path, query and body in one crossing."""
        path_holes = holes(operation.path)
        formulas = {f"path {i}": text for i, text in enumerate(path_holes)}
        formulas |= {f"query {name}": text for name, text in operation.query.items()}
        if operation.body is not None:
            formulas["body"] = operation.body
        values = self._evaluator.values(formulas, record, variables)
        where = f"{self._title}, {operation.title or operation.name}"
        parts = [path_part(values[f"path {i}"], text, where) for i, text in enumerate(path_holes)]
        pairs = [
            (name, query_text(values[f"query {name}"]))
            for name in operation.query
            if values[f"query {name}"] is not MISSING and values[f"query {name}"] is not None
        ]
        pairs += paging_pairs(operation.paging)
        url = self._base_url + fill(operation.path, parts)
        if pairs:
            url += "?" + urlencode(pairs, quote_via=quote, safe="$:,")
        body, headers = b"", dict[str, str]()
        if operation.body is not None:
            body, headers = encode(operation.codec, values["body"])
        return Request(operation.method, url, headers, body, operation.codec, operation.reply)
