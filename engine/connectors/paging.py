"""How the next page is asked for: one row for each paging style, each a pure function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias
from urllib.parse import parse_qsl, quote, urljoin, urlsplit

from engine.connectors.exchange import Request
from engine.errors import BrokenReply, Cause, Json


@dataclass(frozen=True, slots=True)
class Paging:
    """The `paging` object of an operation. `next` and `total_pages` are formulas for the caller to evaluate.

    page, start, size: names of query parameters; page_size: records asked for; overlap: records of the page
    before asked for again; short_page_ends: true where a page with fewer records than asked for is known to
    be the last (else only an empty one is: some systems give fewer than asked for on every page).
    """

    kind: str = "none"
    next: Json = None
    total_pages: Json = None
    page: str = "page"
    first_page: int = 1
    start: str = "start"
    size: str | None = None
    page_size: int | None = None
    overlap: int = 0
    short_page_ends: bool = False
    max_pages: int = 10_000

    @classmethod
    def read(cls, document: Mapping[str, Json] | None) -> Paging:
        """From a checked connector; None means that there is one page."""
        return cls(**document) if document else cls()


@dataclass(frozen=True, slots=True)
class PageValues:
    """What the last reply said. count: records on that page."""

    count: int
    next: str | None = None
    total_pages: int | None = None

    @classmethod
    def read(cls, values: Mapping[str, Json], previous: Request) -> PageValues:
        """From evaluated formulas; null is nothing said. Raises BrokenReply for what cannot be meant."""
        link, total = values.get("next"), values.get("total_pages")
        if link is not None and not isinstance(link, str):
            raise _broken(previous, "the link to the next page is no text")
        if total is not None:
            number = str(total).removesuffix(".0")
            if isinstance(total, bool) or not number.isdecimal():
                raise _broken(previous, "the number of pages is no number")
            total = int(number)
        return cls(values["count"], link, total)


Style: TypeAlias = Callable[[Paging, Request, Request, PageValues], Request | None]


def next_request(
    spec: Mapping[str, Json], first: Request, previous: Request, values: Mapping[str, Json]
) -> Request | None:
    """The request for the page after `previous`, or None when that was the last.

    spec: the `paging` object of an operation; values: what the last reply said: `count` of records, `page`
    (pages read so far, that one included), and `next` and `total_pages` where their formulas gave something.
    Raises BrokenReply when a page leads to itself, or when there are more than `max_pages`.
    """
    paging = Paging.read(spec)
    following = PAGING_STYLES[paging.kind](paging, first, previous, PageValues.read(values, previous))
    if following is None:
        return None
    if following.url == previous.url and following.body == previous.body:
        raise _broken(previous, "a page names itself as the next one")
    if values["page"] >= paging.max_pages:
        raise _broken(previous, f"there are more than {paging.max_pages} pages")
    return following


def no_more(_paging: Paging, _first: Request, _previous: Request, _values: PageValues) -> None:
    """One page is all."""


def by_next_link(_paging: Paging, _first: Request, previous: Request, values: PageValues) -> Request | None:
    """The reply names the next page, absolutely or relative to the last; the client checks its host."""
    if not values.next:
        return None
    return replace(previous, url=urljoin(previous.url, values.next))


def by_page_number(paging: Paging, _first: Request, previous: Request, values: PageValues) -> Request | None:
    """Pages are numbered; the reply says how many there are, or the last one is empty."""
    number = _number_in(previous, paging.page, paging.first_page)
    if values.total_pages is not None:
        more = number - paging.first_page + 1 < values.total_pages
    else:
        more = _goes_on(paging, values.count)
    return _with_query(previous, {paging.page: number + 1}) if more else None


def by_offset(paging: Paging, _first: Request, previous: Request, values: PageValues) -> Request | None:
    """So many records are passed over: those we have been given, less the overlap."""
    if values.count <= paging.overlap or not _goes_on(paging, values.count):
        return None
    start = _number_in(previous, paging.start, 0) + values.count - paging.overlap
    return _with_query(previous, {paging.start: start})


PAGING_STYLES: Mapping[str, Style] = {
    "none": no_more,
    "next_link": by_next_link,
    "page_number": by_page_number,
    "offset": by_offset,
}


def _goes_on(paging: Paging, count: int) -> bool:
    if paging.short_page_ends and paging.page_size:
        return count >= paging.page_size
    return count > 0


def _number_in(request: Request, parameter: str, otherwise: int) -> int:
    for name, value in parse_qsl(urlsplit(request.url).query):
        if name == parameter and value.isdecimal():
            return int(value)
    return otherwise


def _with_query(request: Request, parameters: Mapping[str, int]) -> Request:
    """The request with these parameters set; the others stay, byte for byte and in their order."""
    if not parameters:
        return request
    address, _, query = request.url.partition("?")
    waiting = {quote(name, safe="$"): f"{quote(name, safe='$')}={value}" for name, value in parameters.items()}
    pieces = []
    for piece in filter(None, query.split("&")):
        name = piece.partition("=")[0]
        plain = next((known for known in waiting if known in (name, name.replace("%24", "$"))), None)
        pieces.append(waiting.pop(plain) if plain is not None else piece)
    return replace(request, url=f"{address}?{'&'.join([*pieces, *waiting.values()])}")


def _broken(previous: Request, why: str) -> BrokenReply:
    return BrokenReply(
        "the pages cannot be read to their end",
        cause=Cause.BROKEN_REPLY,
        where=urlsplit(previous.url).hostname or "",
        why=why,
        what_to_do="Check `paging` in the connector against the system's documentation.",
    )
