"""How long support waits in a ledger of a million records: `python -m benchmarks.support [--records N]`.

Each search is made several times; the figure is the median, the slowest stands beside it. The first search after the
ledger was opened reads from disk what the others find in memory; it is in the slowest.
"""

from __future__ import annotations

import argparse
import copy
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from engine.design.desk import Desk, desk
from engine.design.impact import impact
from engine.design.support.asking import find
from engine.errors import Problem
from engine.runs.examples import example_environment
from engine.runs.ledger import Ledger, PulledRecord
from engine.runs.ledger.searches import Wanted

FLOW = "ccv-orders-to-eaccounting"
AT = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
ZONE = ZoneInfo("Europe/Stockholm")
PAGE, ROUNDS = 2_000, 7
MOST_SEARCH_MS, MOST_IMPACT_MS = 300, 1_000
FIRST = "Anna Erik Maria Karl Eva Lars Karin Nils Sara Olof".split()
LAST = "Berg Lund Holm Dahl Strand Ek Lind Ask Björk Nyman".split()
PARKED_EVERY = 5_000
NO_ROW = Problem("step order (Books), field Terms", "the lookup «Terms» has no row for ‹later›", "Add it.", "M2001")


def main() -> None:
    """Fill, search, compare."""
    asked = _arguments()
    root = Path(__file__).parents[1]
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        for name in ("connector_specs", "saved_mappings"):
            shutil.copytree(root / name, Path(folder) / name)
        with desk(folder) as things:
            _fill(things, asked.records)
            slowest = max(_searched(things.ledger))
            compared = _impact(things)
    print(f"slowest search {slowest:.0f} ms (at most {MOST_SEARCH_MS}); impact {compared:.0f} ms ({MOST_IMPACT_MS})")
    if slowest > MOST_SEARCH_MS or compared > MOST_IMPACT_MS:
        raise SystemExit(1)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.support", description=__doc__)
    parser.add_argument("--records", type=int, default=1_000_000)
    parser.add_argument("--folder", type=Path, help="where the ledger is made; without it a temporary one")
    return parser.parse_args()


def _fill(things: Desk, records: int) -> None:
    """Orders of half a year; the last 200 are whole ones, one in 5,000 is parked."""
    began = time.perf_counter()
    example = things.load(FLOW).flow.examples[0]
    for start in range(0, records, PAGE):
        numbers = range(start, min(start + PAGE, records))
        pulled = [_record(n, example.given if n >= records - 200 else None) for n in numbers]
        things.ledger.store_page(FLOW, "default", None, pulled, {}, AT)
        for n in numbers:
            if n % PARKED_EVERY == 0:
                finished = ("parked", "no row", [NO_ROW], None, None, AT)
                things.ledger.finish_record(FLOW, "default", str(n), "v", *finished)
    loaded = things.load(FLOW)
    known = example_environment(loaded, example)
    run = things.ledger.start_run(FLOW, "default", loaded.version, "all", AT)
    lookups = {name: asdict(table) for name, table in known.lookups.items()}
    settings = {"now": known.now.isoformat(), "zone": known.zone, "variables": dict(known.variables)}
    things.ledger.keep_settings(run, {**settings, "lookups": lookups})
    things.ledger.end_run(run, AT, {}, "ended")
    size = things.workspace.ledger_path.stat().st_size / 1e6
    print(f"{records} records, {size:.0f} MB, filled in {time.perf_counter() - began:.0f} s", flush=True)


def _record(n: int, whole: object) -> PulledRecord:
    first, last = FIRST[n % 10], LAST[n // 10 % 10]
    payload = copy.deepcopy(whole) | {"id": n} if isinstance(whole, dict) else {"id": n, "name": f"{first} {last}"}
    return PulledRecord(
        str(n),
        f"W-{100_000 + n}",
        "v",
        payload,
        source_time=AT + timedelta(seconds=15 * n),
        search_words=[f"{first} {last}", f"{first}.{last}{n}@post.example".lower()],
        amount=Decimal(n * 7919 % 997_300) / 100,
        currency="SEK",
    )


def _searched(ledger: Ledger) -> Iterator[float]:
    """The median of each search, in ms."""
    parked = ledger.record(FLOW, "default", "0")
    assert parked is not None
    day = {"since": AT + timedelta(days=30), "until": AT + timedelta(days=60)}
    wanted = {
        "number": Wanted("W-123456"),
        "beginning of a number": Wanted("W-1234"),
        "e-mail": Wanted("anna.berg100@post.example"),
        "frequent name": Wanted("Anna Berg"),
        "nobody": Wanted("Nemo Berg"),
        "amount": Wanted("4 120,50"),
        "name and amount": Wanted("Anna", amounts=(Decimal(4120), Decimal("4120.99"))),
        "day": Wanted("2026-02-03"),
        "name and month": Wanted("Anna", **day),
        "parked": Wanted(states=("parked",)),
        "name and parked": Wanted("Anna Berg", states=("parked",)),
        "cause": Wanted(cause=parked.cause),
        "the latest": Wanted(),
    }
    for name, one in wanted.items():
        yield _told(name, lambda one=one: len(find(ledger, one, ZONE).records))


def _impact(things: Desk) -> float:
    path = things.workspace.flow_path(FLOW)
    text = path.read_text(encoding="utf-8").replace('"customer.reference"', '"customer.email"')
    return _told("impact on 200 records", lambda: impact(things, FLOW, text).looked)


def _told(name: str, work: Callable[[], int]) -> float:
    ms = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        count = work()
        ms.append(1000 * (time.perf_counter() - began))
    print(f"{name}: median {statistics.median(ms):.1f} ms, slowest {max(ms):.1f} ms ({count})", flush=True)
    return statistics.median(ms)


if __name__ == "__main__":
    main()
