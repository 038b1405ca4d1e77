"""Bodies are written exactly and read strictly."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.connectors.codecs import CODECS, Undecodable, encode
from engine.documents.strict_json import read_strict
from engine.errors import RecordProblem

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**14), 10**14) | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcå", max_size=5), inner, max_size=4),
    max_leaves=12,
)


def test_json_is_compact_utf_8_in_the_order_given():
    body, headers = encode("json", {"b": "Malmö", "a": [1, 2.5, None, True]})

    assert body == '{"b":"Malmö","a":[1,2.5,null,true]}'.encode()
    assert headers == {"Content-Type": "application/json"}


def test_decimals_are_written_digit_by_digit():
    document = {
        "price": Decimal("1234567890123456.10"),
        "rate": [Decimal("1E-7"), Decimal("1E+2")],
        "å": '"\\\n',
    }

    body = CODECS["json"].encode(document)

    assert body == '{"price":1234567890123456.10,"rate":[0.0000001,100],"å":"\\"\\\\\\n"}'.encode()


@settings(max_examples=60, deadline=None)
@given(VALUES)
def test_json_comes_back_as_it_went_out_on_both_writers(value):
    assert read_strict(CODECS["json"].encode(value)) == value
    assert read_strict(CODECS["json"].encode([Decimal("1.5"), value])) == [1.5, value]


@pytest.mark.parametrize("value", [float("nan"), float("inf"), Decimal("NaN"), Decimal("Infinity"), "\ud800", {1, 2}])
def test_what_json_cannot_say_is_a_problem_of_the_record(value):
    with pytest.raises(RecordProblem, match="body of the request"):
        CODECS["json"].encode({"a": value})


def test_a_form_is_made_of_named_fields():
    body, headers = encode("form", {"a b": "å&=", "n": [1, Decimal("2.50")], "yes": True, "nothing": None})

    assert body == b"a+b=%C3%A5%26%3D&n=1&n=2.50&yes=true&nothing="
    assert headers == {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("value", ["text", [1], {"a": {"b": 1}}, {"a": "\ud800"}])
def test_what_a_form_cannot_hold_is_a_problem_of_the_record(value):
    with pytest.raises(RecordProblem):
        encode("form", value)


@pytest.mark.parametrize(
    ("codec", "body"),
    [
        ("json", b'{"a":1,"a":2}'),
        ("json", b"\xff"),
        ("json_rpc", b"[]"),
        ("semicolon", b"one row"),
        ("xml", b"<a><b></a>"),
    ],
)
def test_what_cannot_be_read_says_why(codec, body):
    with pytest.raises(Undecodable) as broken:
        CODECS[codec].decode(body)
    assert broken.value.why
