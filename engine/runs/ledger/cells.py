"""Every cell of the ledger, opened: for saying with certainty where something is, and where it is no more."""

from __future__ import annotations

import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from engine.errors import Json, LedgerError
from engine.runs.ledger import deliveries, exchanges, intents, tables, webhooks
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.pages import record_place
from engine.runs.ledger.sealing import Seal
from engine.runs.ledger.sql import Column, LargeBinary, Prepared, Row, Table, Text, bindparam, select, tuple_

HASHED = {("words", "word"), ("intents", "match"), ("webhooks", "token"), ("inbox", "fingerprint")}  # say nothing
OWN = {("connections", "secrets"), ("tokens", "tokens"), ("webhooks", "secret")}  # credentials of ours
_PORTION = 500
_OF_RECORDS = ("payloads", "outcomes")  # their rows know their record's place only by its id
_R = tables.records.c


@dataclass(frozen=True, slots=True)
class Cell:
    """One value. row: what finds its row again; record_id: of the record it belongs to; value: None where it does not
    open, and then is_closed.
    """

    table: str
    column: str
    row: Any = field(repr=False)
    value: Json = field(repr=False)
    is_closed: bool = False


def _of_record(seal: Seal, row: Row[Any], sealed: bytes) -> Json:
    return seal.open_json("flow:" + row.flow, record_place(row.flow, row.binding, row.key), sealed)


def _meta(seal: Seal, row: Row[Any], value: bytes) -> Json:
    kind, _, rest = row.name.partition(":")
    if kind == "sample":
        flow, _ = json.JSONDecoder().raw_decode(rest)
        return seal.open_json("flow:" + flow, row.name, value)
    if kind in ("sign-in", "key_check", "tell", "way-in"):
        return None  # credentials of ours
    return value.decode("utf-8", "replace")


_OPENERS: dict[tuple[str, str], Callable[[Seal, Row[Any], bytes], Json]] = {
    ("payloads", "payload"): _of_record,
    ("payloads", "mended"): _of_record,
    ("records", "problems"): _of_record,
    ("outcomes", "problems"): _of_record,
    ("intents", "answer"): lambda seal, row, sealed: seal.open_json("intents", intents.answer_place(row.id), sealed),
    ("exchanges", "exchange"): lambda seal, row, sealed: seal.open_json(
        "flow:" + row.flow, exchanges.exchange_place(row.flow, row.binding, row.key), sealed
    ),
    ("deliveries", "seen"): lambda seal, row, sealed: seal.open_json(
        "flow:" + row.flow, deliveries.delivery_place(row.flow, row.binding, row.key), sealed
    ),
    ("settings", "settings"): lambda seal, row, sealed: seal.open_json(
        "settings", deliveries.settings_place(row.run_id), sealed
    ),
    ("inbox", "key"): lambda seal, row, sealed: seal.open_text(
        "inbox", webhooks.hook_place(row.connection, row.event), sealed
    ),
    ("versions", "documents"): lambda seal, row, packed: json.loads(zlib.decompress(packed)),
    ("meta", "value"): _meta,
}


class Cells(OpenLedger):
    """All that the ledger holds, but for keyed hashes and its own credentials."""

    def cells(self) -> Iterator[Cell]:
        """Every text, and everything sealed, opened; table by table."""
        self.database.flush()
        for table in tables.metadata.sorted_tables:
            columns = [column for column in table.columns if _may_say_something(table, column)]
            for row in self._rows(table) if columns else ():
                for column in columns:
                    value = getattr(row, column.name)
                    if value is not None:
                        yield self._cell(table.name, column.name, row, value)

    def _cell(self, table: str, column: str, row: Row[Any], value: Any) -> Cell:
        opener = _OPENERS.get((table, column))
        if opener is None:
            return Cell(table, column, row, value)
        try:
            return Cell(table, column, row, opener(self.seal, row, bytes(value)))
        except (LedgerError, ValueError):
            return Cell(table, column, row, None, is_closed=True)

    def _rows(self, table: Table) -> Iterator[Row[Any]]:
        """Portion by portion, in the order of the keys, so that no reader stays open."""
        wanted = select(table)
        if table.name in _OF_RECORDS:
            wanted = select(table, _R.flow, _R.binding, _R.key).join_from(
                table, tables.records, table.c.record_id == _R.id
            )
        keys = list(table.primary_key.columns) or [table.c.flow, table.c.binding, table.c.key]
        past = tuple_(*keys) > tuple_(*(bindparam(f"past_{key.name}") for key in keys))
        statement = wanted.order_by(*keys).limit(_PORTION)
        values: dict[str, Any] = {}
        first, next_ones = Prepared(statement), Prepared(statement.where(past))
        while True:
            with self.database.read() as reading:
                rows = reading.rows(next_ones if values else first, **values)
            yield from rows
            if len(rows) < _PORTION:
                return
            values = {f"past_{key.name}": getattr(rows[-1], key.name) for key in keys}


def _may_say_something(table: Table, column: Column[Any]) -> bool:
    place = (table.name, column.name)
    if place in HASHED | OWN:
        return False
    return isinstance(column.type, Text) or place in _OPENERS


def unopened() -> list[tuple[str, str]]:
    """Columns of bytes that nobody said how to open: there should be none."""
    every = {
        (table.name, column.name)
        for table in tables.metadata.sorted_tables
        for column in table.columns
        if isinstance(column.type, LargeBinary)
    }
    return sorted(every - HASHED - OWN - set(_OPENERS))
