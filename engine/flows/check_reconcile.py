"""What the schema cannot say of how days are compared: the fields its formulas name, in source and target."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.documents.workspace import did_you_mean
from engine.flows.library import LoadedFlow
from engine.formulas.paths import ways_here

Found = tuple[tuple[str | int, ...], str, str]  # place, what, what to do


def reconcile_problems(loaded: LoadedFlow) -> Iterator[Found]:
    """Fields that nobody knows: their days and sums would be empty."""
    reconcile = loaded.flow.reconcile
    if reconcile is None:
        return
    source = loaded.flow.source
    resource = loaded.connectors[source.connector].resources.get(source.resource)
    known = set(resource.schema.get("properties", {})) if resource is not None else set()
    for name in ("day", "sum", "currency"):
        formula = getattr(reconcile, name)
        if formula is not None:
            yield from _unknown_fields(name, formula, known, "the source's records")
    yield from _unknown_fields("target_sum", reconcile.target_sum, _made(loaded), "what the flow makes")


def _made(loaded: LoadedFlow) -> set[str]:
    """The fields of all that the steps for a record itself make in the target."""
    fields: set[str] = set()
    for step in loaded.flow.steps:
        if step.connector != loaded.flow.source.connector and step.each is None:
            resource = loaded.connectors[step.connector].resources.get(step.resource)
            fields |= set(resource.schema.get("properties", {})) if resource is not None else set()
    return fields


def _unknown_fields(name: str, formula: str, known: Iterable[str], where: str) -> Iterator[Found]:
    for way in ways_here(formula) or ():
        head = way[1] if way[0] == "$record" and len(way) > 1 else way[0]
        if not head.startswith("$") and head not in ("*", "**") and head not in known:
            close = did_you_mean(head, list(known))
            advice = f"Did you mean `{close}`?" if close else "Look at the resource's schema."
            yield (name,), f"{where} have no field {head}", advice
