"""Tables of the documentation that are made from the code and the specifications are what these say today.

`UPDATE_DOCS=1 scripts/test tests/docs` writes them anew.
"""

from __future__ import annotations

import ast
import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from engine.design.people.rights import Role
from engine.formulas.functions import FUNCTIONS, REFUSED

ROOT = Path(__file__).parents[2]
SCHEMAS = ROOT / "engine/schemas"
LEVELS = ("documented", "observed", "inferred", "not_found")


def table(columns: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    """A table as it stands on a page; a bar inside a cell is escaped."""
    head = [columns, tuple("---" for _ in columns)]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in [*head, *rows])


def functions() -> str:
    rows = [
        (f"`${f.name}({f.arguments})`", f.description, f"`{f.example}` → `{f.result}`")
        for f in FUNCTIONS
        if not f.in_jsonata
    ]
    return table(("Function", "What it gives", "Example"), rows)


def refused() -> str:
    return table(
        ("Function", "Why not", "Instead"), [(f"`${name}`", r.what + ".", r.what_to_do) for name, r in REFUSED.items()]
    )


def keys(file: str, at: str = "") -> str:
    """Each key of a schema with what it is for; in bold those that must be there."""
    document = schema = json.loads((SCHEMAS / file).read_text(encoding="utf-8"))
    for name in filter(None, at.split(".")):
        schema = schema[name]
    rows = [
        (f"**`{path}`**" if required else f"`{path}`", said(about, document))
        for path, about, required in keys_of(schema, "")
    ]
    return table(("Key", "What it says"), rows)


def said(about: dict[str, Any], document: dict[str, Any]) -> str:
    """The description of a key, its own or that of what it refers to."""
    target = about.get("$ref", "")
    if "description" not in about and target.startswith("#/$defs/"):
        about = document["$defs"][target.removeprefix("#/$defs/")]
    elif "description" not in about and target:
        about = json.loads((SCHEMAS / target).read_text(encoding="utf-8"))
    return str(about.get("description") or about.get("title", ""))


def keys_of(schema: dict[str, Any], prefix: str) -> Iterator[tuple[str, dict[str, Any], bool]]:
    """Key, its schema and whether it is required, down to objects and lists that are written out in place."""
    for name, about in schema.get("properties", {}).items():
        if name in ("$schema", "$id", "$defs"):
            continue
        path = prefix + name
        if about is True:
            continue
        yield path, about, name in schema.get("required", ())
        if name == "questions":
            continue
        yield from keys_of(about, path + ".")
        items = about.get("items", {})
        if isinstance(items, dict):
            yield from keys_of(items, path + "[].")
        more = about.get("additionalProperties")
        if isinstance(more, dict):
            yield from keys_of(more, path + ".NAME.")


def annotations() -> str:
    field = json.loads((SCHEMAS / "resource.schema.json").read_text(encoding="utf-8"))["$defs"]["field"]
    known = {
        "x-zone": "Time zone of times without one.",
        "x-write": "When the system takes it: always, on_create, on_update, never.",
    }
    rows = [
        (f"`{name}`", about.get("description") or known[name])
        for name, about in field["properties"].items()
        if name.startswith("x-")
    ]
    return table(("Annotation", "What it says"), rows)


WAYS = {  # title, and where its kinds stand
    "sign-in": ("http.schema.json", "$defs.sign_in.properties.kind"),
    "paging": ("connector.schema.json", "$defs.paging.properties.kind"),
    "codec": ("connector.schema.json", "$defs.operation.properties.codec"),
    "reply": ("connector.schema.json", "$defs.reply_codec"),
}


def ways() -> str:
    """What each sign-in, paging and codec is for."""
    rows = [
        (way if number == 0 else "", f"`{kind}`", kinds["x-when"][kind])
        for way, kinds in kinds_of_ways().items()
        for number, kind in enumerate(kinds["enum"])
    ]
    return table(("", "Kind", "When"), rows)


