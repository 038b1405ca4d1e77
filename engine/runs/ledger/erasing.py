"""Taking a person's data away: of a record all that was kept beside its number and its states."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from datetime import datetime
from functools import partial
from typing import Any

from engine.runs.ledger import tables
from engine.runs.ledger.hours import count_outcome
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.purging import BESIDE_RECORD
from engine.runs.ledger.rows import DUE, PARKED, SKIPPED, WAITING, time_text
from engine.runs.ledger.sql import Prepared, Transaction, bindparam, delete, insert_into, select, update

ERASED = "erased on request"
_T = tables
_R, _I, _E, _D = _T.records.c, _T.intents.c, _T.exchanges.c, _T.deliveries.c
_ID: Any = bindparam("record_id")
_OF: Any = (bindparam("f"), bindparam("b"), bindparam("k"))
_HEAD = Prepared(select(_T.records).where(_R.id == _ID))
_OF_KEY = (
    Prepared(delete(_T.exchanges).where(_E.flow == _OF[0], _E.binding == _OF[1], _E.key == _OF[2])),
    Prepared(delete(_T.deliveries).where(_D.flow == _OF[0], _D.binding == _OF[1], _D.key == _OF[2])),
    Prepared(update(_T.intents).where(_I.flow == _OF[0], _I.binding == _OF[1], _I.key == _OF[2]).values(answer=None)),
)
_CLOSE = Prepared(
    update(_T.records)
    .where(_R.id == _ID)
    .values(state=SKIPPED, reason=ERASED, next_attempt_at=None, changed_at=bindparam("at"))
)
_NO_SUM = Prepared(update(_T.records).where(_R.id == _ID).values(amount=None, currency=None, cause=None))
_SAY = insert_into(_T.outcomes, "record_id", "run_id", "version", "outcome", "reason", "problems", "attempt", "at")
_PLACES = Prepared(select(_I.connection, _I.resource, _I.flow, _I.step).distinct())
_MATCHED = Prepared(
    select(_I.id).where(_I.connection == bindparam("c"), _I.resource == bindparam("r"), _I.match == bindparam("m"))
)
_FORGET_INTENT = Prepared(delete(_T.intents).where(_I.id == bindparam("row_id")))

# What becomes of a cell that names the person and belongs to no record of theirs: its row goes, or it is emptied.
_GOES = {"exchanges": "id", "settings": "run_id", "inbox": "id"}
_EMPTIED: dict[tuple[str, str], Any] = {
    ("intents", "answer"): None,
    ("runs", "problem"): None,
    ("schedules", "problem"): None,
    ("records", "reason"): ERASED,
    ("outcomes", "reason"): ERASED,
}


class Erasing(OpenLedger):
    """What `erase` does to the ledger."""

    def erase_record(self, record_id: int, at: datetime) -> None:
        """Forget all of a record but its number, states and outcomes; where it was still to be sent it is skipped."""
        moment = time_text(at)

        def erase(transaction: Transaction) -> None:
            row = transaction.row(_HEAD, record_id=record_id)
            if row is None:
                return
            for statement in BESIDE_RECORD:
                transaction.execute(statement, place=record_id)
            for statement in _OF_KEY:
                transaction.execute(statement, f=row.flow, b=row.binding, k=row.key)
            transaction.execute(_NO_SUM, record_id=record_id)
            if row.state in (DUE, WAITING, PARKED):
                transaction.execute(_CLOSE, record_id=record_id, at=moment)
                line = {"run_id": None, "version": row.version, "outcome": SKIPPED, "reason": ERASED}
                transaction.execute(_SAY, record_id=record_id, problems=None, attempt=row.attempts, at=moment, **line)
                count_outcome(transaction, row.flow, row.binding, SKIPPED, moment)

        self.database.write(erase)

    def number_of_record(self, record_id: int) -> tuple[str, str]:
        """Flow and number of a record, as people know it."""
        with self.database.read() as reading:
            row = reading.row(_HEAD, record_id=record_id)
        return ("", "") if row is None else (row.flow, row.number or row.key)

    def erase_cell(self, table: str, column: str, row: Any) -> bool:
        """Forget one cell that names the person; False where it must stay, and a person decides."""
        statement, values = _of_cell(table, column, row)
        if statement is None:
            return False
        self.database.write(lambda transaction: transaction.run(statement, **values))
        return True

    def erase_matches(self, spellings: Collection[str], is_found_again: Callable[[str, str], bool]) -> tuple[int, int]:
        """(gone, left): intents whose match value is the person. They go where the target can be searched, for then
        the document is found again; elsewhere they alone keep it from being made twice.

        is_found_again: told flow and step.
        """
        gone = left = 0
        with self.database.read() as reading:
            places = reading.rows(_PLACES)
        for place in places:
            for spelling in spellings:
                match = self.seal.fingerprint(json.dumps([place.connection, place.resource, spelling]))
                with self.database.read() as reading:
                    found = reading.rows(_MATCHED, c=place.connection, r=place.resource, m=match)
                for row in found:
                    if is_found_again(place.flow, place.step):
                        self.database.write(partial(_forget_intent, row.id))
                        gone += 1
                    else:
                        left += 1
        return gone, left


def _forget_intent(row_id: int, transaction: Transaction) -> None:
    transaction.run(_FORGET_INTENT, row_id=row_id)


def _of_cell(table: str, column: str, row: Any) -> tuple[Prepared | None, dict[str, Any]]:
    columns = tables.metadata.tables[table].c
    if table in _GOES:
        name = _GOES[table]
        return Prepared(delete(tables.metadata.tables[table]).where(columns[name] == bindparam("v"))), {
            "v": getattr(row, name)
        }
    if table == "deliveries":
        where = (_D.flow == _OF[0], _D.binding == _OF[1], _D.key == _OF[2])
        return Prepared(delete(_T.deliveries).where(*where)), {"f": row.flow, "b": row.binding, "k": row.key}
    if table == "meta" and row.name.startswith("sample:"):
        return Prepared(delete(_T.meta).where(_T.meta.c.name == bindparam("v"))), {"v": row.name}
    if (table, column) in _EMPTIED:
        keys = list(tables.metadata.tables[table].primary_key.columns)
        matches = tuple(key == bindparam(f"key_{key.name}") for key in keys)
        changed = update(tables.metadata.tables[table]).where(*matches).values({column: _EMPTIED[(table, column)]})
        return Prepared(changed), {f"key_{key.name}": getattr(row, key.name) for key in keys}
    return None, {}
