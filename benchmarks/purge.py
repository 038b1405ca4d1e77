"""How long a writer waits while 100,000 records are purged: `python -m benchmarks.purge [--records N]`.

One thread commits a row every 5 ms, as a run does; another purges. The figure is the writer's longest wait for its
commit, beside the longest while nothing is purged: the disk's own syncs are in both.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import threading
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from engine.runs.ledger import Exchange, Ledger, PulledRecord
from engine.runs.ledger.purging import Pace

FLOW = "orders"
AT = datetime(2026, 1, 2, 12, 0, tzinfo=UTC)
MOST_MS = 100
EVERY_SECONDS = 0.005
PAGE = 500
BODY = '{"name": "Anna Berg", "lines": [' + ", ".join(f'{{"sku": "A-{n}", "price": {n}.5}}' for n in range(40)) + "]}"


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.purge", description=__doc__)
    parser.add_argument("--records", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="where the ledger is made; without it a temporary one")
    return parser.parse_args()


def fill(ledger: Ledger, records: int) -> None:
    """Records that came to an end, with payload, search words, exchange, intent and delivery."""
    for start in range(0, records, PAGE):
        keys = [str(number) for number in range(start, min(start + PAGE, records))]
        pulled = [
            PulledRecord(
                key, key, "v", {"id": key, "body": BODY}, search_words=(f"Anna Berg{key}", f"a{key}@x.example")
            )
            for key in keys
        ]
        ledger.store_page(FLOW, "default", None, pulled, {}, AT)
        opened = _together(ledger, keys)
        for key, intent in zip(keys, opened, strict=True):
            ledger.intent_done(intent, key, key, {"id": key}, AT)
            ledger.keep_exchange(1, FLOW, "default", key, "order", Exchange("create", "POST", "u", {}, BODY), AT)
            ledger.keep_delivery(FLOW, "default", key, 1, {"steps": {"order": {"id": key}}}, AT)
        ledger.flush()
    ledger.database.write(
        lambda transaction: transaction.connection.exec_driver_sql(
            "UPDATE records SET state = 'created', filter_state = 'due'"
        )
    )
    ledger.database.checkpoint()


def _together(ledger: Ledger, keys: list[str]) -> list[int]:
    """Intents without a commit for each: filling is not what is measured."""

    def work(transaction: object) -> list[int]:
        run = transaction.connection.exec_driver_sql  # type: ignore[attr-defined]
        columns = "connection, resource, match, flow, binding, key, step, idempotency_key, state, opened_at, changed_at"
        moment = AT.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00")
        found = []
        for key in keys:
            values = ("books", "orders", key.encode(), FLOW, "default", key, "order", key, "open", moment, moment)
            sql = f"INSERT INTO intents ({columns}) VALUES ({', '.join('?' * len(values))}) RETURNING id"
            found.append(run(sql, values).scalar())
        return found

    return ledger.database.write(work)


def waits(ledger: Ledger, over: threading.Event, found: list[float]) -> None:
    """Commit a row every 5 ms until it is over; how long each commit took."""
    number = 0
    while not over.is_set():
        began = time.perf_counter()
        number += 1
        intent = ledger.open_intent(
            "books", "waits", str(number), FLOW, "default", f"w{number}", "order", str(number), AT
        )
        found.append(time.perf_counter() - began)
        ledger.intent_refused(intent.id)
        time.sleep(EVERY_SECONDS)


def measured(ledger: Ledger, work: object) -> tuple[list[float], float]:
    """The waits while this is done, and how long it took."""
    over, found = threading.Event(), list[float]()
    writer = threading.Thread(target=waits, args=(ledger, over, found))
    writer.start()
    began = time.perf_counter()
    work()  # type: ignore[operator]
    took = time.perf_counter() - began
    over.set()
    writer.join()
    return found, took


def main() -> None:
    """Fill, wait without a purge, then with one."""
    asked = _arguments()
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder, Ledger.open(Path(folder) / "l.sqlite") as ledger:
        began = time.perf_counter()
        fill(ledger, asked.records)
        size = (Path(folder) / "l.sqlite").stat().st_size / 1e6
        print(f"{asked.records} records, {size:.0f} MB, filled in {time.perf_counter() - began:.0f} s", flush=True)
        quiet, _ = measured(ledger, lambda: time.sleep(10))
        _tell("without a purge", quiet, 10)
        gone, pace = [], Pace()
        busy, took = measured(ledger, lambda: gone.append(ledger.purge_before(AT + timedelta(days=1), pace)))
        _tell("while purging", busy, took)
        print(f"{gone[0]}; longest transaction {1000 * pace.longest:.1f} ms; the longest wait may be {MOST_MS} ms")


def _tell(what: str, found: list[float], took: float) -> None:
    ms = sorted(1000 * seconds for seconds in found)
    late = ms[int(len(ms) * 0.99)]
    print(
        f"{what} ({took:.0f} s, {len(ms)} commits): median {statistics.median(ms):.1f} ms, 99 % {late:.1f} ms, "
        f"longest {ms[-1]:.1f} ms",
        flush=True,
    )


if __name__ == "__main__":
    main()
