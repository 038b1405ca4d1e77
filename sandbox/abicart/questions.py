"""The query language: which fields come back, and in which language."""

from __future__ import annotations

import re
from typing import Any

from sandbox.abicart.choices import Choices
from sandbox.abicart.classes import Class
from sandbox.abicart.errors import Refused, bad_params
from sandbox.abicart.kinds import Doc, Kind

LANGUAGE_CODE = re.compile("[a-z]{2}")


class Question:
    """One query, read and checked once, then asked of many records."""

    def __init__(self, query: Any, kind: Class, choices: Choices, language: str | None, default: str) -> None:
        """`language` is the context's, `default` the shop's."""
        self._choices = choices
        self._default = default
        self._everywhere = language if choices.language_flattens else None
        # abicart.md, Query language: "`true` (all), "name", ["uid","name"], {"name":"sv","uid":true}"
        self.bare = isinstance(query, str) and choices.string_query == "value"
        self._wanted = _wanted(query, kind, choices)
        self._fields = kind.fields

    def of(self, record: Doc) -> Any:
        """Give what was asked for: "Only requested fields are returned"."""
        shown = self._shown(record, self._wanted, self._fields)
        return next(iter(shown.values()), None) if self.bare else shown

    def _shown(self, record: Doc, wanted: Doc, fields: dict[str, Kind]) -> Doc:
        shown: Doc = {}
        for name, wish in wanted.items():
            value = record.get(name)
            kind = fields[name]
            if isinstance(wish, dict):
                shown[name] = self._shown(value, wish, dict(kind.parts)) if isinstance(value, dict) else value
                continue
            language = wish if isinstance(wish, str) else self._everywhere
            if kind.name != "words" or language is None or value is None:
                shown[name] = value
            elif language in value or self._choices.missing_language != "absent":
                shown[name] = self._text(value, language)
        return shown

    def _text(self, words: Doc, language: str) -> str | None:
        """Give the text in one language; not documented: what stands for a language that the map lacks."""
        if language in words or self._choices.missing_language == "null":
            return words.get(language)
        return words.get(self._default)


def _wanted(query: Any, kind: Class, choices: Choices) -> Doc:
    if query is True:
        return dict.fromkeys(kind.fields, True)
    if isinstance(query, str):
        query = [query]
    if isinstance(query, list):
        if not all(isinstance(name, str) for name in query):
            raise bad_params("A list of fields holds names.")
        query = dict.fromkeys(query, True)
    if not isinstance(query, dict):
        # not documented: whether a call may do without a query; here it may not
        raise bad_params("The query is true, a name, a list of names or an object.")
    for name, wish in query.items():
        _check(name, wish, kind.fields, kind.name, choices)
    return query


def _check(name: str, wish: Any, fields: Any, where: str, choices: Choices) -> None:
    if name not in fields:
        raise _unknown(name, where)
    if wish is True:
        return
    field = fields[name]
    if isinstance(wish, str) and field.name == "words" and LANGUAGE_CODE.fullmatch(wish):
        return
    # not documented: a query inside a query; a related object is its uid ("one more call each")
    if isinstance(wish, dict) and field.name == "object" and choices.nested_queries:
        for part, inner in wish.items():
            _check(part, inner, field.parts, f"{where}.{name}", choices)
        return
    raise bad_params(f"{where}.{name} is asked for with true, or with a language where it holds texts by language.")


def _unknown(name: str, where: str) -> Refused:
    # not documented: with which code; -32602 is the one for parameters
    return bad_params(f"{where} has no field {name!r}.")
