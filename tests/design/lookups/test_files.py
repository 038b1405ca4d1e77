"""Rows as files: nothing is lost on the way out and in, and what cannot be read is said by line."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as some

from engine.design.lookups import from_text, to_csv, to_file
from engine.design.lookups.files import DELIMITERS

TEXTS = some.text(some.characters(exclude_categories=["Cs"]), max_size=12) | some.text(
    some.sampled_from("=+-@'\t\r\n;,\"ab1 ＝"), max_size=8
)
NUMBERS = some.integers(-(10**15) + 1, 10**15 - 1) | some.decimals(-9999, 9999, places=3).map(float)
VALUES = TEXTS | NUMBERS | some.booleans() | some.none()
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def kinds(rows: Any) -> list[tuple[str, type, Any]]:
    return [(key, type(value), value) for key, value in rows.items()]


@given(some.dictionaries(TEXTS, VALUES, max_size=6), some.sampled_from(list(DELIMITERS)))
@example({"-5": "=1+1", "'=x": "''@", "": ""}, ";")
@example({"x": "a\n1,2\n3,4\n5,6"}, ";")
@example({"21": 21, "yes": True, "none": None, "text": "21"}, ",")
def test_rows_come_back_as_they_were(rows: dict[str, Any], delimiter: str) -> None:
    parsed = from_text(to_csv(rows, delimiter))

    if rows:
        assert parsed.is_good, parsed.problems
    assert kinds(parsed.rows) == kinds(rows)


@given(some.dictionaries(TEXTS, VALUES, max_size=6))
@example({" ": ""})
def test_a_file_comes_back_as_it_was(rows: dict[str, Any]) -> None:
    parsed = from_text(to_file(rows))

    assert kinds(parsed.rows) == kinds(rows)
    assert parsed.encoding == "UTF-8"


@given(some.dictionaries(TEXTS, TEXTS, max_size=6))
def test_no_text_in_a_file_begins_a_formula(rows: dict[str, str]) -> None:
    cells = [cell for row in csv.reader(io.StringIO(to_csv(rows), newline=""), delimiter=";") for cell in row]

    assert not [cell for cell in cells if cell.lstrip(" ").startswith(FORMULA_STARTS)]


def test_a_negative_number_stays_a_number() -> None:
    assert to_csv({"discount": -5}) == "key;value;type\r\ndiscount;-5;number\r\n"
    assert to_csv({"discount": "-5"}) == "key;value\r\ndiscount;'-5\r\n"


@pytest.mark.parametrize(
    "text",
    [
        "ideal\tPaid at once\ninvoice\t30 days\n",
        "ideal;Paid at once\r\ninvoice;30 days",
        "ideal,Paid at once\rinvoice,30 days\r",
        "sep=;\nideal;Paid at once\ninvoice;30 days",
        "Sleutel;Waarde\nideal;Paid at once\n\n;;\ninvoice;30 days",
        '\ufeffkey;value\nideal;"Paid at once"\ninvoice;30 days',
        "key,value,type\nideal,Paid at once,text\ninvoice,30 days,",
    ],
)
def test_what_spreadsheets_give_is_read(text: str) -> None:
    parsed = from_text(text)

    assert parsed.problems == ()
    assert parsed.rows == {"ideal": "Paid at once", "invoice": "30 days"}


@pytest.mark.parametrize(
    ("encoding", "said"),
    [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("utf-16", "UTF-16"), ("cp1252", "Windows-1252")],
)
def test_the_encoding_of_a_file_is_found_and_said(encoding: str, said: str) -> None:
    parsed = from_text("överföring;30 dagar — netto\n".encode(encoding))

    assert (parsed.rows, parsed.encoding) == ({"överföring": "30 dagar — netto"}, said)


def test_a_doubled_key_is_refused_with_its_lines() -> None:
    parsed = from_text("key;value\nideal;A\ninvoice;B\nideal;A\nideal;C\n")

    [problem] = parsed.problems
    assert not parsed.is_good
    assert problem.where == "lines 2, 4 and 5"
    assert problem.what == "the key “ideal” stands more than once"


@pytest.mark.parametrize(
    ("text", "where", "what"),
    [
        ("a;1\nb\nc;3", "line 2", "there is only “b”, no value"),
        ("a;1\nb;2;x\nc;3", "line 2", "there are 3 cells, where two are expected"),
        ('a;1\nb;"2\nc;3', "line 2", "a quotation mark is opened and never closed"),
        ('a;1\nb;"2"x\nc;3', "line 2", "something follows a closing quotation mark"),
        ("key;value;type\na;1;colour", "line 2", "there is no type “colour”"),
        ("key;value;type\na;maybe;yes/no", "line 2", "“maybe” is neither yes nor no"),
        ("key;value;type\na;1.234,5;number", "line 2", "“1.234,5” is no number"),
        ('key;value;type\n"a\nb";1;number\nc;x;number', "line 4", "“x” is no number"),
        ("just words", "line 1", "there is only “just words”, no value"),
        ("\n\n", "", "there are no rows in it"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(text: str, where: str, what: str) -> None:
    parsed = from_text(text)

    assert not parsed.is_good
    assert (parsed.problems[0].where, parsed.problems[0].what) == (where, what)


@pytest.mark.parametrize(
    ("content", "what"),
    [
        (b"PK\x03\x04rest", "it is a workbook, not a text"),
        (b"a;b\x00", "it is no text"),
        (b"a;\x81", "it is not written in UTF-8, UTF-16 or Windows-1252"),
        (b"a" * (9 * 1024 * 1024), "it is larger than 8 MB"),
    ],
)
def test_a_file_that_is_no_text_is_refused(content: bytes, what: str) -> None:
    parsed = from_text(content)

    assert (parsed.rows, parsed.problems[0].what) == ({}, what)


def test_values_without_a_type_are_of_the_kind_asked_for() -> None:
    assert from_text("a;1\nb;2,5", kind="number").rows == {"a": 1, "b": 2.5}
    assert from_text("a;1").rows == {"a": "1"}
    assert not from_text("a;1234567890123456", kind="number").is_good


def test_a_first_line_can_be_told_to_be_a_heading() -> None:
    text = "Betaalwijze;Conditie\nideal;A"

    assert list(from_text(text).rows) == ["Betaalwijze", "ideal"]
    assert list(from_text(text, heading=True).rows) == ["ideal"]


def test_other_columns_are_left_out_and_that_is_said() -> None:
    parsed = from_text("key;value;type;remark\na;1;text;by Anna\n")

    assert (parsed.rows, parsed.is_good) == ({"a": "1"}, True)
    assert parsed.problems[0].what == "not taken: “remark”"


def test_spaces_around_a_key_are_kept_and_said() -> None:
    parsed = from_text("ideal ;A")

    assert parsed.rows == {"ideal ": "A"}
    assert parsed.problems[0].severity == "warning"


def test_no_more_problems_are_told_than_somebody_reads() -> None:
    parsed = from_text("key;value\n" + "\n".join(f"only{n}" for n in range(50)))

    assert len(parsed.problems) == 21
    assert parsed.problems[-1].what == "30 lines more have something to mend"


def test_keys_that_differ_in_case_or_spaces_only_are_two_and_that_is_said() -> None:
    parsed = from_text("Pin\t1\npin\t2\ncash\t3\ncash  on  delivery\t4\ncash on delivery\t5")

    assert parsed.is_good
    assert list(parsed.rows) == ["Pin", "pin", "cash", "cash  on  delivery", "cash on delivery"]
    assert [(each.where, each.severity) for each in parsed.problems] == [
        ("lines 1 and 2", "warning"),
        ("lines 4 and 5", "warning"),
    ]
    assert parsed.problems[0].what == "“Pin” and “pin” differ in case or spaces only"


def test_five_thousand_rows_with_breaks_quotes_and_formulas_are_pasted_as_they_stand() -> None:
    rows = {f"k{n}": f'=cmd|"{n}"\n-{n}' for n in range(5_000)}
    text = "Source\tTarget\r\n" + "".join(
        f'{key}\t"{value.replace(chr(34), chr(34) * 2)}"\r\n' for key, value in rows.items()
    )
    parsed = from_text(text)

    assert parsed.has_heading
    assert (parsed.problems, dict(parsed.rows)) == ((), rows)
    assert dict(from_text(to_csv(rows)).rows) == rows
