"""What a row may name: the records of the connected target, read live and remembered for a moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType
from typing import Any

from engine.connectors.connector import Connector
from engine.design.desk import Desk
from engine.design.localised import code_in_words, localised_schema
from engine.design.lookups.tables import Table, Value
from engine.design.starter.templates import document
from engine.errors import ConnectionMissing, FormulaError, Json, Problem, StudioError
from engine.flows.flow import Reference
from engine.flows.library import LoadedFlow
from engine.formulas import MISSING, Environment
from engine.formulas.words import Translations
from engine.runs.clients import stored_connection

KEPT_SECONDS = 60.0
FAILURE_KEPT_SECONDS = 15.0  # a system that is away is not asked again with every click
_MOST_KEPT = 200
_TOLD_KINDS = ("number", "rate", "quantity")
_MOST_TOLD = 3


@dataclass(frozen=True, slots=True)
class Option:
    """A record of the target. value: what a row says to name it; gives: what a formula then gets.

    title: what people call it; meaning: what tells it from others (“Days 30, normal”); is_open: false where the
    lookup's condition leaves it out; codes: what its coded fields mean, in the vocabulary's words; numbers: its rates
    in percent and its other numbers.
    """

    value: str
    title: str
    meaning: str = ""
    gives: Value = None
    is_open: bool = True
    codes: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Options:
    """The options of one lookup. all: with those its condition leaves out; problem: why there are none.

    what: what the records are called; system: whose they are; read_at: when they were read.
    """

    all: tuple[Option, ...] = ()
    problem: Problem | None = None
    is_connected: bool = True
    system: str = ""
    what: str = ""
    read_at: datetime | None = None

    def __iter__(self) -> Iterator[Option]:
        """Those that a row may name."""
        return (option for option in self.all if option.is_open)

    @property
    def is_known(self) -> bool:
        return self.problem is None

    def rows(self) -> dict[str, Value]:
        """The rows of a lookup that is read from the target."""
        found: dict[str, Value] = {}
        for option in self:
            found.setdefault(option.value, option.gives)
        return found


def options(
    desk: Desk,
    loaded: LoadedFlow,
    table: Table,
    *,
    fresh: bool = False,
    translations: Translations | None = None,
    connections: Mapping[str, str] = MappingProxyType({}),
) -> Options:
    """What the rows of a lookup may name; nothing, without a problem, where they name no records.

    fresh: ask the system now, even if it was asked a moment ago; translations: for what is told of each; connections:
    by system the connection that is asked, else that of its own name.
    """
    if table.refers is None:
        return Options()
    connector = loaded.connectors.get(table.refers.connector)
    if connector is None or table.refers.resource not in connector.resources:
        what = f"{table.refers.connector} has no records called “{table.refers.resource}”"
        advice = "Mend `refers` of the lookup."
        return Options(problem=Problem(f"lookups.{table.name}.refers", what, advice), is_connected=False)
    resource = connector.resources[table.refers.resource]
    asked = Options(system=connector.title, what=resource.title.lower())
    try:
        connection = connections.get(connector.name, "")
        held = read_records(desk, connector, table.refers.resource, fresh=fresh, connection=connection)
        found = _options(desk, loaded, table.refers, connector, held, translations)
        return replace(asked, all=tuple(found), read_at=held.at)
    except ConnectionMissing as error:
        return replace(asked, problem=_without_command(error, connector), is_connected=False)
    except StudioError as error:
        return replace(asked, problem=error.as_problem())


def _without_command(error: ConnectionMissing, connector: Connector) -> Problem:
    advice = f"Connect {connector.title}: then its records can be chosen here."
    return Problem(connector.title, error.what, advice, severity="note")


# --- reading


@dataclass(frozen=True, slots=True)
class ReadRecords:
    """The records of a resource, with what is true of the account. until: by the monotonic clock, how long they count;
    error: why they could not be read.
    """

    records: tuple[dict[str, Json], ...]
    facts: Mapping[str, Json]
    at: datetime
    until: float
    error: StudioError | None = None


_lock = threading.Lock()
_held: dict[tuple[str, ...], ReadRecords] = {}


def forget(desk: Desk) -> None:
    """Ask again when somebody next wants to know."""
    with _lock:
        for place in [place for place in _held if place[0] == str(desk.workspace.root)]:
            del _held[place]


def read_records(
    desk: Desk, connector: Connector, resource: str, *, fresh: bool = False, connection: str = ""
) -> ReadRecords:
    """Every record of a resource of a connected system; ConnectionMissing, or what asking it raises.

    connection: its name, else that of the system.
    """
    stored = stored_connection(desk.ledger, connector, connection or connector.name)
    place = (str(desk.workspace.root), stored.name, stored.saved_at.isoformat(), resource)
    with _lock:
        held = _held.get(place)
    if held is None or fresh or held.until < desk.clock.monotonic():
        held = _asked(desk, connector, stored, resource)
        with _lock:
            if len(_held) >= _MOST_KEPT:
                _held.clear()
            _held[place] = held
    if held.error is not None:
        raise held.error
    return held


def _asked(desk: Desk, connector: Connector, stored: Any, resource: str) -> ReadRecords:
    now = desk.clock.now()
    with desk.system(connector.impatient(), stored, now) as system:
        try:
            records, facts = system.all(resource), system.facts()
        except StudioError as error:
            return ReadRecords((), {}, now, desk.clock.monotonic() + FAILURE_KEPT_SECONDS, error)
    return ReadRecords(tuple(records), facts, now, desk.clock.monotonic() + KEPT_SECONDS)


# --- from records to options


def _options(
    desk: Desk,
    loaded: LoadedFlow,
    refers: Reference,
    connector: Connector,
    held: ReadRecords,
    translations: Translations | None,
) -> Iterator[Option]:
    """One for each record that has a name, as a run would make rows of them."""
    program = desk.formulas.program({"by": refers.by, "gives": refers.gives, "where": refers.where or "true"})
    facts: dict[str, Json] = {connector.name: dict(held.facts)}
    facts |= {"target": facts[connector.name]} if connector.name == loaded.flow.target() else {}
    variables = {"answers": loaded.flow.answers(), "facts": facts}
    environment = Environment(now=held.at, variables=variables)
    schema = connector.resources[refers.resource].schema
    schema = localised_schema(schema, translations) if translations is not None else schema
    results = desk.formulas.evaluate(program, environment, [(record, {}) for record in held.records])
    for record, found in zip(held.records, results, strict=True):
        for part in ("by", "gives", "where"):
            failed = found[part].error
            if failed is not None:
                raise _in_refers(failed, part)
        by: Json = found["by"].value
        gives: Json = found["gives"].value
        if by is MISSING or gives is MISSING:
            continue
        meaning, codes, numbers = _told(schema, record, translations)
        codes += _named_as(connector.resources[refers.resource].kind, record)
        yield Option(str(by), str(by), meaning, gives, found["where"].value is True, codes, numbers)


def _named_as(kind: str, record: Mapping[str, Json]) -> tuple[str, ...]:
    """What a record without coded fields is by its names, in the vocabulary's words: a delivery method by “Pick up”."""
    named: Mapping[str, Mapping[str, list[str]]] = document("codes")["named_as"]
    said = {value.strip().casefold() for value in record.values() if isinstance(value, str)}
    return tuple(code for code, names in named.get(kind, {}).items() if not said.isdisjoint(names))


def _in_refers(error: FormulaError, part: str) -> FormulaError:
    error.where = f"refers.{part}"
    return error


def _told(
    schema: Mapping[str, Json], record: Mapping[str, Json], translations: Translations | None
) -> tuple[str, tuple[str, ...], tuple[float, ...]]:
    """What a record's coded and numeric fields say of it."""
    said: list[str] = []
    codes: list[str] = []
    numbers: list[float] = []
    for name, about in schema.get("properties", {}).items():
        value = record.get(name)
        if value is None or isinstance(value, dict | list):
            continue
        title = str(about.get("title") or name)
        key = str(value).lower() if isinstance(value, bool) else str(value)
        if key in about.get("x-codes", {}):
            codes.append(about["x-codes"][key])
            said.append(code_in_words(codes[-1], translations))
        elif about.get("x-kind") in _TOLD_KINDS and isinstance(value, int | float) and not isinstance(value, bool):
            is_rate = about["x-kind"] == "rate" and about.get("x-scale")
            numbers.append(value * 100 / about["x-scale"] if is_rate else value)
            if value or is_rate:
                said.append(f"{title} {value:g}")
    return ", ".join(said[:_MOST_TOLD]), tuple(codes), tuple(numbers)
