"""Watches every window of the tests: nobody stands in an address, and no picture is taken of a page that shows them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import BrowserContext, Page, Request

from tests import canary


def watched(make: Callable[..., BrowserContext]) -> Callable[..., BrowserContext]:
    """Contexts as before; closing one fails where any address that it asked for, or came to, named somebody."""

    def made(**options: Any) -> BrowserContext:
        context = make(**options)
        addresses: set[str] = set()
        close, new_page = context.close, context.new_page

        def opened() -> Page:
            page = new_page()
            page.on("framenavigated", lambda frame: addresses.add(frame.url))
            page.on("websocket", lambda socket: addresses.add(socket.url))
            page.screenshot = without_anybody(page, page.screenshot)  # type: ignore[method-assign]
            return page

        def closed(**reason: Any) -> None:
            addresses.update(page.url for page in context.pages)
            close(**reason)
            canary.assert_nothing(leak for address in addresses for leak in canary.leaks_of(address, "an address"))

        def note(request: Request) -> None:
            addresses.add(request.url)

        context.on("request", note)
        context.new_page, context.close = opened, closed  # type: ignore[method-assign]
        return context

    return made


def without_anybody(page: Page, take: Callable[..., bytes]) -> Callable[..., bytes]:
    """A picture as before, of a page that shows neither the person nor a secret."""

    def taken(**options: Any) -> bytes:
        shown = page.locator("body").inner_text()
        typed = page.evaluate("[...document.querySelectorAll('input, textarea')].map(each => each.value).join('\\n')")
        canary.assert_nothing(canary.leaks_of(f"{shown}\n{typed}", "a picture"))
        return take(**options)

    return taken
