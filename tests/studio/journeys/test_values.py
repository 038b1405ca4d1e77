"""A payment method that no table knows, and an article that the books refuse: from what a caller says to the books."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.studio.journeys.conftest import Day, Support
from tests.studio.test_access import IN_FOCUS

NO_ROW = "has no row for ‹klarna_later›"
NOT_ACTIVE = "The article ART-1029 is not active."
MOST_TABS = 150


def test_an_unknown_payment_method_is_given_a_row_with_the_keyboard_alone(support: Support, day: Day) -> None:
    other, number = day.order(paymethod_id=99), day.order(paymethod_id=99)
    assert day.run().code == 1
    support.home_tells("has no row for")
    support.go("/records")
    page = support.page
    expect(support.cause(NO_ROW)).to_contain_text("2 records")

    tab_to(support, page.get_by_role("textbox", name="Search"))
    page.keyboard.type(day.said)
    page.keyboard.press("Enter")
    expect(page.locator("[class*=st-key-open_record_] button")).to_have_text([number])
    press(support, page.get_by_role("button", name=number, exact=True))
    expect(page.get_by_role("heading", name=number)).to_be_visible()
    support.tells(NO_ROW, "The buyer is found, or becomes a customer ▸ Payment terms", "paymethod = klarna_later")
    support.tells('$table("payment_terms", paymethod)', "Add the row")
    expect(support.failure.get_by_role("combobox")).to_be_visible()  # the proposal stands in it
    press(support, page.get_by_role("button", name="Give it this row"))
    expect(page.locator(".st-key-row_given")).to_contain_text("“klarna_later” has a row in Payment terms")
    assert day.booked(number) == []
    press(support, page.get_by_role("button", name="Show what would be sent"))
    sending = page.locator(".st-key-record_sending")
    expect(sending).to_contain_text("POST /v2/orders")
    press(support, sending.get_by_role("button", name="Send it", exact=True))
    expect(page.get_by_text(re.compile(r"It arrived as \d+\."))).to_be_visible()
    support.is_booked_once(number)

    support.go("/records")
    cause = support.cause(NO_ROW)
    expect(cause).to_contain_text(re.compile("mended", re.IGNORECASE))
    support.is_accessible()
    support.press(re.compile("Send them|Send its record|Send 1"), cause)
    support.press(re.compile("Send 1 record now"))
    expect(page.locator(".st-key-records_sending")).to_contain_text("1 arrived")
    support.press("Close")
    assert [len(day.booked(each)) for each in (other, number)] == [1, 1]
    support.nothing_needs_somebody(NO_ROW)


def test_an_article_that_the_books_refuse_is_another_one_for_this_record_alone(support: Support, day: Day) -> None:
    number = day.order(lines=[{"productnumber": "ART-1029"}])
    assert day.run().code == 1
    support.home_tells(NOT_ACTIVE)

    support.find(day.said, number)
    support.tells("Visma eAccounting refused it", NOT_ACTIVE, "The order is made ▸ Article")
    support.tells("$lookup($steps.articles, number).Id", "number = ART-1029", "Mend the field it names")
    expect(support.failure.get_by_role("button", name="Open the field Article in the mapping")).to_be_visible()
    support.is_accessible()
    support.press(re.compile("Product number: ART-1029"), support.failure)
    dialog = support.page.get_by_role("dialog")
    expect(dialog).to_contain_text("never written to CCV Shop")
    dialog.get_by_label("Value for this record").fill("ART-1026")
    support.press("Save", dialog)
    mended = support.page.locator(".st-key-record_mended")
    expect(mended).to_contain_text("ART-1026")

    shown = support.shown(number)
    expect(shown).to_contain_text("POST /v2/orders")
    expect(shown).to_contain_text("What differs from the one that was refused:")
    expect(shown).to_contain_text(re.compile(r"Rows\[0\]\.ArticleId\s*before:"))
    support.sent(number)
    [booked] = day.booked(number)
    assert [row["ArticleNumber"] for row in booked["Rows"]] == ["ART-1026", "SHIPPING-21"]
    assert in_shop(day, number) == ["ART-1029"]  # the shop keeps what it says
    expect(mended).to_contain_text("1 value mended")
    support.is_accessible()
    support.nothing_needs_somebody(NOT_ACTIVE)


def in_shop(day: Day, number: str) -> list[str]:
    """The product numbers of an order in the shop."""
    [order] = [each for each in day.shop.holdings.orders.values() if each["ordernumber_full"] == number]
    return [row["product_number"] for row in order["rows"]]


def tab_to(support: Support, wanted: Locator) -> None:
    """Tab until the focus stands there."""
    wanted.wait_for()
    support.rested()
    for _ in range(MOST_TABS):
        if wanted.evaluate(f"each => each === {IN_FOCUS} || each.contains({IN_FOCUS})"):
            return
        support.page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not come to {wanted}")


def press(support: Support, wanted: Locator) -> None:
    """Press a button with the keyboard."""
    tab_to(support, wanted)
    support.page.keyboard.press("Enter")
