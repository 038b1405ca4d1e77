"""Killed at any place: Specter has no search, and still nothing is made twice and nothing is lost without a word."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from engine.documents.workspace import Workspace
from engine.flows.library import load_flow
from engine.runs.ledger import Ledger
from engine.runs.results import UNKNOWN
from sandbox.abicart import Abicart
from sandbox.clock import Clock
from sandbox.server import Serving
from sandbox.specter import Specter
from sandbox.specter.choices import Choices
from tests.runs.killing import Wish
from tests.runs.once import REPOSITORY, Engine
from tests.runs.specter import FLOW

ORDERS = 5
KILLS = 6


@dataclass
class World:
    clock: Clock
    shop: Abicart
    books: Specter
    folder: Path
    placed: int = 0

    def place_orders(self, count: int) -> None:
        for _ in range(count):
            self.placed += 1
            wishes = {"email": f"buyer{self.placed}@orders.example", "fields": {"paymentStatus": "paid"}}
            self.shop.do("new_order", wishes)

    def wish(self, **changes: Any) -> Wish:
        ledger = str(self.folder / "ledger.sqlite")
        return Wish(
            **{
                "workspace": str(REPOSITORY),
                "flow": FLOW,
                "ledger": ledger,
                "offset_seconds": self.clock.offset_seconds,
                "answers": {"update_customers": False},
                **changes,
            }
        )

    def later(self) -> None:
        self.clock.advance(400.0)

    def orders(self) -> Counter[str]:
        """How often each of the shop's orders is there."""
        with self.books.lock:
            return Counter(o["externalOrderNo"] for o in self.books.books.orders.values() if "externalOrderNo" in o)

    def customers(self) -> Counter[str]:
        with self.books.lock:
            known = self.books.books.customers.values()
            return Counter(c["emailAddress"] for c in known if c["emailAddress"].endswith("orders.example"))

    def records(self) -> dict[str, Any]:
        """Each order's record in the ledger, by its number."""
        with Ledger.open(self.folder / "ledger.sqlite") as ledger:
            placed = [o for o in self.shop.records.all("Order") if o["orderNumber"]]
            return {o["orderNumber"]: ledger.record(FLOW, "default", str(o["uid"])) for o in placed}

    def created_lines(self, number: str) -> int:
        with Ledger.open(self.folder / "ledger.sqlite") as ledger:
            key = next(str(o["uid"]) for o in self.shop.records.all("Order") if o["orderNumber"] == number)
            return [line.outcome for line in ledger.outcomes(FLOW, "default", key)].count("created")

    def number_in_the_shop(self, number: str) -> str:
        return next(str(o["externalOrderNumber"]) for o in self.shop.records.all("Order") if o["orderNumber"] == number)


@contextmanager
def world(folder: Path, customer_match: str = "none") -> Iterator[World]:
    clock = Clock()
    # a customer that is handed in twice is two here, so that it would be seen
    shop, books = Abicart(clock, 7, 0), Specter(clock, 7, 0, Choices(customer_match=customer_match))
    folder.mkdir(parents=True, exist_ok=True)
    with Serving([shop, books], clock=clock) as serving:
        loaded = load_flow(Workspace(REPOSITORY), FLOW)
        with Ledger.open(folder / "ledger.sqlite") as ledger:
            for system in (shop, books):
                connector = loaded.connectors[system.name]
                held = system.credentials(serving.addresses[system.name])
                answers = {name: value for name, value in held.items() if name in connector.every_question()}
                secrets = connector.secret_questions()
                ledger.save_connection(system.name, system.name, answers, secrets, "127.0.0.1", True, clock.now())
        yield World(clock, shop, books, folder)


def assert_nothing_twice_and_all_told(made: World, numbers: list[str]) -> list[str]:
    """No order and no customer twice; what did not arrive, or not surely, is parked in words. Which those are."""
    assert [number for number, times in made.orders().items() if times > 1] == []
    assert [email for email, times in made.customers().items() if times > 1] == []
    records = made.records()
    assert set(records) == set(numbers) and None not in records.values()
    parked = [number for number, record in records.items() if record.state == "parked"]
    assert {record.state for number, record in records.items() if number not in parked} <= {"created"}
    assert all(records[number].reason.startswith(UNKNOWN) for number in parked)
    for number in set(numbers) - set(parked):
        assert made.orders()[number] == 1
        assert made.number_in_the_shop(number) != ""
        assert made.created_lines(number) == 1
    return parked


PLACES = (
    "page read",
    "intent stored: customers",
    "reply unread: putInfo.asp",
    "reply received: customers",
    "intent stored: orders",
    "reply received: orders",
    "anything",
)


def test_killed_at_each_seam_and_run_again(engine: Engine, tmp_path: Path) -> None:
    """One ledger, and new orders before each kill; four threads are at four orders each time."""
    with world(tmp_path) as made:
        for place in PLACES:
            made.place_orders(ORDERS)
            nth = 1 if place == "page read" else 3
            assert engine.run(made.wish(place=place, nth=nth))["signal"] == 9, f"{place} was not reached"
            made.later()
        engine.run(made.wish())

        numbers = [o["orderNumber"] for o in made.shop.records.all("Order") if o["orderNumber"]]
        parked = assert_nothing_twice_and_all_told(made, numbers)
        assert 1 <= len(parked) <= 4 * (len(PLACES) - 1)


@pytest.mark.parametrize(("customer_match", "update"), [("none", False), ("email", True)])
def test_killed_again_and_again(engine: Engine, tmp_path: Path, customer_match: str, update: bool) -> None:
    dice = random.Random(7)
    answers = {"answers": {"update_customers": update}}
    with world(tmp_path, customer_match) as made:
        for _ in range(KILLS):
            made.place_orders(1)
            engine.run(made.wish(place="anything", nth=dice.randint(4, 12), **answers))
            made.later()
        engine.run(made.wish(**answers))

        numbers = [o["orderNumber"] for o in made.shop.records.all("Order") if o["orderNumber"]]
        assert_nothing_twice_and_all_told(made, numbers)
