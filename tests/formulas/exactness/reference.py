"""The reference, jsonata-js on Node: a development tool that answers many pairs at once."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from tests.formulas.exactness.answers import Answer

FOLDER = Path(__file__).parent


def why_not() -> str:
    """Why the reference cannot be asked, or "" when it can."""
    if shutil.which("node") is None:
        return "Node is not on this machine"
    if not (FOLDER / "node_modules" / "jsonata").is_dir():
        return "jsonata-js is not installed: npm ci --prefix tests/formulas/exactness"
    return ""


def answers(pairs: Iterable[tuple[str, Any]]) -> list[Answer]:
    """The reference's answers, in the order of the pairs."""
    lines = "".join(json.dumps({"f": formula, "r": record}) + "\n" for formula, record in pairs)
    done = subprocess.run(
        ["node", "reference.mjs"], cwd=FOLDER, input=lines, capture_output=True, text=True, encoding="utf-8", check=True
    )
    return [json.loads(line, parse_int=float) for line in done.stdout.split("\n") if line]
