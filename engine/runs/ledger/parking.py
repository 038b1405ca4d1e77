"""What was parked, and under which version of the flow: records are tried again once the flow is another."""

from __future__ import annotations

from datetime import datetime

from engine.runs.ledger import tables
from engine.runs.ledger.opened import OpenLedger
from engine.runs.ledger.rows import PARKED, time_text
from engine.runs.ledger.sql import Prepared, bindparam, func, select

_R, _O, _N = tables.records.c, tables.outcomes.c, tables.runs.c
_LAST_OUTCOME = select(func.max(_O.id)).where(_O.record_id == _R.id).correlate(tables.records).scalar_subquery()
_PARKED = Prepared(
    select(_R.key, _R.reason, _N.version, _O.at)
    .join_from(tables.records, tables.outcomes, _O.id == _LAST_OUTCOME)
    .join(tables.runs, _O.run_id == _N.id, isouter=True)
    .where(_R.flow == bindparam("flow"), _R.binding == bindparam("binding"), _R.state == PARKED)
    .order_by(_R.id)
)


class Parking(OpenLedger):
    """The parked records without their payloads."""

    def parked_before(self, flow: str, binding: str, at: datetime) -> set[str]:
        """The keys of the records that were parked before then."""
        self.database.flush()
        with self.database.read() as reading:
            rows = reading.rows(_PARKED, flow=flow, binding=binding)
        return {row.key for row in rows if row.at < time_text(at)}

    def parked_versions(self, flow: str, binding: str) -> list[tuple[str, str, str]]:
        """(key, version of the flow that parked it, reason) of each parked record, the first seen first."""
        self.database.flush()
        with self.database.read() as reading:
            rows = reading.rows(_PARKED, flow=flow, binding=binding)
        return [(row.key, row.version or "", row.reason) for row in rows]
