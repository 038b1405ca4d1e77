"""Pulled pages: records and cursor in one transaction, so that the cursor never passes what is stored."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.errors import Json
from engine.runs.ledger import tables
from engine.runs.ledger.alike import cause_of_first
from engine.runs.ledger.batches import QueuePlace, batch_stored
from engine.runs.ledger.hours import count_outcome
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import (
    DUE,
    PARKED,
    SKIPPED,
    WAITING,
    PageResult,
    PulledRecord,
    amount_number,
    problems_json,
    time_text,
    time_text_or_none,
)
from engine.runs.ledger.sql import (
    Prepared,
    Row,
    Transaction,
    bindparam,
    delete,
    insert_into,
    select,
    update,
    upsert,
)
from engine.runs.ledger.words import search_terms

_R, _C = tables.records.c, tables.cursors.c
_MOST_KEYS_AT_ONCE = 500
_FRESH = (
    "number",
    "version",
    "problems",
    "state",
    "filter_state",
    "reason",
    "source_time",
    "last_seen",
    "changed_at",
    "amount",
    "currency",
    "cause",
)
_EXISTING = select(_R.id, _R.key, _R.version, _R.state, _R.filter_state).where(
    _R.flow == bindparam("flow"),
    _R.binding == bindparam("binding"),
    _R.key.in_(bindparam("keys", expanding=True)),
)
_INSERT = insert_into(tables.records, "flow", "binding", "key", "attempts", "first_seen", *_FRESH, returning="id")
_SUPERSEDE = Prepared(
    update(tables.records)
    .where(_R.id == bindparam("record_id"))
    .values({name: bindparam(name) for name in _FRESH} | {"attempts": 0, "next_attempt_at": None})
)
_SEEN = Prepared(update(tables.records).where(_R.id == bindparam("record_id")).values(last_seen=bindparam("last_seen")))
_PUT_PAYLOAD = upsert(tables.payloads, "record_id", "payload", keys=["record_id"])
_DROP_WORDS = Prepared(delete(tables.words).where(tables.words.c.record_id == bindparam("record_id")))
_ADD_WORDS = insert_into(tables.words, "word", "record_id")
_SAY = insert_into(tables.outcomes, "record_id", "run_id", "version", "outcome", "reason", "problems", "attempt", "at")
_MOVE_CURSOR = upsert(tables.cursors, "flow", "binding", "cursor", "at", keys=["flow", "binding"])
_CURSOR = Prepared(select(_C.cursor).where(_C.flow == bindparam("flow"), _C.binding == bindparam("binding")))
_FROM_A_PAGE = frozenset({DUE, WAITING, SKIPPED, PARKED})
_HELD_BACK = _FROM_A_PAGE  # states of records not yet delivered: the filter's word may still change them


def record_place(flow: str, binding: str, key: str) -> str:
    """What a record's payload and problems are bound to."""
    return json.dumps(["record", flow, binding, key])


@dataclass(frozen=True, slots=True)
class _Sealed:
    """A pulled record made ready outside the transaction: its row, and what lies beside it."""

    row: dict[str, Any]
    payload: bytes
    words: list[bytes]


