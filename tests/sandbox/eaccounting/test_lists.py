"""Paging, filters, order and selection."""

from __future__ import annotations

from typing import Any

import pytest


def numbers(api: Any, text: str) -> list[str]:
    return [article["Number"] for article in api.data("articles", filter=text, pageSize=100)]


def test_a_list_has_the_published_envelope(api: Any) -> None:
    page = api.get("articles", page=4, pageSize=10)

    meta = {name: value for name, value in page["Meta"].items() if name != "ServerTimeUtc"}
    assert meta == {"CurrentPage": 4, "PageSize": 10, "TotalNumberOfPages": 4, "TotalNumberOfResults": 31}
    assert [article["Number"] for article in page["Data"]] == ["OUD-2001"]


def test_pages_together_hold_every_record_once(api: Any) -> None:
    found = [a["Number"] for page in (1, 2, 3, 4) for a in api.data("articles", page=page, pageSize=10)]

    assert found == [f"ART-{number}" for number in range(1001, 1031)] + ["OUD-2001"]


def test_the_page_after_the_last_is_empty(api: Any) -> None:
    assert api.data("articles", page=2) == []
    assert api.get("orders")["Meta"]["TotalNumberOfPages"] == 0


def test_without_a_size_a_page_holds_fifty(api: Any) -> None:
    for number in range(60):
        api.system.do("add_customer", {"Name": f"Buyer {number}"})

    assert len(api.data("customers")) == 50


@pytest.mark.parametrize(
    "options",
    [{"page": 0}, {"page": "x"}, {"pageSize": 1001}, {"pageSize": -1}, {"top": 5}, {"expand": "Rows"}],
)
def test_an_option_that_cannot_be_is_refused(api: Any, options: dict[str, object]) -> None:
    assert api.refused("GET", "articles", **options)[:2] == (400, 2000)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Number eq 'ART-1003'", ["ART-1003"]),
        ("Number eq 'art-1003'", ["ART-1003"]),
        ("'ART-1003' eq Number", ["ART-1003"]),
        ("Number lt 'ART-1003'", ["ART-1001", "ART-1002"]),
        ("Number ge 'ART-1029' and Number lt 'B'", ["ART-1029", "ART-1030"]),
        ("IsActive eq false", ["ART-1029"]),
        ("not IsActive", ["ART-1029"]),
        ("Number eq 'ART-1001' or Number eq 'ART-1002' and IsActive eq false", ["ART-1001"]),
        ("(Number eq 'ART-1001' or Number eq 'ART-1029') and not (IsActive eq true)", ["ART-1029"]),
        ("contains(Number,'T-100') and endswith(Number,'7')", ["ART-1007"]),
        ("startswith(tolower(Number), 'oud') eq true", ["OUD-2001"]),
        ("tolower(Number) eq 'art-1010'", ["ART-1010"]),
        ("NameEnglish ne null", []),
        ("NameEnglish ne 'x' and Number eq 'ART-1001'", ["ART-1001"]),
        ("NameEnglish gt 'a'", []),
        ("Number eq 'O''Neill'", []),
        ("ChangedUtc gt 2100-01-01T00:00:00Z", []),
        ("ChangedUtc lt 2000-01-01", []),
        ("ChangedUtc gt datetime'2000-01-01T00:00:00' and Number eq 'ART-1001'", ["ART-1001"]),
        ("Number eq 'ART-1001' or contains(Number,'1003')", ["ART-1001", "ART-1003"]),
        ("Number eq 'ART-1002' or Number eq 'ART-1001'", ["ART-1001", "ART-1002"]),
    ],
)
def test_filters_find(api: Any, text: str, found: list[str]) -> None:
    assert numbers(api, text) == found


def test_a_quote_in_a_text_is_doubled(api: Any) -> None:
    api.system.do("add_customer", {"Name": "O'Neill & Sønner"})

    assert [c["Name"] for c in api.data("customers", filter="Name eq 'O''Neill & Sønner'")] == ["O'Neill & Sønner"]


