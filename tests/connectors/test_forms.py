"""A form is written in the system's encoding; rows get numbers without a gap; what it cannot hold is said in words."""

from decimal import Decimal

import pytest

from engine.connectors.bodies import Writing
from engine.connectors.forms import encode_form, plain_text, read_form, readable, with_pairs
from engine.errors import RecordProblem

LATIN = Writing("iso-8859-1")
ROWS = Writing("iso-8859-1", numbered=("rows",))


def problem(document, writing=LATIN):
    with pytest.raises(RecordProblem) as refused:
        encode_form(document, writing)
    [found] = refused.value.problems
    return found


def test_a_form_is_written_in_the_encoding_of_the_system():
    assert encode_form({"name": "Åsa Öst & co", "note": "½"}, LATIN) == b"name=%C5sa+%D6st+%26+co&note=%BD"
    assert encode_form({"name": "Åsa"}, Writing("windows-1252")) == b"name=%C5sa"
    assert encode_form({"price": "5 €"}, Writing("windows-1252")) == b"price=5+%80"


def test_a_character_outside_is_refused_by_its_name_and_field():
    found = problem({"name": "Anna", "surName": "Wałęsa"})

    assert found.where == "field surName of the request"
    assert found.what == (
        "“ł” (LATIN SMALL LETTER L WITH STROKE), “ę” (LATIN SMALL LETTER E WITH OGONEK) cannot be written in ISO-8859-1"
    )
    assert "$spelled" in found.what_to_do


def test_half_a_character_is_refused_in_every_encoding():
    assert "half a character" in problem({"a": "\ud800"}, Writing()).what


def test_line_breaks_stay_inside_their_field():
    body = encode_form({"note": "a\r\nkey=stolen&x=1"}, LATIN)

    assert body == b"note=a%0D%0Akey%3Dstolen%26x%3D1"


def test_rows_are_numbered_from_one_in_their_order():
    rows = [{"articleNo": "A-1", "noOfItems": 2}, {"articleNo": "B-2"}]
    body = encode_form({"customerId": 7, "rows": rows, "useXML": 1}, ROWS)

    assert body == b"customerId=7&articleNo_1=A-1&noOfItems_1=2&articleNo_2=B-2&useXML=1"


def test_a_row_of_nothing_leaves_no_gap_and_one_row_needs_no_list():
    assert encode_form({"rows": [{"a": 1}, {}, {"a": 2}]}, ROWS) == b"a_1=1&a_2=2"
    assert encode_form({"rows": {"a": 1}}, ROWS) == b"a_1=1"
    assert encode_form({"rows": []}, ROWS) == b""


@pytest.mark.parametrize("rows", [["text"], [None], [[1]], "text"])
def test_what_is_no_row_is_refused(rows):
    assert problem({"rows": rows}, ROWS).what == "it cannot be written: what is numbered is a list of objects"


@pytest.mark.parametrize("value", [{"b": 1}, [1], [{"b": 1}]])
def test_a_row_holds_no_rows(value):
    found = problem({"rows": [{"a": 1}, {"a": value}]}, ROWS)

    assert found.where == "field a_2 of the request"
    assert "not a list or a record" in found.what


def test_a_number_that_is_a_name_already_is_refused():
    for document in ({"a_1": "x", "rows": [{"a": 1}]}, {"rows": [{"a": 1}], "a_1": "x"}):
        assert problem(document, ROWS).where == "field a_1 of the request"
    two = Writing("iso-8859-1", numbered=("rows", "others"))
    assert "comes twice" in problem({"rows": [{"a": 1}], "others": [{"a": 2}]}, two).what


@pytest.mark.parametrize(
    ("value", "written"),
    [
        *((True, "true"), (2.0, "2"), (0.1, "0.1"), (1e-7, "0.0000001"), (1e22, "10000000000000000000000")),
        *((Decimal("2.50"), "2.50"), (Decimal("1E+2"), "100"), (10**30, "1" + "0" * 30), (["a"], None), (None, None)),
    ],
)
def test_a_number_is_written_out(value, written):
    assert plain_text(value) == written


def test_what_a_sign_in_sets_takes_the_place_of_what_was_there():
    assert with_pairs(b"key=old&a=1&keys=2", [("key", "n/w")], "iso-8859-1") == b"a=1&keys=2&key=n%2Fw"
    assert with_pairs(b"", [("key", "new")], "iso-8859-1") == b"key=new"


def test_a_form_can_be_read_by_people():
    assert read_form(b"name=%C5sa+%D6st&note=a%26b&n=1&n=2&n=3&x", "iso-8859-1") == {
        "name": "Åsa Öst",
        "note": "a&b",
        "n": ["1", "2", "3"],
        "x": "",
    }
    assert readable("key=«hidden»&name=%C5sa".encode(), "iso-8859-1", is_form=True) == (
        '{"key": "«hidden»", "name": "Åsa"}'
    )
    assert readable("0;1;Åsa".encode(), "iso-8859-1") == "0;1;Åsa"
    assert readable(b"", "iso-8859-1", is_form=True) == ""
