"""A stage: a shop and the books as sandboxes, a ledger in a folder of its own, and a clock nobody waits for."""

from __future__ import annotations

import json
import random
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from engine.documents.workspace import Workspace
from engine.errors import Problem
from engine.flows.library import LoadedFlow, load_flow
from engine.formulas import Formulas, Limits
from engine.runs.ledger import Ledger
from engine.runs.opening import OpenFlow, open_flow
from engine.runs.run import Run, RunOptions, RunReport
from sandbox.ccv_shop import CcvShop
from sandbox.clock import Clock
from sandbox.eaccounting import EAccounting
from sandbox.server import Serving
from tests.at_hand import new_ledger, shipped_flow
from tests.runs.goods import ARTICLES, STOCK
from tests.runs.once import Engine

REPOSITORY = Path(__file__).parents[2]
FLOW = "ccv-orders-to-eaccounting"


class SharedClock:
    """The sandbox's clock as the engine sees it: sleeping moves it, so that waits cost no time.

    Several sleepers move it to the latest of their ends, not to the sum.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self.sleeps: list[float] = []

    def now(self) -> datetime:
        return self._clock.now()

    def monotonic(self) -> float:
        return time.monotonic() + self._clock.offset_seconds

    def sleep(self, seconds: float) -> None:
        until = self._clock.now() + timedelta(seconds=max(0.0, seconds))
        with self._lock:
            self.sleeps.append(seconds)
            self._clock.advance(max(0.0, (until - self._clock.now()).total_seconds()))


@dataclass
class Stage:
    """Two sandboxes and the engine between them; `run` opens the flow, runs it once and closes it."""

    sandbox_clock: Clock
    clock: SharedClock
    shop: CcvShop
    books: EAccounting
    serving: Serving
    formulas: Formulas
    ledger: Ledger
    workspace: Workspace
    answers: dict[str, Any]
    loaded: LoadedFlow
    opened: list[OpenFlow] = field(default_factory=list)

    def connect(self, system: Any, **changes: Any) -> None:
        """Save a system's connection as `connect` does, with some answers changed."""
        answers = {**system.credentials(self.serving.addresses[system.name]), **changes}
        token = answers.pop("refresh_token", None)
        secrets = self.loaded.connectors[system.name].secret_questions()
        self.ledger.save_connection(system.name, system.name, answers, secrets, "127.0.0.1", True, self.clock.now())
        if token:
            self.ledger.write_tokens(system.name, {"refresh_token": token}, self.clock.now())

    def open(self, transports: dict[str, Any] | None = None, **answers: Any) -> OpenFlow:
        opened = open_flow(
            self.loaded,
            ledger=self.ledger,
            formulas=self.formulas,
            clock=self.clock,
            now=self.clock.now(),
            answers={**self.answers, **answers},
            transports=transports,
        )
        self.opened.append(opened)
        return opened

    def run(self, options: RunOptions | None = None, **answers: Any) -> RunReport:
        return self.go(self.open(**answers), options)

    def go(self, opened: OpenFlow, options: RunOptions | None = None, **more: Any) -> RunReport:
        options = options or RunOptions(threads=4)
        return Run(opened, self.ledger, self.clock, options, rng=random.Random(1), **more).go()

    def has_begun(self) -> None:
        """The first run lies behind: what it asks of the systems beforehand is not asked again."""
        flow, now = self.loaded.flow.name, self.clock.now()
        run = self.ledger.start_run(flow, "default", self.loaded.version, "all", now)
        self.ledger.end_run(run, now, {}, "ended")

    def edit_flow(self, change: Callable[[dict[str, Any]], None]) -> None:
        """Change the flow's file in this stage's own workspace and load it again."""
        self._edit(self.workspace.flow_path(self.loaded.flow.name), change)

    def only_create(self, *steps: str) -> None:
        """Let these steps make and never change."""

        def change(flow: dict[str, Any]) -> None:
            for step in flow["steps"]:
                if step["step"] in steps:
                    step["policy"] = "create"

        self.edit_flow(change)

    def edit_connector(self, name: str, change: Callable[[dict[str, Any]], None]) -> None:
        self._edit(self.workspace.connector_folder(name) / "connector.json", change)

    def _edit(self, path: Path, change: Callable[[dict[str, Any]], None]) -> None:
        assert self.workspace.root != REPOSITORY, "ask for own_workspace=True: this would change the shipped files"
        document = json.loads(path.read_bytes())
        change(document)
        path.write_text(json.dumps(document), encoding="utf-8")
        self.loaded = load_flow(self.workspace, self.loaded.flow.name)

    def order(self, **wishes: Any) -> str:
        """Place an order; its number as people write it."""
        return f"W-{self.shop.do('new_order', wishes)['ordernumber']}"

    def orders(self, count: int) -> list[str]:
        return [self.order() for _ in range(count)]

    # --- what is where, read from the sandboxes themselves

    def documents(self, kind: str = "orders") -> dict[str, list[dict[str, Any]]]:
        """The documents in the books by the shop's order number."""
        found: dict[str, list[dict[str, Any]]] = {}
        for document in self.books.state()[kind]:
            if document["BuyersOrderReference"]:
                found.setdefault(document["BuyersOrderReference"], []).append(document)
        return found

    def held(self, kind: str) -> list[dict[str, Any]]:
        return list(self.books.state()[kind])

    def shop_orders(self) -> dict[str, dict[str, Any]]:
        """The shop's finished orders by number."""
        with self.shop.lock:
            self.shop.holdings.collect_payments(self.sandbox_clock.now())
            return {o["ordernumber_full"]: o for o in self.shop.holdings.orders.values() if o["ordernumber_full"]}

    def requests(self, name: str) -> list[tuple[str, str, int, str, str]]:
        """The requests that a system got: method, target, status, moment, fault."""
        return list(next(door for door in self.serving.doors if door.system.name == name).requests)

    def writes(self, name: str) -> list[tuple[str, str]]:
        return [
            (method, target)
            for method, target, *_ in self.requests(name)
            if method not in ("GET", "HEAD") and "/connect/" not in target
        ]

    def state(self, number: str) -> str:
        """What the ledger says of a record."""
        return self.record(number).state

    def record(self, number: str) -> Any:
        found = [r for r in self.ledger.find_records(number) if r.number == number]
        assert len(found) == 1, f"{len(found)} records of number {number}"
        return found[0]

    def outcomes(self, number: str) -> list[str]:
        record = self.record(number)
        return [outcome.outcome for outcome in self.ledger.outcomes(record.flow, "default", record.key)]

    def assert_there_once(self, numbers: list[str]) -> None:
        """These orders and no others are in the books, each once."""
        assert {n: len(held) for n, held in self.documents().items()} == dict.fromkeys(numbers, 1)

    def problem(self, number: str) -> Problem:
        return self.record(number).problems[0]


