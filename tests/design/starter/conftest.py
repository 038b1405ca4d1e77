"""The connectors of this repository, read once, and starters made from them."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from engine.connectors.connector import Connector
from engine.design.starter import StarterResult
from engine.design.starter.making import made as make_flow
from engine.documents.workspace import Workspace
from engine.errors import Problem
from engine.flows.check import check_flow_text
from engine.flows.check_connector import sample_records
from engine.flows.library import LoadedFlow, load_connector, load_flow_text
from engine.formulas import Formulas

ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True)
class Bench:
    """A workspace's connectors with their samples, and what can be made and checked with them."""

    workspace: Workspace
    connectors: dict[str, Connector]
    formulas: Formulas

    def make(self, source: str, target: str, resource: str = "orders", **answers: Any) -> StarterResult:
        return make_flow(
            self.connectors, source, target, resource, answers, samples=partial(sample_records, self.workspace)
        )

    def check(self, text: str) -> list[Problem]:
        return check_flow_text(self.workspace, "made", text, self.formulas, self.connectors)

    def load(self, text: str) -> LoadedFlow:
        return load_flow_text(self.workspace, "made", text, self.connectors)


def bench_of(root: Path, formulas: Formulas) -> Bench:
    workspace = Workspace(root)
    return Bench(workspace, {name: load_connector(workspace, name) for name in workspace.connector_names()}, formulas)


@pytest.fixture(scope="session")
def formulas() -> Iterator[Formulas]:
    with Formulas() as formulas:
        yield formulas


@pytest.fixture(scope="session")
def bench(formulas: Formulas) -> Bench:
    return bench_of(ROOT, formulas)


@pytest.fixture(scope="session")
def made(bench: Bench) -> StarterResult:
    """The starter of orders from the shop to the books."""
    return bench.make("ccv-shop", "eaccounting")


Invent = Callable[[dict[str, Any]], Bench]


@pytest.fixture
def invent(tmp_path: Path, formulas: Formulas) -> Invent:
    """A workspace of invented systems. systems: name → {resource: (kind, schema, operations, samples)}, with more."""

    def invent(systems: dict[str, Any]) -> Bench:
        for name, about in systems.items():
            folder = tmp_path / "connector_specs" / name
            (folder / "samples").mkdir(parents=True)
            resources = {}
            for resource, (kind, schema, operations, samples) in about["resources"].items():
                (folder / f"{resource}.schema.json").write_text(json.dumps(schema))
                (folder / "samples" / f"{resource}.json").write_text(json.dumps(samples))
                resources[resource] = {
                    "title": resource.capitalize(),
                    "kind": kind,
                    "schema": f"{resource}.schema.json",
                    "key": "id",
                    "key_field": "id",
                    **about.get("more", {}).get(resource, {}),
                    "operations": {each.partition(":")[0]: operation(each, resource) for each in operations},
                }
            document = {
                "title": about["title"],
                "roles": about["roles"],
                "version": "1.0.0",
                "evidence": [],
                "questions": {"type": "object", "properties": {}},
                "http": {"base": f"https://{name}.example", "sign_in": {"kind": "none"}},
                "facts": about.get("facts", {}),
                "resources": resources,
            }
            (folder / "connector.json").write_text(json.dumps(document))
        return bench_of(tmp_path, formulas)

    return invent


def operation(name: str, resource: str) -> dict[str, Any]:
    """An operation as a connector declares it; `find:sku,name` says what is searched by."""
    name, _, fields = name.partition(":")
    about: dict[str, Any] = {
        "read": {"method": "GET", "path": f"/{resource}", "records": "data"},
        "get": {"method": "GET", "path": f"/{resource}/{{$key}}", "record": "$"},
        "find": {"method": "GET", "path": f"/{resource}", "query": {"q": "$match"}, "records": "data"},
        "create": {"method": "POST", "path": f"/{resource}", "body": "$fields", "record": "$"},
        "update": {"method": "PUT", "path": f"/{resource}/{{$key}}", "body": "$fields", "record": "$"},
    }[name]
    return {**about, "finds_by": fields.split(",")} if fields else about
