"""A workspace with as many fields a side as wanted, made from the benchmark's own systems: for the studio's figures."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from benchmarks.map import WORKSPACE

FLOW = "wide-orders"
_GROUP = 10  # fields stand in groups, as they do in real systems
_TYPES = ({"type": "string"}, {"type": "number"}, {"type": "string", "format": "date"}, {"type": "boolean"})


def make(folder: Path, fields: int, *, value: str = "sample") -> Path:
    """The workspace in this folder: `fields` leaves a side, a third of the targets mapped, one sample record."""
    for system in ("shop", "books"):
        there = folder / "connector_specs" / system
        (there / "samples").mkdir(parents=True)
        connector = json.loads((WORKSPACE / "connector_specs" / system / "connector.json").read_text())
        _write(there / "connector.json", connector)
        _write(there / "orders.schema.json", _schema(system, fields))
    _write(folder / "connector_specs" / "shop" / "samples" / "orders.json", [_record(fields, value)])
    (folder / "saved_mappings").mkdir()
    _write(folder / "saved_mappings" / f"{FLOW}.json", _flow(fields))
    return folder


def _write(path: Path, document: object) -> None:
    path.write_text(json.dumps(document, indent=2) + "\n", encoding="utf-8")


def _name(number: int) -> str:
    return f"field{number}"


def _schema(system: str, fields: int) -> dict[str, Any]:
    leaves = {_name(n): {"title": f"Field {n} of the {system}", **_TYPES[n % len(_TYPES)]} for n in range(fields)}
    properties: dict[str, Any] = leaves
    if system == "shop":
        names = list(leaves)
        properties = {
            f"group{at // _GROUP}": {
                "title": f"Group {at // _GROUP}",
                "type": "object",
                "properties": {name: leaves[name] for name in names[at : at + _GROUP]},
            }
            for at in range(0, fields, _GROUP)
        }
        properties = {
            "id": {"title": "Id", "type": "string"},
            "number": {"title": "Number", "type": "string"},
        } | properties
        properties["created_at"] = {"title": "Created", "type": "string", "format": "date-time"}
    else:
        properties = {"id": {"title": "Id", "type": "string", "x-write": "never"}} | properties
        properties["yourReference"] = {"title": "Your reference", "type": "string"}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Order of the {system}",
        "type": "object",
        "properties": properties,
    }


def _value(number: int, value: str) -> object:
    return (f"{value} {number}", number / 4, f"2026-11-{number % 28 + 1:02d}", number % 2 == 0)[number % len(_TYPES)]


def _record(fields: int, value: str) -> dict[str, Any]:
    record: dict[str, Any] = {"id": "1", "number": "W-1", "created_at": "2026-11-27T10:00:00Z"}
    for number in range(fields):
        record.setdefault(f"group{number // _GROUP}", {})[_name(number)] = _value(number, value)
    return record


def _flow(fields: int) -> dict[str, Any]:
    mapped = {}
    for number in range(0, fields, 3):
        path = f"group{number // _GROUP}.{_name(number)}"
        mapped[_name(number)] = {"formula": path if number % 2 else f"$first_filled({path})"}
    return {
        "title": "Wide orders",
        "source": {"connector": "shop", "resource": "orders"},
        "steps": [
            {
                "step": "order",
                "title": "The order is made",
                "connector": "books",
                "resource": "orders",
                "match": {"field": "yourReference", "formula": "number"},
                "policy": "skip_if_exists",
                "fields": mapped,
            }
        ],
    }
