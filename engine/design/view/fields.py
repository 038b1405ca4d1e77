"""The mapped fields of a step as the page shows them, those that are missing, and new homes for those that are gone."""

from __future__ import annotations

from engine.design.view import drawn
from engine.design.view.basis import Basis
from engine.design.view.findings import Finding
from engine.design.view.homes import homes
from engine.design.view.judged import REQUIRED
from engine.design.view.rows import field_row, missing_row
from engine.errors import Json
from engine.flows.flow import Step


def fields_of(basis: Basis, step: Step) -> dict[str, Json]:
    """By target field its formula, what it becomes, and how it stands."""
    made = basis.work.steps[step.name]
    found: dict[str, list[Finding]] = {}
    for finding in basis.findings:
        if finding.step == step.name:
            found.setdefault(finding.target, []).append(finding)
    rows = {mapping.path: field_row(made, mapping, found.get(mapping.path, []), basis.say) for mapping in step.fields}
    for node in basis.target_nodes(step):
        if node.gone and node.id in rows:
            rows[node.id]["homes"] = _homes(basis, step, node.id)
    missing = {f.target: f for f in basis.findings if f.step == step.name and f.code == REQUIRED}
    return rows | {target: missing_row(finding) for target, finding in missing.items()}


def _homes(basis: Basis, step: Step, target: str) -> list[dict[str, Json]]:
    """Fields that a mapping could move to whose own is gone."""
    mapping = next((each for each in step.fields if each.path == target), None)
    if mapping is None:
        return []
    nodes = {node.id: node for node in basis.source_nodes(step)}
    found = drawn.lines_of_step(step, basis.loaded.flow.values, frozenset(), basis.shelf.findings)
    sources = [nodes[line.source] for held, lines in found if held is mapping for line in lines if line.source in nodes]
    type_ = sources[0].type if len(sources) == 1 else "any"
    taken = {each.path for each in step.fields}
    meanings = {node.meaning for node in sources} - {""}
    return [home.as_json() for home in homes(target, type_, meanings, basis.target_nodes(step), taken)]
