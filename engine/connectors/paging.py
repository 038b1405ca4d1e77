"""Where the next page is: one row for each paging style, each a pure function from place to place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import TypeAlias
from urllib.parse import quote, urljoin, urlsplit

from engine.connectors.exchange import Request
from engine.connectors.parameters import AS_IT_IS, parameter_name
from engine.errors import BrokenReply, Cause, Json


@dataclass(frozen=True, slots=True)
class Paging:
    """The `paging` object of an operation. `next` and `total_pages` are formulas for the caller to evaluate.

    page, start, size: names of query parameters; page_size: records asked for; overlap: records of the page
    before asked for again; short_page_ends: true where a page with fewer records than asked for is known to
    be the last (else only an empty one is: some systems give fewer than asked for on every page); in_body: the
    place stands in the body, whose formula sees it as $paging.
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
    in_body: bool = False

    @classmethod
    def read(cls, document: Mapping[str, Json] | None) -> Paging:
        """From a checked connector; None means that there is one page."""
        if not document:
            return cls()
        rest = {name: value for name, value in document.items() if name != "in"}
        return cls(**rest, in_body=document.get("in") == "body")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: how many records are passed over, its number, or the link that leads to it.

    again: how many records of the page before it asks for again.
    """

    start: int = 0
    page: int = 1
    link: str | None = None
    again: int = 0


@dataclass(frozen=True, slots=True)
class PageValues:
    """What the last reply said. count: records on that page; fresh: those the page before did not hold."""

    count: int
    fresh: int
    next: str | None = None
    total_pages: int | None = None

    @classmethod
    def read(cls, values: Mapping[str, Json], count: int, fresh: int, previous: Request) -> PageValues:
        """From evaluated formulas; null is nothing said. Raises BrokenReply for what cannot be meant."""
        link, total = values.get("next"), values.get("total_pages")
        if link is not None and not isinstance(link, str):
            raise broken(previous, "the link to the next page is no text")
        if total is not None:
            number = str(total).removesuffix(".0")
            if isinstance(total, bool) or not number.isdecimal():
                raise broken(previous, "the number of pages is no number")
            total = int(number)
        return cls(count, fresh, link, total)


Style: TypeAlias = Callable[[Paging, Place, PageValues], Place | None]


def first_place(paging: Paging) -> Place:
    return Place(page=paging.first_page)


def next_place(paging: Paging, place: Place, values: PageValues) -> Place | None:
    """Where the page after this one begins, or None when this was the last."""
    return PAGING_STYLES[paging.kind](paging, place, values)


def place_before(place: Place, count: int) -> Place:
    """A page's length further back, for a page that does not join the one before it. count: records on that one."""
    start = max(0, place.start - max(1, count - place.again))
    return replace(place, start=start, again=place.again if start else 0)


def request_at(paging: Paging, place: Place, previous: Request) -> Request:
    """The request for the page at a place, where the place stands in the address; the rest is as it was."""
    if place.link is not None:
        return replace(previous, url=urljoin(previous.url, place.link))
    if paging.kind == "page_number":
        return _with_query(previous, paging.page, place.page)
    return _with_query(previous, paging.start, place.start)


def in_body(paging: Paging, place: Place) -> dict[str, Json]:
    """The place as the body's formula sees it."""
    size = {} if paging.page_size is None else {"size": paging.page_size}
    return {"start": place.start, "page": place.page} | size


def refuse_repetition(paging: Paging, previous: Request, following: Request, pages: int) -> None:
    """Raises BrokenReply when a page leads to itself, or when there are more than `max_pages`. pages: read so far."""
    if following.url == previous.url and following.body == previous.body:
        raise broken(previous, "a page names itself as the next one")
    if pages >= paging.max_pages:
        raise broken(previous, f"there are more than {paging.max_pages} pages")


def no_more(_paging: Paging, _place: Place, _values: PageValues) -> None:
    """One page is all."""


def by_next_link(_paging: Paging, place: Place, values: PageValues) -> Place | None:
    """The reply names the next page, absolutely or relative to the last; the client checks its host."""
    return replace(place, link=values.next) if values.next else None


def by_page_number(paging: Paging, place: Place, values: PageValues) -> Place | None:
    """Pages are numbered; the reply says how many there are, or the last one is empty."""
    if values.total_pages is not None:
        more = place.page - paging.first_page + 1 < values.total_pages
    else:
        more = _goes_on(paging, values.count)
    return replace(place, page=place.page + 1) if more else None


def by_offset(paging: Paging, place: Place, values: PageValues) -> Place | None:
    """So many records are passed over: those we have been given, less the overlap."""
    if not values.fresh or not _goes_on(paging, values.count):
        return None
    again = min(paging.overlap, values.count - 1)  # a page must bring us on, however few records it holds
    return replace(place, start=place.start + values.count - again, again=again)


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


def _with_query(request: Request, name: str, value: int) -> Request:
    """The request with this parameter set; the others stay, byte for byte and in their order."""
    address, _, query = request.url.partition("?")
    pieces = [piece for piece in query.split("&") if piece]
    place = next((at for at, piece in enumerate(pieces) if parameter_name(piece) == name), len(pieces))
    pieces[place : place + 1] = [f"{quote(name, safe=AS_IT_IS)}={value}"]
    return replace(request, url=f"{address}?{'&'.join(pieces)}")


def broken(previous: Request, why: str) -> BrokenReply:
    return BrokenReply(
        "the pages cannot be read to their end",
        cause=Cause.BROKEN_REPLY,
        where=urlsplit(previous.url).hostname or "",
        why=why,
        what_to_do="Check `paging` in the connector against the system's documentation.",
    )
