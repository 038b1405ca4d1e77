"""Lines read quickly are what the strict reader gives: the same values, and the same refusals."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.documents.quick_json import read_line, write_line
from engine.documents.strict_json import StrictJsonError, read_strict

texts = st.text(max_size=12) | st.sampled_from(['a":', '":"', "\\", '"', "å𝄞", "1234567890123456789"])
numbers = st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False) | st.just(-0.0)
values = st.recursive(
    st.none() | st.booleans() | numbers | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


def gives(read: Any, line: bytes) -> Any:
    """The value with its kinds, or that it is refused."""
    try:
        return repr(read(line))
    except StrictJsonError:
        return "refused"


@settings(max_examples=200)
@given(values, st.booleans(), st.sampled_from([(",", ":"), (", ", ": "), (" , ", " : ")]))
def test_any_value_is_read_as_strictly(value: Any, is_ascii: bool, separators: tuple[str, str]) -> None:
    try:
        line = json.dumps(value, ensure_ascii=is_ascii, separators=separators).encode()
    except UnicodeEncodeError:  # half a character cannot be on a line
        return

    assert gives(read_line, line) == gives(read_strict, line)


@pytest.mark.parametrize(
    "line",
    [
        b'{"a": 1, "a": 2}',
        b'{"a":1,"a":2}',
        b'{"a":1,"b":"\\u0022:","a":2}',
        b'{"a":1,"b":"\\"\\u003a","a":2}',
        b'{"a":1,"b":"\\"\\u003A","a":2}',
        b'{"a" :1,"b":"\\":","a":2}',
        b"[NaN]",
        b"[Infinity]",
        b"[1e999]",
        b"[1,]",
        b'["\\ud800"]',
        b'["\xff"]',
        b"",
        b"   ",
        b"{",
        b"\x00\x01",
        b"12345678901234567890",
        b"1234567890123456",
        b"0.1234567890123456789",
        b"123456789.123456789",
        b"1e5",
        b"-0",
        b"1E400",
        b'{"1234567890123456": 1}',
        b"[" * 150 + b"]" * 150,
    ],
)
def test_odd_line_is_read_as_strictly(line: bytes) -> None:
    assert gives(read_line, line) == gives(read_strict, line)


@given(values)
def test_what_is_written_is_read_again(value: Any) -> None:
    line = write_line(value)

    assert line.endswith(b"\n") and line.count(b"\n") == 1
    assert json.loads(line) == value


def test_half_a_character_is_written_as_an_escape() -> None:
    assert write_line({"a": "x\ud83d"}) == b'{"a":"x\\ud83d"}\n'
    assert write_line(10**30) == b"1" + b"0" * 30 + b"\n"
