"""That windows are watched: who stands in an address, or on a page that is photographed, fails the test."""

from __future__ import annotations

from urllib.parse import quote

import pytest
from playwright.sync_api import Browser, Route

from tests import canary

PLACE = "http://studio.example/records"


def answer(route: Route) -> None:
    route.fulfill(body=f"<p>{canary.NAME}</p><input>", content_type="text/html")


@pytest.mark.parametrize(
    "go",
    [
        lambda page: page.goto(f"{PLACE}?who={quote(canary.NAME)}"),
        lambda page: page.evaluate(f"history.pushState(null, '', '?who={canary.EMAIL}')"),
        lambda page: page.evaluate(f"fetch('/stream?key={canary.secrets()[0]}')"),
    ],
    ids=["opened", "pushed", "fetched"],
)
def test_an_address_that_names_somebody_is_found(browser: Browser, go: object) -> None:
    context = browser.new_context()
    context.route("**/*", answer)
    page = context.new_page()
    page.goto(PLACE)
    go(page)  # type: ignore[operator]
    page.goto(PLACE)

    with pytest.raises(canary.Leaked, match="an address"):
        context.close()


def test_no_picture_is_taken_of_somebody(browser: Browser) -> None:
    context = browser.new_context()
    context.route("**/*", answer)
    page = context.new_page()
    page.goto(PLACE)

    with pytest.raises(canary.Leaked, match="a picture"):
        page.screenshot()
    page.evaluate("document.querySelector('p').remove()")
    page.locator("input").fill(canary.TELEPHONE)
    with pytest.raises(canary.Leaked, match="a picture"):
        page.screenshot()
    page.locator("input").fill("W-10001")
    assert page.screenshot()
    context.close()
