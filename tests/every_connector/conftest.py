"""One test for each thing that each connector declares it can do; what it does not declare has no test."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from engine.formulas import Formulas
from engine.runs.ledger import Ledger
from tests.every_connector.stand import Stand, about, document, make_stand, names, table_of
from tests.runs.conftest import formulas

__all__ = ["formulas"]

BROKEN_WRITES = ("lose_reply", "refuse", "delay", "cut", "truncate_json", "html", "empty", "server_fault", "gateway")
BROKEN_READS = (*BROKEN_WRITES, "bloat")


def resources(name: str) -> dict[str, Any]:
    declared: dict[str, Any] = document(name).get("resources", {})
    return declared


def having(*wanted: str) -> list[tuple[str, str]]:
    """System and resource wherever the connector declares all of these operations."""
    return [
        (name, resource)
        for name in described()
        for resource, declared in resources(name).items()
        if set(wanted) <= set(declared["operations"])
    ]


def described() -> list[str]:
    return [name for name in names() if table_of(name).exists()]


def reading() -> list[tuple[str, str]]:
    """Resources that are read and whose records have keys."""
    return [(name, resource) for name, resource in having("read") if "key" in resources(name)[resource]]


def reading_since() -> list[tuple[str, str]]:
    return [(n, r) for n, r in reading() if "$since" in str(resources(n)[r]["operations"]["read"])]


def reading_while(part: str) -> list[tuple[str, str]]:
    """Those whose table says how this happens to a record: add, change."""
    return [(n, r) for n, r in reading() if getattr(about(n).resources.get(r), part, None) is not None]


def finding() -> list[tuple[str, str, str]]:
    return [(n, r, f) for n, r in having("find") for f in resources(n)[r]["operations"]["find"]["finds_by"]]


def misbehaving(*, is_write: bool) -> list[tuple[str, str]]:
    ways = [(name, each) for name in described() for each in about(name).misbehaves]
    return [(name, each.name) for name, each in ways if (each.writes is not None) is is_write]


CASES: dict[str, Callable[[], list[Any]]] = {
    "folder": names,
    "system": described,
    "limited": lambda: [name for name in described() if about(name).limit.too_many],
    "read": reading,
    "read_since": reading_since,
    "read_growing": lambda: reading_while("add"),
    "read_changing": lambda: reading_while("change"),
    "find": finding,
    "get": lambda: [(n, r) for n, r in having("get") if "$key" in str(resources(n)[r]["operations"]["get"])],
    "batch": lambda: [(n, r) for n, r in having("read") if "batch" in resources(n)[r]["operations"]["read"]],
    "create": lambda: having("create"),
    "create_broken": lambda: [(n, r, fault) for n, r in having("create") for fault in BROKEN_WRITES],
    "guarded": lambda: [
        (n, r) for n, r in having("create") if resources(n)[r]["operations"]["create"].get("guarded_by")
    ],
    "update": lambda: having("update"),
    "read_broken": lambda: [(name, fault) for name in described() for fault in BROKEN_READS],
    "wrong": lambda: [(name, way) for name in described() for way in about(name).wrong],
    "misbehaves": lambda: misbehaving(is_write=False),
    "writes_oddly": lambda: misbehaving(is_write=True),
}


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    for argument, cases in CASES.items():
        if argument in metafunc.fixturenames:
            found = cases()
            labels = ["-".join(case) if isinstance(case, tuple) else case for case in found]
            metafunc.parametrize(argument, found, ids=labels)


@pytest.fixture(scope="session")
def ledger_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty ledger to copy: making its tables takes longer than most of these tests."""
    folder = tmp_path_factory.mktemp("empty")
    Ledger.open(folder / "ledger.sqlite").close()
    return folder


@pytest.fixture
def stand(tmp_path: Path, ledger_folder: Path, formulas: Formulas) -> Iterator[Callable[..., Stand]]:
    """stand(name, resource): a fresh sandbox of the system, connected, with some records of the resource."""
    with ExitStack() as stack:

        def make(name: str, resource: str | None = None) -> Stand:
            shutil.copytree(ledger_folder, tmp_path, dirs_exist_ok=True)
            made = make_stand(stack, tmp_path, formulas, name)
            fill = made.kept(resource).fill if resource else None
            if fill is not None:
                fill(made)
            return made

        yield make
