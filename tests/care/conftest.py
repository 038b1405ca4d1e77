"""A workspace with a ledger of its own, and records of invented people in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.runs.ledger import Ledger

FLOW = "orders-to-books"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "workspace"
    for name in ("connector_specs", "saved_mappings"):
        (folder / name).mkdir(parents=True)
    return folder


@pytest.fixture
def ledger(root: Path) -> Iterator[Ledger]:
    with Ledger.open(root / ".studio" / "ledger.sqlite") as opened:
        yield opened
