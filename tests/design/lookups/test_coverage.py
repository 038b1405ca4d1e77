"""Which keys occur in the records of a flow, and which of them have no row."""

from __future__ import annotations

import pytest

from engine.design.lookups import coverage, occurrences, table_of, uses
from tests.design.lookups.conftest import Place, order


def counted(place: Place, lookup: str) -> dict[str, int]:
    return {each.key: each.count for each in occurrences(place.desk, place.loaded).of(lookup)}


def test_keys_are_counted_by_the_records_that_ask_for_them(place: Place) -> None:
    place.store(order("W-1"), order("W-2", paymethod="klarna_later"), order("W-3", paymethod="klarna_later"))

    found = occurrences(place.desk, place.loaded)
    held = coverage(table_of(place.loaded, "payment_terms"), found)

    assert [(each.key, each.count, each.newest) for each in found.of("payment_terms")] == [
        ("klarna_later", 2, "W-3"),
        ("sandboxpay_ideal", 1, "W-1"),
    ]
    assert (held.looked_at, held.source, found.failed) == (3, "stored", 0)
    assert [problem.what for problem in held.problems()] == [
        "“klarna_later” occurs in 2 stored records and has no row; the newest is W-3"
    ]
    assert held.problems()[0].severity == "error"
    assert "offline_cash" in held.unused
    assert "sandboxpay_ideal" not in held.unused


def test_keys_inside_lists_are_found_without_one_hiding_another(place: Place) -> None:
    place.set_rows("codings")
    rows = [{**order("W-1")["orderrows"][0], "tax": rate, "id": n} for n, rate in enumerate((21, 13, 6))]
    place.store(order("W-1", orderrows=rows))

    assert {"21", "13", "6"} <= set(counted(place, "codings"))


def test_records_that_are_never_taken_ask_for_nothing(place: Place) -> None:
    place.store(order("W-1"))
    place.store(order("W-2", paymethod="klarna_later"), state="skipped")

    assert counted(place, "payment_terms") == {"sandboxpay_ideal": 1}


def test_without_stored_records_the_examples_are_looked_at(place: Place) -> None:
    found = occurrences(place.desk, place.loaded)

    assert found.source == "examples"
    assert "gift_voucher" in {each.key for each in found.of("payment_terms")}


def test_without_examples_the_samples_are_looked_at(place: Place) -> None:
    place.change(examples=[])
    found = occurrences(place.desk, place.loaded)

    assert (found.source, found.of("payment_terms")[0].key) == ("samples", "sandboxpay_ideal")
    assert found.of("payment_terms")[0].newest.startswith("W-")


def test_looking_ends_when_time_is_up_and_says_so(place: Place) -> None:
    place.store(*(order(f"W-{n}") for n in range(20)))
    place.clock.step = 1.0
    found = occurrences(place.desk, place.loaded, seconds=5)

    assert found.is_partial
    assert 0 < found.looked_at < 10


def test_only_the_newest_are_looked_at(place: Place) -> None:
    place.store(*(order(f"W-{n}") for n in range(6)))
    found = occurrences(place.desk, place.loaded, most=2)

    assert (found.looked_at, found.of("payment_terms")[0].newest) == (2, "W-5")


def test_a_record_on_which_a_formula_fails_is_counted_as_such(place: Place) -> None:
    place.store(order("W-1", paymethod={"odd": True}))

    assert occurrences(place.desk, place.loaded).failed == 1


@pytest.mark.parametrize(("lookup", "severity"), [("payment_terms", "error"), ("article_endings", "note")])
def test_a_missing_row_matters_where_it_parks_the_record(place: Place, lookup: str, severity: str) -> None:
    place.store(order("W-1", paymethod="klarna_later"))
    held = coverage(table_of(place.loaded, lookup), occurrences(place.desk, place.loaded))

    assert {problem.severity for problem in held.problems()} == {severity}


def test_rows_read_from_the_target_are_not_missing_until_they_are_known(place: Place) -> None:
    place.store(order("W-1"))
    table, found = table_of(place.loaded, "units"), occurrences(place.desk, place.loaded)

    assert coverage(table, found).missing == ()
    assert [each.key for each in coverage(table, found, {"Uur": "1"}).missing] == ["Stuk"]


def test_the_formulas_that_ask_a_table_are_named(place: Place) -> None:
    found = [(use.step, use.target, use.key) for use in uses(place.loaded, "codings")]

    assert found == [("articles", "CodingId", "$string(coding_rate)"), ("draft", "Rows[].VatRateId", "$string(rate)")]
    assert uses(place.loaded, "article_endings")[0].where.startswith("values.")
