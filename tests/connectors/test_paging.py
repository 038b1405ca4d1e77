"""Each paging style asks for the next page, and none goes on for ever."""

from urllib.parse import parse_qs, urlsplit

import pytest

from engine.connectors.exchange import Request
from engine.connectors.paging import next_request
from engine.errors import BrokenReply

FIRST = Request("GET", "https://shop.test/api/orders?$filter=a%20eq%20b&start=0&size=100&$page=1")


def after(spec, previous=FIRST, **values):
    following = next_request(spec, FIRST, previous, {"count": 100, "page": 1, **values})
    return following and following.url


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

    assert after({"kind": "page_number", "page": "$page"}, previous) == "https://shop.test/api?$page=5"


def test_pages_may_be_counted_from_nought():
    previous = Request("GET", "https://shop.test/api?page=1")
    spec = {"kind": "page_number", "first_page": 0}

    assert after(spec, previous, total_pages=3) == "https://shop.test/api?page=2"
    assert after(spec, previous, total_pages=2) is None


def test_page_numbers_without_a_total_go_on_until_an_empty_page():
    previous = Request("GET", "https://shop.test/api?page=3&x=1")
    spec = {"kind": "page_number", "page_size": 50, "size": "n"}

    assert after(spec, previous, count=3) == "https://shop.test/api?page=4&x=1"
    assert after(spec, previous, count=0) is None
    assert after({**spec, "short_page_ends": True}, previous, count=49) is None
    assert after({**spec, "short_page_ends": True}, previous, count=50) == "https://shop.test/api?page=4&x=1"


def test_an_offset_moves_by_what_came_not_by_what_was_asked_for():
    spec = {"kind": "offset", "start": "start", "size": "size", "page_size": 100}

    assert query(after(spec, count=20))["start"] == "20"
    assert after(spec, count=0) is None
    assert after({**spec, "short_page_ends": True}, count=20) is None


def test_an_overlap_asks_for_the_last_records_again_and_still_ends():
    spec = {"kind": "offset", "overlap": 5}

    assert query(after(spec, count=100))["start"] == "95"
    assert after(spec, count=5) is None


def test_the_other_parameters_stay_as_they_were():
    assert after({"kind": "offset"}) == FIRST.url.replace("start=0", "start=100")


def test_the_body_and_headers_go_on():
    previous = Request("POST", "https://shop.test/api?start=0", {"A": "b"}, b"{}")

    following = next_request({"kind": "offset"}, previous, previous, {"count": 1, "page": 1})

    assert (following.method, following.headers, following.body) == ("POST", {"A": "b"}, b"{}")


def test_a_page_that_names_itself_is_refused():
    with pytest.raises(BrokenReply, match="names itself"):
        after({"kind": "next_link"}, next=FIRST.url)


def test_pages_end_somewhere():
    spec = {"kind": "next_link", "max_pages": 3}

    assert after(spec, next="?a=1", page=2) is not None
    with pytest.raises(BrokenReply, match="more than 3 pages"):
        after(spec, next="?a=1", page=3)


@pytest.mark.parametrize("values", [{"next": {"href": "x"}}, {"total_pages": "many"}, {"total_pages": True}])
def test_values_that_cannot_be_meant_are_refused(values):
    with pytest.raises(BrokenReply, match="cannot be read to their end"):
        after({"kind": "next_link"}, **values)
