"""A small look into a system's main resources, made from what its description says of reading them.

Each look is one request: the page that a run would read first, as short as the description allows, or, where records
are read by time, the page of the last weeks. It is declared as one more operation, so that it is sent like any other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from engine.connectors.choosing import chosen_fields
from engine.connectors.connector import Connector, Operation, Resource, fill, holes
from engine.connectors.filled import paging_pairs
from engine.connectors.paging import Paging, first_place, in_body
from engine.documents.formula_text import formula_text
from engine.errors import Json
from engine.runs.moments import since_text

MAIN_KINDS = ("order", "quote", "invoice", "invoice_draft", "customer", "article")
LOOK_BACK = timedelta(days=30)
_PEEK = "peek "


@dataclass(frozen=True, slots=True)
class Peek:
    """What one look saw. total: how many records there are, if the reply tells; more: there are more than `rows`."""

    rows: list[dict[str, Json]]
    total: int | None
    more: bool


def with_peeks(connector: Connector, now: datetime) -> Connector:
    """The connector with a look into each main resource, and requests that are not tried again for long."""
    looks = {
        _PEEK + r.name: Resource(
            _PEEK + r.name, r.title, r.kind, r.schema, None, None, None, None, {"get": _look(r, now)}
        )
        for r in main_resources(connector)
    }
    return replace(connector.impatient(), resources={**connector.resources, **looks})


def main_resources(connector: Connector) -> Iterator[Resource]:
    """What people move between systems, as far as this one can be looked into."""
    yield from (r for r in _main(connector) if not r.is_handed_out)


def handed_out(connector: Connector) -> Iterator[Resource]:
    """What would be handed out to who looks, and to nobody else until it is acknowledged: it is not looked into."""
    yield from (r for r in _main(connector) if r.is_handed_out)


def _main(connector: Connector) -> Iterator[Resource]:
    ordered = sorted(
        connector.resources.values(), key=lambda r: MAIN_KINDS.index(r.kind) if r.kind in MAIN_KINDS else 0
    )
    yield from (r for r in ordered if r.kind in MAIN_KINDS and r.operation("read") is not None)


def peek_name(resource: Resource) -> str:
    """The resource that looks into this one."""
    return _PEEK + resource.name


def looks_back(resource: Resource) -> bool:
    """Is it read in the order of time, so that the look shows the last weeks? What only tells changes is counted."""
    read = resource.operation("read")
    if read is None or resource.time is None or not read.ordered:
        return False
    return any("$since" in text for text in (*read.query.values(), read.body or ""))


def read_peek(seen: Mapping[str, Json]) -> Peek:
    """The look from the record that its operation gives."""
    rows = seen.get("rows", [])
    rows = rows if isinstance(rows, list) else [rows]
    total = seen.get("total")
    return Peek(rows, (total if rows else 0) if isinstance(total, int) else None, bool(seen.get("more")))


def _look(resource: Resource, now: datetime) -> Operation:
    read = resource.operations["read"]
    paging = dict(read.paging or {})
    back = looks_back(resource)
    is_in_body = paging.get("in") == "body"
    says_size = "$paging.size" in (read.body or "") if is_in_body else "size" in paging
    if says_size and not back:
        paging["page_size"] = 1
    place = Paging.read(paging)
    bound: dict[str, Json] = {
        "since": since_text(now - LOOK_BACK) if back else None,
        "choose": list(chosen_fields(resource.schema, read.children)),
    }
    if is_in_body:
        bound["paging"] = in_body(place, first_place(place))
    query = {name: _with(text, bound) for name, text in read.query.items()}
    query |= {name: json.dumps(value) for name, value in paging_pairs(paging)}
    return replace(
        read,
        name="get",
        path=fill(read.path, ["{" + _with(hole, bound) + "}" for hole in holes(read.path)]),
        query=query,
        body=None if read.body is None else _with(read.body, bound),
        paging=None,
        records=None,
        each=None,
        record=_record(resource, _rows(read), paging, one_a_page=says_size and paging.get("page_size") == 1),
        children={},
    )


def _with(formula: str, bound: Mapping[str, Json]) -> str:
    """The formula with the variables of a read bound to what a look says for them."""
    said = "".join(f"${name} := {json.dumps(value)}; " for name, value in bound.items() if f"${name}" in formula)
    return f"({said}{formula})" if said else formula


def _rows(read: Operation) -> str:
    """A formula over the reply: its records, as they are read."""
    records = read.records or "$"
    return records if read.each is None else f"({records}).({read.each})"


def _record(resource: Resource, records: str, paging: Mapping[str, Json], *, one_a_page: bool) -> str:
    """A formula over the reply: numbers and times of its records, and how many there are if it says so."""
    parts = [f'"number": ({resource.number})' if resource.number else ""]
    parts.append(f'"time": ({resource.time})' if resource.time else "")
    row = "{" + ", ".join(part for part in parts if part) + "}"
    whole = [f'"rows": [({records}).{row}]']
    if "total_pages" in paging:
        pages = formula_text(paging["total_pages"])
        whole.append(f'"more": ({pages}) > 1')
        whole.append(f'"total": ({pages})' if one_a_page else "")
    elif "next" in paging:
        link = formula_text(paging["next"])
        whole.append(f'"more": $exists({link}) and ({link}) != null')
    elif "page_size" in paging:
        whole.append(f'"more": $count([{records}]) >= {paging["page_size"]}')
    return "{" + ", ".join(part for part in whole if part) + "}"
