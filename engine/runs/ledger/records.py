"""Records as they stand: what is due, what waits, what is parked, and what came of each attempt."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from engine.errors import Json, Problem
from engine.runs.ledger import tables
from engine.runs.ledger.alike import cause_of_first
from engine.runs.ledger.faults import no_such_record
from engine.runs.ledger.hours import count_outcome
from engine.runs.ledger.mended_fields import NOT_MENDED, of_kept, put_over
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.pages import record_place
from engine.runs.ledger.rows import (
    DUE,
    OUTCOMES,
    PARKED,
    WAITING,
    StoredOutcome,
    StoredRecord,
    amount_or_none,
    moment_or_none,
    problem_of,
    problems_json,
    time_text,
    time_text_or_none,
)
from engine.runs.ledger.sql import (
    Prepared,
    Row,
    Transaction,
    bindparam,
    insert_into,
    or_,
    select,
    update,
)

_R, _O = tables.records.c, tables.outcomes.c
_MINE = (_R.flow == bindparam("flow"), _R.binding == bindparam("binding"))
WITH_PAYLOAD = select(tables.records, tables.payloads.c.payload, tables.payloads.c.mended).join_from(
    tables.records, tables.payloads, tables.payloads.c.record_id == _R.id, isouter=True
)
_DUE = Prepared(
    select(_R.id, _R.key)
    .where(*_MINE, _R.state == DUE)
    .where(or_(_R.next_attempt_at.is_(None), _R.next_attempt_at <= bindparam("at")))
    .order_by(_R.id)
    .limit(bindparam("limit"))
)
_ALL_DUE = Prepared(select(_R.key).where(*_MINE, _R.state == DUE))
_AT_ONCE = Prepared(
    update(tables.records).where(*_MINE, _R.state == DUE, _R.next_attempt_at.is_not(None)).values(next_attempt_at=None)
)
_WAITING = Prepared(
    select(_R.key).where(*_MINE, _R.state == WAITING, _R.changed_at < bindparam("before")).order_by(_R.id)
)
_STILL_DUE = Prepared(WITH_PAYLOAD.where(_R.id == bindparam("record_id"), _R.state == DUE))
_ONE = Prepared(WITH_PAYLOAD.where(*_MINE, _R.key == bindparam("key")))
_BY_ID = Prepared(WITH_PAYLOAD.where(_R.id == bindparam("record_id")))
_NUMBER = Prepared(select(_R.target_number).where(*_MINE, _R.key == bindparam("key")))
_HEAD = Prepared(select(_R.id, _R.version, _R.attempts).where(*_MINE, _R.key == bindparam("key")))
_FETCH_ANEW = Prepared(update(tables.records).where(_R.id == bindparam("record_id")).values(version="", state=WAITING))
_PARKED = Prepared(
    select(tables.records)
    .where(_R.flow == bindparam("flow"), _R.state == PARKED)
    .where(or_(_R.binding == bindparam("binding"), bindparam("any_binding") == 1))
    .order_by(_R.id)
    .limit(bindparam("limit"))
)
# by their ids from the last one on: led by the flow's index, a million would be sorted for these few
_NEWEST = Prepared(
    WITH_PAYLOAD.where(_R.flow.concat("") == bindparam("flow"), _R.binding.concat("") == bindparam("binding"))
    .where(tables.payloads.c.payload.is_not(None))
    .order_by(_R.id.desc())
    .limit(bindparam("limit"))
)
_SET = ("state", "reason", "problems", "attempts", "next_attempt_at", "changed_at", "cause")
_FINISH = Prepared(
    update(tables.records).where(_R.id == bindparam("record_id")).values({name: bindparam(name) for name in _SET})
)
_NAME_TARGET = Prepared(
    update(tables.records).where(_R.id == bindparam("record_id")).values(target_number=bindparam("target_number"))
)
_SAY = insert_into(
    tables.outcomes,
    *("record_id", "run_id", "version", "outcome", "reason", "problems"),
    *("target_number", "attempt", "at", "next_attempt_at"),
)
_OUTCOMES = Prepared(
    select(tables.outcomes)
    .join_from(tables.outcomes, tables.records, _O.record_id == _R.id)
    .where(*_MINE, _R.key == bindparam("key"))
    .order_by(_O.id)
)
_LAST = "9999"  # sorts after every time


class Records(OpenLedger):
    """What `deliver` reads and writes."""

    def due(
        self, flow: str, binding: str, at: datetime, limit: int, exclude_keys: Collection[str] = ()
    ) -> list[StoredRecord]:
        """Up to `limit` records whose time has come, the first seen first, without these keys."""
        with self.database.read() as reading:
            rows = reading.rows(_DUE, flow=flow, binding=binding, at=time_text(at), limit=limit + len(exclude_keys))
            wanted = [row.id for row in rows if row.key not in exclude_keys][:limit]
            found = [reading.row(_STILL_DUE, record_id=record_id) for record_id in wanted]
        return [self._record(row) for row in found if row is not None]

    def due_keys(self, flow: str, binding: str) -> set[str]:
        """Keys of all that are to be delivered, those too that are tried again later."""
        with self.database.read() as reading:
            return {row.key for row in reading.rows(_ALL_DUE, flow=flow, binding=binding)}

    def try_at_once(self, flow: str, binding: str) -> None:
        """What would be tried again later is to be delivered now, as somebody asked."""
        self.database.write(lambda transaction: transaction.run(_AT_ONCE, flow=flow, binding=binding))

    def waiting(self, flow: str, binding: str, before: datetime | None = None) -> list[str]:
        """Keys of records that wait for a condition (with `before`: since before then), the oldest first."""
        moment = _LAST if before is None else time_text(before)
        with self.database.read() as reading:
            return [row.key for row in reading.rows(_WAITING, flow=flow, binding=binding, before=moment)]

    def record(self, flow: str, binding: str, key: str) -> StoredRecord | None:
        with self.database.read() as reading:
            row = reading.row(_ONE, flow=flow, binding=binding, key=key)
        return None if row is None else self._record(row)

    def record_by_id(self, record_id: int) -> StoredRecord | None:
        with self.database.read() as reading:
            row = reading.row(_BY_ID, record_id=record_id)
        return None if row is None else self._record(row)

    def target_number(self, flow: str, binding: str, key: str) -> str | None:
        """What a record is called in the target, as far as is known."""
        with self.database.read() as reading:
            row = reading.row(_NUMBER, flow=flow, binding=binding, key=key)
        return None if row is None or row.target_number is None else str(row.target_number)

    def newest(self, flow: str, binding: str, limit: int) -> Iterator[StoredRecord]:
        """Up to `limit` records that still have their payload, the last seen for the first time first.

        Each is opened when its turn comes, so whoever has seen enough may stop.
        """
        with self.database.read() as reading:
            rows = reading.rows(_NEWEST, flow=flow, binding=binding, limit=limit)
        return (self._record(row) for row in rows)

    def parked(self, flow: str, binding: str | None = None, limit: int = 1_000_000_000) -> list[StoredRecord]:
        """The parked records of a flow, of one binding or of all, the first seen first; without their payloads."""
        with self.database.read() as reading:
            rows = reading.rows(
                _PARKED, flow=flow, binding=binding or "", any_binding=int(binding is None), limit=limit
            )
        return [self._record(row) for row in rows]

    def finish_record(
        self,
        flow: str,
        binding: str,
        key: str,
        version: str,
        outcome: str,
        reason: str,
        problems: Sequence[Problem],
        target_number: str | None,
        run_id: int | None,
        at: datetime,
        next_attempt_at: datetime | None = None,
    ) -> bool:
        """Write what came of a delivery: a line of history always, the state only if no newer version came.

        outcome: created, updated, unchanged, skipped, waiting, parked. With next_attempt_at the record stays
        due and is tried again by itself from then on. True when the state was set; on disk when this returns,
        together with everything that rode. LedgerError when the record was never pulled.
        """
        if outcome not in OUTCOMES:
            raise ValueError(f"{outcome!r} is no outcome")
        line = {
            "run_id": run_id,
            "version": version,
            "outcome": outcome,
            "reason": reason,
            "problems": self._sealed_problems(flow, binding, key, problems),
            "target_number": target_number,
            "at": time_text(at),
            "next_attempt_at": time_text_or_none(next_attempt_at),
        }
        cause = (
            cause_of_first(problems, self.seal.fingerprint) if outcome == PARKED and next_attempt_at is None else None
        )

        def finish(transaction: Transaction) -> bool:
            head = transaction.row(_HEAD, flow=flow, binding=binding, key=key)
            if head is None:
                raise no_such_record(flow, binding, key)
            count_outcome(transaction, flow, binding, outcome if next_attempt_at is None else DUE, time_text(at))
            return _finish(transaction, head, line, cause)

        return self.database.write(finish)

    def make_due(self, flow: str, binding: str, key: str, at: datetime) -> str:
        """Try a record again from now, as somebody asked; its new state. LedgerError if it was never pulled.

        A record whose payload was purged cannot be due: it becomes waiting, so that the next pull fetches it.
        """

        def again(transaction: Transaction) -> str:
            row = transaction.row(_ONE, flow=flow, binding=binding, key=key)
            if row is None:
                raise no_such_record(flow, binding, key)
            transaction.execute(
                _FINISH,
                record_id=row.id,
                state=DUE,
                reason="asked for again",
                problems=None,
                attempts=0,
                next_attempt_at=None,
                changed_at=time_text(at),
                cause=None,
            )
            if row.payload is not None:
                return DUE
            transaction.execute(_FETCH_ANEW, record_id=row.id)
            return WAITING

        return self.database.write(again)

    def outcomes(self, flow: str, binding: str, key: str) -> list[StoredOutcome]:
        """The whole history of a record over all runs, the oldest first."""
        with self.database.read() as reading:
            rows = reading.rows(_OUTCOMES, flow=flow, binding=binding, key=key)
        return [
            StoredOutcome(
                row.id,
                row.run_id,
                row.version,
                row.outcome,
                row.reason,
                self._problems(flow, binding, key, row.problems),
                row.target_number,
                row.attempt,
                datetime.fromisoformat(row.at),
                moment_or_none(row.next_attempt_at),
            )
            for row in rows
        ]

    def _sealed_problems(self, flow: str, binding: str, key: str, problems: Sequence[Problem]) -> bytes | None:
        """Problems quote source values, so they are sealed like the payload."""
        if not problems:
            return None
        return self.seal.seal_json("flow:" + flow, record_place(flow, binding, key), problems_json(problems))

    def _problems(self, flow: str, binding: str, key: str, sealed: bytes | None) -> tuple[Problem, ...]:
        if sealed is None:
            return ()
        opened: list[dict[str, str]] = self.seal.open_json("flow:" + flow, record_place(flow, binding, key), sealed)
        return tuple(problem_of(parts) for parts in opened)

    def _record(self, row: Row[Any]) -> StoredRecord:
        as_read: Json = None
        sealed = getattr(row, "payload", None)  # not every question asks for it
        if sealed is not None:
            as_read = self.seal.open_json("flow:" + row.flow, record_place(row.flow, row.binding, row.key), sealed)
        payload, mended = as_read, NOT_MENDED
        if as_read is not None and row.mended is not None:
            kept = self.seal.open_json("flow:" + row.flow, record_place(row.flow, row.binding, row.key), row.mended)
            payload, mended = put_over(as_read, *of_kept(kept))
        return StoredRecord(
            row.id,
            row.flow,
            row.binding,
            row.key,
            row.number,
            row.version,
            payload,
            row.state,
            row.reason,
            self._problems(row.flow, row.binding, row.key, row.problems),
            row.attempts,
            moment_or_none(row.next_attempt_at),
            row.target_number,
            moment_or_none(row.source_time),
            datetime.fromisoformat(row.first_seen),
            datetime.fromisoformat(row.last_seen),
            datetime.fromisoformat(row.changed_at),
            amount_or_none(row.amount),
            row.currency,
            row.cause,
            as_read,
            mended,
        )


def _finish(transaction: Transaction, head: Row[Any], line: dict[str, Any], cause: str | None) -> bool:
    """Add a line to the history; True when it also says how the record stands now."""
    delivered = bool(head.version == line["version"])
    attempt = head.attempts + 1 if delivered else 1
    transaction.execute(_SAY, record_id=head.id, attempt=attempt, **line)
    if delivered:
        transaction.execute(
            _FINISH,
            record_id=head.id,
            state=line["outcome"] if line["next_attempt_at"] is None else DUE,
            reason=line["reason"],
            problems=line["problems"],
            attempts=attempt,
            next_attempt_at=line["next_attempt_at"],
            changed_at=line["at"],
            cause=cause,
        )
    if line["target_number"] is not None:
        transaction.execute(_NAME_TARGET, record_id=head.id, target_number=line["target_number"])
    return delivered
