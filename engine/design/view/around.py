"""What a flow's formulas see beside a record: answers, facts and lookups; from the systems where they are at hand."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from engine.errors import Json, Problem
from engine.flows.flow import Example
from engine.flows.library import LoadedFlow
from engine.formulas import Environment, LookupTable
from engine.runs.checks import zone_of

_FACT = re.compile(r"\$facts\.([A-Za-z_][A-Za-z0-9_]*)")
_TABLE = re.compile(r"""\$table\s*\(\s*["']([^"']+)["']""")
_VALUE = re.compile(r"\$values\.(?:`([^`]+)`|([A-Za-z_][A-Za-z0-9_]*))")


@dataclass(frozen=True, slots=True)
class Live:
    """What was read from the connected systems. facts: by connector; rows: of lookups that name records; why: by
    connector, in words, why nothing of it is known (yet); problems: of rows that name no record.
    """

    facts: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    rows: Mapping[str, Mapping[str, Json]] = field(default_factory=dict)
    why: Mapping[str, str] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    is_reading: bool = False

    def said(self) -> list[Json]:
        """All that formulas could see of it, as JSON."""
        facts = {name: dict(held) for name, held in self.facts.items()}
        return [facts, {name: dict(rows) for name, rows in self.rows.items()}]


@dataclass(frozen=True, slots=True)
class Around:
    """The environment of a flow, and what of it is not known: by name (`$facts.shop`, `$lookups.units`) why not."""

    environment: Environment
    unknown: Mapping[str, str]

    def lacks(self, formula: str, values: Mapping[str, str]) -> str:
        """Why a formula's value cannot be known, by what it or the named values it reads ask for; "" where it can."""
        if not self.unknown:
            return ""
        waiting, met = [formula], set[str]()
        while waiting:
            text = waiting.pop()
            for name in (*_FACT.findall(text), *_TABLE.findall(text)):
                why = self.unknown.get(f"$facts.{name}") or self.unknown.get(f"$lookups.{name}")
                if why:
                    return why
            for quoted, plain in _VALUE.findall(text):
                name = quoted or plain
                if name not in met and name in values:
                    met.add(name)
                    waiting.append(values[name])
        return ""


def with_example(live: Live, loaded: LoadedFlow, example: Example) -> Live:
    """What an example says that its systems would tell, as far as they do not tell it themselves."""
    flow = loaded.flow
    sides = {"source": flow.source.connector, "target": flow.target()}
    facts: dict[str, dict[str, Json]] = {}
    for name, held in example.facts.items():
        facts.setdefault(sides.get(name, name), {}).update(held)
    told = {name: facts[name] for name in loaded.connectors if name in facts}
    return replace(live, facts={**told, **live.facts}, rows={**example.lookups, **live.rows})


def environment_of(loaded: LoadedFlow, live: Live, now: datetime) -> Environment:
    """What a flow's formulas see; what the systems would tell stays out of it where they are not at hand."""
    flow = loaded.flow
    facts: dict[str, Json] = {name: dict(live.facts[name]) for name in loaded.connectors if name in live.facts}
    facts |= {side: facts[name] for side, name in _sides(loaded).items() if name in facts}
    tables = {}
    for name, lookup in flow.lookups.items():
        rows = dict(live.rows.get(name, lookup.rows))
        otherwise = "leave_out" if name in _unread(loaded, live) else lookup.otherwise
        tables[name] = LookupTable(name, lookup.title, rows, otherwise, lookup.value)
    return Environment(now, {"answers": flow.answers(), "facts": facts}, tables, zone_of(loaded))


def unknown_of(loaded: LoadedFlow, live: Live) -> dict[str, str]:
    """What of it is not known, and why not."""
    unknown: dict[str, str] = {}
    sides = _sides(loaded)
    for name in (*loaded.connectors, *sides):
        connector = sides.get(name, name)
        if connector not in live.facts:
            unknown[f"$facts.{name}"] = live.why.get(connector) or _needs(loaded, connector)
    for name, connector in _unread(loaded, live).items():
        unknown[f"$lookups.{name}"] = live.why.get(connector) or _needs(loaded, connector)
    return unknown


def _sides(loaded: LoadedFlow) -> dict[str, str]:
    return {"source": loaded.flow.source.connector, "target": loaded.flow.target()}


def _unread(loaded: LoadedFlow, live: Live) -> dict[str, str]:
    """The lookups all of whose rows a system would tell, and has not; each with the system."""
    found = {}
    for name, lookup in loaded.flow.lookups.items():
        if lookup.refers is not None and lookup.refers.every and name not in live.rows:
            found[name] = lookup.refers.connector
    return found


def _needs(loaded: LoadedFlow, connector: str) -> str:
    held = loaded.connectors.get(connector)
    return f"Needs a connection to {held.title if held else connector}."
