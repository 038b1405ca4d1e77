"""One run of the shipped flow by the engine, in this process; prints what it did and cost as one JSON line."""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.stage import FLOW
from engine.connectors.clock import SystemClock
from engine.documents.workspace import Workspace
from engine.flows.library import LoadedFlow, load_flow
from engine.formulas import Formulas
from engine.runs.ledger import Ledger
from engine.runs.opening import OpenFlow, open_flow
from engine.runs.run import Run, RunOptions


@contextmanager
def opened_flow(
    folder: Path, credentials: Mapping[str, dict[str, Any]], workers: int
) -> Iterator[tuple[OpenFlow, Ledger, SystemClock]]:
    """The flow of a workspace, connected to the sandboxes and opened."""
    clock = SystemClock()
    workspace = Workspace(folder)
    loaded = load_flow(workspace, FLOW)
    with Ledger.open(workspace.ledger_path) as ledger, Formulas(workers=workers) as formulas:
        connect(ledger, loaded, credentials, clock)
        opened = open_flow(loaded, ledger=ledger, formulas=formulas, clock=clock, now=clock.now())
        try:
            yield opened, ledger, clock
        finally:
            opened.close()


def connect(ledger: Ledger, loaded: LoadedFlow, credentials: Mapping[str, dict[str, Any]], clock: SystemClock) -> None:
    """Keep the connections and the sign-in tokens, as `engine connect` does."""
    for name, answers in credentials.items():
        held = dict(answers)
        refresh = held.pop("refresh_token", None)
        secrets = loaded.connectors[name].secret_questions()
        ledger.save_connection(name, name, held, secrets, "127.0.0.1", True, clock.now())
        if refresh:
            ledger.write_tokens(name, {"refresh_token": refresh}, clock.now())


def main() -> None:
    """Arguments: the stage as JSON, threads, formula workers."""
    given, threads, workers = json.loads(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    began = time.perf_counter()
    cpu_before = time.process_time()
    with opened_flow(Path(given["folder"]), given["credentials"], workers) as (opened, ledger, clock):
        started = time.perf_counter()
        report = Run(opened, ledger, clock, RunOptions(threads=threads)).go()
        ended = time.perf_counter()
    cpu = time.process_time() - cpu_before
    of_workers = resource.getrusage(resource.RUSAGE_CHILDREN)
    said = {
        "seconds": ended - started,
        "opening_seconds": started - began,
        "counts": report.counts,
        "later": len(report.later),
        "stopped": str(report.stopped) if report.stopped else None,
        "cpu_seconds": cpu,
        "worker_cpu_seconds": of_workers.ru_utime + of_workers.ru_stime,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(said))


if __name__ == "__main__":
    main()
