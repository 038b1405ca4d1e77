"""The examples of docs/editing.md do what stands beside them.

`UPDATE_DOCS=1 scripts/test tests/docs` writes the lines that change anew.
"""

from __future__ import annotations

import difflib
import json
import os
import re
from pathlib import Path
from textwrap import dedent

from engine.design.operations import NAMES, apply
from tests.design.operations.pair import FLOW, SCHEMAS, linked

PAGE = Path(__file__).parents[2] / "docs/editing.md"
_EXAMPLE = re.compile(r"(```ndjson\n(.*?)```\n\n```diff\n)(.*?)(```)", re.DOTALL)
_LINK = re.compile(r"^\| `([^`]+)` \| `([^`]+)` \| (`` .+? ``|`[^`]+`) \|", re.MULTILINE)


def changed_lines(operations: str) -> str:
    text = FLOW
    for line in operations.splitlines():
        after = apply(text, json.loads(line), SCHEMAS)
        assert after != text, f"it changes nothing: {line}"
        text = after
    found = difflib.unified_diff(FLOW.splitlines(), text.splitlines(), lineterm="", n=0)
    lines = [line for line in found if not line.startswith(("---", "+++", "@@"))]
    contents = dedent("\n".join(line[1:] for line in lines)).split("\n")
    return "".join(f"{line[0]}{content}\n" for line, content in zip(lines, contents, strict=True))


def test_every_example_changes_the_lines_it_shows() -> None:
    page = PAGE.read_text(encoding="utf-8")
    if os.environ.get("UPDATE_DOCS"):
        page = _EXAMPLE.sub(lambda found: found[1] + changed_lines(found[2]) + found[4], page)
        PAGE.write_text(page, encoding="utf-8")
    examples = _EXAMPLE.findall(page)

    assert [shown for _, _, shown, _ in examples] == [changed_lines(operations) for _, operations, _, _ in examples]


def test_every_operation_has_an_example() -> None:
    shown = re.findall(r'^\{"op": "(\w+)"', PAGE.read_text(encoding="utf-8"), re.MULTILINE)

    assert set(shown) == NAMES


def test_the_table_of_links_is_true() -> None:
    table = PAGE.read_text(encoding="utf-8").split("<!-- links -->")[1].split("<!-- end -->")[0]
    rows = [(source, target, _unquoted(formula)) for source, target, formula in _LINK.findall(table)]

    assert len(rows) == 10
    for source, target, formula in rows:
        assert linked(source, target) == formula


def _unquoted(formula: str) -> str:
    """Code on the page, in one backtick or two with a space."""
    return formula[2:-2].strip() if formula.startswith("``") else formula[1:-1]
