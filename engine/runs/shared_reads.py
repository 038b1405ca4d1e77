"""The requests by which a record was read together with others: kept with their run, and found by what they name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from engine.connectors.connector import Operation
from engine.flows.library import LoadedFlow
from engine.runs.ledger import Ledger, StoredExchange, StoredRecord

MOST_LOOKED_THROUGH = 200
_FIELD = re.compile(r"[A-Za-z_]\w*", re.ASCII)


def shared_reads(ledger: Ledger, record: StoredRecord, loaded: LoadedFlow | None) -> list[StoredExchange]:
    """Those of the newest that name the record's key, or the id of something that was fetched for it; in order.

    loaded: the flow as it was, whose source says what was fetched. A short id may stand for something else.
    """
    names = {record.key, *_fetched_ids(record, loaded)} - {""}
    pattern = re.compile(rf"(?<![\w.-])(?:{'|'.join(map(re.escape, sorted(names)))})(?![\w-]|\.\d)")
    kept = ledger.exchanges(record.flow, record.binding, None, limit=MOST_LOOKED_THROUGH)
    return sorted(
        (e for e in kept if pattern.search(e.exchange.request_body) or pattern.search(e.exchange.reply_body)),
        key=lambda e: e.id,
    )


def _fetched_ids(record: StoredRecord, loaded: LoadedFlow | None) -> Iterator[str]:
    if loaded is None or record.payload is None:
        return
    source = loaded.flow.source
    read = loaded.connectors[source.connector].resources[source.resource].operation("read")
    if read is not None:
        yield from _ids_below(read, record.payload)


def _ids_below(operation: Operation, record: Mapping[str, Any]) -> Iterator[str]:
    for name, child in operation.children.items():
        held = record.get(name)
        for row in held if isinstance(held, list) else [held]:
            if not isinstance(row, dict):
                continue
            if child.together is not None and _FIELD.fullmatch(child.together.by.strip()):
                yield str(row.get(child.together.by.strip()) or "")
            yield from _ids_below(child.operation, row)
