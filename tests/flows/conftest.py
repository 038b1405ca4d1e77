"""A workspace of its own, copied from the repository, whose files a test may change."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from engine.documents.workspace import Workspace

REPOSITORY = Path(__file__).parents[2]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    for name in ("connector_specs", "saved_mappings"):
        shutil.copytree(REPOSITORY / name, tmp_path / name)
    return Workspace(tmp_path)


@pytest.fixture
def edit(workspace: Workspace) -> Callable[[str, Callable[[Any], object]], None]:
    """edit(path, change): change the document of a file in place."""

    def change_file(path: str, change: Callable[[Any], object]) -> None:
        file = workspace.root / path
        document = json.loads(file.read_bytes())
        change(document)
        file.write_text(json.dumps(document, indent=2, ensure_ascii=False), encoding="utf-8")

    return change_file
