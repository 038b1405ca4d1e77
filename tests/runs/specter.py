"""A stage with the other pair: a shop that is spoken to in JSON-RPC, and a system that takes forms."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any

from engine.documents.workspace import Workspace
from engine.flows.library import load_flow
from engine.formulas import Formulas
from sandbox.abicart import Abicart
from sandbox.abicart import Choices as ShopChoices
from sandbox.clock import Clock
from sandbox.server import Serving
from sandbox.specter import Specter
from sandbox.specter.choices import Choices
from tests.at_hand import new_ledger, shipped_flow
from tests.runs.conftest import REPOSITORY, SharedClock, Stage

FLOW = "abicart-orders-to-specter"
CARD, INVOICE, ON_DELIVERY = 52, 51, 53  # payment methods of the shop


@dataclass
class OrdersStage(Stage):
    """`shop` is the one orders come from, `books` the system they go to."""

    shop: Any
    books: Any

    def order(self, **wishes: Any) -> str:
        """Place an order that is paid; its number."""
        wishes["fields"] = {"paymentStatus": "paid", **wishes.get("fields", {})}
        return str(self.shop.do("new_order", wishes)["orderNumber"])

    def documents(self, kind: str = "orders") -> dict[str, list[dict[str, Any]]]:
        """The orders there by the shop's number."""
        found: dict[str, list[dict[str, Any]]] = {}
        with self.books.lock:
            for document in getattr(self.books.books, kind).values():
                if document.get("externalOrderNo"):
                    found.setdefault(document["externalOrderNo"], []).append(dict(document))
        return found

    def held(self, kind: str) -> list[dict[str, Any]]:
        with self.books.lock:
            return [dict(one) for one in getattr(self.books.books, kind).values()]

    def made(self, number: str) -> dict[str, Any]:
        """The order that became of one of the shop."""
        [document] = self.documents()[number]
        return document

    def buyer(self, number: str) -> dict[str, Any]:
        """The customer of that order."""
        return next(c for c in self.held("customers") if c["customerId"] == self.made(number)["customerId"])

    def placed(self, number: str) -> dict[str, Any]:
        """The shop's own order."""
        with self.shop.lock:
            return next(o for o in self.shop.records.all("Order") if o["orderNumber"] == number)

    def actions(self) -> list[str]:
        """What the system was asked, by the name of the action."""
        return [target.partition("ction=")[2].partition("&")[0] for _, target, *_ in self.requests("specter")]


def build_orders_stage(
    stack: ExitStack,
    folder: Path,
    formulas: Formulas,
    *,
    orders: int = 0,
    shop: dict[str, Any] | None = None,
    books: dict[str, Any] | None = None,
    workspace: Path | None = None,
    own_workspace: bool = False,
    flow: str = FLOW,
    connections: dict[str, dict[str, Any]] | None = None,
    **answers: Any,
) -> OrdersStage:
    """shop, books: choices of the sandboxes; connections: answers that differ, by system."""
    clock = Clock()
    abicart = Abicart(clock, 7, orders, ShopChoices(**(shop or {})))
    specter = Specter(clock, 7, 0, Choices(**(books or {})))
    serving = stack.enter_context(Serving([abicart, specter], clock=clock))
    folder.mkdir(parents=True, exist_ok=True)
    root = workspace or REPOSITORY
    if own_workspace:
        source, root = root, folder / "workspace"
        for name in ("connector_specs", "saved_mappings"):
            shutil.copytree(source / name, root / name)
    held = Workspace(root)
    ledger = stack.enter_context(new_ledger(folder / "ledger.sqlite"))
    loaded = load_flow(held, flow) if workspace else shipped_flow(flow)  # a copy is the same so far
    stage = OrdersStage(
        clock,
        SharedClock(clock),
        abicart,
        specter,
        serving,
        formulas,
        ledger,
        held,
        answers,
        loaded,
    )
    stack.callback(lambda: [opened.close() for opened in stage.opened])
    for system in (abicart, specter):
        connect(stage, system, **(connections or {}).get(system.name, {}))
    return stage


Make = Callable[..., OrdersStage]


@contextmanager
def stages(folder: Path, formulas: Formulas, *, begun: bool = False, **usual: Any) -> Iterator[Make]:
    """What makes stages, each in a folder of its own; begun: the first run lies behind; usual: options of each."""
    with ExitStack() as stack:
        numbers = count(1)

        def make(**options: Any) -> OrdersStage:
            stage = build_orders_stage(stack, folder / f"stage{next(numbers)}", formulas, **{**usual, **options})
            if begun:
                stage.has_begun()
            return stage

        yield make


def connect(stage: OrdersStage, system: Any, **changes: Any) -> None:
    """Save a connection with the answers to the questions that its connector has."""
    connector = stage.loaded.connectors[system.name]
    known = {**system.credentials(stage.serving.addresses[system.name]), **changes}
    answers = {name: value for name, value in known.items() if name in connector.every_question()}
    secrets = connector.secret_questions()
    stage.ledger.save_connection(system.name, system.name, answers, secrets, "127.0.0.1", True, stage.clock.now())
