"""A workspace of its own with an open desk, on a clock that tests move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.connectors.clock import FakeClock
from engine.design.desk import Desk, desk

PASSWORD = "four words of a test"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "connector_specs").mkdir()
    return tmp_path


@pytest.fixture
def things(folder: Path, clock: FakeClock) -> Iterator[Desk]:
    with desk(str(folder)) as opened:
        yield replace(opened, clock=clock)
