"""A small look into a system's main resources, made from what its description says of reading them.

Each look is one request: the page that a run would read first, as short as the description allows, or, where records
are read by time, the page of the last weeks. It is declared as one more operation, so that it is sent like any other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from engine.connectors.connector import Connector, Operation, Resource
from engine.documents.formula_text import formula_text
from engine.errors import Json

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
    """What people move between systems, as far as this one can be read."""
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
    return any("$since" in text for text in read.query.values())


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
    if "size" in paging and not back:
        paging["page_size"] = 1
    query = dict(read.query)
    if "size" in paging and "page_size" in paging:
        query[paging["size"]] = str(paging["page_size"])
    if "page" in paging:
        query[paging["page"]] = str(paging.get("first_page", 1))
    if "start" in paging:
        query[paging["start"]] = "0"
    since = json.dumps((now - LOOK_BACK).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")) if back else "null"
    query = {name: f"($since := {since}; {text})" if "$since" in text else text for name, text in query.items()}
    return Operation(
        name="get",
        method=read.method,
        path=read.path,
        title=read.title,
        query=query,
        codec=read.codec,
        record=_record(
            resource, read.records or "$", paging, one_a_page="size" in paging and paging.get("page_size") == 1
        ),
    )


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
    return "{" + ", ".join(part for part in whole if part) + "}"