class Pages(OpenLedger):
    """What `pull` writes."""

    def store_page(
        self,
        flow: str,
        binding: str,
        run_id: int | None,
        records: Sequence[PulledRecord],
        cursor: Json,
        at: datetime,
        batch: tuple[QueuePlace, str] | None = None,
    ) -> PageResult:
        """Store a page and move the cursor in one transaction. batch: whose records these are, stored with them.

        A newer version supersedes the stored one whatever its state; with the same version only the filter's
        word can change the state of a record that was not delivered. What the filter holds back after it arrived
        stays as it is. Records that are skipped, waiting or parked get a line in their history. The last of several
        records with one key counts.
        """
        moment = time_text(at)
        latest = {record.key: self._sealed(flow, binding, record, moment) for record in records}
        moved = json.dumps(cursor, ensure_ascii=False)

        def store(transaction: Transaction) -> PageResult:
            existing = _existing(transaction, flow, binding, list(latest))
            tally = {"new": 0, "changed": 0, "same": 0}
            said: Counter[str] = Counter()
            for key, sealed in latest.items():
                came = _store_one(transaction, existing.get(key), sealed, run_id)
                tally[came] += 1
                if came != "same" and sealed.row["state"] != DUE:
                    said[sealed.row["state"]] += 1
            for outcome, times in said.items():
                count_outcome(transaction, flow, binding, outcome, moment, times)
            transaction.execute(_MOVE_CURSOR, flow=flow, binding=binding, cursor=moved, at=moment)
            if batch is not None:
                batch_stored(transaction, *batch)
            return PageResult(**tally)

        return self.database.write(store)

    def cursor(self, flow: str, binding: str) -> Json:
        """Where the last stored page ended, or None."""
        with self.database.read() as reading:
            row = reading.row(_CURSOR, flow=flow, binding=binding)
        return None if row is None else json.loads(row.cursor)

    def _sealed(self, flow: str, binding: str, record: PulledRecord, moment: str) -> _Sealed:
        if record.state not in _FROM_A_PAGE:
            raise ValueError(f"a pulled record cannot be {record.state!r}")
        purpose, place = "flow:" + flow, record_place(flow, binding, record.key)
        row = {
            "flow": flow,
            "binding": binding,
            "key": record.key,
            "number": record.number,
            "version": record.version,
            "problems": self.seal.seal_json(purpose, place, problems_json(record.problems))
            if record.problems
            else None,
            "state": record.state,
            "filter_state": record.state,
            "reason": record.reason,
            "attempts": 0,
            "source_time": time_text_or_none(record.source_time),
            "first_seen": moment,
            "last_seen": moment,
            "changed_at": moment,
            "amount": amount_number(record.amount),
            "currency": record.currency,
            "cause": cause_of_first(record.problems, self.seal.fingerprint) if record.state == PARKED else None,
        }
        terms = set[str]().union(*(search_terms(text) for text in record.search_words))
        words = [self.seal.fingerprint(term) for term in sorted(terms)]
        return _Sealed(row, self.seal.seal_json(purpose, place, record.payload), words)


def _existing(transaction: Transaction, flow: str, binding: str, keys: list[str]) -> dict[str, Row[Any]]:
    found: dict[str, Row[Any]] = {}
    for start in range(0, len(keys), _MOST_KEYS_AT_ONCE):
        some = keys[start : start + _MOST_KEYS_AT_ONCE]
        for row in transaction.among(_EXISTING, flow=flow, binding=binding, keys=some):
            found[row.key] = row
    return found


def _store_one(transaction: Transaction, stored: Row[Any] | None, sealed: _Sealed, run_id: int | None) -> str:
    """Write one record; "new", "changed" or "same"."""
    row = sealed.row
    if stored is None:
        record_id = int(transaction.execute(_INSERT, **row).fetchone()[0])
    elif _stays(stored, row):
        transaction.execute(_SEEN, record_id=stored.id, last_seen=row["last_seen"])
        return "same"
    else:
        record_id = stored.id
        transaction.execute(_SUPERSEDE, record_id=record_id, **{name: row[name] for name in _FRESH})
        transaction.execute(_DROP_WORDS, record_id=record_id)
    transaction.execute(_PUT_PAYLOAD, record_id=record_id, payload=sealed.payload)
    transaction.execute_many(_ADD_WORDS, [{"word": word, "record_id": record_id} for word in sealed.words])
    if row["state"] != DUE:
        _say(transaction, record_id, row, run_id)
    return "new" if stored is None else "changed"


def _stays(stored: Row[Any], row: dict[str, Any]) -> bool:
    """Is a record left as it is stored?"""
    if stored.state in _HELD_BACK:
        return bool(stored.version == row["version"] and stored.filter_state == row["state"])
    if row["state"] in (SKIPPED, WAITING):
        return True  # it arrived: that the source would hold it back now does not undo that
    return bool(stored.version == row["version"])


def _say(transaction: Transaction, record_id: int, row: dict[str, Any], run_id: int | None) -> None:
    transaction.execute(
        _SAY,
        record_id=record_id,
        run_id=run_id,
        version=row["version"],
        outcome=row["state"],
        reason=row["reason"],
        problems=row["problems"],
        attempt=0,
        at=row["last_seen"],
    )
