"""Each paging style finds the next page, and none goes on for ever."""

from urllib.parse import parse_qs, urlsplit

import pytest

from engine.connectors.exchange import Request
from engine.connectors.paging import (
    PageValues,
    Paging,
    Place,
    first_place,
    in_body,
    next_place,
    place_before,
    refuse_repetition,
    request_at,
)
from engine.errors import BrokenReply

FIRST = Request("GET", "https://shop.test/api/orders?$filter=a%20eq%20b&start=0&size=100&$page=1")


def place_after(spec, place=None, *, count=100, fresh=None, **values):
    paging = Paging.read(spec)
    said = PageValues.read(values, count, count if fresh is None else fresh, FIRST)
    return next_place(paging, place or first_place(paging), said)


def after(spec, previous=FIRST, place=None, **values):
    following = place_after(spec, place, **values)
    return following and request_at(Paging.read(spec), following, previous).url


def query(url):
    return {name: values[0] for name, values in parse_qs(urlsplit(url).query).items()}


def test_one_page_is_all_where_there_is_no_paging():
    assert after({"kind": "none"}) is None


@pytest.mark.parametrize(
    ("link", "url"),
    [
        ("https://shop.test/api/orders?start=100", "https://shop.test/api/orders?start=100"),
        ("/api/orders?start=100", "https://shop.test/api/orders?start=100"),
        ("?start=100", "https://shop.test/api/orders?start=100"),
        ("https://evil.test/x", "https://evil.test/x"),  # the client refuses to send there
        (None, None),
        ("", None),
    ],
)
def test_a_next_link_may_be_absolute_or_relative(link, url):
    assert after({"kind": "next_link"}, next=link) == url


def test_page_numbers_go_on_to_the_stated_total():
    spec = {"kind": "page_number", "page": "$page", "total_pages": "Meta.Total"}

    assert after(spec, total_pages=2) == FIRST.url.replace("$page=1", "$page=2")
    assert after(spec, total_pages=1) is None
    assert after(spec, total_pages=0) is None
    assert after(spec, total_pages="2") == FIRST.url.replace("$page=1", "$page=2")
    assert after(spec, total_pages=2.0) == FIRST.url.replace("$page=1", "$page=2")


def test_an_encoded_dollar_is_the_same_parameter():
    previous = Request("GET", "https://shop.test/api?%24page=4")

    following = after({"kind": "page_number", "page": "$page"}, previous, Place(page=4))

    assert following == "https://shop.test/api?$page=5"


def test_pages_may_be_counted_from_nought():
    previous = Request("GET", "https://shop.test/api?page=1")
    spec = {"kind": "page_number", "first_page": 0}

    assert first_place(Paging.read(spec)) == Place(page=0)
    assert after(spec, previous, Place(page=1), total_pages=3) == "https://shop.test/api?page=2"
    assert after(spec, previous, Place(page=1), total_pages=2) is None


def test_page_numbers_without_a_total_go_on_until_an_empty_page():
    previous = Request("GET", "https://shop.test/api?page=3&x=1")
    spec = {"kind": "page_number", "page_size": 50, "size": "n"}

    third = Place(page=3)

    assert after(spec, previous, third, count=3) == "https://shop.test/api?page=4&x=1"
    assert after(spec, previous, third, count=0) is None
    assert after({**spec, "short_page_ends": True}, previous, third, count=49) is None
    assert after({**spec, "short_page_ends": True}, previous, third, count=50) == "https://shop.test/api?page=4&x=1"


def test_an_offset_moves_by_what_came_not_by_what_was_asked_for():
    spec = {"kind": "offset", "start": "start", "size": "size", "page_size": 100}

    assert query(after(spec, count=20))["start"] == "20"
    assert after(spec, count=0) is None
    assert after({**spec, "short_page_ends": True}, count=20) is None


def test_an_overlap_asks_for_the_last_records_again_and_ends_where_nothing_else_comes():
    spec = {"kind": "offset", "overlap": 5}

    assert place_after(spec, count=100) == Place(95, again=5)
    assert place_after(spec, Place(95, again=5), count=5, fresh=0) is None
    assert place_after(spec, Place(95, again=5), count=5, fresh=2) == Place(96, again=4)


@pytest.mark.parametrize("count", [1, 3, 5])
def test_an_overlap_as_long_as_the_page_still_brings_us_on(count):
    assert place_after({"kind": "offset", "overlap": 5}, count=count) == Place(1, again=count - 1)


def test_a_page_that_does_not_join_is_looked_for_a_page_further_back_until_the_beginning():
    assert place_before(Place(495, again=5), 100) == Place(400, again=5)
    assert place_before(Place(60, again=5), 100) == Place(0, again=0)


def test_a_place_in_the_body_has_its_start_its_number_and_the_size_of_a_page():
    spec = {"kind": "offset", "in": "body", "page_size": 500}

    assert in_body(Paging.read(spec), Place()) == {"start": 0, "page": 1, "size": 500}
    assert in_body(Paging.read(spec), place_after(spec)) == {"start": 100, "page": 1, "size": 500}
    numbered = Paging.read({"kind": "page_number", "in": "body", "first_page": 0})
    assert in_body(numbered, first_place(numbered)) == {"start": 0, "page": 0}


def test_the_other_parameters_stay_as_they_were():
    assert after({"kind": "offset"}) == FIRST.url.replace("start=0", "start=100")


def test_the_body_and_headers_go_on():
    previous = Request("POST", "https://shop.test/api?start=0", {"A": "b"}, b"{}")

    following = request_at(Paging.read({"kind": "offset"}), Place(1), previous)

    assert (following.method, following.headers, following.body) == ("POST", {"A": "b"}, b"{}")


def test_a_page_that_names_itself_is_refused():
    with pytest.raises(BrokenReply, match="names itself"):
        refuse_repetition(Paging(), FIRST, FIRST, 1)


def test_pages_end_somewhere():
    paging, other = Paging.read({"kind": "next_link", "max_pages": 3}), Request("GET", "https://shop.test/api?a=1")

    refuse_repetition(paging, FIRST, other, 2)
    with pytest.raises(BrokenReply, match="more than 3 pages"):
        refuse_repetition(paging, FIRST, other, 3)


@pytest.mark.parametrize("values", [{"next": {"href": "x"}}, {"total_pages": "many"}, {"total_pages": True}])
def test_values_that_cannot_be_meant_are_refused(values):
    with pytest.raises(BrokenReply, match="cannot be read to their end"):
        after({"kind": "next_link"}, **values)
