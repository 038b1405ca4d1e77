"""Records that get another chance when a run begins: fetched anew, for an order may have been cancelled since."""

from __future__ import annotations

from datetime import timedelta

from engine.runs.ledger import Ledger
from engine.runs.opening import OpenFlow
from engine.runs.pull import DUE, Pull
from engine.runs.results import UNKNOWN

STALE_SECONDS = 300  # a record that waited this long for its next attempt is fetched anew
MOST_STALE = 1_000
PORTION = 50


def ask_again(opened: OpenFlow, ledger: Ledger, pull: Pull, run_id: int) -> None:
    """Fetch and judge anew what was parked under another version of the flow, or before its binding was changed, and
    what has waited for its next attempt.

    What the conditions let pass becomes due. An unknown outcome gets no other chance by itself.
    Raises ExchangeError where the source does not answer.
    """
    now, flow = opened.environment.now, (opened.name, opened.binding)
    bound_at = opened.bound_at
    before = ledger.parked_before(*flow, bound_at) if bound_at is not None else set()
    mended = [
        key
        for key, version, reason in ledger.parked_versions(*flow)
        if (version != opened.loaded.version or key in before) and not reason.startswith(UNKNOWN)
    ]
    for start in range(0, len(mended), PORTION):
        for one in pull.fetch(run_id, mended[start : start + PORTION]):
            if one.state == DUE and one.problem is None:
                ledger.make_due(*flow, one.key, now)
    old = now - timedelta(seconds=STALE_SECONDS)
    due = ledger.due(*flow, now, MOST_STALE)
    stale = [record.key for record in due if record.attempts and record.changed_at < old]
    for start in range(0, len(stale), PORTION):
        pull.fetch(run_id, stale[start : start + PORTION])
