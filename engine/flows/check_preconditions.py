"""What the schema cannot say of a flow's preconditions: their names, what each has, and what it reads."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engine.documents.workspace import did_you_mean
from engine.flows.flow import Precondition, Reading
from engine.flows.library import LoadedFlow

Found = tuple[tuple[str | int, ...], str, str]  # place, what, what to do


def precondition_problems(loaded: LoadedFlow) -> Iterator[Found]:
    """Everything that is wrong with them."""
    seen: set[str] = set()
    for i, precondition in enumerate(loaded.flow.preconditions):
        if precondition.name in seen:
            yield (i, "name"), f"two preconditions are called {precondition.name}", "Give one another name."
        seen.add(precondition.name)
        yield from _parts(i, precondition)
        if precondition.each is not None:
            yield from _reading(i, precondition.each, loaded)


def _parts(i: int, precondition: Precondition) -> Iterator[Found]:
    had = [name for name in ("holds", "unique", "by_hand") if getattr(precondition, name)]
    if len(had) != 1:
        said = f"it has {' and '.join(had)}" if had else "it has none of them"
        yield (i,), f"a precondition has holds, unique or by_hand, one of them; {said}", "Keep one."
    if precondition.unique and precondition.each is None:
        yield (i, "unique"), "what is to be unique among is not said", "Say with `each` which records are read."
    if precondition.each is None or precondition.by_hand:
        parts: Sequence[str] = ("each", "names", "proposal") if precondition.by_hand else ("names", "proposal")
        for name in parts:
            if getattr(precondition, name):
                yield (i, name), f"`{name}` is about records that are read, and none are", "Take it out, or add `each`."


def _reading(i: int, each: Reading, loaded: LoadedFlow) -> Iterator[Found]:
    connector = loaded.connectors.get(each.connector)
    if connector is None:
        yield (
            (i, "each", "connector"),
            f"the flow does not speak to {each.connector}",
            _close(each.connector, list(loaded.connectors)),
        )
        return
    resource = connector.resources.get(each.resource)
    if resource is None:
        what = f"{connector.title} has no resource {each.resource}"
        yield (i, "each", "resource"), what, _close(each.resource, list(connector.resources))
    elif not {"read", "get"} & set(resource.operations):
        what = f"{resource.title} of {connector.title} cannot be read"
        yield (i, "each", "resource"), what, "Name a resource that has the operation read."


def _close(name: str, known: list[str]) -> str:
    close = did_you_mean(name, known)
    return f"Did you mean `{close}`?" if close else f"There are: {', '.join(known)}."