@pytest.fixture
def once() -> Callable[[str, Callable[[], object]], Callable[[str], None]]:
    """once(place, work): a seam that does its work the first time a run comes to this place."""

    def at(place: str, work: Callable[[], object]) -> Callable[[str], None]:
        left = [work]

        def seam(name: str) -> None:
            if name.startswith(place) and left:
                left.pop()()

        return seam

    return at


@pytest.fixture(scope="session")
def formulas() -> Iterator[Formulas]:
    with Formulas(workers=2, limits=Limits(seconds=1.0)) as pool:
        yield pool


def build_stage(
    stack: ExitStack,
    folder: Path,
    formulas: Formulas,
    *,
    orders: int = 0,
    limits: bool = False,
    rotate: bool = True,
    own_workspace: bool = False,
    connect: bool = True,
    flow: str = FLOW,
    **answers: Any,
) -> Stage:
    clock = Clock()
    shop, books = CcvShop(clock, 7, orders), EAccounting(clock, 7, orders, rotate)
    shop.limits_on = books.limits_on = limits
    serving = stack.enter_context(Serving([shop, books], clock=clock))
    folder.mkdir(parents=True, exist_ok=True)
    root = REPOSITORY
    if own_workspace:
        root = folder / "workspace"
        for name in ("connector_specs", "saved_mappings"):
            shutil.copytree(REPOSITORY / name, root / name)
    workspace = Workspace(root)
    ledger = stack.enter_context(new_ledger(folder / "ledger.sqlite"))
    loaded = shipped_flow(flow)  # a workspace of its own is a copy so far
    stage = Stage(clock, SharedClock(clock), shop, books, serving, formulas, ledger, workspace, answers, loaded)
    stack.callback(lambda: [opened.close() for opened in stage.opened])
    if connect:
        stage.connect(shop)
        stage.connect(books)
    return stage


MakeStage = Callable[..., Stage]


@pytest.fixture
def stage(tmp_path: Path, formulas: Formulas) -> Iterator[MakeStage]:
    """stage(orders=…, limits=…, own_workspace=…, flow=…, **answers): without orders the shop is empty."""
    with ExitStack() as stack:
        count = 0

        def make(**options: Any) -> Stage:
            nonlocal count
            count += 1
            return build_stage(stack, tmp_path / f"stage{count}", formulas, **options)

        yield make


@pytest.fixture
def listed(stage: MakeStage) -> MakeStage:
    """A stage with the flow of articles; those of the first day are not meant for the web."""

    def make(**options: Any) -> Any:
        s = stage(flow=ARTICLES, **options)
        for article in s.held("articles"):
            if article["CodingName"] != "Goederen oud 19%":
                s.books.do("change_article", {"number": article["Number"], "fields": {"SendToWebshop": False}})
        return s

    return make


@pytest.fixture
def counted(stage: MakeStage) -> MakeStage:
    """A stage with the flow of stock; the books know one article of the shop, with three pieces, two of them free."""
    return partial(stage, flow=STOCK)


@pytest.fixture(scope="module")
def module_stage(tmp_path_factory: pytest.TempPathFactory, formulas: Formulas) -> Iterator[MakeStage]:
    """The same, kept for all tests of a module."""
    with ExitStack() as stack:
        yield lambda **options: build_stage(stack, tmp_path_factory.mktemp("stage"), formulas, **options)


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """A process whose children run the flow, and are killed."""
    engine = Engine()
    yield engine
    engine.close()
