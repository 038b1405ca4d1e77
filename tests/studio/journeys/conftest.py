"""A shop and its books on an ordinary day, somebody of support at the screen, and one journey after the other.

The sandboxes, the workspace and the studio are started once for all journeys of a worker.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from sandbox.ccv_shop import CcvShop
from sandbox.clock import Clock
from sandbox.eaccounting import EAccounting
from sandbox.server import Serving
from tests import canary
from tests.commands.conftest import FLOW, Said, connect, make_workspace, say, try_once
from tests.studio.conftest import running_studio
from tests.studio.test_access import serious

expect.set_options(timeout=30_000)
TITLE = "Orders from CCV Shop to eAccounting"


@dataclass
class Day:
    """The two systems, and the workspace between them."""

    folder: Path
    shop: CcvShop
    books: EAccounting
    serving: Serving
    studio: str = ""
    buyers: int = 0

    @property
    def workspace(self) -> Path:
        return self.folder / "workspace"

    def order(self, **wishes: Any) -> str:
        """The canary person orders; each time with an e-mail address of its own, which `said` gives."""
        self.buyers += 1
        made: Any = self.shop.do("new_order", {**canary.BUYER, "email": self.said, **wishes})
        return f"W-{made['ordernumber']}"

    @property
    def said(self) -> str:
        """What the last buyer would say who they are."""
        return canary.EMAIL.replace("@", f"{self.buyers}@")

    def run(self) -> Said:
        return say(self.workspace, "run", FLOW)

    def connect(self) -> None:
        connect(say, self.workspace, self.serving, self.folder)

    def in_books(self, resource: str, name: str, value: str) -> list[Any]:
        """What the books hold with this value."""
        held: Any = self.books.state()[resource]
        return [each for each in held if str(each[name]).lower() == value.lower()]

    def booked(self, number: str) -> list[Any]:
        return self.in_books("orders", "BuyersOrderReference", number)

    def made_twice(self) -> list[str]:
        """Orders and customers that the books hold more than once."""
        held: Any = self.books.state()
        names = [each["BuyersOrderReference"] for each in held["orders"]]
        names += [str(each["EmailAddress"]).lower() for each in held["customers"]]
        return [name for name, count in Counter(names).items() if count > 1]


@pytest.fixture(scope="package")
def a_day(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Day]:
    folder = tmp_path_factory.mktemp("day")
    clock = Clock()
    shop, books = CcvShop(clock, 7, 0), EAccounting(clock, 7, 0)
    shop.limits_on = books.limits_on = False
    with Serving([shop, books], clock=clock) as serving:
        day = Day(folder, shop, books, serving)
        make_workspace(day.workspace)
        for other in (day.workspace / "saved_mappings").glob("*.json"):
            if other.stem != FLOW:
                other.unlink()
        try_once(day.workspace)
        day.connect()
        day.order()
        assert day.run().code == 0
        with running_studio(day.workspace) as address:
            day.studio = address
            yield day


@pytest.fixture
def day(a_day: Day) -> Iterator[Day]:
    """The day; afterwards nothing is wrong on it any more, whatever the journey came to."""
    yield a_day
    a_day.serving.arm("eaccounting", [])
    a_day.books.do("demand", {"fields": []})
    a_day.connect()
    a_day.run()
    assert a_day.made_twice() == []


@dataclass
class Support:
    """Somebody of support, with what a caller said."""

    page: Page
    day: Day

    def go(self, path: str) -> None:
        self.page.goto(self.day.studio + path)
        self.rested()

    def rested(self) -> None:
        self.page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()

    def press(self, name: str | re.Pattern[str], within: Locator | None = None) -> None:
        (within or self.page).get_by_role("button", name=name, exact=isinstance(name, str)).click()

    # --- what is wrong

    def cause(self, words: str) -> Locator:
        """What needs somebody, on the page of records."""
        return self.page.locator("[class*=st-key-cause_]").filter(has_text=words)

    def home_tells(self, words: str) -> None:
        self.go("/")
        expect(self.page.get_by_text(words).first).to_be_visible()

    def nothing_needs_somebody(self, words: str) -> None:
        """It is gone from the records' page and from Home."""
        self.go("/records")
        expect(self.page.locator(".st-key-records_found")).to_be_visible()
        expect(self.cause(words)).to_have_count(0)
        self.go("/")
        expect(self.page.get_by_text("How everything is")).to_be_visible()
        expect(self.page.get_by_text(words)).to_have_count(0)

    # --- one order

    def find(self, said: str, number: str) -> None:
        """From what the caller says to the order's story."""
        self.go("/records")
        box = self.page.get_by_role("textbox", name="Search")
        box.fill(said)
        box.press("Enter")
        expect(self.page.locator("[class*=st-key-open_record_] button")).to_have_text([number])
        self.press(number)
        expect(self.page.get_by_role("heading", name=number)).to_be_visible()
        self.rested()

    @property
    def failure(self) -> Locator:
        return self.page.locator(".st-key-record_failure_0")

    def tells(self, *words: str) -> None:
        """The failing step, open: what, where, why, what to do."""
        for each in words:
            expect(self.failure).to_contain_text(each)

    def shown(self, number: str) -> Locator:
        """The request that would be sent, with its difference; nothing is sent by looking."""
        self.press("Show what would be sent")
        sending = self.page.locator(".st-key-record_sending")
        expect(sending.get_by_role("button", name="Send it", exact=True)).to_be_visible()
        assert self.day.booked(number) == []
        return sending

    def sent(self, number: str) -> str:
        """Send it, once; under which number it arrived."""
        self.press("Send it", self.page.locator(".st-key-record_sending"))
        expect(self.page.get_by_text(re.compile(r"It arrived as \d+\."))).to_be_visible()
        expect(self.failure).to_have_count(0)
        return self.is_booked_once(number)

    def is_booked_once(self, number: str) -> str:
        """Exactly one order of this number, for exactly one customer of theirs; its number in the books."""
        [booked] = self.day.booked(number)
        customers = self.day.in_books("customers", "EmailAddress", self.day.said)
        assert [each["Id"] for each in customers] == [booked["CustomerId"]]
        expect(self.page.locator(".st-key-record_head")).to_contain_text(str(booked["Number"]))
        return str(booked["Number"])

    def is_accessible(self) -> None:
        """axe, in light and in dark."""
        for scheme in ("light", "dark"):
            self.page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
            self.rested()
            expect(self.page.locator("[data-stale=true]")).to_have_count(0)
            assert serious(self.page) == [], scheme
        self.page.emulate_media(color_scheme="light")


@pytest.fixture
def support(page: Page, day: Day) -> Support:
    """At the screen, with a day on which nothing is wrong yet."""
    page.set_default_timeout(30_000)
    return Support(page, day)


def flow_of(day: Day) -> dict[str, Any]:
    """The published flow."""
    held: dict[str, Any] = json.loads((day.workspace / "saved_mappings" / f"{FLOW}.json").read_text(encoding="utf-8"))
    return held
