"""A total that does not balance, from what a caller says to the order in the books, with the difference booked."""

from __future__ import annotations

from decimal import Decimal

from playwright.sync_api import expect

from tests.studio.journeys.conftest import Day, Support

WHY = "the sums do not agree"


def test_a_total_that_does_not_balance_is_booked_where_a_setting_says_so(support: Support, day: Day) -> None:
    number = day.order(total_off="0.08")
    assert day.run().code == 1
    support.home_tells("sums do not agree")

    support.find(number.removeprefix("W-"), number)
    support.tells(WHY, "27.02 in CCV Shop, 26.94 in Visma eAccounting", "raise the largest rounding difference")
    support.tells("The order is made")
    support.is_accessible()
    story = support.page.url
    support.press("Change the setting “Largest rounding difference”", support.failure)
    asked = support.page.locator(".st-key-asked_answer")  # first of all settings, which are many
    answer = asked.get_by_role("spinbutton", name="Largest rounding difference")
    answer.fill("0.10")
    answer.press("Tab")
    support.press("Save")
    expect(support.page.get_by_text("Saved. Runs use it from now on.")).to_be_visible()

    support.page.goto(story)
    shown = support.shown(number)
    expect(shown).to_contain_text("POST /v2/orders")
    expect(shown).to_contain_text("Rounding")
    support.sent(number)
    [booked] = day.booked(number)
    assert Decimal(str(booked["Amount"])) == Decimal("27.02")
    assert [row["Text"] for row in booked["Rows"]][-1] == "Rounding"
    support.nothing_needs_somebody(WHY)
