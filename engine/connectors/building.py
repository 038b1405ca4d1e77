"""Builds the requests of a system's operations: every hole filled by a formula, the body written by its codec."""

from __future__ import annotations

import json
from collections.abc import Mapping

from engine.connectors.bodies import Writing, check_characters
from engine.connectors.codecs import encode
from engine.connectors.connector import Operation, fill, holes
from engine.connectors.evaluator import Evaluator
from engine.connectors.exchange import Request
from engine.connectors.filled import paging_pairs, path_part, query_text
from engine.connectors.parameters import in_query
from engine.errors import Json, Problem, RecordProblem
from engine.formulas import MISSING
from engine.formulas.characters import PLACEHOLDER


class RequestBuilder:
    """title: the system's, for messages; base_url: what every path is below."""

    def __init__(self, title: str, base_url: str, evaluator: Evaluator, encoding: str = "utf-8") -> None:
        self._title = title
        self._base_url = base_url
        self._evaluator = evaluator
        self._encoding = encoding

    def request(self, operation: Operation, record: Json, variables: Mapping[str, Json]) -> Request:
        """The operation's request with its holes filled: path, query, body and subject in one crossing."""
        return self._request(operation, self._values(operation, record, variables), self._encoding)

    def shown(self, operation: Operation, record: Json, variables: Mapping[str, Json]) -> Request:
        """The request to look at: where placeholders in it cannot be written in the system's encoding, in UTF-8."""
        values = self._values(operation, record, variables)
        try:
            return self._request(operation, values, self._encoding)
        except RecordProblem:
            if PLACEHOLDER not in json.dumps(variables, ensure_ascii=False, default=str):
                raise
            return self._request(operation, values, "utf-8")

    def _values(self, operation: Operation, record: Json, variables: Mapping[str, Json]) -> dict[str, Json]:
        return self._evaluator.values(operation.formulas(), record, variables)

    def _request(self, operation: Operation, values: Mapping[str, Json], encoding: str) -> Request:
        path_holes = holes(operation.path)
        where = f"{self._title}, {operation.title or operation.name}"
        parts = [path_part(values[f"path {i}"], text, where) for i, text in enumerate(path_holes)]
        pairs = [
            (name, query_text(values[f"query {name}"]))
            for name in operation.query
            if values[f"query {name}"] is not MISSING and values[f"query {name}"] is not None
        ]
        pairs += paging_pairs(operation.paging)
        url = in_query(self._base_url + fill(operation.path, parts), pairs, encoding)
        body, headers = b"", dict[str, str]()
        if operation.body is not None or operation.call is not None:
            writing = Writing(encoding, operation.numbered, operation.call)
            body, headers = encode(operation.codec, values.get("body", MISSING), writing)
        return Request(
            operation.method,
            url,
            headers,
            body,
            operation.codec,
            operation.reply,
            encoding=encoding,
            subject=_subject(values["subject"], where, encoding) if operation.subject is not None else "",
            causes=operation.causes,
        )


def _subject(value: Json, where: str, encoding: str) -> str:
    """What a digest is made over; refused here, before anything is sent, where it cannot be."""
    if value is MISSING or value is None or value == "":
        raise RecordProblem(
            [Problem(where, "what the request is signed over has no value", "Give the record that field.")]
        )
    return check_characters(query_text(value), encoding, where)
