"""Values mended for one record: sealed beside what was read, changed by one person at a time, never in the source."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.errors import Json, LedgerError, MendedMeanwhile
from engine.runs.ledger import tables
from engine.runs.ledger.audit import note
from engine.runs.ledger.mended_fields import MendedField, Path, as_kept, path_text
from engine.runs.ledger.pages import record_place
from engine.runs.ledger.records import WITH_PAYLOAD, Records
from engine.runs.ledger.replays import A_NUMBER
from engine.runs.ledger.rows import StoredRecord
from engine.runs.ledger.sql import Prepared, Row, Transaction, bindparam, or_, select, update

MENDED, TAKEN_BACK = "mended a value of", "took back a value of"  # in the audit log
Change = Callable[[StoredRecord], tuple[MendedField, ...]]
_BY_ID = Prepared(WITH_PAYLOAD.where(tables.records.c.id == bindparam("record_id")))
_PUT = Prepared(
    update(tables.payloads)
    .where(tables.payloads.c.record_id == bindparam("the_record"))
    .values(mended=bindparam("mended"))
)
_A = tables.audit.c
_NOTED = Prepared(  # led by what was done, which is seldom
    select(_A.at, _A.who, _A.what, _A.subject, _A.details)
    .where(or_(_A.what == bindparam("mended"), _A.what == bindparam("taken_back")))
    .where(_A.flow.concat("") == bindparam("flow"), _A.binding == bindparam("binding"))
    .where(_A.details.like(bindparam("begins")))
    .order_by(_A.id)
)
_LAST = Prepared(
    select(_A.id)
    .where(_A.what == bindparam("what"), _A.flow.concat("") == bindparam("flow"), _A.binding == bindparam("binding"))
    .order_by(_A.at.desc(), _A.id.desc())
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Mending:
    """Somebody put in a value, or took it back; it is known when the values are forgotten. path: as it is written."""

    at: datetime
    who: str
    is_back: bool
    path: str


class MendedRecords(Records):
    """Who put in what for which record."""

    def change_mended(
        self, record_id: int, revision: int, change: Change, paths: Sequence[Path], who: str, at: datetime
    ) -> StoredRecord:
        """Put in, or take back, what `change` says of the record as it is then; the record with it, on disk.

        revision: of what the change was meant for; MendedMeanwhile where somebody else changed it since, LedgerError
        where the record or its content is gone. paths: what is changed, for the audit log, which never holds a value.
        """

        number = (revision or self._earlier_changes(record_id)) + 1

        def work(transaction: Transaction) -> StoredRecord:
            row = transaction.row(_BY_ID, record_id=record_id)
            before = None if row is None else self._record(row)
            if before is None or before.payload is None:
                raise _nothing_to_mend(record_id)
            if before.mended.revision != revision:
                raise _meanwhile(before)
            fields = change(before)
            kept = as_kept(number, fields)
            purpose, place = "flow:" + before.flow, record_place(before.flow, before.binding, before.key)
            transaction.run(_PUT, the_record=record_id, mended=self.seal.seal_json(purpose, place, kept))
            details: dict[str, Json] = {"record": record_id}  # first, as `mendings` finds it
            if A_NUMBER.fullmatch(before.number or before.key):  # a name has no place in the audit log
                details["number"] = before.number or before.key
            for path in paths:
                what = MENDED if any(each.path == path for each in fields) else TAKEN_BACK
                about: Any = {"flow": before.flow, "binding": before.binding, "subject": path_text(path)}
                note(transaction, what, who, at, details=dict(details), **about)
            row = transaction.row(_BY_ID, record_id=record_id)
            assert row is not None
            return self._record(row)

        return self.database.write(work)

    def _earlier_changes(self, record_id: int) -> int:
        """As many as there were, and more, before its content was forgotten: each revision tells of one change only."""
        record = self.record_by_id(record_id)
        return 0 if record is None else len(self.mendings(record))

    def mendings(self, record: StoredRecord) -> list[Mending]:
        """Who mended what of a record and when, the oldest first, also where its values are forgotten by now."""
        with self.database.read() as reading:
            place = {"flow": record.flow, "binding": record.binding, "begins": f'{{"record": {record.id}%'}
            rows = reading.rows(_NOTED, mended=MENDED, taken_back=TAKEN_BACK, **place)
        return [_mending(row) for row in rows if json.loads(row.details).get("record") == record.id]

    def last_mending(self, flow: str, binding: str) -> int:
        """Another number than before where a value of any record of it was mended or taken back since."""
        with self.database.read() as reading:
            place = {"flow": flow, "binding": binding}
            rows = [reading.row(_LAST, what=what, **place) for what in (MENDED, TAKEN_BACK)]
        return max((int(row.id) for row in rows if row is not None), default=0)


def _mending(row: Row[Any]) -> Mending:
    return Mending(datetime.fromisoformat(row.at), row.who, row.what == TAKEN_BACK, row.subject)


def _nothing_to_mend(record_id: int) -> LedgerError:
    return LedgerError(
        "No value can be mended",
        where=f"record {record_id}",
        why="the record is not in the ledger, or its content was forgotten after the retention time",
        what_to_do="Fetch it anew: `run FLOW --only KEY` reads it from the source.",
    )


def _meanwhile(now: StoredRecord) -> MendedMeanwhile:
    last = max(now.mended.fields, key=lambda each: each.at, default=None)
    said = f"{last.who} mended {path_text(last.path)} at {last.at:%Y-%m-%d %H:%M:%S} UTC" if last else ""
    return MendedMeanwhile(
        "Somebody else mended this record since it was shown here; nothing of yours was kept",
        where=now.number or now.key,
        why=said or "every value was taken back",
        what_to_do="Look at it as it is now, and make your change once more.",
        record=now,
    )
