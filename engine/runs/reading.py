"""What a flow reads of a record, and the version that follows from it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator

from engine.errors import Json
from engine.flows.flow import Flow
from engine.flows.library import LoadedFlow
from engine.formulas import Formulas


def flow_formulas(flow: Flow) -> Iterator[tuple[str, str]]:
    """Every formula of a flow with the path it stands at."""
    source = flow.source
    if source.since:
        yield "source.since", source.since
    for name, conditions in (("where", source.where), ("never", source.never)):
        for i, condition in enumerate(conditions):
            yield f"source.{name}[{i}].condition", condition.formula
    for name, formula in flow.values.items():
        yield f"values.{name}", formula
    for i, step in enumerate(flow.steps):
        at = f"steps[{i}]"
        for name in ("each", "when", "key", "instead"):
            if getattr(step, name):
                yield f"{at}.{name}", getattr(step, name)
        if step.policy_formula:
            yield f"{at}.policy.formula", step.policy_formula
        if step.match:
            for name in ("formula", "where", "scope"):
                if getattr(step.match, name):
                    yield f"{at}.match.{name}", getattr(step.match, name)
        for mapping in step.fields:
            yield f"{at}.fields.{mapping.path}.{'each' if mapping.is_list else 'formula'}", mapping.formula
        for name in ("before", "after"):
            for j, check in enumerate(getattr(step, name)):
                for part, formula in check.formulas.items():
                    yield f"{at}.{name}[{j}].{part}", formula


def record_paths(loaded: LoadedFlow, formulas: Formulas) -> list[str]:
    """The top fields of the source record that make what is delivered, sorted: those its values and steps read.

    What only the source's conditions read is left out: it says whether a record is taken, not what becomes of it.
    So a status that another flow wrote back makes no new version of what arrived. A formula that reads the whole
    record gives all fields. Fields of list items count by their list.
    """
    schema = loaded.connectors[loaded.flow.source.connector].resources[loaded.flow.source.resource].schema
    known = set(schema.get("properties", {}))
    found: set[str] = set()
    for place, formula in flow_formulas(loaded.flow):
        if place.startswith("source."):
            continue
        for path in formulas.reads(formula):
            head = path.removeprefix("$record.").removeprefix("$$.").split(".")[0].removesuffix("[]").strip("`")
            if head in ("$", "$$", "*", "**", "$record"):
                found |= known
            elif head in known:
                found.add(head)
    return sorted(found)


def version_of_record(record: Json, reads: list[str]) -> str:
    """Hash of the fields the flow reads: a record whose version is the same needs no second delivery."""
    seen = {name: record[name] for name in reads if name in record}
    text = json.dumps(seen, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]
