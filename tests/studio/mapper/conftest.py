"""The built bundle on a page without Streamlit: data goes in as Python would send it, and what is said is heard."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, Route

HERE = Path(__file__).parent
STATIC = HERE.parents[2] / "studio" / "static"
BUNDLES = Path(os.environ.get("STUDIO_BUNDLES", STATIC))  # another folder while one works on it: node build.mjs --to
ADDRESS = "http://studio.example"
TYPES = {".html": "text/html", ".js": "text/javascript", ".woff2": "font/woff2"}


@dataclass(frozen=True, slots=True)
class Stage:
    """A page with components on it, one for each key."""

    page: Page

    def put(self, key: str, data: Mapping[str, Any]) -> None:
        """Send a component its data; the first time it is mounted."""
        self.page.evaluate("([key, data]) => put(key, data)", [key, dict(data)])

    def take(self, key: str) -> None:
        """Take a component off the page."""
        self.page.evaluate("key => take(key)", key)

    def part(self, key: str) -> Locator:
        """Where a component is on the page; locators look into its shadow root."""
        return self.page.locator(f".st-key-{key}")

    def heard(self, key: str, name: str) -> list[Any]:
        """All values of a state or trigger so far."""
        call = "([key, name]) => heard.filter(each => each.key === key && each.name === name).map(each => each.value)"
        found: list[Any] = self.page.evaluate(call, [key, name])
        return found

    def await_heard(self, key: str, name: str, count: int) -> list[Any]:
        """All values of a state or trigger, once there are so many."""
        call = "([key, name, count]) => heard.filter(e => e.key === key && e.name === name).length >= count"
        self.page.wait_for_function(call, arg=[key, name, count])
        return self.heard(key, name)

    def global_keys(self) -> list[str]:
        """The keys that were not kept from the page, where Streamlit listens."""
        found: list[str] = self.page.evaluate("globalKeys")
        return found


def answered(route: Route) -> None:
    """The page and its files, without a server."""
    path = route.request.url.removeprefix(ADDRESS).lstrip("/")
    if path == "mapper.js":
        file = next(BUNDLES.glob("mapper-*.js"))
    elif path.startswith("fonts/"):
        file = STATIC / path
    else:
        file = HERE / "harness.html"
    route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])


@pytest.fixture
def open_stage(browser: Browser) -> Iterator[Callable[..., Stage]]:
    """Open a page: light or dark, so many pixels wide and high. No script on it may fail."""
    contexts = []
    failures: list[str] = []

    def opened(theme: Any = "light", width: int = 1100, height: int = 640) -> Stage:
        context = browser.new_context(
            color_scheme=theme,
            viewport={"width": width, "height": height},
            locale="en-GB",
            reduced_motion="reduce",
        )
        context.set_default_timeout(8_000)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: failures.append(str(error)))
        page.on("console", lambda message: failures.append(message.text) if message.type == "error" else None)
        page.route(f"{ADDRESS}/**", answered)
        page.goto(ADDRESS)
        page.wait_for_function("globalThis.ready")
        return Stage(page)

    yield opened
    for context in contexts:
        context.close()
    assert failures == []


@pytest.fixture
def stage(open_stage: Callable[..., Stage]) -> Stage:
    """A light page of the usual size."""
    return open_stage()
