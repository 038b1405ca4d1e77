"""Parameters that requests are given on their way out: in the query of an address, or in a form."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from urllib.parse import quote, unquote_plus

from engine.connectors.bodies import check_characters
from engine.connectors.exchange import Request
from engine.connectors.forms import Pair, with_pairs
from engine.connectors.templates import fill_header, holes
from engine.errors import ConnectionMissing, Json
from engine.formulas.characters import outside

AS_IT_IS = "$:,"  # stands in queries unquoted: some systems take $filter, but no %24filter


def filled(templates: Mapping[str, str], answers: Mapping[str, Json], where: str, encoding: str) -> list[Pair]:
    """The parameters whose answers were all given, with them; what cannot be written is a ConnectionMissing."""
    return [
        (name, written(template, answers, where, encoding))
        for name, template in templates.items()
        if are_given(holes([template]), answers)
    ]


def written(template: str, answers: Mapping[str, Json], where: str, encoding: str) -> str:
    """The template filled; refused in words, without the answer, where the encoding lacks a character of it."""
    text = fill_header(template, answers, where)
    if outside(text, encoding):
        raise ConnectionMissing(
            f"an answer among {', '.join(sorted(holes([template])))} has a character that the system does not take",
            where=where,
            what_to_do="Enter it again; it may have been copied with something else.",
        )
    return text


def are_given(names: Iterable[str], answers: Mapping[str, Json]) -> bool:
    """Whether each of these questions was answered."""
    return all(answers.get(name) not in (None, "") for name in names)


def in_query(url: str, pairs: Iterable[Pair], encoding: str) -> str:
    """The address with these parameters in its query, in place of what it has under their names."""
    added = list(pairs)
    if not added:
        return url
    address, _, query = url.partition("?")
    names = {name for name, _ in added}
    kept = [piece for piece in query.split("&") if piece and parameter_name(piece) not in names]
    return f"{address}?{'&'.join([*kept, *(_piece(name, value, encoding) for name, value in added)])}"


def asks_for(url: str) -> set[str]:
    """The names of the parameters that an address has."""
    return {parameter_name(piece) for piece in url.partition("?")[2].split("&") if piece}


def in_request(request: Request, pairs: Collection[Pair]) -> Request:
    """The request with these parameters: in its form where it has one, else in its query."""
    if request.codec != "form":
        return replace(request, url=in_query(request.url, pairs, request.encoding))
    return replace(request, body=with_pairs(request.body, list(pairs), request.encoding))


def parameter_name(piece: str) -> str:
    """The name in a piece name=value."""
    return unquote_plus(piece.partition("=")[0])


def _piece(name: str, value: str, encoding: str) -> str:
    return f"{_quoted(name, encoding, name)}={_quoted(value, encoding, name)}"


def _quoted(text: str, encoding: str, name: str) -> str:
    return quote(check_characters(text, encoding, f"parameter {name} of the request"), safe=AS_IT_IS, encoding=encoding)