def test_ids_and_numbers_are_compared(api: Any) -> None:
    coding = api.coding_id(9)
    low = numbers(api, f"CodingId eq {coding.upper()}")

    assert low == [f"ART-{number}" for number in range(1001, 1031) if number % 3 == 0]
    assert numbers(api, f"CodingId eq guid'{coding}'") == low
    article = api.data("articles")[0]
    assert article["Number"] in numbers(api, f"NetPrice eq {article['NetPrice']} and NetPrice gt -1e3")


def test_a_change_is_found_to_the_millisecond(api: Any) -> None:
    changed = api.system.do("add_customer", {"Name": "Just now"})["ChangedUtc"]

    def found(sign: str, moment: str) -> bool:
        return any(c["Name"] == "Just now" for c in api.data("customers", filter=f"ChangedUtc {sign} {moment}"))

    assert (found("ge", changed), found("gt", changed), found("eq", changed)) == (True, False, True)
    between = changed[:-1] + "5000Z"  # half a millisecond later, seven digits as .NET writes them
    assert (found("gt", between), found("lt", between), found("le", between)) == (False, True, True)


def test_a_search_sees_what_was_changed_and_deleted(api: Any) -> None:
    customer = api.post("customers", api.customer(EmailAddress="old@post.example"))
    assert len(api.data("customers", filter="EmailAddress eq 'old@post.example'")) == 1

    api.call("PUT", "customers/" + customer["Id"], api.customer(EmailAddress="new@post.example"))
    assert api.data("customers", filter="EmailAddress eq 'old@post.example'") == []
    assert len(api.data("customers", filter="EmailAddress eq 'NEW@post.example'")) == 1

    assert api.call("DELETE", "customers/" + customer["Id"]).status_code == 204
    assert api.data("customers", filter="EmailAddress eq 'new@post.example'") == []


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Nummer eq 'x'",
        "Number eq",
        "Number = 'x'",
        "Number eq 'x",
        "Number eq 5",
        "NetPrice eq '5'",
        "CodingId eq 'x'",
        "ChangedUtc gt '2024-01-01T00:00:00Z'",
        "ChangedUtc gt 2024-13-01",
        "Number eq 'a' and",
        "(Number eq 'a'",
        "Number eq 'a')",
        "substringof('a',Number)",
        "contains(Number)",
        "Barcodes eq 'x'",
        "Rows/any(r: r/Id eq 1)",
        "Number",
        "IsActive gt true",
        "(" * 60 + "IsActive" + ")" * 60,
        "not " * 60 + "IsActive",
    ],
)
def test_a_filter_that_cannot_be_read_is_refused(api: Any, text: str) -> None:
    status, code, message = api.refused("GET", "articles", filter=text)

    assert (status, code) == (400, 2000)
    assert message.startswith("$filter: ")


def test_a_long_row_of_alternatives_is_read(api: Any) -> None:
    text = " or ".join(f"Number eq 'ART-{number}'" for number in range(1000, 1500))

    assert len(numbers(api, text)) == 30


def test_records_are_ordered_and_nulls_come_first(api: Any) -> None:
    api.system.do("add_customer", {"Name": "aaa", "Note": "z"})
    api.system.do("add_customer", {"Name": "AAA", "Note": "y"})

    rising = api.data("customers", orderby="Name asc,Note")
    assert [c["Note"] for c in rising[:2]] == ["y", "z"]
    assert [c["Note"] for c in api.data("customers", orderby="Note desc")[:3]] == ["z", "y", None]
    assert api.refused("GET", "customers", orderby="Nmae")[:2] == (400, 2000)
    assert api.refused("GET", "customers", orderby="Name up")[:2] == (400, 2000)


def test_only_selected_fields_come(api: Any) -> None:
    assert api.data("units", select="Code, Name", pageSize=1) == [{"Code": "STK", "Name": "Stuk"}]
    assert api.get("articles/" + api.article_id("ART-1001"), select="Number") == {"Number": "ART-1001"}
    assert api.refused("GET", "units", select="Colour")[:2] == (400, 2000)
