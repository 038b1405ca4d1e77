"""Records in a ledger as if a run had read them, with what its systems had said: from an example of a flow."""

from __future__ import annotations

import copy
from dataclasses import asdict
from datetime import UTC, datetime

from engine.design.desk import Desk
from engine.runs.examples import example_environment
from engine.runs.ledger import PulledRecord

AT = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def remember_records(things: Desk, flow: str, example_of: str, count: int) -> None:
    """Records 1 to `count` (numbers N-1 …) of a flow, each the first example of `example_of` with another id."""
    loaded = things.load(example_of)
    example = loaded.flow.examples[0]
    records = []
    for number in range(1, count + 1):
        record = copy.deepcopy(example.given) | {"id": number}
        records.append(PulledRecord(str(number), f"N-{number}", "v", record))
    things.ledger.store_page(flow, "default", None, records, {}, AT)
    known = example_environment(loaded, example)
    run = things.ledger.start_run(flow, "default", loaded.version, "all", AT)
    settings = {
        "now": known.now.isoformat(),
        "zone": known.zone,
        "variables": dict(known.variables),
        "lookups": {name: asdict(table) for name, table in known.lookups.items()},
    }
    things.ledger.keep_settings(run, settings)
    things.ledger.end_run(run, AT, {}, "ended")
