"""What a flow must not ask of records that are handed out once: there is no list of them, and no day to read from."""

from __future__ import annotations

from collections.abc import Iterator

from engine.errors import Json
from engine.flows.library import LoadedFlow

Found = tuple[tuple[str | int, ...], str, str]  # place, what, what to do


def batch_problems(loaded: LoadedFlow) -> Iterator[Found]:
    """Everything that would take such records from the flow they are for, or read them by time."""
    flow = loaded.flow
    for lookup in flow.lookups.values():
        refers = lookup.refers
        if refers is not None and _is_batch(loaded, refers.connector, refers.resource):
            yield (
                ("lookups", lookup.name, "refers", "resource"),
                _once(loaded, refers.connector, refers.resource),
                _OTHER,
            )
    for i, precondition in enumerate(flow.preconditions):
        each = precondition.each
        if each is not None and _is_batch(loaded, each.connector, each.resource):
            yield ("preconditions", i, "each", "resource"), _once(loaded, each.connector, each.resource), _OTHER
    for name, question in flow.questions.get("properties", {}).items():
        options: Json = question.get("x-options") if isinstance(question, dict) else None
        if options is not None and _is_batch(loaded, options.get("connector", ""), options["resource"]):
            what = _once(loaded, options["connector"], options["resource"])
            yield ("questions", "properties", name, "x-options", "resource"), what, _OTHER
    if not _is_batch(loaded, flow.source.connector, flow.source.resource):
        return
    what = _once(loaded, flow.source.connector, flow.source.resource)
    if flow.source.since is not None:
        yield ("source", "since"), f"{what}: it is not read from a day", "Leave it out: a run takes what is waiting."
    if flow.reconcile is not None:
        yield ("reconcile",), f"{what}: its days cannot be compared", "Take it out."


_OTHER = "Name a resource of which there is a list; these are for the one flow whose source they are."


def _is_batch(loaded: LoadedFlow, connector: str, resource: str) -> bool:
    known = loaded.connectors.get(connector)
    held = known.resources.get(resource) if known is not None else None
    return held is not None and held.is_handed_out


def _once(loaded: LoadedFlow, connector: str, resource: str) -> str:
    known = loaded.connectors[connector]
    return f"{known.title} hands out each change of its {known.resources[resource].title.lower()} once"
