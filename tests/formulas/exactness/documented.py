"""What people wrote down: the cases by topic, and the table of differences in docs/exactness.md."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

from tests.formulas.exactness.answers import Answer

DOCUMENT = Path(__file__).parents[3] / "docs" / "exactness.md"
CASES = Path(__file__).parent / "cases"
_ROW = re.compile(r"\| `(?P<formula>.+?)` \| (?:`(?P<record>.+?)` )?\| `(?P<reference>.+?)` \| `(?P<ours>.+?)` \|")


class Written(NamedTuple):
    formula: str
    record: Any
    reference: str  # as `plainly` writes it
    ours: str
    topic: str


def plainly(answer: Answer) -> str:
    """An answer in the words of the documents: JSON, "missing", "a function", or an error's code."""
    if "value" in answer:
        written = json.dumps(_whole(answer["value"]), ensure_ascii=True)
        return f"{written}, not finite" if answer.get("endless") else written
    if "code" in answer:
        return str(answer["code"])
    return "missing" if answer.get("missing") else "a function"


def _whole(value: Any) -> Any:
    """1 for 1.0: JSON knows one kind of number."""
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e21:
        return int(value)
    if isinstance(value, list):
        return [_whole(item) for item in value]
    if isinstance(value, dict):
        return {name: _whole(item) for name, item in value.items()}
    return value


def differences() -> list[Written]:
    """The rows of the table: formula, record, jsonata-js, ours, why."""
    found = []
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines():
        row = _ROW.match(line)
        if row:
            formula = row["formula"].replace("\\|", "|")
            record = json.loads(row["record"]) if row["record"] else {}
            found.append(Written(formula, record, row["reference"], row["ours"], "documentation"))
    return found


def cases() -> list[Written]:
    """The cases of every topic: a record, and what formulas give for it, by jsonata-js and by us."""
    found = []
    for path in sorted(CASES.glob("*.json")):
        for group in json.loads(path.read_text(encoding="utf-8")):
            for formula, answer in group["gives"].items():
                found.append(Written(formula, group["given"], answer, answer, path.stem))
    return found
