"""Records are found by all that is kept of them in the open: amount, day, state, cause; and by their words."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from engine.errors import Problem
from engine.runs.ledger import Ledger, PulledRecord, searches
from engine.runs.ledger.searches import AMOUNT, Wanted

NO_ROW = Problem("step order (Books), field Terms", "the lookup «Terms» has no row for ‹later›", "Add it.", "M2001")


@pytest.fixture
def filled(ledger: Ledger, at: datetime) -> Ledger:
    """Ten orders, one a day; the third and the sixth are parked."""
    pulled = [
        PulledRecord(
            str(n),
            f"W-{100 + n}",
            "v",
            {"id": n},
            source_time=at + timedelta(days=n),
            search_words=["Anna Berg" if n % 2 else "Erik Berg", f"a{n}@post.example"],
            amount=Decimal("100.25") * n,
            currency="SEK",
        )
        for n in range(10)
    ]
    ledger.store_page("orders", "default", None, pulled, None, at)
    ledger.store_page("others", "b", None, [PulledRecord("x", "W-105", "v", {})], None, at)
    for key in ("3", "6"):
        ledger.finish_record("orders", "default", key, "v", "parked", "no row", [NO_ROW], None, None, at)
    return ledger


def numbers(ledger: Ledger, wanted: Wanted, limit: int = 50) -> list[str]:
    return [record.number for record in ledger.records_like(wanted, limit)]


def test_an_amount_is_found_to_the_ten_thousandth(filled: Ledger) -> None:
    exact = (Decimal("300.75"), Decimal("300.75"))

    assert numbers(filled, Wanted(amounts=exact)) == ["W-103"]
    assert numbers(filled, Wanted(amounts=(Decimal("300.76"), Decimal("400.99")))) == []
    assert numbers(filled, Wanted(amounts=(Decimal("300.75"), Decimal("401")))) == ["W-104", "W-103"]
    record = filled.record("orders", "default", "3")
    assert record is not None and (record.amount, record.currency) == (Decimal("300.75"), "SEK")


def test_what_is_no_sum_of_money_has_no_amount(ledger: Ledger, at: datetime) -> None:
    odd = [Decimal("NaN"), Decimal("Infinity"), Decimal(10) ** 20]
    ledger.store_page(
        "o", "b", None, [PulledRecord(str(n), "", "v", {}, amount=a) for n, a in enumerate(odd)], None, at
    )

    held = [ledger.record("o", "b", str(n)) for n in range(3)]
    assert [record.amount for record in held if record] == [None, None, None]


def test_days_states_and_flows_narrow_what_is_found(filled: Ledger, at: datetime) -> None:
    days = {"since": at + timedelta(days=2), "until": at + timedelta(days=4)}

    assert numbers(filled, Wanted(**days)) == ["W-103", "W-102"]
    assert numbers(filled, Wanted("Anna", **days)) == ["W-103"]
    assert numbers(filled, Wanted(states=("parked",))) == ["W-106", "W-103"]
    assert numbers(filled, Wanted("anna berg", states=("parked",))) == ["W-103"]
    assert numbers(filled, Wanted("W-105")) == ["W-105", "W-105"]
    assert numbers(filled, Wanted("W-105", flow="others")) == ["W-105"]
    assert numbers(filled, Wanted("W-10", flow="orders", binding="default"), 3) == ["W-109", "W-108", "W-107"]
    assert len(numbers(filled, Wanted())) == 11
    assert numbers(filled, Wanted(flow="others", states=("due", "parked"))) == ["W-105"]


def test_records_parked_for_the_same_reason_have_one_cause(filled: Ledger, at: datetime) -> None:
    other = Problem("step order (Books)", "the sums do not agree: 1 in Shop, 2 in Books", "Look.", "sums_differ")
    filled.finish_record("orders", "default", "8", "v", "parked", "sums", [other], None, None, at)
    held = [filled.record("orders", "default", n) for n in "368"]
    causes = {record.key: record.cause for record in held if record}

    assert causes["3"] == causes["6"] != causes["8"]
    assert numbers(filled, Wanted(cause=causes["3"])) == ["W-106", "W-103"]

    filled.make_due("orders", "default", "3", at)
    filled.finish_record("orders", "default", "6", "v", "created", "", [], "1", None, at)

    assert numbers(filled, Wanted(cause=causes["3"])) == []


def test_a_newer_version_has_another_amount_and_no_cause(filled: Ledger, at: datetime) -> None:
    changed = PulledRecord("3", "W-103", "v2", {}, amount=Decimal(5), currency="EUR")
    filled.store_page("orders", "default", None, [changed], None, at)

    record = filled.record("orders", "default", "3")
    assert record is not None and (record.amount, record.currency, record.cause) == (Decimal(5), "EUR", None)


def test_a_condition_that_many_records_keep_leads_to_none_of_them() -> None:
    """A flow may hold nearly all of a million records: what it is asked together with finds them first."""
    wanted = Wanted(flow="orders", states=("parked",), amounts=(Decimal(1), Decimal(2)))

    flow, state, amount = (str(each) for each in wanted.conditions(AMOUNT))
    assert "records.flow ||" in flow and "records.state ||" in state and "records.amount >=" in amount
    flow, state, amount = (str(each) for each in wanted.conditions())
    assert "records.flow ||" in flow and "records.amount +" in amount


@pytest.mark.parametrize("most_counted", [1, 5_000])
def test_few_and_many_records_of_a_flow_are_found_alike(
    filled: Ledger, at: datetime, monkeypatch: pytest.MonkeyPatch, most_counted: int
) -> None:
    monkeypatch.setattr(searches, "_MOST_COUNTED", most_counted)
    days = {"since": at + timedelta(days=2), "until": at + timedelta(days=7)}

    assert numbers(filled, Wanted(flow="orders", states=("parked",), **days)) == ["W-106", "W-103"]
    assert numbers(filled, Wanted("berg", flow="orders", states=("parked",), **days)) == ["W-106", "W-103"]
    assert numbers(filled, Wanted(flow="others", **days)) == []
