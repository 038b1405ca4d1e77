"""A real ledger in a folder of its own, and the records and moments the tests share."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from engine.runs.ledger import Ledger


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / ".studio" / "ledger.sqlite"


@pytest.fixture
def ledger(path: Path) -> Iterator[Ledger]:
    with Ledger.open(path) as opened:
        yield opened


@pytest.fixture
def at() -> datetime:
    return datetime(2025, 3, 2, 12, 0, tzinfo=UTC)


@pytest.fixture
def later(at: datetime) -> datetime:
    return at + timedelta(hours=1)
