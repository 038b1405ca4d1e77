"""What is wrong at the moment, one row for each cause of a flow, and whether somebody was told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.errors import Json
from engine.runs.ledger import tables
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import moment_or_none, time_text, time_text_or_none
from engine.runs.ledger.sql import Prepared, Row, Transaction, bindparam, delete, or_, select, upsert

OPEN, OVER = "open", "over"
_C, _M = tables.causes.c, tables.meta.c
_SAVE = upsert(tables.causes, *tables.causes.columns.keys(), keys=["flow", "binding", "fingerprint"])
_LIST = Prepared(
    select(tables.causes)
    .where(or_(_C.flow == bindparam("f"), bindparam("any_flow") == 1))
    .where(or_(_C.binding == bindparam("b"), bindparam("any_flow") == 1))
    .order_by(_C.flow, _C.binding, _C.first_at, _C.fingerprint)
)
_DROP = Prepared(
    delete(tables.causes).where(
        _C.flow == bindparam("f"), _C.binding == bindparam("b"), _C.fingerprint == bindparam("p")
    )
)
_RECIPIENTS = "tell"
_READ_META = Prepared(select(_M.value).where(_M.name == bindparam("name")))
_SAVE_META = upsert(tables.meta, "name", "value", keys=["name"])


@dataclass(frozen=True, slots=True)
class StoredCause:
    """Something that is wrong, or was and is over. fingerprint: its sort and kind, and what else tells it apart, with
    colons between; says: a sentence of ours, without anything of a record; records: how many are parked with it, or how
    many runs in a row it stopped; told_at: None where nobody was told.
    """

    flow: str
    binding: str
    fingerprint: str
    state: str
    says: str
    records: int
    first_at: datetime
    last_at: datetime
    told_at: datetime | None = None

    @property
    def sort(self) -> str:
        """In which way something is wrong: parked, stopped, hinted, missed, long."""
        return self.fingerprint.split(":", 2)[0]

    @property
    def kind(self) -> str:
        """Of what kind the problem or the error is; empty where there is none."""
        return self.fingerprint.split(":", 2)[1]


Causes = Mapping[str, StoredCause]  # of one flow and binding, by fingerprint


class Telling(OpenLedger):
    """Causes, and those who are told of them (sealed: their addresses hold passwords)."""

    def causes(self) -> list[StoredCause]:
        """All of them, flow by flow, the oldest first."""
        with self.database.read() as reading:
            return list(map(_cause, reading.rows(_LIST, f="", b="", any_flow=1)))

    def change_causes(self, flow: str, binding: str, change: Callable[[Causes], Causes]) -> None:
        """Put what `change` makes of a flow's causes in their place; it may be called twice."""

        def of(transaction: Transaction) -> dict[str, StoredCause]:
            return {row.fingerprint: _cause(row) for row in transaction.rows(_LIST, f=flow, b=binding, any_flow=0)}

        with self.database.read() as reading:
            before = of(reading)
        if change(before) != before:  # mostly nothing is wrong and nothing is written
            self.database.write(lambda transaction: _replace(transaction, held := of(transaction), change(held)))

    # --- who is told

    def recipients(self) -> Json:
        """What was kept of them; None where nobody is told."""
        with self.database.read() as reading:
            return self._held_recipients(reading)

    def change_recipients(
        self, change: Callable[[Json], Json], and_then: Callable[[Transaction], None] | None = None
    ) -> None:
        """Put what `change` makes of it in its place; `and_then` works in the same transaction."""

        def work(transaction: Transaction) -> None:
            self._keep_recipients(transaction, change(self._held_recipients(transaction)))
            if and_then is not None:
                and_then(transaction)

        self.database.write(work)

    def hand_over(self, change: Callable[[Json, list[StoredCause]], tuple[Json, list[StoredCause]] | None]) -> bool:
        """Move from the causes to the recipients what is to be told, in one transaction; None changes nothing."""

        def work(transaction: Transaction) -> bool:
            causes = [_cause(row) for row in transaction.rows(_LIST, f="", b="", any_flow=1)]
            changed = change(self._held_recipients(transaction), causes)
            if changed is None:
                return False
            held, after = changed
            self._keep_recipients(transaction, held)
            _replace(transaction, _by_place(causes), _by_place(after))
            return True

        return self.database.write(work)

    def _held_recipients(self, transaction: Transaction) -> Json:
        row = transaction.row(_READ_META, name=_RECIPIENTS)
        return None if row is None else self.seal.open_json("tell", _RECIPIENTS, bytes(row.value))

    def _keep_recipients(self, transaction: Transaction, held: Json) -> None:
        transaction.run(_SAVE_META, name=_RECIPIENTS, value=self.seal.seal_json("tell", _RECIPIENTS, held))


def _by_place(causes: list[StoredCause]) -> dict[tuple[str, str, str], StoredCause]:
    return {(cause.flow, cause.binding, cause.fingerprint): cause for cause in causes}


def _replace(transaction: Transaction, before: Mapping[Any, StoredCause], after: Mapping[Any, StoredCause]) -> None:
    for name in before.keys() - after.keys():
        gone = before[name]
        transaction.run(_DROP, f=gone.flow, b=gone.binding, p=gone.fingerprint)
    for name, cause in after.items():
        if before.get(name) != cause:
            transaction.run(_SAVE, **_row(cause))


def _row(cause: StoredCause) -> dict[str, Json]:
    return {
        "flow": cause.flow,
        "binding": cause.binding,
        "fingerprint": cause.fingerprint,
        "state": cause.state,
        "says": cause.says,
        "records": cause.records,
        "first_at": time_text(cause.first_at),
        "last_at": time_text(cause.last_at),
        "told_at": time_text_or_none(cause.told_at),
    }


def _cause(row: Row[Json]) -> StoredCause:
    return StoredCause(
        row.flow,
        row.binding,
        row.fingerprint,
        row.state,
        row.says,
        row.records,
        datetime.fromisoformat(row.first_at),
        datetime.fromisoformat(row.last_at),
        moment_or_none(row.told_at),
    )
