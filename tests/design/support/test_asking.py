"""What a caller says is read as a number, a name, an amount or a day, whichever finds something."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from engine.commands.argument_types import STATES
from engine.design.support.asking import Counted, count, find, link_of, record_of_link
from engine.design.support.said import amounts_meant, day_meant, plain_amount
from engine.runs.ledger import Ledger, PulledRecord
from engine.runs.ledger.rows import STATES as KNOWN
from engine.runs.ledger.searches import Wanted

ZONE = ZoneInfo("Europe/Stockholm")


@pytest.mark.parametrize(
    ("said", "least", "most"),
    [
        ("4120.50", "4120.50", "4120.50"),
        ("4 120,50 kr", "4120.50", "4120.50"),
        ("SEK 4.120,5", "4120.5", "4120.5"),
        ("€4,120.50", "4120.50", "4120.50"),
        ("4 120", "4120", "4120.9999"),
        ("412", "412", "412.9999"),
        ("-12,30", "-12.30", "-12.30"),
        ("-12", "-12.9999", "-12"),
        ("100:-", "100", "100.9999"),
    ],
)
def test_an_amount_as_people_say_it(said: str, least: str, most: str) -> None:
    assert amounts_meant(said) == (Decimal(least), Decimal(most))


@pytest.mark.parametrize("said", ["W-412", "anna", "1.2.3", "2026-11-03", "", "4120,505", "12 34"])
def test_what_is_no_amount(said: str) -> None:
    assert amounts_meant(said) is None


def test_a_day_is_the_days_of_the_business() -> None:
    midnight = datetime(2026, 3, 28, 23, 0, tzinfo=UTC)  # 29 March in Stockholm, which has 23 hours

    assert day_meant("2026-03-29", ZONE) == (midnight, datetime(2026, 3, 29, 22, 0, tzinfo=UTC))
    assert day_meant("2026-02-30", ZONE) is None


def test_numbers_go_before_amounts_and_days(tmp_path: Path) -> None:
    at = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        pulled = [
            PulledRecord("1", "A-1", "v", {}, source_time=at, amount=Decimal("412.50")),
            PulledRecord("2", "412", "v", {}, source_time=at.replace(day=5), amount=Decimal(7)),
        ]
        ledger.store_page("orders", "default", None, pulled, None, at)

        assert [r.key for r in find(ledger, Wanted("412"), ZONE).records] == ["2", "1"]
        assert [r.key for r in find(ledger, Wanted("412,50"), ZONE).records] == ["1"]
        assert [r.key for r in find(ledger, Wanted("2026-11-05"), ZONE).records] == ["2"]
        few = find(ledger, Wanted(), ZONE, 1)
        assert (len(few.records), few.more) == (1, True)


@pytest.mark.parametrize("said", ["123456789012345", "-" + "9" * 30, "9999-12-31", "0001-01-01"])
def test_a_number_past_all_money_and_a_day_at_the_end_of_time_find_what_they_name(tmp_path: Path, said: str) -> None:
    at = datetime(2026, 11, 3, 12, 0, tzinfo=UTC)
    with Ledger.open(tmp_path / "l.sqlite") as ledger:
        pulled = [PulledRecord(key, key, "v", {}, source_time=at, amount=Decimal(7)) for key in ("1", said)]
        ledger.store_page("orders", "default", None, pulled, None, at)

        assert [record.key for record in find(ledger, Wanted(said), ZONE).records] == [said]


@pytest.mark.parametrize(
    ("amount", "shown"), [("7", "7.00"), ("412.5", "412.50"), ("0.125", "0.125"), ("1000000", "1000000.00")]
)
def test_an_amount_is_shown_with_what_it_has(amount: str, shown: str) -> None:
    assert plain_amount(Decimal(amount)) == shown


def test_the_command_knows_every_state() -> None:
    assert STATES == KNOWN


def several(ledger: Ledger, names: int) -> None:
    """Orders of people of one name; a third of them has been left out."""
    at = datetime(2026, 11, 1, 12, 0, tzinfo=UTC)
    pulled = [
        PulledRecord(
            f"{i}", f"W-{i}", "v", {"id": i}, "skipped" if i % 3 == 0 else "due", search_words=["Anna Andersson"]
        )
        for i in range(names)
    ]
    ledger.store_page("orders", "default", None, pulled, None, at)


def test_many_hits_are_counted_with_how_they_stand(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        several(ledger, 300)
        wanted = Wanted("andersson")

        assert len(find(ledger, wanted, ZONE).records) == 50 and find(ledger, wanted, ZONE).more
        assert count(ledger, wanted, ZONE) == Counted(300, True, {"due": 200, "skipped": 100})
        assert count(ledger, wanted, ZONE, most=120).records == 120
        assert not count(ledger, wanted, ZONE, most=120).is_all
        assert count(ledger, Wanted("andersson", states=("due",)), ZONE) == Counted(200, True, {"due": 200})
        assert count(ledger, Wanted("W-1"), ZONE).records == 111  # the beginning of a number
        assert count(ledger, Wanted("nobody"), ZONE) == Counted(0, True, {})


def test_a_link_opens_its_own_record_and_none_of_another_workspace(tmp_path: Path) -> None:
    with Ledger.open(tmp_path / "one" / "ledger.sqlite") as one, Ledger.open(tmp_path / "two" / "ledger.sqlite") as two:
        several(one, 3)
        several(two, 3)
        link = link_of(one, 2)

        assert record_of_link(one, link) == 2
        assert record_of_link(two, link) is None, "another record has this number there"
        assert record_of_link(two, "2") == 2, "a number alone is taken as it is"


@pytest.mark.parametrize("link", ["99", "99-abcdef01", "abc", "-1", "2-", "", "²", "9" * 40, "2-00000000"])
def test_a_link_that_means_nothing_opens_nothing(tmp_path: Path, link: str) -> None:
    with Ledger.open(tmp_path / "ledger.sqlite") as ledger:
        several(ledger, 3)

        assert record_of_link(ledger, link) == (2 if link == "2-" else None)
