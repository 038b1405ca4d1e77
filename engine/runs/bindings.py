"""For whom a flow works: its connections, and the answers, rows of lookups and schedules that differ there."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.documents.workspace import did_you_mean
from engine.errors import DocumentError, Json, Problem
from engine.flows.flow import Flow, Schedule
from engine.flows.library import LoadedFlow
from engine.runs.ledger import Ledger
from engine.runs.ledger.bindings import DEFAULT, StoredBinding

__all__ = ["DEFAULT", "Bound", "all_bound", "binding_names", "bound", "name_problem"]

_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Bound:
    """A flow with a binding. connections: every system of the flow → the name of its connection; answers, lookups: what
    differs from the flow's file; schedules: None for the flow's own; saved_at: None where it was never saved.
    """

    flow: str
    name: str
    title: str
    connections: Mapping[str, str]
    answers: Mapping[str, Json] = field(default_factory=dict)
    lookups: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    schedules: tuple[Schedule, ...] | None = None
    is_on: bool = True
    saved_at: datetime | None = None

    @property
    def is_default(self) -> bool:
        return self.name == DEFAULT

    def answered(self, flow: Flow) -> dict[str, Json]:
        """Every answer of the flow here: the defaults, with those of the binding over them.

        What the flow does not ask any more is left out.
        """
        asked = set(_declared(flow.questions))
        return flow.answers({name: value for name, value in self.answers.items() if name in asked})

    def scheduled(self, flow: Flow) -> tuple[Schedule, ...]:
        """The schedules that count here."""
        return flow.schedules if self.schedules is None else self.schedules

    def applied(self, loaded: LoadedFlow) -> LoadedFlow:
        """The flow with the binding's rows over those of its lookups; its version stays that of its files."""
        if not self.lookups:
            return loaded
        tables = dict(loaded.flow.lookups)
        for name, rows in self.lookups.items():
            if name in tables:
                tables[name] = replace(tables[name], rows={**tables[name].rows, **rows})
        return replace(loaded, flow=replace(loaded.flow, lookups=tables))


def _declared(questions: Mapping[str, Json]) -> Iterator[str]:
    """The names of all questions, those of conditions too."""
    yield from questions.get("properties", {})
    parts = [*questions.get("allOf", ()), *questions.get("dependentSchemas", {}).values()]
    for part in (*parts, questions.get("then"), questions.get("else")):
        if isinstance(part, Mapping):
            yield from _declared(part)


def bound(ledger: Ledger, loaded: LoadedFlow, name: str = DEFAULT) -> Bound:
    """The binding of this name; DocumentError names those there are. `default` is always there."""
    flow = loaded.flow.name
    stored = ledger.binding(flow, name)
    if stored is None and name != DEFAULT:
        raise DocumentError([_unknown(flow, name, binding_names(ledger, flow))])
    return _bound(loaded, stored or unsaved(loaded.flow))


def unsaved(flow: Flow) -> StoredBinding:
    """The default binding while nobody has changed it."""
    return StoredBinding(flow.name, DEFAULT, is_on=flow.begins_on)


def binding_names(ledger: Ledger, flow: str) -> list[str]:
    """The bindings of a flow, `default` first."""
    return [DEFAULT, *(stored.name for stored in ledger.bindings(flow) if stored.name != DEFAULT)]


def all_bound(ledger: Ledger, loaded: LoadedFlow) -> list[Bound]:
    """Every binding of a flow, `default` first."""
    stored = {each.name: each for each in ledger.bindings(loaded.flow.name)}
    default = stored.pop(DEFAULT, unsaved(loaded.flow))
    return [_bound(loaded, each) for each in (default, *stored.values())]


def name_problem(name: str, of: str) -> Problem | None:
    """What is wrong with the name of a binding or a connection; None where it is one. of: where it is said."""
    if _NAME.fullmatch(name):
        return None
    shown = name if len(name) <= 60 else name[:59] + "…"
    what = f"“{shown}” cannot be a name: it has small letters a to z, digits, _ and -, 40 at most, and no blanks"
    return Problem(of, what, "Choose such a name, as live, test or customer_a; a title may be anything.")


def _bound(loaded: LoadedFlow, stored: StoredBinding) -> Bound:
    schedules = stored.schedules
    return Bound(
        stored.flow,
        stored.name,
        stored.title or ("" if stored.name == DEFAULT else stored.name),
        {system: stored.connections.get(system, system) for system in loaded.connectors},
        dict(stored.answers),
        {name: dict(rows) for name, rows in stored.lookups.items()},
        None if schedules is None else tuple(Schedule(**about) for about in schedules),
        stored.is_on,
        stored.saved_at,
    )


def _unknown(flow: str, name: str, names: list[str]) -> Problem:
    close = did_you_mean(name, names)
    there = f"there are {', '.join(names)}" if len(names) > 1 else f"there is only {DEFAULT}"
    advice = f"Did you mean `{close}`? " if close else ""
    return Problem(
        flow,
        f"it has no binding {name}; {there}",
        f"{advice}`bindings {flow} {name} --title TEXT` makes one.",
    )
