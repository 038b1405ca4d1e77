"""What the last run of a flow met that is the same for all its records: clock, answers, facts, lookups."""

from __future__ import annotations

from collections.abc import Mapping

from engine.errors import Json
from engine.runs.ledger import Ledger
from engine.runs.replay_results import MODE

_MOST_RUNS = 50  # that are looked through for one whose settings are kept


def last_settings(ledger: Ledger, flow: str, binding: str | None = None) -> Mapping[str, Json] | None:
    """Of one binding or of any; None where no run is known to have begun with all it needs.

    Replays are left aside: theirs may be those of long ago.
    """
    for run in ledger.runs(flow, _MOST_RUNS, binding=binding):
        settings = ledger.settings(run.id) if run.mode != MODE else None
        if settings is not None:
            return settings  # type: ignore[no-any-return]
    return None
