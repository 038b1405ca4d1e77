"""Replays: records that are sent again on purpose, once for each way of mapping them.

The row is on disk before anything is sent, as an intent is, so that whoever comes later knows that it was begun, and
by whom. It names the version of the flow and the version of the record: another mapping, or a record that changed
since, is another replay.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.runs.ledger import tables
from engine.runs.ledger.audit import note
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import OPEN, PARKED, time_text
from engine.runs.ledger.sql import Prepared, Row, Transaction, bindparam, insert_if_absent, select, update

A_NUMBER = re.compile(r"(?=.*\d)[\w./-]{1,40}", re.ASCII)  # what is none may be a name, or an address
_P = tables.replays.c
_PLACE = ("flow", "binding", "key", "version", "record_version")
_BEGIN = insert_if_absent(tables.replays, *_PLACE, "who", "state", "run_id", "at", keys=list(_PLACE), returning="id")
_STORED = Prepared(select(tables.replays).where(*(_P[name] == bindparam(name) for name in _PLACE)))
_OF_KEY = Prepared(
    select(tables.replays)
    .where(_P.flow == bindparam("flow"), _P.binding == bindparam("binding"), _P.key == bindparam("key"))
    .order_by(_P.id)
)
_ONE = _P.id == bindparam("replay_id")
_ANEW = Prepared(
    update(tables.replays).where(_ONE).values({name: bindparam(name) for name in ("who", "state", "run_id", "at")})
)
_END = Prepared(update(tables.replays).where(_ONE).values(state=bindparam("state")))


@dataclass(frozen=True, slots=True)
class ReplayPlace:
    """What is sent again, and how it is mapped. version: the flow's, and what else tells one way from another."""

    flow: str
    binding: str
    key: str
    version: str
    record_version: str


@dataclass(frozen=True, slots=True)
class StoredReplay:
    """A replay as it stands. state: open, or the outcome; run_id: the run that sent it, for its outcome's line."""

    id: int
    place: ReplayPlace
    who: str
    state: str
    run_id: int | None
    at: datetime

    @property
    def is_open(self) -> bool:
        """Was it begun without coming to an end?"""
        return self.state == OPEN

    def has_settled(self, state: str) -> bool:
        """Is nothing left to be sent in this way? state: of the record; one that this replay left parked, and that is
        so still, may be tried again once what was wrong is mended, which may be in the target alone.
        """
        return not self.is_open and not self.state == state == PARKED


class Replays(OpenLedger):
    """What was sent again, so that it is sent once."""

    def replay_of(self, place: ReplayPlace) -> StoredReplay | None:
        """The replay of this record in this way, if there was one."""
        with self.database.read() as reading:
            row = reading.row(_STORED, **_values(place))
        return None if row is None else _replay(row)

    def replays(self, flow: str, binding: str, key: str) -> list[StoredReplay]:
        """Every replay of a record, the oldest first."""
        self.database.flush()
        with self.database.read() as reading:
            return [_replay(row) for row in reading.rows(_OF_KEY, flow=flow, binding=binding, key=key)]

    def begin_replay(
        self, place: ReplayPlace, who: str, run_id: int, at: datetime, *, again: bool
    ) -> StoredReplay | None:
        """Write down that it is sent now; it is on disk when this returns.

        None where it was sent before and nobody asks for it again. One that did not come to its end goes on.
        """
        begun = {"who": who, "state": OPEN, "run_id": run_id, "at": time_text(at)}

        def write(transaction: Transaction) -> StoredReplay | None:
            made = transaction.execute(_BEGIN, **_values(place), **begun).fetchone()
            row = transaction.run(_STORED, **_values(place)).one()
            if made is None:
                if row.state != OPEN and not again:
                    return None
                transaction.execute(_ANEW, replay_id=row.id, **begun)
            return StoredReplay(row.id, place, who, OPEN, run_id, at)

        return self.database.write(write)

    def end_replay(
        self, replay: StoredReplay, outcome: str, number: str, target_number: str | None, at: datetime, how: str = ""
    ) -> None:
        """Its outcome, and the line of the audit log; written with the record's outcome, which comes next.

        how: it was mapped, in words.
        """
        place = replay.place
        details = {
            "mapped": how,
            "version": place.version,
            "outcome": outcome,
            "made": target_number,
            "run": replay.run_id,
        }
        details = {name: value for name, value in details.items() if value}

        def write(transaction: Transaction) -> None:
            transaction.execute(_END, replay_id=replay.id, state=outcome)
            subject = number if A_NUMBER.fullmatch(number) else place.key  # a name has no place in the audit log
            about = {"flow": place.flow, "binding": place.binding, "subject": subject}
            note(transaction, "replayed", replay.who, at, details=details, **about)

        self.database.ride(write)


def _values(place: ReplayPlace) -> dict[str, Any]:
    return {name: getattr(place, name) for name in _PLACE}


def _replay(row: Row[Any]) -> StoredReplay:
    place = ReplayPlace(row.flow, row.binding, row.key, row.version, row.record_version)
    return StoredReplay(row.id, place, row.who, row.state, row.run_id, datetime.fromisoformat(row.at))
