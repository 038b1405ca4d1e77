"""How much came of records in each hour: counted where a line of history is written, in the same transaction.

So a chart of days reads a few hundred rows, whatever the history holds; and what is counted says nothing of a record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from engine.runs.ledger import tables
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.sql import Prepared, Transaction, bindparam, count_up, func, select

_H = tables.hours.c
_HOUR = len("2026-11-27T17")
_COUNT = count_up(tables.hours, counted="times", keys=["hour", "flow", "binding", "outcome"])
_BETWEEN = Prepared(
    select(_H.hour, _H.outcome, func.sum(_H.times).label("times"))
    .where(_H.hour >= bindparam("since"), _H.hour < bindparam("until"))
    .group_by(_H.hour, _H.outcome)
    .order_by(_H.hour, _H.outcome)
)


@dataclass(frozen=True, slots=True)
class HourCount:
    """How often this came of a record in the hour that begins then. outcome: due for an attempt that is made again."""

    hour: datetime
    outcome: str
    times: int


class Hours(OpenLedger):
    """For whoever wants to see how much arrives, day by day."""

    def throughput(self, since: datetime, until: datetime) -> list[HourCount]:
        """Every hour that began between these moments, of all flows, the oldest first."""
        with self.database.read() as reading:
            rows = reading.rows(_BETWEEN, since=_hour(since), until=_hour(until))
        return [HourCount(_moment(row.hour), row.outcome, int(row.times)) for row in rows]


def count_outcome(transaction: Transaction, flow: str, binding: str, outcome: str, at: str, times: int = 1) -> None:
    """Lines of history are written with this outcome. at: when, as the ledger writes it."""
    transaction.execute(_COUNT, hour=at[:_HOUR], flow=flow, binding=binding, outcome=outcome, times=times)


def _hour(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()[:_HOUR]


def _moment(hour: str) -> datetime:
    return datetime.fromisoformat(f"{hour}:00:00+00:00")
