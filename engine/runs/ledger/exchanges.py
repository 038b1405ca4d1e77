"""Exchanges as sent and as answered, sealed per flow and forgotten after the retention time."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from engine.runs.ledger import tables
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.pages import record_place
from engine.runs.ledger.rows import (
    CREATED,
    SKIPPED,
    UNCHANGED,
    UPDATED,
    Exchange,
    StoredExchange,
    time_text,
)
from engine.runs.ledger.sql import (
    Prepared,
    Row,
    Transaction,
    bindparam,
    delete,
    insert_into,
    or_,
    select,
    update,
)

_E, _I, _R, _W = tables.exchanges.c, tables.intents.c, tables.records.c, tables.words.c
_BATCH = 500
_PARTS = attrgetter(*(field.name for field in fields(Exchange)))  # new fields come last: they are kept in order
_KEEP = insert_into(tables.exchanges, "flow", "binding", "key", "run_id", "step", "status", "exchange", "at")
_MINE = (_E.flow == bindparam("flow"), _E.binding == bindparam("binding"))
_OF_KEY = Prepared(select(tables.exchanges).where(*_MINE, _E.key == bindparam("key")).order_by(_E.id))
_OF_NO_KEY = Prepared(
    select(tables.exchanges).where(*_MINE, _E.key.is_(None)).order_by(_E.id.desc()).limit(bindparam("limit"))
)
_OLD = select(_E.id).where(_E.at < bindparam("before")).order_by(_E.at).limit(bindparam("most"))
_PURGE = Prepared(delete(tables.exchanges).where(_E.id.in_(_OLD)))
_IS_FINAL = or_(*(_R.state == state for state in (CREATED, UPDATED, UNCHANGED, SKIPPED)))
_OLD_IDS = Prepared(
    select(_R.id)
    .join_from(tables.records, tables.payloads, tables.payloads.c.record_id == _R.id)
    .where(_R.changed_at < bindparam("before"), _IS_FINAL, _R.id > bindparam("after"))
    .order_by(_R.id)
    .limit(bindparam("most"))
)
_UNDER_WAY = (  # what a record's intents say is still needed while the record has not come to an end
    select(_R.id).where(_R.flow == _I.flow, _R.key == _I.key, ~_IS_FINAL).correlate(tables.intents)
)
_OLD_INTENTS = (
    select(_I.id)
    .where(_I.answer.is_not(None), _I.changed_at < bindparam("before"), ~_UNDER_WAY.exists())
    .limit(bindparam("most"))
)
_SIGHT, _SETTING, _RUN = tables.deliveries.c, tables.settings.c, tables.runs.c
_STILL_TOLD = select(_R.id).where(_R.flow == _SIGHT.flow, _R.key == _SIGHT.key, ~_IS_FINAL).correlate(tables.deliveries)
_DROP_SIGHTS = Prepared(delete(tables.deliveries).where(_SIGHT.at < bindparam("before"), ~_STILL_TOLD.exists()))
_REFERRED_TO = select(_SIGHT.run_id).where(_SIGHT.run_id == _SETTING.run_id).correlate(tables.settings)
_ENDED = (
    select(_RUN.id).where(_RUN.id == _SETTING.run_id, _RUN.ended_at < bindparam("before")).correlate(tables.settings)
)
_DROP_SETTINGS = Prepared(delete(tables.settings).where(~_REFERRED_TO.exists(), _ENDED.exists()))
_EMPTY_ANSWERS = Prepared(update(tables.intents).where(_I.id.in_(_OLD_INTENTS)).values(answer=None))
_EMPTY = Prepared(update(tables.records).where(_R.id == bindparam("record_id")).values(problems=None))
_DROP_PAYLOAD = Prepared(delete(tables.payloads).where(tables.payloads.c.record_id == bindparam("record_id")))
_DROP_WORDS = Prepared(delete(tables.words).where(_W.record_id == bindparam("record_id")))
_EMPTY_OUTCOMES = Prepared(
    update(tables.outcomes).where(tables.outcomes.c.record_id == bindparam("record_id")).values(problems=None)
)


def _exchange_place(flow: str, binding: str, key: str | None) -> str:
    return record_place(flow, binding, "" if key is None else "key " + key)


class Exchanges(OpenLedger):
    """What support reads when it is asked what happened."""

    def keep_exchange(
        self,
        run_id: int | None,
        flow: str,
        binding: str,
        key: str | None,
        step: str,
        exchange: Exchange,
        at: datetime,
    ) -> None:
        """Keep an exchange (secrets already redacted); key None: it belongs to no record.

        It is written with one of the next commits that end something (see `Database`).
        """
        row = {
            "flow": flow,
            "binding": binding,
            "key": key,
            "run_id": run_id,
            "step": step,
            "status": exchange.status,
            "exchange": self.seal.seal_json("flow:" + flow, _exchange_place(flow, binding, key), _PARTS(exchange)),
            "at": time_text(at),
        }
        self.database.keep_for_later(_KEEP, row)

    def exchanges(self, flow: str, binding: str, key: str | None, limit: int = 200) -> list[StoredExchange]:
        """The exchanges of a record in order; with key None the latest that belong to no record."""
        self.database.flush()
        with self.database.read() as reading:
            if key is None:
                rows = list(reversed(reading.rows(_OF_NO_KEY, flow=flow, binding=binding, limit=limit)))
            else:
                rows = list(reading.rows(_OF_KEY, flow=flow, binding=binding, key=key))
        return [self._exchange(row) for row in rows]

    def _exchange(self, row: Row[Any]) -> StoredExchange:
        place = _exchange_place(row.flow, row.binding, row.key)
        parts = self.seal.open_json("flow:" + row.flow, place, row.exchange)
        return StoredExchange(row.id, row.run_id, row.key, row.step, datetime.fromisoformat(row.at), Exchange(*parts))

    def purge_before(self, before: datetime) -> int:
        """Forget what is older than the retention time, in small transactions; how many rows lost something.

        Exchanges go; of records that came to an end (not: due, waiting, parked) the payload, the problems and
        the words they are searched by go; of finished intents the answer. Numbers, states and outcomes stay.
        """
        moment = time_text(before)
        gone = self._purge_exchanges(moment) + self._purge_records(moment) + self._purge_answers(moment)
        gone += self._purge_sights(moment)
        if gone:
            self.database.checkpoint()
        return gone

    def _purge_exchanges(self, moment: str) -> int:
        gone, now = 0, -1
        while now:
            now = self.database.write(lambda transaction: transaction.run(_PURGE, before=moment, most=_BATCH).rowcount)
            gone += now
        return gone

    def _purge_sights(self, moment: str) -> int:
        """What deliveries saw beside their records, and the settings of runs that no delivery refers to any more."""

        def purge(transaction: Transaction) -> int:
            gone = transaction.run(_DROP_SIGHTS, before=moment).rowcount
            return int(gone + transaction.run(_DROP_SETTINGS, before=moment).rowcount)

        return self.database.write(purge)

    def _purge_answers(self, moment: str) -> int:
        gone, now = 0, -1
        while now:
            now = self.database.write(
                lambda transaction: transaction.run(_EMPTY_ANSWERS, before=moment, most=_BATCH).rowcount
            )
            gone += now
        return gone

    def _purge_records(self, moment: str) -> int:
        gone, after = 0, 0

        def purge(transaction: Transaction) -> list[int]:
            ids = [row.id for row in transaction.rows(_OLD_IDS, before=moment, after=after, most=_BATCH)]
            for statement in (_DROP_PAYLOAD, _EMPTY, _DROP_WORDS, _EMPTY_OUTCOMES):
                transaction.execute_many(statement, [{"record_id": record_id} for record_id in ids])
            return ids

        while ids := self.database.write(purge):
            gone, after = gone + len(ids), ids[-1]
        return gone