def kinds_of_ways() -> dict[str, dict[str, Any]]:
    found = {}
    for way, (file, at) in WAYS.items():
        part = json.loads((SCHEMAS / file).read_text(encoding="utf-8"))
        for name in at.split("."):
            part = part[name]
        found[way] = part
    return found


def test_each_way_says_when_it_is_used() -> None:
    for way, kinds in kinds_of_ways().items():
        assert list(kinds["x-when"]) == kinds["enum"], way


def evidence(system: str) -> str:
    found = json.loads((ROOT / f"connector_specs/{system}/connector.json").read_text(encoding="utf-8"))["evidence"]
    found.sort(key=lambda finding: LEVELS.index(finding["level"]))
    return table(
        ("Known", "Part", "By", "What follows"),
        [(f["level"].replace("_", " "), f["part"], f["by"], f.get("note", "")) for f in found],
    )


def roles() -> str:
    """What each role may do, by what the engine says to whoever lacks it."""
    found: dict[str, set[str]] = {role.name: set() for role in Role}
    for path in sorted((ROOT / "engine/design").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and ast.unparse(call.func).endswith(("needs", "person.must")):
                role, doing = call.args[:2]
                if isinstance(role, ast.Attribute) and isinstance(doing, ast.Constant):
                    found[role.attr].add(str(doing.value))
    return table(("Role", "May also"), [(f"`{name.lower()}`", ", ".join(sorted(said))) for name, said in found.items()])


BLOCKS = {
    "roles": roles,
    "functions": functions,
    "refused functions": refused,
    "keys of a flow": lambda: keys("flow.schema.json"),
    "keys of a step": lambda: keys("flow.schema.json", "$defs.step"),
    "keys of a schedule": lambda: keys("flow.schema.json", "$defs.schedule"),
    "keys of a precondition": lambda: keys("flow.schema.json", "$defs.precondition"),
    "keys of a condition": lambda: keys("flow.schema.json", "$defs.condition"),
    "keys of a lookup": lambda: keys("flow.schema.json", "$defs.lookup"),
    "keys of a field mapping": lambda: keys("flow.schema.json", "$defs.field_mapping"),
    "keys of an example": lambda: keys("flow.schema.json", "$defs.example"),
    "keys of a check": lambda: keys("flow.schema.json", "$defs.check"),
    "keys of a connector": lambda: keys("connector.schema.json"),
    "keys of an event": lambda: keys("connector.schema.json", "$defs.event"),
    "keys of a resource": lambda: keys("connector.schema.json", "$defs.resource"),
    "keys of an operation": lambda: keys("connector.schema.json", "$defs.operation"),
    "keys of paging": lambda: keys("connector.schema.json", "$defs.paging"),
    "keys of children": lambda: keys("connector.schema.json", "$defs.child"),
    "keys of http": lambda: keys("http.schema.json"),
    "annotations": annotations,
    "ways": ways,
} | {
    f"evidence of {path.parent.name}": (lambda system=path.parent.name: evidence(system))
    for path in sorted((ROOT / "connector_specs").glob("*/connector.json"))
}
_BLOCK = re.compile(r"(<!-- made: (.*?) -->\n)(.*?)(\n?<!-- end -->)", re.DOTALL)


@pytest.mark.parametrize("name", BLOCKS)
def test_a_table_says_what_the_code_says(name: str) -> None:
    found = []
    for page in sorted((ROOT / "docs").glob("*.md")):
        text = page.read_text(encoding="utf-8")
        if os.environ.get("UPDATE_DOCS"):
            text = _BLOCK.sub(lambda block: block[1] + BLOCKS[block[2]]() + "\n<!-- end -->", text)
            page.write_text(text, encoding="utf-8")
        found += [block[3] for block in _BLOCK.finditer(text) if block[2] == name]

    assert [BLOCKS[name]()] == found, "scripts/test tests/docs with UPDATE_DOCS=1 writes it anew"
