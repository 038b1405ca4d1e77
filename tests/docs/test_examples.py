"""Examples, commands and links of the documentation hold."""

from __future__ import annotations

import ast
import json
import os
import re
import shlex
from pathlib import Path
from typing import Any

import pytest

from engine.commands.arguments import build_parser
from engine.documents.schemas import schema_names, validate
from engine.documents.strict_json import read_strict

ROOT = Path(__file__).parents[2]
_LINK = re.compile(r"\]\(([^)#\s]+)(#[^)\s]*)?\)|src=\"([^\"]+)\"")
_SCRIPTS = {"run": "try_it.py"}  # scripts whose options another file reads


def test_an_example_keeps_its_schema(json_fence: Any) -> None:
    value = read_strict(json_fence.text, where=json_fence.place)
    if json_fence.about:
        assert json_fence.about in schema_names()
        assert validate(value, json_fence.about, json_fence.place) == []


def test_a_command_can_be_called_as_it_is_written(shell_fence: Any) -> None:
    for line in commands_of(shell_fence.text):
        words = shlex.split(line, comments=True)
        if words[1:3] == ["-m", "engine"]:
            assert build_parser().parse_args(words[3:]).command == words[3], line
        elif words[0].startswith("scripts/"):
            assert os.access(ROOT / words[0], os.X_OK), line
            name = words[0].removeprefix("scripts/")
            options = (ROOT / "scripts" / _SCRIPTS.get(name, name)).read_text(encoding="utf-8")
            for option in (word for word in words[1:] if word.startswith("--")):
                assert option in options, line


def test_python_gives_what_stands_behind_it(python_fence: Any) -> None:
    space: dict[str, Any] = {}
    lines = python_fence.text.splitlines()
    for part in ast.parse(python_fence.text).body:
        code = ast.unparse(part)
        if not isinstance(part, ast.Expr):
            exec(code, space)
            continue
        _, comment, said = lines[part.end_lineno - 1].rpartition("  # ")
        assert comment, f"{python_fence.place}: nothing says what {code} gives"
        assert ast.literal_eval(said.partition(":")[0]) == eval(code, space), code


def commands_of(text: str) -> list[str]:
    """The calls of a block: a prompt, a schedule or a folder change before them is not theirs."""
    lines = text.replace("\\\n", " ").splitlines()
    calls = [re.split(r"&& |\d \* \* \* \* ", line.removeprefix("$ "))[-1] for line in lines]
    return [call for call in calls if re.match(r"(\S*python -m engine|scripts/)", call)]


def test_commands_are_found_where_they_stand() -> None:
    """The test above would pass if nothing were recognised."""
    assert commands_of("$ scripts/run --stay\n*/5 * * * * cd /srv/x && .venv/bin/python -m engine check\necho\n") == [
        "scripts/run --stay",
        ".venv/bin/python -m engine check",
    ]


def test_links_lead_somewhere(page: Path) -> None:
    for target, _, picture in _LINK.findall(page.read_text(encoding="utf-8")):
        link = target or picture
        if "://" not in link:
            assert (page.parent / link).exists(), f"{page.name}: {link}"


@pytest.mark.parametrize("name", ["eaccounting-articles-to-ccv", "eaccounting-stock-to-ccv"])
def test_every_setting_of_the_flows_to_the_shop_is_explained(name: str) -> None:
    flow = json.loads((ROOT / f"saved_mappings/{name}.json").read_text(encoding="utf-8"))
    text = (ROOT / "docs/eaccounting-to-ccv-shop.md").read_text(encoding="utf-8")
    titles = {f"*{lookup['title']}*" for lookup in flow["lookups"].values() if not lookup.get("refers")}
    for setting in (*(f"`{question}`" for question in flow["questions"]["properties"]), *titles):
        assert setting in text, setting


def test_every_question_and_lookup_of_the_shipped_flow_is_explained() -> None:
    flow = json.loads((ROOT / "saved_mappings/ccv-orders-to-eaccounting.json").read_text(encoding="utf-8"))
    text = (ROOT / "docs/ccv-shop-to-eaccounting.md").read_text(encoding="utf-8")
    for name in (*flow["questions"]["properties"], *flow["lookups"], *(step["step"] for step in flow["steps"])):
        assert f"`{name}`" in text, name
