"""What the strict reader takes, what it turns into text, and what it refuses and where."""

import json
import sys
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.documents.strict_json import StrictJsonError, read_strict
from engine.errors import DocumentError


def _refusal(text: str | bytes, **options: object) -> str:
    with pytest.raises(DocumentError) as caught:
        read_strict(text, where="a.json", **options)  # type: ignore[arg-type]
    problem = caught.value.problems[0]
    return f"{problem.where}: {problem.what}"


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_refused_with_its_place(name: str) -> None:
    text = '{"says": "' + name + '",\n "a": [1, ' + name + "]}"

    assert _refusal(text) == f"a.json:2:11: it holds {name}, which is no number"


def test_a_number_past_all_doubles_is_refused_with_its_place() -> None:
    assert _refusal('{\n  "a": 1e999\n}') == "a.json:2:8: the number 1e999 is too large"


def test_a_doubled_key_is_named_with_the_line_of_the_second() -> None:
    text = '{\n "b": {"a": 1},\n "c": {\n  "a": 1,\n  "a": 2\n }\n}'

    assert _refusal(text) == "a.json:5:3: the key 'a' stands twice in one object"


def test_a_key_doubled_by_an_escape_is_refused() -> None:
    assert "stands twice" in _refusal('{"a": 1, "\\u0061": 2}')


@pytest.mark.parametrize(
    ("text", "saying"),
    [
        ("", "a.json: it is empty"),
        (b"\xef\xbb\xbf", "a.json: it is empty"),
        ("\n ", "a.json: it is empty"),
        ("[1", "a.json:1:3: it is not valid JSON (it ends too early)"),
        ('{"a" 1}', "a.json:1:6: it is not valid JSON (a colon is missing here)"),
        ("[1] 2", "a.json:1:5: it is not valid JSON (something follows after its end)"),
        (b'["ok",\n "\xff"]', "a.json, line 2: it is not written in UTF-8"),
        ('["\\ud800"]', "a.json: a text in it holds half a character (a lone surrogate)"),
        ('["\ud800"]', "a.json: a text in it holds half a character (a lone surrogate)"),
        ("[" * 201 + "]" * 201, "a.json: it is nested deeper than 200 levels"),
        ("[" * 100_000 + "]" * 100_000, "a.json: it is nested deeper than 200 levels"),
    ],
)
def test_what_cannot_be_trusted_is_refused_in_words(text: str | bytes, saying: str) -> None:
    assert _refusal(text) == saying


def test_a_text_past_the_bound_is_refused_unread() -> None:
    assert _refusal(b"[" + b" " * 5000 + b"]", most_bytes=4096) == "a.json: it is larger than 4 KiB"


def test_two_hundred_levels_are_read() -> None:
    assert read_strict("[" * 200 + "]" * 200) == json.loads("[" * 200 + "]" * 200)


def test_the_depth_is_counted_where_there_are_many_brackets() -> None:
    flat = ",".join(["[]"] * 300)
    deep = "[" * 199 + "]" * 199

    assert len(read_strict(f"[{flat},{deep}]")) == 301
    assert "deeper than 200" in _refusal(f"[{flat},[{deep}]]")


def test_many_flat_lists_are_not_taken_for_deep_ones() -> None:
    assert read_strict("[" + ",".join(["[]"] * 500) + "]") == [[]] * 500


def test_a_byte_order_mark_is_passed_over() -> None:
    assert read_strict(b'\xef\xbb\xbf{"a": 1}') == {"a": 1}


def test_a_pair_of_escaped_halves_is_one_character() -> None:
    assert read_strict('"\\ud834\\udd1e"') == "\U0001d11e"


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("123456789012345", 123456789012345),
        ("-123456789012345", -123456789012345),
        ("1234567890123456", "1234567890123456"),
        ("-1234567890123456", "-1234567890123456"),
        ("1" * 5000, "1" * 5000),
        ("19.99", 19.99),
        ("1.50", 1.5),
        ("1e2", 100.0),
        ("0.1", 0.1),
        ("0.10000000000000001", "0.10000000000000001"),
        ("123456789.123456789", "123456789.123456789"),
        ("1234567890.12345", 1234567890.12345),
    ],
)
def test_numbers_that_would_be_rounded_become_text(written: str, value: object) -> None:
    found = read_strict(f"[{written}]")[0]

    assert (found, type(found)) == (value, type(value))


_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(10**15) + 1, 10**15 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=5), inner, max_size=4),
    max_leaves=20,
)


@given(_values)
def test_whatever_json_can_say_exactly_is_read_as_it_is(value: object) -> None:
    assert read_strict(json.dumps(value)) == value
    assert read_strict(json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")) == value


def test_the_error_is_one_of_ours_without_a_file() -> None:
    with pytest.raises(StrictJsonError) as caught:
        read_strict("[1,\n x]")

    assert caught.value.problems[0].where == "line 2, column 2"


def steps(count: int) -> int:
    """How many calls reading so many lines takes: their number is the same on any machine."""
    lines = [{"sku": f"ART-{n}", "quantity": n, "price": n + 0.99, "name": "A product's name"} for n in range(count)]
    text = json.dumps({"lines": lines}).encode()
    made = 0

    def called(frame: FrameType, event: str, what: object) -> None:
        nonlocal made
        made += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        read_strict(text)
    finally:
        sys.setprofile(None)
    return made


def test_reading_goes_over_each_value_a_few_times_only() -> None:
    """Nothing is quadratic: eight times the values take eight times the calls, and few for each."""
    few, many = steps(200), steps(1_600)

    assert many < 8.8 * few
    assert many < 1_600 * 4 * 10
