"""The connector documents of this repository, read once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

SPECS = Path(__file__).parents[2] / "connector_specs"


class Specs:
    """What stands in connector_specs: the vocabulary, and each connector's schemas and samples."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.vocabulary_text = (root / "vocabulary.json").read_text(encoding="utf-8")
        self.vocabulary: dict[str, Any] = json.loads(self.vocabulary_text)
        self.meanings: dict[str, dict[str, Any]] = self.vocabulary["meanings"]
        self.schemas = {self._name(path): _read(path) for path in sorted(root.glob("*/*.schema.json"))}
        self.connectors = {path.parent.name: _read(path) for path in sorted(root.glob("*/connector.json"))}
        self.samples = {
            f"{path.parents[1].name}/{path.stem}": _read(path) for path in sorted(root.glob("*/samples/*.json"))
        }

    def tagged_fields(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        """Each field that says what it means: connector/resource, the meaning, the field itself."""
        for name, schema in self.schemas.items():
            for field in fields_of(schema):
                if "x-meaning" in field:
                    yield name, field["x-meaning"], field

    def schema_of(self, sample: str) -> dict[str, Any]:
        """The schema that a sample file's resource names: connector/resource."""
        system, resource = sample.split("/")
        file_name = self.connectors[system]["resources"][resource]["schema"]
        return self.schemas[f"{system}/{file_name.removesuffix('.schema.json')}"]

    def _name(self, path: Path) -> str:
        return f"{path.parent.name}/{path.name.removesuffix('.schema.json')}"


def fields_of(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The schema and every field beneath it."""
    yield schema
    for field in schema.get("properties", {}).values():
        yield from fields_of(field)
    if "items" in schema:
        yield from fields_of(schema["items"])


def _read(path: Path) -> Any:
    return json.loads(path.read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def specs() -> Specs:
    return Specs(SPECS)
