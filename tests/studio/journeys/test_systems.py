"""What stops a whole flow: a sign-in that ends in the middle of a run, and books that are down for a while."""

from __future__ import annotations

import re

from playwright.sync_api import Locator, expect

from tests.studio.journeys.conftest import TITLE, Day, Support

ENDED = "the sign-in of Visma eAccounting has expired"
DOWN = "Visma eAccounting did not answer well"


def test_a_sign_in_that_ends_in_mid_run_is_given_anew_and_the_rest_arrives(support: Support, day: Day) -> None:
    day.books.do("revoke", {"after_orders": 1})
    numbers = [day.order() for _ in range(3)]
    assert day.run().code == 3
    missing = [number for number in numbers if not day.booked(number)]
    assert len(missing) == 2
    support.home_tells(ENDED)

    support.find(missing[0], missing[0])
    expect(support.page.locator(".st-key-record_head")).to_contain_text("to be delivered")
    stopped = support.page.locator(".st-key-record_stopped")
    expect(stopped).to_contain_text(ENDED)
    support.is_accessible()
    support.press("Connect Visma eAccounting again", stopped)
    support.press(re.compile("Sign in again"))
    support.press("Allow")
    expect(support.page.get_by_text("It is “Voorbeeldwinkel De Linde B.V.”.")).to_be_visible()

    support.go("/records")
    cause = support.cause(ENDED)
    expect(cause).to_contain_text(TITLE)
    expect(cause).to_contain_text("Mended")
    support.is_accessible()
    runs_it_now(support, cause)
    for number in numbers:
        assert len(day.booked(number)) == 1, number
    support.nothing_needs_somebody(ENDED)


def test_books_that_were_down_in_mid_run_get_the_order_once_they_are_up_again(support: Support, day: Day) -> None:
    day.serving.arm("eaccounting", [{"kind": "status", "status": 503, "path": "^/v2/customers$"}])
    number = day.order()
    assert day.run().code == 3
    day.serving.arm("eaccounting", [])

    support.find(day.said, number)
    expect(support.page.locator(".st-key-record_head")).to_contain_text("the system failed: status 503")
    support.is_accessible()
    support.go("/runs")
    support.press("Run now")
    starts(support)

    support.find(day.said, number)
    support.is_booked_once(number)
    support.nothing_needs_somebody("the system failed")


def test_an_order_that_no_run_could_read_is_read_once_the_books_are_up_again(support: Support, day: Day) -> None:
    day.serving.arm("eaccounting", [{"kind": "status", "status": 503, "path": "^/v2/"}])
    number = day.order()
    for _ in range(2):  # once is mostly over with the next run, and calls for nobody
        assert day.run().code == 3
    support.home_tells(DOWN)

    support.go("/records")
    expect(support.cause(DOWN)).to_contain_text(TITLE)
    box = support.page.get_by_role("textbox", name="Search")
    box.fill(number)
    box.press("Enter")
    unread = support.page.locator(".st-key-unread_0")
    expect(unread).to_contain_text(DOWN)
    day.serving.arm("eaccounting", [])
    support.go("/records")
    runs_it_now(support, support.cause(DOWN))

    support.find(day.said, number)
    support.is_booked_once(number)
    support.nothing_needs_somebody(DOWN)


def runs_it_now(support: Support, cause: Locator) -> None:
    """From the cause to the run that ends it."""
    support.press("Run it now", cause)
    support.press("Run now")
    starts(support)


def starts(support: Support) -> None:
    """The dialog of a run: all that is new; it comes to its end."""
    support.page.get_by_role("dialog", name="Run now").get_by_role("button", name="Start").click()
    expect(support.page.get_by_text(re.compile(r"Done in .*read"))).to_be_visible()
