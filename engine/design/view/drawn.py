"""The lines of a step's picture, each field's worked out again only when its formula or its values' have changed."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from engine.design.view.lint import values_read
from engine.design.view.memo import Kept
from engine.errors import Json
from engine.flows.flow import Step
from engine.formulas.paths import way_of
from engine.mappings.lines import Line, lines
from engine.mappings.mapping import FieldMapping
from engine.mappings.paths import list_of

_WIDER = {("integer", "number")}  # what needs no conversion although the types have two names


def lines_of_step(
    step: Step, values: Mapping[str, str], lists: frozenset[str], kept: Kept
) -> Iterator[tuple[FieldMapping, list[Line]]]:
    """Each field mapping with its lines. lists: the paths of the source that hold lists, by its schema and sample."""
    rows = {mapping.path: mapping for mapping in step.fields if mapping.is_list}
    for mapping in step.fields:
        inside = list_of(mapping.path)
        above = rows.get(inside[0]) if inside else None
        above_formula = above.formula if above is not None else ""
        read = values_read(values, mapping.formula, above_formula, step.each)
        key = ("lines", mapping.path, mapping.formula, above_formula, step.each, read, lists)
        yield mapping, kept.made(key, lambda m=mapping, a=above, r=read: _lines(m, a, dict(r), step.each, lists))  # type: ignore[misc]


def _lines(
    mapping: FieldMapping,
    above: FieldMapping | None,
    values: Mapping[str, str],
    each: str | None,
    lists: Collection[str],
) -> list[Line]:
    drawn = [mapping] if above is None else [above, mapping]
    return [line for line in lines(drawn, values=values, each=each, lists=lists) if line.target == mapping.path]


def as_json(line: Line, mapping: FieldMapping, types: Mapping[str, str], targets: Mapping[str, str]) -> dict[str, Json]:
    """A line for the page. types, targets: the type of each source and of each target field."""
    is_direct = line.kind != "lookup" and way_of(mapping.formula) is not None and not line.via
    drawn: dict[str, Json] = {"source": line.source, "target": line.target, "kind": line.kind, "direct": is_direct}
    if line.via:
        drawn["via"] = list(line.via)
    source, target = types.get(line.source, "any"), targets.get(line.target, "any")
    if is_direct and "any" not in (source, target) and source != target and (source, target) not in _WIDER:
        drawn["converts"] = f"{source} → {target}"
    return drawn
