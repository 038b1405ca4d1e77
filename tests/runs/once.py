"""A shop and books served here, an engine in processes that may be killed, and what must be true afterwards."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.runs.ledger import Ledger
from sandbox.ccv_shop import CcvShop
from sandbox.clock import Clock
from sandbox.eaccounting import EAccounting
from sandbox.server import Serving
from tests.at_hand import new_ledger, shipped_flow
from tests.ledger.making import miscounted
from tests.runs.killing import Wish, as_line

REPOSITORY = Path(__file__).parents[2]
FLOW = "ccv-orders-to-eaccounting"
SCRIPT = Path(__file__).with_name("killing.py")


class Engine:
    """The process whose children run the flow."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(SCRIPT)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
            env={"PYTHONPATH": str(REPOSITORY), "PATH": ""},
        )

    def begin(self, wish: Wish) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(as_line(wish))
        self._process.stdin.flush()

    def ended(self) -> dict[str, Any]:
        """What came of the run that began last: {"signal": …, "said": …}."""
        assert self._process.stdout is not None
        answer: dict[str, Any] = json.loads(self._process.stdout.readline())
        return answer

    def run(self, wish: Wish) -> dict[str, Any]:
        self.begin(wish)
        return self.ended()

    def close(self) -> None:
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()


@dataclass
class World:
    """Both sandboxes and the folder of a ledger."""

    clock: Clock
    shop: CcvShop
    books: EAccounting
    serving: Serving
    folder: Path
    workspace: Path

    def wish(self, **changes: Any) -> Wish:
        ledger = str(self.folder / "ledger.sqlite")
        moment = {"offset_seconds": self.clock.offset_seconds}
        return Wish(**{"workspace": str(self.workspace), "flow": FLOW, "ledger": ledger, **moment, **changes})

    def later(self, seconds: float = 400.0) -> float:
        """Let time go by, so that what is to be tried again is due; the new offset."""
        self.clock.advance(seconds)
        return self.clock.offset_seconds

    def connect(self) -> None:
        loaded = shipped_flow(FLOW)
        with new_ledger(self.folder / "ledger.sqlite") as ledger:
            for system in (self.shop, self.books):
                answers: dict[str, Any] = dict(system.credentials(self.serving.addresses[system.name]))
                token = answers.pop("refresh_token", None)
                secrets = loaded.connectors[system.name].secret_questions()
                ledger.save_connection(system.name, system.name, answers, secrets, "127.0.0.1", True, self.clock.now())
                if token:
                    ledger.write_tokens(system.name, {"refresh_token": token}, self.clock.now())

    def held(self, kind: str) -> list[dict[str, Any]]:
        return list(self.books.state()[kind])  # type: ignore[call-overload]

    def made(self, kind: str) -> Counter[Any]:
        """How often each identity stands in the books."""
        return Counter(IDENTITIES[kind](record) for record in self.held(kind))


IDENTITIES: dict[str, Any] = {
    "customers": lambda c: ((c["EmailAddress"] or "").lower(), c["IsPrivatePerson"]),
    "articles": lambda a: a["Number"].lower(),
    "orders": lambda o: o["BuyersOrderReference"],
}


@contextmanager
def world(folder: Path, *, orders: int = 0, workspace: Path = REPOSITORY) -> Iterator[World]:
    """Fresh sandboxes; refresh tokens stay, since a kill between getting and keeping a new one loses the sign-in."""
    clock = Clock()
    shop, books = CcvShop(clock, 7, orders), EAccounting(clock, 7, orders, rotate=False)
    shop.limits_on = books.limits_on = False
    folder.mkdir(parents=True, exist_ok=True)
    with Serving([shop, books], clock=clock) as serving:
        made = World(clock, shop, books, serving, folder, workspace)
        made.connect()
        yield made


def place_orders(made: World, count: int, *, first: int = 0, apart_seconds: float = 0.0) -> None:
    """Orders that each need an article of their own; the third and the sixth are of buyers who have ordered before."""
    for i in range(first, first + count):
        line = {"productnumber": f"NEW-{i}", "count": 1, "price": 10 + i, "tax": 21}
        buyer = i - 2 if i in (2, 5) else i
        made.shop.do("new_order", {"email": f"buyer{buyer}@orders.example", "lines": [line]})
        made.clock.advance(apart_seconds)


# --- what must be true


@dataclass
class Truth:
    """What a run without any failure leaves: identities in the books, and the state of each record."""

    made: dict[str, Counter[Any]]
    states: dict[str, str]


def truth_of(made: World) -> Truth:
    return Truth({kind: made.made(kind) for kind in IDENTITIES}, states(made))


def states(made: World) -> dict[str, str]:
    """Each record's number or key with its state in the ledger."""
    with Ledger.open(made.folder / "ledger.sqlite") as ledger:
        orders = [str(order["id"]) for order in made.shop.holdings.orders.values()]
        found = [ledger.record(FLOW, "default", key) for key in orders]
    return {record.key: record.state for record in found if record is not None}


def reasons(made: World, keys: list[str]) -> list[str]:
    with Ledger.open(made.folder / "ledger.sqlite") as ledger:
        return [record.reason for key in keys if (record := ledger.record(FLOW, "default", key)) is not None]


def numbers(made: World, keys: list[str]) -> list[str]:
    """The numbers people call these orders by."""
    return [made.shop.holdings.orders[int(key)]["ordernumber_full"] for key in keys]


def duplicates(made: World) -> list[tuple[str, Any]]:
    """Identities that stand in the books more than once."""
    return [(kind, name) for kind in IDENTITIES for name, times in made.made(kind).items() if times > 1 and name]


def missing(made: World, truth: Truth) -> list[tuple[str, Any]]:
    return [(kind, name) for kind in IDENTITIES for name in truth.made[kind] - made.made(kind)]


def not_written_back(made: World) -> list[str]:
    """Orders in the books whose number the shop does not have."""
    numbers = {o["ordernumber_full"]: o["reservationnumber"] for o in made.shop.holdings.orders.values()}
    return [
        o["BuyersOrderReference"]
        for o in made.held("orders")
        if o["BuyersOrderReference"] and numbers[o["BuyersOrderReference"]] != str(o["Number"])
    ]


def told_wrong(made: World) -> list[tuple[str, list[str]]]:
    """Records that were delivered and whose history does not say exactly once that their order was made."""
    wrong = []
    with Ledger.open(made.folder / "ledger.sqlite") as ledger:
        for key, state in states(made).items():
            lines = [line.outcome for line in ledger.outcomes(FLOW, "default", key)]
            if lines.count("created") != (state in ("created", "updated", "unchanged")):
                wrong.append((key, lines))
    return wrong


def assert_once(made: World, truth: Truth) -> None:
    """Nothing twice, nothing lost, everything told."""
    assert duplicates(made) == []
    assert missing(made, truth) == []
    assert truth.made == {kind: made.made(kind) for kind in IDENTITIES}
    assert not_written_back(made) == []
    assert truth.states == states(made)
    assert told_wrong(made) == []
    with Ledger.open(made.folder / "ledger.sqlite") as ledger:
        assert miscounted(ledger) == []
