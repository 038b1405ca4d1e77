"""A bench with the systems of tests.runs.warehouse: what describes them, the flows between them, and an engine."""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from engine.documents.workspace import Workspace
from engine.flows.library import load_flow
from engine.formulas import Formulas
from engine.runs.ledger import Ledger, StoredRecord
from engine.runs.ledger.batches import QueuePlace, StoredQueue
from engine.runs.opening import OpenFlow, open_flow
from engine.runs.pull import Pull
from engine.runs.run import Run, RunOptions, RunReport
from tests.at_hand import new_ledger
from tests.runs.killing import ShiftedClock
from tests.runs.warehouse import Doc, Shop, Systems, Warehouse, served

FLOW, BESIDE = "changes-to-shop", "changes-elsewhere"
QUEUE = QueuePlace("warehouse", "changes")


TEXT = {"type": "string", "title": "Text"}
NUMBER = {"type": "integer", "title": "Number"}
GIVEN = {"type": "string", "title": "Id", "x-kind": "id", "x-write": "never"}
CONNECTORS: dict[str, Doc] = {
    "warehouse": {
        "changes": {
            "kind": "stock",
            "key": "$string(change)",
            "fields": {"change": NUMBER, "article": TEXT, "level": NUMBER},
            "operations": {
                "read": {
                    "method": "GET",
                    "path": "/changes",
                    "query": {"batch": "$batch"},
                    "records": "changes",
                    "batch": {
                        "left_over": {
                            "code": "99",
                            "number": "$match($error.message, /'([^']+)'/)[0].groups[0]",
                        }
                    },
                },
                "acknowledge": {
                    "method": "POST",
                    "path": "/acknowledge",
                    "body": '{"batch": $batch}',
                    "answers": False,
                },
            },
        }
    },
    "shop": {
        "movements": {
            "kind": "stock",
            "key": "Id",
            "key_field": "Id",
            "fields": {"Id": GIVEN, "Reference": TEXT, "Level": NUMBER},
            "operations": {
                "create": {"method": "POST", "path": "/movements", "body": "$fields", "record": "$"},
                "find": {
                    "method": "GET",
                    "path": "/movements",
                    "query": {"reference": "$match"},
                    "records": "$",
                    "finds_by": ["Reference"],
                },
            },
        }
    },
}
MOVEMENTS: Doc = {
    "title": "Changes to the shop",
    "source": {"connector": "warehouse", "resource": "changes"},
    "steps": [
        {
            "step": "movement",
            "title": "The level changes",
            "connector": "shop",
            "resource": "movements",
            "match": {"field": "Reference", "formula": "$string(change)"},
            "policy": "skip_if_exists",
            "fields": {"Reference": {"formula": "$string(change)"}, "Level": {"formula": "level"}},
        }
    ],
}


def write_workspace(root: Path, connectors: dict[str, Doc], flows: dict[str, Doc]) -> Workspace:
    """These connectors and flows as files. A resource has kind, key, fields and operations."""
    for name, resources in connectors.items():
        folder = root / "connector_specs" / name
        folder.mkdir(parents=True, exist_ok=True)
        described = {}
        for resource, about in resources.items():
            schema = {"title": resource.title(), "type": "object", "properties": about["fields"]}
            (folder / f"{resource}.schema.json").write_text(json.dumps(schema), encoding="utf-8")
            rest = {part: value for part, value in about.items() if part != "fields"}
            described[resource] = {"title": resource.title(), "schema": f"{resource}.schema.json", **rest}
        connector = {
            "title": name.title(),
            "roles": ["erp"],
            "version": "1.0.0",
            "evidence": [{"part": "resources", "level": "documented", "by": "made up; no such system"}],
            "questions": {"type": "object", "properties": {"address": {"type": "string", "title": "Address"}}},
            "http": {
                "base": "{address}",
                "sign_in": {"kind": "none"},
                "errors": {"code": "code", "message": "message"},
                "retry": {"attempts": 1},
            },
            "resources": described,
        }
        (folder / "connector.json").write_text(json.dumps(connector), encoding="utf-8")
    (root / "saved_mappings").mkdir(exist_ok=True)
    for name, flow in flows.items():
        (root / "saved_mappings" / f"{name}.json").write_text(json.dumps(flow), encoding="utf-8")
    return Workspace(root)


@dataclass
class Bench:
    """The systems, a ledger and an engine. `run` runs a flow once."""

    systems: Systems
    workspace: Workspace
    ledger: Ledger
    formulas: Formulas
    address: str
    clock: Any = field(default_factory=lambda: ShiftedClock(0))

    @property
    def warehouse(self) -> Warehouse:
        return self.systems.warehouse

    @property
    def shop(self) -> Shop:
        return self.systems.shop

    @property
    def queue(self) -> StoredQueue:
        held = self.ledger.queue(QUEUE)
        assert held is not None
        return held

    @contextmanager
    def opened(self, flow: str = FLOW, binding: str = "default") -> Iterator[OpenFlow]:
        loaded, now = load_flow(self.workspace, flow), self.clock.now()
        opened = open_flow(
            loaded, ledger=self.ledger, formulas=self.formulas, clock=self.clock, now=now, binding=binding
        )
        try:
            yield opened
        finally:
            opened.close()

    def run(self, flow: str = FLOW, seam: Any = None, binding: str = "default", **options: Any) -> RunReport:
        with self.opened(flow, binding) as opened:
            more = {} if seam is None else {"seam": seam}
            wanted = RunOptions(**{"threads": 4, **options})
            return Run(opened, self.ledger, self.clock, wanted, rng=random.Random(1), **more).go()

    def record(self, key: str, flow: str = FLOW) -> StoredRecord:
        """What the ledger has of a record."""
        held = self.ledger.record(flow, "default", key)
        assert held is not None
        return held

    def count(self, call: str) -> int:
        return self.systems.calls.count(call)

    def moved(self) -> Counter[str]:
        """How often each change is in the shop."""
        return Counter(movement["Reference"] for movement in self.shop.movements)

    def connect(self) -> None:
        for name in self.workspace.connector_names():
            now = datetime.now(UTC)
            self.ledger.save_connection(name, name, {"address": self.address}, set(), "127.0.0.1", True, now)


@contextmanager
def bench(
    folder: Path,
    formulas: Formulas,
    connectors: dict[str, Doc] = CONNECTORS,
    flows: dict[str, Doc] | None = None,
    systems: Systems | None = None,
) -> Iterator[Bench]:
    flows = {FLOW: MOVEMENTS, BESIDE: {**MOVEMENTS, "title": "Changes elsewhere"}} if flows is None else flows
    systems = systems or Systems()
    with ExitStack() as stack:
        address = stack.enter_context(served(systems))
        workspace = write_workspace(folder / "workspace", connectors, flows)
        ledger = stack.enter_context(new_ledger(workspace.ledger_path))
        made = Bench(systems, workspace, ledger, formulas, address)
        made.connect()
        yield made


def look(b: Bench, flow: str = FLOW) -> list[str]:
    """The keys of what is handed out next, without taking it."""
    with b.opened(flow) as opened, ThreadPoolExecutor(2) as pool:
        pull = Pull(opened, b.ledger, b.clock.now(), pool)
        return [judged.key for page in pull.pages(None) for judged in page]
