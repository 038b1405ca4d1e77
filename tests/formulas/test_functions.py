"""The functions of ours, called plainly and through formulas."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import FormulaError
from engine.formulas import MISSING
from engine.formulas.functions import FUNCTIONS, Function, money, texts
from engine.formulas.refusals import Refused

cents = st.decimals(min_value=-(10**9), max_value=10**9, places=2, allow_nan=False)


@pytest.mark.parametrize("function", [each for each in FUNCTIONS if not each.in_jsonata], ids=lambda each: each.name)
def test_example_in_the_table_is_true(function: Function, value: Callable[..., Any]) -> None:
    example = function.example.replace('"se"', '"752"')

    assert value(example) == value(function.result)
    assert function.description.endswith(".") and function.arguments


@pytest.mark.parametrize(
    ("call", "expected"),
    [
        (lambda: money.money(1.005), 1.01),
        (lambda: money.money(2.5, 0), 3),
        (lambda: money.money(-2.5, 0), -3),
        (lambda: money.money(2.5, 0, "half_even"), 2),
        (lambda: money.money("12.50"), 12.5),
        (lambda: money.money(19.999, 2, "down"), 19.99),
        (lambda: money.multiply(3, 19.99, 0.25), 14.9925),
        (lambda: money.add(*[0.1] * 10), 1),
        (lambda: money.subtract(0.3, 0.1), 0.2),
        (lambda: money.divide(1, 3), 0.333333333333),
        (lambda: money.sum_money([0.1, "0.2", 0.3]), 0.6),
        (lambda: money.sum_money([]), 0),
        (lambda: money.vat_of(59.97, 25, "gross"), 11.99),
        (lambda: money.vat_of(59.97, 25, "net"), 14.99),
        (lambda: money.without_vat(59.97, 25), 47.98),
        (lambda: money.without_vat(59.97, 25, 4), 47.976),
        (lambda: money.with_vat(47.98, 25), 59.98),
        (lambda: money.minor_units(19.99), 1999),
        (lambda: money.minor_units(1.005), 101),
        (lambda: money.minor_units(100, 0), 100),
    ],
)
def test_money_is_counted_in_decimals(call: Callable[[], Any], expected: Any) -> None:
    assert call() == expected and type(call()) is type(expected)


def test_tax_is_worked_out_on_the_sum_of_each_rate() -> None:
    lines = [
        {"quantity": 1, "price": 19.99, "rate": 25},
        {"quantity": 2, "price": "19.99", "rate": 25.0, "discount": None},
        {"quantity": 3, "price": 10, "rate": 6, "discount": 10},
    ]

    assert money.document_sums(lines, "net") == {
        "net": 86.97,
        "tax": 16.61,
        "total": 103.58,
        "per_rate": [{"rate": 25, "net": 59.97, "tax": 14.99}, {"rate": 6, "net": 27, "tax": 1.62}],
    }
    assert money.document_sums(lines, "gross") == {
        "net": 73.45,
        "tax": 13.52,
        "total": 86.97,
        "per_rate": [{"rate": 25, "net": 47.98, "tax": 11.99}, {"rate": 6, "net": 25.47, "tax": 1.53}],
    }


@given(st.lists(cents, min_size=1))
def test_sum_is_exact(amounts: list[Decimal]) -> None:
    assert Decimal(repr(money.sum_money([float(each) for each in amounts]))) == sum(amounts)


@given(st.lists(st.tuples(st.integers(1, 50), cents, st.sampled_from([0, 6, 12, 25])), min_size=1))
def test_net_and_tax_are_the_total_for_either_basis(rows: list[tuple[int, Decimal, int]]) -> None:
    lines = [{"quantity": quantity, "price": float(price), "rate": rate} for quantity, price, rate in rows]
    for basis in ("net", "gross"):
        sums = money.document_sums(lines, basis)

        assert Decimal(repr(sums["net"])) + Decimal(repr(sums["tax"])) == Decimal(repr(sums["total"]))
        assert sum(Decimal(repr(row["tax"])) for row in sums["per_rate"]) == Decimal(repr(sums["tax"]))


def test_nothing_in_is_nothing_out() -> None:
    for call in (
        lambda: money.money(MISSING),
        lambda: money.add(1, MISSING),
        lambda: money.vat_of(1, MISSING, "net"),
        lambda: money.divide(MISSING, 0),
        lambda: money.sum_money(MISSING),
        lambda: money.document_sums(MISSING, "net"),
        lambda: texts.truncate(MISSING, 3),
        lambda: texts.digest(MISSING),
    ):
        assert call() is MISSING


@pytest.mark.parametrize(
    ("call", "code", "words"),
    [
        (lambda: money.money(None), "M2010", "but it got null"),
        (lambda: money.money("twelve"), "M2010", "but it got a text"),
        (lambda: money.money("1,50"), "M2010", "but it got a text"),
        (lambda: money.money("NaN"), "M2010", "but it got a text"),
        (lambda: money.money(""), "M2010", "but it got an empty text"),
        (lambda: money.money(True), "M2010", "but it got true or false"),
        (lambda: money.money(1, 13), "M2013", "a whole number from 0 to 12"),
        (lambda: money.money(1, 2, "up a bit"), "M2013", '"half_even", "half_down", "up", "down", "ceiling", "floor"'),
        (lambda: money.money("1e300"), "M2012", "too large"),
        (lambda: money.divide(1, 0), "M2011", "cannot divide by 0"),
        (lambda: money.vat_of(1, 25, "brutto"), "M2013", '"gross" or "net"'),
        (lambda: money.vat_of(1, -25, "net"), "M2014", "between 0 and 1000"),
        (
            lambda: money.document_sums([{"quantity": 1, "rate": 25}], "net"),
            "M2010",
            "finds no price in row 1",
        ),
        (lambda: money.document_sums([{}, 5], "net"), "M2010", "finds no quantity in row 1"),
        (lambda: money.document_sums([5], "net"), "M2010", "row 1 is a number"),
        (lambda: texts.truncate("abc", 1.5), "M2010", "a whole number as its length"),
        (lambda: texts.truncate(5, 3), "T0410", "needs a text, but it got a number"),
    ],
)
def test_what_is_no_amount_is_refused_in_words(call: Callable[[], Any], code: str, words: str) -> None:
    with pytest.raises(Refused) as caught:
        call()

    assert caught.value.code == code and words in caught.value.what


@pytest.mark.parametrize(
    ("text", "units", "expected"),
    [
        ("Storgatan", 4, "Stor"),
        ("abc", 3, "abc"),
        ("abc", 0, ""),
        ("a😀", 2, "a"),
        ("a😀", 3, "a😀"),
        ("ae\u0301x", 2, "a"),
        ("ae\u0301x", 3, "ae\u0301"),
        ("👩\u200d👩\u200d👧!", 7, ""),
        ("👩\u200d👩\u200d👧!", 8, "👩\u200d👩\u200d👧"),
        ("👍🏽x", 3, ""),
        ("🇸🇪🇳🇴", 4, "🇸🇪"),
        ("🇸🇪🇳🇴", 6, "🇸🇪"),
    ],
)
def test_text_is_cut_at_a_whole_character(text: str, units: int, expected: str) -> None:
    assert texts.truncate(text, units) == expected


@given(st.text(), st.integers(0, 20))
def test_truncated_text_never_exceeds_its_length(text: str, units: int) -> None:
    cut = texts.truncate(text, units)

    assert text.startswith(cut) and len(cut.encode("utf-16-le", "surrogatepass")) <= 2 * units


@given(st.floats(-1e300, 1e300))
def test_number_text_reads_back_to_fifteen_digits(number: float) -> None:
    assert float(texts.number_text(number)) == pytest.approx(number, rel=1e-14, abs=1e-323)


def test_digest_is_the_same_for_equal_values() -> None:
    assert texts.digest({"b": 1.0, "a": ["å"]}) == texts.digest({"a": ["å"], "b": 1})
    assert texts.digest({"a": 1}) != texts.digest({"a": "1"})


def test_lookup_without_a_row_does_what_its_table_says(
    value: Callable[..., Any], error: Callable[..., FormulaError]
) -> None:
    found = error("$table('countries', country)", {"country": "dk"})

    assert (found.code, found.what) == ("M2001", "The lookup «Countries» has no row for ‹dk›")
    assert value("$table('terms', 'card')") is MISSING
    assert value("$table('units', 'box')") == "st"
    assert value("$table('countries', 752)") == "SE"
    assert value("$table('countries', 'no')") is None
    assert value("$table('countries', nothing)") is MISSING
    assert error("$table('countries', null)").code == "M2003"


def test_unknown_lookup_is_answered_with_the_one_meant(error: Callable[..., FormulaError]) -> None:
    found = error("$table('countrys', 'se')")

    assert (found.code, found.what_to_do) == ("M2002", "Did you mean «countries»?")
    assert "«countries», «terms», «units»" in error("$table('vat', 25)").what_to_do


def test_functions_work_on_the_value_at_hand_and_in_other_functions(value: Callable[..., Any]) -> None:
    record = {"lines": [{"price": "1.005"}, {"price": 2.5}]}

    assert value("lines.price.$money()", record) == [1.01, 2.5]
    assert value("$map(lines.price, $money)", record) == [1.01, 2.5]
    assert value("lines.price ~> $sum_money", record) == 3.505
    assert value("($cents := $minor_units(?, 2); $cents(1.5))") == 150
