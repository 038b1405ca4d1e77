"""Intents: the will to make one thing, on disk before the first request that could make it.

Which commits are needed so that a kill at any point makes no duplicate and loses nothing:

- `open_intent` is on disk before it returns, and only then may the caller send. A stored intent that is not
  "done" therefore means "may have been sent": whoever meets it looks the thing up in the target (or parks the
  record as "outcome unknown" where there is no look-up) before sending, with the same idempotency key. So
  nothing is sent that has no row (no duplicate), and no row is believed done that was not (no loss).
- There is no state "sent": lost with the process it would leave "open", which must be read that way anyhow.
- `intent_done` rides: lost with the process, the intent is still "open" and the look-up finds what is there.
  The queue keeps its order, so it is on disk no later than the next step's `open_intent` or the record's
  `finish_record`. Where the target has no look-up, pass ride=False: a kill would otherwise park the record.
- `intent_refused` rides for the same reason: without it the intent is "open", and a look-up (or
  parking) follows. No later `open_intent` can overtake it. `intent_unknown` is rare and commits.
- `finish_record` is on disk before it returns; lost, the record is still due and finds its intents.

So a record costs one commit per thing it may create, plus one; threads that wait together share them.
"""

from __future__ import annotations

import json
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

from engine.errors import Json
from engine.runs.ledger import tables
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import DONE, NEW, OPEN, UNKNOWN, Intent, time_text
from engine.runs.ledger.sql import (
    Prepared,
    Row,
    Transaction,
    bindparam,
    delete,
    insert_if_absent,
    select,
    update,
)

_I = tables.intents.c
_PLACE = ["connection", "resource", "match"]
_OPEN = insert_if_absent(
    tables.intents,
    *_PLACE,
    *("flow", "binding", "key", "step", "idempotency_key", "state", "opened_at", "changed_at"),
    keys=_PLACE,
    returning="id",
)
_STORED = Prepared(select(tables.intents).where(*(_I[name] == bindparam(name) for name in _PLACE)))
_OF_KEY = Prepared(
    select(tables.intents)
    .where(_I.flow == bindparam("flow"), _I.binding == bindparam("binding"), _I.key == bindparam("key"))
    .order_by(_I.id)
)
_ONE = _I.id == bindparam("intent_id")
_DONE_COLUMNS = ("target_id", "target_number", "answer", "changed_at")
_DONE = Prepared(
    update(tables.intents).where(_ONE).values({name: bindparam(name) for name in _DONE_COLUMNS} | {"state": DONE})
)
_UNKNOWN = Prepared(update(tables.intents).where(_ONE, _I.state != DONE).values(state=UNKNOWN))
_FORGET = Prepared(delete(tables.intents).where(_ONE))
_REFUSED = Prepared(delete(tables.intents).where(_ONE, _I.state != DONE))


def answer_place(intent_id: int) -> str:
    return f"intent {intent_id}"


class Intents(OpenLedger):
    """What `deliver` writes around each request that makes something."""

    def open_intent(
        self,
        connection: str,
        resource: str,
        match_value: str,
        flow: str,
        binding: str,
        key: str,
        step: str,
        idempotency_key: str,
        at: datetime,
    ) -> Intent:
        """The intent for this match value, made now (state "new", on disk) or as it was stored.

        match_value is compared as given: normalise it first; only a keyed hash of it is stored.
        """
        match = self.seal.fingerprint(json.dumps([connection, resource, match_value]))
        place = {"connection": connection, "resource": resource, "match": match}
        owner = {"flow": flow, "binding": binding, "key": key, "step": step, "idempotency_key": idempotency_key}
        moment = time_text(at)

        def write(transaction: Transaction) -> Intent | Row[Any]:
            made = transaction.execute(_OPEN, **place, **owner, state=OPEN, opened_at=moment, changed_at=moment)
            row = made.fetchone()
            if row is None:
                return transaction.run(_STORED, **place).one()
            return Intent(
                row[0],
                connection,
                resource,
                match_value,
                NEW,
                flow,
                binding,
                key,
                step,
                idempotency_key,
                None,
                None,
                None,
                at,
            )

        found = self.database.write(write, with_later=False)
        return found if isinstance(found, Intent) else self._intent(found, match_value)

    def intent_done(
        self,
        intent_id: int,
        target_id: str | None,
        target_number: str | None,
        answer: Json,
        at: datetime,
        *,
        ride: bool = True,
    ) -> None:
        """The thing is there, under this id; ride=False where the target has no look-up (see the module)."""
        sealed = None if answer is None else self.seal.seal_json("intents", answer_place(intent_id), answer)
        values = {"target_id": target_id, "target_number": target_number, "answer": sealed}

        def write(transaction: Transaction) -> None:
            transaction.execute(_DONE, intent_id=intent_id, changed_at=time_text(at), **values)

        self.database.ride(write) if ride else self.database.write(write)

    def intent_refused(self, intent_id: int) -> None:
        """Surely nothing was made: the row goes, and it may be tried again as new; rides."""
        self.database.ride(lambda transaction: transaction.execute(_REFUSED, intent_id=intent_id))

    def forget_intent(self, intent_id: int) -> None:
        """Somebody says that what was made is to be made anew, and it was looked for in vain: on disk at once."""
        self.database.write(lambda transaction: transaction.execute(_FORGET, intent_id=intent_id))

    def intent_unknown(self, intent_id: int) -> None:
        """Nobody knows whether it was made: on disk when this returns; a person decides."""
        self.database.write(lambda transaction: transaction.execute(_UNKNOWN, intent_id=intent_id))

    def intents(self, flow: str, binding: str, key: str) -> list[Intent]:
        """The intents a record was the first to open, the oldest first; their match values are not kept."""
        self.database.flush()
        with self.database.read() as reading:
            return [self._intent(row, "") for row in reading.rows(_OF_KEY, flow=flow, binding=binding, key=key)]

    def begun(self, flow: str, binding: str, key: str) -> list[Intent]:
        """The same without writing first what rides: for a record whose last delivery has ended."""
        with self.database.read() as reading:
            return [self._intent(row, "") for row in reading.rows(_OF_KEY, flow=flow, binding=binding, key=key)]

    def intent_lock(
        self, connection: str, resource: str, match_value: str, *, wait: bool = True
    ) -> AbstractContextManager[bool]:
        """Hold this while working on an intent: one worker at a time, across threads and processes. wait=False gives
        False at once where somebody else holds it.
        """
        return self.locks.hold("intent:" + json.dumps([connection, resource, match_value]), wait=wait)

    def _intent(self, row: Row[Any], match_value: str) -> Intent:
        answer: Json = None
        if row.answer is not None:
            answer = self.seal.open_json("intents", answer_place(row.id), row.answer)
        return Intent(
            row.id,
            row.connection,
            row.resource,
            match_value,
            row.state,
            row.flow,
            row.binding,
            row.key,
            row.step,
            row.idempotency_key,
            row.target_id,
            row.target_number,
            answer,
            datetime.fromisoformat(row.opened_at),
        )
