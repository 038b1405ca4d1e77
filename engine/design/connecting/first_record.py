"""The first record of a resource as formulas see it, for whoever describes a system and writes them."""

from __future__ import annotations

from dataclasses import dataclass

from engine.connectors.connector import Connector, Operation, Resource
from engine.connectors.exchange import Exchange
from engine.design.connecting.trying import opened
from engine.design.desk import Desk
from engine.documents.workspace import did_you_mean
from engine.errors import DocumentError, Json, Problem
from engine.runs.clients import LedgerVault, stored_connection

_MOST_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class FirstRecord:
    """What a read gave first. record: None where `records` finds none in the reply, whose beginning is `reply`."""

    resource: Resource
    count: int
    record: Json
    reply: str
    problems: tuple[Problem, ...] = ()


def first_record(desk: Desk, connector: Connector, resource_name: str, name: str = "") -> FirstRecord:
    """Read one page over the connection that is kept. name: of the connection, else the system's own.

    DocumentError for a resource that is not there, is not read, or hands out what it has only once.
    """
    resource = connector.resources.get(resource_name)
    where = f"connector_specs/{connector.name}/connector.json resources"
    if resource is None:
        raise DocumentError([_unknown(where, resource_name, list(connector.resources))])
    read = resource.operation("read") or _got_without_key(resource)
    if read is None or read.batch is not None:
        raise DocumentError([_not_looked_at(f"{where}.{resource_name}", read)])
    exchanges: list[Exchange] = []
    stored = stored_connection(desk.ledger, connector, name or connector.name)
    with opened(desk, connector, stored, LedgerVault(desk.ledger, desk.clock), exchanges) as system:
        if read.name == "get":
            records = [system.get(resource_name)]
        else:
            records = next(iter(system.read(resource_name, {"since": None}))).records
        record = records[0] if records else None
        named = (("key", resource.key, system.key_of), ("number", resource.number, system.number_of))
        problems = [
            _gives_nothing(f"{where}.{resource_name}.{part}", formula)
            for part, formula, tell in named
            if record is not None and formula and tell(resource_name, record) is None
        ]
    return FirstRecord(resource, len(records), record, _beginning(exchanges), tuple(problems))


def _got_without_key(resource: Resource) -> Operation | None:
    """What is one of its kind, such as the company, is got."""
    get = resource.operation("get")
    asked = (get.path, get.body or "", *get.query.values()) if get else ()
    return get if not any("$key" in text for text in asked) else None


def _beginning(exchanges: list[Exchange]) -> str:
    if not exchanges:
        return ""
    text = exchanges[-1].reply_body.decode(exchanges[-1].encoding, "replace")
    return text if len(text) <= _MOST_CHARACTERS else text[:_MOST_CHARACTERS] + " …"


def _unknown(where: str, name: str, there: list[str]) -> Problem:
    close = did_you_mean(name, there)
    advice = f"Did you mean {close!r}?" if close else f"There are: {', '.join(there)}."
    return Problem(where, f"there is no resource {name!r}", advice)


def _not_looked_at(where: str, read: Operation | None) -> Problem:
    if read is None:
        return Problem(where, "the connector declares no way to read these records", "Look at another resource.")
    return Problem(where, "these are handed out once to who asks for them", "They are read by runs only.")


def _gives_nothing(where: str, formula: str) -> Problem:
    what = f"“{formula}” gives nothing for this record"
    return Problem(where, what, "Mend the formula: it is over the record as it is shown.", severity="warning")
