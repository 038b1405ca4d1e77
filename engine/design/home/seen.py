"""All that Home is told from, read once: the flows as they stand in their files, and what the ledger says of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from engine.connectors.connector import Connector
from engine.design.desk import Desk
from engine.design.home.known import Known, known_flows
from engine.design.support.causes import Cause, causes
from engine.errors import LedgerError
from engine.flows.library import LoadedFlow
from engine.formulas.words import Speech, Translations
from engine.runs.bindings import Bound, all_bound
from engine.runs.ledger import StoredConnection, StoredRun
from engine.runs.ledger.causes import OPEN, StoredCause
from engine.runs.ledger.pauses import Pause
from engine.runs.ledger.standing import Standing
from engine.runs.ledger.timetable import Planned
from engine.runs.serving.due import overdue
from engine.runs.telling.texts import PARKED

SERVE_SILENT = timedelta(minutes=2)  # `serve` says that it lives every twenty seconds
Place = tuple[str, str]  # flow, binding


@dataclass(frozen=True, slots=True)
class Seen:
    """One look at everything. zone: the reader's; causes: in words, those that stop flows first; stopped: what keeps
    flows from running, as it is kept; late: should have run; served_at: when `serve` last said that it lives.
    """

    desk: Desk
    now: datetime
    zone: ZoneInfo
    say: Speech
    translations: Translations | None
    flows: tuple[Known, ...]
    connections: Mapping[str, StoredConnection]
    standing: Mapping[Place, Standing]
    last_runs: Mapping[Place, StoredRun]
    timetable: Mapping[Place, Planned]
    late: frozenset[Place]
    pauses: Mapping[str, Pause]
    stopped: tuple[StoredCause, ...]
    causes: tuple[Cause, ...]
    served_at: datetime | None

    def pause_of(self, flow: str) -> Pause | None:
        """What holds this flow back: a pause of everything, or its own."""
        return self.pauses.get("") or self.pauses.get(flow)

    def bound(self, loaded: LoadedFlow) -> list[Bound]:
        return all_bound(self.desk.ledger, loaded)

    @property
    def is_served(self) -> bool:
        """Does a `serve` process live?"""
        return self.served_at is not None and abs(self.now - self.served_at) <= SERVE_SILENT

    def lacks_sign_in(self, connector: Connector, stored: StoredConnection) -> bool:
        """Has nobody agreed in the browser yet, or was the sign-in let go?"""
        if "authorize_url" not in connector.http["sign_in"]:
            return False
        try:
            return not self.desk.ledger.read_tokens(stored.name)
        except LedgerError:  # sealed with a key that is gone
            return True


def look(desk: Desk, zone: ZoneInfo, translations: Translations | None = None) -> Seen:
    """Look now; zone: of whoever reads it."""
    ledger, now = desk.ledger, desk.clock.now()
    planned = ledger.timetable()
    return Seen(
        desk,
        now,
        zone,
        Speech(translations),
        translations,
        tuple(known_flows(desk)),
        {each.name: each for each in ledger.connections()},
        ledger.standing(),
        {place: run for place, number in ledger.last_run_ids().items() if (run := ledger.run(number)) is not None},
        {(each.flow, each.binding): each for each in planned},
        frozenset((each.flow, each.binding) for each in overdue(ledger, now)) if planned else frozenset(),
        {each.flow: each for each in ledger.pauses()},
        tuple(each for each in ledger.causes() if each.state == OPEN and each.sort != PARKED),
        tuple(causes(desk, translations)),
        ledger.served_at(),
    )
