"""A workspace of its own, in the hands of somebody who administers it, and of somebody who only looks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from engine.design.desk import Desk, desk
from engine.design.people.rights import Person, Role

ROOT = Path(__file__).parents[3]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "workspace"
    root.mkdir()
    for name in ("connector_specs", "saved_mappings"):
        (root / name).symlink_to(ROOT / name, target_is_directory=True)
    return root


@pytest.fixture
def anna(folder: Path) -> Iterator[Desk]:
    """The desk in the hands of Anna, who administers."""
    with desk(str(folder)) as opened:
        yield replace(opened, person=Person("anna@example.com", Role.ADMINISTER))


@pytest.fixture
def dora(anna: Desk) -> Desk:
    """The same in the hands of Dora, who designs and does not administer."""
    return replace(anna, person=Person("dora@example.com", Role.DESIGN))
